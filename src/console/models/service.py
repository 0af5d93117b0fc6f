"""A community service as the directory describes it. Everyone may read it."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec
from msgspec.structs import replace

from wire.envelope import Entry
from wire.fold import Aggregate, Body, Moment, Senseless
from wire.journals import Audience


class Hours(msgspec.Struct, frozen=True):
    """One opening interval of the week: ``day`` 0 (Monday) to 6, minutes after local midnight.

    ``closes`` may pass 24 × 60 for a place that is open over midnight.
    """

    day: int
    opens: int
    closes: int


class ServiceDescribed(Body, frozen=True):
    """The whole description of one service at its location, as its source gives it (a picture, not a difference).

    ``hours`` of None means that nobody said: open now is then *unknown*, never a guess. ``needs`` are the site's own
    short words for what it helps with. Ages are in years. ``verified_on`` is an ISO date, "" when never verified.
    """

    KIND: ClassVar[str] = "service.described"
    at: Moment
    source: str
    source_key: str
    name: str
    organization: str = ""
    description: str = ""
    phone: str = ""
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    needs: tuple[str, ...] = ()
    hours: tuple[Hours, ...] | None = None
    hours_text: str = ""
    time_zone: str = ""
    eligibility: str = ""
    minimum_age: int | None = None
    maximum_age: int | None = None
    languages: tuple[str, ...] = ()
    cost: str = ""
    intake: str = ""
    url: str = ""
    verified_on: str = ""


class ServiceClosed(Body, frozen=True):
    """The service is gone: a newer import of the same source no longer names it, or a person says so."""

    KIND: ClassVar[str] = "service.closed"
    at: Moment
    reason: str


class ServiceNoted(Body, frozen=True):
    """A local note that imports never overwrite."""

    KIND: ClassVar[str] = "service.noted"
    at: Moment
    text: str


class LocalNote(msgspec.Struct, frozen=True):
    """What somebody at a desk knows about the service."""

    at: datetime
    by: UUID
    text: str


class ServiceState(msgspec.Struct, frozen=True, omit_defaults=True):
    """One service: its description as last imported, and what people here add to it."""

    described: ServiceDescribed
    closed: str = ""
    notes: tuple[LocalNote, ...] = ()


SERVICE: Aggregate[ServiceState] = Aggregate("service", Audience.DIRECTORY, ServiceState)


def _known(state: ServiceState | None) -> ServiceState:
    if state is None:
        raise Senseless("the service is not known")
    return state


@SERVICE.step(ServiceDescribed)
def _describe(state: ServiceState | None, entry: Entry, body: ServiceDescribed) -> ServiceState:
    return ServiceState(body) if state is None else replace(state, described=body, closed="")


@SERVICE.step(ServiceClosed)
def _close(state: ServiceState | None, entry: Entry, body: ServiceClosed) -> ServiceState:
    return replace(_known(state), closed=body.reason)


@SERVICE.step(ServiceNoted)
def _note(state: ServiceState | None, entry: Entry, body: ServiceNoted) -> ServiceState:
    state = _known(state)
    return replace(state, notes=(*state.notes, LocalNote(body.at, entry.actor, body.text)))
