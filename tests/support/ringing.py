"""What rings for somebody at a desk, by its cause."""

from console.models.sign_in import SignIn
from console.models.store.desk import Desk
from console.queries.alarms import Alarm, alarms
from console.queries.board import NO_SOURCE


def alerts(desk: Desk, sign_in: SignIn) -> dict[str, Alarm]:
    """By the cause: the first part of the key."""
    return {alarm.key.partition(":")[0]: alarm for alarm in alarms(desk, sign_in, NO_SOURCE)}


def tiers(desk: Desk, sign_in: SignIn) -> dict[str, str]:
    """How grave each is, by its cause."""
    return {cause: alarm.tier for cause, alarm in alerts(desk, sign_in).items()}
