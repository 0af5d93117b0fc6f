"""The printed police sheet, read back as a reader or a machine would."""

import hashlib
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from console.errors import BugError, KnownError
from console.handoff.assemble import risk_level
from console.handoff.content import Clinician, Copy, PoliceSheet
from console.handoff.fields import FIELDS, Section
from console.handoff.fonts import printable
from console.handoff.police_pdf import DRILL, render
from console.handoff.police_words import Words
from console.handoff.preview import pages
from console.off_gui import mark_gui_thread
from tests.handoff.sheets import AS_OF, CALL_BACK, COPY, NAME, PLACE, Stated, printed, read, sheet, text

ROWS = ("Weapons", "Violence now", "Medical", "Others there", "Scene", "On the line")
LINES = (*ROWS, "Reported", "Seen", "Secured", "Overdose/injury", "Alcohol/drugs", "People", "Children", "Animals")
SECTIONS = ("Situation", "Background", "Assessment", "DO", "DO NOT", "Recommended", "Already asked", "Not known")


def letters(words: str) -> str:
    return "".join(words.split())


# -- what it says ------------------------------------------------------------------------------------------------------


def test_every_fact_can_be_read_back_with_who_told_it_and_when() -> None:
    words = text(render(sheet(version=2, replaces=1), copy=COPY))
    for said in (
        "#26-118-4471",
        PLACE,
        "Dallas County Communications",
        "Version 2, replaces version 1 · copy 1 of 2",
        "Facts as of 22:14:06 CST, Nov 21, 2026",
        "Printed 22:14 CST for Police, unit 3B12",
        "Reported Handgun (caller 22:06)",
        "Stage at Oak St, no sirens, no lights on approach (observed 22:06)",
        "CRITICAL since 22:13 (the person)",
        "Already asked Intentions; means; drinking. Ask the clinician, not the person.",
        "Not known Where the handgun is; what is marked UNKNOWN above.",
        f"Clinician {NAME}, call-back {CALL_BACK}",
        "Read back by",
        "Handle under your agency's records rule.",
        "Sheet 7F2A-D2 · version 2 · copy 1 of 2 · page 1 of 1",
    ):
        assert said in words


def test_without_facts_every_line_says_unknown() -> None:
    words = text(render(sheet({}, risk=None, call_number="", place="", clinician=Clinician())))
    assert "Call number UNKNOWN" in words
    assert "Place UNKNOWN" in words
    assert "LEVEL UNKNOWN" in words
    assert "Clinician UNKNOWN, call-back UNKNOWN" in words
    for before, after in (
        ("Reported", "Seen"),
        ("Seen", "Access"),
        ("Secured", "Violence"),
        ("Violence now", "Medical"),
        ("Overdose/injury", "Alcohol/drugs"),
        ("Alcohol/drugs", "Others"),
        ("People", "Children"),
        ("Animals", "Scene"),
        ("Stage at", "On the line"),
        ("On the line", "Situation"),
        ("Person:", "Now:"),
        ("Background", "Assessment"),
        ("DO NOT", "Recommended"),
        ("Recommended", "Already"),
    ):
        assert f"{before} UNKNOWN" in words
        assert words.index(before) < words.index(after)


def test_weapons_come_before_everything_else_that_was_said() -> None:
    words = text(render(sheet()))
    places = [words.index(label) for label in ("CRITICAL", "ACT FIRST", *ROWS, "Situation", "Background", "Assessment")]
    assert places == sorted(places)


def test_the_largest_line_is_the_immediate_risk() -> None:
    pieces = printed(render(sheet(), copy=COPY))
    largest = max(size for *_, size in pieces)
    assert [words for words, _, _, size in pieces if size == largest] == [
        "CRITICAL",
        "Talks of ending his life; firearm may be within reach.",
    ]


def test_a_reason_of_two_lines_has_its_first_on_top_and_is_whole_in_the_assessment() -> None:
    words = text(render(sheet(risk=risk_level("high", "Has a rope.\nSays tonight.", AS_OF, source="caller"))))
    assert "HIGH Has a rope. ACT FIRST" in words
    assert "HIGH since 22:14. Has a rope. Says tonight. (caller)" in words


def test_advice_says_which_weapon_facts_it_was_given_without() -> None:
    assert "Advice given with weapons UNKNOWN: access, secured." in text(render(sheet()))
    known = {f"weapons.{part}": Stated("No") for part in ("reported", "seen", "access", "secured")}
    assert "Advice given" not in text(render(sheet(known | {"approach.do": Stated("One voice")})))


def test_a_time_of_another_day_or_zone_says_so() -> None:
    yesterday = {"weapons.reported": Stated("Knife", "caller", AS_OF.replace(day=20))}
    assert "(caller Nov 19, 2026 22:14)" in text(render(sheet(yesterday)))
    fall_back = AS_OF.replace(month=11, day=1, hour=7, minute=30)
    during = {"weapons.reported": Stated("Knife", "caller", fall_back.replace(hour=6))}
    assert "(caller 01:30 CDT)" in text(render(sheet(during, as_of=fall_back)))


