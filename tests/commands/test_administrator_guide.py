"""docs/administrator-guide.md: what it says of roles, settings, files and messages is so."""

import re
from fnmatch import fnmatch
from pathlib import Path

import msgspec
import pytest

from console.security.log_files import Logs
from console.settings import Settings
from tests.commands.program import ROOT, Program
from wire.journals import Audience
from wire.permissions import READERS, WRITERS, Role

PAGE = (ROOT / "docs" / "administrator-guide.md").read_text(encoding="utf-8")


def table(page: str, after: str) -> list[list[str]]:
    """The rows of the first table below the words ``after``, its heading first."""
    lines = page.partition(after)[2].splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith("|"))
    rows = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return [row for row in rows if not set("".join(row)) <= {"-", ":"}]


def _roles(heading: list[str]) -> list[Role]:
    return [Role(words.replace(" ", "-")) for words in heading]


def _marked(cells: list[str], roles: list[Role]) -> set[Role]:
    assert set(cells) <= {"✓", ""}
    return {role for cell, role in zip(cells, roles, strict=True) if cell}


def test_who_may_read_what_is_what_the_program_lets_them() -> None:
    heading, *rows = table(PAGE, "### What each role may read")
    roles = _roles(heading[1:])
    assert set(roles) == set(Role)
    told = {Audience(re.findall(r"`(\w+)`", row[0])[0]): _marked(row[1:], roles) for row in rows}
    assert told == READERS


def test_who_may_do_what_is_what_the_program_lets_them() -> None:
    heading, *rows = table(PAGE, "### What each role may do")
    roles = _roles(heading[1:-1])
    assert set(roles) == set(Role)
    told: dict[str, set[Role]] = {}
    for row in rows:
        for kind in re.findall(r"`([\w.-]+)`", row[-1]):
            assert kind not in told, f"{kind} stands there twice"
            told[kind] = _marked(row[1:-1], roles)
    assert told == WRITERS


def test_every_setting_is_there_with_its_default() -> None:
    heading, *rows = table(PAGE, "A name or value that means nothing is refused with file and line.")
    assert heading[:2] == ["setting", "by default"]
    told = {row[0].strip("`"): row[1].strip("`") for row in rows}
    default = Settings()
    assert told == {name: msgspec.json.encode(getattr(default, name)).decode() for name in Settings.__struct_fields__}


def test_whatever_is_found_in_a_home_is_explained(program: Program, tmp_path: Path) -> None:
    names = [name for row in table(PAGE, "### The home")[1:] for name in re.findall(r"`([^`]+)`", row[0])]
    patterns = [name.replace("…", "*").replace("replaced-1", "replaced-*") for name in names]
    assert program("store", "backup", str(tmp_path / "copy.db")).status == 0
    assert program("store", "restore", str(tmp_path / "copy.db")).status == 0
    (program.home / "config.toml").write_text('theme = "dark"\n')
    Logs(program.home).stop()
    found = {path.name if path.is_dir() else str(path.relative_to(program.home)) for path in program.home.iterdir()}
    found = (found - {"logs"}) | {f"logs/{path.name}" for path in (program.home / "logs").iterdir()}
    assert len(found) > 6
    for name in found:
        assert any(fnmatch(name, pattern) for pattern in patterns), name


def test_messages_it_explains_are_messages_of_the_program() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src" / "console").rglob("*.py"))
    joined = re.sub(r'"\s*\n\s*f?"', "", source)
    quoted = [words for row in table(PAGE, "## What to do when…")[1:] for words in re.findall(r"\*([^*]+)\*", row[0])]
    assert len(quoted) > 10
    for words in quoted:
        for part in re.split(r"\s*…\s*", words):
            assert part in joined or not part, part


@pytest.mark.parametrize("name", ["administrator-guide.md", "user-guide.md", "commands.md"])
def test_links_lead_somewhere(name: str) -> None:
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)]+)\)", text)
    for link in links:
        if link.startswith("https://"):
            continue
        file, _, anchor = link.partition("#")
        target = (ROOT / "docs" / (file or name)).resolve()
        assert target.is_file(), link
        headings = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8") if target.suffix == ".md" else "", re.M)
        slugs = {re.sub(r"[^\w\- ]", "", heading.casefold()).replace(" ", "-") for heading in headings}
        assert not anchor or anchor in slugs, link
