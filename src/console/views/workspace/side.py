"""What stands beside the work: what CAD says and what changed, the levels, and the thread with dispatch."""

from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from console.actions import calls, lengths
from console.errors import KnownError
from console.models.call import CallPictured, Level
from console.models.call_state import CallState
from console.queries.workspace import Workspace as Page
from console.views.theme import Type, current, watch
from console.views.widgets import ActionButton, Look, Notice, SectionHeader, Text, Tone
from console.views.widgets.ages import age, rough_text
from console.views.widgets.painting import LEVEL_WORDS
from console.views.workspace import keys
from console.views.workspace.section import Ground, scrolled
from console.views.workspace.timed_lines import TimedLine, TimedLines
from console.views.workspace.typing_box import WordsBox
from console.views.workspace.work import Work

CAD_LINES = 40
"""How many of CAD's newest lines stand beside the work; the history has all of them."""
_FIELDS = {
    "type_text": "type",
    "priority": "CAD priority",
    "place": "place",
    "caller": "caller",
    "callback": "call-back number",
    "disposition": "CAD disposition",
}
SHAPES = {Level.CRITICAL: "▲", Level.HIGH: "◆", Level.MEDIUM: "●", Level.LOW: "■"}


def level_words(level: Level) -> str:
    """``▲ CRITICAL``: shape and word, never color alone."""
    return f"{SHAPES.get(level, '–')} {LEVEL_WORDS[level]}"


def change_words(field: str, before: str, after: str) -> str:
    """What CAD changed, as one line."""
    return f"{_FIELDS.get(field, field)}: {before or '(none)'} → {after or '(none)'}"


class CadPanel(QWidget):
    """CAD's facts with their freshness, what changed, the narrative, and the timeline of levels."""

    def __init__(self, work: Work) -> None:
        super().__init__()
        self.work = work
        self._header = SectionHeader("CAD")
        self._stale = Text(role=Type.SMALL, tone=Tone.WARN, wrap=True)
        self._stale.hide()
        self.earlier = ActionButton("Earlier contacts", key="Alt 9", look=Look.QUIET)
        self.earlier.clicked.connect(partial(work.go.emit, "history"))
        self.said = TimedLines("CAD, newest first", nothing="CAD has no narrative yet.")
        self._earlier = Text(role=Type.CAPTION, tone=Tone.MUTED, wrap=True)
        self._facts_header = SectionHeader("The call")
        self.facts = TimedLines("CAD facts", width=56)
        self._level_header = SectionHeader("Level")
        self.levels = TimedLines("Levels", nothing="Not set by anyone yet.")
        self._column = QVBoxLayout(self)
        for widget in (
            self._header,
            self._stale,
            self.earlier,
            self.said,
            self._earlier,
            self._level_header,
            self.levels,
            self._facts_header,
            self.facts,
        ):
            self._column.addWidget(widget)
        self._column.addStretch(1)
        work.seat.ticker.tick.connect(self._tick)
        watch(self._restyle)

    def show_page(self, page: Page) -> None:
        """Show what CAD says."""
        state = page.state
        self.facts.show_lines(self._facts(page, state))
        count = page.earlier.count if page.earlier else 0
        self.earlier.set_words(f"Earlier: {count} possible", f"{count} possible earlier contacts: to the history")
        self.earlier.setVisible(count > 0)
        lines = self._said(state) if state else []
        self.said.show_lines(lines[:CAD_LINES])
        self._earlier.setText(f"{len(lines) - CAD_LINES} earlier lines: History (Alt+9)")
        self._earlier.setVisible(len(lines) > CAD_LINES)
        self.levels.show_lines(level_lines(self.work, state))
        self._tick()

    def _said(self, state: CallState) -> list[TimedLine]:
        """What CAD said and what it changed, the newest first: that is what has to be seen without scrolling."""
        clock = self.work.short_clock
        said = [(each.at, TimedLine(clock(each.at), each.line)) for each in state.narrative]
        said += [
            (each.at, TimedLine(clock(each.at), change_words(each.field, each.before, each.after), Tone.CHANGED))
            for each in state.changes
        ]
        return [line for _, line in sorted(said, key=_when)][::-1]

    def _facts(self, page: Page, state: CallState | None) -> list[TimedLine]:
        row = page.row
        if row is None or state is None:
            return [TimedLine("", "No call is bound to this encounter yet.", Tone.MUTED)]
        # Past the horizon there is no picture any more; the row says so in place of the type.
        picture = state.picture or CallPictured("", row.reported_at, "", row.type_text, row.reported_at)
        found = [TimedLine("Type", picture.type_text, Tone.CHANGED if row.type_before else Tone.TEXT)]
        if row.type_before:
            when = f" at {self.work.short_clock(row.type_changed_at)}" if row.type_changed_at else ""
            found[0] = TimedLine("Type", picture.type_text, Tone.CHANGED, f"was {row.type_before}{when}")
        rule = state.suggestion
        for name, value in (
            ("Place", picture.place),
            ("Caller", " ".join(part for part in (picture.caller, picture.callback) if part)),
            ("Units", row.units),
            ("Priority", picture.priority),
            ("Received", self.work.clock(row.reported_at)),
            ("Flag", " · ".join(part for part in (row.flag_reason, row.flag_words, row.flagged_by) if part)),
            ("Rule", f"{rule.rule}: {rule.why}" if rule and rule.dismissed_by is None else ""),
        ):
            if value:
                found.append(TimedLine(name, value))
        if state.closed_at is not None:
            why = f" ({picture.disposition})" if picture.disposition else ""
            found.append(TimedLine("Status", f"closed in CAD at {self.work.clock(state.closed_at)}{why}", Tone.WARN))
        return found

    def _tick(self) -> None:
        page = self.work.page
        if page is None:
            return
        if page.state is not None and page.state.entered:
            self._header.set_text("CAD · typed in by hand")
            self._stale.hide()
            return
        cad = self.work.seat.cad()
        passed = rough_text(age(cad.last_at, self.work.seat.ticker.now())) if cad.last_at else ""
        state = cad.state if cad.source or cad.state != "none" else "no source at this desk"
        self._header.set_text(" ".join(part for part in ("CAD ·", state, passed) if part))
        stale = cad.state in ("stale", "down")
        words = f"CAD is {cad.state}: what stands here is {passed or 'of unknown age'} old. {cad.says}".strip()
        if stale and self._stale.text() != words:
            self._stale.setText(words)
        self._stale.setVisible(stale)
        self.facts.setEnabled(not stale)
        self.said.setEnabled(not stale)

    def _restyle(self) -> None:
        space = current().space
        self._column.setContentsMargins(space.m, space.m, space.m, space.s)
        self._column.setSpacing(space.s)


