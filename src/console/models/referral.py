"""A referral: one community service offered to a person, and what they said. Clinical."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec
from msgspec.structs import replace

from wire.envelope import Entry
from wire.fold import Aggregate, Body, Moment, Senseless
from wire.journals import Audience

ANSWERS = ("accepted", "declined")


class ReferralOffered(Body, frozen=True):
    """A service picked into the encounter. Its name and phone are kept as they were read out."""

    KIND: ClassVar[str] = "referral.offered"
    at: Moment
    encounter: UUID
    service: UUID
    service_name: str
    service_phone: str = ""


class ReferralAnswered(Body, frozen=True):
    """What the person said: "accepted" or "declined", with why if they said why."""

    KIND: ClassVar[str] = "referral.answered"
    at: Moment
    answer: str
    reason: str = ""


class ReferralWithdrawn(Body, frozen=True):
    """Picked by mistake; it was never offered to the person."""

    KIND: ClassVar[str] = "referral.withdrawn"
    at: Moment


class ReferralState(msgspec.Struct, frozen=True, omit_defaults=True):
    """One service offered; ``answer`` is "" until the person answered."""

    encounter: UUID
    service: UUID
    service_name: str
    offered_at: datetime
    service_phone: str = ""
    answer: str = ""
    reason: str = ""
    answered_at: datetime | None = None
    withdrawn: bool = False


REFERRAL: Aggregate[ReferralState] = Aggregate("referral", Audience.CLINICAL, ReferralState)


def _offered(state: ReferralState | None) -> ReferralState:
    if state is None:
        raise Senseless("the service was not offered")
    return state


@REFERRAL.step(ReferralOffered)
def _offer(state: ReferralState | None, entry: Entry, body: ReferralOffered) -> ReferralState:
    if state is not None:
        raise Senseless("the service was offered already")
    return ReferralState(body.encounter, body.service, body.service_name, body.at, body.service_phone)


@REFERRAL.step(ReferralAnswered)
def _answer(state: ReferralState | None, entry: Entry, body: ReferralAnswered) -> ReferralState:
    state = _offered(state)
    if body.answer not in ANSWERS:
        raise Senseless(f"{body.answer} is not an answer to an offer")
    return replace(state, answer=body.answer, reason=body.reason, answered_at=body.at)


@REFERRAL.step(ReferralWithdrawn)
def _withdraw(state: ReferralState | None, entry: Entry, body: ReferralWithdrawn) -> ReferralState:
    state = _offered(state)
    if state.answer:
        raise Senseless("the person has answered; the offer cannot be taken back")
    return replace(state, withdrawn=True)
