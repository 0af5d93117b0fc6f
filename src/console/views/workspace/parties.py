"""Who has to do with the call, on one line: its number, who has it, who called, which units."""

from console.models.call_state import CallState
from console.queries.board import BoardRow


def parties(row: BoardRow, state: CallState) -> str:
    """``#26-118-4471 · you have it · caller: M. Reyes · units: 3B12``."""
    parts = [f"#{row.number}" if row.number else "no number"]
    if row.owner_name:
        parts.append("you have it" if row.mine else f"{row.owner_name} has it")
    elif row.disposed_at is None:
        parts.append("nobody has it yet")
    if state.picture and state.picture.caller:
        parts.append(f"caller: {state.picture.caller}")
    if row.units:
        parts.append(f"units: {row.units}")
    return " · ".join(parts)
