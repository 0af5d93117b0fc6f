"""The ways in which a person is reached, and in which a clinician comes in, with their number keys."""

from console.views.widgets import Choice

CONTACTS = (
    Choice("live", "Live on the line", "1"),
    Choice("conference", "Conference", "2"),
    Choice("call-back-1", "Call-back 1", "3"),
    Choice("call-back-2", "Call-back 2", "4"),
    Choice("call-back-3", "Call-back 3", "5"),
    Choice("officer", "Through an officer", "6"),
    Choice("no-answer", "No answer", "9", quiet=True),
    Choice("ended", "Line ended", "0", quiet=True),
)
WAYS = (
    Choice("transferred", "Transferred", "1"),
    Choice("conference", "Conference", "2"),
    Choice("listening", "Listening", "3"),
    Choice("call-back", "Call-back", "4"),
    Choice("officer", "Officer by phone or radio", "5"),
    Choice("text", "Text", "6"),
    Choice("from-board", "From the board", "9", quiet=True),
)
BY_PHONE = tuple(choice for choice in WAYS if choice.value != "from-board")
"""The ways in to an encounter that has no call yet."""
WAYS_IN = {choice.value: choice.label for choice in WAYS}
"""What people read for a way in."""
