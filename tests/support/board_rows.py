"""Invented calls as the board's query delivers them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from console.models.call import Level
from console.models.center import Limits
from console.queries.alarms import Alarm
from console.queries.board import Board, BoardRow, Freshness, View

NOW = datetime(2026, 11, 22, 4, 14, 8, tzinfo=UTC)
LIMITS = Limits(unclaimed_caution=60, unclaimed_alarm=240, contact_caution=180, cad_stale=120, suggestion_hours=24)
REASONS = (
    ("suicidal", "Suicidal talk or act"),
    ("behavior", "Behavior out of touch"),
    ("welfare", "Welfare check, known history"),
    ("officer-asks", "Officer asks for a clinician"),
    ("caller-asks", "Caller asks for a clinician"),
    ("minor", "Child or teenager in crisis"),
    ("disability", "Autism, dementia or disability"),
    ("cit-asked", "CIT officer asked for"),
    ("other", "Other"),
)
_SPACE = UUID("5f0c1a52-6f5e-4a1d-9a53-0d3d1b6f4a10")
FRESH = Freshness("Westside CAD", NOW - timedelta(seconds=2), "fresh", "Westside CAD is fresh.")
STALE = Freshness(
    "Westside CAD",
    NOW - timedelta(seconds=42),
    "stale",
    "Westside CAD has been silent for 42 s. Calls may be missing here: look at CAD.",
)


def call_id(number: str) -> UUID:
    """The id of an invented call."""
    return uuid5(_SPACE, number)


def ago(seconds: float) -> datetime:
    """A moment before :data:`NOW`."""
    return NOW - timedelta(seconds=seconds)


def row(number: str, **changes: object) -> BoardRow:
    """An open call that nobody has flagged, with ``changes``."""
    plain = BoardRow(
        call=call_id(number),
        number=number,
        level=Level.NOT_SET,
        flagged=False,
        flag_reason="",
        flag_words="",
        flag_source="",
        flagged_by="",
        suggestion="",
        officer_waiting=False,
        type_text="Noise complaint",
        type_before="",
        type_changed_at=None,
        resurfaced_at=None,
        place="400 block Grand Ave",
        headline="",
        reported_at=ago(600),
        flagged_at=None,
        claimed_at=None,
        contacted_at=None,
        disposed_at=None,
        owner=None,
        owner_name="",
        mine=False,
        on_line=False,
        line_dropped=False,
        advice_waiting=False,
        fallback="",
        fallback_taken=False,
        closed=False,
        cad_priority="3",
        units="",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def flagged(number: str, seconds: float, **changes: object) -> BoardRow:
    """A call flagged by a person ``seconds`` ago that nobody has yet."""
    told: dict[str, object] = {
        "flagged": True,
        "flag_source": "person",
        "flag_reason": "Suicidal talk or act",
        "flagged_at": ago(seconds),
        "reported_at": ago(seconds + 60),
    }
    return row(number, **{**told, **changes})


def owned(number: str, seconds: float, claimed: float, name: str = "M. Reyes", **changes: object) -> BoardRow:
    """A flagged call that a clinician has had for ``claimed`` seconds."""
    told: dict[str, object] = {"owner": call_id(name), "owner_name": name, "claimed_at": ago(claimed)}
    return flagged(number, seconds, **{**told, **changes})


def board(rows: Iterable[BoardRow], view: View = View.FLAGGED, cad: Freshness = FRESH, **changes: object) -> Board:
    """A picture of ``rows``, in the order given."""
    shown = tuple(rows)
    counts = {"flagged": 5, "mine": 1, "open": 43, **{view.value: len(shown)}}
    counts.pop("recent", None)
    plain = Board(shown, counts, view.value, "", cad, NOW, 0)
    return replace(plain, **changes)  # type: ignore[arg-type]


def evening() -> tuple[BoardRow, ...]:
    """A Saturday evening: every kind of row there is, in board order."""
    return (
        owned(
            "26-118-4471",
            112,
            98,
            "R. Okafor",
            level=Level.CRITICAL,
            mine=True,
            contacted_at=ago(47),
            on_line=True,
            type_text="Suicidal person",
            place="1200 block Maple Ct",
            headline="Caller is sister; says he has a firearm in the house, is in the garage, texted goodbye at 22:05",
        ),
        flagged(
            "26-118-4476",
            9,
            officer_waiting=True,
            type_text="Unknown problem",
            place="Riverside Park lot B",
            headline="Officer 219 on scene asks for a clinician by phone",
        ),
        flagged(
            "26-118-4468",
            250,
            level=Level.HIGH,
            fallback="CIT officer",
            type_text="behavioral crisis",
            type_before="Welfare check",
            type_changed_at=ago(32),
            place="8th St / Vine",
            headline="Man shouting at traffic, no shoes, trying car doors",
        ),
        flagged(
            "26-118-4470",
            74,
            level=Level.HIGH,
            type_text="Overdose, possible intent",
            place="2210 Cedar Ave, unit 9",
            headline="Roommate found note and empty bottle, patient awake",
        ),
        owned(
            "26-118-4460",
            401,
            389,
            level=Level.MEDIUM,
            type_text="Disturbance",
            place="77 Orchard Ave, apt 4",
            advice_waiting=True,
            contacted_at=ago(360),
            headline="Mother reports 16-year-old breaking dishes, has autism, no weapons seen",
        ),
        owned(
            "26-118-4466",
            260,
            215,
            "D. Lang",
            level=Level.MEDIUM,
            type_text="Domestic, verbal",
            place="15 Fern Ln",
            headline="Line went dead twice, male crying in background",
        ),
        owned(
            "26-118-4431",
            2100,
            1980,
            level=Level.LOW,
            line_dropped=True,
            contacted_at=ago(1900),
            type_text="Requests clinician",
            place="310 W Pine",
            headline="Caller wants to talk, out of medication, safe tonight",
        ),
        row(
            "26-118-4475",
            suggestion="words “wants to die”",
            type_text="Welfare check",
            place="5 Kestrel Way",
            reported_at=ago(190),
            headline="Coworker says she wants to die and did not come to work",
        ),
    )


def alarms() -> tuple[Alarm, ...]:
    """Three alerts: one that rings, one caution, one that somebody has seen."""
    calls = evening()
    return (
        Alarm(
            "unclaimed:1",
            "alarm",
            calls[2].call,
            "behavioral crisis · 8th St / Vine",
            "Flagged and nobody has it",
            ago(250),
            2,
        ),
        Alarm(
            "officer:1",
            "caution",
            calls[1].call,
            "Unknown problem · Riverside Park lot B",
            "Officer waiting on scene",
            ago(9),
        ),
        Alarm(
            "dropped:1",
            "alarm",
            calls[6].call,
            "Requests clinician · 310 W Pine",
            "Line dropped, call back",
            ago(61),
            acknowledged_by="M. Reyes",
        ),
    )
