"""Stores as released versions of the program wrote them, and how one is made.

``python -m tests.models.store.released`` writes ``<revision>.db`` with entries of every kind that this version knows.
Run it once for a release, and never again for the same one: the file stands for what is on real desks.
"""

from pathlib import Path

FOLDER = Path(__file__).parent
KEY = bytes(range(100, 132))
"""The key of every file here."""
