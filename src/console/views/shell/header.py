"""The bar on top: what program, which center, drill or not, who is signed in, what time it is."""

from datetime import datetime, tzinfo

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from console.models.sign_in import SignIn
from console.views.theme import Icon, Type, current, watch
from console.views.widgets import ActionButton, ElidedText, Look, Text, Tone, Watermark

_ROOM_FOR_PRODUCT, _ROOM_FOR_CENTER = 1000, 820


class Header(QFrame):
    """Who, where and when.

    Signals: ``phone_first`` (the phone rang before CAD had the call), ``strip_requested``, ``sign_out_requested``.
    """

    phone_first = Signal()
    strip_requested = Signal()
    sign_out_requested = Signal()

    def __init__(self, center: str, zone: tzinfo, *, drill: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zone = zone
        self._product = Text("Clinician Console", Type.STRONG)
        self._center = ElidedText(center, tone=Tone.MUTED)
        self._drill = Watermark()
        self._who = Text("", tone=Tone.MUTED)
        self._name = self._roles = ""
        self._clock = Text("", Type.CLOCK)
        self._phone = ActionButton(
            "Phone first", key="F12", icon=Icon.PHONE, name="Start an encounter before CAD has the call"
        )
        self._strip = ActionButton("Strip", look=Look.QUIET, name="Open the strip that stays on top of other windows")
        self._leave = ActionButton("Sign out", look=Look.QUIET)
        self._strip.clicked.connect(self.strip_requested)
        self._phone.clicked.connect(self.phone_first)
        self._leave.clicked.connect(self.sign_out_requested)
        row = QHBoxLayout(self)
        row.addWidget(self._product)
        row.addWidget(self._center, 100)
        row.addStretch(1)  # takes the room where the center has gone, so that the others stand together at the right
        for widget in (self._phone, self._drill, self._who, self._strip, self._leave, self._clock):
            row.addWidget(widget)
        self._drill.setVisible(drill)
        watch(self._restyle)

    def show_person(self, who: SignIn, *, clinical: bool = True) -> None:
        """Who is signed in, and as what; ``clinical`` where this desk may hold a clinical record."""
        roles = ", ".join(sorted(role.value.replace("-", " ") for role in who.roles))
        self._name, self._roles = who.display_name, roles
        self._fit()
        self._phone.setVisible(clinical and who.may("encounter.started"))
        self._strip.setVisible(who.may("call.advice-acknowledged"))

    @property
    def offers_strip(self) -> bool:
        """Whether this person can sit at the strip."""
        return not self._strip.isHidden()

    def show_time(self, now: datetime) -> None:
        """The time in the center's zone."""
        self._clock.setText(f"{now.astimezone(self._zone):%H:%M:%S}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """What matters least goes first where there is little room: the program's name, then the center's."""
        room = self.width() / current().px(1)
        self._product.setVisible(room >= _ROOM_FOR_PRODUCT)
        self._center.setVisible(room >= _ROOM_FOR_CENTER)
        self._who.setText(f"{self._name} · {self._roles}" if room >= _ROOM_FOR_PRODUCT else self._name)

    def _restyle(self) -> None:
        theme = current()
        self._fit()
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(theme.space.l, theme.space.s, theme.space.l, theme.space.s)
            layout.setSpacing(theme.space.m)
        palette = self.palette()
        palette.setColor(self.backgroundRole(), theme.tokens.surface)
        self.setPalette(palette)
        self.setAutoFillBackground(True)
