"""The words of the command line. ``--home``, ``--json`` and ``--as`` stand before or after the subcommand.

A group of commands is imported when one of its words is there: the desktop's start waits for none of them.
"""

import argparse
from collections.abc import Collection
from contextlib import suppress
from importlib import import_module
from typing import Any, NoReturn

from console.commands.context import named

GROUPS = {
    "setup": "people",
    "users": "people",
    "desks": "desks",
    "center": "center",
    "calls": "calls",
    "forms": "forms",
    "directory": "directory",
    "journal": "journal",
    "store": "store",
    "sheet": "sheets",
    "sync": "sync",
    "check": "check",
}
"""The module of this package that knows a subcommand's words, in the order of the help."""

_NUMBER = tuple("0123456789.")


class UsageError(Exception):
    """The words cannot be understood; the message is one line."""


class Parser(argparse.ArgumentParser):
    """An argument parser that raises instead of printing a page and leaving, and takes no shortened options."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}. See '{self.prog} --help'.")


def parse(arguments: list[str]) -> argparse.Namespace:
    """The words. Raises :class:`UsageError`, and SystemExit when help was asked for and printed."""
    arguments = _places_joined(arguments)
    wanted = {word for word in GROUPS if word in arguments}
    if not {"-h", "--help"} & set(arguments):
        with suppress(UsageError):  # said again below by the parser that knows every word
            return _build(wanted).parse_args(arguments)
    return _build(GROUPS).parse_args(arguments)


def _places_joined(arguments: list[str]) -> list[str]:
    """``--near -33.9,151.2`` as one word: south of the equator a place begins like an option."""
    joined: list[str] = []
    for word in arguments:
        if joined and joined[-1] == "--near" and word[:1] == "-" and word[1:2] in _NUMBER:
            joined[-1] = f"--near={word}"
        else:
            joined.append(word)
    return joined


def _build(wanted: Collection[str]) -> Parser:
    """The parser of the desktop, of the drill and of these subcommands."""
    everywhere = _shared(default=argparse.SUPPRESS)
    parser = Parser(
        prog="clinician-console",
        description="The desk of a clinician inside a 911 center. Without a subcommand the desktop opens.",
        parents=[_shared(default=None)],
    )
    parser.set_defaults(run=None)
    subcommands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser)
    drill = subcommands.add_parser("drill", help="open on a drill: invented people, thrown away", parents=[everywhere])
    drill.add_argument("--scenario", default="evening", metavar="NAME")
    drill.add_argument("--screenshots", metavar="DIR", help="walk through the drill and save a picture of every screen")
    drill.add_argument("--side-by-side", action="store_true", help="two desks, each a program of its own, that share")
    drill.add_argument("--second-desk", action="store_true", help=argparse.SUPPRESS)
    drill.add_argument("--seed", type=int, default=None, metavar="N", help="the same seed gives the same drill")
    for module in dict.fromkeys(module for word, module in GROUPS.items() if word in wanted):
        import_module(f"console.commands.{module}").add(subcommands, everywhere)
    return parser


def _shared(*, default: str | None) -> Parser:
    shared = Parser(add_help=False)
    shared.add_argument("--home", metavar="DIR", type=named, default=default, help="where this desk's data lives")
    shared.add_argument(
        "--json", action="store_true", default=False if default is None else default, help="print JSON lines"
    )
    shared.add_argument("--as", dest="as_user", metavar="USER", type=named, default=default, help="the person who acts")
    return shared
