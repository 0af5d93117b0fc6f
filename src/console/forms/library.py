"""The forms that come with the program, and forms brought from outside: the one place here that reads files."""

import json
from pathlib import Path
from typing import Any

from msgspec import Struct

from console.errors import KnownError
from console.forms.instruments import Instrument, read_instrument
from console.forms.loading import load
from console.forms.matching import Bound, bind, recognize
from console.forms.model import Questionnaire
from console.forms.refusals import refuse
from console.settings import resources

_INSTRUMENT = ".instrument.json"
_LARGEST = 16 * 1024 * 1024


class Form(Struct, frozen=True):
    """A form with what it scores by (``None``: its own formulas or options)."""

    name: str
    questionnaire: Questionnaire
    bound: Bound | None


class Library(Struct, frozen=True):
    """All shipped forms by name, and the value sets any form may refer to, by url."""

    forms: dict[str, Form]
    value_sets: dict[str, dict[str, Any]]
    keys: dict[str, Instrument] = {}
    """Keys to instruments whose wording is not shipped, by name. A center brings the form; its codes, or its importer
    by :func:`console.forms.matching.bind_by_hand`, say which item is which."""

    def recognize(self, q: Questionnaire) -> Bound | None:
        """The shipped instrument that a form from elsewhere is, if it is one."""
        shipped_ones = [form.bound.instrument for form in self.forms.values() if form.bound]
        return recognize([*shipped_ones, *self.keys.values()], q)


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
    """Read the shipped forms and value sets (a few milliseconds; keep the result).

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


def open_form(path: Path, library: Library) -> Form:
    """A form from a file, with the instrument beside it (``<name>.instrument.json``) or the shipped one it is.

    Raises :class:`~console.forms.refusals.RefusedForm` or another :class:`KnownError`.
    """
    questionnaire = load(read_bytes(path), value_sets=library.value_sets)
    beside = path.with_name(path.stem + _INSTRUMENT)
    if beside.is_file():
        return Form(
            path.stem, questionnaire, bind(read_instrument(read_bytes(beside), str(beside)), questionnaire, str(beside))
        )
    return Form(path.stem, questionnaire, library.recognize(questionnaire))
