"""What a test does to the process: it dies at a place as in a power cut, nothing said; its clock is wrong.

``REGIONAL_SERVER_FAILPOINT=after-commit-before-reply:3`` ends the process at the third time it comes there.
``REGIONAL_SERVER_CLOCK_OFF=-86400`` sets its clock a day back.
"""

import os

VARIABLE = "REGIONAL_SERVER_FAILPOINT"
CLOCK_OFF = int(os.environ.get("REGIONAL_SERVER_CLOCK_OFF", "0"))
"""Seconds by which the clock is wrong."""
_place, _, _times = os.environ.get(VARIABLE, "").partition(":")
_left = int(_times or 1)


def failpoint(place: str) -> None:
    """Here ``place`` is passed; the process ends if that is what was asked for."""
    global _left
    if place == _place:
        _left -= 1
        if _left == 0:
            os._exit(86)
