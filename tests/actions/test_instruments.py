"""What an administrator decides about instruments, and what follows for those who ask them."""

import json
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from msgspec.structs import replace

from console.actions import assessments, encounters, instruments
from console.actions.instruments import Permit
from console.errors import BugError, KnownError, NotAllowed, NotFound
from console.forms.instruments.ties import tie_of
from console.forms.library import Form, installed, open_package, with_tie
from console.forms.model import Finding
from console.models.assessment import ASSESSMENT, AssessmentState, FrozenKey
from console.models.instrument import FORM, form_subject
from console.models.sign_in import SignIn
from console.models.store import rebuild
from console.models.store.desk import Desk
from console.queries.assessment import answers_of, form_of
from console.queries.instruments import preview
from console.queries.library import read_shelf
from console.settings import resources
from tests.support.clock import FixedClock
from tests.support.desk import entry_count, folded, open_desk, person
from tests.support.own_forms import PERMIT, bring, decided, describe, document, package, why_not, write, write_reworded


def test_an_imported_form_is_kept_as_it_came_with_who_permitted_it(
    desk: Desk, administrator: SignIn, clinician: SignIn, tmp_path: Path, clock: FixedClock
) -> None:
    form = bring(desk, administrator, tmp_path)
    state = decided(desk)
    assert state.current is not None
    assert (state.current.title, state.current.version, state.current.by) == (
        "Calm-down check",
        "1",
        administrator.user,
    )
    kept = folded(desk.store, FORM, state.current.form)
    assert json.loads(kept.document) == document()
    assert kept.sha256 == form.questionnaire.sha256
    assert state.permission is not None
    assert (state.permission.given_by, state.permission.given_on, state.permission.document) == (
        PERMIT.given_by,
        PERMIT.given_on,
        PERMIT.document,
    )
    assert (state.permission.by, state.permission.at) == (administrator.user, clock.now())
    assert why_not(desk, clinician.user) == ""
    assert rebuild.rebuild(desk.store).same


def test_numbers_are_kept_digit_by_digit(desk: Desk, administrator: SignIn, tmp_path: Path) -> None:
    path = write(tmp_path)
    path.write_text(path.read_text().replace('"status"', '"extension":[{"url":"u","valueDecimal":1.10}],"status"'))
    instruments.import_form(desk, administrator, open_package(path, installed()), "calm-down", PERMIT)
    current = decided(desk).current
    assert current is not None
    assert '"valueDecimal":1.10' in folded(desk.store, FORM, current.form).document


def test_what_is_answered_with_an_imported_form_is_scored_by_it(
    desk: Desk, administrator: SignIn, clinician: SignIn, tmp_path: Path
) -> None:
    form = bring(desk, administrator, tmp_path)
    coded = {option.value.code: option.value for option in form.questionnaire.by_id["breath"].options}  # type: ignore[union-attr]
    encounter, _ = encounters.start(desk, clinician, "transferred")
    begun, _ = assessments.begin(desk, clinician, encounter, form)
    assessments.answer(desk, clinician, begun, form, "breath", (coded["c2"],))
    assessments.answer(desk, clinician, begun, form, "voice", (coded["c1"],))
    assessments.complete(desk, clinician, begun, form)
    assert [(score.name, score.value) for score in folded(desk.store, ASSESSMENT, begun).scores] == [("total", "3")]


def test_a_newer_version_leaves_what_was_begun_with_its_own(
    desk: Desk, administrator: SignIn, clinician: SignIn, tmp_path: Path
) -> None:
    first = bring(desk, administrator, tmp_path)
    encounter, _ = encounters.start(desk, clinician, "transferred")
    begun, _ = assessments.begin(desk, clinician, encounter, first)
    (option, *_) = first.questionnaire.by_id["breath"].options
    second = bring(desk, administrator, tmp_path, version="2")
    assert second.questionnaire.sha256 != first.questionnaire.sha256
    state = folded(desk.store, ASSESSMENT, begun)
    library = read_shelf(desk).library
    resumed = form_of(library, state.form, state.sha256)
    assert resumed.questionnaire.sha256 == first.questionnaire.sha256
    assessments.answer(desk, clinician, begun, resumed, "breath", (option.value,))
    assessments.complete(desk, clinician, begun, resumed)
    assert answers_of(folded(desk.store, ASSESSMENT, begun)).keys() == {"breath"}
    assert library.forms["calm-down"].questionnaire.version == "2"
    with pytest.raises(KnownError, match="newer version"):
        assessments.begin(desk, clinician, encounter, first)
    assert assessments.begin(desk, clinician, encounter, second)
    assert [each.version for each in decided(desk).versions] == ["1", "2"]


