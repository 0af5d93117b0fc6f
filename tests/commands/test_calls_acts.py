"""The main actions on a call: in their order, by whom they may be done, and what is refused."""

import filelock
import pytest

from console.actions import encounters, people
from console.commands.finding import find_call
from tests.commands.program import PASSWORD, Program, at_desk

CALL = "26-0002"


def did(program: Program, *words: str, by: str = "clinician") -> dict[str, object]:
    """The call's line after an act that was done."""
    ran = program("calls", *words, "--json", by=by)
    assert (ran.status, ran.err) == (0, ""), ran
    return ran.row


def test_a_call_goes_from_flag_to_disposition(program: Program) -> None:
    """Each act in a process of its own, as a script would do it."""

    def act(*words: str, by: str) -> dict[str, object]:
        ran = program.process("calls", *words, "--json", by=by)
        assert (ran.status, ran.err) == (0, ""), ran
        return ran.row

    before = program.entries()
    line = act("flag", CALL, "--reason", "suicidal", "--words", "texted goodbye", by="dispatcher")
    assert (line["flagged"], line["reason"], line["words"]) == (True, "Suicidal talk or act", "texted goodbye")
    assert (line["level"], line["owner"], line["claimed_at"]) == ("not_set", "", None)
    line = act("claim", CALL, by="clinician")
    assert line["owner"] == "Clinician"
    assert line["claimed_at"] is not None
    line = act("level", CALL, "high", "--reason", "plan, no means at hand", by="clinician")
    assert line["level"] == "high"
    line = act("advise", CALL, "--send", "cit", "--send", "no-sirens", "--words", "wait for him", by="clinician")
    assert line["advice_waiting"] is True
    line = act("dispose", CALL, "--disposition", "co-responder", "--contact-confirmed", by="clinician")
    assert (line["level"], line["flagged"]) == ("closed", False)
    assert line["advice_waiting"] is True  # until dispatch has read it, whatever became of the call
    assert line["disposed_at"] is not None
    assert program.entries() == before + 7  # the claim begins an encounter, the disposition ends it
    record = program("calls", "show", CALL, "--json").row["record"]
    assert [given["send"] for given in record["advice"]] == [["cit", "no-sirens"]]
    assert [step["reason"] for step in record["levels"]] == ["plan, no means at hand"]
    assert record["disposition"]["body"]["roll_up"] == "co-notified"
    assert record["disposition"]["body"]["contact_confirmed"] is True


def test_an_act_names_its_entries(program: Program) -> None:
    line = did(program, "flag", CALL, "--reason", "officer-asks", by="dispatcher")
    entries = line.pop("entries")
    assert isinstance(entries, list)
    assert len(entries) == 2  # the flag, and that an officer waits
    assert list(line) == list(program("calls", "list", "--json").rows[0])


def test_a_call_is_typed_in_by_hand_and_found_by_its_number(program: Program) -> None:
    words = (
        "--number",
        "26-0077",
        "--type",
        "Man on the bridge",
        "--place",
        "5th St bridge",
        "--words",
        "caller on foot",
    )
    line = did(program, "enter", *words, by="dispatcher")
    assert (line["number"], line["type"], line["place"]) == ("26-0077", "Man on the bridge", "5th St bridge")
    assert program("calls", "show", "26-0077", "--json").row["call"] == line["call"]


@pytest.mark.parametrize("who", ["technician", "auditor"])
def test_a_call_is_typed_in_by_people_of_the_floor(program: Program, who: str) -> None:
    words = ("calls", "enter", "--number", "26-0077", "--type", "Man on the bridge", "--place", "5th St bridge")
    before = program.entries()
    program.refuses(*words, by=who, says="may not")
    program.refuses("calls", "enter", "--number", "26-0077", by="dispatcher", says="--type, --place")
    assert program.entries() == before


def test_a_claim_without_a_flag_flags(program: Program) -> None:
    line = did(program, "claim", CALL)
    assert (line["flagged"], line["reason"], line["owner"]) == (
        True,
        "Taken by a clinician, not flagged before",
        "Clinician",
    )


