"""What is installed here is what the project says, and nothing it must not have."""

import ast
import importlib.metadata
import importlib.util
import re
import sys
import tomllib
from pathlib import Path

import pytest
import sqlcipher3.dbapi2
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.lint.rules import QT_MODULES, QT_UNDER_GPL_ONLY

ROOT = Path(__file__).resolve().parents[2]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PARTS = {"antlr4": "fhirpathpy", "secretstorage": "keyring", "shiboken6": "pyside6-essentials", "starlette": "fastapi"}
"""What is imported as a part of something else that is declared, which says itself which version it needs."""
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def locked() -> dict[str, Requirement]:
    """The requirements of the lock file by normalized name, without their hashes."""
    lines = re.findall(r"^([A-Za-z0-9].*?) *\\$", LOCK, re.MULTILINE)
    return {canonicalize_name(one.name): one for one in map(Requirement, lines)}


def declared() -> list[Requirement]:
    """What pyproject.toml asks for, to run and to develop."""
    return [Requirement(one) for one in (*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"])]


def test_sqlite_is_one_that_does_not_lose_commits_when_the_log_is_reset() -> None:
    # The bug that https://sqlite.org/wal.html calls the WAL-reset bug: fixed in 3.51.3.
    version = tuple(int(part) for part in sqlcipher3.dbapi2.sqlite_version.split("."))
    assert version >= (3, 51, 3)


def test_no_qt_module_is_installed_that_is_under_the_gpl_only() -> None:
    # Looked for as files, for PySide6 cannot be imported in every run of this test. (The package has stubs of all.)
    package = Path(str(importlib.metadata.distribution("PySide6_Essentials").locate_file("PySide6")))
    modules = {path.name.partition(".")[0] for path in package.iterdir() if path.suffix in {".so", ".pyd"}}
    assert modules >= QT_MODULES, "the rule allows a Qt module that is not installed"
    assert not modules & QT_UNDER_GPL_ONLY


@pytest.mark.parametrize("name", ["PySide6", "PySide6_Addons", "keyrings.alt", "PyQt6"])
def test_no_package_that_brings_what_we_refuse(name: str) -> None:
    # Addons brings WebEngine and the GPL modules; keyrings.alt brings key stores that are plain files.
    with pytest.raises(importlib.metadata.PackageNotFoundError):
        importlib.metadata.version(name)
    assert importlib.util.find_spec("keyrings") is None


def test_the_lock_pins_one_qt_and_one_sqlcipher() -> None:
    pins = locked()
    assert str(pins["pyside6-essentials"].specifier) == str(pins["shiboken6"].specifier) == "==6.11.3"
    assert str(pins["sqlcipher3"].specifier) == "==0.6.4"


def test_the_lock_has_what_the_project_asks_for() -> None:
    pins = locked()
    for requirement in declared():
        pin = pins[canonicalize_name(requirement.name)]
        (version,) = pin.specifier
        assert requirement.specifier.contains(version.version), f"{requirement} but locked {pin}: run make lock"


def test_what_is_imported_is_declared() -> None:
    asked = {canonicalize_name(Requirement(one).name) for one in PROJECT["project"]["dependencies"]}
    of_module = importlib.metadata.packages_distributions()
    ours = {path.name for path in (ROOT / "src").iterdir()}
    imported = {name for path in (ROOT / "src").rglob("*.py") for name in _imports(ast.parse(path.read_text("utf-8")))}
    for module in imported - ours - sys.stdlib_module_names:
        packages = {PARTS.get(module, ""), *map(canonicalize_name, of_module.get(module, []))}
        assert packages & asked, f"{module} is imported; declare its package in pyproject.toml"


def _imports(module: ast.Module) -> set[str]:
    """The packages that a module imports from, at its head and later."""
    found = [node for node in ast.walk(module) if isinstance(node, (ast.Import, ast.ImportFrom))]
    names = [each.names if isinstance(each, ast.Import) else [ast.alias(each.module or "")] for each in found]
    return {alias.name.partition(".")[0] for aliases in names for alias in aliases} - {""}


def test_what_is_installed_is_what_is_locked() -> None:
    for name, pin in locked().items():
        if pin.marker is None or pin.marker.evaluate():
            assert pin.specifier.contains(importlib.metadata.version(name)), f"run make setup: {pin}"


def test_every_file_in_the_lock_has_its_hash_and_no_registry_is_named() -> None:
    for entry in re.split(r"\n(?=\S)", LOCK):
        if not entry.startswith("#"):
            assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry
    assert "://" not in LOCK
    assert "index" not in LOCK
