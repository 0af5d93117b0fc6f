"""Invented facts and sheets for the tests of the handoff."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from pypdf import PdfReader

from console.handoff.assemble import assemble, risk_level
from console.handoff.content import Clinician, Copy, PoliceSheet

AS_OF = datetime(2026, 11, 22, 4, 14, 6, tzinfo=UTC)  # 22:14:06 CST on Nov 21
COPY = Copy(1, AS_OF + timedelta(seconds=24), 2, "Police, unit 3B12")
NAME = "R. Okafor"
CALL_BACK = "(515) 555-0100 ext 4"
PLACE = "1214 Maple Ct, detached garage at rear"


@dataclass(frozen=True)
class Stated:
    """A fact as a call's record has it."""

    value: str
    source: str = "caller"
    at: datetime = AS_OF - timedelta(minutes=8)


FACTS = {
    "weapons.reported": Stated("Handgun"),
    "weapons.seen": Stated("Not seen today"),
    "weapons.access": Stated("unknown"),
    "violence.now": Stated("None reported", "person"),
    "others.present": Stated("Mother, 61, in house, front room"),
    "children": Stated("None"),
    "scene.access": Stated("Side door of garage, driveway clear", "observed"),
    "scene.staging": Stated("Oak St, no sirens, no lights on approach", "observed"),
    "line.who": Stated("Clinician has him by phone, cooperative", "observed"),
    "person.description": Stated("Male, 34, gray hooded jacket"),
    "situation": Stated("Texted goodbye to his mother at 22:05. Talking, tearful."),
    "request": Stated("No police lights", "person"),
    "approach.background": Stated("Goes by “Teo”. Hard of hearing on the left side.", "record"),
    "approach.do": Stated("One voice; speak to his right side\n- Give time and space", "clinician"),
    "approach.do_not": Stated("Crowd the side door", "clinician"),
    "recommended": Stated("Co-responder unit 3, about 22:23.", "clinician"),
    "asked": Stated("Intentions\nmeans: yes, a handgun\ndrinking", "clinician"),
    "not_known": Stated("Where the handgun is", "clinician"),
}
RISK = risk_level(
    "critical",
    "Talks of ending his life; firearm may be within reach.",
    AS_OF - timedelta(minutes=1),
    source="person",
)


def sheet(facts: dict[str, Stated] | None = None, **changes: Any) -> PoliceSheet:
    """A sheet drawn from ``facts`` (all of :data:`FACTS` when not given), with any argument of ``assemble`` changed."""
    arguments: dict[str, Any] = {
        "center": "Dallas County Communications",
        "call_number": "26-118-4471",
        "place": PLACE,
        "zone": "America/Chicago",
        "code": "7F2A",
        "desk": "D2",
        "as_of": AS_OF,
        "clinician": Clinician(NAME, CALL_BACK),
        "risk": RISK,
    }
    return assemble(FACTS if facts is None else facts, **(arguments | changes))


def read(pdf: bytes) -> PdfReader:
    return PdfReader(BytesIO(pdf))


def text(pdf: bytes) -> str:
    """The words of all pages, with single spaces."""
    return " ".join(" ".join(page.extract_text() for page in read(pdf).pages).split())


def printed(pdf: bytes) -> list[tuple[str, float, float, float]]:
    """Each piece of text in drawing order: words, x, y from the page's foot, size in points."""
    pieces: list[tuple[str, float, float, float]] = []

    def visit(words: str, cm: list[float], tm: list[float], font: object, size: float) -> None:
        if words.strip():
            pieces.append((words.strip(), tm[4], tm[5], size))

    for page in read(pdf).pages:
        page.extract_text(visitor_text=visit)
    return pieces
