"""What a form asks of the looks of a line and this program shows otherwise, told to whoever brings the form."""

from collections.abc import Iterator

from console.forms.look import Control, slider_steps
from console.forms.model import Finding, Item, Kind
from console.forms.tables import table_of

_TABLES = (Control.TABLE, Control.HTABLE, Control.GTABLE, Control.GRID)


def shown_otherwise(item: Item) -> Iterator[Finding]:
    """A finding for each look of an item that it will not have. Nothing of it is lost."""
    look = item.look
    table = table_of(item)
    if look.control in _TABLES and item.kind is Kind.GROUP and (table is None or table.rows != "questions"):
        yield Finding(item.link_id, "it asks to be a table; it is shown line by line")
    if look.collapsible:
        yield Finding(item.link_id, "it asks to be folded; it is shown open")
    if look.control is Control.SLIDER and not _slides(item):
        why = "it is not one number between two bounds in at most 200 steps"
        yield Finding(item.link_id, f"it asks for a slider, and {why}; it is shown as {_as(item)}")


def _slides(item: Item) -> bool:
    if item.kind not in (Kind.INTEGER, Kind.DECIMAL) or item.repeats or item.options:
        return False
    formulas = any(name in ("minimum", "maximum") for name, _ in item.expressions.fields)
    return formulas or slider_steps(item.minimum, item.maximum, item.look.step) is not None


def _as(item: Item) -> str:
    return "its options" if item.options or item.kind is Kind.BOOLEAN else "a field"
