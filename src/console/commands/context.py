"""What every command gets: the parsed words, where to print, and how to open the home.

What opens a home is imported when one is opened: the desktop is started through here too, and opens its own.
"""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from console.clock import SystemClock
from console.commands.output import Output
from console.errors import KnownError
from console.settings import default_home

if TYPE_CHECKING:
    from console.models.sign_in import SignIn
    from console.models.store.desk import Desk
    from console.models.store.store import Store

PASSWORD_VARIABLE = "CLINICIAN_CONSOLE_PASSWORD"


class Context:
    """One run of one command."""

    def __init__(self, words: argparse.Namespace, output: Output) -> None:
        self.words = words
        self.output = output
        self.clock = SystemClock()

    @property
    def home(self) -> Path:
        """The home named by ``--home``, or this person's own."""
        named = self.words.home
        return Path(named).expanduser().absolute() if named else default_home()

    @contextmanager
    def desk(self, *, alone: bool) -> "Iterator[Desk]":
        """The desk of the home. ``alone`` for whatever writes: refused while another process has the home open."""
        from console.actions.homes import open_desk
        from console.security.home_key import passphrase_from

        desk = open_desk(self.home, self.clock, passphrase=passphrase_from(), alone=alone)
        try:
            yield desk
        finally:
            desk.store.close()

    @contextmanager
    def store(self, *, alone: bool) -> "Iterator[Store]":
        """The store of the home alone, for what needs nothing of the record."""
        from console.actions.homes import open_store
        from console.security.home_key import passphrase_from

        with open_store(self.home, passphrase=passphrase_from(), alone=alone) as store:
            yield store

    def sign_in(self, desk: "Desk") -> "SignIn":
        """Who ``--as`` names, by the password in the environment."""
        name = self.words.as_user
        if not name:
            raise KnownError("This command acts for a person: name them with --as USER.")
        from console.actions import people
        from console.sync.signing_in import sign_in

        here = partial(people.sign_in, desk, name, password())
        return sign_in(desk.store, desk.clock, name, password(), here)

    def reader(self, desk: "Desk") -> "SignIn | None":
        """Who ``--as`` names, or None: then the command reads as operations."""
        return self.sign_in(desk) if self.words.as_user else None


def password() -> str:
    """The password from the environment; raises :class:`KnownError` when there is none."""
    found = os.environ.get(PASSWORD_VARIABLE)
    if not found:
        raise KnownError(f"Put the password into the environment variable {PASSWORD_VARIABLE}.")
    return found


def named(text: str) -> str:
    """An argument that names a file, a folder or a person.

    A variable that a script left empty must not quietly mean this person's own home, the current folder, or nobody.
    """
    if not text.strip():
        raise argparse.ArgumentTypeError("it is empty")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError("it holds bytes that are not text in UTF-8") from None
    return text
