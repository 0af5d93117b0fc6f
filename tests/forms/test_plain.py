"""Formatted words never reach a screen; their plain words do."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.forms.asking.present import present
from console.forms.reading.plain import plain_markdown, plain_xhtml
from console.forms.values import FHIR
from tests.forms.building import document, form, item


def rendered(kind: str, text: str) -> dict[str, Any]:
    return {"extension": [{"url": f"{FHIR}rendering-{kind}", "valueString": text}]}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Answer <b>Yes</b> or <i>No</i>.", "Answer Yes or No."),
        ("a<script>steal()</script>b<style>x{}</style>", "ab"),
        ("<p>One</p><p>Two<br/>Three</p>", "One\n\nTwo\nThree"),
        ("<ul><li>One</li><li>Two &amp; <a href='http://x'>more</a></li></ul>", "- One\n- Two & more"),
        ("A <img src='file:///etc/passwd' alt='scale of pain'/>", "A scale of pain"),
        ("<iframe src='http://x'>in</iframe>out", "out"),
        ("<script>never closed", ""),
        ("5 < 6", "5 < 6"),
        ("a <![if x]> b", "a <![if x]> b"),
    ],
)
def test_xhtml_gives_its_words(text: str, words: str) -> None:
    assert plain_xhtml(text) == words


def test_a_tag_that_never_ends_takes_no_word_before_it() -> None:
    assert plain_xhtml("broken <b unclosed").startswith("broken")  # Python's versions differ on what follows


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# Heading\n\n- One\n- **Two**", "Heading\n\n- One\n- Two"),
        ("[the key](http://x) and ![a scale](file:///x)", "the key and a scale"),
        ("*some* `code` 2*3*4", "some code 2*3*4"),
        ("# A <script>bad</script> heading", "A heading"),
    ],
)
def test_markdown_gives_its_words(text: str, words: str) -> None:
    assert plain_markdown(text) == words


@given(st.text(alphabet="<>/abi&;!-\"'= \n*_[]()#script", max_size=60))
def test_formatting_of_any_kind_ends_in_words(text: str) -> None:
    for words in (plain_xhtml(text), plain_markdown(text)):
        assert words == words.strip()


def test_plain_words_count_and_formatted_ones_stand_in_for_them() -> None:
    bare = {"linkId": "b", "type": "string", "_text": rendered("markdown", "**How** old?")}
    coded = {"system": "urn:s", "code": "x", "_display": rendered("xhtml", "An <i>option</i>")}
    words = {"_valueString": rendered("xhtml", "<b>In words</b>")}
    q = form(
        item("a", text="Plain", _text=rendered("xhtml", "<b>Formatted</b>")),
        bare,
        item("c", "choice", answerOption=[{"valueCoding": coded}, words]),
    )
    rows = {row.key: row for row in present(q, {}).rows}
    assert (rows["a"].text, rows["b"].text) == ("Plain", "How old?")
    assert [choice.label for choice in rows["c"].choices] == ["An option", "In words"]
    assert q.raw == document(*q.raw["item"])


def test_an_image_that_is_not_shown_is_said() -> None:
    q = form(item("a", text="Where does it hurt?", _text=rendered("xhtml", "Where? <img src='#body'/>")))
    assert [(finding.link_id, finding.text) for finding in q.findings] == [
        ("a", "an image in its formatted words is not shown")
    ]
