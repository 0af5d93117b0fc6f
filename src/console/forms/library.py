"""The forms that come with the program, and forms brought from outside: the one place here that reads files."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from console.errors import BugError, KnownError
from console.forms.instruments.description import Instrument, read_instrument
from console.forms.instruments.matching import Bound, bind, bind_by_hand, recognize, without_score
from console.forms.instruments.rewording import differences, reword
from console.forms.instruments.ties import Tie, read_tie
from console.forms.model import Questionnaire
from console.forms.reading.loading import load
from console.forms.refusals import refuse
from console.models.instrument import Needs
from console.settings import resources
from wire.journals import short_name

_INSTRUMENT = ".instrument.json"
_LARGEST = 16 * 1024 * 1024
_LARGEST_KEPT = 1_100_000
LONGEST_NAME = 40
"""Characters of the name a form goes by here."""


class Form(Struct, frozen=True):
    """A form with what it scores by (``None``: its own formulas or options)."""

    name: str
    questionnaire: Questionnaire
    bound: Bound | None
    imported: bool = False
    """Whether the center brought it itself."""
    description: str = ""
    """The text of what it scores by, where the center brought that too; "" for an instrument that is known here."""
    for_trained: bool = False
    """Whether it says that it is of a family of instruments for trained people."""

    @property
    def title(self) -> str:
        """What people call it: a shipped one as its publisher does for short, one of the center's own as it says."""
        short = self.bound.instrument.title if self.bound and not self.imported else ""
        return short or self.questionnaire.title or self.name

    @property
    def key(self) -> str:
        """The hash of the key it scores by: what its description says of results and alerts, and which item is which.

        What else is said of the instrument may change, and what was begun is still scored by the same. "" where no key
        scores it: by its own formulas or options, or not at all.
        """
        if self.bound is None or not self.bound.links:
            return ""
        rules = self.bound.instrument
        held = {"scores": rules.scores, "alerts": rules.alerts, "links": self.bound.links, "states": self.bound.states}
        return hashlib.sha256(msgspec.json.encode(held, order="sorted")).hexdigest()

    def own(self, name: str) -> "Form":
        """It as a form that the center brought itself, under this name."""
        return replace(self, name=name, imported=True)

    @property
    def needs(self) -> Needs:
        """What somebody has to have before they begin it, as its rights say.

        What comes from outside needs a permission record, but for an instrument known here that needs none.
        """
        rights = self.bound.instrument.rights if self.bound else None
        known = self.bound is not None and bool(self.bound.links) and not self.description
        permission = rights is not None and rights.permission_needed
        training = self.for_trained or (rights is not None and rights.training_needed)
        return Needs(permission or (self.imported and not known), training)


