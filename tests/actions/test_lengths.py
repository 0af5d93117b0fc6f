"""One limit for each kind of words: what is too long is refused with the count and the limit, and nothing is kept."""

from collections.abc import Callable
from uuid import UUID

import pytest

from console.actions import assessments, calls, encounters, flags, lengths, sheets
from console.actions.calls import Disposal
from console.actions.directory import note_service
from console.errors import KnownError
from console.forms.library import shipped
from console.models.call import Level, RollUp, WouldHave
from console.models.service import ServiceDescribed
from console.models.sign_in import SignIn
from console.models.store.desk import Desk
from tests.support.desk import Cad, entry_count
from tests.support.entries import Author, at, named

Say = Callable[[Desk, SignIn, "dict[str, UUID]", str], object]
R = RollUp.UNKNOWN
LONG: dict[str, tuple[int, Say]] = {
    "flag": (lengths.FLAG, lambda d, w, i, t: flags.flag(d, w, i["plain"], "other", t)),
    "withdraw": (lengths.REASON, lambda d, w, i, t: flags.withdraw_flag(d, w, i["flagged"], t)),
    "number": (lengths.NUMBER, lambda d, w, i, t: flags.enter_call(d, w, t, "X", "Y")),
    "type": (lengths.TYPE, lambda d, w, i, t: flags.enter_call(d, w, "1", t, "Y")),
    "place": (lengths.PLACE, lambda d, w, i, t: flags.enter_call(d, w, "1", "X", t)),
    "entered": (lengths.ENTERED, lambda d, w, i, t: flags.enter_call(d, w, "1", "X", "Y", t)),
    "release": (lengths.REASON, lambda d, w, i, t: calls.release(d, w, i["mine"], t)),
    "screen": (lengths.REASON, lambda d, w, i, t: calls.screen(d, w, i["mine"], {}, "eligible", t)),
    "not eligible": (lengths.REASON, lambda d, w, i, t: calls.screen(d, w, i["mine"], {}, "not-eligible", t)),
    "contact": (lengths.WHO, lambda d, w, i, t: calls.contact(d, w, i["mine"], "live", t)),
    "level": (lengths.LEVEL_REASON, lambda d, w, i, t: calls.level(d, w, i["mine"], Level.LOW, t)),
    "advice": (lengths.ADVICE, lambda d, w, i, t: calls.advise(d, w, i["mine"], ("phone",), t)),
    "message": (lengths.MESSAGE, lambda d, w, i, t: calls.message(d, w, i["mine"], t)),
    "responders": (lengths.WHO, lambda d, w, i, t: calls.confirm_responders(d, w, i["mine"], t)),
    "who says": (lengths.WHO, lambda d, w, i, t: calls.confirm_responders(d, w, i["mine"], "P1", said_by=t)),
    "dispose": (
        lengths.DISPOSITION,
        lambda d, w, i, t: encounters.dispose_and_end(d, w, i["mine"], Disposal("not-behavioral", R, said=t)),
    ),
    "not confirmed": (
        lengths.REASON,
        lambda d, w, i, t: encounters.dispose_and_end(d, w, i["mine"], Disposal("ems", R, no_contact_reason=t)),
    ),
    "would": (
        lengths.WHO,
        lambda d, w, i, t: encounters.dispose_and_end(
            d, w, i["mine"], Disposal("not-behavioral", R, WouldHave(ems="yes", said_by=t))
        ),
    ),
    "would, unknown": (
        lengths.WHO,
        lambda d, w, i, t: encounters.dispose_and_end(
            d, w, i["mine"], Disposal("not-behavioral", R, WouldHave(said_by=t))
        ),
    ),
    "outcome": (lengths.OUTCOME, lambda d, w, i, t: calls.record_outcome(d, w, i["mine"], "home", "P1", t)),
    "outcome by": (lengths.WHO, lambda d, w, i, t: calls.record_outcome(d, w, i["mine"], "home", t)),
    "note": (lengths.NOTE, lambda d, w, i, t: encounters.note(d, w, i["encounter"], t)),
    "person": (lengths.FACT, lambda d, w, i, t: encounters.state_fact(d, w, i["encounter"], "name", t, "person")),
    "asked of": (
        lengths.WHO,
        lambda d, w, i, t: assessments.begin(d, w, i["encounter"], shipped().forms["asq"], t),
    ),
    "service": (lengths.SERVICE_NOTE, lambda d, w, i, t: note_service(d, w, i["service"], t)),
}


@pytest.fixture
def ids(desk: Desk, cad: Cad, clinician: SignIn) -> dict[str, UUID]:
    plain, flagged, mine = cad.call("1"), cad.call("2"), cad.call("3")
    flags.flag(desk, clinician, flagged, "other")
    encounters.claim_and_begin(desk, clinician, mine)
    encounter, _ = encounters.start(desk, clinician, "transferred")
    service = named("a service")
    desk.store.append([Author().write(service, ServiceDescribed(at(), "own", "1", "Walk-in"))])
    return {"plain": plain, "flagged": flagged, "mine": mine, "encounter": encounter, "service": service}


@pytest.mark.parametrize("what", LONG)
def test_what_is_too_long_is_refused_with_its_count_and_its_limit(
    desk: Desk, clinician: SignIn, ids: dict[str, UUID], what: str
) -> None:
    most, say = LONG[what]
    before = entry_count(desk.store)
    with pytest.raises(KnownError, match=rf"has {most + 1:,} characters; at most {most:,} fit\."):
        say(desk, clinician, ids, "x" * (most + 1))
    assert entry_count(desk.store) == before
    say(desk, clinician, ids, f" {'x' * most} ")
    assert entry_count(desk.store) > before


def test_who_read_a_sheet_back_is_a_name(desk: Desk, clinician: SignIn) -> None:
    with pytest.raises(KnownError, match="not known"):
        sheets.read_back(desk, clinician, named("no sheet"), 1, "P1")
