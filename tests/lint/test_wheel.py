"""The wheel: everything shipped is in it, and the program finds its assets from there."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

FROM_THE_WHEEL = """
import console
from console.settings import resources
from console.forms.library import shipped

print(console.__file__)
print(resources())
print(len(shipped().forms))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the unpacked wheel of this checkout, built from a copy so that no build folder is left in it."""
    wheels = tmp_path_factory.mktemp("wheels")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(wheels)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = wheels.glob("*.whl")
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def test_everything_shipped_is_in_the_wheel(installed: Path) -> None:
    for source, target in ((ROOT / "src", installed), (ROOT / "resources", installed / "console" / "resources")):
        files = [path.relative_to(source) for path in source.rglob("*") if path.is_file() and path.suffix != ".pyc"]
        missing = [str(name) for name in files if not (target / name).is_file()]
        assert len(files) > 10
        assert not missing


def test_the_program_finds_its_assets_in_the_wheel(installed: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(installed)}
    done = subprocess.run(
        [sys.executable, "-P", "-c", FROM_THE_WHEEL], cwd=installed, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    module, resources, forms = done.stdout.splitlines()
    assert Path(module).is_relative_to(installed)
    assert Path(resources) == installed / "console" / "resources"
    assert int(forms) > 0
