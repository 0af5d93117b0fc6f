"""docs/user-guide.md: every key of the screens is in it, and it names no key that is none."""

import re

from console.views.board import BOARD_KEYS
from console.views.directory import DIRECTORY_KEYS
from console.views.instruments import INSTRUMENTS_KEYS
from console.views.shell import frame
from console.views.strip.strip_window import STRIP_KEYS
from console.views.workspace import ASSESSMENT_KEYS, WORKSPACE_KEYS
from tests.commands.program import ROOT

PAGE = (ROOT / "docs" / "user-guide.md").read_text(encoding="utf-8")


def _told(heading: str) -> list[str]:
    """The keys of the table below a heading of the section on keys."""
    section = PAGE.partition("\n## Keys\n")[2].partition(f"\n### {heading}\n")[2].partition("\n### ")[0]
    return re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE)


def test_every_key_of_every_screen_is_in_the_guide() -> None:
    for heading, keys in (
        ("Everywhere", frame._EVERYWHERE),
        ("Board", BOARD_KEYS),
        ("Call", WORKSPACE_KEYS),
        ("Assessment", ASSESSMENT_KEYS),
        ("Directory", DIRECTORY_KEYS),
        ("Instruments", INSTRUMENTS_KEYS),
        ("Strip", STRIP_KEYS),
    ):
        assert _told(heading) == [key for key, _ in keys], heading


def test_keys_named_in_the_text_are_in_the_tables() -> None:
    text, _, tables = PAGE.partition("\n## Keys\n")
    known = set(re.findall(r"`([^`]+)`", tables))
    known |= {"1", "2", "4", "7", "8", "9", "Up", "Tab"}  # one key of a range; Qt's own
    known |= {"Alt+1", "Alt+9", "Alt+PgDn", "Ctrl+2", "Ctrl+7"}
    for named in re.findall(r"`([^`\n]+)`", text):
        if re.fullmatch(r"[A-Z0-9/]|F\d+|(Ctrl|Alt|Shift)\+.*|Enter|Esc|Del|Tab|Up", named):
            assert named in known, named
