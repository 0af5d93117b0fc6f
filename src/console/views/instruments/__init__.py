"""Instruments: which forms a center asks, its own and the shipped ones, and by whose leave."""

from collections.abc import Sequence

INSTRUMENTS_KEYS: Sequence[tuple[str, str]] = (
    ("Ctrl+O", "import a form"),
    ("↑ ↓", "the next instrument"),
    ("Esc", "leave the import"),
)
