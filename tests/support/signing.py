"""A form that was not asked to its end, made one that can be signed."""

from uuid import UUID

from console.actions import assessments
from console.forms.asking.present import present
from console.forms.library import Form
from console.forms.model import NonAnswer
from console.models.assessment import ASSESSMENT
from console.models.sign_in import SignIn
from console.models.store.desk import Desk
from console.queries.assessment import answers_of
from tests.support.desk import folded


def rest_not_asked(desk: Desk, who: SignIn, assessment: UUID, form: Form) -> None:
    """Say *not asked* of every required question without an answer."""
    held = answers_of(folded(desk.store, ASSESSMENT, assessment))
    for key in present(form.questionnaire, held).open_required:
        assessments.answer(desk, who, assessment, form, key, (NonAnswer.NOT_ASKED,))
