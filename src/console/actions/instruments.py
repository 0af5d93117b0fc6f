"""What an administrator decides on instruments: what comes in, who permitted it, who is trained, what is offered."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from console.actions import lengths
from console.actions.acting import MOST_BYTES, Act, acting, words
from console.errors import KnownError, NotFound
from console.forms.library import LONGEST_NAME, Form, Package, installed
from console.models import instrument as bodies
from console.models.changes import Changes
from console.models.instrument import FORM, INSTRUMENT, InstrumentState, form_subject, instrument_subject
from console.models.sign_in import SignIn
from console.models.store import people
from console.models.store.desk import Desk

_NAME = re.compile(r"[^\W_]+(-[^\W_]+)*")
_BESIDE = 64 * 1024
"""Bytes that an import holds beside the form: findings, permission, envelopes."""


@dataclass(frozen=True, slots=True)
class Permit:
    """What is recorded of a permission: by whom, when (ISO date), where its document is, until when (""; no end)."""

    given_by: str
    given_on: str
    document: str
    until: str = ""


def import_form(
    desk: Desk,
    sign_in: SignIn,
    package: Package,
    name: str,
    given: Permit | None = None,
    *,
    trained_only: bool = False,
) -> Changes:
    """Bring a form in under ``name``, as a new one or as the new version of the one that has it, and offer it.

    What was begun with an earlier version goes on with that. Raises :class:`KnownError` for a form that comes with the
    program, one that is here already, and where a permission is needed and neither given nor on record.
    """
    sign_in.require_write(bodies.FormImported.KIND)
    q = package.form.questionnaire
    form = package.form.own(name)
    _refuse_name(name)
    _refuse_unsaid(form)
    for shipped in installed().forms.values():
        if shipped.questionnaire.sha256 == q.sha256:
            raise KnownError(f"This form comes with the program already, as {shipped.name}.")
    document = bodies.FormImported(desk.clock.now(), q.sha256, package.document, form.description)
    if len(document.as_json().encode()) > MOST_BYTES - _BESIDE:
        raise KnownError(
            f"This form is larger than every desk of the center can hold: {len(package.document):,} characters; about "
            f"{(MOST_BYTES - _BESIDE) // 1000:,} thousand fit. Leave out what it contains and does not need."
        )
    subject = form_subject(desk.center, q.sha256, form.description)
    with acting(desk, sign_in) as act:
        state = _state(act, name)
        if state is not None and state.current is not None and state.current.form == subject:
            raise KnownError(f"{state.current.title} is here already, in this very version, as {name}.")
        recorded = state.permission if state else None
        lapsed = recorded.lapsed(desk.today(), q.sha256) if recorded else ""
        if given is None and form.needs.permission and (recorded is None or lapsed):
            raise KnownError(
                f"{lapsed}{' ' * bool(lapsed)}{form.title} needs a permission record: "
                "who permitted its use, when, and where the document is."
            )
        if not act.exists(FORM, subject):
            act.add(subject, document)
        _add(
            act,
            bodies.InstrumentImported(
                act.now, name, subject, q.sha256, form.title, q.version, tuple(findings(package.form))
            ),
        )
        if given is not None:
            _permit(act, name, given, (q.sha256, q.version))
        if trained_only and not (state and state.training_required):
            _add(act, bodies.InstrumentTrainingRequired(act.now, name, required=True))
        if state is not None and state.withdrawn is not None:
            _add(act, bodies.InstrumentOffered(act.now, name))
    return act.changes


def findings(form: Form) -> list[str]:
    """What the importer of a form is told, a line each, shortened to what can be kept."""
    found = [f"{each.link_id}: {each.text}" if each.link_id else each.text for each in form.questionnaire.findings]
    more = len(found) - lengths.FINDINGS
    return [*found[: lengths.FINDINGS], *([f"and {more:,} more"] if more > 0 else [])]


def permit(desk: Desk, sign_in: SignIn, name: str, given: Permit) -> Changes:
    """Record who permitted the use of an instrument, in place of what was recorded before."""
    with acting(desk, sign_in) as act:
        state = _known(act, name)
        shipped = installed().forms.get(name)
        stands_for = state.current if state and state.current else shipped.questionnaire if shipped else None
        _permit(act, name, given, (stands_for.sha256, stands_for.version) if stands_for else ("", ""))
    return act.changes


def require_training(desk: Desk, sign_in: SignIn, name: str, required: bool) -> Changes:
    """Keep an instrument to the people who are listed as trained, or let every clinician use it."""
    with acting(desk, sign_in) as act:
        state = _known(act, name)
        if required != (state is not None and state.training_required):
            _add(act, bodies.InstrumentTrainingRequired(act.now, name, required))
    return act.changes


def set_trained(desk: Desk, sign_in: SignIn, name: str, users: Collection[UUID], on: str = "") -> Changes:
    """Say who is trained, all of them; ``on`` (ISO date) since when those are who are new in the list."""
    since = _date(on, "The day of the training") if on.strip() else ""
    with acting(desk, sign_in) as act:
        state = _known(act, name)
        everyone = people.every(act.connection)
        before = {each.user for each in state.trained} if state else set()
        for user in sorted(set(users) - before):
            if user not in everyone:
                raise NotFound("This person is not known here.")
            _add(act, bodies.InstrumentTrained(act.now, name, user, since))
        for user in sorted(before - set(users)):
            _add(act, bodies.InstrumentUntrained(act.now, name, user))
    return act.changes


def withdraw(desk: Desk, sign_in: SignIn, name: str, reason: str) -> Changes:
    """Offer an instrument no more. What was begun with it goes on, what was answered stays."""
    why = words(reason, "The reason", most=lengths.REASON)
    with acting(desk, sign_in) as act:
        state = _known(act, name)
        if state is not None and state.withdrawn is not None:
            raise KnownError(f"{name} is withdrawn already: {state.withdrawn.reason}")
        _add(act, bodies.InstrumentWithdrawn(act.now, name, why))
    return act.changes


def offer(desk: Desk, sign_in: SignIn, name: str) -> Changes:
    """Offer an instrument again."""
    with acting(desk, sign_in) as act:
        state = _known(act, name)
        if state is None or state.withdrawn is None:
            raise KnownError(f"{name} is offered already.")
        _add(act, bodies.InstrumentOffered(act.now, name))
    return act.changes


def refuse_unoffered(act: Act, form: Form) -> None:
    """Raise :class:`KnownError` where whoever acts cannot begin ``form`` as things stand."""
    state = _state(act, form.name)
    current = state.current if state else None
    begun = form_subject(act.desk.center, form.questionnaire.sha256, form.description)
    if current is not None and current.form != begun:
        raise KnownError(f"{form.title} has a newer version here. Open the page again and begin that one.")
    if why := bodies.why_not(state, form.needs, act.sign_in.user, act.desk.today()):
        raise KnownError(f"{form.title} cannot be begun. {why}")


def _state(act: Act, name: str) -> InstrumentState | None:
    subject = instrument_subject(act.desk.center, name)
    if not act.exists(INSTRUMENT, subject):
        return None
    found: InstrumentState = act.state(INSTRUMENT, subject, "instrument")
    return found


def _known(act: Act, name: str) -> InstrumentState | None:
    state = _state(act, name)
    if state is None and name not in installed().forms:
        raise NotFound(f"There is no instrument {name} here. 'forms list' and the screen Instruments show all.")
    return state


def _add(act: Act, body: bodies.OfInstrument) -> None:
    act.add(instrument_subject(act.desk.center, body.name), body)


def _permit(act: Act, name: str, given: Permit, wording: tuple[str, str]) -> None:
    """Record it for the wording with this hash and version."""
    by = words(given.given_by, "Who gave the permission", most=lengths.WHO)
    on = _date(given.given_on, "The day of the permission")
    document = words(given.document, "Where the document is", most=lengths.PERMISSION)
    until = _date(given.until, "The last day of the permission") if given.until.strip() else ""
    today = act.desk.today()
    if on > today:
        raise KnownError(f"The day of the permission, {on}, has not come yet.")
    if until and until < today:
        raise KnownError(f"The permission ended on {until}. It cannot be used any more.")
    _add(act, bodies.InstrumentPermitted(act.now, name, by, on, document, until, *wording))


def _date(text: str, what: str) -> str:
    text = words(text, what, most=40)
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise KnownError(f"{what}, “{text}”, is no date. Write it like 2026-11-21.") from None


def _refuse_unsaid(form: Form) -> None:
    """A key holds for the words it was found with: whoever brings others in has to know that they do."""
    bound = form.bound
    if bound is not None and bound.reworded and not bound.admitted:
        where = ", ".join(dict.fromkeys(each.where for each in bound.reworded))
        raise KnownError(
            f"The words are not those of the published instrument: {where}. Say that {form.title} is reworded, and "
            "whatever it scores says so, or bring it in without a score."
        )


def _refuse_name(name: str) -> None:
    if not _NAME.fullmatch(name) or name != name.casefold() or len(name) > LONGEST_NAME:
        raise KnownError(
            f"“{name}” is no name for a form. Use small letters, digits and hyphens, {LONGEST_NAME} at most."
        )
    if name in installed().forms:
        raise KnownError(f"{name} is the name of a form that comes with the program. Give this one another.")
