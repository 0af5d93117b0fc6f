"""``forms``: what can be used here, what a response scores, blank forms and exports, and a center's own forms."""

import argparse
from pathlib import Path
from typing import Any

from console.actions import assessments
from console.actions.homes import is_new
from console.commands import instruments
from console.commands.context import Context, named
from console.commands.finding import assessment_id
from console.errors import KnownError
from console.forms import files
from console.forms.checking.conformance import is_valid
from console.forms.library import Form, installed, open_form
from console.forms.refusals import RefusedForm
from console.handoff.blank_form import render
from console.queries.assessment import form_of
from console.queries.blank_form import blank_form
from console.queries.library import read_shelf


def add(subcommands: Any, everywhere: argparse.ArgumentParser) -> None:
    """Add the words of this group."""
    forms = subcommands.add_parser("forms", help="FHIR R4 Questionnaires", parents=[everywhere])
    kinds = forms.add_subparsers(dest="what", required=True, metavar="KIND")
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
    blank = kinds.add_parser("blank", help="a blank form as a PDF, for downtime", parents=[everywhere])
    blank.add_argument("form", type=named, metavar="FORM", help="a form's short name, or a file")
    blank.add_argument("--out", type=named, required=True, metavar="FILE.pdf")
    blank.set_defaults(run=_blank)
    export = kinds.add_parser("export", help="a completed assessment as a FHIR bundle", parents=[everywhere])
    export.add_argument("assessment", type=named, metavar="ASSESSMENT", help="its id, as 'calls show --json' has it")
    export.set_defaults(run=_export)
    instruments.add(kinds, everywhere)


def _check(context: Context) -> int:
    library = installed()
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
    library = installed()
    told = files.validate_files(Path(words.questionnaire), Path(words.response), library)
    context.output.json(told)
    return 0 if is_valid(told) else 1


def _score(context: Context) -> int:
    words = context.words
    library = installed()
    context.output.json(files.score_files(Path(words.questionnaire), Path(words.response), library))
    return 0


def _blank(context: Context) -> int:
    words = context.words
    form = _form(context, words.form)
    out, source = Path(words.out).expanduser().absolute(), Path(words.form).expanduser()
    if out.exists() and source.exists() and out.samefile(source):
        raise KnownError(f"{out} is the form itself. Name another file for the blank form.")
    try:
        out.write_bytes(render(blank_form(form)))
    except OSError as error:
        raise KnownError(f"{out} cannot be written: {error.strerror or error}.") from error
    context.output.row({"file": str(out), "form": form.name}, f"{out}: {form.questionnaire.title or form.name}, blank.")
    return 0


def _form(context: Context, named: str) -> Form:
    """A form from a file, a shipped one, or one of the center's own, for which its home is read."""
    file, library = Path(named).expanduser(), installed()
    if file.is_file() or file.suffix == ".json":
        try:
            return open_form(file, library)
        except RefusedForm as refusal:
            raise KnownError(f"{file} is refused: {refusal.message}.") from refusal
    if named not in library.forms and not is_new(context.home):
        with context.desk(alone=False) as desk:
            library = read_shelf(desk).library
    return form_of(library, named)


def _export(context: Context) -> int:
    with context.desk(alone=True) as desk:
        library = read_shelf(desk).library
        sign_in = context.sign_in(desk)
        assessment = assessment_id(context.words.assessment)
        context.output.json(
            assessments.export(desk, sign_in, assessment, lambda name, sha: form_of(library, name, sha))
        )
    return 0
