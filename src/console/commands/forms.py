"""``forms``: whether a Questionnaire can be used here, whether a response satisfies it, and what it scores."""

import argparse
from pathlib import Path
from typing import Any

from console.commands.context import Context, named
from console.errors import KnownError
from console.forms import files
from console.forms.conformance import is_valid
from console.forms.library import shipped
from console.settings import resources


def add(subcommands: Any, everywhere: argparse.ArgumentParser) -> None:
    """Add the words of this group."""
    forms = subcommands.add_parser("forms", help="FHIR R4 Questionnaires", parents=[everywhere])
    kinds = forms.add_subparsers(dest="what", required=True, metavar="check|validate|score")
    check = kinds.add_parser("check", help="one line a form: taken, or refused and why", parents=[everywhere])
    check.add_argument("files", type=named, nargs="+", metavar="FILE")
    check.set_defaults(run=_check)
    validate = kinds.add_parser(
        "validate", help="whether a QuestionnaireResponse satisfies its form: an OperationOutcome", parents=[everywhere]
    )
    validate.add_argument("questionnaire", type=named, metavar="QUESTIONNAIRE")
    validate.add_argument("response", type=named, metavar="RESPONSE")
    validate.set_defaults(run=_validate)
    score = kinds.add_parser("score", help="the scores of a QuestionnaireResponse", parents=[everywhere])
    score.add_argument("questionnaire", type=named, metavar="QUESTIONNAIRE")
    score.add_argument("response", type=named, metavar="RESPONSE")
    score.set_defaults(run=_score)


def _check(context: Context) -> int:
    library = shipped(resources() / "questionnaires")
    unreadable = refused = 0
    for name in context.words.files:
        try:
            row = files.check(Path(name), library)
        except KnownError as error:
            unreadable += 1
            context.output.note(error.message)
            row = {"file": name, "status": "refused", "reason": error.message, "items": 0, "scores": 0}
        refused += row["status"] == "refused"
        context.output.json(row)
    return 2 if unreadable else 1 if refused else 0


def _validate(context: Context) -> int:
    words = context.words
    library = shipped(resources() / "questionnaires")
    told = files.validate_files(Path(words.questionnaire), Path(words.response), library)
    context.output.json(told)
    return 0 if is_valid(told) else 1


def _score(context: Context) -> int:
    words = context.words
    library = shipped(resources() / "questionnaires")
    context.output.json(files.score_files(Path(words.questionnaire), Path(words.response), library))
    return 0
