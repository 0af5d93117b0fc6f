"""A line beside what was done."""

from console.views.theme import Type
from console.views.widgets.access import announce
from console.views.widgets.text import Text, Tone


class Notice(Text):
    """A calm line beside what was done: what was refused and what to do. Empty, it takes no room."""

    def __init__(self) -> None:
        super().__init__("", Type.BODY, Tone.WARN, wrap=True)
        self.hide()

    def say(self, words: str, tone: Tone = Tone.WARN) -> None:
        """Show ``words`` and read them out; with none, go away."""
        self.set_tone(tone)
        self.setText(words)
        self.setAccessibleName(words)
        self.setVisible(bool(words))
        if words:
            announce(self, words)