def _begin_and_answer(desk: Desk, who: SignIn, encounter: UUID, form: Form) -> UUID:
    begun, _ = assessments.begin(desk, who, encounter, form)
    for item in ("breath", "voice"):
        assessments.answer(desk, who, begun, form, item, (form.questionnaire.by_id[item].options[1].value,))
    return begun


def _form_of(desk: Desk, state: AssessmentState) -> Form:
    return form_of(read_shelf(desk).library, state.form, state.sha256, state.key)


def test_a_new_key_to_the_same_wording_leaves_what_was_begun_with_the_old_one(
    desk: Desk, administrator: SignIn, clinician: SignIn, tmp_path: Path
) -> None:
    encounter, _ = encounters.start(desk, clinician, "transferred")
    plain = bring(desk, administrator, tmp_path)
    without_key = _begin_and_answer(desk, clinician, encounter, plain)
    brought = []
    for version, high in (("1.0", 2), ("2.0", 4)):
        opened = open_package(describe(tmp_path, version, high), installed())
        instruments.import_form(desk, administrator, opened, "calm-down", PERMIT)
        brought.append(opened.form.own("calm-down"))
        if version == "1.0":
            signed, begun = (_begin_and_answer(desk, clinician, encounter, brought[0]) for _ in range(2))
            assessments.complete(desk, clinician, signed, brought[0])
    old, new = brought
    with pytest.raises(KnownError, match="newer version"):
        assessments.begin(desk, clinician, encounter, old)
    assert old.key != new.key != plain.key == ""

    desk.store.close()
    desk = open_desk(desk.store.home)  # a desk that has nothing but the record
    state = folded(desk.store, ASSESSMENT, begun)
    found = _form_of(desk, state)
    assert (found.key, state.key) == (old.key, old.key)
    with pytest.raises(BugError, match="another version"):
        assessments.complete(desk, clinician, begun, new)
    assessments.complete(desk, clinician, begun, found)
    for each in (signed, begun):
        (held,) = folded(desk.store, ASSESSMENT, each).scores
        assert (held.value, held.band, held.key) == ("2", "HIGH", FrozenKey("Calm", "1.0", old.key))
        assert (held.is_number, held.answered, held.of) == (True, 2, 2)
        out = assessments.export(desk, clinician, each, partial(form_of, read_shelf(desk).library))
        notes = [note["text"] for entry in out["entry"][1:] for note in entry["resource"]["note"]]
        assert notes[0] == "Scored by Calm, version 1.0."
    assessments.complete(desk, clinician, without_key, _form_of(desk, folded(desk.store, ASSESSMENT, without_key)))
    (total,) = folded(desk.store, ASSESSMENT, without_key).scores
    assert (total.name, total.value, total.key) == ("total", "2", None)
    later = _begin_and_answer(desk, clinician, encounter, new)
    assessments.complete(desk, clinician, later, new)
    assert [held.band for held in folded(desk.store, ASSESSMENT, later).scores] == ["low"]
    desk.store.close()


def test_a_key_that_is_not_here_does_not_score_by_another(
    desk: Desk, administrator: SignIn, clinician: SignIn, tmp_path: Path
) -> None:
    form = bring(desk, administrator, tmp_path)
    with pytest.raises(KnownError, match="The key that scores this calm-down is not here"):
        form_of(read_shelf(desk).library, "calm-down", form.questionnaire.sha256, "another")


