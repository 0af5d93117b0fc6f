"""``calls``: the board, one call whole, a replay, and the main actions for scripts and checks."""

import argparse
import threading
from pathlib import Path
from typing import Any
from uuid import UUID

from console.actions import calls as acts
from console.actions import encounters, flags
from console.actions.acting import one_of
from console.commands.context import Context, named
from console.commands.finding import find_call
from console.errors import KnownError
from console.feeds.feed import feed
from console.feeds.health import HealthKeeper
from console.feeds.intake import Intake
from console.feeds.pace import parse_speed
from console.feeds.profile import load_profile
from console.feeds.replay import ReplaySource
from console.models.call import SETTABLE_LEVELS, Level, RollUp, WouldHave
from console.models.center import Center
from console.models.changes import Changes
from console.queries import listing
from console.queries.center import read_center
from console.settings import load_settings


def add(subcommands: Any, everywhere: argparse.ArgumentParser) -> None:
    """Add the words of this group."""
    calls = subcommands.add_parser("calls", help="the live call queue", parents=[everywhere])
    kinds = calls.add_subparsers(
        dest="what", required=True, metavar="replay|list|show|enter|flag|claim|level|advise|dispose"
    )

    def kind(name: str, says: str, run: Any, *, one_call: bool = True) -> argparse.ArgumentParser:
        parser: argparse.ArgumentParser = kinds.add_parser(name, help=says, parents=[everywhere])
        parser.set_defaults(run=run)
        if one_call:
            parser.add_argument("call", metavar="CALL", help="incident number, call id, or the beginning of the id")
        return parser

    replay = kind("replay", "feed a CAD export through the same path as a live feed", _replay, one_call=False)
    replay.add_argument("file", type=named, metavar="FILE")
    replay.add_argument(
        "--profile",
        type=named,
        default=None,
        metavar="NAME",
        help="the site profile that reads it (default: cad_profile)",
    )
    replay.add_argument("--speed", default="max", metavar="N|max", help="times the speed of the calls (default max)")
    replay.add_argument("--limit", type=int, default=None, metavar="N", help="only the first N calls")
    listed = kind("list", "the board, one call a line", _list, one_call=False)
    listed.add_argument("--state", choices=["flagged", "open", "all"], default="open")
    kind("show", "one call whole", _show)
    entered = kind("enter", "type a call in by hand, for when CAD is away", _enter, one_call=False)
    entered.add_argument("--number", required=True, metavar="NUMBER", help="the incident number")
    entered.add_argument("--type", dest="type_text", required=True, metavar="TEXT")
    entered.add_argument("--place", required=True, metavar="TEXT")
    entered.add_argument("--words", dest="said", default="", metavar="TEXT")
    flag = kind("flag", "ask for a clinician", _flag)
    flag.add_argument("--reason", required=True, metavar="CODE")
    flag.add_argument("--words", dest="said", default="", metavar="TEXT")
    kind("claim", "take the call; its encounter begins", _claim)
    level = kind("level", "set the risk level", _level)
    level.add_argument("level", type=str.lower, choices=[each.value for each in SETTABLE_LEVELS])
    level.add_argument("--reason", required=True, metavar="TEXT")
    _overrides(level)
    advise = kind("advise", "tell dispatch what to send", _advise)
    advise.add_argument("--send", action="append", default=[], metavar="CODE")
    advise.add_argument("--words", dest="said", default="", metavar="TEXT")
    dispose = kind("dispose", "end the work on the call", _dispose)
    dispose.add_argument("--disposition", required=True, metavar="CODE")
    dispose.add_argument("--roll-up", choices=[each.value for each in RollUp], default=None)
    for name in ("arrest", "ed", "ems"):
        dispose.add_argument(f"--would-{name}", choices=acts.ANSWERS, default="unknown")
    dispose.add_argument("--said-by", default="", metavar="WHO")
    dispose.add_argument("--contact-confirmed", action="store_true", help="responders are with the person")
    dispose.add_argument(
        *("--no-contact-reason", "--no-level-reason"),
        dest="no_contact_reason",
        default="",
        metavar="TEXT",
        help="why responders are not confirmed at a high level, or why nobody set a level",
    )
    dispose.add_argument("--words", dest="said", default="", metavar="TEXT")
    dispose.add_argument("--stay", action="store_true", help="still with the person: the encounter goes on")
    _overrides(dispose)


def _overrides(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--override", default="", metavar="TEXT", help="a supervisor's reason to act on a colleague's call"
    )


