"""Encounters, assessments and referrals, step by step."""

from uuid import UUID

import msgspec
import pytest

from console.models.assessment import (
    ASSESSMENT,
    Amendment,
    AssessmentAbandoned,
    AssessmentAlarmAcknowledged,
    AssessmentAnswered,
    AssessmentCompleted,
    AssessmentReopened,
    AssessmentStarted,
    FrozenAlert,
    FrozenScore,
)
from console.models.encounter import (
    ENCOUNTER,
    EncounterBound,
    EncounterClosed,
    EncounterFactStated,
    EncounterMatchJudged,
    EncounterNoteAmended,
    EncounterNoted,
    EncounterStarted,
    Judgment,
)
from console.models.referral import REFERRAL, ReferralAnswered, ReferralOffered, ReferralWithdrawn
from tests.support.entries import Author, at, named
from wire.envelope import Entry
from wire.fold import Aggregate, Body, Folded

ANN, BEN = named("person", "ann"), named("person", "ben")


def write(*bodies: Body, by: UUID = ANN) -> list[Entry]:
    author = Author()
    return [author.write(named("subject"), body, actor=by) for body in bodies]


def reasons(aggregate: Aggregate[object], *bodies: Body) -> list[str]:
    return [listed.reason for listed in aggregate.fold(write(*bodies)).senseless]


# -- encounter ---------------------------------------------------------------------------------------------------------

STARTED = EncounterStarted(at(), "transferred")


def test_an_encounter_may_start_before_any_call() -> None:
    state = ENCOUNTER.fold(write(STARTED)).state
    assert state is not None
    assert (state.call, state.clinician, state.started_at, state.way_in) == (None, ANN, at(), "transferred")


def test_an_encounter_is_bound_and_bound_again() -> None:
    folded = ENCOUNTER.fold(write(STARTED, EncounterBound(at(1), named("a")), EncounterBound(at(2), named("b"))))
    assert folded.state is not None
    assert folded.state.call == named("b")


def test_a_note_is_amended_and_both_versions_stay() -> None:
    entries = write(STARTED, EncounterNoted(at(1), "has a nife"), EncounterNoted(at(2), "alone"))
    author = Author("ben")
    for text in ("has a knife", "had a knife"):
        entries.append(author.write(named("subject"), EncounterNoteAmended(at(3), entries[1].id, text)))
    state = ENCOUNTER.fold(entries).state
    assert state is not None
    first, second = state.notes
    assert (first.text, first.before, first.by) == ("had a knife", ("has a nife", "has a knife"), ANN)
    assert (second.text, second.before) == ("alone", ())


def test_a_note_that_is_not_there_cannot_be_amended() -> None:
    assert reasons(ENCOUNTER, STARTED, EncounterNoteAmended(at(1), named("x"), "y")) == [
        "the note it amends is not known"
    ]


def test_a_clinical_fact_is_replaced_and_made_unknown_again() -> None:
    first = EncounterFactStated(at(1), "name", "J.", "caller")
    state = ENCOUNTER.fold(write(STARTED, first, EncounterFactStated(at(2), "name", "Jo", "self"))).state
    assert state is not None
    assert (state.facts["name"].value, state.facts["name"].source) == ("Jo", "self")
    state = ENCOUNTER.fold(write(STARTED, first, EncounterFactStated(at(2), "name", "", "self"))).state
    assert state is not None
    assert state.facts == {}


def test_notes_may_follow_the_end_of_an_encounter() -> None:
    state = ENCOUNTER.fold(write(STARTED, EncounterClosed(at(5)), EncounterNoted(at(6), "she called back"))).state
    assert state is not None
    assert state.closed_at == at(5)
    assert len(state.notes) == 1


def test_an_encounter_starts_once_and_first() -> None:
    assert reasons(ENCOUNTER, STARTED, STARTED) == ["the encounter has started already"]
    others = [
        EncounterBound(at(), named("a")),
        EncounterNoted(at(), "x"),
        EncounterNoteAmended(at(), named("x"), "y"),
        EncounterFactStated(at(), "name", "x", "y"),
        EncounterClosed(at()),
    ]
    assert reasons(ENCOUNTER, *others) == ["the encounter has not started"] * 5


