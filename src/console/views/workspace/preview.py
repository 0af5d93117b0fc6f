"""The sheet as it will look, drawn from memory."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.handoff.preview import Page as Picture
from console.views.theme import Type, current

PREVIEW_DPI = 110


class SheetPreview(QWidget):
    """One page, as wide as there is room; its height follows the paper's."""

    def __init__(self) -> None:
        super().__init__()
        self._image: QImage | None = None
        self._stands = False
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName("Preview of the sheet: being made")

    @property
    def image(self) -> QImage | None:
        """The page as it is shown; None until it was made."""
        return self._image

    def show_picture(self, picture: Picture, words: str) -> None:
        """Show a page; ``words`` is what it says, for who cannot see it."""
        image = QImage(picture.rgba, picture.width, picture.height, picture.width * 4, QImage.Format.Format_RGBA8888)
        self._image = image.copy()  # the bytes belong to the picture
        self.setAccessibleName("Preview of the sheet")
        self.setAccessibleDescription(words)
        self._fit()
        self.update()

    def clear(self) -> None:
        self._image = None
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        ratio = self._image.height() / self._image.width() if self._image else 11 / 8.5
        return round(min(width, current().px(760)) * ratio)

    def sizeHint(self) -> QSize:
        return QSize(current().px(420), self.heightForWidth(current().px(420)))

    def minimumSizeHint(self) -> QSize:
        return QSize(current().px(200), self.heightForWidth(max(self.width(), current().px(200))))

    def _fit(self) -> None:
        self.setFixedHeight(self.heightForWidth(self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        width = min(self.width(), theme.px(760))
        paper = QRectF(0, 0, width, self.height())
        if self._image is None:
            painter.fillRect(paper, theme.tokens.raised)
            painter.setPen(theme.tokens.muted)
            painter.setFont(theme.font(Type.BODY))
            painter.drawText(paper, Qt.AlignmentFlag.AlignCenter, "Making the preview…")
        else:
            painter.fillRect(paper, QColor("white"))
            ratio = self.devicePixelRatioF()
            sized = self._image.scaled(
                (paper.size() * ratio).toSize(),
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            painter.drawImage(paper, sized)
        painter.end()
