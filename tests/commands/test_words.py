"""The words of the command line: options before and after, help, and one line for what cannot be understood."""

from pathlib import Path

import pytest

from console.__main__ import main
from tests.commands.program import Program


@pytest.mark.parametrize(
    "order",
    [
        "--home {home} --json --as clinician calls list --state all",
        "calls --home {home} --json --as clinician list --state all",
        "calls list --state all --home {home} --json --as clinician",
        "--json calls --as clinician list --home {home} --state=all",
        "--home /nowhere calls list --state all --json --as clinician --home {home}",
        "--as nobody calls list --state all --json --as clinician --home={home}",
    ],
)
def test_options_for_all_stand_before_or_after_the_subcommand(
    program: Program, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, order: str
) -> None:
    expected = program("calls", "list", "--state", "all", "--json", by="clinician").out
    monkeypatch.setenv("CLINICIAN_CONSOLE_PASSPHRASE", "four words of a test")
    monkeypatch.setenv("CLINICIAN_CONSOLE_PASSWORD", "lantern-orchard-71")
    assert main(order.format(home=program.home).split()) == 0
    assert capsys.readouterr().out == expected


def test_an_option_before_the_subcommand_is_not_forgotten(program: Program) -> None:
    """A default of the subcommand's own would take its place."""
    assert program("--json", "calls", "list").out.startswith("{")
    program.refuses("--as", "auditor", "calls", "list", says="may not read")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("dance",), "invalid choice: 'dance'"),
        (("calls",), "the following arguments are required: replay|list|show|enter|flag|claim|level|advise|dispose"),
        (("calls", "dance"), "invalid choice: 'dance'"),
        (("calls", "list", "--urgent"), "unrecognized arguments: --urgent"),
        (("calls", "list", "more", "words"), "unrecognized arguments: more words"),
        (("calls", "list", "--stat", "all"), "unrecognized arguments: --stat all"),
        (("--jso", "calls", "list"), "See 'clinician-console"),
        (("users",), "the following arguments are required: add|password|list"),
        (("store",), "the following arguments are required: backup|restore|check"),
        (("store", "backup"), "the following arguments are required: FILE"),
        (("store", "backup", ""), "argument FILE: it is empty"),
        (("forms", "check"), "the following arguments are required: FILE"),
        (("drill", "--seed", "x"), "argument --seed: invalid int value: 'x'"),
        (("--home", "", "calls", "list"), "argument --home: it is empty"),
        (("calls", "list", "--home", "  "), "argument --home: it is empty"),
        (("--as", "", "calls", "list"), "argument --as: it is empty"),
        (("--home",), "expected one argument"),
        (("calls", "list", "\x1b[2J\nforged line"), "unrecognized arguments:  [2J forged line"),
    ],
)
def test_what_cannot_be_understood_is_one_line_that_says_where_to_look(
    program: Program, words: tuple[str, ...], says: str
) -> None:
    ran = program.refuses(*words, says=says)
    assert "--help'" in ran.line


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--help",), "Without a subcommand the desktop opens"),
        (("calls", "--help"), "replay"),
        (("calls", "flag", "--help"), "--reason CODE"),
        (("setup", "-h"), "--time-zone ZONE"),
        (("drill", "--help"), "--scenario NAME"),
    ],
)
def test_help_is_an_answer(fresh: Program, words: tuple[str, ...], says: str) -> None:
    ran = fresh(*words)
    assert (ran.status, ran.err) == (0, "")
    assert says in " ".join(ran.out.split())


def test_a_home_is_named_from_where_one_is_or_from_the_persons_own_folder(program: Program, tmp_path: Path) -> None:
    unnamed = Program(Path("home"))
    assert unnamed.process("calls", "list", cwd=tmp_path).status == 0
    assert Program(Path("~/home")).process("calls", "list", HOME=str(tmp_path)).status == 0


def test_without_a_home_named_it_is_the_persons_own(
    program: Program, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert main(["calls", "list"]) == 2
    own = tmp_path / "data" / "clinician-console"
    assert capsys.readouterr().err.startswith(f"Nothing is set up in {own} yet.")
    assert not own.exists()
