"""Where the theme's fonts, style sheet and icons are."""

from pathlib import Path

from console.errors import BugError


def resource(relative: str) -> Path:
    """The path of one shipped asset; raises :class:`BugError` where the installation lacks it."""
    source = Path(__file__).resolve()
    for root in (source.parents[4] / "resources", source.parents[2] / "resources"):
        path = root / relative
        if path.exists():
            return path
    raise BugError(f"this installation lacks the asset {relative}")
