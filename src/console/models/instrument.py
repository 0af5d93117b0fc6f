"""A center's instruments: forms it brought itself, and what it decided about any form, its own or a shipped one.

Two kinds of subject. A *form* is a document and never changes: what was answered with it finds exactly it again. An
*instrument* is what the center decided about the form of a name: which form that is now, who permitted its use, who is
trained in it, and whether it is offered. Every desk of the center holds both.
"""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec
from msgspec.structs import replace

from wire.envelope import Entry
from wire.fold import Aggregate, Body, Moment, Senseless
from wire.journals import Audience, derived_id


class FormImported(Body, frozen=True):
    """A form from outside. ``document`` is the text of its Questionnaire, ``sha256`` the hash of what that says.

    ``description`` is the text of its instrument description; "" where it scores by its own formulas or options.
    """

    KIND: ClassVar[str] = "form.imported"
    at: Moment
    sha256: str
    document: str
    description: str = ""


class InstrumentImported(Body, frozen=True):
    """An administrator brought a form in, under a new name or as a new version. ``findings`` is what they were told."""

    KIND: ClassVar[str] = "instrument.imported"
    at: Moment
    name: str
    form: UUID
    sha256: str
    title: str
    version: str = ""
    findings: tuple[str, ...] = ()


class InstrumentPermitted(Body, frozen=True):
    """Whoever holds the rights allows its use: who and when, and where the document that says so is found.

    ``given_on`` and ``until`` (the last day; "" for no end) are ISO dates. ``sha256`` is the wording that it is for,
    and ``version`` what that is called; entries of older programs do not say, and are for what the name stood for then.
    """

    KIND: ClassVar[str] = "instrument.permitted"
    at: Moment
    name: str
    given_by: str
    given_on: str
    document: str
    until: str = ""
    sha256: str = ""
    version: str = ""


class InstrumentTrainingRequired(Body, frozen=True):
    """Whether the center keeps the instrument to the people it lists as trained."""

    KIND: ClassVar[str] = "instrument.training-required"
    at: Moment
    name: str
    required: bool


class InstrumentTrained(Body, frozen=True):
    """A person is trained in it. ``on`` is an ISO date, "" where nobody said."""

    KIND: ClassVar[str] = "instrument.trained"
    at: Moment
    name: str
    user: UUID
    on: str = ""


class InstrumentUntrained(Body, frozen=True):
    """A person is not, or no longer, listed as trained in it."""

    KIND: ClassVar[str] = "instrument.untrained"
    at: Moment
    name: str
    user: UUID


class InstrumentWithdrawn(Body, frozen=True):
    """It is offered no more. What was begun with it goes on, what was answered stays."""

    KIND: ClassVar[str] = "instrument.withdrawn"
    at: Moment
    name: str
    reason: str


class InstrumentOffered(Body, frozen=True):
    """It is offered again."""

    KIND: ClassVar[str] = "instrument.offered"
    at: Moment
    name: str


OfInstrument = (
    InstrumentImported
    | InstrumentPermitted
    | InstrumentTrainingRequired
    | InstrumentTrained
    | InstrumentUntrained
    | InstrumentWithdrawn
    | InstrumentOffered
)


class FormState(msgspec.Struct, frozen=True, omit_defaults=True):
    """A form, as it came."""

    sha256: str
    document: str
    description: str = ""


class Version(msgspec.Struct, frozen=True, omit_defaults=True):
    """One form that the name stood for, and who brought it in."""

    form: UUID
    sha256: str
    title: str
    version: str
    at: datetime
    by: UUID
    findings: tuple[str, ...] = ()


class Permission(msgspec.Struct, frozen=True, omit_defaults=True):
    """The permission record, and who entered it."""

    given_by: str
    given_on: str
    document: str
    at: datetime
    by: UUID
    until: str = ""
    sha256: str = ""
    version: str = ""

    def lapsed(self, today: str, sha256: str = "") -> str:
        """Why it does not hold on the day ``today`` (ISO) for the wording ``sha256``, in a sentence; "" if it does."""
        if self.until and self.until < today:
            return f"The permission on record ended on {self.until}."
        if self.sha256 and sha256 and self.sha256 != sha256:
            named = f", version {self.version}" if self.version else ""
            return f"The permission on record is for another wording{named}."
        return ""