class Library(Struct, frozen=True):
    """All forms by name, those that come with the program and a center's own; and value sets by url for all of them.

    ``earlier`` holds the forms that a name does not stand for any more, the newest last: whatever was begun with one of
    them goes on with it. ``unreadable`` says why a form of the center's own cannot be asked here.
    """

    forms: dict[str, Form]
    value_sets: dict[str, dict[str, Any]]
    keys: dict[str, Instrument] = {}
    """Keys to instruments whose wording is not shipped, by name. A center brings the form; its codes, or its importer
    by :func:`console.forms.instruments.matching.bind_by_hand`, say which item is which."""
    earlier: tuple[Form, ...] = ()
    unreadable: dict[str, str] = {}

    def form(self, name: str, sha256: str = "", key: str | None = None) -> Form | None:
        """The form that a name stands for; with ``sha256`` exactly that one, with ``key`` (:attr:`Form.key`) also
        scored by exactly that. None when it is not here."""
        now = self.forms.get(name)
        if not sha256:
            return now
        held = (*([now] if now else ()), *(each for each in reversed(self.earlier) if each.name == name))
        of_wording = (each for each in held if each.questionnaire.sha256 == sha256)
        return next((each for each in of_wording if key is None or each.key == key), None)

    def name_for(self, form: Form) -> str:
        """The name under which a form from outside stands here: that of the center's own form with its url, else one
        made from its own name that no other form has."""
        url, title = form.questionnaire.url, form.questionnaire.title
        for each in self.forms.values():
            if each.imported and url and each.questionnaire.url == url:
                return each.name
        first = short_name(form.name)[:LONGEST_NAME].strip("-") or "form"
        for name in (first, *(f"{first}-{count}" for count in range(2, len(self.forms) + len(self.unreadable) + 3))):
            held = self.forms.get(name)
            again = held is not None and held.imported and not url and not held.questionnaire.url
            if (held is None and name not in self.unreadable) or (again and held and held.questionnaire.title == title):
                return name
        raise BugError("every name is taken")

    def joined(self, own: Iterable[Form], earlier: Iterable[Form], unreadable: Mapping[str, str]) -> "Library":
        """This library with a center's own forms, and those that stood for their names before."""
        forms = {name: form for name, form in self.forms.items() if name not in unreadable}
        forms |= {form.name: form for form in own}
        kept = (*self.forms.values(), *earlier)
        return replace(self, forms=forms, earlier=kept, unreadable=dict(unreadable))

    def recognize(self, q: Questionnaire) -> Bound | None:
        """The shipped instrument that a form from elsewhere is, if it is one."""
        bound = recognize(self.instruments.values(), q)
        return self.worded(bound, q) if bound else None

    @property
    def instruments(self) -> dict[str, Instrument]:
        """All that a form may be scored by, by name: those of the shipped forms, and the keys."""
        bounds = (form.bound for form in self.forms.values() if not form.imported)
        return {bound.instrument.name: bound.instrument for bound in bounds if bound} | self.keys

    def is_for_trained(self, q: Questionnaire) -> bool:
        """Whether a form says, in what it is called and who holds it, that it is of a family for trained people."""
        codes = (code.display for code in q.codes)
        told = (q.title, q.name, q.copyright, q.raw.get("publisher"), *q.titles.values(), *codes)
        texts = [_spelled(str(text)) for text in told if text]
        rights = (each.rights for each in self.instruments.values())
        families = (name for each in rights if each.training_needed for name in each.family)
        return any(_spelled(name) in text for name in families for text in texts)

    def published(self, instrument: str) -> Questionnaire | None:
        """The form that an instrument was written for; None where its words are not shipped."""
        for form in self.forms.values():
            if not form.imported and form.bound and form.bound.instrument.name == instrument:
                return form.questionnaire
        return None

    def worded(self, bound: Bound, q: Questionnaire, *, admitted: bool = False) -> Bound:
        """An instrument tied to a form from outside, called reworded where the form is not in its words, or where
        whoever brought it in says so."""
        published = self.published(bound.instrument.name)
        compared = published is not None and published.sha256 != q.sha256 and bound.links
        found = differences(bound.instrument, published, q, bound.links) if compared and published else ()
        if not found and not admitted:
            return bound
        return replace(bound, instrument=reword(bound.instrument), reworded=found, admitted=admitted)


def with_tie(package: "Package", tie: Tie, library: Library) -> "Package":
    """The package as the instrument that ``tie`` says it is. Raises :class:`KnownError` for what does not fit."""
    bound = tied(tie, package.form.questionnaire, library, "What was said of the form")
    return Package(replace(package.form, bound=bound, description=tie.text()), package.document)


