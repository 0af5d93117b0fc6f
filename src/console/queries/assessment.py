"""An assessment in the record as the forms engine takes it: its form, and what was answered."""

from console.errors import KnownError
from console.forms.library import Form, Library
from console.forms.model import Answer
from console.forms.values import decode
from console.models.assessment import AssessmentState


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
