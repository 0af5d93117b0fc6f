"""Why a form is not taken in: one reason, in words, and the item it is about."""

from typing import NoReturn

from console.errors import KnownError

_LONGEST = 300


class RefusedForm(KnownError):
    """The document is not a Questionnaire this program can ask and score rightly.

    ``reason`` says what is wrong without naming a file, ``link_id`` which item it is about (empty: the whole form).
    A form is refused rather than shown in part: a question that silently never appears, or a total that silently
    leaves one out, is worse than no form.
    """

    def __init__(self, reason: str, link_id: str = "") -> None:
        self.reason = one_line(reason)
        self.link_id = link_id
        super().__init__(f"{self.reason} (item {one_line(link_id)})" if link_id else self.reason)


def one_line(text: str) -> str:
    """Text from a document made fit for a message: one line, printable, of a length somebody would read."""
    shown = "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in " ".join(text.split())
    )
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"


def refuse(reason: str, link_id: str = "") -> NoReturn:
    """Raise :class:`RefusedForm`; reads better than ``raise`` at the end of an ``or``."""
    raise RefusedForm(reason, link_id)
