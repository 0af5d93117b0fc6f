"""A clinician begins an ASQ while imminent risk is open, stops in the middle, goes on, signs, and mends a slip."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.models.assessment import AssessmentState
from console.queries.workspace import workspace
from console.views.workspace.assess import AssessSection
from tests.journeys.test_whole_call import asked
from tests.support.sitting import Person, Sitting, off_gui, staff


@pytest.fixture
def clinician(sitting: Sitting, first: Person, traffic: object, qapp: QApplication, qtbot: QtBot) -> Person:
    """A clinician on the page of a call that is theirs."""
    who = staff(sitting.desk, "mreyes")
    person = sitting.work_of(who)
    person.press("F12", "1")
    person.until(lambda: person.workspace.work.encounter is not None, "the encounter")
    return person


def section_of(person: Person) -> AssessSection:
    section = person.workspace.frame.sections["assess"]
    assert isinstance(section, AssessSection)
    return section


def record(sitting: Sitting, person: Person) -> list[AssessmentState]:
    """What the record holds of the encounter's assessments, in their order."""
    encounter = person.workspace.work.encounter
    who = staff(sitting.desk, "mreyes")
    found = off_gui(lambda: workspace(sitting.desk, who, None, encounter)).clinical
    assert found is not None
    return list(found.assessments.values())


def test_two_assessments_side_by_side_to_a_signed_amendment(sitting: Sitting, clinician: Person) -> None:
    clinician.press("Alt+3", "Ctrl+Return")
    section = section_of(clinician)
    clinician.until(lambda: section.view is not None and asked(clinician).startswith("1."), "the first question")
    clinician.press("2", "1")
    assert asked(clinician).startswith("What is it?")
    clinician.press("1", "Return")

    # The person wants to talk about something else: the short screen first.
    clinician.press("Alt+PgDown")
    clinician.go_to("Begin: Ask Suicide-Screening Questions (ASQ)")
    clinician.press("Space")
    clinician.until(lambda: section.view is not None and section.view.form.name == "asq", "the ASQ")
    clinician.until(lambda: asked(clinician).startswith("1."), "its first question")
    clinician.press("2", "2", "7")

    # A note in between, and back to where one was in the other form.
    clinician.press("Alt+N")
    clinician.type("wants to stop for a minute")
    clinician.press("Return", "Alt+3")
    assert asked(clinician).startswith("4.")
    clinician.press("Alt+PgUp")
    assert section.view is not None
    assert section.view.form.name == "imminent-risk"
    assert asked(clinician).startswith("Can it be put out of reach")
    clinician.press("Alt+PgDown")
    assert asked(clinician).startswith("4.")

    # Signed: the panel says what is frozen; the refusal counts as the published key has it.
    clinician.press("2", "2", "Ctrl+Return")
    assert clinician.focus.accessibleName() == "Sign"
    clinician.press("Return")
    clinician.until(lambda: any(each.completed_at for each in record(sitting, clinician)), "the signed ASQ")
    signed = record(sitting, clinician)[-1]
    assert signed.scores[0].value == "non-acute-positive"
    clinician.until(
        lambda: section.view is not None and section.view.form.name == "imminent-risk", "the one still open"
    )

    # The third answer was misheard.
    clinician.press("Alt+3", "Alt+PgDown")
    clinician.go_to("Amend Ask Suicide-Screening Questions (ASQ)")
    clinician.press("Space")
    clinician.type("the third was a no")
    clinician.press("Return")
    clinician.until(lambda: record(sitting, clinician)[-1].amending is not None, "the amendment")
    clinician.until(lambda: section.view is not None and section.view.form.name == "asq", "the ASQ again")
    section.view.go_to("asq-3")  # type: ignore[union-attr]
    clinician.press("2", "Ctrl+Return")
    assert record(sitting, clinician)[-1].scores[0].value == "non-acute-positive", "what was signed stands"
    clinician.press("Return")
    clinician.until(lambda: record(sitting, clinician)[-1].amendments, "the signed amendment")
    amended = record(sitting, clinician)[-1]
    assert amended.scores[0].value == "negative"
    assert amended.amendments[0].reason == "the third was a no"