def test_a_preview_is_no_copy() -> None:
    words = text(render(sheet()))
    assert words.count("preview, not a copy") == 2
    assert "Printed" not in words


def test_a_drill_says_so_in_a_box_and_across_the_page() -> None:
    pieces = printed(render(sheet(drill=True)))
    assert [words for words, *_ in pieces].count(DRILL) == 2
    assert not any(DRILL in words for words, *_ in printed(render(sheet())))


def test_letters_it_cannot_print_are_marked_and_explained() -> None:
    words = text(render(sheet({"situation": Stated("He is called 李明 🔫")})))
    assert "He is called �� �" in words
    assert "� stands for a letter this sheet cannot print: ask the clinician." in words
    assert "stands for a letter" not in text(render(sheet()))


# -- the document ------------------------------------------------------------------------------------------------------


def test_metadata_name_nobody_and_nowhere() -> None:
    reader = read(render(sheet(), copy=COPY))
    said = " ".join(map(str, (reader.metadata or {}).values())) + str(reader.xmp_metadata or "")
    assert "Responder sheet 7F2A-D2, version 1" in said
    for private in (NAME, "Okafor", CALL_BACK, PLACE, "Maple", "26-118-4471", "Dallas", "3B12"):
        assert private not in said


def test_fonts_are_embedded_and_asked_to_print_at_their_true_size() -> None:
    reader = read(render(sheet()))
    fonts = [font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values()]  # type: ignore[index]
    used = [font for font in fonts if "Noto" in font["/BaseFont"]]
    assert len(used) >= 2
    assert all("/FontFile2" in font["/FontDescriptor"] for font in used)
    assert reader.trailer["/Root"]["/ViewerPreferences"]["/PrintScaling"] == "/None"  # type: ignore[index]


