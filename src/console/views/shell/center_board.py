"""The board of a center: its view, and what is on it now."""

from PySide6.QtWidgets import QWidget

from console.bridge.seat import Seat
from console.bridge.ticker import Ticker
from console.models.center import Center
from console.queries.board import Board, View, board
from console.views.board import BoardView


def board_view(ticker: Ticker, center: Center, parent: QWidget | None = None) -> BoardView:
    """The board of a center, without any rows yet; whose it is makes no difference."""
    reasons = [(choice.code, choice.label) for choice in center.flag_reasons]
    return BoardView(ticker, center.limits, reasons, parent)


def board_now(seat: Seat, view: View, words: str) -> Board:
    """The rows of ``view`` that hold ``words``; off the GUI thread."""
    return board(seat.desk, seat.sign_in, view, words, seat.cad())
