"""What is guessed of a form that says by no code what it is, and what a key gives with it."""

import json
from pathlib import Path
from typing import Any

import pytest

from console.errors import KnownError
from console.forms.instruments.matching import Bound
from console.forms.instruments.proposing import can_be_tied, propose, template
from console.forms.instruments.trying import gives
from console.forms.library import Form, installed, open_package, read_form, tied
from tests.support.own_forms import write_uncoded
from tests.support.shared import shared


def stripped(name: str, **more: Any) -> Form:
    """A shipped form without its codes, under other link ids and another address."""

    def bare(holder: dict[str, Any]) -> dict[str, Any]:
        kept = {key: value for key, value in holder.items() if key != "code"}
        if "linkId" in kept:
            kept["linkId"] = "x-" + kept["linkId"]
            kept.pop("enableWhen", None)
        return kept | {"item": [bare(each) for each in holder["item"]]} if "item" in holder else kept

    document = bare(installed().forms[name].questionnaire.raw) | {"url": "http://example.org/bare"} | more
    return read_form("bare", json.dumps(document), "", installed(), "nothing")


@pytest.mark.parametrize("name", ["phq-9", "phq-2", "gad-7", "asq"])
def test_a_form_is_found_by_its_words_and_gives_what_the_shipped_one_gives(name: str) -> None:
    library, form = installed(), stripped(name)
    assert form.bound is None
    instrument, published = library.instruments[name], library.published(name)
    pairs = propose(instrument, published, form.questionnaire)
    assert {each.by for each in pairs} == {"its words"}
    tie = template(instrument, published, form.questionnaire)
    assert all(there == "x-" + here for here, there in tie.items.items())
    bound = tied(tie, form.questionnaire, library, "this")
    own = library.forms[name]
    assert own.bound is not None
    assert gives(form.questionnaire, bound) == gives(own.questionnaire, own.bound)


def test_what_a_sum_gives_is_each_band_at_both_ends_and_a_gap() -> None:
    own = installed().forms["phq-9"]
    assert own.bound is not None
    assert gives(own.questionnaire, own.bound)[:6] == (
        "0 to 4: Minimal",
        "5 to 9: Mild",
        "10 to 14: Moderate",
        "15 to 19: Moderately severe",
        "20 to 27: Severe",
        "Without an answer to item 9: no result: item 9 not answered",
    )


def test_a_formula_that_disagrees_is_seen_before_anybody_is_asked() -> None:
    document = json.loads(json.dumps(installed().forms["phq-2"].questionnaire.raw)) | {"url": "http://example.org/f"}
    total = document["item"][-1]
    total["extension"] = [
        {
            "url": "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression",
            "valueExpression": {
                "language": "text/fhirpath",
                "expression": "%resource.item.item.answer.value.ordinal().sum() + iif("
                "%resource.item.item.where(linkId='phq2-1').answer.value.ordinal().sum() > 2, 1, 0)",
            },
        }
    ]
    form = read_form("f", json.dumps(document), "", installed(), "nothing")
    assert form.bound is not None
    found = gives(form.questionnaire, form.bound)
    assert found[0] == "0 to 2: Negative screen"
    assert "they disagree" in found[1]


def test_a_table_gives_every_combination_once() -> None:
    form = open_package(shared("fhir-questionnaires/spier/cssrs-screener.json"), installed()).form
    assert form.bound is not None
    lines = gives(form.questionnaire, form.bound)
    counted = [int(line.split(": ")[1].split(" of ")[0]) for line in lines if " of 128 " in line]
    assert sum(counted) == 128
    assert "Moderate risk: 24 of 128 combinations; yes to q6, or q2 and q3" in lines


def test_nothing_is_tied_before_everything_is_known(tmp_path: Path) -> None:
    library, form = installed(), open_package(write_uncoded(tmp_path), installed()).form
    tie = template(library.instruments["c-ssrs-screener"], None, form.questionnaire)
    with pytest.raises(KnownError, match=r"needs an item of the form for 6-recent\."):
        tied(tie, form.questionnaire, library, "this")
    tie.items["6-recent"] = "lately"
    with pytest.raises(KnownError, match="are not each known as one answer"):
        tied(tie, form.questionnaire, library, "this")
    tie.answers["no"] = ("Gar nicht",)
    assert isinstance(tied(tie, form.questionnaire, library, "this"), Bound)


def test_only_what_gives_a_result_can_be_matched() -> None:
    assert {name for name, each in installed().instruments.items() if can_be_tied(each)} == {
        "asq",
        "c-ssrs-screener",
        "gad-7",
        "phq-2",
        "phq-9",
    }
