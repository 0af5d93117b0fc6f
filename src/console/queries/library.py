"""The forms of a center: those that come with the program and its own. Whoever reads a form goes through here.

What was made of the record is kept until the center decides something else: a page that is read again asks for a few
short rows and for no document.
"""

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from uuid import UUID

from console.errors import KnownError
from console.forms.library import Form, Library, installed, read_form
from console.models.instrument import FORM, INSTRUMENT, FormState, InstrumentState, why_not
from console.models.store import subjects
from console.models.store.desk import Desk
from console.models.store.store import Reading


@dataclass(frozen=True, slots=True)
class Shelf:
    """The center's forms, and by name what it decided about them."""

    library: Library
    decided: dict[str, InstrumentState]


@dataclass(frozen=True, slots=True)
class Askable:
    """A form that a person may begin, or the reason ``why_not`` in a sentence; ``form`` is None for one that cannot be
    read here."""

    name: str
    title: str
    form: Form | None
    why_not: str


class _Shelves:
    """The shelf as last made, and what the record said then."""

    def __init__(self) -> None:
        self._turn = Lock()
        self._made: tuple[tuple[str, ...], Shelf] | None = None

    def get(self, connection: Reading) -> Shelf:
        texts = subjects.texts(connection, INSTRUMENT)
        with self._turn:
            if self._made is not None and self._made[0] == texts:
                return self._made[1]
        shelf = _make(connection, texts)
        with self._turn:
            self._made = texts, shelf
        return shelf


_shelves = _Shelves()


def shelf_of(connection: Reading) -> Shelf:
    """The center's forms as the record has them."""
    return _shelves.get(connection)


def library_of(connection: Reading) -> Library:
    """All forms, the shipped and the center's own, also those that are not offered: old answers are read by them."""
    return shelf_of(connection).library


def read_shelf(desk: Desk) -> Shelf:
    """:func:`shelf_of` for whoever has nothing else to read. It holds nobody's words."""
    with desk.store.read() as connection:
        return shelf_of(connection)


def askable(desk: Desk, connection: Reading, user: UUID) -> tuple[Askable, ...]:
    """What ``user`` can begin today, and what not and why, by title."""
    shelf = shelf_of(connection)
    today = desk.today()
    forms = shelf.library.forms.values()
    titles = Counter(form.questionnaire.title for form in forms)
    found = [
        Askable(
            form.name,
            # Nobody can tell two of one title apart but by the names they go by here.
            f"{q.title} ({form.name})" if titles[q.title] > 1 else q.title or form.title,
            form,
            why_not(shelf.decided.get(form.name), form.needs, user, today),
        )
        for form in forms
        for q in (form.questionnaire,)
    ]
    for name, reason in shelf.library.unreadable.items():
        version = shelf.decided[name].current
        found.append(Askable(name, version.title if version else name, None, reason))
    return tuple(sorted(found, key=lambda each: each.title.casefold()))


def _make(connection: Reading, texts: tuple[str, ...]) -> Shelf:
    decided = {state.name: state for state in (subjects.decode(INSTRUMENT, text) for text in texts)}
    shipped = installed()
    wanted = [version.form for state in decided.values() for version in state.versions]
    documents = subjects.states(connection, FORM, wanted) if wanted else {}
    own: list[Form] = []
    earlier: list[Form] = []
    unreadable: dict[str, str] = {}
    for name, state in decided.items():
        for version in state.versions:
            form = _form(name, documents.get(version.form))
            if isinstance(form, Form):
                (own if version is state.current else earlier).append(form)
            elif version is state.current:
                unreadable[name] = form
    return Shelf(shipped.joined(own, earlier, unreadable), decided)


def _form(name: str, state: FormState | None) -> Form | str:
    if state is None:
        return "Its document has not come to this desk."
    return _read(name, state.document, state.description)


@lru_cache(maxsize=64)
def _read(name: str, document: str, description: str) -> Form | str:
    """The form, or why this version of the program does not take what another one took."""
    try:
        form = read_form(name, document, description, installed(), f"The description of {name}")
    except KnownError as error:
        return f"This version of Clinician Console cannot ask it: {error.message}."
    return form.own(name)