def read_bytes(path: Path) -> bytes:
    """The bytes of a file.

    Raises :class:`KnownError` saying which file cannot be read and why, and RefusedForm for more than
    :data:`_LARGEST` bytes: no form has as many.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise KnownError(f"{path} cannot be read: {error.strerror or error}.") from error
    if len(data) > _LARGEST:
        refuse(f"it is larger than {_LARGEST:,} bytes")
    return data


def shipped(folder: Path | None = None) -> Library:
    """Read the shipped forms and value sets (some tens of milliseconds; keep the result).

    Raises :class:`KnownError` when the folder is missing or a file in it was changed so that it no longer fits.
    """
    folder = folder or resources() / "questionnaires"
    value_sets: dict[str, dict[str, Any]] = {}
    for path in sorted((folder / "valuesets").glob("*.json")):
        value_set = json.loads(read_bytes(path))
        value_sets[value_set["url"]] = value_set
    forms: dict[str, Form] = {}
    for path in sorted(folder.glob("*" + _INSTRUMENT)):
        name = path.name.removesuffix(_INSTRUMENT)
        questionnaire = load(read_bytes(path.with_name(name + ".json")), value_sets=value_sets)
        instrument = read_instrument(read_bytes(path), str(path))
        forms[name] = Form(name, questionnaire, bind(instrument, questionnaire, str(path)))
    if not forms:
        raise KnownError(f"The forms that come with the program are missing: {folder} holds none. Install it again.")
    keys = {}
    for path in sorted((folder / "keys").glob("*" + _INSTRUMENT)):
        instrument = read_instrument(read_bytes(path), str(path))
        keys[instrument.name] = instrument
    return Library(forms, value_sets, keys)


@cache
def installed() -> Library:
    """:func:`shipped`, read once."""
    return shipped()


class Package(Struct, frozen=True):
    """A form from outside with the text it came in."""

    form: Form
    document: str


def open_form(path: Path, library: Library) -> Form:
    """A form from a file, with the instrument beside it (``<name>.instrument.json``) or the shipped one it is.

    Raises :class:`~console.forms.refusals.RefusedForm` or another :class:`KnownError`.
    """
    return open_package(path, library).form


def open_package(path: Path, library: Library) -> Package:
    """:func:`open_form`, with the texts without needless spaces: what a center keeps of a form that it brings in.

    One that no center could keep is refused before it is read at length.
    """
    document = read_bytes(path)
    if _too_large(document):
        refuse("it is larger than every desk of the center can hold; about a million bytes fit")
    beside = path.with_name(path.stem + _INSTRUMENT)
    description = read_bytes(beside) if beside.is_file() else b""
    form = read_form(path.stem, document, description, library, str(beside))
    return Package(form, _compact(document))


def read_form(name: str, document: bytes | str, description: bytes | str, library: Library, where: str) -> Form:
    """A form from its texts. Without a ``description`` it may be a shipped instrument; ``where`` names one in messages.

    Raises :class:`~console.forms.refusals.RefusedForm` or another :class:`KnownError`.
    """
    questionnaire = load(document, value_sets=library.value_sets)
    trained = library.is_for_trained(questionnaire)
    if not description:
        return Form(name, questionnaire, library.recognize(questionnaire), for_trained=trained)
    text = description.encode() if isinstance(description, str) else description
    tie = read_tie(text, where)
    if tie is None:
        bound = bind(read_instrument(text, where), questionnaire, where)
    else:
        bound = tied(tie, questionnaire, library, where)
    return Form(name, questionnaire, bound, description=_compact(text), for_trained=trained)


def _spelled(text: str) -> str:
    """A text for comparison: its words in small letters, each between spaces."""
    return " " + " ".join(re.findall(r"[^\W_]+", text.casefold())) + " "


def tied(tie: Tie, q: Questionnaire, library: Library, where: str) -> Bound:
    """The instrument that a form is said to be; ``where`` names what says so. Raises :class:`KnownError`."""
    known = library.instruments
    if tie.key not in known:
        raise KnownError(f"{where} names the key {tie.key}, which is not here. Known: {', '.join(sorted(known))}.")
    if tie.unscored:
        return without_score(known[tie.key], "it was brought in to be asked without a score")
    bound = bind_by_hand(known[tie.key], q, tie.items, tie.answers)
    return library.worded(bound, q, admitted=tie.reworded)


def _too_large(document: bytes) -> bool:
    try:
        return len(document) > _LARGEST_KEPT and len(_compact(document)) > _LARGEST_KEPT
    except (ValueError, msgspec.DecodeError):
        return False  # reading it says what is wrong


def _compact(text: bytes) -> str:
    return msgspec.json.format(text.decode("utf-8-sig"), indent=-1)