def test_without_a_permission_record_nothing_comes_in(desk: Desk, administrator: SignIn, tmp_path: Path) -> None:
    before = entry_count(desk.store)
    with pytest.raises(KnownError, match="needs a permission record"):
        instruments.import_form(desk, administrator, package(tmp_path), "calm-down")
    for wrong, says in (
        (Permit("", "2026-05-01", "letter"), "Who gave the permission"),
        (Permit("Authors", "May 1st", "letter"), "is no date"),
        (Permit("Authors", "2026-05-01", " "), "Where the document is"),
        (Permit("Authors", "2999-05-01", "letter"), "has not come yet"),
        (Permit("Authors", "2020-05-01", "letter", "2020-12-31"), "ended on 2020-12-31"),
    ):
        with pytest.raises(KnownError, match=says):
            instruments.import_form(desk, administrator, package(tmp_path), "calm-down", wrong)
    assert entry_count(desk.store) == before


def test_a_permission_that_ended_withholds_the_form_until_there_is_a_new_one(
    desk: Desk, administrator: SignIn, clinician: SignIn, tmp_path: Path, clock: FixedClock
) -> None:
    last = clock.now().astimezone(desk.zone).date().isoformat()
    instruments.import_form(
        desk, administrator, package(tmp_path), "calm-down", Permit("Authors", "2026-05-01", "letter", last)
    )
    assert why_not(desk, clinician.user) == ""
    clock.advance(24 * 3600)
    assert f"ended on {last}" in why_not(desk, clinician.user)
    form = read_shelf(desk).library.forms["calm-down"]
    encounter, _ = encounters.start(desk, clinician, "transferred")
    with pytest.raises(KnownError, match="The permission on record ended"):
        assessments.begin(desk, clinician, encounter, form)
    with pytest.raises(KnownError, match=f"ended on {last}. Calm-down check needs a permission record"):
        instruments.import_form(desk, administrator, package(tmp_path, version="2"), "calm-down")
    instruments.permit(desk, administrator, "calm-down", PERMIT)
    assert why_not(desk, clinician.user) == ""


def test_a_permission_is_for_the_wording_it_was_given_for(
    desk: Desk, administrator: SignIn, clinician: SignIn, tmp_path: Path
) -> None:
    bring(desk, administrator, tmp_path)
    other = package(tmp_path, version="2", title="A wholly different check")
    with pytest.raises(
        KnownError, match=r"for another wording, version 1\. A wholly different check needs a permission"
    ):
        instruments.import_form(desk, administrator, other, "calm-down")
    assert preview(desk, administrator, tmp_path / "calm-down.json").needs_permission
    instruments.import_form(desk, administrator, other, "calm-down", PERMIT)
    held = decided(desk).permission
    assert held is not None
    assert (held.sha256, held.version) == (other.form.questionnaire.sha256, "2")
    assert why_not(desk, clinician.user) == ""
    again = package(tmp_path, version="1")  # the first wording again, which the record is no longer for
    with pytest.raises(KnownError, match="for another wording, version 2"):
        instruments.import_form(desk, administrator, again, "calm-down")


def test_another_key_to_the_wording_needs_no_other_permission(
    desk: Desk, administrator: SignIn, clinician: SignIn, tmp_path: Path
) -> None:
    bring(desk, administrator, tmp_path)
    opened = open_package(describe(tmp_path, "1.0", 2), installed())
    instruments.import_form(desk, administrator, opened, "calm-down")
    assert why_not(desk, clinician.user) == ""


