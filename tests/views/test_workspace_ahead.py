"""What is built before it is asked for is what would have been built then, however far that had come."""

import pytest

from console.handoff.fields import FIELDS
from console.models.clinical_fields import CLINICAL_FIELDS
from console.models.sign_in import SignIn
from console.queries.center import read_center
from console.views.workspace.dispose import DisposeSection
from console.views.workspace.facts import FactsSection
from console.views.workspace.screen import ScreenSection
from tests.views.workspace_kit import Room


@pytest.mark.parametrize("steps", [0, 1, 5, 1_000])
def test_facts_are_whole_when_gone_to_however_far_they_had_come(room: Room, clinician: SignIn, steps: int) -> None:
    page = room.open(clinician, room.claimed(clinician))
    making = page.frame.making("facts")
    for _ in range(steps):
        next(making, None)
    page.go("facts")
    facts = page.frame.sections["facts"]
    assert isinstance(facts, FactsSection)
    assert list(facts.rows) == [field.id for field in FIELDS]
    assert list(facts.clinical) == [field.id for field in CLINICAL_FIELDS]
    assert facts.isVisible()
    assert facts.isAncestorOf(page.window().focusWidget())
    assert list(making) == [], "nothing is built twice"
    assert page.frame.sections["facts"] is facts


def test_everything_a_call_needs_is_there_before_one_is_opened(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.workspace(clinician)
    steps = sum(1 for _ in page.making_ahead(read_center(room.desk)))
    made = dict(page.frame.sections)
    assert set(made) == set(page.frame.codes)
    assert steps > len(made) + len(FIELDS), "the longest section takes a step for each of its rows"
    page.show_call(call)
    room.until(lambda: page.work.page is not None)
    for code in made:
        page.go(code)
        assert page.frame.sections[code] is made[code]


def test_the_lists_of_the_center_are_there_before_a_call_is_opened(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    center = read_center(room.desk)
    page = room.workspace(clinician)
    assert list(page.making_ahead(center))
    screen, dispose = page.frame.sections["screen"], page.frame.sections["dispose"]
    assert isinstance(screen, ScreenSection)
    assert isinstance(dispose, DisposeSection)
    questions, groups = dict(screen.rows), dict(dispose.groups)
    assert list(questions) == [question.code for question in center.screening]
    assert list(groups) == list(dict.fromkeys(each.group for each in center.dispositions))
    page.show_call(call)
    room.until(lambda: page.work.page is not None)
    assert screen.rows == questions, "nothing is built twice"
    assert dispose.groups == groups
