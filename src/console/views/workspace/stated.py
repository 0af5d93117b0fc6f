"""What is stated already, where it is of use again: under a question that asks about it, and in the words of advice."""

from collections.abc import Callable, Mapping
from datetime import datetime

from console.forms.library import Form
from console.handoff.content import says_unknown
from console.handoff.fields import FIELD, FIELDS, SOURCE, Section, police_ruling
from console.models.call_state import Fact

Clock = Callable[[datetime], str]


def stated_for(form: Form, facts: Mapping[str, Fact], clock: Clock) -> dict[str, str]:
    """By question of ``form``, what is stated about it, each fact with who told it and when."""
    if form.bound is None:
        return {}
    links = form.bound.links
    return {
        links[question]: "\n".join(f"Stated: {_said(facts[field], clock)}" for field in known)
        for question, fields in form.bound.instrument.facts.items()
        if question in links and (known := [field for field in fields if field in facts])
    }


def to_pass_on(facts: Mapping[str, Fact], clock: Clock) -> dict[str, str]:
    """By field, the stated facts that keep responders safe, as words that may be passed on to them.

    What the sheet for police holds back is left out, and so is a source that it does not name.
    """
    found: dict[str, str] = {}
    for field in FIELDS:
        fact = facts.get(field.id)
        if fact is None or field.section is not Section.ACT_FIRST or says_unknown(fact.value):
            continue
        ruling = police_ruling(field.id, fact.source)
        if ruling.prints:
            found[field.id] = _said(fact, clock) if ruling.with_source else f"{field.name}: {fact.value}"
    return found


def short_label(fact: Fact, most: int) -> str:
    """Field and value in at most ``most`` characters, so that one sees where something is left out."""
    words = f"{FIELD[fact.field].name}: {' '.join(fact.value.split())}"
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def _said(fact: Fact, clock: Clock) -> str:
    name = FIELD[fact.field].name if fact.field in FIELD else fact.field
    source = SOURCE[fact.source].tag if fact.source in SOURCE else fact.source
    told = " ".join(part for part in (source, clock(fact.at)) if part)
    return f"{name}: {', '.join(fact.value.splitlines())} ({told})"
