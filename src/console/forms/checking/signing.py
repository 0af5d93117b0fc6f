"""What stands in the way of signing a form: one rule for the screen and for the act.

A form is signed as a QuestionnaireResponse that is ``completed`` or ``amended``, so what the response holds
(:func:`console.forms.asking.response.held_in`) has to satisfy the form: no error of :mod:`.validation` is left.
Refused, not asked and unable satisfy what is required; warnings are told and stop nobody.
"""

from console.forms.asking.words import named
from console.forms.checking.rules import Severity
from console.forms.checking.validation import INVARIANT, Issue
from console.forms.model import Questionnaire

_MOST = 3


def stops_signing(issue: Issue) -> bool:
    """Whether a form cannot be signed with this."""
    return issue.severity is Severity.ERROR


def told(q: Questionnaire, issues: tuple[Issue, ...]) -> str:
    """What stops signing in a sentence, with the first questions it is about; empty when nothing does."""
    stops = [each for each in issues if stops_signing(each)]
    words = [_told(q, each) for each in stops[:_MOST]]
    more = f"; and {len(stops) - _MOST} more" if len(stops) > _MOST else ""
    return f"It cannot be signed yet. {'; '.join(words)}{more}." if stops else ""


def _told(q: Questionnaire, issue: Issue) -> str:
    item = q.by_id.get(issue.link_id)
    text = issue.text.rstrip(".") if issue.code == INVARIANT else issue.text
    return f"{named(item)}: {text}" if item else text
