"""An administrator brings a real form in by keyboard; a clinician at another window answers it and has its score."""

from console.models.assessment import ASSESSMENT
from console.models.store import subjects
from console.views.instruments.instruments_screen import InstrumentsScreen
from console.views.workspace.assess import AssessSection
from tests.support.shared import shared
from tests.support.sitting import Person, Sitting, off_gui
from tests.support.traffic import Traffic

FORM = "fhir-questionnaires/lhncbc-lforms/R4/phq9.json"
QUESTIONS = 9


def test_a_form_is_imported_and_answered(sitting: Sitting, first: Person, traffic: Traffic) -> None:
    first.sign_in("swhitfield")
    clinician = sitting.another()
    clinician.sign_in("rokafor")
    clinician.press("3")
    clinician.until(lambda: clinician.board.model.rows, "the open calls")
    call = clinician.board.model.rows[0].call
    clinician.choose(call)
    clinician.press("F3")
    clinician.until(lambda: clinician.workspace.work.encounter is not None, "the encounter")
    clinician.press("Alt+3")
    section = clinician.workspace.frame.sections["assess"]
    assert isinstance(section, AssessSection)
    assert "phq9" not in section.begins

    import_the_form(first)
    clinician.until(lambda: "phq9" in section.begins, "the form at the other window")
    clinician.go_to("Begin: PHQ-9 quick depression assessment panel")
    clinician.press("Space")
    clinician.until(lambda: section.view is not None, "the questions")
    for _ in range(QUESTIONS):
        clinician.press("2")
    clinician.press("Ctrl+Return", "Ctrl+Return")  # the second time after what is frozen was shown
    clinician.until(lambda: section.view is None, "it to be completed")

    def completed() -> list[tuple[str, str, str]]:
        with sitting.desk.store.read() as connection:
            found = subjects.every(connection, ASSESSMENT).values()
            return [(each.form, score.name, score.value) for each in found for score in each.scores]

    assert off_gui(completed) == [("phq9", "PHQ-9 total", str(QUESTIONS))]


def import_the_form(first: Person) -> None:
    first.press("Ctrl+5")
    screen = first.frame.place("instruments")
    assert isinstance(screen, InstrumentsScreen)
    first.until(lambda: screen.list.count() > 3, "the list")
    first.press("Ctrl+O")
    first.type(str(shared(FORM)))
    first.press("Return")
    first.until(lambda: screen.importing.preview is not None, "the preview")
    first.fill({"Permitted by": "Pfizer, by its notice", "Day of the permission": "2026-05-01"})
    first.fill({"Where the document is": "folder 3"})
    first.press("Ctrl+Return")
    first.until(lambda: screen.says.endswith("is imported."), "the form to be imported")
