"""Answers whose words are half typed: kept as drafts, so that one goes on in the middle of a word."""

from collections.abc import Iterable
from functools import partial
from uuid import UUID

from console.actions import drafts
from console.queries.workspace import Workspace as Page
from console.views.workspace.work import Work

_FIELD = "answer"


class HalfTyped:
    """The drafts of the answers of open assessments. ``subject`` is what they belong to, as other drafts."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self.subject: UUID | None = None

    def keep(self, assessment: UUID, key: str, words: str) -> None:
        """A question's field holds these words, which are not finished; "" once they are."""
        name, seat, saver = _name(assessment, key), self._work.seat, self._work.saver
        saver.hand_over(name, words)
        saver.keep(name, partial(drafts.keep, seat.desk, seat.sign_in, name, words, self.subject))

    def forget(self, assessment: UUID, keys: Iterable[str]) -> None:
        """The assessment is done: nothing of it is half typed any more."""
        for key in tuple(keys):
            self.keep(assessment, key, "")

    def of(self, assessment: UUID, page: Page) -> dict[str, str]:
        """The words by question, those typed last at the end."""
        found = [each for each in page.drafts.values() if each.name.startswith(_name(assessment, ""))]
        held = {each.name: self._work.saver.handed_over(each.name, each.text) for each in reversed(found)}
        return {name.removeprefix(_name(assessment, "")): words for name, words in held.items() if words}


def _name(assessment: UUID, key: str) -> str:
    return f"{_FIELD}:{assessment}:{key}"
