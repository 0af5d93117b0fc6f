"""Instruments: what a center decided, whatever the order in which it was decided."""

from hypothesis import given
from hypothesis import strategies as st

from console.models.instrument import (
    FORM,
    INSTRUMENT,
    FormImported,
    InstrumentImported,
    InstrumentOffered,
    InstrumentPermitted,
    InstrumentState,
    InstrumentTrained,
    InstrumentTrainingRequired,
    InstrumentUntrained,
    InstrumentWithdrawn,
    Needs,
    OfInstrument,
    why_not,
    withheld,
)
from tests.support.entries import Author, at, named
from wire.fold import Folded

ANN, BEA = named("person", "ann"), named("person", "bea")
NAME, TODAY = "calm-down", "2026-11-21"
BOTH = Needs(permission=True, training=True)
IMPORTED = InstrumentImported(at(), NAME, named("form", "1"), "1" * 64, "Calm-down check", "1")
PERMITTED = InstrumentPermitted(at(), NAME, "The authors", "2026-05-01", "letter")


def fold(*bodies: OfInstrument) -> Folded[InstrumentState]:
    author = Author()
    return INSTRUMENT.fold([author.write(named("subject"), body) for body in bodies])


def state(*bodies: OfInstrument) -> InstrumentState:
    found = fold(*bodies).state
    assert found is not None
    return found


def test_a_form_never_changes() -> None:
    author = Author()
    first, second = FormImported(at(), "1" * 64, "{}"), FormImported(at(1), "2" * 64, '{"another":1}')
    folded = FORM.fold([author.write(named("form"), body) for body in (first, second)])
    assert folded.state is not None
    assert (folded.state.sha256, folded.state.document, folded.senseless) == ("1" * 64, "{}", ())


def test_a_name_stands_for_the_form_that_came_last_and_keeps_the_others() -> None:
    second = InstrumentImported(at(1), NAME, named("form", "2"), "2" * 64, "Calm-down check", "2")
    found = state(IMPORTED, second)
    assert found.current is not None
    assert (found.current.version, [each.version for each in found.versions]) == ("2", ["1", "2"])
    again = state(IMPORTED, second, IMPORTED)
    assert [each.version for each in again.versions] == ["2", "1"]


def test_who_may_begin_follows_from_permission_training_and_withdrawal() -> None:
    assert "No permission" in why_not(None, BOTH, ANN, TODAY)
    assert why_not(None, Needs(), ANN, TODAY) == ""
    assert "nobody is listed" in withheld(state(PERMITTED), BOTH, TODAY)
    trained = (PERMITTED, InstrumentTrained(at(), NAME, ANN, "2026-02-03"))
    assert why_not(state(*trained), BOTH, ANN, TODAY) == ""
    assert "you are not" in why_not(state(*trained), BOTH, BEA, TODAY)
    assert withheld(state(*trained), BOTH, TODAY) == ""
    off = (*trained, InstrumentWithdrawn(at(), NAME, "an error in it"))
    assert why_not(state(*off), BOTH, ANN, TODAY) == "Withdrawn: an error in it"
    assert why_not(state(*off, InstrumentOffered(at(), NAME)), BOTH, ANN, TODAY) == ""


def test_a_permission_counts_to_the_end_of_its_last_day() -> None:
    until = InstrumentPermitted(at(), NAME, "The authors", "2026-05-01", "letter", TODAY)
    assert why_not(state(until), Needs(permission=True), ANN, TODAY) == ""
    assert "ended on" in why_not(state(until), Needs(permission=True), ANN, "2026-11-22")
    assert why_not(state(until, PERMITTED), Needs(permission=True), ANN, "2026-11-22") == ""


def test_a_permission_is_for_one_wording_and_an_older_record_for_the_one_of_its_day() -> None:
    second = InstrumentImported(at(1), NAME, named("form", "2"), "2" * 64, "Calm-down check", "2")
    needs = Needs(permission=True)
    for permitted in (PERMITTED, InstrumentPermitted(at(), NAME, "A", TODAY, "letter", sha256="1" * 64, version="1")):
        assert withheld(state(IMPORTED, permitted), needs, TODAY) == ""
        assert "for another wording, version 1." in withheld(state(IMPORTED, permitted, second), needs, TODAY)
        assert withheld(state(IMPORTED, permitted, second), Needs(), TODAY) == ""
    assert withheld(state(IMPORTED, second, PERMITTED), needs, TODAY) == ""


def test_what_makes_no_sense_changes_nothing_and_is_listed() -> None:
    for body, reason in (
        (InstrumentUntrained(at(), NAME, ANN), "the person is not listed as trained"),
        (InstrumentOffered(at(), NAME), "the instrument is offered already"),
    ):
        folded = fold(IMPORTED, body)
        assert [each.reason for each in folded.senseless] == [reason]
        assert folded.state == fold(IMPORTED).state
        assert fold(body).state is None


ACTS = st.one_of(
    st.builds(InstrumentTrained, st.just(at()), st.just(NAME), st.sampled_from((ANN, BEA))),
    st.builds(InstrumentUntrained, st.just(at()), st.just(NAME), st.sampled_from((ANN, BEA))),
    st.builds(InstrumentTrainingRequired, st.just(at()), st.just(NAME), st.booleans()),
    st.sampled_from(
        [
            IMPORTED,
            InstrumentImported(at(1), NAME, named("form", "2"), "2" * 64, "Calm-down check", "2"),
            PERMITTED,
            InstrumentWithdrawn(at(), NAME, "r"),
            InstrumentOffered(at(), NAME),
        ]
    ),
)


@given(st.lists(ACTS, min_size=1, max_size=20))
def test_the_last_word_on_each_matter_counts(acts: list[OfInstrument]) -> None:
    """Held against a plain reading of the list: who is trained, whether it is withdrawn, which form it is."""
    trained: set[object] = set()
    withdrawn = permitted = required = False
    form = given_for = None
    for body in acts:
        match body:
            case InstrumentTrained():
                trained.add(body.user)
            case InstrumentUntrained():
                trained.discard(body.user)
            case InstrumentTrainingRequired():
                required = body.required
            case InstrumentImported():
                form = body.form
            case InstrumentPermitted():
                permitted, given_for = True, form
            case InstrumentWithdrawn():
                withdrawn = True
            case InstrumentOffered():
                withdrawn = False
    found = fold(*acts).state or InstrumentState(NAME)
    assert {each.user for each in found.trained} == trained
    assert len(found.trained) == len(trained)
    assert (found.withdrawn is not None, found.permission is not None) == (withdrawn, permitted)
    assert found.training_required == required
    assert (found.current.form if found.current else None) == form
    may = why_not(found, BOTH, ANN, TODAY) == ""
    assert may == (permitted and given_for in (None, form) and not withdrawn and ANN in trained)
