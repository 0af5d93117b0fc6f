"""Contacts of the past, for what finds them again."""

from uuid import UUID

from console.actions import assessments, encounters
from console.forms.library import shipped
from console.models.call import CallPictured
from console.models.sign_in import SignIn
from console.models.store.desk import Desk
from tests.support.desk import Cad
from tests.support.entries import Author
from wire.journals import derived_id


def answered_gad7(desk: Desk, who: SignIn, encounter: UUID, choice: int = 2, *, name: str = "gad-7") -> UUID:
    """A signed GAD-7 with the same choice (0 to 3) for all of its seven questions."""
    form = shipped().forms[name]
    assessment, _ = assessments.begin(desk, who, encounter, form)
    for item in form.questionnaire.by_id.values():
        if item.options and item.required:
            assessments.answer(desk, who, assessment, form, item.link_id, (item.options[choice].value,))
    assessments.complete(desk, who, assessment, form)
    return assessment


def contact(
    cad: Cad, who: SignIn, number: str, *, callback: str = "", name: str = "", born: str = "", **facts: str
) -> tuple[UUID, UUID]:
    """A call that ``who`` has, with what was written down of the person; the call and its encounter."""
    call = cad.call(number, callback=callback, **facts)
    (encounter,) = encounters.claim_and_begin(cad.desk, who, call).of("encounter")
    for field, value in (("name", name), ("age", born)):
        if value:
            encounters.state_fact(cad.desk, who, encounter, field, value, "person")
    return call, encounter


def many_calls(cad: Cad, count: int, callback: str, caller: str = "") -> None:
    """``count`` calls that share a call-back number, told in one go."""
    now = cad.desk.clock.now()
    author = Author(center=cad.desk.center)
    cad.desk.store.append(
        [
            author.derive(
                derived_id("test-call", f"many {callback} {nth}"),
                CallPictured("cad", now, f"M{nth}", "WELFARE CHECK", now, callback=callback, caller=caller),
            )
            for nth in range(count)
        ]
    )
