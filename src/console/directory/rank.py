"""Which service first: how well it fits the words and needs, how near it is, whether it is open, how fresh that is.

The four are factors of one score, so a service that fits best but is far, closed or long unverified falls behind one
that fits and can be reached now. Nothing unknown counts as good or as bad: it stands between.
"""

import math
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from console.directory.distance import Place, distance_text, kilometers, place_of
from console.directory.hours import Opening, OpenState, open_state
from console.models.service import LocalNote, ServiceDescribed

STALE_AFTER_DAYS = 180
"""How long a verification is good for, unless the center says otherwise."""

HALF_WAY_KM = 10.0
"""At this distance the score is half of what it is next door."""

_BY_PHONE, _UNKNOWN_DISTANCE = 0.6, 0.4
_OPENING = {Opening.OPEN: 1.0, Opening.UNKNOWN: 0.6, Opening.CLOSED: 0.35}
_STALE, _NEVER_VERIFIED = 0.8, 0.7


class Wanted(msgspec.Struct, frozen=True):
    """What a person is looking for. ``needs`` are alternatives; ``near`` is where it has to be near to."""

    words: str = ""
    needs: tuple[str, ...] = ()
    near: Place | None = None
    open_now: bool = False


class Candidate(msgspec.Struct, frozen=True):
    """One service that the words found. ``fit`` is how well they did: FTS5's bm25, where less is better, or 0."""

    service: UUID
    described: ServiceDescribed
    fit: float = 0.0
    notes: tuple[LocalNote, ...] = ()


class Verified(msgspec.Struct, frozen=True):
    """When a service was last verified, in words, and whether that is too long ago to lean on."""

    on: date | None
    text: str
    stale: bool


class Hit(msgspec.Struct, frozen=True):
    """One service found: why it stands where it does, and everything a screen shows of it."""

    service: UUID
    described: ServiceDescribed
    open: OpenState
    distance_km: float | None
    distance: str
    verified: Verified
    matches: tuple[str, ...]
    why: str
    score: float
    notes: tuple[LocalNote, ...] = ()


class Ranked(msgspec.Struct, frozen=True):
    """The hits, best first, and how many more fit but are closed now and were asked not to show."""

    hits: tuple[Hit, ...]
    closed_hidden: int


def rank(
    candidates: Iterable[Candidate],
    wanted: Wanted,
    at: datetime,
    *,
    desk_zone: str = "",
    stale_after_days: int = STALE_AFTER_DAYS,
) -> Ranked:
    """The candidates as hits, best first; those that help with none of the wanted needs are left out.

    With ``open_now`` closed services are left out and counted; unknown ones stay, for nobody knows that they are
    closed. ``desk_zone`` is the time zone of whoever looks (see :func:`open_state`).
    """
    needs = tuple(need.casefold() for need in wanted.needs)
    fitting = [each for each in candidates if not needs or not set(needs).isdisjoint(each.described.needs)]
    best = min((each.fit for each in fitting), default=0.0)
    hits: list[Hit] = []
    hidden = 0
    for candidate in fitting:
        described = candidate.described
        opening = open_state(described.hours, described.time_zone, at, desk_zone=desk_zone)
        if wanted.open_now and opening.state is Opening.CLOSED:
            hidden += 1
            continue
        place = place_of(described.latitude, described.longitude)
        distance = kilometers(wanted.near, place) if wanted.near and place else None
        verified = verification(described.verified_on, at, stale_after_days)
        matches = _matches(wanted.words, needs, described)
        said = "" if wanted.near is None else _distance_said(described, distance)
        why = [f"matches: {', '.join(matches)}" if matches else "", said, opening.text, verified.text]
        # The root, or one word more in a short name would outweigh ten miles.
        fit = math.sqrt(candidate.fit / best) if best and candidate.fit else 1.0
        if needs:
            fit *= sum(need in described.needs for need in needs) / len(needs)
        if wanted.near is not None:
            fit *= _nearness(described, distance)
        fit *= _OPENING[opening.state]
        fit *= _NEVER_VERIFIED if verified.on is None else _STALE if verified.stale else 1.0
        hits.append(
            Hit(
                service=candidate.service,
                described=described,
                open=opening,
                distance_km=distance,
                distance=said,
                verified=verified,
                matches=matches,
                why="; ".join(filter(None, why)),
                score=fit,
                notes=candidate.notes,
            )
        )
    hits.sort(key=lambda hit: (-hit.score, hit.described.name.casefold(), hit.service))
    return Ranked(tuple(hits), hidden)


def _distance_said(described: ServiceDescribed, distance: float | None) -> str:
    if distance is not None:
        return distance_text(distance)
    return "distance not known" if described.address or not described.phone else "by phone"


def _nearness(described: ServiceDescribed, distance: float | None) -> float:
    """A place's share of the score; a service one calls stands between the near and the far ones."""
    if distance is not None:
        return HALF_WAY_KM / (HALF_WAY_KM + distance)
    return _UNKNOWN_DISTANCE if described.address or not described.phone else _BY_PHONE


def verification(verified_on: str, at: datetime, stale_after_days: int = STALE_AFTER_DAYS) -> Verified:
    """How fresh an ISO date of verification is ``at`` that moment: "verified 2026-08-02 (3 months ago)"."""
    try:
        on = date.fromisoformat(verified_on)
    except ValueError:
        return Verified(None, "never verified", True)
    days = (at.date() - on).days
    return Verified(on, f"verified {on} ({_ago(days)})", days > stale_after_days)


def _ago(days: int) -> str:
    if days <= 0:
        return "today"
    for size, unit in ((365, "year"), (30, "month"), (7, "week"), (1, "day")):
        count = days // size
        # Weeks only until a month has gone by; "14 months ago" says more than "1 year ago".
        if count >= (2 if unit == "year" else 1):
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "today"


def query_words(words: str) -> tuple[str, ...]:
    """The words of a query in lower case, without signs and accents: what the full-text index is asked for."""
    plain = (letter for letter in unicodedata.normalize("NFKD", words.casefold()) if not unicodedata.combining(letter))
    kept = "".join(letter if letter.isalnum() else " " for letter in plain)
    return tuple(dict.fromkeys(kept.split()))


def _matches(words: str, needs: Sequence[str], described: ServiceDescribed) -> tuple[str, ...]:
    """The needs asked for that it helps with, then the words asked for that its description begins a word with."""
    found = [need for need in needs if need in described.needs]
    text = (described.name, described.organization, described.description, described.eligibility, described.address)
    held = query_words(" ".join((*text, *described.needs, *described.languages)))
    for word in query_words(words):
        if word not in found and any(each.startswith(word) for each in held):
            found.append(word)
    return tuple(found)
