"""How things are imported once Qt is there."""

import subprocess
import sys

_PROGRAM = """
import builtins, linecache
plain = builtins.__import__
from console.app.ahead import bring_qt
bring_qt()
assert builtins.__import__ is plain, builtins.__import__
import console.views.board
from PySide6.QtWidgets import QWidget
assert QWidget.setWindowTitle
print([file for file in linecache.cache if "console" in file])
"""


def test_nothing_reads_the_source_of_what_is_imported_after_qt() -> None:
    done = subprocess.run([sys.executable, "-c", _PROGRAM], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
