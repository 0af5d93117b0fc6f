"""How long what people type may be, in characters: one limit for each kind of words. Screens count against them too.

What dispatch reads over the radio is short; a clinician's own note may be long. Nothing is ever cut: who types more is
told how many characters there are and how many fit, and the words stay where they were typed.
"""

REASON = 400
"""Why something was done: released, taken over, withdrawn, reopened, not eligible, not confirmed, overridden."""
LEVEL_REASON = 240
"""The reason of a level: a line or two that dispatch reads."""
FLAG = 500
"""What is said of a flag."""
ADVICE = 500
"""Advice in words, passed on to units by radio."""
MESSAGE = 1000
"""One line of the thread."""
DISPOSITION = 2000
"""What is said of a disposition."""
OUTCOME = 1000
"""What came of it on scene, in words."""
NOTE = 4000
"""One line of the note pad."""
SERVICE_NOTE = 1000
"""What the center knows of a service."""
FACT = 600
"""A clinical fact. Those for responders have a limit each, by the room on the sheet."""
WHO = 120
"""A person or a unit: who says so, who is with the person, who read the sheet back."""
PERMISSION = 300
"""Where the document that permits an instrument is found."""
FINDINGS = 100
"""Findings about a form that are kept with it."""
DESK, CALLBACK = 40, 40
"""Where a desk is, and the number to call back, of which a sheet prints no more."""
NUMBER, TYPE, PLACE = 40, 120, 200
"""A call entered by hand: its number, what it is about, where it is."""
ENTERED = 1000
"""What is said of a call entered by hand."""
