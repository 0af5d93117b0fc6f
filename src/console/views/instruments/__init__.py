"""Instruments: which forms a center asks, its own and the shipped ones, and by whose leave."""

INSTRUMENTS_KEYS = (
    ("Ctrl+O", "import a form"),
    ("Enter", "look at the file that was named"),
    ("Ctrl+Enter", "import what is shown"),
    ("Esc", "leave the import"),
)
