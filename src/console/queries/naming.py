"""What people call the things that the record names by code: one wording for the history, the note and the alarms."""

from collections.abc import Iterable

from console.forms.deciding.layout import link_of
from console.forms.library import Form, Library
from console.handoff.fields import FIELD, SOURCE
from console.models.clinical_fields import CLINICAL_FIELD


def fact_title(field: str) -> str:
    """What people call a field of the facts for responders; its id when the list has it no more."""
    return FIELD[field].name if field in FIELD else field


def person_title(field: str) -> str:
    """What people call a field of the person in the clinical record; its id when the list has it no more."""
    return CLINICAL_FIELD[field].label if field in CLINICAL_FIELD else field


def source_tag(source: str) -> str:
    """``program record`` for "part2": who told a fact, as the sheet prints it; its id when the list has it no more."""
    return SOURCE[source].tag if source in SOURCE else source


def form_title(library: Library, name: str) -> str:
    """``PHQ-9`` for "phq-9"; the name itself when the form is not here any more."""
    form = library.forms.get(name)
    return form.title if form else name


def questions_in_words(form: Form | None, keys: Iterable[str]) -> str:
    """The questions of a form by their own words; their keys when the form is not here any more."""
    if form is None:
        return "; ".join(keys)
    q = form.questionnaire
    return "; ".join(item.text if (item := q.by_id.get(link_of(q, key))) else key for key in keys)


def code_in_words(code: str) -> str:
    """``from the board`` for a code of one of the product's own lists, such as "from-board", in a running sentence."""
    return _WORDS.get(code, code.replace("-", " ").replace("_", " "))


_WORDS = {"from-board": "from the board", "call-back": "call-back", "officer": "officer by phone or radio"}
