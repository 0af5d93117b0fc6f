"""``setup`` and ``users``: founding a center, adding people."""

import argparse
import os
from typing import Any

from console.actions import homes, people
from console.commands.context import PASSWORD_VARIABLE, Context, password
from console.errors import KnownError
from console.queries import people as people_here
from console.security.home_key import passphrase_from
from console.settings import load_settings
from console.sync.signing_in import teller
from wire.journals import user_id
from wire.permissions import Role

NEW_PASSWORD_VARIABLE = "CLINICIAN_CONSOLE_NEW_PASSWORD"


def add(subcommands: Any, everywhere: argparse.ArgumentParser) -> None:
    """Add the words of this group."""
    setup = subcommands.add_parser("setup", help="make the center and its first administrator", parents=[everywhere])
    setup.add_argument("--center", required=True, metavar="NAME")
    setup.add_argument("--administrator", required=True, metavar="USER")
    setup.add_argument("--display-name", default="", metavar="NAME")
    setup.add_argument("--provider", default="", metavar="NAME", help="the clinicians' employer, if it is another one")
    setup.add_argument("--time-zone", default="", metavar="ZONE", help="by default this machine's")
    setup.set_defaults(run=_setup)
    users = subcommands.add_parser("users", help="people and roles", parents=[everywhere])
    kinds = users.add_subparsers(dest="what", required=True, metavar="add|password|list")
    adding = kinds.add_parser("add", help="add a person; their password from the environment", parents=[everywhere])
    adding.add_argument("name", nargs="?")
    adding.add_argument("--role", action="extend", nargs="+", required=True, metavar="ROLE", help=", ".join(Role))
    adding.add_argument("--display-name", default="", metavar="NAME")
    adding.set_defaults(run=_add)
    changing = kinds.add_parser("password", help="a new password, from the environment", parents=[everywhere])
    changing.add_argument("name", help="your own name; an administrator may name anyone")
    changing.set_defaults(run=_password)
    listing = kinds.add_parser("list", help="everyone who can sign in", parents=[everywhere])
    listing.set_defaults(run=_list)


def _setup(context: Context) -> int:
    words = context.words
    desk, first = homes.found_home(
        context.home,
        context.clock,
        center_name=words.center,
        administrator=words.administrator,
        password=password(),
        display_name=words.display_name,
        zone_name=words.time_zone,
        provider_name=words.provider,
        passphrase=passphrase_from(),
        passphrase_allowed=load_settings(context.home).settings.passphrase_allowed,
    )
    desk.store.close()
    context.output.row(
        {"center": desk.center, "name": desk.center_name, "administrator": first.name, "home": str(context.home)},
        f"{desk.center_name} is set up in {context.home}. {first.display_name} is administrator and supervisor.",
    )
    return 0


def _add(context: Context) -> int:
    words = context.words
    name, roles = _name_and_roles(words.name, words.role)
    with context.desk(alone=True) as desk:
        sign_in = context.sign_in(desk)
        own = os.environ.get(NEW_PASSWORD_VARIABLE)
        user, _ = people.add_person(desk, sign_in, name, own or password(), roles, words.display_name)
    context.output.row({"user": user, "name": name, "roles": list(roles)}, f"{name} added: {', '.join(roles)}")
    if not own:
        context.output.note(
            f"{name}'s first password is the one in {PASSWORD_VARIABLE}, because {NEW_PASSWORD_VARIABLE} is not "
            "set. Give them one of their own with 'clinician-console users password'."
        )
    return 0


def _name_and_roles(name: str | None, given: list[str]) -> tuple[str, tuple[Role, ...]]:
    """``--role`` takes every word behind it: the one that is no role is the name, when that does not stand before."""
    roles = tuple(sorted({Role(word) for word in given if word in list(Role)}))
    others = [word for word in given if word not in roles]
    if name is None and others:
        name = others.pop(0)
    if name is None:
        raise KnownError("The person's name is missing: users add NAME --role ROLE.")
    if others or not roles:
        what = f"'{others[0]}' is no role" if others else f"{name} needs a role"
        raise KnownError(f"{what}. The roles are {', '.join(Role)}.")
    return name, roles


def _password(context: Context) -> int:
    name = context.words.name
    new = os.environ.get(NEW_PASSWORD_VARIABLE)
    if not new:
        raise KnownError(f"Put the new password into the environment variable {NEW_PASSWORD_VARIABLE}.")
    with context.desk(alone=True) as desk:
        sign_in = context.sign_in(desk)
        user = user_id(desk.center, name.strip())
        people.set_password(desk, sign_in, user, new, teller(desk.store, sign_in.token))
    context.output.row({"user": user, "name": name}, f"{name} has a new password.")
    return 0


def _list(context: Context) -> int:
    with context.desk(alone=False) as desk:
        found = people_here.everyone(desk, context.reader(desk))
    for each in found:
        context.output.row(
            {
                "user": each.user,
                "name": each.name,
                "display_name": each.display_name,
                "roles": list(each.roles),
                "disabled": each.disabled,
            },
            f"{each.name}  {each.display_name}  {', '.join(each.roles)}" + ("  disabled" if each.disabled else ""),
        )
    return 0
