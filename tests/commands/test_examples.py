"""docs/commands.md: what it says a command prints is what the command prints."""

import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from console.commands.parser import GROUPS
from console.settings import resources
from tests.commands.program import ROOT, run_here
from tests.commands.test_calls_list import FIELDS

PAGE = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
SHOWN_HOME = "/home/desk"

# What differs from run to run: ids that hold the time, moments of now, sizes.
VARIES = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"), "ID"),
    (re.compile(r"2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"), "NOW"),
    (re.compile(r"(?!2026-04)2\d{3}-\d\d-\d\d \d\d:\d\d:\d\d C[SD]T"), "NOW"),
    (re.compile(r"\d[\d,]* (bytes|MB free|pages)"), r"N \1"),
    (re.compile(r"SQLite \d+\.\d+\.\d+"), "SQLite N"),
    (re.compile(r"revision \d+"), "revision N"),
)


@dataclass
class Example:
    """One command of the page and the lines that stand under it."""

    words: list[str]
    says: list[str] = field(default_factory=list)


def _blocks(page: str) -> Iterator[tuple[str, str, list[str]]]:
    """Language, file name and lines of every fenced block."""
    for found in re.finditer(r"^```(\w+) ?(\S*)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        yield found[1], found[2], found[3].splitlines()


def _examples(lines: list[str]) -> list[Example]:
    found: list[Example] = []
    for line in lines:
        if line.startswith("$ "):
            found.append(Example(shlex.split(line[2:])))
        else:
            found[-1].says.append(line)
    return found


def _same_each_time(lines: list[str], home: Path) -> list[str]:
    text = "\n".join(lines).replace(str(home), SHOWN_HOME)
    for pattern, stands_for in VARIES:
        text = pattern.sub(stands_for, text)
    return text.splitlines()


def test_every_example_prints_what_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order of the page, on an empty machine."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "resources").symlink_to(resources())
    environment = {
        **os.environ,
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path / ".local/share"),
    }
    run = 0
    for language, name, lines in _blocks(PAGE):
        if name:
            (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        if language != "console":
            continue
        for example in _examples(lines):
            if example.words[0] == "export":
                variable, _, value = example.words[1].partition("=")
                environment[variable] = value
                continue
            assert example.words[0] == "clinician-console"
            ran = run_here(example.words[1:], environment)
            printed = (ran.out + ran.err).splitlines()
            assert _same_each_time(printed, tmp_path) == _same_each_time(example.says, tmp_path), example.words
            run += 1
    assert run > 30


def test_every_command_has_its_place_on_the_page() -> None:
    headings = " ".join(re.findall(r"^## (.*)$", PAGE, re.MULTILINE))
    for word in GROUPS:
        assert f"`{word}" in headings, word


def test_the_fields_of_a_call_are_those_of_the_program() -> None:
    table = PAGE.partition("## Fields of a call")[2]
    named = [
        name for cell in re.findall(r"^\| (`.*?`) \|", table, re.MULTILINE) for name in re.findall(r"`(\w+)`", cell)
    ]
    assert named == list(FIELDS)
