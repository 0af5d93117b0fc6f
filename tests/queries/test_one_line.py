"""A row of the board and an alarm keep to one line and read as they were said, whatever was pasted into them."""

from console.actions import flags
from console.models.sign_in import SignIn
from console.models.store.desk import Desk
from console.queries.alarms import alarms
from console.queries.board import NO_SOURCE, View, board


def test_nothing_pasted_breaks_a_row_or_turns_it(desk: Desk, dispatcher: SignIn, clinician: SignIn) -> None:
    words = "bell \x07 then\nescape \x1b[2J end"
    call, _ = flags.enter_call(desk, dispatcher, "26-\x0711", "two\nlines \u202elive", "5th\tSt \u05e9\u05dc", "a\r\nb")
    (row,) = board(desk, dispatcher, View.OPEN).rows
    assert (row.number, row.type_text, row.place) == ("26- 11", "two lines live", "5th St \u05e9\u05dc")
    assert row.headline == "a b"
    flags.flag(desk, dispatcher, call, "suicidal", words)
    (row,) = board(desk, dispatcher, View.FLAGGED).rows
    assert row.headline == "bell then escape [2J end"
    assert row.flag_words == words, "the record holds what was written"
    assert {alarm.title for alarm in alarms(desk, clinician, NO_SOURCE)} == {"two lines live · 5th St \u05e9\u05dc"}
