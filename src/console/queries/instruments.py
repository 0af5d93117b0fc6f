"""The instruments of a center for its administrator: every form there is, what was decided about it, what comes in."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from msgspec.structs import replace

from console.forms.instruments.scoring import score
from console.forms.instruments.ties import Tie
from console.forms.instruments.trying import gives
from console.forms.library import Form, Package, installed, open_package, tied, with_tie
from console.models.instrument import (
    NOTHING,
    FormImported,
    InstrumentState,
    Needs,
    Permission,
    Version,
    Withdrawal,
    trained_only,
    withheld,
)
from console.models.sign_in import SignIn
from console.models.store import people
from console.models.store.desk import Desk
from console.models.store.store import Reading
from console.queries.library import Shelf, shelf_of
from console.queries.reading import reader
from wire.journals import Audience


@dataclass(frozen=True, slots=True)
class Listed:
    """One instrument. ``form`` is None with the ``problem`` where this desk cannot read it.

    ``standing`` is why nobody may begin it, "" where people may: all, or with ``trained_only`` those in ``trained``.
    ``version`` and ``brought_by`` are of the center's own; a shipped one has none.
    """

    name: str
    title: str
    form: Form | None
    problem: str
    imported: bool
    version: str
    needs: Needs
    permission: Permission | None
    permission_by: str
    trained_only: bool
    trained: tuple[UUID, ...]
    withdrawn: Withdrawal | None
    standing: str
    versions: tuple[Version, ...]
    brought_by: str

    @property
    def notice(self) -> str:
        """What its publisher says about copying."""
        return rights_of(self.form)[0] if self.form else ""


@dataclass(frozen=True, slots=True)
class Preview:
    """A form from a file that may be imported: what it would be called, and of what it would be the new version.

    ``scores`` are the names of what it scores, or why it gives none; ``same`` says that it is here already. ``gives``
    is what its key gives with it, a line each. ``lapsed`` is why the permission on record does not hold for it, in a
    sentence: nothing is imported on that one.
    """

    package: Package
    name: str
    replaces: Listed | None
    scores: tuple[str, ...]
    notice: str
    terms: str
    same: bool
    gives: tuple[str, ...] = ()
    lapsed: str = ""

    @property
    def needs_permission(self) -> bool:
        """Whether it cannot be imported without a permission record that is given now."""
        recorded = self.replaces.permission if self.replaces else None
        return self.package.form.needs.permission and (recorded is None or bool(self.lapsed))


def instruments(desk: Desk, sign_in: SignIn | None) -> tuple[Listed, ...]:
    """Every instrument, by title. Without a sign-in (a command) they are read as operations."""
    with desk.store.read() as connection:
        if sign_in is not None:
            reader(connection, sign_in, Audience.ADMINISTRATION)
        shelf, names = shelf_of(connection), _names(connection)
    return _listed(desk, shelf, names)


def preview(desk: Desk, sign_in: SignIn, path: Path, tie: Tie | None = None) -> Preview:
    """What importing the form in a file would bring, as what its file says or, with ``tie``, as what that says.

    Raises :class:`~console.forms.refusals.RefusedForm` with the reason for one that cannot be asked here, another
    :class:`KnownError` for a file that cannot be read.
    """
    with desk.store.read() as connection:
        reader(connection, sign_in, Audience.ADMINISTRATION).require_write(FormImported.KIND)
        shelf, names = shelf_of(connection), _names(connection)
    opened = open_package(path, installed())
    said = with_tie(opened, tie, installed()) if tie else opened
    form = said.form.own(said.form.name)
    package = replace(said, form=form)
    name = shelf.library.name_for(form)
    replaces = next((each for each in _listed(desk, shelf, names) if each.name == name), None)
    same = replaces is not None and replaces.form is not None and _same(replaces.form, form)
    notice, terms = rights_of(form)
    recorded = replaces.permission if replaces else None
    shown = gives(form.questionnaire, form.bound) if form.bound else ()
    lapsed = recorded.lapsed(desk.today(), form.questionnaire.sha256) if recorded else ""
    return Preview(package, name, replaces, scores_of(form), notice, terms, same, shown, lapsed)


def tried(form: Form, tie: Tie) -> tuple[str, ...]:
    """What a form would give as what ``tie`` says it is, a line each. Raises :class:`KnownError` for what does not
    fit."""
    return gives(form.questionnaire, tied(tie, form.questionnaire, installed(), "What was matched"))


def rights_of(form: Form) -> tuple[str, str]:
    """What the publisher says about copying, and the terms; the form's own words where nothing describes it."""
    if form.bound is not None:
        rights = form.bound.instrument.rights
        return rights.notice, rights.terms
    return form.questionnaire.copyright, ""


def scores_of(form: Form) -> tuple[str, ...]:
    """What it scores, a line each."""
    q = form.questionnaire
    # A plain total needs nothing but the options: what is wrong once all are chosen stays wrong.
    plain = form.bound is None and not q.formulas
    answers = {item.link_id: (item.options[0].value,) for item in q.by_id.values() if item.options and plain}
    found = score(q, answers, form.bound)
    return tuple(
        f"{each.name}: not scored: {each.reason}" if each.reason and (plain or not each.of) else each.name
        for each in found
    )


def _names(connection: Reading) -> dict[UUID, str]:
    return {user: person.display_name for user, person in people.every(connection).items()}


def _same(one: Form, other: Form) -> bool:
    return one.questionnaire.sha256 == other.questionnaire.sha256 and one.bound == other.bound


def _listed(desk: Desk, shelf: Shelf, names: dict[UUID, str]) -> tuple[Listed, ...]:
    today = desk.today()
    found = [
        _one(form.name, form, "", shelf.decided.get(form.name), today, names) for form in shelf.library.forms.values()
    ]
    found += [
        _one(name, None, problem, shelf.decided.get(name), today, names)
        for name, problem in shelf.library.unreadable.items()
    ]
    return tuple(sorted(found, key=lambda each: each.title.casefold()))


def _one(
    name: str, form: Form | None, problem: str, state: InstrumentState | None, today: str, names: dict[UUID, str]
) -> Listed:
    current = state.current if state else None
    needs = form.needs if form else NOTHING
    permission = state.permission if state else None
    return Listed(
        name=name,
        title=form.title if form else current.title if current else name,
        form=form,
        problem=problem,
        imported=current is not None,
        version=form.questionnaire.version if form else current.version if current else "",
        needs=needs,
        permission=permission,
        permission_by=names.get(permission.by, "somebody") if permission else "",
        trained_only=trained_only(state, needs),
        trained=tuple(each.user for each in state.trained) if state else (),
        withdrawn=state.withdrawn if state else None,
        standing=problem or withheld(state, needs, today),
        versions=state.versions if state else (),
        brought_by=names.get(current.by, "somebody") if current else "",
    )
