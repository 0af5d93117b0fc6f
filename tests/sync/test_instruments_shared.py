"""A form that an administrator brings in at one desk is asked at another, and what was begun with it keeps it."""

import json
from pathlib import Path
from typing import Any

import pytest

from console.actions import assessments, encounters, instruments
from console.actions.instruments import Permit
from console.errors import KnownError
from console.forms.library import Form, installed, open_package
from console.models.assessment import ASSESSMENT
from console.models.store import rebuild
from console.queries.assessment import form_of
from console.queries.library import askable, read_shelf
from console.queries.status import desk_status
from console.queries.workspace import workspace
from console.sync import again
from tests.regional.conftest import Start
from tests.regional.servers import Server
from tests.support.desk import folded, person
from tests.support.shared import shared
from tests.support.sharing import SharingDesk, until
from tests.sync.conftest import Join

SOURCE = Path(__file__).parents[2] / "src"
PERMIT = Permit("Pfizer, by its notice", "2026-05-01", "https://www.phqscreeners.com, printed, folder 3")


def brought(desk: SharingDesk, path: Path, name: str) -> None:
    instruments.import_form(desk.desk, person("administrator"), open_package(path, installed()), name, PERMIT)


def offered(desk: SharingDesk, name: str, who: str = "clinician") -> Any:
    with desk.desk.store.read() as connection:
        return next((each for each in askable(desk.desk, connection, person(who).user) if each.name == name), None)


def answered(desk: SharingDesk, begun: Any, form: Form, place: int) -> None:
    """Give every question with options its option at ``place``."""
    for item in form.questionnaire.by_id.values():
        if item.is_question and item.options and not item.read_only:
            assessments.answer(desk.desk, person("clinician"), begun, form, item.link_id, (item.options[place].value,))


def test_a_form_imported_at_one_desk_is_answered_and_scored_at_another(join: Join, tmp_path: Path) -> None:
    source = shared("fhir-questionnaires/lhncbc-lforms/R4/phq9.json")
    first, second = join(), join()
    until(lambda: second.order("northside/administration"), "the administration")
    brought(first, source, "phq9-local")
    until(lambda: offered(second, "phq9-local") is not None, "the form at the other desk")
    form = offered(second, "phq9-local").form
    assert offered(second, "phq9-local").why_not == ""
    kept = json.loads(source.read_text(encoding="utf-8"))
    assert form.questionnaire.raw == kept

    encounter, _ = encounters.start(second.desk, person("clinician"), "transferred")
    begun, _ = assessments.begin(second.desk, person("clinician"), encounter, form)
    answered(second, begun, form, 1)

    # Meanwhile there is a newer version: what was begun goes on with its own.
    newer = tmp_path / "phq9.json"
    newer.write_text(json.dumps(kept | {"version": "of tomorrow"}), encoding="utf-8")
    brought(first, newer, "phq9-local")
    until(lambda: offered(second, "phq9-local").form.questionnaire.version == "of tomorrow", "the newer version")
    page = workspace(second.desk, person("clinician"), None, encounter)
    assert page.clinical is not None
    state = page.clinical.assessments[begun]
    resumed = form_of(page.clinical.library, state.form, state.sha256)
    assert resumed.questionnaire.sha256 == form.questionnaire.sha256
    assessments.complete(second.desk, person("clinician"), begun, resumed)
    (score,) = folded(second.desk.store, ASSESSMENT, begun).scores
    assert (score.name, score.value, score.band) == ("PHQ-9 total", "9", "Mild")


def test_what_is_withdrawn_or_kept_to_the_trained_is_so_at_every_desk(join: Join) -> None:
    first, second = join(), join()
    until(lambda: second.order("northside/administration"), "the administration")
    admin, asq = person("administrator"), installed().forms["asq"]
    instruments.withdraw(first.desk, admin, "asq", "we ask another")
    instruments.require_training(first.desk, admin, "phq-9", True)
    instruments.set_trained(first.desk, admin, "phq-9", [person("clinician").user])
    until(lambda: "you are not" in offered(second, "phq-9", "second clinician").why_not, "who is trained")
    assert offered(second, "phq-9").why_not == ""
    assert offered(second, "asq").why_not == "Withdrawn: we ask another"
    encounter, _ = encounters.start(second.desk, person("clinician"), "transferred")
    with pytest.raises(KnownError, match="Withdrawn"):
        assessments.begin(second.desk, person("clinician"), encounter, asq)


def test_an_operations_desk_holds_the_forms_too(join: Join, tmp_path: Path) -> None:
    """They are the center's own decision and hold nobody's answers."""
    first, second = join(), join("operations")
    until(lambda: second.order("northside/administration"), "the administration")
    brought(first, shared("fhir-questionnaires/lhncbc-lforms/R4/phq9.json"), "phq9-local")
    until(lambda: "phq9-local" in read_shelf(second.desk).library.forms, "the form at the operations desk")


OLDER = """
import wire.permissions as known
for kind in [kind for kind in known.WRITERS if kind.startswith(("form.", "instrument."))]:
    del known.WRITERS[kind]
del known.AUDIENCE_OF["form"], known.AUDIENCE_OF["instrument"]
"""
"""What a server's interpreter reads as it starts, to be one from before there were forms of a center's own."""


def test_a_server_of_an_older_version_refuses_them_in_words_and_takes_them_once_it_is_newer(
    start: Start, address: str, server: Server, join: Join, tmp_path: Path
) -> None:
    """… and meanwhile the form is asked at the desk that has it."""
    server.stop()
    (tmp_path / "sitecustomize.py").write_text(OLDER)
    older = start(address, PYTHONPATH=f"{tmp_path}:{SOURCE}")
    first, second = join(url=older.url), join(url=older.url)
    until(lambda: second.order("northside/administration"), "the administration")
    brought(first, shared("fhir-questionnaires/lhncbc-lforms/R4/phq9.json"), "phq9-local")
    until(lambda: len(first.refused()) == 3, "the refusals")
    told = desk_status(first.desk, person("administrator"))
    listed = {each.kind: (each.reason, each.do) for each in told.attention}
    assert listed.keys() == {"form.imported", "instrument.imported", "instrument.permitted"}
    for kind, (reason, do) in listed.items():
        assert reason == f"The server is of an older version that does not know {kind}."
        assert do == "It counts at this desk. Once the server is updated, offer it again and every desk has it"

    form = offered(first, "phq9-local").form
    assert offered(first, "phq9-local").why_not == ""
    assert offered(second, "phq9-local") is None
    encounter, _ = encounters.start(first.desk, person("clinician"), "transferred")
    begun, _ = assessments.begin(first.desk, person("clinician"), encounter, form)
    answered(first, begun, form, 1)
    assessments.complete(first.desk, person("clinician"), begun, form)
    assert rebuild.rebuild(first.desk.store).same
    assert [each.value for each in folded(first.desk.store, ASSESSMENT, begun).scores] == ["9"]

    for desk in (first, second):
        desk.stop()
    older.stop()
    newer = start(address)
    for desk in (first, second):
        desk.move(newer.url)
        desk.start()
    again.offer_again(first.desk)
    assert first.link is not None
    first.link.offered_again()
    until(lambda: offered(second, "phq9-local") is not None, "the form at the other desk")
    assert first.refused() == []
    assert offered(second, "phq9-local").why_not == ""
    assert rebuild.rebuild(first.desk.store).same
