"""Which groups can be drawn as a table. Their lines stay lines: a screen without tables loses nothing."""

from console.forms.look import Control, Table
from console.forms.model import Item, Kind

_TABLES = (Control.TABLE, Control.HTABLE, Control.GTABLE, Control.GRID)
_YES_NO = ("Yes", "No")
NUMBERED_OPTIONS = 6
"""Options that have a number key, and so the most columns of a table of options."""


def table_of(group: Item) -> Table | None:
    """The table a group asks to be, or ``None`` when it asks for none or its questions do not make one."""
    if group.kind is not Kind.GROUP or not group.items:
        return None
    control = group.look.control
    # Forms in use name any of these for questions with the same options, whatever they say of rows and columns.
    if control in _TABLES and not group.repeats and (columns := _alike(group)):
        return Table("questions", columns, turned=control is Control.HTABLE)
    if control is Control.GTABLE or (control is Control.TABLE and group.repeats):
        return Table("occurrences", tuple(map(_heading, group.items))) if _plain(group) else None
    return _grid(group) if control is Control.GRID else None


def _alike(group: Item) -> tuple[str, ...]:
    """The options that all that is answered in a group has; none where they differ, are not all that can be answered,
    are more than have a key, or there is more than one level.

    Words to read and what the program fills in are no part of it: they are lines between the rows.
    """
    asked = [item for item in group.items if item.is_question and not item.read_only and not item.calculated]
    labels = {() if item.is_open and item.kind is not Kind.BOOLEAN else _options(item) for item in asked}
    flat = all(item.kind is not Kind.GROUP and not item.items for item in group.items)
    shared = labels.pop() if flat and len(labels) == 1 else ()
    return shared if len(shared) <= NUMBERED_OPTIONS else ()


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
