"""Facts: entered once, with who told them; the sheet, the advice and the note are made of them."""

from collections.abc import Iterator
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, QTimer

from console.actions import calls, drafts, encounters, lengths
from console.errors import KnownError, TryAgain
from console.handoff.fields import FIELDS
from console.handoff.fields import Section as SheetSection
from console.models.call_state import Fact
from console.models.clinical_fields import CLINICAL_FIELDS
from console.models.encounter import ClinicalFact
from console.queries.workspace import Workspace as Page
from console.views.theme import Type
from console.views.widgets import Text, Tone
from console.views.workspace.fact_row import FactRow, source_model
from console.views.workspace.section import Section
from console.views.workspace.typing_box import DRAFT_MS
from console.views.workspace.work import Work

_OWN_WORDS = (
    SheetSection.DO,
    SheetSection.DO_NOT,
    SheetSection.RECOMMENDED,
    SheetSection.ASKED,
    SheetSection.NOT_KNOWN,
)


class FactsSection(Section):
    """What responders need to know, in the order to ask; below it, for clinicians, what stays with the provider."""

    CODE, TITLE = "facts", "Facts"
    HAS_PRIMARY = False

    def __init__(self, work: Work) -> None:
        super().__init__(work)
        self.rows: dict[str, FactRow] = {}
        self.clinical: dict[str, FactRow] = {}
        self._call: UUID | None = None
        self._encounter: UUID | None = None
        self._sources = source_model(self)
        self._drafts = QTimer(self)
        self._drafts.setObjectName("draft-facts")
        self._drafts.setSingleShot(True)
        self._drafts.setInterval(DRAFT_MS)
        self._drafts.timeout.connect(self._keep_drafts)
        self._drafted: set[str] = set()
        self._stating: dict[str, str] = {}
        self._bind = Text(
            "Facts for responders belong to a call: bind this encounter first.", tone=Tone.WARN, wrap=True
        )
        self.body.addWidget(self._bind)

    def pieces(self) -> Iterator[None]:
        work, group = self.work, ""
        for field in FIELDS:
            if field.row != group:
                self.heading(field.row)
                group = field.row
            row = FactRow(
                field.id,
                field.name,
                field.label,
                field.prompt,
                field.suggestions,
                sources=self._sources,
                source="clinician" if field.section in _OWN_WORDS and work.clinician else "caller",
                longest=field.longest,
                lines=field.lines,
            )
            row.stated.connect(self._state)
            row.typed.connect(self._typed)
            row.settled.connect(self._settled)
            self.rows[field.id] = row
            self.body.addWidget(row)
            yield
        if work.clinical:
            yield from self._clinical_pieces()
        self.body.addStretch(1)

    def _clinical_pieces(self) -> Iterator[None]:
        self._no_encounter = Text("Start an encounter (F4) to write these down.", Type.SMALL, Tone.MUTED, wrap=True)
        self.heading("The person · provider's record, not on the police sheet")
        self.body.addWidget(self._no_encounter)
        for field in CLINICAL_FIELDS:
            row = FactRow(
                field.id,
                field.label,
                field.label,
                field.prompt,
                field.suggestions,
                sources=self._sources,
                source="person",
                longest=lengths.FACT,
            )
            row.stated.connect(self._state_clinical)
            row.typed.connect(self._typed)
            row.settled.connect(self._settled)
            self.clinical[field.id] = row
            self.body.addWidget(row)
            yield

    def open_page(self, page: Page) -> None:
        # Words on the last page's rows are stated for that page before the rows turn to this one.
        self.flush()
        super().open_page(page)

    def opened(self, page: Page) -> None:
        self._drafts.stop()
        self._drafted.clear()
        self._call = page.call
        self._encounter = page.clinical.encounter if page.clinical else None
        for row in self._all():
            row.clear()
            found = page.drafts.get(self._draft(row))
            if found is not None:
                self._drafted.add(found.name)
                row.resume(found.text, f"resumed draft {self.work.clock(found.saved_at)}: Ctrl+Enter states it")

    def flush(self) -> None:
        for row in self._all():
            row.commit()

    def _all(self) -> tuple[FactRow, ...]:
        return (*self.rows.values(), *self.clinical.values())

    def _draft(self, row: FactRow) -> str:
        """The name of the row's draft: the field, of this call or this encounter."""
        return f"fact.{row.field}:{self._call if row.field in self.rows else self._encounter}"

    def _keep_drafts(self) -> None:
        """Keep what is being typed; a fact is stated only when the typing rests."""
        seat = self.work.seat
        for row in self._all():
            name, subject = self._draft(row), self._call if row.field in self.rows else self._encounter
            # What is on its way is no draft any more: kept as one, it would come after the fact and outlive it.
            if row.pending and self._stating.get(name) != row.edit.text().strip():
                self._drafted.add(name)
                job = partial(drafts.keep, seat.desk, seat.sign_in, name, row.edit.text(), subject)
                self.work.saver.keep(name, job)

    def show_page(self, page: Page) -> None:
        self._call = page.call
        self._encounter = page.clinical.encounter if page.clinical else None
        self._bind.setVisible(page.call is None)
        facts = page.state.facts if page.state else {}
        for field, row in self.rows.items():
            self._show(row, facts.get(field), page.call is not None)
        known = page.clinical.state.facts if page.clinical else {}
        for field, row in self.clinical.items():
            self._show(row, known.get(field), self.work.encounter is not None)
        if self.work.clinical:
            self._no_encounter.setVisible(self.work.encounter is None)

    def _show(self, row: FactRow, fact: Fact | ClinicalFact | None, possible: bool) -> None:
        row.setEnabled(possible)
        if fact is None:
            row.show_fact("", "", "")
        else:
            told = f"{self.work.name(fact.by)} {self.work.clock(fact.at)}"
            row.show_fact(fact.value, fact.source, told)

    def start(self) -> None:
        """Go to the first fact that nobody knows."""
        for row in self.rows.values():
            if row.isEnabled() and not row.edit.text():
                (row.chips or row.edit).setFocus(Qt.FocusReason.ShortcutFocusReason)
                return
        super().start()

    def _typed(self, field: str) -> None:
        self.work.saver.typed(self._draft(self._row(field)))
        if not self._drafts.isActive():
            self._drafts.start()

    def _settled(self, field: str) -> None:
        """What stands in the row is what was stated: its draft goes."""
        name = self._draft(self._row(field))
        self.work.saver.unchanged(name)
        self._drop_draft(name)

    def _row(self, field: str) -> FactRow:
        return self.rows.get(field) or self.clinical[field]

    def _drop_draft(self, name: str) -> None:
        seat = self.work.seat
        if name in self._drafted:
            self._drafted.discard(name)
            self.work.saver.keep(name, partial(drafts.keep, seat.desk, seat.sign_in, name, ""))

    def _state(self, field: str, value: str, source: str) -> None:
        if self._call is None:
            return
        self._keep(calls.state_fact, self._call, self.rows[field], value, source)

    def _state_clinical(self, field: str, value: str, source: str) -> None:
        if self._encounter is None:
            return
        self._keep(encounters.state_fact, self._encounter, self.clinical[field], value, source)

    def _keep(self, verb: object, subject: UUID, row: FactRow, value: str, source: str) -> None:
        seat = self.work.seat
        assert callable(verb)
        job = partial(verb, seat.desk, seat.sign_in, subject, row.field, value, source)
        name = self._draft(row)
        self._stating[name] = value
        done = partial(self._stated, row, value, name, name in self._drafted)
        self.work.saver.keep(name, job, done, partial(self._not_kept, row, name, self.work.turn))

    def _stated(self, row: FactRow, value: str, name: str, drafted: bool, _result: object) -> None:
        """The fact is in the record: only now its draft goes, the one thing a crash would have left, unless it grew."""
        self._stating.pop(name, None)
        if drafted and (name != self._draft(row) or row.edit.text().strip() == value):
            self._drafted.add(name)
            self._drop_draft(name)

    def _not_kept(self, row: FactRow, name: str, turn: int, error: KnownError) -> None:
        if not isinstance(error, TryAgain):  # else the saver states it as soon as it can
            self._stating.pop(name, None)
        if turn == self.work.turn:
            row.refuse(error.message)
        else:
            self.work.said.emit(error.message)