def _replay(context: Context) -> int:
    words = context.words
    if words.limit is not None and words.limit < 1:
        raise KnownError("--limit takes a whole number from 1.")
    speed = parse_speed(words.speed)
    profile = load_profile(words.profile or _profile_of_this_desk(context))
    with context.desk(alone=True) as desk:
        source = ReplaySource(Path(words.file), profile, desk.center, limit=words.limit)
        fed = feed(
            source,
            Intake(desk.store, desk.center),
            HealthKeeper(source.name, context.clock),
            speed=speed,
            clock=context.clock,
            wait=threading.Event().wait,
        )
    reading = source.reading
    for refused in reading.refused:
        context.output.note(f"refused: {refused}")
    for replaced in reading.replaced:
        context.output.note(f"replaced: {replaced}")
    counts = {
        "rows": reading.rows,
        "calls": reading.calls,
        "repeated": reading.repeated,
        "replaced": len(reading.replaced),
        "refused": reading.refused_count,
        "ambiguous": reading.ambiguous,
        "shifted": reading.shifted,
        "unplaced": reading.unplaced,
        "events": fed.events,
        "entries": fed.entries,
    }
    context.output.row(counts, f"{reading.sentence()} {fed.entries:,} new entries.")
    return 0


def _profile_of_this_desk(context: Context) -> str:
    """The site profile that this desk's settings name, for a replay that names none."""
    name = load_settings(context.home).settings.cad_profile
    if not name:
        raise KnownError("Name the site profile that reads the file with --profile, or set cad_profile for this desk.")
    return name


def _list(context: Context) -> int:
    with context.desk(alone=False) as desk:
        reader = context.reader(desk)
        for row in listing.call_lines(desk, reader, context.words.state):
            context.output.row(row, listing.plain_line(row))
        if context.words.state == "all" and (lacks := listing.lacks(desk)):
            context.output.note(lacks)
    return 0


def _show(context: Context) -> int:
    with context.desk(alone=False) as desk:
        reader = context.reader(desk)
        shown = listing.whole_call(desk, reader, find_call(desk, context.words.call))
    if context.words.json:
        context.output.json(shown)
        return 0
    for line in listing.plain_call(shown):
        context.output.line(line)
    return 0


def _act(context: Context, act: Any) -> int:
    """Run one act on the named call as the named person, and say what the call is then."""
    with context.desk(alone=True) as desk:
        sign_in = context.sign_in(desk)
        call = find_call(desk, context.words.call)
        changes: Changes = act(desk, sign_in, call, read_center(desk))
        row = listing.call_line(desk, sign_in, call)
        context.output.row({**row, "entries": list(changes.entries)}, listing.plain_line(row))
    return 0


def _enter(context: Context) -> int:
    words = context.words
    with context.desk(alone=True) as desk:
        sign_in = context.sign_in(desk)
        call, changes = flags.enter_call(desk, sign_in, words.number, words.type_text, words.place, words.said)
        row = listing.call_line(desk, sign_in, call)
        context.output.row({**row, "entries": list(changes.entries)}, listing.plain_line(row))
    return 0


def _flag(context: Context) -> int:
    def act(desk: Any, sign_in: Any, call: UUID, center: Center) -> Changes:
        return flags.flag(desk, sign_in, call, context.words.reason, context.words.said)

    return _act(context, act)


def _claim(context: Context) -> int:
    return _act(context, lambda desk, sign_in, call, center: encounters.claim_and_begin(desk, sign_in, call))


def _level(context: Context) -> int:
    words = context.words

    def act(desk: Any, sign_in: Any, call: UUID, center: Center) -> Changes:
        return acts.level(desk, sign_in, call, Level(words.level), words.reason, override=words.override)

    return _act(context, act)


def _advise(context: Context) -> int:
    def act(desk: Any, sign_in: Any, call: UUID, center: Center) -> Changes:
        return acts.advise(desk, sign_in, call, tuple(context.words.send), context.words.said)

    return _act(context, act)


def _dispose(context: Context) -> int:
    words = context.words

    def act(desk: Any, sign_in: Any, call: UUID, center: Center) -> Changes:
        known = {each.code: each for each in center.dispositions}
        chosen = known[one_of(words.disposition, tuple(known), "disposition")]
        would = WouldHave(words.would_arrest, words.would_ed, words.would_ems, words.said_by)
        how = acts.Disposal(
            chosen.code,
            RollUp(words.roll_up) if words.roll_up else chosen.roll_up,
            would,
            contact_confirmed=words.contact_confirmed,
            no_contact_reason=words.no_contact_reason,
            said=words.said,
        )
        return encounters.dispose_and_end(desk, sign_in, call, how, override=words.override, stays=words.stay)

    return _act(context, act)