def test_what_is_said_of_an_earlier_contact_stands_until_it_is_said_otherwise() -> None:
    other = named("earlier contact")
    said = EncounterMatchJudged(at(1), other, True), EncounterMatchJudged(at(2), other, False)
    assert _matches() == {}
    assert _matches(said[0]) == {str(other): Judgment(True, at(1), ANN)}
    assert _matches(*said) == {str(other): Judgment(False, at(2), ANN)}
    assert _matches(*said, EncounterMatchJudged(at(3), other)) == {}
    assert reasons(ENCOUNTER, said[0]) == ["the encounter has not started"]


def _matches(*bodies: Body) -> dict[str, Judgment]:
    state = ENCOUNTER.fold(write(STARTED, *bodies)).state
    assert state is not None
    return state.matches


# -- assessment --------------------------------------------------------------------------------------------------------

OPENED = AssessmentStarted(at(), named("encounter"), "phq-9", "1", "abc", "the caller")
YES = AssessmentAnswered(at(1), "q1", ({"valueBoolean": True},))


def test_an_answer_is_replaced_and_withdrawn() -> None:
    no = AssessmentAnswered(at(2), "q1", ({"valueBoolean": False},))
    state = ASSESSMENT.fold(write(OPENED, YES, no)).state
    assert state is not None
    assert (state.answers["q1"].answers, state.answers["q1"].at) == (({"valueBoolean": False},), at(2))
    assert (state.asked_of, state.encounter) == ("the caller", named("encounter"))
    state = ASSESSMENT.fold(write(OPENED, YES, AssessmentAnswered(at(3), "q1"))).state
    assert state is not None
    assert (state.answers, state.withdrawn) == ({}, ("q1",))


def test_what_older_programs_wrote_is_read_without_what_they_did_not_say() -> None:
    opened = '{"at":"2026-11-21T22:00:00Z","encounter":"%s","form":"f","form_version":"1","sha256":"abc"}'
    signed = '{"at":"2026-11-21T22:00:05Z","response":{},"scores":[{"name":"n","value":"7","reason":"","band":""}]}'
    entries = [
        msgspec.structs.replace(entry, body=body)
        for entry, body in zip(
            write(OPENED, AssessmentCompleted(at(5), {})), (opened % named("encounter"), signed), strict=True
        )
    ]
    folded = ASSESSMENT.fold(entries)
    assert folded.state is not None
    assert (folded.senseless, folded.unread, folded.state.key) == ((), 0, None)
    (score,) = folded.state.scores
    assert (score.value, score.is_number, score.key, score.words, score.of) == ("7", None, None, "", 0)


def test_there_must_be_an_answer_to_withdraw() -> None:
    assert reasons(ASSESSMENT, OPENED, AssessmentAnswered(at(3), "q1")) == ["there is no answer to withdraw"]


def test_a_completed_assessment_is_frozen() -> None:
    completed = AssessmentCompleted(
        at(5), {"item": []}, (FrozenScore("total", "", "an item is missing"),), (FrozenAlert("alert"),)
    )
    entries = write(OPENED, YES, completed, AssessmentAnswered(at(6), "q1"), completed, AssessmentAbandoned(at(7), "x"))
    folded = ASSESSMENT.fold(entries)
    assert folded.state is not None
    assert folded.state.completed_at == at(5)
    assert folded.state.scores == (FrozenScore("total", "", "an item is missing"),)
    assert folded.state.alert_words == "alert"
    assert "q1" in folded.state.answers
    assert [listed.reason for listed in folded.senseless] == ["the assessment is completed"] * 3


def test_an_abandoned_assessment_keeps_its_answers_and_takes_no_more() -> None:
    folded = ASSESSMENT.fold(write(OPENED, YES, AssessmentAbandoned(at(5), "wrong form"), YES))
    assert folded.state is not None
    assert (folded.state.abandoned, set(folded.state.answers)) == ("wrong form", {"q1"})
    assert [listed.reason for listed in folded.senseless] == ["the assessment was abandoned"]


def test_what_was_signed_stands_until_the_amended_assessment_is_signed() -> None:
    signed = AssessmentCompleted(at(5), {"item": [1]}, (FrozenScore("total", "3"),), (FrozenAlert("alert"),))
    seen, reopened = AssessmentAlarmAcknowledged(at(6)), AssessmentReopened(at(7), "heard it wrong")
    no = AssessmentAnswered(at(8), "q1", ({"valueBoolean": False},))
    state = ASSESSMENT.fold(write(OPENED, YES, signed, seen, reopened, no)).state
    assert state is not None
    assert (state.completed_at, state.scores, state.alert_words) == (at(5), signed.scores, "alert")
    assert state.in_progress
    again = AssessmentCompleted(at(9), {"item": [2]}, (FrozenScore("total", "0"),))
    state = ASSESSMENT.fold(write(OPENED, YES, signed, seen, reopened, no, again)).state
    assert state is not None
    assert (state.completed_at, state.response, state.alerts) == (at(9), {"item": [2]}, ())
    assert state.amendments == (Amendment(at(7), "heard it wrong", at(5), signed.scores),)
    assert (state.in_progress, state.amending, state.alarm_acknowledged_at) == (False, None, None)


