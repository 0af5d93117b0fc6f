"""The whole product but its windows runs where Qt is not installed."""

import json
import subprocess
import sys
from pathlib import Path

from console.settings import resources
from tests.commands.program import Program, after
from tests.commands.test_forms import SHIPPED, response
from tests.commands.test_replay import HEADER, row

REFUSE_QT = "import tests.support.no_qt"

RUN_ALL = """
import json, sys
import tests.support.no_qt
from console.__main__ import main

for words in json.loads(sys.argv[1]):
    status = main(words)
    sys.stdout.flush()
    assert status == 0, (words, status)
found = [name for name in sys.modules if name.partition(".")[0] in ("PySide6", "shiboken6")]
assert not found, found
"""


def test_every_command_works(program: Program, tmp_path: Path) -> None:
    export = tmp_path / "export.csv"
    export.write_text("\n".join((HEADER, row("26-7"))) + "\n")
    answers = response(tmp_path / "answers.json", dict.fromkeys(range(1, 10), "several"))
    home = ["--home", str(program.home)]
    by = {name: [*home, "--as", name] for name in ("administrator", "dispatcher", "clinician")}
    commands = [
        ["--home", str(tmp_path / "new"), "setup", "--center", "Northside", "--administrator", "first"],
        [*by["administrator"], "users", "add", "newcomer", "--role", "auditor"],
        [*home, "users", "list"],
        [*home, "center", "show"],
        [*by["administrator"], "center", "set", str(resources() / "center" / "defaults.toml")],
        [*home, "calls", "replay", str(export), "--profile", "generic-csv"],
        [*home, "calls", "list", "--state", "all"],
        [*by["dispatcher"], "calls", "flag", "26-7", "--reason", "suicidal"],
        [*by["clinician"], "calls", "claim", "26-7"],
        [*by["clinician"], "calls", "level", "26-7", "low", "--reason", "calm"],
        [*by["clinician"], "calls", "advise", "26-7", "--send", "phone"],
        [*by["clinician"], "sheet", "render", "26-7", "--out", str(tmp_path / "sheet.pdf")],
        [*by["clinician"], "calls", "dispose", "26-7", "--disposition", "not-behavioral"],
        [*home, "calls", "show", "26-7"],
        ["forms", "check", *SHIPPED],
        ["forms", "score", SHIPPED[2], answers],
        [*by["administrator"], "directory", "import", str(resources() / "directory" / "westside.csv")],
        [*home, "directory", "search", "detox"],
        [*home, "journal", "verify"],
        [*home, "journal", "rebuild"],
        [*by["clinician"], "journal", "export", str(tmp_path / "entries.jsonl")],
        [*home, "store", "backup", str(tmp_path / "copy.db")],
        [*home, "store", "restore", str(tmp_path / "copy.db")],
        [*home, "store", "check"],
    ]
    done = subprocess.run(
        [sys.executable, "-c", RUN_ALL, json.dumps(commands)],
        env=program._environment({}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")


def test_a_check_says_that_it_is_missing_and_goes_on(program: Program) -> None:
    ran = program.process("check", "--json", start=after(REFUSE_QT))
    assert ran.status == 1
    told = {line["name"]: line for line in ran.rows}
    assert told["screen"]["state"] == "fails"
    assert "PySide6 is not installed; the commands work without it" in told["screen"]["says"]
    assert told["store"]["state"] == "ok"


def test_the_desktop_says_what_is_missing(fresh: Program) -> None:
    for words in ((), ("drill",)):
        ran = fresh.process(*words, start=after(REFUSE_QT), QT_QPA_PLATFORM="offscreen")
        assert (ran.status, ran.out) == (2, "")
        assert ran.line.startswith("The desktop cannot start: PySide6")
        assert "the commands work without it" in ran.line
    assert not fresh.home.exists()