def test_a_claim_begins_the_encounter_as_it_does_on_the_screen(program: Program) -> None:
    did(program, "claim", CALL)
    shown = program("calls", "show", CALL, "--json", by="clinician").row
    assert shown["encounter"]["way_in"] == "from-board"
    assert "encounter" not in program("calls", "show", CALL, "--json", by="dispatcher").row


def test_a_person_reads_what_happened_in_its_order(program: Program) -> None:
    did(program, "flag", CALL, "--reason", "suicidal", "--words", "texted goodbye", by="dispatcher")
    did(program, "claim", CALL)
    did(program, "level", CALL, "MEDIUM", "--reason", "no plan")
    did(program, "advise", CALL, "--send", "mobile-crisis")
    did(program, "dispose", CALL, "--disposition", "mobile-crisis", "--would-arrest", "no", "--said-by", "dispatch")
    lines = program("calls", "show", CALL).out.splitlines()
    assert lines[0].startswith("26-0002 · CLOSED · SUICIDAL PERSON · 88 Birch Ave · (Clinician)")
    said = [line.split("  ", 2)[2] for line in lines[1:]]
    assert said == [
        "flagged by Dispatcher: suicidal: texted goodbye",
        "claimed by Clinician",
        "level by Clinician: medium: no plan",
        "advice by Clinician: mobile-crisis",
        "disposed by Clinician: mobile-crisis (diverted)",
    ]


def test_who_may_read_the_clinical_record_is_shown_it_and_others_never_are(program: Program) -> None:
    with at_desk(program) as desk:
        clinician = people.sign_in(desk, "clinician", PASSWORD)
        call = find_call(desk, CALL)
        encounter, _ = encounters.start(desk, clinician, "transferred", call)
        encounters.note(desk, clinician, encounter, "has not slept for three days")
    for by in ("", "dispatcher", "supervisor"):
        ran = program("calls", "show", CALL, "--json", by=by)
        assert "encounter" not in ran.row
        assert "three days" not in ran.out
    for by in ("clinician", "colleague", "clinical-supervisor"):
        shown = program("calls", "show", CALL, "--json", by=by).row
        assert [note["text"] for note in shown["encounter"]["notes"]] == ["has not slept for three days"]


ACTS = {
    "flag": ("--reason", "suicidal"),
    "claim": (),
    "level": ("low", "--reason", "calm"),
    "advise": ("--send", "phone"),
    "dispose": ("--disposition", "not-behavioral"),
}
FLOOR = {"dispatcher", "supervisor", "clinician", "clinical-supervisor", "administrator"}
CLINIC = {"clinician", "clinical-supervisor"}


@pytest.mark.parametrize(
    "who", ["dispatcher", "supervisor", "clinician", "clinical-supervisor", "administrator", "technician", "auditor"]
)
def test_every_act_is_for_its_roles(program: Program, who: str) -> None:
    """The first administrator is a supervisor too, and a technician an administrator alone."""
    for name, words in ACTS.items():
        before = program.entries()
        ran = program("calls", name, CALL, *words, by=who)
        if who in (FLOOR if name == "flag" else CLINIC):
            assert ran.status == 0, (name, ran)
            assert program.entries() > before
        else:
            assert (ran.status, ran.out) == (2, ""), (name, ran)
            assert "may not" in ran.line
            assert program.entries() == before


@pytest.mark.parametrize("name", list(ACTS))
def test_every_act_needs_a_person(program: Program, name: str) -> None:
    program.refuses("calls", name, CALL, *ACTS[name], says="name them with --as USER")


@pytest.mark.parametrize("name", list(ACTS))
def test_every_act_says_when_there_is_no_such_call(program: Program, name: str) -> None:
    words = ("calls", name, "26-9999", *ACTS[name])
    program.refuses(*words, by="clinician", status=1, says="There is no call '26-9999' here.")


