"""Who may write what: roles, and the roles that may write each kind of entry.

The table is data that a desk and a server read alike: the desk vouches for the actor, whoever orders the journal checks
that actor's right again. A kind that is not in the table may be written by nobody.
"""

from collections.abc import Iterable
from enum import StrEnum

from wire.journals import Audience


class Role(StrEnum):
    """What a person is at this center; one person may hold several."""

    DISPATCHER = "dispatcher"
    CLINICIAN = "clinician"
    SUPERVISOR = "supervisor"
    CLINICAL_SUPERVISOR = "clinical-supervisor"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


_DISPATCH = frozenset({Role.DISPATCHER, Role.SUPERVISOR})
_CLINIC = frozenset({Role.CLINICIAN, Role.CLINICAL_SUPERVISOR})
_FLOOR = _DISPATCH | _CLINIC
_ADMIN = frozenset({Role.ADMINISTRATOR})
_CHARGE = frozenset({Role.SUPERVISOR, Role.CLINICAL_SUPERVISOR})

WRITERS: dict[str, frozenset[Role]] = {
    # operations: the call and what dispatch and clinicians do about it
    "call.entered": _FLOOR,
    "call.flagged": _FLOOR,
    "call.flag-withdrawn": _FLOOR,
    "call.suggestion-dismissed": _FLOOR,
    "call.officer-waiting": _FLOOR,
    "call.screened": _FLOOR,
    "call.fact-stated": _FLOOR,
    "call.messaged": _FLOOR,
    "call.line-changed": _FLOOR,
    "call.alarm-acknowledged": _FLOOR,
    "call.fallback-taken": _FLOOR,
    "call.outcome-recorded": _FLOOR,
    "call.responders-confirmed": _FLOOR,
    "call.advice-acknowledged": _DISPATCH,
    "call.claimed": _CLINIC,
    "call.released": _CLINIC,
    "call.taken-over": _CLINIC,
    "call.contacted": _CLINIC,
    "call.leveled": _CLINIC,
    "call.advised": _CLINIC,
    "call.disposed": _CLINIC,
    "call.reopened": _FLOOR,
    "sheet.issued": _FLOOR,
    "sheet.copied": _FLOOR,
    "sheet.copy-failed": _FLOOR,
    "sheet.copy-spooled": _FLOOR,
    "sheet.copy-unknown": _FLOOR,
    "sheet.read-back": _FLOOR,
    # clinical: the provider's record
    "encounter.started": _CLINIC,
    "encounter.bound": _CLINIC,
    "encounter.noted": _CLINIC,
    "encounter.note-amended": _CLINIC,
    "encounter.fact-stated": _CLINIC,
    "encounter.match-judged": _CLINIC,
    "encounter.closed": _CLINIC,
    "encounter.resumed": _CLINIC,
    "assessment.started": _CLINIC,
    "assessment.answered": _CLINIC,
    "assessment.completed": _CLINIC,
    "assessment.abandoned": _CLINIC,
    "assessment.reopened": _CLINIC,
    "assessment.alarm-acknowledged": _CLINIC,
    "referral.offered": _CLINIC,
    "referral.answered": _CLINIC,
    "referral.withdrawn": _CLINIC,
    # directory: what everyone knows about community services
    "service.described": _ADMIN | _CHARGE,
    "service.closed": _ADMIN | _CHARGE,
    "service.noted": _FLOOR | _ADMIN,
    # administration: people, desks, settings and instruments
    "organization.founded": _ADMIN,
    "user.added": _ADMIN,
    "user.roles-set": _ADMIN,
    "user.disabled": _ADMIN,
    "user.enabled": _ADMIN,
    "desk.enrolled": _ADMIN,
    "desk.described": _ADMIN,
    "desk.retired": _ADMIN,
    "setting.set": _ADMIN,
    "form.imported": _ADMIN,
    "instrument.imported": _ADMIN,
    "instrument.permitted": _ADMIN,
    "instrument.training-required": _ADMIN,
    "instrument.trained": _ADMIN,
    "instrument.untrained": _ADMIN,
    "instrument.withdrawn": _ADMIN,
    "instrument.offered": _ADMIN,
    # audit: what people read and sent, not what they changed (that is the change's own entry)
    "audit.recorded": frozenset(Role),
}

READERS: dict[Audience, frozenset[Role]] = {
    Audience.OPERATIONS: _FLOOR,
    Audience.CLINICAL: _CLINIC,
    Audience.ADMINISTRATION: frozenset(Role),
    Audience.AUDIT: frozenset({Role.AUDITOR}),
    Audience.DIRECTORY: frozenset(Role),
}

DERIVED_KINDS = frozenset({"call.pictured", "call.narrated", "call.flagged", "call.flag-suggested"})
"""Kinds that a CAD source, not a person, may write; the desk's enrolment allows them."""

SERVER_KINDS = frozenset({"desk.enrolled", "desk.retired"})
"""Kinds that a regional server enters itself, derived from what it knows, so that any desk can put them back."""

AUDIENCE_OF = {
    "call": Audience.OPERATIONS,
    "sheet": Audience.OPERATIONS,
    "encounter": Audience.CLINICAL,
    "assessment": Audience.CLINICAL,
    "referral": Audience.CLINICAL,
    "service": Audience.DIRECTORY,
    "organization": Audience.ADMINISTRATION,
    "user": Audience.ADMINISTRATION,
    "desk": Audience.ADMINISTRATION,
    "setting": Audience.ADMINISTRATION,
    "form": Audience.ADMINISTRATION,
    "instrument": Audience.ADMINISTRATION,
    "audit": Audience.AUDIT,
}
"""The audience that each kind of subject belongs to, by the first part of its entries' kinds."""


def may_write(roles: Iterable[Role], kind: str) -> bool:
    """Whether someone who holds ``roles`` may write entries of ``kind``."""
    return not WRITERS.get(kind, frozenset()).isdisjoint(roles)


def is_known(kind: str) -> bool:
    """Whether this program knows the kind."""
    return kind in WRITERS or kind in DERIVED_KINDS


def stands_in(kind: str, audience: Audience) -> bool:
    """Whether a journal of ``audience`` may hold entries of ``kind``; of a kind nobody knows here, any but one."""
    return AUDIENCE_OF.get(kind.partition(".")[0], audience) is audience and (
        is_known(kind) or audience is not Audience.ADMINISTRATION
    )


def may_read(roles: Iterable[Role], audience: Audience) -> bool:
    """Whether someone who holds ``roles`` may read journals of ``audience``."""
    return not READERS[audience].isdisjoint(roles)
