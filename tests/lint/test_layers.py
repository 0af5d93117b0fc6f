"""Each import contract catches a violation planted in a skeleton of the packages."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = [path.relative_to(ROOT / "src").parent for path in (ROOT / "src").rglob("__init__.py")]
SCREENS = [Path("console/views") / name for name in ("board", "shell", "strip", "theme", "widgets")]
MODULES = ("errors", "clock", "off_gui", "audio", "settings", "__main__")
FORMS = ("document", "exporting", "files", "library", "look", "model", "patterns", "refusals", "values")

# contract, module that imports what it may not, what it imports
PLANTED = [
    ("Layers of the console", "console/models/call.py", "import console.actions"),
    ("Layers of the console", "console/actions/flags.py", "import console.queries"),
    ("Layers of the console", "console/queries/board.py", "import console.actions"),
    ("Layers of the console", "console/bridge/bridge.py", "import console.views"),
    ("Layers of the console", "console/bridge/bridge.py", "import console.commands"),
    ("Layers of the console", "console/forms/scoring.py", "import console.handoff"),
    ("Layers of the console", "console/clock.py", "import console.security"),
    (
        "Layers of the console",
        "console/models/call.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import console.views",
    ),
    ("Layers of the console", "console/helpers.py", ""),  # a module of no layer
    ("Layers of the forms", "console/forms/deciding/layout.py", "import console.forms.asking"),
    ("Layers of the forms", "console/forms/model.py", "import console.forms.values"),
    ("What both ends agree on knows neither end", "wire/envelope.py", "import console.errors"),
    ("What both ends agree on knows neither end", "wire/envelope.py", "import sqlalchemy"),
    ("Qt in the views, the bridge and the composition root only", "console/models/call.py", "import PySide6.QtCore"),
    ("Qt in the views, the bridge and the composition root only", "console/commands/check.py", "import PySide6"),
    ("Qt in the views, the bridge and the composition root only", "wire/envelope.py", "from PySide6 import QtCore"),
    ("Screens show what a query delivered", "console/views/board/board.py", "import console.models.store"),
    ("Screens show what a query delivered", "console/views/board/board.py", "import keyring"),
    ("Screens do not import each other", "console/views/board/board.py", "import console.views.strip"),
    ("Screens do not import each other", "console/views/widgets/chip.py", "import console.views.board"),
    ("Screens do not import each other", "console/views/board/board.py", "import console.views.shell"),
    ("SQLAlchemy in the store only", "console/queries/board.py", "from sqlalchemy import select"),
    ("SQLAlchemy in the store only", "console/models/journal.py", "import sqlcipher3"),
    ("The FHIRPath engine behind its seam only", "console/forms/scoring.py", "import fhirpathpy"),
    ("The FHIRPath engine behind its seam only", "console/commands/check.py", "import antlr4"),
    ("Forms and aggregates are pure", "console/models/call.py", "import time"),
    ("Forms and aggregates are pure", "console/models/call.py", "from pathlib import Path"),
    ("Forms and aggregates are pure", "console/forms/scoring.py", "import console.clock"),
]

ALLOWED = """
console/app/program.py: import PySide6.QtWidgets, console.views.board, console.bridge, console.commands
console/views/board/board.py: import PySide6, shiboken6, console.views.theme, console.views.widgets, console.queries
console/views/shell/frame.py: import console.views.board, console.views.strip, console.views.widgets
console/views/widgets/button.py: import console.views.theme
console/bridge/bridge.py: import PySide6.QtCore, console.actions, console.queries
console/actions/flags.py: import console.models.store, console.forms, console.directory, console.handoff
console/queries/board.py: import console.models.store
console/models/store/engine.py: import sqlalchemy, alembic, sqlcipher3, threading, console.security, console.off_gui
console/models/call.py: import wire
console/forms/library.py: import pathlib, console.settings
console/forms/fhirpath/engine.py: import fhirpathpy
console/security/home_key.py: import keyring, pathlib, console.settings
"""


@pytest.fixture
def skeleton(tmp_path: Path) -> Path:
    """The packages of this checkout with nothing in them but imports that are allowed, and its contracts."""
    for package in (*PACKAGES, *SCREENS, Path("console/app")):
        (tmp_path / package).mkdir(parents=True, exist_ok=True)
        (tmp_path / package / "__init__.py").touch()
    for module in (*MODULES, *(f"forms/{each}" for each in FORMS)):
        (tmp_path / "console" / f"{module}.py").touch()
    for line in ALLOWED.strip().splitlines():
        module, _, statement = line.partition(": ")
        (tmp_path / module).write_text(statement + "\n")
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    return tmp_path


def lint(folder: Path) -> tuple[int, str]:
    """The exit status of import-linter in a folder, and what it printed."""
    code = "from importlinter.cli import lint_imports_command; lint_imports_command(['--no-cache', '--no-logo'])"
    environment = os.environ | {"PYTHONPATH": str(folder), "COLUMNS": "200"}
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def test_what_the_layers_allow_passes(skeleton: Path) -> None:
    status, printed = lint(skeleton)
    assert status == 0, printed
    assert ", 0 broken" in printed, printed


@pytest.mark.parametrize(("contract", "module", "planted"), PLANTED)
def test_a_planted_violation_is_caught(skeleton: Path, contract: str, module: str, planted: str) -> None:
    path = skeleton / module
    before = path.read_text() if path.exists() else ""
    path.write_text(f"{before}\n{planted}\n")
    status, printed = lint(skeleton)
    assert status == 1, printed
    assert f"{contract} BROKEN" in printed
