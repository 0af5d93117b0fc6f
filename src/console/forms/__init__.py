"""FHIR R4 questionnaires: read, ask, store, check and score them. Pure: documents and answers in, frozen values out.

Only :mod:`console.forms.library` and :mod:`console.forms.files` touch the disk.
"""

from console.forms import enablement, present, response
from console.forms.answering import answered, initial_answers
from console.forms.files import check, score_files
from console.forms.instruments import Instrument
from console.forms.library import Form, Library, open_form, shipped
from console.forms.loading import load
from console.forms.look import Control
from console.forms.matching import Bound, bind_by_hand
from console.forms.model import (
    Answer,
    Answers,
    Attachment,
    Coding,
    Date,
    DateTime,
    Item,
    Kind,
    NonAnswer,
    Quantity,
    Questionnaire,
    Reference,
    Time,
    Value,
)
from console.forms.refusals import RefusedForm
from console.forms.scoring import Alert, Score, alerts, computed_values, score
from console.forms.validation import Issue, validate
from console.forms.values import decode as decode_answer
from console.forms.values import encode as encode_answer

__all__ = [
    "Alert",
    "Answer",
    "Answers",
    "Attachment",
    "Bound",
    "Coding",
    "Control",
    "Date",
    "DateTime",
    "Form",
    "Instrument",
    "Issue",
    "Item",
    "Kind",
    "Library",
    "NonAnswer",
    "Quantity",
    "Questionnaire",
    "Reference",
    "RefusedForm",
    "Score",
    "Time",
    "Value",
    "alerts",
    "answered",
    "bind_by_hand",
    "check",
    "computed_values",
    "decode_answer",
    "enablement",
    "encode_answer",
    "initial_answers",
    "load",
    "open_form",
    "present",
    "response",
    "score",
    "score_files",
    "shipped",
    "validate",
]
