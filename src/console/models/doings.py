"""What people call the things that need a right: for saying, in their words, what is not allowed and who may do it."""

from collections.abc import Iterable, Mapping

from wire.journals import Audience
from wire.permissions import READERS, WRITERS, Role

DOINGS: Mapping[str, str] = {
    "call.entered": "enter a call by hand",
    "call.flagged": "flag a call",
    "call.flag-withdrawn": "withdraw a flag",
    "call.suggestion-dismissed": "dismiss a suggestion",
    "call.officer-waiting": "say whether an officer waits",
    "call.screened": "record the screen",
    "call.fact-stated": "state a fact for responders",
    "call.messaged": "write in the thread",
    "call.line-changed": "say how the line is",
    "call.alarm-acknowledged": "acknowledge an alarm",
    "call.fallback-taken": "call the fallback",
    "call.outcome-recorded": "record what came of a call",
    "call.responders-confirmed": "confirm responders with the person",
    "call.advice-acknowledged": "acknowledge advice",
    "call.claimed": "claim a call",
    "call.released": "release a call",
    "call.taken-over": "take over a call",
    "call.contacted": "record contact with the person",
    "call.leveled": "set the level",
    "call.advised": "advise dispatch",
    "call.disposed": "dispose a call",
    "call.reopened": "reopen a call",
    "sheet.issued": "issue a sheet",
    "sheet.copied": "make a copy of a sheet",
    "sheet.copy-failed": "make a copy of a sheet",
    "sheet.copy-spooled": "make a copy of a sheet",
    "sheet.copy-unknown": "make a copy of a sheet",
    "sheet.read-back": "record who read a sheet back",
    "encounter.started": "start an encounter",
    "encounter.bound": "bind an encounter to a call",
    "encounter.noted": "write a note",
    "encounter.note-amended": "amend a note",
    "encounter.fact-stated": "state a fact about the person",
    "encounter.match-judged": "say whether an earlier contact was with the same person",
    "encounter.closed": "end an encounter",
    "encounter.resumed": "go on with an encounter",
    "assessment.started": "begin an assessment",
    "assessment.answered": "answer an assessment",
    "assessment.completed": "complete an assessment",
    "assessment.abandoned": "set an assessment aside",
    "assessment.reopened": "amend an assessment",
    "assessment.alarm-acknowledged": "acknowledge the alarm of an assessment",
    "referral.offered": "offer a service",
    "referral.answered": "record the answer to an offer",
    "referral.withdrawn": "take an offer back",
    "service.described": "change the directory",
    "service.closed": "change the directory",
    "service.noted": "leave a note on a service",
    "organization.founded": "found the center",
    "user.added": "add people",
    "user.roles-set": "change what people may do",
    "user.disabled": "disable people",
    "user.enabled": "enable people",
    "desk.enrolled": "enroll a desk",
    "desk.described": "describe a desk",
    "desk.retired": "retire a desk",
    "setting.set": "change the center's settings",
    "form.imported": "import forms",
    "instrument.imported": "import forms",
    "instrument.permitted": "record the permission for an instrument",
    "instrument.training-required": "say who may use an instrument",
    "instrument.trained": "say who is trained in an instrument",
    "instrument.untrained": "say who is trained in an instrument",
    "instrument.withdrawn": "withdraw an instrument",
    "instrument.offered": "offer an instrument again",
    "audit.recorded": "record what was read or sent",
}
"""Every kind of entry that people write, as what they do: "claim a call"."""

_PEOPLE: Mapping[Role, str] = {
    Role.DISPATCHER: "dispatchers",
    Role.CLINICIAN: "clinicians",
    Role.SUPERVISOR: "supervisors",
    Role.CLINICAL_SUPERVISOR: "clinical supervisors",
    Role.ADMINISTRATOR: "administrators",
    Role.AUDITOR: "auditors",
}


def may_not_write(who: str, kind: str) -> str:
    """That ``who`` may not write entries of ``kind``, and who may: "D. Lang may not claim a call. …"."""
    return f"{who} may not {DOINGS.get(kind, 'do this')}. {_who_may(WRITERS.get(kind, ()))}"


def may_not_read(who: str, audience: Audience) -> str:
    """That ``who`` may not read what is kept for ``audience``, and who may."""
    return f"{who} may not read the {audience.value} record. {_who_may(READERS[audience])}"


def _who_may(roles: Iterable[Role]) -> str:
    """``Clinicians and clinical supervisors may.``"""
    names = [_PEOPLE[role] for role in Role if role in set(roles)]
    if not names:
        return "Nobody may."
    listed = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    return f"{listed[0].upper()}{listed[1:]} may."
