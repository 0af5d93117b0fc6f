"""Why an instrument may not hold for the person of an encounter, by what is written down: a caution, never a block."""

import re
from collections.abc import Iterable
from datetime import date

from console.forms.library import Form
from console.models.encounter import EncounterState
from console.models.person_keys import birth_date

_NUMBER = re.compile(r"\d+")
_YEARS = re.compile(
    r"(?<![\d.,/-])\d{1,3}(?![\d.,/-]*\d|\s*-|s\b|\s*(?:months?|mos?|weeks?|wks?|days?)\b)", re.IGNORECASE
)
_OLDEST = 120


def age_in(words: str, today: date) -> int | None:
    """The age in years that somebody wrote down, as a number of years or as a date of birth.

    None where it is neither, or more than one: a span or a decade is no age.
    """
    if born := birth_date(words):
        day = date.fromisoformat(born)
        age = today.year - day.year - ((today.month, today.day) < (day.month, day.day))
    else:
        years = _YEARS.findall(words)
        age = int(years[0]) if len(years) == 1 == len(_NUMBER.findall(words)) else -1
    return age if 0 <= age <= _OLDEST else None


def cautions(forms: Iterable[Form], encounter: EncounterState, today: date) -> dict[str, str]:
    """By name of the form, why what is known of the person and the way they are spoken with is against it, in a
    sentence. Everybody is spoken with by phone but those who write."""
    age = age_in(encounter.facts["age"].value, today) if "age" in encounter.facts else None
    by_phone = encounter.way_in != "text"
    told = {form.name: form.bound.instrument.validity for form in forms if form.bound}
    found = {name: each.concerns(age=age, by_phone=by_phone) for name, each in told.items()}
    return {name: f"Caution: {'; '.join(each)}." for name, each in found.items() if each}