def test_only_trained_people_begin_what_is_kept_to_them(
    desk: Desk, administrator: SignIn, clinician: SignIn, second_clinician: SignIn, tmp_path: Path
) -> None:
    form = bring(desk, administrator, tmp_path)
    instruments.require_training(desk, administrator, "calm-down", True)
    assert "nobody is listed" in why_not(desk, clinician.user)
    instruments.set_trained(desk, administrator, "calm-down", [clinician.user], "2026-02-03")
    assert why_not(desk, clinician.user) == ""
    assert "you are not" in why_not(desk, second_clinician.user)
    assert [(each.user, each.on) for each in decided(desk).trained] == [(clinician.user, "2026-02-03")]
    encounter, _ = encounters.start(desk, second_clinician, "transferred")
    with pytest.raises(KnownError, match="listed as trained"):
        assessments.begin(desk, second_clinician, encounter, form)
    instruments.set_trained(desk, administrator, "calm-down", [clinician.user, second_clinician.user])
    assert assessments.begin(desk, second_clinician, encounter, form)
    before = entry_count(desk.store)
    instruments.set_trained(desk, administrator, "calm-down", [clinician.user, second_clinician.user])
    instruments.require_training(desk, administrator, "calm-down", True)
    assert entry_count(desk.store) == before
    instruments.set_trained(desk, administrator, "calm-down", [])
    instruments.require_training(desk, administrator, "calm-down", False)
    assert why_not(desk, second_clinician.user) == ""
    with pytest.raises(NotFound):
        instruments.set_trained(desk, administrator, "calm-down", [encounter])


def test_what_was_begun_before_it_was_withdrawn_goes_on(
    desk: Desk, administrator: SignIn, clinician: SignIn, tmp_path: Path
) -> None:
    form = bring(desk, administrator, tmp_path)
    encounter, _ = encounters.start(desk, clinician, "transferred")
    begun, _ = assessments.begin(desk, clinician, encounter, form)
    instruments.withdraw(desk, administrator, "calm-down", "the authors asked us to")
    with pytest.raises(KnownError, match="Withdrawn: the authors asked us to"):
        assessments.begin(desk, clinician, encounter, form)
    assessments.complete(
        desk, clinician, begun, form_of(read_shelf(desk).library, "calm-down", form.questionnaire.sha256)
    )
    with pytest.raises(KnownError, match="withdrawn already"):
        instruments.withdraw(desk, administrator, "calm-down", "again")
    instruments.offer(desk, administrator, "calm-down")
    with pytest.raises(KnownError, match="offered already"):
        instruments.offer(desk, administrator, "calm-down")
    assert assessments.begin(desk, clinician, encounter, form)


def test_a_shipped_form_is_switched_off_and_on(desk: Desk, administrator: SignIn, clinician: SignIn) -> None:
    asq = installed().forms["asq"]
    encounter, _ = encounters.start(desk, clinician, "transferred")
    instruments.withdraw(desk, administrator, "asq", "we ask C-SSRS")
    assert why_not(desk, clinician.user, "asq") == "Withdrawn: we ask C-SSRS"
    with pytest.raises(KnownError, match="cannot be begun"):
        assessments.begin(desk, clinician, encounter, asq)
    instruments.offer(desk, administrator, "asq")
    assert assessments.begin(desk, clinician, encounter, asq)
    with pytest.raises(NotFound, match="no instrument nothing"):
        instruments.withdraw(desk, administrator, "nothing", "r")


def test_a_new_version_of_a_withdrawn_form_is_offered(
    desk: Desk, administrator: SignIn, clinician: SignIn, tmp_path: Path
) -> None:
    bring(desk, administrator, tmp_path)
    instruments.withdraw(desk, administrator, "calm-down", "an error in question 2")
    bring(desk, administrator, tmp_path, version="2")
    assert why_not(desk, clinician.user) == ""


