"""The board: the live queue of calls."""

from console.views.board.board_view import BOARD_KEYS, BoardView

__all__ = ["BOARD_KEYS", "BoardView"]
