"""What the directory says in words, and how its badge differs without color."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from console.directory.hours import ALWAYS, Opening
from console.directory.hours_text import read_hours
from console.directory.rank import Candidate, Hit, Wanted, rank
from console.models.service import ServiceDescribed
from console.queries.directory import Found
from console.views import theme
from console.views.directory import wording
from console.views.directory.opening_badge import OPEN_TINT, OpeningBadge, opening_size, paint_opening
from console.views.theme import Scheme
from console.views.widgets import Tone
from tests.support.color_math import contrast

AT = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)  # Monday noon in Chicago
HERE = (41.6, -93.9)


def hit(**facts: object) -> Hit:
    described = ServiceDescribed(
        **{  # type: ignore[arg-type]
            "at": AT, "source": "own", "source_key": "1", "name": "Detox Center", "organization": "New Bank",
            "phone": "(515) 555-0108", "latitude": 41.617, "longitude": -93.9, "needs": ("alcohol", "detox"),
            "hours": ALWAYS, "hours_text": "24/7", "time_zone": "America/Chicago", "verified_on": "2026-08-02", **facts,
        }
    )  # fmt: skip
    return rank([Candidate(UUID(int=1), described)], Wanted("detox", near=HERE), AT).hits[0]


def found(*hits: Hit, words: str = "", needs: tuple[str, ...] = (), hidden: int = 0, services: int = 32) -> Found:
    return Found(Wanted(words, needs), AT, hits, hidden, False, services, {})


def test_a_row_says_what_one_needs_to_call() -> None:
    words = wording.row_words(hit())
    assert words == wording.RowWords(
        name="Detox Center",
        opening="24/7",
        about="New Bank · detox, alcohol",
        phone="(515) 555-0108",
        distance="1.2 mi",
        verified="verified 3 months ago",
        stale=False,
    )


@pytest.mark.parametrize(
    ("hours", "opening"),
    [("Mon-Fri 9am-5pm", "until 17:00"), ("Tue 9am-5pm", "opens tomorrow 09:00"), ("", "hours not known"),
     ("closed", "no opening hours")],
)  # fmt: skip
def test_the_opening_beside_the_badge_does_not_repeat_it(hours: str, opening: str) -> None:
    assert wording.row_words(hit(hours=read_hours(hours).hours)).opening == opening


def test_a_row_shows_the_first_number_and_says_when_there_is_none() -> None:
    assert wording.row_words(hit(phone="988; text 741741")).phone == "988"
    assert wording.row_words(hit(phone="")).phone == "no phone number"


def test_a_row_is_one_sentence_aloud() -> None:
    assert wording.spoken_row(hit(verified_on="2025-08-02")) == (
        "Detox Center. open 24/7. 1.2 miles. phone (515) 555-0108. New Bank · detox, alcohol. "
        "verified 15 months ago, long ago"
    )
    assert wording.spoken_row(hit(phone="", latitude=None, address="x", verified_on="")).startswith(
        "Detox Center. open 24/7. distance not known. no phone number."
    )


def test_what_nobody_stated_says_so() -> None:
    lines = {line.label: line for line in wording.page_lines(hit(hours=None, hours_text="", needs=("detox",)))}
    for label in ("Hours", "For whom", "Ages", "How to get in", "Cost", "Languages"):
        assert (lines[label].text, lines[label].tone) == ("not stated", Tone.MUTED)
    assert lines["Where"].text == "1.2 mi"
    assert "Web" not in lines


@pytest.mark.parametrize(
    ("facts", "label", "text"),
    [
        ({"hours": None, "hours_text": "by appointment"}, "Hours", "by appointment"),
        ({"hours": read_hours("M-F 9-5").hours}, "Hours", "Mon–Fri 09:00–17:00 (America/Chicago)"),
        ({"minimum_age": 18}, "Ages", "18 years or older"),
        ({"minimum_age": 0, "maximum_age": 17}, "Ages", "up to 17 years"),
        ({"minimum_age": 12, "maximum_age": 20}, "Ages", "12 to 20 years"),
        ({"address": "435 Quarry Rd"}, "Where", "435 Quarry Rd · 1.2 mi"),
        ({"url": "https://bank.example/a"}, "Web", "bank.example/a"),
    ],
)
def test_the_page_of_a_service(facts: dict[str, object], label: str, text: str) -> None:
    assert {line.label: line.text for line in wording.page_lines(hit(**facts))}[label] == text


def test_the_line_above_the_rows() -> None:
    assert wording.summary(found(hit())) == "1 of 32 services"
    assert wording.summary(found(hit(), hidden=1)) == "1 of 32 services · 1 more is closed now"
    assert wording.summary(found(hit(), hidden=2)) == "1 of 32 services · 2 more are closed now"
    many = Found(Wanted(), AT, (hit(),), 0, True, 900, {})
    assert wording.summary(many).startswith("The best 1 of more")


def test_why_there_is_nothing() -> None:
    assert wording.nothing(found(words="zebra"))[:2] == (
        "Nothing matches “zebra”.",
        "Try fewer words; 32 services in the directory.",
    )
    assert wording.nothing(found(needs=("detox",)))[0] == "Nothing matches detox."
    assert wording.nothing(found(words="x", hidden=3))[0] == "All 3 that fit are closed now."
    assert wording.nothing(found(words="x", hidden=1))[0] == "The one that fits is closed now."
    title, sentence, *_ = wording.nothing(found(services=0))
    assert title == "The directory is empty."
    assert "directory import FILE" in sentence


# -- the badge ---------------------------------------------------------------------------------------------------------


def painted(opening: Opening) -> QImage:
    size = opening_size(theme.current())
    image = QImage(size.toSize(), QImage.Format.Format_RGB32)
    image.fill(theme.current().tokens.window)
    painter = QPainter(image)
    paint_opening(painter, QRectF(0, 0, size.width(), size.height()), opening, theme.current())
    painter.end()
    return image


def test_the_three_badges_differ_without_color(qapp: QApplication) -> None:
    theme.apply(qapp, Scheme.DARK)
    gray = [painted(opening).convertToFormat(QImage.Format.Format_Grayscale8) for opening in Opening]
    half = gray[0].width() // 4  # the shapes alone, without the words
    shapes = [image.copy(0, 0, half, image.height()) for image in gray]
    for one in range(3):
        for other in range(one):
            differing = sum(
                abs(shapes[one].pixelColor(x, y).lightness() - shapes[other].pixelColor(x, y).lightness()) > 40
                for x in range(half)
                for y in range(shapes[one].height())
            )
            assert differing > 12


@pytest.mark.parametrize("scheme", [Scheme.DARK, Scheme.LIGHT, Scheme.HIGH_CONTRAST])
def test_the_badge_can_be_read_on_every_ground(scheme: Scheme) -> None:
    tokens = theme.make(scheme).tokens
    for ground in (tokens.window, tokens.surface, tokens.selected, tokens.hover):
        tinted = QColor(
            *(
                round(ground_part * (1 - OPEN_TINT) + good_part * OPEN_TINT)
                for ground_part, good_part in zip(ground.getRgb()[:3], tokens.good.getRgb()[:3], strict=True)
            )
        )
        assert contrast(tokens.good, tinted) >= 4.5
        assert contrast(tokens.muted, ground) >= 4.5
        assert contrast(tokens.outline, ground) >= 3
    assert contrast(tokens.changed, tokens.changed_soft) >= 4.5


def test_the_badge_says_its_word_aloud(qapp: QApplication) -> None:
    badge = OpeningBadge(Opening.OPEN)
    assert badge.accessibleName() == "open"
    badge.set_opening(Opening.UNKNOWN)
    assert (badge.opening, badge.accessibleName()) == (Opening.UNKNOWN, "unknown")
    badge.deleteLater()
