"""Single values: to FHIR and back, equal and in order."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.forms import (
    Attachment,
    Coding,
    Date,
    DateTime,
    Kind,
    NonAnswer,
    Quantity,
    Reference,
    Time,
    decode_answer,
    encode_answer,
)
from console.forms.values import clean, equal, is_date, is_date_time, is_time, option_of, order, parse, same_coding
from tests.forms.building import choice, form
from tests.forms.strategies import DATES, NON_ANSWERS, NUMBERS, TEXT

ANSWERS = (
    st.booleans()
    | st.integers(-(2**31), 2**31 - 1)
    | NUMBERS.map(lambda number: number + Decimal("0.0001"))
    | TEXT
    | DATES
    | st.times().map(lambda time: Time(time.isoformat()))
    | st.datetimes(timezones=st.timezones()).map(lambda at: DateTime(at.replace(microsecond=0).isoformat()))
    | st.builds(Coding, TEXT, TEXT, TEXT, TEXT)
    | st.builds(Coding, TEXT, TEXT, score=NUMBERS, score_url=st.just("http://hl7.org/fhir/StructureDefinition/itemWeight"))
    | st.builds(Quantity, NUMBERS, TEXT, TEXT, TEXT)
    | NON_ANSWERS
)  # fmt: skip


@given(ANSWERS)
def test_every_answer_comes_back_from_json_as_it_was(answer: Any) -> None:
    if isinstance(answer, DateTime) and not is_date_time(answer.text):
        return  # an offset with seconds, which FHIR cannot write
    assert decode_answer(encode_answer(answer)) == answer


@pytest.mark.parametrize(
    ("answer", "kind", "written"),
    [
        (True, Kind.BOOLEAN, {"valueBoolean": True}),
        (3, Kind.INTEGER, {"valueInteger": 3}),
        (3, Kind.DECIMAL, {"valueDecimal": 3}),
        (Decimal("0.1"), Kind.DECIMAL, {"valueDecimal": 0.1}),
        ("a", Kind.URL, {"valueUri": "a"}),
        ("a b", Kind.TEXT, {"valueString": "a b"}),
        (Date("2020"), Kind.DATE, {"valueDate": "2020"}),
        (Quantity(Decimal(2), "mg"), Kind.QUANTITY, {"valueQuantity": {"value": 2, "unit": "mg"}}),
        (Reference("the counselor"), Kind.REFERENCE, {"valueReference": {"display": "the counselor"}}),
        (
            Reference("R", "Patient/1", "Patient", "urn:mrn", "7"),
            Kind.REFERENCE,
            {
                "valueReference": {
                    "reference": "Patient/1",
                    "type": "Patient",
                    "display": "R",
                    "identifier": {"system": "urn:mrn", "value": "7"},
                }
            },
        ),
        (
            Attachment(contentType="image/png", title="Consent", size=3),
            Kind.ATTACHMENT,
            {"valueAttachment": {"contentType": "image/png", "size": 3, "title": "Consent"}},
        ),
        (NonAnswer.NOT_ASKED, None, {"nonAnswer": "not-asked"}),
    ],
)
def test_how_answers_are_written(answer: Any, kind: Kind | None, written: dict[str, Any]) -> None:
    assert encode_answer(answer, kind) == written


def test_a_scored_coding_carries_its_score() -> None:
    written = encode_answer(Coding("s", "a", score=Decimal(2)))
    url = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
    assert written["valueCoding"]["extension"] == [{"url": url, "valueDecimal": 2}]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("Boolean", "true"),
        ("Boolean", 1),
        ("Integer", True),
        ("Integer", 1.5),
        ("Decimal", "1"),
        ("Decimal", False),
        ("Date", "2021-02-30"),
        ("Date", "0000-01-01"),
        ("Date", "2021-1-1"),
        ("DateTime", "2021-01-01T10:00:00"),
        ("DateTime", "2021-01-01T25:00:00Z"),
        ("Time", "24:00:00"),
        ("Time", "10:00"),
        ("String", "  "),
        ("String", 5),
        ("Coding", {}),
        ("Coding", {"code": 5}),
        ("Coding", "a"),
        ("Quantity", {"unit": "mg"}),
        ("Quantity", {"value": 5, "comparator": "<"}),
        ("Quantity", {"value": 5, "unit": 5}),
        ("Attachment", {"size": True}),
        ("Attachment", {}),
        ("Reference", {"type": "Patient"}),
        ("Reference", "Patient/1"),
    ],
)
def test_what_is_no_value_of_its_type(kind: str, value: Any) -> None:
    assert parse(kind, value) is None


@pytest.mark.parametrize(
    "document", [{}, {"nonAnswer": "maybe"}, {"valueString": "a", "valueInteger": 1}, {"value": 1}]
)
def test_what_is_no_answer(document: dict[str, Any]) -> None:
    assert decode_answer(document) is None


def test_dates_and_times_that_exist() -> None:
    assert [is_date(text) for text in ("2020", "2020-02", "2020-02-29", "2021-02-29")] == [True, True, True, False]
    assert is_date_time("2020-02-29T23:59:59.123+14:00")
    assert is_time("23:59:59.999999")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Date("2020"), Date("2021-05"), -1),
        (Date("2020-05"), Date("2020"), None),
        (Date("2020-05-01"), Date("2020-05-01"), 0),
        (DateTime("2020-05-01T10:00:00+02:00"), DateTime("2020-05-01T08:00:00Z"), 0),
        (DateTime("2020-05-01T10:00:00Z"), Date("2020-05-01"), None),
        (DateTime("2020-05-01T10:00:00Z"), Date("2020-05-02"), -1),
        (Time("10:00:00"), Time("10:00:00.000"), 0),
        (Time("10:00:00.5"), Time("10:00:00.45"), 1),
        (Quantity(Decimal(1), "mg"), Quantity(Decimal(2), "mg"), -1),
        (Quantity(Decimal(1), "mg"), Quantity(Decimal(1), "g"), None),
        (Quantity(Decimal(1), "mg", "s", "mg"), Quantity(Decimal(1), "milligram", "s", "mg"), 0),
        (1, Decimal("1.0"), 0),
        (True, 1, None),
        ("a", 1, None),
        (Coding("s", "a"), Coding("s", "b"), None),
    ],
)
def test_order(one: Any, other: Any, expected: int | None) -> None:
    assert order(one, other) == expected
    assert order(other, one) == (None if expected is None else -expected)


def test_equality_never_crosses_types() -> None:
    assert equal(1, Decimal(1))
    assert not equal(True, 1)
    assert not equal("1", 1)
    assert not equal(Coding("", "", "A"), "A")
    assert not equal(Date("2020"), DateTime("2020"))


def test_codings_by_code_and_system_or_by_words_alone() -> None:
    assert same_coding(Coding("s", "a", "One"), Coding("s", "a", "Other words"))
    assert same_coding(Coding("s", "a"), Coding("", "a"))
    assert not same_coding(Coding("s", "a"), Coding("t", "a"))
    assert same_coding(Coding(display="A"), Coding(display="A"))
    assert not same_coding(Coding("s", "a", "A"), Coding(display="A"))


def test_a_code_that_two_systems_share_needs_its_system() -> None:
    q = form(choice("q", {"valueCoding": {"system": "s", "code": "a"}}, {"valueCoding": {"system": "t", "code": "a"}}))
    found = option_of(q.by_id["q"], Coding("t", "a"))
    assert found is not None
    assert found.value == Coding("t", "a")
    assert option_of(q.by_id["q"], Coding("", "a")) is None


@given(st.text())
def test_cleaned_text_is_what_fhir_allows(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned) == len(text)
    assert all(not letter.isspace() or letter in " \r\n\t" for letter in cleaned)
    cleaned.encode()