def test_the_same_sheet_gives_the_same_bytes_in_another_process() -> None:
    script = (
        "import hashlib; from tests.handoff.sheets import COPY, sheet; from console.handoff.police_pdf import render;"
        "print(hashlib.sha256(render(sheet(), copy=COPY)).hexdigest())"
    )
    root = Path(__file__).resolve().parents[2]
    other = subprocess.run(
        [sys.executable, "-c", script],
        cwd=root,
        env={"PYTHONPATH": f"{root}/src:{root}", "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert other.stdout.strip() == hashlib.sha256(render(sheet(), copy=COPY)).hexdigest()


def test_threads_may_print_at_once() -> None:
    wanted = render(sheet(), copy=COPY)
    got: list[bytes] = []
    threads = [threading.Thread(target=lambda: got.append(render(sheet(), copy=COPY))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [wanted] * 8


def test_it_is_black_and_white_only() -> None:
    page = pages(render(sheet(drill=True), copy=COPY), 60)[0]
    red, green, blue = page.rgba[0::4], page.rgba[1::4], page.rgba[2::4]
    assert red == green == blue


@pytest.fixture
def on_gui_thread() -> Iterator[None]:
    mark_gui_thread(threading.get_ident())
    yield
    mark_gui_thread(None)


@pytest.mark.usefixtures("on_gui_thread")
def test_it_refuses_the_gui_thread() -> None:
    with pytest.raises(BugError, match="PDF"):
        render(sheet())


def test_an_unknown_zone_is_a_clear_line() -> None:
    with pytest.raises(KnownError, match="time zone"):
        render(sheet(zone="Nowhere"))


# -- one page, whatever is said ----------------------------------------------------------------------------------------

# A page is slow next to a value, and its words are meant to be many.
PAGES = settings(
    max_examples=max(settings.default.max_examples // 2, 1),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

ANY_WORDS = st.one_of(
    st.text(max_size=120),
    st.text(st.characters(categories=["Lu", "Ll", "Nd", "Zs"]), max_size=200),
    st.builds(lambda word, times: f"{word} " * times, st.text(min_size=1, max_size=30), st.integers(1, 400)),
    st.builds(lambda word, times: word * times, st.text(min_size=1, max_size=3), st.integers(1, 3000)),
)
SOURCE_IDS = st.sampled_from(["caller", "person", "observed", "responder", "record", "confidential", "cji", ""])
ANY_FACTS = st.dictionaries(st.sampled_from([f.id for f in FIELDS]), st.builds(Stated, ANY_WORDS, SOURCE_IDS))
ANY_RISK = st.builds(
    lambda level, reason: risk_level(level, reason, AS_OF, source="caller"),
    st.sampled_from(["critical", "high", "medium", "low", ""]),
    ANY_WORDS,
)
ANY_SHEET = st.builds(
    lambda facts, risk, words, drill: sheet(
        facts,
        risk=risk,
        call_number=words[0],
        place=words[1],
        center=words[2],
        clinician=Clinician(words[3], words[4]),
        handling=words[5],
        drill=drill,
    ),
    ANY_FACTS,
    ANY_RISK,
    st.lists(ANY_WORDS, min_size=6, max_size=6),
    st.booleans(),
)
ANY_COPY = st.none() | st.builds(Copy, st.integers(1, 10**6), st.just(AS_OF), st.none() | st.just(3), ANY_WORDS)
EVERYTHING = sheet({field.id: Stated("word " * 2000) for field in FIELDS}, handling="law " * 500, drill=True)


def assert_one_sound_page(pdf: bytes, width: float, height: float) -> None:
    """One page; its rows and sections all there and in order; nothing small, out of bounds or over the foot."""
    assert len(read(pdf).pages) == 1
    pieces = printed(pdf)
    assert min(size for *_, size in pieces) >= 11
    words = [said for said, *_ in pieces]
    places: list[int] = []
    for label in (*ROWS, *SECTIONS):  # each behind the one before: what people wrote can be a label's word, too
        places.append(words.index(label, places[-1] + 1 if places else 0))
    foot = next(y for said, _, y, _ in pieces if said.startswith("Read back by")) + 14
    assert all(y > foot for _, _, y, _ in pieces[places[0] : places[-1] + 1])
    page = pages(pdf, 72)[0]
    assert (page.width, page.height) == (pytest.approx(width, abs=1), pytest.approx(height, abs=1))
    line = page.width * 4
    edge = 28  # pixels, which are points here
    for row in (*range(edge), *range(page.height - edge, page.height)):
        assert set(page.rgba[row * line : (row + 1) * line]) == {255}
    for column in (*range(edge), *range(page.width - edge, page.width)):
        for channel in range(4):
            assert set(page.rgba[column * 4 + channel :: line]) == {255}


@PAGES
@given(ANY_SHEET, ANY_COPY)
@example(EVERYTHING, COPY)
def test_any_words_make_one_sound_page(made: PoliceSheet, copy: Copy | None) -> None:
    assert_one_sound_page(render(made, copy=copy), 612, 792)


NAMES = st.text(st.sampled_from("abcdefghijklmnoprstuvyząćęłńóśżñéüạảấầẩẫậắằễệđơưởỹ"), min_size=1, max_size=14)
PROSE = st.lists(NAMES, min_size=1, max_size=40).map(" ".join)


@PAGES
@given(st.fixed_dictionaries({field.id: PROSE for field in FIELDS}), PROSE, st.booleans())
@example({field.id: "Longer words of a careful and thorough person " * 40 for field in FIELDS}, "Reason " * 30, True)
def test_the_act_first_box_is_whole_however_full_the_rest_is(said: dict[str, str], reason: str, drill: bool) -> None:
    facts = {field.id: Stated(said[field.id][: field.longest]) for field in FIELDS}
    made = sheet(
        facts, risk=risk_level("critical", reason, AS_OF, source="caller"), place="Long road " * 12, drill=drill
    )
    words = letters(text(render(made, copy=COPY)))
    for field in FIELDS:
        if field.section is Section.ACT_FIRST:
            assert letters(printable(facts[field.id].value)) in words


def test_a_shortened_section_says_where_the_rest_is() -> None:
    facts = {field.id: Stated("word " * 300) for field in FIELDS if field.section is not Section.ACT_FIRST}
    words = text(render(sheet(facts)))
    assert f"… continues: ask the clinician at {CALL_BACK}" in words


def test_the_least_important_is_shortened_first() -> None:
    long = Stated("word " * 60)
    facts = {"situation": long, "approach.background": long, "asked": Stated("topic\n" * 150), "recommended": long}
    words = text(render(sheet(facts)))
    assert words.count("continues:") == 1
    assert "continues:" in words[words.index("Already asked") : words.index("Not known")]


def test_words_beyond_what_a_field_takes_are_cut_where_it_can_be_seen() -> None:
    words = text(render(sheet({"weapons.reported": Stated("Rifle " * 1500)} | {"children": Stated("Two, upstairs")})))
    assert "Rifle … ask the clinician" in words
    assert "Children: Two, upstairs" in words


def test_light_sections_give_way_before_the_box_loses_its_grid() -> None:
    words = text(render(sheet({"asked": Stated("topic\n" * 300)})))
    assert "Reported UNKNOWN" in words
    assert "continues:" in words[words.index("Already asked") : words.index("Not known")]


def test_who_told_it_and_when_stay_together_on_a_line() -> None:
    facts = {"scene.staging": Stated("Oak St, no sirens, no lights on approach", "observed")}
    told = [run.text for _, rows in Words(sheet(facts)).urgent for _, runs in rows for run in runs]
    assert "(observed\u00a022:06)" in told, "a no-break space holds them together"
