"""Places where a test makes the process die, as a power cut would: nothing is flushed, nothing is said.

``REGIONAL_SERVER_FAILPOINT=after-commit-before-reply:3`` ends the process at the third time it comes there.
"""

import os

VARIABLE = "REGIONAL_SERVER_FAILPOINT"
_place, _, _times = os.environ.get(VARIABLE, "").partition(":")
_left = int(_times or 1)


def failpoint(place: str) -> None:
    """Here ``place`` is passed; the process ends if that is what was asked for."""
    global _left
    if place == _place:
        _left -= 1
        if _left == 0:
            os._exit(86)
