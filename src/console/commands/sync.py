"""``sync``: joining a regional server, one exchange with it, and where sharing stands."""

import argparse
from typing import TYPE_CHECKING, Any

from console.commands.context import Context, named
from console.errors import KnownError

if TYPE_CHECKING:
    from console.models.store.store import Store


def add(subcommands: Any, everywhere: argparse.ArgumentParser) -> None:
    """Add the words of this group."""
    sync = subcommands.add_parser("sync", help="sharing with a regional server", parents=[everywhere])
    kinds = sync.add_subparsers(dest="what", required=True, metavar="join|once|status")
    join = kinds.add_parser("join", help="belong to a server, with a code from its operator", parents=[everywhere])
    join.add_argument("url", metavar="URL")
    join.add_argument("code", metavar="CODE")
    join.add_argument("--ca", type=named, metavar="FILE", help="the certificate (PEM) of the center's own authority")
    join.add_argument("--look", action="store_true", help="say what the code leads to, and join nothing")
    join.set_defaults(run=_join)
    once = kinds.add_parser("once", help="push and pull to the end, then stop", parents=[everywhere])
    once.set_defaults(run=_once)
    status = kinds.add_parser("status", help="with whom, how far, and what waits", parents=[everywhere])
    status.set_defaults(run=_status)


def _join(context: Context) -> int:
    from console.actions import homes
    from console.security.home_key import passphrase_from
    from console.settings import load_settings
    from console.sync import joining

    words = context.words
    authority = words.ca or ""
    joining.read_authority(authority)  # before anything is made
    if words.look and homes.is_new(context.home):
        raise KnownError("There is nothing in this home yet that could be compared. Join without --look.")
    allowed = load_settings(context.home).settings.passphrase_allowed
    store = homes.joining_store(context.home, passphrase=passphrase_from(), passphrase_allowed=allowed)
    with store:
        empty = homes.holds_nothing(store)  # also where an earlier joining was refused
        found = joining.look_with_file(store, words.url, words.code, authority)
        if found.shared:
            context.output.note(
                f"Known here and at {found.center_name} by the same name, one person from now on: "
                + ", ".join(found.shared)
            )
        if not words.look:
            found = joining.join_with_file(store, words.url, words.code, authority)
            if empty and found.first:
                context.output.note(
                    f"No desk of {found.center_name} has joined yet, so nobody can act here. Once its own desk has, "
                    "run 'clinician-console sync once'."
                )
            elif empty:
                _bring_center(context, store)
    audience = "clinical" if any(each.value == "clinical" for each in found.audiences) else "operations"
    context.output.row(
        {
            "joined": not words.look,
            "center": found.center,
            "name": found.center_name,
            "audience": audience,
            "desk": found.desk_code,
            "first": found.first,
            "shared": list(found.shared),
        },
        f"{'This code is' if words.look else 'This desk is now'} for {found.center_name} ({found.center}), "
        f"{audience}, as desk {found.desk_code}.",
    )
    return 0


def _bring_center(context: Context, store: "Store") -> None:
    """What an empty desk needs before anybody can act at it. The desk has joined also where it does not come."""
    from console.sync.membership import membership
    from console.sync.once import bring_center
    from console.sync.program import PROGRAM

    with store.read() as connection:
        member = membership(connection)
    assert member is not None  # it has just joined
    try:
        bring_center(store, member, context.clock, PROGRAM)
    except KnownError as error:
        context.output.note(
            f"{error.message} This desk has joined. Before anybody can act here, run 'clinician-console sync once'."
        )


def _once(context: Context) -> int:
    from console.sync.membership import membership
    from console.sync.once import exchange_once
    from console.sync.program import PROGRAM

    with context.store(alone=True) as store:
        with store.read() as connection:
            member = membership(connection)
        if member is None:
            raise KnownError("This desk shares with nobody. Join a server with 'clinician-console sync join URL CODE'.")
        standing = exchange_once(store, member, context.clock, PROGRAM)
    context.output.row(
        {
            "state": standing.state.value,
            "waiting": standing.waiting,
            "behind": standing.behind + standing.older,
            "refused": standing.refused,
        },
        f"{standing.state.value}: {standing.waiting} to send, {standing.behind + standing.older} to come, "
        f"{standing.refused} refused",
    )
    if standing.says:
        context.output.note(standing.says)
    if standing.refused:
        context.output.note("What was refused stands on the desktop's Status screen, with the reason and what to do.")
    return 0 if standing.state.value == "live" else 1


def _status(context: Context) -> int:
    from console.sync.status import clock_words, shared_status

    with context.store(alone=False) as store:
        found = shared_status(store)
    context.output.row(
        {
            "state": found.state,
            "server": found.server,
            "epoch": found.epoch,
            "waiting": found.waiting,
            "refused": found.refused,
            "journals": [{"journal": name, "seq": seq, "from": floor} for name, seq, floor in found.journals],
            "says": found.more,
            "clock_offset": found.offset,
        },
        f"{found.says}",
    )
    for line in filter(None, (found.more, "" if found.offset is None else clock_words(found.offset))):
        context.output.note(line)
    return 0
