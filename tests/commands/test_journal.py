"""The journal on the command line: whether it is whole, folding it again, writing it out."""

import json
import stat
from pathlib import Path

import pytest

from console.actions import encounters, people
from console.actions.acting import acting
from console.models.aggregates import AGGREGATES
from console.settings import resources
from tests.commands.program import PASSWORD, Program, at_desk
from wire.administration import SettingSet
from wire.journals import derived_id

CALL = "26-0001"


def tamper(program: Program, statement: str) -> None:
    """Change the store behind the program's back, with the right key."""
    with at_desk(program) as desk, desk.store.write() as transaction:
        assert transaction.connection.exec_driver_sql(statement).rowcount == 1


def test_a_whole_journal_is_said_to_be(program: Program) -> None:
    ran = program.process("journal", "verify", "--json")
    assert (ran.status, ran.err) == (0, "")
    assert list(ran.row) == ["whole", "entries", "derived", "faults", "disordered", "unreadable_settings", "chains"]
    assert (ran.row["whole"], ran.row["derived"], ran.row["faults"]) == (True, 0, 0)
    chains = {chain["journal"]: chain for chain in ran.row["chains"]}
    assert set(chains) == {"northside-911/administration", "northside-911/operations"}
    assert all(list(chain) == ["journal", "device", "entries", "last", "head"] for chain in chains.values())
    assert sum(chain["entries"] for chain in chains.values()) == ran.row["entries"]
    assert program("journal", "verify").out == f"{ran.row['entries']} entries in 2 chains, 0 derived: whole.\n"


def test_one_chain_is_not_chains(program: Program) -> None:
    with at_desk(program) as desk, desk.store.write() as transaction:
        transaction.connection.exec_driver_sql("DELETE FROM entry WHERE journal LIKE '%operations'")
    said = program("journal", "verify").out
    assert " in 1 chain, 0 derived: " in said


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET body = replace(body, '412 A', '214 A') WHERE kind = 'call.entered' AND body LIKE '%412 A%'",
        "UPDATE entry SET actor = zeroblob(16) WHERE kind = 'call.entered' AND body LIKE '%412 A%'",
        "UPDATE entry SET made_at = made_at + 1 WHERE kind = 'call.entered' AND body LIKE '%412 A%'",
        "DELETE FROM entry WHERE kind = 'call.entered' AND body LIKE '%412 A%'",
    ],
    ids=["words", "person", "time", "removed"],
)
def test_whatever_was_done_to_an_entry_is_found_and_the_answer_is_no(program: Program, statement: str) -> None:
    tamper(program, statement)
    ran = program("journal", "verify", "--json")
    assert ran.status == 1
    assert ran.row["whole"] is False
    assert ran.row["faults"] == len(ran.err.splitlines()) > 0
    assert all(line.startswith("northside-911/operations, entry ") for line in ran.err.splitlines())
    assert "412 Alder" not in ran.err + ran.out
    plain = program("journal", "verify")
    assert plain.status == 1
    assert plain.out.endswith(": 1 fault.\n" if ran.row["faults"] == 1 else f": {ran.row['faults']} faults.\n")


def test_folding_again_gives_the_same_record(program: Program) -> None:
    program("calls", "claim", CALL, by="clinician")
    before = program("calls", "list", "--json").out
    ran = program.process("journal", "rebuild", "--json")
    assert (ran.status, ran.err) == (0, "")
    assert list(ran.row) == ["same", "subjects", "rows", "differences"]
    assert (ran.row["same"], ran.row["differences"]) == (True, 0)
    assert program("journal", "rebuild").out == (
        f"{ran.row['subjects']} subjects folded again: the record was the same.\n"
    )
    assert program("calls", "list", "--json").out == before


def test_a_record_that_differs_is_put_right_and_the_answer_is_no(program: Program) -> None:
    before = program("calls", "list", "--json").out
    tamper(program, "UPDATE call SET state = replace(state, '412 Alder', '9 Elm') WHERE number = '26-0001'")
    assert program("calls", "list", "--json").out != before
    ran = program("journal", "rebuild", "--json")
    assert (ran.status, ran.row["same"], ran.row["differences"]) == (1, False, 1)
    assert ran.line.startswith("call ")
    assert "Elm" not in ran.line
    assert program("calls", "list", "--json").out == before
    assert program("journal", "rebuild").status == 0


def test_a_record_that_was_deleted_whole_is_made_again(program: Program) -> None:
    """Without it the desk does not even know its center; the journal does."""
    before = program("calls", "list", "--json").out
    with at_desk(program) as desk, desk.store.write() as transaction:
        for name in (*AGGREGATES, "senseless", "service_search"):
            transaction.connection.exec_driver_sql(f'DELETE FROM "{name}"')
    ran = program("journal", "rebuild", "--json")
    assert (ran.status, ran.row["same"]) == (1, False)
    assert ran.row["differences"] == ran.row["rows"] > 5
    assert program("calls", "list", "--json").out == before
    assert program("journal", "rebuild").status == 0


FIELDS = [
    *("journal", "seq", "device", "n", "id", "kind", "version", "subject", "act", "actor", "made_at", "offset"),
    *("received_at", "body", "salt", "digest", "chain", "refused"),
]


