"""One assessment as the screen shows it: the form's lines with what was answered, and what it scores so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from console.errors import KnownError, NotFound
from console.forms import scoring
from console.forms.library import Form, Library
from console.forms.model import Answer
from console.forms.present import Page, present
from console.forms.scoring import Score
from console.forms.values import decode
from console.models.assessment import ASSESSMENT, AssessmentState, FrozenScore
from console.models.sign_in import SignIn
from console.models.store import subjects
from console.models.store.desk import Desk
from console.queries.reading import reader
from wire.journals import Audience


@dataclass(frozen=True, slots=True)
class AssessmentPage:
    """The form as it stands. ``scores`` are live until it is completed, frozen after."""

    assessment: UUID
    state: AssessmentState
    form: Form
    page: Page
    scores: tuple[Score, ...]


def form_of(library: Library, name: str, sha256: str = "") -> Form:
    """A shipped form by name; raises :class:`KnownError` when it is not here or is another version than was used."""
    form = library.forms.get(name)
    if form is None:
        raise KnownError(f"The form {name} is not installed here. Known: {', '.join(sorted(library.forms))}.")
    if sha256 and form.questionnaire.sha256 != sha256:
        raise KnownError(f"This assessment was begun with another version of {name}; it can be read in the note.")
    return form


def answers_of(state: AssessmentState) -> dict[str, tuple[Answer, ...]]:
    """What was answered, as the forms engine takes it."""
    found: dict[str, tuple[Answer, ...]] = {}
    for key, answered in state.answers.items():
        decoded = tuple(answer for answer in map(decode, answered.answers) if answer is not None)
        if decoded:
            found[key] = decoded
    return found


def assessment_page(
    desk: Desk,
    sign_in: SignIn,
    library: Library,
    assessment: UUID,
    typed: Mapping[str, tuple[Answer, ...]] | None = None,
) -> AssessmentPage:
    """The page of one assessment. ``typed`` are answers on the screen that are still on their way to the journal."""
    with desk.store.read() as connection:
        reader(connection, sign_in, Audience.CLINICAL)
        folded = subjects.state(connection, ASSESSMENT, assessment)
    if folded is None or folded.state is None:
        raise NotFound("This assessment is not known here.")
    state = folded.state
    form = form_of(library, state.form, state.sha256)
    answers = answers_of(state)
    if state.completed_at is not None:
        scores = tuple(map(_frozen, state.scores))
    else:
        scores = scoring.score(form.questionnaire, answers, form.bound)
    return AssessmentPage(assessment, state, form, present(form.questionnaire, answers), scores)


def _frozen(score: FrozenScore) -> Score:
    """A score as it was when the assessment was completed, whatever the form would say of the answers today."""
    return Score(name=score.name, value=score.value or None, reason=score.reason or None, band=score.band or None)