class Trained(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who is trained, since when, and who says so."""

    user: UUID
    at: datetime
    by: UUID
    on: str = ""


class Withdrawal(msgspec.Struct, frozen=True):
    """Why it is not offered, since when, and who decided that."""

    at: datetime
    by: UUID
    reason: str


class InstrumentState(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the center decided about the instrument of a name. ``versions`` are its own forms, the newest last."""

    name: str
    versions: tuple[Version, ...] = ()
    permission: Permission | None = None
    training_required: bool = False
    trained: tuple[Trained, ...] = ()
    withdrawn: Withdrawal | None = None

    @property
    def current(self) -> Version | None:
        """The form that the name stands for now; None for one that comes with the program."""
        return self.versions[-1] if self.versions else None

    def is_trained(self, user: UUID) -> bool:
        """Whether the center lists this person as trained."""
        return any(each.user == user for each in self.trained)


class Needs(msgspec.Struct, frozen=True):
    """What somebody has to have before they begin an instrument, as those who hold its rights say."""

    permission: bool = False
    training: bool = False


NOTHING = Needs()


def withheld(state: InstrumentState | None, needs: Needs, today: str) -> str:
    """Why nobody can begin the instrument on the day ``today`` (ISO), in a sentence; "" when somebody can."""
    permission = state.permission if state else None
    if state is not None and state.withdrawn is not None:
        return f"Withdrawn: {state.withdrawn.reason}"
    if needs.permission and permission is None:
        return "No permission is recorded. An administrator enters it under Instruments."
    wording = state.current.sha256 if state and state.current and needs.permission else ""
    if permission is not None and (lapsed := permission.lapsed(today, wording)):
        return f"{lapsed} An administrator enters a new one under Instruments."
    if trained_only(state, needs) and not (state and state.trained):
        return "It is kept to trained people, and nobody is listed as trained. An administrator does that."
    return ""


def trained_only(state: InstrumentState | None, needs: Needs) -> bool:
    """Whether only those who are listed as trained can begin it."""
    return needs.training or (state is not None and state.training_required)


def why_not(state: InstrumentState | None, needs: Needs, user: UUID, today: str) -> str:
    """Why ``user`` cannot begin the instrument on the day ``today`` (ISO), in a sentence; "" when they can."""
    why = withheld(state, needs, today)
    if not why and trained_only(state, needs) and not (state and state.is_trained(user)):
        return "It is kept to people who are listed as trained, and you are not. Ask an administrator."
    return why


def instrument_subject(center: str, name: str) -> UUID:
    """The subject that is the instrument of this name at a center (by its short name)."""
    return derived_id("instrument", center, name)


def form_subject(center: str, sha256: str, description: str) -> UUID:
    """The subject that is this form with this description: the same document is the same subject on every desk."""
    return derived_id("form", center, sha256, description)


FORM: Aggregate[FormState] = Aggregate("form", Audience.ADMINISTRATION, FormState)
INSTRUMENT: Aggregate[InstrumentState] = Aggregate("instrument", Audience.ADMINISTRATION, InstrumentState, version=2)


@FORM.step(FormImported)
def _form_imported(state: FormState | None, entry: Entry, body: FormImported) -> FormState:
    if state is not None:
        return state  # two administrators brought in the same form, each at their desk
    return FormState(body.sha256, body.document, body.description)


@INSTRUMENT.step(InstrumentImported)
def _imported(state: InstrumentState | None, entry: Entry, body: InstrumentImported) -> InstrumentState:
    state = state or InstrumentState(body.name)
    version = Version(body.form, body.sha256, body.title, body.version, body.at, entry.actor, body.findings)
    before = tuple(each for each in state.versions if each.form != body.form)
    return replace(state, versions=(*before, version))


@INSTRUMENT.step(InstrumentPermitted)
def _permitted(state: InstrumentState | None, entry: Entry, body: InstrumentPermitted) -> InstrumentState:
    state = state or InstrumentState(body.name)
    current = state.current
    of = (body.sha256, body.version) if body.sha256 or not current else (current.sha256, current.version)
    permission = Permission(body.given_by, body.given_on, body.document, body.at, entry.actor, body.until, *of)
    return replace(state, permission=permission)


@INSTRUMENT.step(InstrumentTrainingRequired)
def _training_required(
    state: InstrumentState | None, entry: Entry, body: InstrumentTrainingRequired
) -> InstrumentState:
    return replace(state or InstrumentState(body.name), training_required=body.required)


@INSTRUMENT.step(InstrumentTrained)
def _trained(state: InstrumentState | None, entry: Entry, body: InstrumentTrained) -> InstrumentState:
    state = state or InstrumentState(body.name)
    others = tuple(each for each in state.trained if each.user != body.user)
    return replace(state, trained=(*others, Trained(body.user, body.at, entry.actor, body.on)))


@INSTRUMENT.step(InstrumentUntrained)
def _untrained(state: InstrumentState | None, entry: Entry, body: InstrumentUntrained) -> InstrumentState:
    if state is None or not state.is_trained(body.user):
        raise Senseless("the person is not listed as trained")
    return replace(state, trained=tuple(each for each in state.trained if each.user != body.user))


@INSTRUMENT.step(InstrumentWithdrawn)
def _withdrawn(state: InstrumentState | None, entry: Entry, body: InstrumentWithdrawn) -> InstrumentState:
    return replace(state or InstrumentState(body.name), withdrawn=Withdrawal(body.at, entry.actor, body.reason))


@INSTRUMENT.step(InstrumentOffered)
def _offered(state: InstrumentState | None, entry: Entry, body: InstrumentOffered) -> InstrumentState:
    if state is None or state.withdrawn is None:
        raise Senseless("the instrument is offered already")
    return replace(state, withdrawn=None)
