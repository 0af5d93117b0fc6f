"""The history tells everything, in order, and holds nothing a reader may not see."""

from console.actions import assessments, calls, encounters, flags
from console.actions.calls import Disposal
from console.forms.library import shipped
from console.models.call import Level, RollUp
from console.models.sign_in import SignIn
from console.views.workspace.moments import moments
from tests.support.desk import person
from tests.views.workspace_kit import Room


def test_every_step_of_the_work_is_a_moment_in_order(room: Room, clinician: SignIn, dispatcher: SignIn) -> None:
    call = room.cad.call("26-1", type_text="SUICIDAL PERSON")
    clock = room.desk.clock
    for step in (
        lambda: flags.flag(room.desk, dispatcher, call, "suicidal", "has a firearm"),
        lambda: encounters.claim_and_begin(room.desk, clinician, call),
        lambda: calls.contact(room.desk, clinician, call, "live", "the person"),
        lambda: calls.level(room.desk, clinician, call, Level.HIGH, "plan"),
        lambda: calls.advise(room.desk, clinician, call, ("ems",), "stage at Oak"),
        lambda: calls.message(room.desk, dispatcher, call, "copy"),
        lambda: calls.confirm_responders(room.desk, dispatcher, call, "unit 214"),
        lambda: encounters.dispose_and_end(room.desk, clinician, call, Disposal("not-behavioral", RollUp.CO_NOTIFIED)),
    ):
        clock.advance(1)  # type: ignore[attr-defined]
        step()  # type: ignore[no-untyped-call]
    said = moments(room.page(dispatcher, call))
    assert [at for at, _, _ in said] == sorted(at for at, _, _ in said)
    words = [what for _, what, _ in said]
    order = [
        "Call received",
        "Flagged",
        "Claimed",
        "Contact",
        "Level HIGH",
        "Advised",
        "Thread",
        "Responders",
        "Disposed",
    ]
    places = [next(at for at, what in enumerate(words) if what.startswith(start)) for start in order]
    assert places == sorted(places)


def test_clinical_moments_are_for_clinicians(room: Room, clinician: SignIn, dispatcher: SignIn) -> None:
    call = room.claimed(clinician)
    found = room.page(clinician, call).clinical
    assert found is not None
    room.do(encounters.note, clinician, found.encounter, "a word")
    room.do(encounters.state_fact, clinician, found.encounter, "name", "Teo", "person")
    form = shipped().forms["phq-9"]
    assessment, _ = room.do(assessments.begin, clinician, found.encounter, form)
    room.do(assessments.complete, clinician, assessment, form)
    words = [what for _, what, _ in moments(room.page(clinician, call))]
    assert "Note: a word" in words
    assert "Assessment PHQ-9 begun" in words
    assert any(what.startswith("Assessment PHQ-9 completed: ") and "not scored" in what for what in words)
    assert "Encounter started, from the board" in words
    seen = " ".join(what for _, what, _ in moments(room.page(dispatcher, call)))
    assert "a word" not in seen
    assert "Teo" not in seen
    assert "Assessment" not in seen


def test_who_acknowledged_an_alarm_in_somebodys_place_says_why(
    room: Room, clinician: SignIn, dispatcher: SignIn
) -> None:
    call = room.claimed(clinician)
    found = room.page(clinician, call).clinical
    assert found is not None
    form = shipped().forms["asq"]
    assessment, _ = room.do(assessments.begin, clinician, found.encounter, form)
    for question in ("asq-1", "asq-2", "asq-3", "asq-4", "asq-5"):
        room.do(assessments.answer, clinician, assessment, form, question, (True,))
    room.do(assessments.complete, clinician, assessment, form)
    chief = person("clinical supervisor")
    assessments.acknowledge_alert(room.desk, chief, assessment, override="she went home ill")
    said = [(what, who) for _, what, who in moments(room.page(clinician, call))]
    assert ("Alarm of ASQ acknowledged: she went home ill", "Clinical Supervisor") in said
    assert not any("Alarm of" in what for _, what, _ in moments(room.page(dispatcher, call)))