def level_lines(work: Work, state: CallState | None) -> list[TimedLine]:
    """The timeline of the level, oldest first."""
    tones = {Level.CRITICAL: Tone.DANGER, Level.HIGH: Tone.WARN}
    return [
        TimedLine(
            work.short_clock(step.at),
            f"{level_words(step.level)} · {step.reason}",
            tones.get(step.level, Tone.TEXT),
            work.name(step.by) + (" · a rise" if step.rise else ""),
        )
        for step in (state.levels if state else ())
    ]


class Thread(Ground):
    """Messages and advice between dispatch and clinician, and the line to write in."""

    def __init__(self, work: Work) -> None:
        super().__init__("surface")
        self.work = work
        self._header = SectionHeader("Thread · operational record")
        self.lines = TimedLines("Thread with dispatch", nothing="Nothing said yet.")
        self._scroll: QScrollArea = scrolled(self.lines, "Thread with dispatch")
        self.box = WordsBox(
            work.seat,
            work.saver,
            "thread",
            "Message to dispatch, operational record",
            "To dispatch",
            limit=lengths.MESSAGE,
            note=f"{keys.hint(keys.THREAD)} · may become a public record: no clinical words",
            enter=True,
        )
        if not work.clinician:
            self.box.edit.setAccessibleName("Message to the clinician, operational record")
            self.box.edit.set_hint("To the clinician")
        self.box.entered.connect(self.send)
        self.notice = Notice()
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._header)
        self._column.addWidget(self._scroll, 1)
        self._column.addWidget(self.box)
        self._column.addWidget(self.notice)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        watch(self._restyle)

    def open_page(self, page: Page) -> None:
        self.notice.say("")
        self.box.bind(page.call, page, self.work.seat.desk.zone)

    def show_page(self, page: Page) -> None:
        """Show what was said; the newest stays in view unless somebody scrolled up."""
        self.box.setEnabled(page.call is not None)
        bar = self._scroll.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - 4
        before = self.lines.lines
        self.lines.show_lines(self._said(page))
        if at_end and self.lines.lines != before:
            self.lines.adjustSize()
            bar.setValue(bar.maximum())

    def _said(self, page: Page) -> list[TimedLine]:
        state = page.state
        if state is None:
            return []
        work, center = self.work, page.center
        said = [
            (each.at, TimedLine(work.short_clock(each.at), each.text, Tone.TEXT, work.name(each.by)))
            for each in state.thread
        ]
        for given in state.advice:
            send = ", ".join(center.label(center.send, code) for code in given.send)
            words = "Advise: " + ". ".join(part for part in (send, given.words) if part)
            if given.passed_at is not None:
                after, tone = f"passed to units {work.clock(given.passed_at)}", Tone.TEXT
            elif given.acknowledged_at is not None:
                after, tone = f"acknowledged {work.clock(given.acknowledged_at)}", Tone.TEXT
            else:
                after, tone = "not acknowledged yet", Tone.CHANGED
            line = TimedLine(work.short_clock(given.at), words, tone, f"{work.name(given.by)} · {after}")
            said.append((given.at, line))
        return [line for _, line in sorted(said, key=_when)]

    def start(self) -> None:
        self.box.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def send(self) -> None:
        """Say it to whoever is on the other side."""
        if self.work.call is None or not self.box.text().strip():
            return
        self.notice.say("")
        taken = self.box.take()
        self.work.act(
            calls.message,
            self.work.call,
            taken.text,
            entered=partial(self.box.settle, taken),
            not_entered=partial(self.box.give_back, taken),
            then=self._sent,
            refused=self._refused,
            again=True,
        )

    def _sent(self, result: object) -> None:
        """It is in the record: it comes with the next page."""

    def _refused(self, error: KnownError) -> None:
        self.notice.say(error.message)

    def _restyle(self) -> None:
        theme = current()
        self._column.setContentsMargins(theme.space.m, theme.space.s, theme.space.m, theme.space.s)
        self._column.setSpacing(theme.space.xs)
        self._scroll.setMinimumHeight(theme.px(48))


def _when(said: tuple[datetime, TimedLine]) -> datetime:
    return said[0]