@pytest.mark.parametrize(
    ("first", "words", "by", "says"),
    [
        (("flag", "--reason", "other"), ("flag", "--reason", "other"), "dispatcher", "This call is flagged already."),
        (
            (),
            ("flag", "--reason", "feeling"),
            "dispatcher",
            "'feeling' is not a flag reason. Known: suicidal, behavior",
        ),
        ((), ("flag",), "dispatcher", "the following arguments are required: --reason"),
        (("claim",), ("claim",), "colleague", "Clinician has this call. Take it over with a reason"),
        (("claim",), ("claim",), "clinician", "You have this call already."),
        ((), ("level", "grave", "--reason", "x"), "clinician", "invalid choice: 'grave'"),
        ((), ("level", "closed", "--reason", "x"), "clinician", "invalid choice: 'closed'"),
        (("claim",), ("level", "low", "--reason", "  "), "clinician", "The reason for the level is missing"),
        ((), ("level", "low"), "clinician", "the following arguments are required: --reason"),
        ((), ("advise",), "clinician", "The advice is empty. Choose what to send, or say it in words."),
        ((), ("advise", "--send", "helicopter"), "clinician", "'helicopter' is not a thing to send. Known: phone,"),
        ((), ("dispose", "--disposition", "gone"), "clinician", "'gone' is not a disposition. Known: phone-resolved"),
        ((), ("dispose",), "clinician", "the following arguments are required: --disposition"),
        (
            (),
            ("dispose", "--disposition", "police", "--roll-up", "won"),
            "clinician",
            "argument --roll-up: invalid choice: 'won'",
        ),
        (
            (),
            ("dispose", "--disposition", "not-behavioral", "--would-ed", "yes"),
            "clinician",
            "Who says what would have happened is missing",
        ),
        ((), ("level", "low", "--reason", "calm"), "clinician", "Claim this call first."),
        ((), ("dispose", "--disposition", "not-behavioral"), "clinician", "Claim this call first."),
        (("claim",), ("level", "low", "--reason", "calm"), "colleague", "Clinician has this call. Take it over"),
        (
            ("claim",),
            ("dispose", "--disposition", "not-behavioral"),
            "colleague",
            "Clinician has this call. Take it over",
        ),
        (
            ("level", "high", "--reason", "plan"),
            ("dispose", "--disposition", "not-behavioral"),
            "clinician",
            "A call at level HIGH ends only when responders are confirmed",
        ),
        (
            ("level", "critical", "--reason", "means"),
            ("dispose", "--disposition", "police", "--no-contact-reason", " "),
            "clinician",
            "A call at level CRITICAL ends only when responders are confirmed",
        ),
        (
            ("dispose", "--disposition", "not-behavioral"),
            ("dispose", "--disposition", "not-behavioral"),
            "clinician",
            "This call is disposed. Reopen it first.",
        ),
        (("dispose", "--disposition", "not-behavioral"), ("claim",), "clinician", "This call is disposed."),
        (
            ("dispose", "--disposition", "not-behavioral"),
            ("flag", "--reason", "other"),
            "dispatcher",
            "This call is disposed.",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_and_leaves_no_entry(
    program: Program, first: tuple[str, ...], words: tuple[str, ...], by: str, says: str
) -> None:
    if first and first[0] in ("level", "dispose"):
        did(program, "claim", CALL)
    if first:
        did(program, first[0], CALL, *first[1:])
    before = program.entries()
    program.refuses("calls", words[0], CALL, *words[1:], by=by, says=says)
    assert program.entries() == before


def test_a_grave_call_ends_with_the_reason_why_nobody_was_met(program: Program) -> None:
    did(program, "claim", CALL)
    did(program, "level", CALL, "critical", "--reason", "means at hand")
    did(program, "dispose", CALL, "--disposition", "no-person", "--no-contact-reason", "gone on arrival")
    body = program("calls", "show", CALL, "--json").row["record"]["disposition"]["body"]
    assert (body["no_contact_reason"], body.get("contact_confirmed", False)) == ("gone on arrival", False)
    assert body["roll_up"] == "unknown"


def test_a_call_without_a_level_ends_with_the_reason_why_none_was_set(program: Program) -> None:
    did(program, "claim", CALL)
    ending = ("calls", "dispose", CALL, "--disposition", "no-person")
    program.refuses(*ending, by="clinician", says="Nobody set a level for this call. Set it first, or give the reason")
    did(program, *ending[1:], "--no-level-reason", "gone on arrival")
    body = program("calls", "show", CALL, "--json").row["record"]["disposition"]["body"]
    assert body["no_contact_reason"] == "gone on arrival"


def test_a_roll_up_can_be_said_otherwise_and_what_would_have_been_is_kept(program: Program) -> None:
    did(program, "claim", CALL)
    did(
        program,
        *("dispose", CALL, "--disposition", "not-behavioral", "--roll-up", "not-diverted"),
        *("--would-arrest", "yes", "--would-ems", "no", "--said-by", "the officer", "--words", "left with them"),
    )
    body = program("calls", "show", CALL, "--json").row["record"]["disposition"]["body"]
    assert body["roll_up"] == "not-diverted"
    assert body["would_have"] == {
        "arrest": "yes",
        "emergency_department": "unknown",
        "ems": "no",
        "said_by": "the officer",
    }


def test_words_that_are_no_text_are_refused(program: Program) -> None:
    """Bytes of an argument that are not UTF-8 cannot be stored and come back the same."""
    before = program.entries()
    words = ("calls", "flag", CALL, "--reason", "other", "--words", "caf\udce9")
    program.refuses(*words, by="dispatcher", says="a character that cannot be stored")
    assert program.entries() == before


def test_a_wrong_password_says_nothing_of_the_call(program: Program) -> None:
    program.refuses(
        "calls", "claim", CALL, by="clinician", says="do not go together", CLINICIAN_CONSOLE_PASSWORD=PASSWORD + "!"
    )


def test_while_the_desktop_has_the_home_open_a_command_reads_and_does_not_act(program: Program) -> None:
    with filelock.FileLock(program.home / "lock"):
        for name, words in ACTS.items():
            program.refuses("calls", name, CALL, *words, by="clinician", says="Another Clinician Console has")
        ran = program.process("calls", "claim", CALL, by="clinician")
        assert (ran.status, ran.out) == (2, "")
        assert ran.line == f"Another Clinician Console has {program.home} open. Close it first, or use that one."
        assert len(program("calls", "list", by="dispatcher").out.splitlines()) == 2
        assert program("calls", "show", CALL).status == 0
    assert program("calls", "claim", CALL, by="clinician").status == 0


def test_a_clinical_supervisor_acts_on_a_colleagues_call_with_a_reason(program: Program) -> None:
    did(program, "claim", CALL)
    by, level = "clinical-supervisor", ("calls", "level", CALL, "low", "--reason", "calm")
    program.refuses(*level, by=by, says="Clinician has this call. Take it over, or act as supervisor, with a reason.")
    assert did(program, *level[1:], "--override", "she is on another line", by=by)["level"] == "low"
    line = did(program, "dispose", CALL, "--disposition", "not-behavioral", "--override", "end of shift", by=by)
    assert line["level"] == "closed"
    thread = program("calls", "show", CALL, "--json").row["record"]["thread"]
    assert [each["text"].rpartition(": ")[2] for each in thread] == ["she is on another line", "end of shift"]


@pytest.mark.parametrize(("stays", "entries"), [((), 2), (("--stay",), 1)])
def test_disposing_ends_the_encounter_unless_one_stays(program: Program, stays: tuple[str, ...], entries: int) -> None:
    did(program, "claim", CALL)
    line = did(program, "dispose", CALL, "--disposition", "not-behavioral", *stays)
    assert isinstance(line["entries"], list)
    assert len(line["entries"]) == entries
