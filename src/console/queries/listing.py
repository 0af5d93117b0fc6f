"""Calls as plain values, for commands: one a line in board order, or one whole.

A command does not know who is signed in at the desktop, so it never says that nobody is free: ``fallback`` is "".
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from console.errors import NotFound
from console.models.sign_in import SignIn
from console.models.store import calls, horizon, people
from console.models.store.desk import Desk
from console.queries.board import BoardRow, RowMaker, board_order
from console.queries.center import center_of
from console.queries.reading import reader
from console.queries.workspace import workspace_for
from wire.journals import Audience

Line = dict[str, Any]


def call_lines(desk: Desk, sign_in: SignIn | None, state: str) -> Iterator[Line]:
    """The calls in board order: ``flagged`` (and not disposed), ``open`` or ``all``."""
    readers = {"flagged": calls.flagged_calls, "open": calls.open_calls, "all": calls.every_call}
    with desk.store.read() as connection:
        sign_in = sign_in and reader(connection, sign_in, Audience.OPERATIONS)
        center = center_of(desk, connection)
        everyone, flagged = people.every(connection), calls.flagged_calls(connection)
        maker = RowMaker(desk, sign_in, center, everyone, flagged, presence_known=False)
        rows = [maker.row(call, state) for call, state in readers[state](connection)]
    rows.sort(key=board_order)
    return map(line_of, rows)


def lacks(desk: Desk) -> str:
    """From which day on a list of all calls is whole; "" where nothing lacks."""
    with desk.store.read() as connection:
        return horizon.whole(connection, desk.zone)


def call_line(desk: Desk, sign_in: SignIn | None, call: UUID) -> Line:
    """One call as the board shows it."""
    found = workspace_for(desk, sign_in, call)
    if found.row is None:
        raise NotFound(found.missing)
    return line_of(found.row)


def line_of(row: BoardRow) -> Line:
    """One row as plain values; times as RFC 3339 in UTC, None for what has not happened."""
    return {
        "call": str(row.call),
        "number": row.number,
        "level": str(row.level),
        "flagged": row.flagged,
        "reason": row.flag_reason,
        "words": row.flag_words,
        "source": row.flag_source,
        "flagged_by": row.flagged_by,
        "suggestion": row.suggestion,
        "type": row.type_text,
        "type_before": row.type_before,
        "type_changed_at": _time(row.type_changed_at),
        "resurfaced_at": _time(row.resurfaced_at),
        "place": row.place,
        "headline": row.headline,
        "reported_at": _time(row.reported_at),
        "flagged_at": _time(row.flagged_at),
        "claimed_at": _time(row.claimed_at),
        "contacted_at": _time(row.contacted_at),
        "disposed_at": _time(row.disposed_at),
        "owner": row.owner_name,
        "officer_waiting": row.officer_waiting,
        "advice_waiting": row.advice_waiting,
        "fallback": row.fallback,
        "closed": row.closed,
        "priority": row.cad_priority,
        "units": row.units,
    }


def plain_line(line: Mapping[str, Any]) -> str:
    """One line for a person."""
    parts = [
        line["number"] or line["call"][:8],
        str(line["level"]).replace("_", " ").upper() if line["flagged"] or line["level"] == "closed" else "-",
        line["type"],
        line["place"],
        f"({line['owner']})" if line["owner"] else "",
        f"flag: {line['reason'] or line['source']}" if line["flagged"] else "",
        f"suggested: {line['suggestion']}" if line["suggestion"] else "",
        f"was: {line['type_before']}" if line["type_before"] else "",
        "officer waiting" if line["officer_waiting"] else "",
        "advice waits for dispatch" if line["advice_waiting"] else "",
        "closed in CAD" if line["closed"] else "",
    ]
    return " · ".join(part for part in parts if part)


def whole_call(desk: Desk, sign_in: SignIn | None, call: UUID) -> Line:
    """Everything the reader may see of one call, as plain values."""
    found = workspace_for(desk, sign_in, call)
    if found.row is None or found.state is None:
        raise NotFound(found.missing)
    shown: Line = {
        **line_of(found.row),
        "record": msgspec.to_builtins(found.state),
        "time_zone": desk.zone_name,
        "names": {str(user): name for user, name in found.names.items()},
        "sheets": [msgspec.to_builtins(sheet) for sheet in found.sheets.values()],
        "unread": found.unread,
        "senseless": list(found.senseless),
    }
    if found.clinical is not None:
        shown["encounter"] = msgspec.to_builtins(found.clinical.state)
        shown["assessments"] = [
            {"assessment": str(assessment), **msgspec.to_builtins(each)}
            for assessment, each in found.clinical.assessments.items()
        ]
        shown["referrals"] = [msgspec.to_builtins(each) for each in found.clinical.referrals.values()]
    return shown


def plain_call(shown: Mapping[str, Any]) -> list[str]:
    """One call for a person to read, line by line: what happened in its order, in the center's time, then the facts."""
    record, zone = shown["record"], ZoneInfo(shown["time_zone"])
    moments = [(datetime.fromisoformat(at).astimezone(zone), said) for at, said in _happened(record, shown["names"])]
    moments.sort(key=lambda each: each[0])
    lines = [plain_line(shown)]
    lines += [f"  {at:%Y-%m-%d %H:%M:%S %Z}  {said}" for at, said in moments]
    lines += [f"  {each['field']}: {each['value']} ({each['source']})" for each in record.get("facts", {}).values()]
    lines += [f"  changed nothing: {reason}" for reason in shown["senseless"]]
    return lines


