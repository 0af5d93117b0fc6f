"""Where the theme's fonts, style sheet and icons are."""

from pathlib import Path

from console.errors import KnownError
from console.settings import resources


def resource(relative: str) -> Path:
    """The path of one shipped asset; raises :class:`KnownError` where the installation lacks it."""
    path = resources() / relative
    if not path.exists():
        raise KnownError(f"The program's own file {relative} is missing. Install Clinician Console again.")
    return path
