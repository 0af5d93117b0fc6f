"""Breaking and cutting lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.handoff.flow import Run, break_lines, cut
from console.handoff.fonts import MISSING, ensure_fonts, printable, width

WORDS = st.text(st.characters(codec="utf-8"), max_size=300)
RUNS = st.lists(st.builds(Run, WORDS, st.booleans(), st.booleans()), max_size=4)


@pytest.fixture(autouse=True, scope="module")
def fonts() -> None:
    ensure_fonts()


def letters(text: str) -> str:
    return "".join(text.split())


@given(RUNS, st.floats(40, 400))
def test_lines_fit_and_lose_no_letter(runs: list[Run], room: float) -> None:
    lines = break_lines(runs, 11, room)
    assert all(line.width <= room + 0.01 for line in lines if len(letters(line.text)) > 1)
    assert letters("".join(line.text for line in lines)) == letters("".join(printable(run.text) for run in runs))


@given(RUNS, st.integers(1, 4))
def test_a_cut_can_be_seen_and_fits(runs: list[Run], limit: int) -> None:
    lines = break_lines(runs, 11, 200)
    kept = cut(lines, limit, 11, 200, "ask the clinician")
    assert len(kept) == min(len(lines), limit)
    assert all(line.width <= 200.01 for line in kept if len(letters(line.text)) > 1)
    if len(lines) > limit:
        assert kept[-1].text.endswith("… ask the clinician")
    else:
        assert kept == lines


@pytest.mark.parametrize(
    "words",
    ["¿Dónde está? Ñandú", "Zażółć gęślą jaźń", "Nguyễn Thị Hằng, Đà Nẵng, Ưởng", "“it’s” – … · №", "Жанна Αθηνά"],
)
def test_names_of_many_languages_print(words: str) -> None:
    assert MISSING not in printable(words)


@pytest.mark.parametrize("words", ["مرحبا", "שלום", "李", "🔫"])
def test_what_cannot_be_printed_right_is_marked_never_dropped(words: str) -> None:
    assert printable(words) == MISSING * len(words)


def test_signs_the_font_lacks_are_spelled() -> None:
    assert printable("a → b, ≥ 2") == "a -> b, >= 2"


def test_a_word_wider_than_the_line_is_broken() -> None:
    lines = break_lines([Run("W" * 60)], 11, 100)
    assert len(lines) > 1
    assert all(line.width <= 100 for line in lines)
    assert width("W", 11) > 5


@given(RUNS)
def test_a_pieces_width_is_what_its_words_measure(runs: list[Run]) -> None:
    for line in break_lines(runs, 11, 300):
        for piece in line.pieces:
            assert piece.width - (6 if piece.framed else 0) == pytest.approx(width(piece.text, 11, bold=piece.bold))
