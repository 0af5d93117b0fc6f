"""What stands below the questions of an assessment and does not scroll: its score, the gravest rule, and signing."""

from collections.abc import Sequence

from PySide6.QtWidgets import QApplication, QVBoxLayout

from console.views.theme import Type, current, watch
from console.views.widgets import ElidedText, Tone
from console.views.workspace.assess_head import TIGHT_UNDER
from console.views.workspace.assess_sign import SignPanel
from console.views.workspace.form_results import AlertCard, ScoreLine
from console.views.workspace.form_view import FormView
from console.views.workspace.section import Edge, Section
from console.views.workspace.strip import Strip
from console.views.workspace.work import Work


class AssessFoot(Edge):
    """The score as it stands, the last result before it, the gravest rule that is met; the panel that signs, and the
    line that asks why something is amended."""

    def __init__(self, section: Section, work: Work) -> None:
        super().__init__(section)
        self.setAccessibleName("Result")
        self._low = False
        self._shown: object = None
        self._asked: FormView | None = None  # what the panel asks to sign
        self.scores = ScoreLine()
        self.before = ElidedText(role=Type.SMALL, tone=Tone.MUTED)
        self._alert: AlertCard | None = None
        self.sign = SignPanel()
        self.strip = Strip(work)
        self._column = QVBoxLayout(self)
        self._alerts = QVBoxLayout()
        for part in (self.scores, self.before):
            self._column.addWidget(part)
        self._column.addLayout(self._alerts)
        self._column.addWidget(self.sign)
        self._column.addWidget(self.strip)
        watch(self._restyle)

    def set_low(self, low: bool) -> None:
        """Say whether there is little height."""
        self._low = self.sign.low = low
        self._restyle()

    def rest(self) -> None:
        """Another page is shown: nothing is asked any more."""
        self.sign.hide()
        self.strip.dismiss()

    def ask_to_sign(self, view: FormView, who: str, *, amends: bool, unsaved: str) -> None:
        """Ask whether a form is signed as it stands, in as many lines as there is room for."""
        self._asked = view
        self.sign.tight = self._tight
        self.sign.ask_about(view, who, amends=amends, unsaved=unsaved)

    @property
    def _tight(self) -> bool:
        place = self.parentWidget()
        return self._low or (place is not None and place.height() < current().px(TIGHT_UNDER))

    def show_form(self, view: FormView | None, before: Sequence[str], *, amends: bool = False) -> None:
        """Show the results of the form that is answered; without one nothing. ``amends``: what was signed."""
        if view is not self._asked:
            self._asked = view
            self._sign_nothing()
        lead = "{} of {} answered".format(*view.count) if view is not None and self._low else ""
        if lead and amends:
            lead = f"AMENDING · {lead}"
        self.scores.show_scores(view.scores if view is not None else (), one_line=self._low, lead=lead)
        alerts = view.alerts if view is not None else ()
        if not self.sign.isHidden() or (self._low and alerts):
            self.scores.hide()  # the panel says them; where one line has to do, it is the rule's
        self.before.setText(before[0] if before else "")
        self.before.setVisible(bool(before) and not self._tight and self.sign.isHidden())
        self._show_alert(alerts)

    def _sign_nothing(self) -> None:
        """The panel is about a form that is not shown any more: it would sign another one."""
        focus = QApplication.focusWidget()
        if focus is not None and self.sign.isAncestorOf(focus):
            self.sign.leave()
        else:
            self.sign.hide()

    def _show_alert(self, alerts: Sequence[tuple[str, str]]) -> None:
        """The gravest rule that is met stays in view, so that nothing moves while one answers."""
        asks = not self.sign.isHidden()
        if asks and self._low:
            alerts = ()  # what one signs must be read; the rule stands at the section of the form, and comes back
        one_line = self._tight
        if (tuple(alerts), one_line) == self._shown:
            return
        self._shown = tuple(alerts), one_line
        if self._alert is not None:
            self._alerts.removeWidget(self._alert)
            self._alert.hide()
            self._alert.deleteLater()
            self._alert = None
        if alerts:
            severity, text = alerts[0]
            more = f"{len(alerts) - 1} more below the questions." if len(alerts) > 1 else ""
            self._alert = AlertCard(severity, text, more, one_line=one_line)
            self._alerts.addWidget(self._alert)

    @property
    def alert(self) -> AlertCard | None:
        """The gravest rule that is met."""
        return self._alert

    def _restyle(self) -> None:
        space = current().space
        edge = space.xs if self._low else space.s
        self._column.setContentsMargins(space.l, edge, space.l, edge)
        self._column.setSpacing(space.xs)
        self.setMaximumWidth(current().px(Section.WIDEST))
