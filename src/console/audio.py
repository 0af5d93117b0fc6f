"""Through what a person can hear this computer."""

import sys
from pathlib import Path


def audible_backends() -> tuple[str, ...]:
    """The backends of miniaudio that can be heard. ALSA, which complains on stderr, only where a card exists."""
    if sys.platform == "win32":
        return ("WASAPI", "DSOUND", "WINMM")
    if sys.platform == "darwin":
        return ("COREAUDIO",)
    cards = Path("/proc/asound/cards")
    has_card = cards.exists() and "[" in cards.read_text(encoding="utf-8", errors="replace")
    return ("PULSEAUDIO", "ALSA") if has_card else ("PULSEAUDIO",)
