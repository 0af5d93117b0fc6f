"""A clinician at a desk that is enrolled for operations: the call is worked on, nothing clinical is offered or kept."""

from functools import partial
from uuid import uuid4

import pytest

from console.actions import assessments, drafts, encounters
from console.errors import KnownError, NotAllowed
from console.models.clinical_fields import CLINICAL_FIELDS
from console.models.sign_in import SignIn
from console.models.store import exchange
from console.models.store.desk import Desk
from console.views.workspace.frame import ELSEWHERE
from console.views.workspace.typing_box import WordsBox
from tests.support.desk import KEY, found_home_files
from tests.support.plain_pages import plain_pages
from tests.views.workspace_kit import Room

CANARY = "heliotrope canary"
CLINICAL_FIELDS_OF_DRAFTS = (
    "note",
    f"note.{uuid4()}",
    "referral.reason",
    "a field of tomorrow",
    *(f"fact.{field.id}" for field in CLINICAL_FIELDS),
)


@pytest.fixture
def operations(desk: Desk) -> None:
    with desk.store.write() as transaction:
        exchange.begin(transaction, "a server", clinical=False)


def scanned(desk: Desk) -> bytes:
    """All that stands in the files of the home, the store in the clear."""
    rest = (file.read_bytes() for file in found_home_files(desk.store.home) if file.suffix != ".db")
    return plain_pages(desk.store.path, KEY) + b"".join(rest)


@pytest.mark.usefixtures("operations")
def test_nothing_clinical_is_offered_there_and_one_line_says_where_it_is(room: Room, clinician: SignIn) -> None:
    call = room.cad.call()
    encounters.claim_and_begin(room.desk, clinician, call)
    page = room.open(clinician, call)
    frame = page.frame
    assert page.work.mine, "the call itself can be taken there"
    assert not frame.pad.isVisible()
    assert (frame.elsewhere.text(), frame.elsewhere.isVisible()) == (ELSEWHERE, True)
    assert not {"assess", "services"} & set(frame.codes)
    page.go("facts")
    assert not frame.section("facts").clinical  # type: ignore[attr-defined]
    assert frame.header.start.isHidden()
    assert frame.service.isHidden()
    said: list[str] = []
    page.said.connect(said.append)
    page.close_page()
    page.start_by_phone()
    assert said == [ELSEWHERE]


@pytest.mark.usefixtures("operations")
def test_what_is_typed_there_is_kept_where_it_belongs_to_the_call(room: Room, clinician: SignIn) -> None:
    call = room.cad.call()
    encounters.claim_and_begin(room.desk, clinician, call)
    page = room.open(clinician, call)
    for code in page.frame.codes:
        page.go(code)
    strips = (page.ways.box, page.frame.header.strip.box)
    boxes = [box for box in page.findChildren(WordsBox) if box not in (page.frame.pad.box, *strips)]
    assert len(boxes) >= 12
    for at, box in enumerate(boxes):
        box.bind(call, page.work.page, room.desk.zone)
        box.put(f"words {at}")
    for ask in ("release", "contact"):
        getattr(page.frame.header, f"ask_{ask}")()
        page.frame.header.strip.box.put(f"for {ask}")
    page.frame.section("facts").rows["situation"].edit.set_text("on the roof")  # type: ignore[attr-defined]
    page.flush()
    room.settled(page)
    assert page.problem == ""
    held = {draft.text for draft in room.page(clinician, call).drafts.values()}
    assert {f"words {at}" for at in range(len(boxes))} | {"for release", "for contact"} <= held


@pytest.mark.usefixtures("operations")
def test_no_clinical_word_typed_there_is_in_its_files(room: Room, clinician: SignIn) -> None:
    desk, call = room.desk, room.cad.call()
    encounters.claim_and_begin(desk, clinician, call)
    page = room.open(clinician, call)
    page.frame.talk.box.put("said to dispatch")
    pad = page.frame.pad
    pad.setVisible(True)  # as if a screen had forgotten where it is
    pad.box.setEnabled(True)
    room.type(pad.box.edit, CANARY)
    pad.enter()
    page.flush()
    room.settled(page)
    assert "enrolled for operations" in page.problem
    for attempt in (
        *(partial(drafts.keep, desk, clinician, name, CANARY, call) for name in CLINICAL_FIELDS_OF_DRAFTS),
        *(partial(drafts.keep, desk, clinician, f"{name}:{call}", CANARY) for name in CLINICAL_FIELDS_OF_DRAFTS),
        partial(encounters.start, desk, clinician, "officer", call),
        partial(encounters.start, desk, clinician, "call-back"),
    ):
        with pytest.raises(NotAllowed, match="enrolled for operations"):
            attempt()
    for unknown in (
        partial(encounters.note, desk, clinician, uuid4(), CANARY),
        partial(encounters.state_fact, desk, clinician, uuid4(), "name", CANARY, "person"),
        partial(assessments.begin, desk, clinician, uuid4(), next(iter(room.forms.forms.values())), CANARY),
    ):
        with pytest.raises(KnownError):
            unknown()
    held = scanned(desk)
    assert b"said to dispatch" in held, "the scan reads what there is"
    assert CANARY.encode() not in held


def test_the_scan_finds_what_a_clinical_desk_keeps_even_when_it_was_discarded(desk: Desk, clinician: SignIn) -> None:
    drafts.keep(desk, clinician, "note", CANARY)
    drafts.keep(desk, clinician, "note", "")
    assert CANARY.encode() in scanned(desk)
