"""What rows, bar and empty pages of the board say."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.models.call import Level
from console.queries.board import NO_SOURCE, Freshness, View
from console.views.board.holding import held
from console.views.board.wording import empty, freshness, new_runs, row_words, spoken_row, summary
from console.views.strip.wording import chip_words
from console.views.widgets import Tone
from tests.support.board_rows import FRESH, LIMITS, NOW, STALE, ago, board, evening, flagged, owned, row


def said(number: str, **changes: object):
    return row_words(flagged(number, 30, **changes), NOW, LIMITS)


@pytest.mark.parametrize(
    ("seconds", "caption", "tone"),
    [
        (9, "since flag", Tone.TEXT),
        (60, "unclaimed", Tone.WARN),
        (239, "unclaimed", Tone.WARN),
        (240, "unclaimed", Tone.DANGER),
    ],
)
def test_an_unclaimed_flag_turns_amber_then_red_and_says_so_in_a_word(seconds: int, caption: str, tone: Tone) -> None:
    words = row_words(flagged("1", seconds), NOW, LIMITS)
    assert (words.clock, words.clock_caption, words.clock_tone) == (timedelta(seconds=seconds), caption, tone)


def test_a_claimed_flag_keeps_its_clock_calm() -> None:
    words = row_words(owned("1", 4000, 3990, contacted_at=ago(3900)), NOW, LIMITS)
    assert (words.clock_caption, words.clock_tone) == ("since flag", Tone.TEXT)
    assert words.spans == ("flag → claim 0:10", "claim → contact 1:30")


def test_a_claim_without_contact_turns_amber_at_the_limit() -> None:
    fresh, quiet = (row_words(owned("1", 300, held), NOW, LIMITS) for held in (179, 180))
    assert (fresh.hints[0].text, fresh.hint_tone) == ("claimed 2:59", Tone.MUTED)
    assert (quiet.hints[0].text, quiet.hint_tone) == ("no contact 3:00", Tone.WARN)


def test_who_has_it_is_you_or_a_name_or_nobody() -> None:
    assert row_words(owned("1", 60, 30, mine=True), NOW, LIMITS).who == "You"
    assert row_words(owned("1", 60, 30, "D. Lang"), NOW, LIMITS).who == "D. Lang"
    words = said("1")
    assert (words.who, words.hints[0].key) == ("Nobody yet", "F3")
    assert said("1", officer_waiting=True).hints[0].text == "officer waiting"


def test_when_nobody_can_take_it_the_row_says_the_fallback_and_its_key() -> None:
    words = said("1", fallback="CIT officer")
    assert (words.who, words.who_tone) == ("Nobody is free", Tone.WARN)
    assert [(hint.text, hint.key) for hint in words.hints] == [("fallback: CIT officer", "F7")]
    called = said("1", fallback="CIT officer", fallback_taken=True)
    assert called.who == "CIT officer called"
    assert [hint.key for hint in called.hints] == ["F3"]


def test_an_officer_who_waits_is_said_even_when_another_line_takes_the_place() -> None:
    for words in (
        said("1", officer_waiting=True, fallback="CIT officer"),
        row_words(owned("1", 60, 30, officer_waiting=True), NOW, LIMITS),
    ):
        assert words.leads[0].text == "Officer waiting."


def test_a_changed_type_shows_both_and_how_long_ago() -> None:
    words = said("1", type_before="Welfare check", type_text="Crisis", type_changed_at=ago(32), place="8th St / Vine")
    assert words.title == "Welfare check → Crisis · 8th St / Vine"
    assert words.leads[0].text == "Type changed 0:32 ago."
    old = said("1", type_before="Welfare check", type_text="Crisis", type_changed_at=ago(3600))
    assert old.leads == ()
    assert "→" in old.title


def test_a_suggestion_is_not_a_flag_and_says_why() -> None:
    suggested = row("1", suggestion="words “wants to die”")
    words = row_words(suggested, NOW, LIMITS)
    assert (words.level, words.tag, words.who) == (None, "suggested", "Suggested")
    assert words.leads[0].text == "Rule: words “wants to die”."
    assert [hint.key for hint in words.hints] == ["F2"]
    assert [hint.key for hint in row_words(suggested, NOW, LIMITS, selected=True).hints] == ["Del", "F2"]


def test_a_code_typed_in_cad_is_a_persons_flag_and_says_whose() -> None:
    typed = {"flag_source": "cad", "flag_reason": "Code typed in CAD", "flagged_by": "D2 in CAD"}
    words = row_words(flagged("1", 30, **typed), NOW, LIMITS)
    assert [lead.text for lead in words.leads] == ["Code typed in CAD by D2."]
    asked = row_words(flagged("1", 30, **{**typed, "flag_reason": "Officer asks"}), NOW, LIMITS)
    assert [lead.text for lead in asked.leads] == ["Officer asks by D2 in CAD."]
    assert "Flagged: Code typed in CAD by D2 in CAD" in spoken_row(flagged("1", 30, **typed), NOW, LIMITS)
    assert row_words(owned("1", 30, 20, **typed), NOW, LIMITS).leads == ()


def test_a_call_nobody_flagged_has_no_badge_but_a_level_always_shows() -> None:
    assert row_words(row("1"), NOW, LIMITS).level is None
    assert row_words(row("1", level=Level.LOW), NOW, LIMITS).level is Level.LOW
    assert said("1").level is Level.NOT_SET


def test_unknown_is_never_blank() -> None:
    words = row_words(row("", type_text="", place="", reported_at=NOW.replace(year=1970)), NOW, LIMITS)
    assert words.title == "No type yet · place unknown"
    assert words.clock is None
    assert "No call number yet" in spoken_row(row("", place=""), NOW, LIMITS)


def test_a_disposed_call_stands_still() -> None:
    done = owned("1", 900, 880, level=Level.CLOSED, flagged=False, disposed_at=ago(300), contacted_at=ago(800))
    words = row_words(done, NOW, LIMITS)
    assert (words.clock, words.clock_caption, words.level) == (
        timedelta(seconds=600),
        "to disposition",
        Level.CLOSED,
    )
    assert words.spans == ("claim → contact 1:20", "contact → disposition 8:20")


def test_a_screen_reader_hears_the_whole_row_gravest_first() -> None:
    spoken = spoken_row(evening()[0], NOW, LIMITS)
    assert spoken.startswith("Level critical. Since flag 1 minute 52 seconds. Suicidal person, 1200 block Maple Ct.")
    assert "Flagged: Suicidal talk or act" in spoken
    assert "You have it, on the line 0:47" in spoken
    assert spoken.endswith("Call 26-118-4471.")
    assert "Not flagged. A rule suggests it: words" in spoken_row(evening()[-1], NOW, LIMITS)


@pytest.mark.parametrize("call", evening(), ids=lambda call: call.number)
def test_the_spoken_row_leaves_out_nothing_that_is_painted(call) -> None:
    words, spoken = row_words(call, NOW, LIMITS), spoken_row(call, NOW, LIMITS).lower()
    for part in (call.type_text, call.place, words.headline, *(hint.text for hint in words.hints)):
        assert part.lower() in spoken
    assert (words.who if words.who != "You" else "you have it").lower() in spoken or call.suggestion
    for lead in words.leads:
        assert lead.text.rstrip(".").removeprefix("Rule: ").lower() in spoken


def line(runs) -> str:
    return "".join(run.text for run in runs)


def test_the_bar_says_what_is_new() -> None:
    new = (
        flagged("1", 8, level=Level.CRITICAL, type_text="Suicidal person"),
        flagged("2", 3, officer_waiting=True),
    )
    runs = new_runs(new, NOW, LIMITS)
    assert line(runs) == "2 new: 0:08 suicidal person, not set 0:03 officer asks"
    assert [run.level for run in runs if run.level] == [Level.CRITICAL, Level.NOT_SET]
    assert line(new_runs([flagged(str(n), n) for n in range(7)], NOW, LIMITS)).endswith("and 4 more")
    assert line(new_runs((), NOW, LIMITS, gone=1, moved=True)) == "1 call has left this view, the order has changed"
    assert new_runs((), NOW, LIMITS) == []


def test_the_quiet_line_counts_and_names_the_order() -> None:
    assert summary(board(evening(), older_suggestions=12)) == (
        "7 flagged, worst and longest waiting first · 1 suggested · 12 older suggestions under All open"
    )
    assert summary(board(evening()[:2], View.MINE, filter="maple")) == "2 yours · only those with “maple”"
    assert summary(board([])) == ""


def test_freshness_names_the_state_and_how_old_it_is() -> None:
    assert freshness(board([], cad=FRESH), NOW) == ("CAD fresh 2 s", Tone.GOOD)
    assert freshness(board([], cad=STALE), NOW + timedelta(minutes=4)) == ("CAD stale 4 min", Tone.WARN)


def test_a_source_that_came_to_its_end_is_no_live_source_and_says_why() -> None:
    ended = board(evening()[:1], cad=Freshness("Replay", None, "none", "Replay is at its end."))
    assert freshness(ended, NOW) == ("No live CAD", Tone.MUTED)
    assert summary(ended).endswith("Replay is at its end.")
    assert freshness(board([], cad=NO_SOURCE), NOW) == ("No CAD source", Tone.MUTED)


def test_an_empty_view_says_what_there_is_and_the_key_to_see_it() -> None:
    assert empty(board([])) == ("No flagged calls.", "43 open calls.", "All open", "3")
    assert empty(board([], View.MINE, counts={"flagged": 5, "mine": 0, "open": 43})) == (
        "You have no calls.",
        "5 flagged.",
        "Flagged",
        "1",
    )
    assert empty(board([], filter="oak"))[2:] == ("Clear the filter", "Esc")
    assert empty(board([], counts={"flagged": 0, "open": 0}))[2:] == ("", "")


numbers = st.lists(st.sampled_from("abcdefgh"), unique=True)


@given(shown=numbers, latest=numbers)
def test_holding_moves_no_row_and_loses_none(shown: list[str], latest: list[str]) -> None:
    before = [flagged(number, 10, headline="before") for number in shown]
    after = [flagged(number, 10, headline="after") for number in latest]
    result = held(before, after)
    assert [call.number for call in result.rows] == shown
    for call in result.rows:
        assert call.headline == ("after" if call.number in latest else "before")
    assert {call.number for call in result.new} == set(latest) - set(shown)
    assert len(result.gone) == len(set(shown) - set(latest))
    assert result.waits == (shown != latest)


@pytest.mark.parametrize(("unread", "says"), [(1, "New message."), (2, "2 new messages.")])
def test_a_row_says_that_somebody_wrote_after_the_disposition(unread: int, says: str) -> None:
    done = owned("1", 600, 590, mine=True, disposed_at=ago(60), unread=unread)
    assert [lead.text for lead in row_words(done, NOW, LIMITS).leads] == [says]
    assert says.lower().rstrip(".") in spoken_row(done, NOW, LIMITS).lower()
    assert row_words(replace(done, unread=0), NOW, LIMITS).leads == ()


def test_a_claim_nobody_else_has_seen_is_pending() -> None:
    own = owned("1", 30, 10, "R. Okafor", mine=True, pending=("claim", "level"))
    words = row_words(own, NOW, LIMITS)
    assert (words.who, [hint.text for hint in words.hints]) == ("You, pending", ["not confirmed yet"])
    assert [lead.text for lead in words.leads] == ["Pending: level."]
    assert "Claimed by you, pending, not confirmed yet" in spoken_row(own, NOW, LIMITS)
    confirmed = row_words(replace(own, pending=()), NOW, LIMITS)
    assert (confirmed.who, confirmed.leads) == ("You", ())


def test_a_chip_says_what_is_pending() -> None:
    flag = chip_words(flagged("1", 30, pending=("flag",)), NOW, LIMITS)
    assert (flag.who, flag.what) == ("Nobody yet", "flag pending · Noise complaint")
    assert chip_words(owned("1", 30, 10, pending=("claim",)), NOW, LIMITS).who == "M. Reyes, pending"


def test_cad_that_dates_its_calls_ahead_is_said_once_in_its_line() -> None:
    assert freshness(board([], cad=FRESH, cad_ahead=timedelta(hours=2)), NOW) == (
        "CAD fresh 2 s, calls dated 2 h ahead",
        Tone.WARN,
    )
    assert freshness(board([], cad=FRESH, cad_ahead=timedelta(seconds=90)), NOW) == ("CAD fresh 2 s", Tone.GOOD)


def test_the_quiet_line_says_what_stands_there_without_a_flag() -> None:
    disposed = row("1", disposed_at=NOW, advice_waiting=True)
    assert summary(board([flagged("2", 5), disposed])).endswith("first · 1 disposed with advice unread")
