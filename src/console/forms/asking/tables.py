"""Which groups can be drawn as a table. Their lines stay lines: a screen without tables loses nothing."""

from console.forms.look import Control, Table
from console.forms.model import Item, Kind

_BY_OPTIONS = (Control.TABLE, Control.HTABLE)
_YES_NO = ("Yes", "No")


def table_of(group: Item) -> Table | None:
    """The table a group asks to be, or ``None`` when it asks for none or its questions do not make one."""
    if group.kind is not Kind.GROUP or not group.items:
        return None
    control = group.look.control
    if control is Control.GTABLE or (control is Control.TABLE and group.repeats):
        return Table("occurrences", tuple(map(_heading, group.items))) if _plain(group) else None
    if control is Control.GRID:
        return _grid(group)
    if control in _BY_OPTIONS and _plain(group):
        labels = {_options(item) for item in group.items}
        if len(labels) == 1 and (columns := labels.pop()):
            return Table("questions", columns, turned=control is Control.HTABLE)
    return None


def _grid(group: Item) -> Table | None:
    if not all(item.kind is Kind.GROUP and not item.repeats and item.items and _plain(item) for item in group.items):
        return None
    headings = {tuple(map(_heading, item.items)) for item in group.items}
    return Table("groups", headings.pop()) if len(headings) == 1 else None


def _plain(group: Item) -> bool:
    """Whether a group holds nothing but questions without anything in them."""
    return all(item.is_question and not item.items for item in group.items)


def _heading(item: Item) -> str:
    return item.look.short_text or item.text or item.label


def _options(item: Item) -> tuple[str, ...]:
    return _YES_NO if item.kind is Kind.BOOLEAN else tuple(option.label for option in item.options)