def test_a_form_in_other_words_is_scored_as_reworded_or_not_at_all(
    desk: Desk, administrator: SignIn, clinician: SignIn, tmp_path: Path
) -> None:
    opened = open_package(write_reworded(tmp_path), installed())
    before = entry_count(desk.store)
    with pytest.raises(KnownError, match="not those of the published instrument: item 2"):
        instruments.import_form(desk, administrator, opened, "ours", PERMIT)
    assert entry_count(desk.store) == before
    assert opened.form.bound is not None
    bound = opened.form.bound
    encounter, _ = encounters.start(desk, clinician, "transferred")

    def completed(**said: bool) -> UUID:
        told = with_tie(opened, replace(tie_of(bound), **said), installed())
        instruments.import_form(desk, administrator, told, "ours", PERMIT)
        form = read_shelf(desk).library.forms["ours"]
        begun, _ = assessments.begin(desk, clinician, encounter, form)
        for item in form.questionnaire.by_id.values():
            if item.is_scored:
                assessments.answer(desk, clinician, begun, form, item.link_id, (item.options[1].value,))
        assessments.complete(desk, clinician, begun, form)
        return begun

    scored = completed(reworded=True)
    library = read_shelf(desk).library
    out = assessments.export(desk, clinician, scored, lambda name, sha: form_of(library, name, sha))
    (total,) = [each["resource"] for each in out["entry"] if each["resource"].get("valueInteger") == 9]
    assert total["code"]["text"] == "PHQ-9 total (reworded)"
    assert total["code"]["coding"][0]["code"] == "44261-6"
    assert any("PHQ-9 (reworded)" in note["text"] for note in total["note"])
    held = folded(desk.store, ASSESSMENT, scored).scores
    assert [(each.name, each.value, each.band) for each in held] == [("PHQ-9 total (reworded)", "9", "Mild")]
    unscored = folded(desk.store, ASSESSMENT, completed(unscored=True))
    assert [each.value for each in unscored.scores] == [""]
    assert unscored.alerts == ()


def test_what_is_here_already_does_not_come_in_again(desk: Desk, administrator: SignIn, tmp_path: Path) -> None:
    bring(desk, administrator, tmp_path)
    with pytest.raises(KnownError, match="is here already"):
        bring(desk, administrator, tmp_path)
    shipped = open_package(resources() / "questionnaires" / "asq.json", installed())
    with pytest.raises(KnownError, match="comes with the program already, as asq"):
        instruments.import_form(desk, administrator, shipped, "asq-too", PERMIT)
    for name in ("asq", "Calm", "a b", "", "-x", "x" * 41):
        with pytest.raises(KnownError):
            instruments.import_form(desk, administrator, package(tmp_path, version="3"), name, PERMIT)


def test_a_form_too_large_for_the_journal_is_refused_with_what_fits(
    desk: Desk, administrator: SignIn, tmp_path: Path
) -> None:
    before = entry_count(desk.store)
    large = package(
        tmp_path, contained=[{"resourceType": "Basic", "id": str(at), "x": "x" * 1_000} for at in range(1_000)]
    )
    with pytest.raises(KnownError, match="larger than every desk of the center can hold"):
        instruments.import_form(desk, administrator, large, "calm-down", PERMIT)
    assert entry_count(desk.store) == before


def test_findings_stay_with_the_form(desk: Desk, administrator: SignIn, tmp_path: Path) -> None:
    plain = package(tmp_path)
    found = (
        *(Finding("voice", f"number {at} is passed over") for at in range(120)),
        Finding("", "and one of the form"),
    )
    q = replace(plain.form.questionnaire, findings=found)
    brought = replace(plain, form=replace(plain.form, questionnaire=q))
    instruments.import_form(desk, administrator, brought, "calm-down", PERMIT)
    current = decided(desk).current
    assert current is not None
    assert current.findings[0] == "voice: number 0 is passed over"
    assert len(current.findings) == 101
    assert current.findings[-1] == "and 21 more"


@pytest.mark.parametrize("who", ["clinician", "dispatcher", "clinical supervisor", "auditor", "supervisor"])
def test_nobody_but_an_administrator_decides(desk: Desk, tmp_path: Path, who: str) -> None:
    brought = package(tmp_path)
    with pytest.raises(NotAllowed):
        instruments.import_form(desk, person(who), brought, "calm-down", PERMIT)
    with pytest.raises(NotAllowed):
        instruments.withdraw(desk, person(who), "asq", "r")


def test_it_is_all_there_after_a_restart(desk: Desk, administrator: SignIn, clinician: SignIn, tmp_path: Path) -> None:
    form = bring(desk, administrator, tmp_path)
    current = decided(desk).current
    assert current is not None
    assert current.form == form_subject(desk.center, form.questionnaire.sha256, "")
    desk.store.close()
    again = open_desk(desk.store.home)
    assert why_not(again, clinician.user) == ""
    assert read_shelf(again).library.forms["calm-down"].questionnaire.sha256 == form.questionnaire.sha256
    again.store.close()
