"""FHIR R4 questionnaires: read, ask, store, check and score them. Pure: documents and answers in, frozen values out.

``reading`` makes a :class:`Questionnaire` of a document, ``deciding`` says which of its lines are asked and what its
formulas fill in (``fhirpath`` evaluates them), ``asking`` takes answers and turns them into a response, ``instruments``
scores them, ``checking`` says what is wrong with them. What all of them speak of stands beside these packages.

Only :mod:`console.forms.library` and :mod:`console.forms.files` touch the disk.
"""

from console.forms.asking import present, response
from console.forms.asking.answering import answered, initial_answers
from console.forms.checking.validation import Issue, validate
from console.forms.deciding import enablement
from console.forms.files import check, score_files
from console.forms.instruments.description import Instrument
from console.forms.instruments.matching import Bound, bind_by_hand
from console.forms.instruments.results import Alert, Score
from console.forms.instruments.scoring import alerts, computed_values, score
from console.forms.library import Form, Library, open_form, shipped
from console.forms.look import Control
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
from console.forms.reading.loading import load
from console.forms.refusals import RefusedForm
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
