"""How an alarm that a person saw is acknowledged: on its call, or in the clinical record."""

from collections.abc import Callable, Iterable
from functools import partial

from console.actions import calls
from console.bridge.seat import Seat
from console.models.assessment import assessment_of
from console.models.changes import Changes
from console.queries.alarms import Alarm


def acknowledging(seat: Seat, alarms: Iterable[Alarm], key: str) -> Callable[[], Changes] | None:
    """The act that acknowledges the alarm with this key; None for one that stays until its cause ends."""
    alarm = next((each for each in alarms if each.key == key), None)
    if alarm is None:
        return None
    instrument = assessment_of(key)
    if instrument is not None:
        from console.actions import assessments  # late: the forms are not part of starting the program

        return partial(assessments.acknowledge_alert, seat.desk, seat.sign_in, instrument)
    if alarm.call is None:
        return None
    return partial(calls.acknowledge_alarm, seat.desk, seat.sign_in, alarm.call, key)
