"""A form while it is answered, apart from any widget: its answers, its parts, what it scores, where one stopped."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from console.forms.asking.answering import answered, put
from console.forms.asking.present import Page, Row, Rows, answer_text, present
from console.forms.asking.response import held_in
from console.forms.asking.words import asked_because
from console.forms.checking.signing import stops_signing
from console.forms.checking.validation import REQUIRED, Checked, Issue, validate
from console.forms.deciding.enablement import Settled, settle
from console.forms.deciding.layout import key_of, lines, link_of, place_of, without_occurrence
from console.forms.instruments import scoring
from console.forms.instruments.scoring import Alert, Score
from console.forms.library import Form
from console.forms.model import Answer, Kind

Given = dict[str, tuple[Answer, ...]]
_LONGEST_TITLE = 28
_WHOLE = "whole"


@dataclass(frozen=True)
class Part:
    """What is asked at once: one section of the form, or all of it. ``title`` is short, ``heading`` is all its words.

    ``open_required`` are the keys of required questions without an answer; ``passed`` says that something was answered
    here or behind it; ``alarmed`` that a rule which is met looked at something here.
    """

    key: str
    title: str
    heading: str
    rows: tuple[Row, ...]
    answered: int
    total: int
    open_required: tuple[str, ...]
    alarmed: bool
    passed: bool = False


class FormState:
    """What a form holds and shows: ``page``, ``parts``, ``asked``, ``scores``, ``alerts`` and ``issues`` (what is
    wrong with it by its own rules) as of the last change."""

    def __init__(self, form: Form, now: Callable[[], datetime]) -> None:
        self.form = form
        self._now = now
        self.given: Given = {}
        self.language = ""
        self._occurrences: dict[str, int] = {}
        self._rows: Rows = {}
        self._known_scores: scoring.Known = {}
        self._checked: Checked = {}
        self._wrong: dict[str, list[Issue]] = {}
        self._held: Given = {}
        self._settled: Settled | None = None
        self._work_out()

    # -- what was answered ---------------------------------------------------------------------------------------------

    def show(self, given: Mapping[str, tuple[Answer, ...]]) -> None:
        """Hold these answers and no others."""
        if dict(given) != self.given:
            self.given = dict(given)
            self._work_out()

    def answer(self, key: str, answer: Answer | None) -> tuple[str, ...]:
        """Give an answer, None to clear; the keys of all questions that hold something else now."""
        return self._become(answered(self.form.questionnaire, self.given, key, answer))

    def hold(self, key: str, answers: tuple[Answer, ...]) -> tuple[str, ...]:
        """Have a question hold these answers and no others; otherwise like :meth:`answer`."""
        return self._become(put(self.form.questionnaire, self.given, key, answers))

    def speak(self, language: str) -> None:
        """Show the form in this language, "" for its own."""
        if language != self.language:
            self.language = language
            self._work_out()

    def one_more(self, group: str) -> str:
        """Ask one more occurrence of the repeating group at ``group``; the key of the new one."""
        first, numbers = self._first(group)
        count = max(number for each, number in self._standing(first))
        self._occurrences[first] = count + 1
        self._work_out()
        return key_of(link_of(self.form.questionnaire, first), (*numbers[:-1], count + 1))

    def one_less(self, group: str) -> tuple[str, ...]:
        """Take the occurrence at ``group`` away; those behind it move up. Returns what :meth:`answer` does."""
        first, numbers = self._first(group)
        if (asked_for := self._occurrences.get(first, 0)) > 1:
            self._occurrences[first] = asked_for - 1
        changed = self._become(without_occurrence(self.form.questionnaire, self.given, first, numbers[-1]))
        if not changed:
            self._work_out()
        return changed

    def _become(self, after: Given) -> tuple[str, ...]:
        before, self.given = self.given, after
        changed = tuple(key for key in dict.fromkeys((*before, *after)) if before.get(key) != after.get(key))
        if changed:
            self._work_out()
        return changed

    def _first(self, group: str) -> tuple[str, tuple[int, ...]]:
        place = place_of(self.form.questionnaire, group)
        if place is None:
            raise KeyError(group)
        return key_of(place[0], (*place[1][:-1], 1)), place[1]

    def _standing(self, first: str) -> list[tuple[str, int]]:
        """The occurrences of a group on the page with their numbers, by the key of the first one."""
        found = [(row.key, self._first(row.key)) for row in self.page.rows if row.kind is Kind.GROUP and row.repeats]
        return [(key, numbers[-1]) for key, (one, numbers) in found if one == first]

    # -- how it stands -------------------------------------------------------------------------------------------------

    def _work_out(self) -> None:
        q = self.form.questionnaire
        before = self._settled.situation.standing if self._settled is not None else None
        standing = lines(q, self.given, self._occurrences, before)
        self._settled = settled = settle(q, standing, self.given, self._now(), self._settled)
        self.page: Page = present(q, self.given, self._occurrences, self.language, settled=settled, known=self._rows)
        self.scores: tuple[Score, ...] = scoring.score(
            q, self.given, self.form.bound, settled=settled, known=self._known_scores
        )
        self.alerts: tuple[Alert, ...] = scoring.alerts(self.scores)
        computed = scoring.computed_values(self.scores)
        self._held = held_in(q, self.given, computed, settled)
        self.issues = validate(q, self._held, settled=settled, known=self._checked)
        self._wrong = {}
        for issue in self.issues:
            self._wrong.setdefault(issue.key, []).append(issue)
        self.parts = self._parted()
        self.asked = tuple(row.key for part in self.parts for row in part.rows if row.editable)

    def filled_in(self, row: Row) -> str:
        """What a line holds that nobody answers, in words with its unit: as it would be signed, "" for nothing."""
        item = self.form.questionnaire.by_id[row.link_id]
        words = ", ".join(answer_text(item, each, self.language) for each in self._held.get(row.key, ()))
        return f"{words} {item.look.unit if item.unit is None else ''}".strip() if words else ""

    def wrong_at(self, row: Row, left: Collection[str]) -> list[Issue]:
        """What is to be said of a line. Nothing is missing at a question before it was ``left``, and of a group nothing
        is said before all in it was answered or left."""
        issues = self._wrong.get(row.key, [])
        if not issues or (row.is_question and not row.editable and not self.filled_in(row)):
            return []
        if row.editable:
            missing = row.key in left
            spoken = missing or row.state != "blank"
        else:
            asked = [each for each in self.within(row.key) if each.editable]
            missing = spoken = all(each.key in left or each.state != "blank" for each in asked)
        return [each for each in issues if (missing and stops_signing(each) if each.code == REQUIRED else spoken)]

    def open_at(self, issue: Issue) -> tuple[str, ...]:
        """The questions that an issue is mended at: its own, those inside its group, none where nobody answers it."""
        if issue.key in self.asked:
            return (issue.key,)
        return tuple(row.key for row in self.within(issue.key) if row.editable)

    def within(self, group: str) -> list[Row]:
        """The lines inside of one line."""
        rows = [row for part in self.parts for row in part.rows]
        at = next((at for at, row in enumerate(rows) if row.key == group), None)
        if at is None:
            return []
        end = next((i for i in range(at + 1, len(rows)) if rows[i].depth <= rows[at].depth), len(rows))
        return rows[at + 1 : end]

    def can_go(self, row: Row) -> bool:
        """Whether this is an occurrence that can be taken away: one of more than there must be."""
        repeats = row.kind is Kind.GROUP and row.repeats
        return repeats and len(self._standing(self._first(row.key)[0])) > max(row.min_occurs or 1, 1)

    def can_follow(self, row: Row) -> bool:
        """Whether there can be one more occurrence after this one: it is the last, and not the last that may be."""
        if row.kind is not Kind.GROUP or not row.repeats:
            return False
        standing = self._standing(self._first(row.key)[0])
        return standing[-1][0] == row.key and (row.max_occurs is None or len(standing) < row.max_occurs)

    def part_of(self, key: str) -> int:
        """Which of the parts the line at ``key`` stands in; 0 for one that is not there."""
        return next((at for at, part in enumerate(self.parts) if any(row.key == key for row in part.rows)), 0)

    def why_asked(self, keys: Iterable[str]) -> dict[str, str]:
        """By key, why lines are asked that are asked only sometimes: ``asked because 1 is Yes``."""
        return asked_because(self.form.questionnaire, self.given, keys, self._now())

    def stopped_at(self, times: Mapping[str, datetime]) -> str:
        """Where to go on: the first question nobody dealt with behind the one answered last, else before it."""
        asked = [row for row in self.page.rows if row.editable]
        places = {row.key: at for at, row in enumerate(asked)}
        last = max((key for key in times if key in places), key=lambda key: (times[key], places[key]), default="")
        behind = places[last] + 1 if last else 0
        blank = (row.key for row in (*asked[behind:], *asked[:behind]) if row.state == "blank")
        return next(blank, last or (asked[0].key if asked else ""))

    def _parted(self) -> tuple[Part, ...]:
        rows = self.page.rows
        groups: list[tuple[Row | None, list[Row]]] = []
        depth = _parting_depth(rows)
        loose: list[Row] = []
        for row in rows:
            if depth is not None and row.kind is Kind.GROUP and row.depth == depth:
                if groups and groups[-1][0] is not None and groups[-1][0].link_id == row.link_id:
                    groups[-1][1].append(row)  # one more occurrence of the same group
                else:
                    groups.append((row, [*loose, row]))
                loose = []
            elif groups:
                groups[-1][1].append(row)
            else:
                loose.append(row)
        if not groups:
            groups = [(None, loose)]
        alarmed = {link_id for alert in self.alerts for link_id in alert.items}
        parts = [self._part(head, held, alarmed, number) for number, (head, held) in enumerate(groups, 1)]
        last = max((at for at, part in enumerate(parts) if part.answered), default=-1)
        return tuple(replace(part, passed=at <= last) for at, part in enumerate(parts))

    def _part(self, head: Row | None, rows: list[Row], alarmed: set[str], number: int) -> Part:
        asked = [row for row in rows if row.editable]
        heading = " ".join((head.text if head else self.page.title).split()) or f"Section {number}"
        return Part(
            head.link_id if head else _WHOLE,
            _short(head.short_text if head and head.short_text else heading),
            heading,
            tuple(rows),
            sum(row.state != "blank" for row in asked),
            len(asked),
            tuple(row.key for row in asked if row.required and row.state == "blank"),
            any(row.link_id in alarmed for row in asked),
        )


def _parting_depth(rows: Sequence[Row]) -> int | None:
    """How deep the groups stand that the form is parted by: the first depth at which there are several that ask."""
    for depth in sorted({row.depth for row in rows if row.kind is Kind.GROUP}):
        found: set[str] = set()
        inside = ""
        for row in rows:
            if row.kind is Kind.GROUP and row.depth == depth:
                inside = row.link_id
            elif row.depth <= depth:
                inside = ""
            elif row.editable and inside:
                found.add(inside)
        if len(found) > 1:
            return depth
        if any(row.editable and row.depth <= depth for row in rows):
            return None  # questions stand beside the only group: they belong together
    return None


def _short(words: str) -> str:
    if len(words) <= _LONGEST_TITLE:
        return words
    return words[:_LONGEST_TITLE].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"