def test_an_export_holds_every_entry_the_person_may_read_as_a_line(program: Program, tmp_path: Path) -> None:
    out = tmp_path / "entries.jsonl"
    ran = program.process("journal", "export", str(out), "--json", by="clinician")
    assert ran.status == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    entries = [json.loads(line) for line in out.read_text().splitlines()]
    assert ran.row == {"file": str(out), "entries": len(entries), "left_out": 1}
    assert ran.line == "Left out, because Clinician may not read their journals: 1 entry."
    assert all(list(entry) == FIELDS for entry in entries)
    assert {entry["journal"] for entry in entries} == {"northside-911/administration", "northside-911/operations"}
    assert json.loads(next(entry["body"] for entry in entries if entry["kind"] == "call.entered"))["place"]
    assert program.entries() == len(entries) + 1


def test_whoever_exported_is_in_the_audit_journal(program: Program, tmp_path: Path) -> None:
    program("journal", "export", str(tmp_path / "first.jsonl"), by="clinician")
    out = tmp_path / "second.jsonl"
    program("journal", "export", str(out), by="auditor")
    entries = [json.loads(line) for line in out.read_text().splitlines()]
    users = {json.loads(entry["body"])["name"]: entry["subject"] for entry in entries if entry["kind"] == "user.added"}
    audits = [entry for entry in entries if entry["journal"] == "northside-911/audit"]
    assert [entry["actor"] for entry in audits] == [users["clinician"], users["auditor"]]
    assert {json.loads(entry["body"])["action"] for entry in audits} == {"journal.exported"}


JOURNALS = {
    "dispatcher": {"administration", "operations", "directory"},
    "supervisor": {"administration", "operations", "directory"},
    "clinician": {"administration", "operations", "directory", "clinical"},
    "clinical-supervisor": {"administration", "operations", "directory", "clinical"},
    "technician": {"administration", "directory"},
    "auditor": {"administration", "directory", "audit"},
}


def test_everyone_exports_the_journals_they_may_read_and_no_other(program: Program, tmp_path: Path) -> None:
    assert (
        program("directory", "import", str(resources() / "directory" / "westside.csv"), by="administrator").status == 0
    )
    with at_desk(program) as desk:
        clinician = people.sign_in(desk, "clinician", PASSWORD)
        encounter, _ = encounters.start(desk, clinician, "listening")
        encounters.note(desk, clinician, encounter, "secret of the clinic")
    for who, wanted in JOURNALS.items():
        out = tmp_path / f"{who}.jsonl"
        ran = program("journal", "export", str(out), "--json", by=who)
        text = out.read_text()
        found = {json.loads(line)["journal"].rpartition("/")[2] for line in text.splitlines()}
        assert found == wanted, who
        assert ("secret of the clinic" in text) == ("clinical" in wanted)
        assert ran.row["entries"] + ran.row["left_out"] == program.entries()


def test_an_export_to_standard_output_is_lines_and_nothing_else(program: Program) -> None:
    ran = program.process("journal", "export", "-", by="auditor")
    assert ran.status == 0
    assert {row["journal"] for row in ran.rows} == {"northside-911/administration", "northside-911/audit"}
    assert ran.line.startswith("Left out, because Auditor may not read their journals: 2 entries.")


def test_an_export_never_writes_over_a_file_and_leaves_none_half_written(program: Program, tmp_path: Path) -> None:
    out = tmp_path / "entries.jsonl"
    out.write_text("mine")
    before = program.entries()
    program.refuses("journal", "export", str(out), by="clinician", says=f"{out} exists already. Name a new file.")
    assert out.read_text() == "mine"
    missing = tmp_path / "missing" / "entries.jsonl"
    program.refuses("journal", "export", str(missing), by="clinician", says="cannot be written: No such file")
    program.refuses("journal", "export", str(tmp_path), by="clinician", says="exists already")
    assert program.entries() == before  # what was not exported is not recorded as exported


def test_an_export_needs_a_person(program: Program, tmp_path: Path) -> None:
    program.refuses("journal", "export", str(tmp_path / "out.jsonl"), says="name them with --as USER")
    assert list(tmp_path.iterdir()) == [program.home]


def test_a_setting_that_cannot_be_read_is_named_and_is_no_fault_of_the_chain(program: Program) -> None:
    with at_desk(program) as desk:
        administrator = people.sign_in(desk, "administrator", PASSWORD)
        with acting(desk, administrator) as act:
            act.add(derived_id("setting", desk.center, "limits"), SettingSet(act.now, "limits", {"cad_stale": 5}))
    ran = program("journal", "verify", "--json")
    assert (ran.status, ran.row["whole"], ran.row["unreadable_settings"]) == (0, True, ["limits"])
    assert ran.line.startswith("the setting limits cannot be read: limits: unclaimed_caution, unclaimed_alarm, ")
    assert ran.line.endswith(" missing; what the program ships with counts.")
    shown = program("center", "show")
    assert (shown.status, shown.err) == (0, ran.err)
    assert program("calls", "list").status == 0
