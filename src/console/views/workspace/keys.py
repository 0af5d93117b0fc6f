"""The keys of the page: one table for the shortcuts and for the list of keys a person can call up."""

SECTIONS = (
    ("screen", "Screen"),
    ("facts", "Facts"),
    ("assess", "Assess"),
    ("level", "Level"),
    ("advise", "Advise"),
    ("services", "Services"),
    ("sheet", "Sheet"),
    ("dispose", "Dispose"),
    ("history", "History"),
)
"""Every section in the order of its jump key, Alt+1 first."""

CLAIM, ENCOUNTER, CONTACT, LINE = "F3", "F4", "F6", "F8"
OVERRIDE, END = "Ctrl+Shift+O", "Ctrl+Shift+E"
ADVISE, SHEET, SERVICE, DISPOSE, PRINT = "Ctrl+Shift+A", "Ctrl+Shift+S", "Ctrl+Shift+F", "Ctrl+Shift+D", "Ctrl+P"
NOTE, THREAD, CAD, BOARD = "Alt+N", "Alt+T", "Alt+0", "Alt+B"

WORKSPACE_KEYS: tuple[tuple[str, str], ...] = (
    ("Alt+1 … Alt+9", ", ".join(label for _, label in SECTIONS)),
    (CAD, "What CAD says (where the window is too narrow to show it beside)"),
    (NOTE, "Note pad: Enter enters the line, Shift+Enter begins a new one, Up goes to earlier lines to amend"),
    (THREAD, "Write to dispatch (operational record)"),
    (BOARD, "To the board, from anywhere in the call"),
    (CLAIM, "Claim the call"),
    (ENCOUNTER, "Start an encounter, or go on with the one that ended: clock and note pad"),
    (END, "End the encounter, where it is open after the call was disposed"),
    (CONTACT, "Record contact: live, conference, call-back, officer, no answer"),
    (LINE, "The line dropped, or is there again"),
    (OVERRIDE, "Act as supervisor on a colleague's call, with a reason (clinical supervisors)"),
    (ADVISE, "Advise dispatch"),
    (SHEET, "Responder sheet"),
    (PRINT, "Print a numbered copy of the sheet"),
    (SERVICE, "Find a service"),
    (DISPOSE, "Dispose the call"),
    ("Ctrl+Enter", "Do what the section is for: record, set the level, send the advice, dispose"),
    ("Ctrl+W", "Close the page; nothing is lost"),
    ("Esc", "Leave a line of its own (reason, contact) or a field"),
)
"""What each key does, for the list of keys."""

ASSESSMENT_KEYS: tuple[tuple[str, str], ...] = (
    ("1 … 6, 7, 8, 9", "Answer the question in focus; 7 refused, 8 not asked, 9 unable; with Ctrl also while typing"),
    ("Ctrl+PgUp, Ctrl+PgDn", "The section of the form before, or the next one"),
    ("Alt+PgUp, Alt+PgDn", "Another open assessment, or the list of forms"),
)
"""The same for an assessment in the page."""


def hint(key: str) -> str:
    """A key as its chip shows it: ``Ctrl ⇧ A``."""
    return key.replace("Shift", "⇧").replace("+", " ")
