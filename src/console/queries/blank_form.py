"""A form of the library as a blank one on paper."""

from console.forms.asking.units import unit_words
from console.forms.asking.words import asked_when
from console.forms.instruments.description import Sum, Table, Unscored
from console.forms.library import Form
from console.forms.model import Item, Kind, Option
from console.handoff.blank_form import BlankForm, BlankRow

_LINES = {Kind.TEXT: 3}
_SHAPES = {
    Kind.DATE: "year, month, day",
    Kind.TIME: "hour : minute",
    Kind.DATE_TIME: "year, month, day, hour : minute",
    Kind.INTEGER: "a whole number",
}
_YES_NO = ("Yes", "No")


def blank_form(form: Form) -> BlankForm:
    """Every question of ``form``, also those that are asked only sometimes, with when that is."""
    q = form.questionnaire
    rows = [row for item in q.items for row in _rows(form, item, 0)]
    instrument = form.bound.instrument if form.bound else None
    told = instrument.validity if instrument else None
    instructions = [part for part in (told.setting, told.ages, told.phone, told.recall) if part] if told else []
    return BlankForm(
        title=q.title or form.name,
        edition=" · ".join(part for part in (f"version {q.version}" if q.version else "", q.sha256[:12]) if part),
        rows=tuple(rows),
        instructions=(" · ".join(instructions), *(told.caveats if told else ())) if instructions else (),
        results=tuple(_results(form)),
        notice=(instrument.rights.notice if instrument else "") or q.copyright,
    )


def _rows(form: Form, item: Item, depth: int) -> list[BlankRow]:
    """An item and what stands in it; what the program fills in by itself is not asked on paper."""
    if item.hidden or item.calculated or (item.is_question and item.read_only):
        return []
    inside = [row for inner in item.items for row in _rows(form, inner, depth + 1)]
    if item.kind is Kind.GROUP:
        if not inside:
            return []
        again = " (as often as needed: copy this part)" if item.repeats else ""
        heading = f"{item.prefix} {item.text}".strip() + again
        return [BlankRow(heading, depth=depth, heading=True, only_if=asked_when(form.questionnaire, item)), *inside]
    choices = tuple(_label(option) for option in item.options) or (_YES_NO if item.kind is Kind.BOOLEAN else ())
    written = item.is_question and (not choices or item.kind is Kind.OPEN_CHOICE)
    unit = unit_words(item.unit)
    row = BlankRow(
        item.text or next((code.display for code in item.codes if code.display), ""),
        number=item.prefix,
        depth=depth,
        only_if=asked_when(form.questionnaire, item),
        help=" ".join(part for part in (item.look.help, _SHAPES.get(item.kind, "") if written else "") if part),
        choices=choices,
        several=item.repeats and bool(choices),
        lines=_LINES.get(item.kind, 1) if written else 0,
        unit=unit,
    )
    return [row, *inside]


def _label(option: Option) -> str:
    words = f"{option.prefix} {option.label}".strip()
    return words if option.score is None else f"{words} ({option.score.normalize():f})"


def _results(form: Form) -> list[str]:
    """How to come to a result by hand, as far as that can be done on paper; never a shortened rule."""
    if form.bound is None:
        scored = any(item.is_scored for item in form.questionnaire.by_id.values())
        return ["Scored in the console when it is entered there."] if scored or form.questionnaire.formulas else []
    lines = []
    for score in form.bound.instrument.scores:
        match score:
            case Sum():
                bands = "; ".join(f"{band.low} to {band.high} {band.label}" for band in score.bands)
                lines.append(f"{score.name}: add up the numbers beside the boxes: ______ {bands}")
                lines.append("One question without an answer, or refused: there is no total.")
            case Table():
                lines.append(f"{score.name}: by the published key, in the console when it is entered there.")
            case Unscored():
                lines.append(f"{score.name}: {score.reason}")
    lines += [f"Look for: {rule.text}" for rule in form.bound.instrument.alerts]
    return lines
