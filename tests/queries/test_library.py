"""The forms of a center: where every reader finds them, and how little a page that is read again costs."""

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from console.actions import instruments
from console.errors import KnownError
from console.forms.instruments.description import Validity
from console.forms.instruments.scoring import score
from console.forms.library import installed, open_package
from console.models.instrument import FormImported, InstrumentImported, form_subject, instrument_subject
from console.models.sign_in import SignIn
from console.models.store import subjects
from console.models.store.desk import Desk
from console.queries import library as shelves
from console.queries.instruments import instruments as listed
from console.queries.instruments import preview, scores_of
from console.queries.library import askable, library_of, read_shelf
from tests.support.entries import Author, at
from tests.support.own_forms import PERMIT, bring, describe, document, package, why_not, write
from tests.support.shared import shared


def test_without_imports_it_is_what_is_shipped(desk: Desk, clinician: SignIn) -> None:
    assert read_shelf(desk).library.forms == installed().forms
    with desk.store.read() as connection:
        found = askable(desk, connection, clinician.user)
    assert {each.name for each in found} == set(installed().forms)
    assert not any(each.why_not for each in found)
    assert [each.title for each in found] == sorted((each.title for each in found), key=str.casefold)


def test_documents_are_read_once_until_something_is_decided(
    desk: Desk, administrator: SignIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(desk, administrator, tmp_path)
    read: list[Any] = []
    states = subjects.states

    def counted(connection: Any, aggregate: Any, wanted: Any) -> Any:
        read.append(aggregate.name)
        return states(connection, aggregate, wanted)

    monkeypatch.setattr(shelves.subjects, "states", counted)
    with desk.store.read() as connection:
        first = library_of(connection)
        assert library_of(connection) is first
    assert read == ["form"]
    instruments.withdraw(desk, administrator, "asq", "r")
    with desk.store.read() as connection:
        again = library_of(connection)
    assert read == ["form", "form"]
    assert again.forms["calm-down"] is first.forms["calm-down"]  # what was taken apart once is not taken apart again


def test_a_form_that_only_another_version_of_the_program_takes_is_named_and_offered_to_nobody(
    desk: Desk, clinician: SignIn
) -> None:
    author, form = Author(center=desk.center), form_subject(desk.center, "0" * 64, "")
    bodies = (
        (form, FormImported(at(), "0" * 64, '{"resourceType":"Questionnaire","item":[{"type":"hologram"}]}')),
        (
            instrument_subject(desk.center, "of-tomorrow"),
            InstrumentImported(at(), "of-tomorrow", form, "0" * 64, "Of tomorrow"),
        ),
        (
            instrument_subject(desk.center, "on-its-way"),
            InstrumentImported(at(), "on-its-way", form_subject(desk.center, "1" * 64, ""), "1" * 64, "On its way"),
        ),
    )
    desk.store.append([author.write(subject, body) for subject, body in bodies])
    assert "This version of Clinician Console cannot ask it" in why_not(desk, clinician.user, "of-tomorrow")
    assert "has not come to this desk" in why_not(desk, clinician.user, "on-its-way")
    problems = {each.name: (each.title, each.problem, each.standing) for each in listed(desk, clinician)}
    assert problems["of-tomorrow"][0] == "Of tomorrow"
    assert problems["of-tomorrow"][1] == problems["of-tomorrow"][2] != ""
    assert problems["asq"][1:] == ("", "")


def test_an_older_version_does_not_stand_in_for_one_that_cannot_be_read(
    desk: Desk, administrator: SignIn, clinician: SignIn, tmp_path: Path
) -> None:
    old = bring(desk, administrator, tmp_path)
    form = form_subject(desk.center, "0" * 64, "")
    newer = InstrumentImported(at(), "calm-down", form, "0" * 64, "Calm-down check", "2")
    desk.store.append([Author(center=desk.center).write(instrument_subject(desk.center, "calm-down"), newer)])
    library = read_shelf(desk).library
    assert "calm-down" not in library.forms
    assert library.form("calm-down", old.questionnaire.sha256) is not None
    assert "has not come" in why_not(desk, clinician.user)


def test_a_form_goes_on_under_its_url_and_gets_a_name_of_its_own_otherwise(
    desk: Desk, administrator: SignIn, tmp_path: Path
) -> None:
    bring(desk, administrator, tmp_path)
    library = read_shelf(desk).library

    def name(file: str, **more: Any) -> str:
        return library.name_for(package(tmp_path, file, **more).form)

    assert name("quite-another-file", version="2") == "calm-down"
    assert name("calm-down", url="http://example.org/another") == "calm-down-2"
    assert name("asq", url="") == "asq-2"
    assert name("Ruhe ist die erste Pflicht!", url="") == "ruhe-ist-die-erste-pflicht"
    bring(desk, administrator, tmp_path, "plain", url="")
    library = read_shelf(desk).library
    assert name("plain", url="", version="2") == "plain"
    assert name("plain", url="", title="Something else") == "plain-2"


def test_a_form_tied_by_hand_to_a_key_is_scored_by_it_and_needs_what_its_rights_say(
    desk: Desk, administrator: SignIn, clinician: SignIn, tmp_path: Path
) -> None:
    asked = [(f"i{n}", name) for n, name in enumerate(("1", "2", "3", "4", "5", "6", "6-recent"))]
    options = [{"valueString": "Ja"}, {"valueString": "Nein"}]
    items = [{"linkId": link, "type": "choice", "text": link, "answerOption": options} for link, _ in asked]
    path = write(tmp_path, "screener", item=items, title="Screener", url="http://example.org/screener")
    tie = {"key": "c-ssrs-screener", "items": {name: link for link, name in asked}}
    beside = tmp_path / "screener.instrument.json"
    beside.write_text(json.dumps(tie | {"answers": {"yes": ["Ja"], "no": ["Nein"]}}))
    found = preview(desk, administrator, path)
    assert (found.scores, found.needs_permission) == (("C-SSRS",), True)
    assert "Research Foundation for Mental Hygiene" in found.notice
    instruments.import_form(desk, administrator, found.package, "screener", PERMIT)
    assert "nobody is listed as trained" in why_not(desk, clinician.user, "screener")
    instruments.set_trained(desk, administrator, "screener", [clinician.user])
    assert why_not(desk, clinician.user, "screener") == ""
    form = read_shelf(desk).library.forms["screener"]
    given = {link: ("Ja" if name == "4" else "Nein",) for link, name in asked}
    assert score(form.questionnaire, given, form.bound)[0].value == "high"
    for wrong, says in ((tie | {"key": "nothing"}, "not here"), ({"key": 1}, "does not say"), (tie, "not each known")):
        beside.write_text(json.dumps(wrong))
        with pytest.raises(KnownError, match=says):
            preview(desk, administrator, path)


def test_two_forms_of_one_title_are_told_apart_by_their_names(
    desk: Desk, administrator: SignIn, clinician: SignIn, tmp_path: Path
) -> None:
    title = installed().forms["asq"].questionnaire.title
    bring(desk, administrator, tmp_path, "asq-ours", title=title)
    with desk.store.read() as connection:
        found = {each.name: each.title for each in askable(desk, connection, clinician.user)}
    assert (found["asq"], found["asq-ours"]) == (f"{title} (asq)", f"{title} (asq-ours)")
    assert found["gad-7"] == installed().forms["gad-7"].questionnaire.title


def test_the_preview_says_what_it_is_and_of_what_it_is_the_new_version(
    desk: Desk, administrator: SignIn, tmp_path: Path
) -> None:
    first = preview(desk, administrator, write(tmp_path))
    assert (first.name, first.replaces, first.same, first.needs_permission) == ("calm-down", None, False, True)
    assert first.scores == ("total",)
    assert "Ask before you copy" in first.notice
    bring(desk, administrator, tmp_path)
    assert preview(desk, administrator, write(tmp_path)).same
    second = preview(desk, administrator, write(tmp_path, version="2"))
    assert second.replaces is not None
    assert (second.replaces.version, second.same, second.needs_permission) == ("1", False, True)
    assert second.lapsed == "The permission on record is for another wording, version 1."
    third = preview(desk, administrator, describe(tmp_path, "1.0", 2))
    assert (third.same, third.needs_permission, third.lapsed) == (False, False, "")


def test_the_list_has_everything_an_administrator_decides_by(
    desk: Desk, administrator: SignIn, clinician: SignIn, tmp_path: Path
) -> None:
    bring(desk, administrator, tmp_path)
    instruments.set_trained(desk, administrator, "calm-down", [clinician.user])
    instruments.withdraw(desk, administrator, "asq", "we ask another")
    found = {each.name: each for each in listed(desk, administrator)}
    own = found["calm-down"]
    assert (own.imported, own.version, own.brought_by, own.permission_by) == (
        True,
        "1",
        administrator.display_name,
        administrator.display_name,
    )
    assert (own.trained, own.trained_only, own.standing) == ((clinician.user,), False, "")
    assert own.permission is not None
    assert own.permission.document == PERMIT.document
    assert found["asq"].standing == "Withdrawn: we ask another"
    assert "United States Government" in found["asq"].notice
    assert [each.title for each in listed(desk, None)] == sorted(
        (each.title for each in found.values()), key=str.casefold
    )


def test_real_forms_can_be_brought_in_and_are_the_same_afterwards(desk: Desk, administrator: SignIn) -> None:
    folder, brought = shared("fhir-questionnaires/lhncbc-lforms/R4"), 0
    for path in sorted(folder.glob("*.json"))[::6]:
        try:
            found = open_package(path, installed())
        except KnownError:  # what is refused, and why, is shown elsewhere
            continue
        library = read_shelf(desk).library
        name = library.name_for(found.form)
        instruments.import_form(desk, administrator, found, name, PERMIT)
        kept = read_shelf(desk).library.forms[name]
        assert kept.questionnaire.sha256 == found.form.questionnaire.sha256
        assert kept.questionnaire.raw == found.form.questionnaire.raw
        brought += 1
    assert brought > 3


def test_a_form_that_no_center_could_hold_is_refused_before_it_is_read(
    desk: Desk, administrator: SignIn, tmp_path: Path
) -> None:
    items = [{"linkId": f"{number}", "type": "string", "text": "x" * 100} for number in range(10_000)]
    file = tmp_path / "large.json"
    file.write_text(json.dumps({"resourceType": "Questionnaire", "status": "active", "item": items}))
    with pytest.raises(KnownError, match="larger than every desk of the center can hold"):
        preview(desk, administrator, file)


def test_a_score_that_there_will_never_be_is_not_promised(tmp_path: Path) -> None:
    plain = document()
    grouped = [
        {"linkId": f"g{number}", "type": "group", "text": "Part", "item": [item]}
        for number, item in enumerate(plain["item"])
    ]
    found = [package(tmp_path, item=items).form for items in (plain["item"], grouped)]
    assert scores_of(found[0]) == ("total",)
    (line,) = scores_of(found[1])
    assert line.startswith("total: not scored: the scored items stand in several groups")
    assert scores_of(installed().forms["phq-9"]) == ("PHQ-9 total",)
    assert scores_of(installed().forms["asq"]) == ("ASQ",)


def test_a_key_is_another_one_only_when_it_decides_otherwise() -> None:
    form = installed().forms["phq-9"]
    assert form.bound is not None

    def with_(**changed: Any) -> str:
        assert form.bound is not None
        return replace(form, bound=replace(form.bound, instrument=replace(form.bound.instrument, **changed))).key

    instrument = form.bound.instrument
    assert with_(version="9.9", title="PHQ", validity=Validity(), facts={}) == form.key
    assert with_(rights=replace(instrument.rights, notice="Another notice")) == form.key
    assert with_(alerts=()) != form.key
    assert with_(scores=(replace(instrument.scores[0], bands=()),)) != form.key
