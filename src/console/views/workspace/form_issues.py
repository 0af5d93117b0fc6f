"""What is wrong with a form by its own rules, in words: at the question it is about, and where it is signed."""

from collections.abc import Sequence
from typing import NamedTuple

from console.forms.checking.signing import stops_signing
from console.forms.checking.validation import INVARIANT, REQUIRED, Issue
from console.views.widgets import Tone
from console.views.workspace.form_state import FormState
from console.views.workspace.question import question_words


class Wrong(NamedTuple):
    """Words about a line, and how grave they are; "" for nothing."""

    words: str = ""
    tone: Tone = Tone.MUTED


class Gap(NamedTuple):
    """Something that is open where a form is signed.

    ``key`` is the question to go to, "" for none; ``question`` its words; ``blank`` are the questions of which it would
    be enough to say why there is no answer.
    """

    key: str
    question: str
    text: str
    stops: bool
    blank: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The question and what is open there."""
        colon = ":" if self.question and self.question[-1].isalnum() else ""
        return f"{self.question}{colon} {self.text}".strip()


def wrong(issues: Sequence[Issue]) -> Wrong:
    """What is said at a line of what is wrong with it."""
    if not issues:
        return Wrong()
    stops = any(map(stops_signing, issues))
    said = dict.fromkeys(_sentence(each) for each in issues)
    mend = stops and any(each.code != REQUIRED for each in issues if stops_signing(each))
    lead, end = "" if stops else "To check: ", " Put it right before you sign." if mend else ""
    return Wrong(f"{lead}{' '.join(said)}{end}", Tone.WARN if stops else Tone.MUTED)


def _sentence(issue: Issue) -> str:
    if issue.code == INVARIANT:  # the form's own words
        return issue.text if issue.text.endswith((".", "!", "?")) else f"{issue.text}."
    if issue.code == REQUIRED:
        return f"{issue.text[:1].upper()}{issue.text[1:]}, or the reason why there is none."
    return f"Kept, but {issue.text}."


def gaps(state: FormState) -> list[Gap]:
    """All that is open of a form, what stops signing first, each in the order of the form."""
    rows = {row.key: row for row in state.page.rows}
    order = {key: at for at, key in enumerate(rows)}
    found: list[tuple[bool, int, Gap]] = []
    for issue in state.issues:
        places = state.open_at(issue)
        at = rows.get(places[0]) if places else rows.get(issue.key)
        item = state.form.questionnaire.by_id.get(issue.link_id)
        question = question_words(at) if at else item.text or item.label if item else ""
        missing = issue.code == REQUIRED and all(rows[key].state == "blank" for key in places)
        blank = places if missing and stops_signing(issue) else ()
        gap = Gap(places[0] if places else "", question, issue.text, stops_signing(issue), blank)
        found.append((not gap.stops, order.get(places[0] if places else issue.key, len(order)), gap))
    return [gap for *_, gap in sorted(found, key=lambda each: each[:2])]