def test_an_amendment_that_is_given_up_leaves_what_was_signed() -> None:
    signed, reopened = AssessmentCompleted(at(5), {}), AssessmentReopened(at(7), "heard it wrong")
    withdrawn = AssessmentAnswered(at(8), "q1")
    state = ASSESSMENT.fold(write(OPENED, YES, signed, reopened, withdrawn, AssessmentAbandoned(at(9), "no"))).state
    before = ASSESSMENT.fold(write(OPENED, YES, signed)).state
    assert state is not None
    assert before is not None
    assert (state.answers, state.completed_at, state.abandoned) == (before.answers, at(5), "")
    assert not state.in_progress


def test_only_what_is_completed_is_reopened_and_once() -> None:
    reopened = AssessmentReopened(at(7), "x")
    assert reasons(ASSESSMENT, OPENED, reopened) == ["the assessment is not completed"]
    twice = reasons(ASSESSMENT, OPENED, AssessmentCompleted(at(5), {}), reopened, reopened)
    assert twice == ["the assessment is being amended already"]


def test_an_assessment_starts_once_and_first() -> None:
    assert reasons(ASSESSMENT, OPENED, OPENED) == ["the assessment has started already"]
    others = [YES, AssessmentCompleted(at(), {}), AssessmentAbandoned(at(), "x")]
    assert reasons(ASSESSMENT, *others) == ["the assessment has not started"] * 3


# -- referral ----------------------------------------------------------------------------------------------------------

OFFERED = ReferralOffered(at(), named("encounter"), named("service"), "Harbor House", "555-0100")


@pytest.mark.parametrize("answer", ["accepted", "declined"])
def test_a_person_answers_an_offer(answer: str) -> None:
    state = REFERRAL.fold(write(OFFERED, ReferralAnswered(at(2), answer, "too far"))).state
    assert state is not None
    assert (state.answer, state.reason, state.answered_at) == (answer, "too far", at(2))
    assert (state.service_name, state.service_phone) == ("Harbor House", "555-0100")


def test_the_last_answer_counts() -> None:
    state = REFERRAL.fold(
        write(OFFERED, ReferralAnswered(at(2), "declined"), ReferralAnswered(at(3), "accepted"))
    ).state
    assert state is not None
    assert state.answer == "accepted"


def test_any_other_word_is_no_answer() -> None:
    assert reasons(REFERRAL, OFFERED, ReferralAnswered(at(2), "perhaps")) == ["perhaps is not an answer to an offer"]


def test_an_offer_is_withdrawn_until_it_is_answered() -> None:
    state = REFERRAL.fold(write(OFFERED, ReferralWithdrawn(at(1)))).state
    assert state is not None
    assert state.withdrawn
    assert reasons(REFERRAL, OFFERED, ReferralAnswered(at(1), "accepted"), ReferralWithdrawn(at(2))) == [
        "the person has answered; the offer cannot be taken back"
    ]


def test_an_offer_is_made_once_and_first() -> None:
    assert reasons(REFERRAL, OFFERED, OFFERED) == ["the service was offered already"]
    assert (
        reasons(REFERRAL, ReferralAnswered(at(), "accepted"), ReferralWithdrawn(at()))
        == ["the service was not offered"] * 2
    )


def test_every_clinical_aggregate_is_in_the_providers_journal() -> None:
    aggregates: list[Aggregate[object]] = [ENCOUNTER, ASSESSMENT, REFERRAL]  # type: ignore[list-item]
    assert all(aggregate.belongs_in("lakeside/clinical") for aggregate in aggregates)
    assert not any(aggregate.belongs_in("northside/operations") for aggregate in aggregates)


def test_a_fold_says_nothing_of_another_subject() -> None:
    folded: Folded[object] = ENCOUNTER.fold(write(STARTED))  # type: ignore[assignment]
    assert folded.unread == 0
