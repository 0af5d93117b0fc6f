"""An assessment in the record as the forms engine takes it: its form, and what was answered."""

from console.errors import KnownError
from console.forms.library import Form, Library
from console.forms.model import Answer
from console.forms.values import decoded
from console.models.assessment import AssessmentState


def form_of(library: Library, name: str, sha256: str = "", key: str | None = None) -> Form:
    """The form of a name; with ``sha256`` exactly the one that was used, with ``key`` scored by exactly that one.

    Raises :class:`KnownError` without it.
    """
    form = library.form(name, sha256, key)
    if form is None and name not in library.forms and not sha256:
        raise KnownError(f"The form {name} is not installed here. Known: {', '.join(sorted(library.forms))}.")
    if form is None and library.form(name, sha256) is not None:
        raise KnownError(f"The key that scores this {name} is not here any more; the note has what was answered.")
    if form is None:
        raise KnownError(f"The version of {name} that this was begun with is not here; the note has what was answered.")
    return form


def answers_of(state: AssessmentState) -> dict[str, tuple[Answer, ...]]:
    """What was answered, as the forms engine takes it."""
    return {key: given for key, held in state.answers.items() if (given := decoded(held.answers))}
