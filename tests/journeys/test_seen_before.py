"""Somebody calls again: a clinician sees that it may be the same person, says so, and looks at the earlier call."""

from console.models.encounter import ENCOUNTER, EncounterState
from console.models.store import subjects
from console.models.store.rebuild import rebuild
from console.models.store.verify import verify
from console.views.workspace.assess import AssessSection
from console.views.workspace.history import HistorySection
from tests.support.desk import Cad
from tests.support.past_contacts import answered_gad7, contact
from tests.support.sitting import Person, Sitting, off_gui, staff

NUMBER = "206-555-0142"


def test_who_called_before_is_judged_by_a_person_and_opened(sitting: Sitting, first: Person) -> None:
    desk = sitting.desk
    cad, colleague, me = Cad(desk), staff(desk, "rokafor"), staff(desk, "mreyes")
    before, seen = off_gui(lambda: contact(cad, colleague, "26-1", callback=NUMBER, type_text="SUICIDAL PERSON"))
    off_gui(lambda: answered_gad7(desk, colleague, seen))
    call, encounter = off_gui(lambda: contact(cad, me, "26-2", callback=f"+1 {NUMBER}", type_text="WELFARE CHECK"))

    clinician = sitting.work_of(me)
    clinician.until(lambda: call in {row.call for row in clinician.board.model.rows}, "the call on the board")
    clinician.choose(call)
    clinician.press("Return")
    clinician.until(lambda: clinician.workspace.work.encounter == encounter, "the page")
    clinician.press("Alt+9")
    history = clinician.workspace.frame.sections["history"]
    assert isinstance(history, HistorySection)
    (card,) = history.earlier.cards.values()
    assert card.match.text() == "Possible match · same call-back number"
    clinician.go_to("Same person")
    clinician.press("1")
    clinician.until(lambda: card.match.text().startswith("The same person, as you said"), "the word of a person")

    clinician.press("Alt+3")
    clinician.go_to("Begin: Generalized Anxiety Disorder 7-item scale (GAD-7)")
    clinician.press("Space")
    assess = clinician.workspace.frame.sections["assess"]
    assert isinstance(assess, AssessSection)
    clinician.until(lambda: assess.view is not None, "the form")
    clinician.until(lambda: "GAD-7 total: 14 (Moderate)" in assess.foot.before.text(), "the earlier result beside it")

    clinician.press("Alt+9")
    clinician.go_to(card.open.accessibleName())
    clinician.press("Space")
    clinician.until(lambda: clinician.workspace.work.call == before, "the earlier call")
    assert "SUICIDAL PERSON" in clinician.workspace.frame.header.heading.title.text()
    clinician.press("Alt+9")
    assert history.earlier.isHidden(), "what came later is not earlier"

    def state() -> EncounterState:
        with desk.store.read() as connection:
            folded = subjects.state(connection, ENCOUNTER, encounter)
        assert folded is not None
        assert folded.state is not None
        return folded.state

    judged = off_gui(state).matches[str(before)]
    assert (judged.same, judged.by) == (True, me.user)
    assert off_gui(lambda: verify(desk.store)).whole
    assert off_gui(lambda: rebuild(desk.store)).same