def _happened(record: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Every moment of a call's record that has a time, with words for it."""

    def who(user: str) -> str:
        return names.get(user, "somebody")

    for each in record.get("narrative", ()):
        yield each["at"], each["line"]
    for each in record.get("changes", ()):
        field = each["field"].removesuffix("_text").replace("_", " ")
        yield each["at"], f"CAD changed the {field}: {each['before'] or '-'} → {each['after'] or '-'}"
    if asked := record.get("suggestion"):
        yield asked["at"], _said(f"flag suggested by rule {asked['rule']}", asked["why"])
    if flag := record.get("flag"):
        typed = f"{flag.get('by_text') or 'somebody'} in CAD" if flag.get("source") == "cad" else ""
        by = typed or who(flag["by"])
        yield flag["at"], _said(f"flagged by {by}", flag["reason"], flag.get("words", ""))
    if screening := record.get("screening"):
        yield screening["at"], _said(f"screened by {who(screening['by'])}", screening["decision"], screening["reason"])
    if claim := record.get("claim"):
        yield claim["at"], f"claimed by {who(claim['owner'])}"
    for each in record.get("contacts", ()):
        reached = "reached" if each["reached"] else "not reached"
        yield each["at"], _said("contact", each["how"], reached, each["whom"])
    for each in record.get("levels", ()):
        yield each["at"], _said(f"level by {who(each['by'])}", each["level"], each["reason"])
    for each in record.get("advice", ()):
        read = " (acknowledged)" if each.get("acknowledged_at") else ""
        yield each["at"], _said(f"advice by {who(each['by'])}{read}", ", ".join(each["send"]), each.get("words", ""))
    for each in record.get("thread", ()):
        yield each["at"], f"{who(each['by'])} wrote: {each['text']}"
    if ended := record.get("disposition"):
        body = ended["body"]
        counts = f"{body['disposition']} ({body['roll_up']})"
        yield body["at"], _said(f"disposed by {who(ended['by'])}", counts, body.get("words", ""))
    for each in record.get("outcomes", ()):
        yield each["at"], _said(f"outcome, said by {each['said_by']}", each["outcome"], each["words"])


def _said(*parts: str) -> str:
    return ": ".join(part for part in parts if part)


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")
