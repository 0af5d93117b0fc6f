"""From a CSV file through the encrypted store to what a search finds."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from console.actions.directory import NOT_IN_FILE, ImportDone, import_services, note_service
from console.directory.csv_import import OWN, service_id
from console.directory.hours import Opening
from console.directory.rank import Wanted
from console.errors import KnownError, NotAllowed, NotFound
from console.models.service import SERVICE, ServiceState
from console.models.sign_in import SignIn
from console.models.store.desk import Desk
from console.queries.directory import Found, call_place, contents, search
from tests.support.clock import FixedClock
from tests.support.desk import Cad, entry_count, folded, person

WESTSIDE = Path(__file__).parents[2] / "resources" / "directory" / "westside.csv"
DOWNTOWN = (41.610, -93.880)
HEADER = "id,name,phone,needs,hours"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "services.csv"


def bring(desk: Desk, keeper: SignIn, file: Path, *rows: str) -> ImportDone:
    file.write_text("\n".join((HEADER, *rows)), encoding="utf-8")
    return import_services(desk, keeper, file)


def counts(done: ImportDone) -> tuple[int, int, int, int]:
    return done.added, done.updated, done.unchanged, done.closed


def state(desk: Desk, key: str) -> ServiceState:
    return folded(desk.store, SERVICE, service_id(OWN, key))


def entries(desk: Desk) -> int:
    return entry_count(desk.store)


def names(found: Found) -> list[str]:
    return [hit.described.name for hit in found.hits]


# -- import ------------------------------------------------------------------------------------------------------------


def test_an_import_adds_updates_leaves_and_closes(desk: Desk, keeper: SignIn, file: Path, clock: FixedClock) -> None:
    assert counts(bring(desk, keeper, file, "1,Detox,988,detox,24/7", "2,Food,211,food,", "3,Bed,988,shelter,")) == (
        3, 0, 0, 0,
    )  # fmt: skip
    clock.advance(3600)
    done = bring(desk, keeper, file, "1,Detox,988,detox,24/7", "2,Food,211,food,daily 9am-5pm", "4,Talk,988,crisis,")
    assert counts(done) == (1, 1, 1, 1)
    assert {service for _, service in done.changes.subjects} == {service_id(OWN, key) for key in "234"}
    assert state(desk, "2").described.hours_text == "daily 9am-5pm"
    assert state(desk, "3").closed == NOT_IN_FILE
    assert names(search(desk, keeper, Wanted())) == ["Detox", "Talk", "Food"]  # open, unknown, closed


def test_the_same_file_again_writes_nothing(desk: Desk, keeper: SignIn, clock: FixedClock) -> None:
    first = import_services(desk, keeper, WESTSIDE)
    assert counts(first) == (32, 0, 0, 0)
    written = entries(desk)
    clock.advance(86_400)
    again = import_services(desk, keeper, WESTSIDE)
    assert counts(again) == (0, 0, 32, 0)
    assert not again.changes
    assert entries(desk) == written


def test_a_service_that_comes_back_opens_again(desk: Desk, keeper: SignIn, file: Path) -> None:
    row = "1,Detox,988,detox,24/7"
    bring(desk, keeper, file, row, "2,Food,211,food,")
    bring(desk, keeper, file, "2,Food,211,food,")
    assert names(search(desk, keeper, Wanted("detox"))) == []
    done = bring(desk, keeper, file, row, "2,Food,211,food,")
    assert (counts(done), done.reopened) == ((0, 1, 1, 0), 1)
    assert names(search(desk, keeper, Wanted("detox"))) == ["Detox"]


def test_closing_once_is_enough(desk: Desk, keeper: SignIn, file: Path) -> None:
    bring(desk, keeper, file, "1,Detox,988,,", "2,Food,211,,")
    bring(desk, keeper, file, "2,Food,211,,")
    written = entries(desk)
    assert counts(bring(desk, keeper, file, "2,Food,211,,")) == (0, 0, 1, 0)
    assert entries(desk) == written


def test_a_refused_row_closes_nothing_it_may_stand_for(desk: Desk, keeper: SignIn, file: Path) -> None:
    bring(desk, keeper, file, "1,Detox,988,,", "2,Food,211,,", "3,Bed,988,,")
    done = bring(desk, keeper, file, "1,,988,,", "2,Food,211,,")
    assert (done.closed, done.not_closed) == (1, 0)
    assert state(desk, "1").closed == ""
    assert state(desk, "3").closed == NOT_IN_FILE
    done = bring(desk, keeper, file, '2,"Fo"od,211,,', "4,Talk,988,,")
    assert (done.closed, done.not_closed) == (0, 2)
    assert "a refused row of services.csv may be theirs" in done.not_closed_because
    assert state(desk, "2").closed == ""


def test_a_wholly_other_file_closes_nothing_until_it_is_imported_again(desk: Desk, keeper: SignIn, file: Path) -> None:
    bring(desk, keeper, file, "1,Detox,988,,", "2,Food,211,,")
    done = bring(desk, keeper, file, "A1,Detox,988,,")
    assert (done.added, done.closed, done.not_closed) == (1, 0, 2)
    assert "names none of the services that were here" in done.not_closed_because
    done = bring(desk, keeper, file, "A1,Detox,988,,")
    assert (done.unchanged, done.closed, done.not_closed, done.not_closed_because) == (1, 2, 0, "")
    assert len(search(desk, keeper, Wanted()).hits) == 1


def test_local_notes_outlive_imports(desk: Desk, keeper: SignIn, clinician: SignIn, file: Path) -> None:
    bring(desk, keeper, file, "1,Detox,988,,")
    note_service(desk, clinician, service_id(OWN, "1"), " side door after 10 pm ")
    bring(desk, keeper, file, "1,Detox Center,988,,")
    kept = state(desk, "1")
    assert kept.described.name == "Detox Center"
    assert [(note.by, note.text) for note in kept.notes] == [(clinician.user, "side door after 10 pm")]
    (hit,) = search(desk, clinician, Wanted("detox")).hits
    assert hit.notes == kept.notes
    with pytest.raises(NotFound):
        note_service(desk, clinician, UUID(int=9), "x")
    with pytest.raises(KnownError, match="note is missing"):
        note_service(desk, clinician, service_id(OWN, "1"), "  ")


def test_an_import_is_one_act_for_each_service(desk: Desk, keeper: SignIn, clinician: SignIn, file: Path) -> None:
    with pytest.raises(NotAllowed):
        bring(desk, clinician, file, "1,Detox,988,,")
    assert contents(desk, clinician).services == 0
    bring(desk, keeper, file, "1,Detox,988,,", "2,Food,211,,")
    with desk.store.read() as connection:
        acts = connection.exec_driver_sql(
            "SELECT DISTINCT act, journal, actor FROM entry WHERE kind LIKE 'service.%'"
        ).all()
    assert [(journal, actor) for _, journal, actor in acts] == [("region/directory", keeper.user.bytes)] * 2


def test_a_file_that_cannot_be_read_changes_nothing(desk: Desk, keeper: SignIn, file: Path, tmp_path: Path) -> None:
    bring(desk, keeper, file, "1,Detox,988,,")
    written = entries(desk)
    file.write_bytes("id,name\n1,Café".encode("latin-1"))
    for path, why in (
        (file, "services.csv, line 2: a letter is not in UTF-8"),
        (tmp_path, "is a folder"),
        (tmp_path / "none.csv", "There is no file"),
    ):
        with pytest.raises(KnownError, match=why):
            import_services(desk, keeper, path)
    assert entries(desk) == written


# -- search ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def westside(desk: Desk, keeper: SignIn) -> Desk:
    import_services(desk, keeper, WESTSIDE)
    return desk


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("detox", "Detox and Sobering Center"),
        ("DET sober", "Detox and Sobering Center"),
        ("veterans", "Veterans Support Desk"),
        ("dement", "Memory Care Helpline"),
        ("pantry", "Food Pantry"),
        ("vietnamese clinic", "Community Clinic"),
        ("confidential", "Domestic Violence Hotline and Safe House"),
        ("naloxone", "Naloxone by Mail and Counter"),
        ("autism", "Autism Family Support"),
        ("Orchard", "Living Room Drop-in"),
    ],
)
def test_words_find_the_service(westside: Desk, clinician: SignIn, words: str, first: str) -> None:
    assert names(search(westside, clinician, Wanted(words)))[0] == first


@pytest.mark.parametrize("words", ["zebra", "detox zebra", '"', "detox AND NOT x", "name:", "a*b(c"])
def test_words_are_never_a_query_language(westside: Desk, words: str) -> None:
    found = search(westside, None, Wanted(words))
    assert found.services == 32
    if "x" in words or "z" in words:
        assert found.hits == ()


def test_no_words_find_everything_and_needs_narrow_it(westside: Desk, clinician: SignIn) -> None:
    assert len(search(westside, clinician, Wanted()).hits) == 32
    found = search(westside, clinician, Wanted(needs=("Shelter",), near=DOWNTOWN))
    assert len(found.hits) == 6
    assert all("shelter" in hit.described.needs for hit in found.hits)
    assert {"Night Shelter for Men", "Women and Families Shelter"} <= set(names(found))
    assert names(search(westside, clinician, Wanted("youth", ("shelter",))))[0] == "Youth Shelter and Street Outreach"


def test_open_is_told_for_the_moment_asked_about(westside: Desk) -> None:
    night = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)  # 01:00 on Sunday in Westside
    noon = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
    wanted = Wanted("living room", open_now=True)
    (hit,) = search(westside, None, wanted, at=night).hits
    assert (hit.open.state, hit.open.text) == (Opening.OPEN, "open until 02:00")
    by_day = search(westside, None, wanted, at=noon)
    assert (by_day.hits, by_day.closed_hidden) == ((), 1)


def test_by_default_open_is_told_for_now(westside: Desk, clock: FixedClock) -> None:
    found = search(westside, None, Wanted("pantry"))
    assert found.at == clock.now()
    assert found.hits[0].open.text == "closed, opens Tue 14:00"


def test_the_nearest_fitting_service_stands_first(westside: Desk) -> None:
    for here, first in (
        ((41.600, -93.867), "Crisis Stabilization Center"),
        ((41.615, -93.882), "Mobile Crisis Team"),
    ):
        assert names(search(westside, None, Wanted(needs=("crisis",), near=here)))[0] == first


def test_more_than_can_be_shown_is_said(westside: Desk) -> None:
    found = search(westside, None, Wanted(), most=10)
    assert (len(found.hits), found.more_fit) == (10, True)
    assert not search(westside, None, Wanted(), most=32).more_fit


def test_the_contents_count_needs(westside: Desk, clinician: SignIn) -> None:
    held = contents(westside, clinician)
    assert held.services == 32
    offered = {need.need: need.services for need in held.needs}
    assert offered["crisis"] == 7
    assert offered["detox"] == 1
    numbers = [need.services for need in held.needs]
    assert numbers == sorted(numbers, reverse=True)


def test_an_empty_directory_is_searched_too(desk: Desk, clinician: SignIn) -> None:
    assert search(desk, clinician, Wanted("detox")).hits == ()
    assert contents(desk, clinician).services == 0


def test_a_note_tells_whose_it_is(westside: Desk, clinician: SignIn) -> None:
    note_service(westside, clinician, service_id(OWN, "W09"), "chairs go fast on Fridays")
    found = search(westside, clinician, Wanted("sobering"))
    assert found.names == {clinician.user: "Clinician"}


def test_who_holds_no_role_reads_nothing(westside: Desk) -> None:
    nobody = SignIn(UUID(int=3), "x", "X", frozenset())
    with pytest.raises(NotAllowed):
        search(westside, nobody, Wanted())
    with pytest.raises(NotAllowed):
        contents(westside, nobody)
    assert search(westside, person("auditor"), Wanted()).hits


def test_a_call_has_a_place_to_be_near_to(desk: Desk, clinician: SignIn) -> None:
    cad = Cad(desk)
    known = cad.call("26-0001", type_text="SUICIDAL", place="1214 Maple Ct", latitude=41.606, longitude=-93.872)
    place = call_place(desk, clinician, known)
    assert (place.title, place.place, place.at) == ("26-0001 · SUICIDAL", "1214 Maple Ct", (41.606, -93.872))
    assert call_place(desk, clinician, cad.call("26-0002", place="Elsewhere")).at is None
    with pytest.raises(NotFound):
        call_place(desk, clinician, UUID(int=9))
    with pytest.raises(NotAllowed):
        call_place(desk, person("auditor"), known)
