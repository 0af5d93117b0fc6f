"""``desks``: the center's desks, and retiring one that is lost."""

import argparse
from typing import Any

from console.actions import people
from console.commands.context import Context
from console.errors import NotFound
from console.queries.desks import desks


def add(subcommands: Any, everywhere: argparse.ArgumentParser) -> None:
    """Add the words of this group."""
    group = subcommands.add_parser("desks", help="the center's desks", parents=[everywhere])
    kinds = group.add_subparsers(dest="what", required=True, metavar="list|retire")
    listing = kinds.add_parser("list", help="every desk of the center", parents=[everywhere])
    listing.set_defaults(run=_list)
    retiring = kinds.add_parser("retire", help="a desk that was lost or given away", parents=[everywhere])
    retiring.add_argument("code", metavar="CODE", help="as 'desks list' shows it")
    retiring.set_defaults(run=_retire)


def _list(context: Context) -> int:
    with context.desk(alone=False) as desk:
        found = desks(desk, context.reader(desk))
    for each in found:
        context.output.row(
            {
                "desk": each.desk,
                "code": each.code,
                "label": each.label,
                "audiences": [audience.value for audience in each.audiences],
                "retired": each.retired,
                "here": each.here,
            },
            each.says,
        )
    return 0


def _retire(context: Context) -> int:
    code = context.words.code
    with context.desk(alone=True) as desk:
        sign_in = context.sign_in(desk)
        wanted = [each for each in desks(desk, sign_in) if each.code.casefold() == code.casefold()]
        if not wanted:
            raise NotFound(f"The center has no desk {code}. See 'clinician-console desks list'.")
        made = people.retire_desk(desk, sign_in, wanted[0].desk)
        shares = desk.store.shares
    context.output.row(
        {"desk": wanted[0].desk, "code": wanted[0].code, "already": not made},
        f"Desk {wanted[0].name} is retired." if made else f"Desk {wanted[0].name} was retired already.",
    )
    if shares and made:
        context.output.note(
            "The server ends what it may do there once it hears of it: start the desktop, or run "
            "'clinician-console sync once'."
        )
    return 0
