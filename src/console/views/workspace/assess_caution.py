"""What speaks against an instrument with this person: in the list to begin from, and over the one that is asked."""

from console.forms.library import Form
from console.queries.validity import cautions
from console.queries.workspace import Clinical
from console.views.theme import Type
from console.views.widgets import Text, Tone
from console.views.workspace.assess_begin import BeginList
from console.views.workspace.work import Work


class Caution(Text):
    """A line over the questions, hidden where nothing speaks against them. It stops nobody."""

    def __init__(self) -> None:
        super().__init__(role=Type.SMALL, tone=Tone.WARN, wrap=True)
        self.hide()

    def tell(self, work: Work, clinical: Clinical | None, listed: BeginList, asked: Form | None) -> None:
        """Say it as what is written down of the person has it now."""
        offered = [each.form for each in clinical.askable if each.form] if clinical else []
        today = work.seat.here().date()
        listed.show_cautions(cautions(offered, clinical.state, today) if clinical else {})
        here = cautions([asked], clinical.state, today) if clinical and asked else {}
        self.setText("".join(here.values()))
        self.setVisible(bool(here))
