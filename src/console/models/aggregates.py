"""Every aggregate this desk can fold, by name."""

import json
from typing import Any

from console.models.assessment import ASSESSMENT
from console.models.audit import AUDIT
from console.models.call_fold import CALL
from console.models.encounter import ENCOUNTER
from console.models.instrument import FORM, INSTRUMENT
from console.models.referral import REFERRAL
from console.models.service import SERVICE
from console.models.sheet import SHEET
from wire.administration import DESK, ORGANIZATION, SETTING, USER
from wire.fold import Aggregate

AGGREGATES: dict[str, Aggregate[Any]] = {
    aggregate.name: aggregate
    for aggregate in (
        CALL,
        SHEET,
        ENCOUNTER,
        ASSESSMENT,
        REFERRAL,
        SERVICE,
        AUDIT,
        ORGANIZATION,
        USER,
        DESK,
        SETTING,
        FORM,
        INSTRUMENT,
    )
}


def aggregate_of(kind: str) -> Aggregate[Any] | None:
    """The aggregate that entries of ``kind`` speak of; None for one that only a newer desk knows."""
    return AGGREGATES.get(kind.partition(".")[0])


def understood() -> str:
    """What this program folds, as JSON: each aggregate's version, and each kind's newest body version.

    A store that was folded by a program with another answer is folded anew where it matters.
    """
    return json.dumps(
        {
            name: [aggregate.version, {kind: body.VERSION for kind, body in sorted(aggregate.bodies.items())}]
            for name, aggregate in sorted(AGGREGATES.items())
        }
    )
