"""States at a glance: chips that differ in shape and word as well as color, and "Saved"."""

from datetime import datetime
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from core.domain.stage import Stage
from reviewer_app import theme

_CHIP_ICON_PX: Final = 14

STAGE_LOOKS: Final[dict[Stage, tuple[str, str]]] = {
    Stage.DRAFT: ("mdi6.pencil-outline", "text_muted"),
    Stage.BLINDED: ("mdi6.eye-off-outline", "blinded"),
    Stage.IN_VERIFICATION: ("mdi6.progress-clock", "waiting"),
    Stage.VERIFIED: ("mdi6.check-decagram", "agreed"),
    Stage.REJECTED: ("mdi6.close-octagon-outline", "error"),
    Stage.RETIRED: ("mdi6.archive-outline", "text_muted"),
    Stage.IN_BIN: ("mdi6.delete-outline", "text_muted"),
}
"""Icon and color of each stage; the word comes from `Stage.display_name`."""


def paint_chip(painter: QPainter, rect: QRect, text: str, icon_name: str, ink: str) -> None:
    """Draw a chip at the leading edge of `rect`, in the middle of its height."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(theme.scaled_font("small"))
    size = chip_size(text, painter.fontMetrics())
    is_mirrored = QApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft
    left = rect.right() - size.width() if is_mirrored else rect.left()
    width = min(size.width(), rect.width())
    chip = QRect(left, rect.center().y() - size.height() // 2 + 1, width, size.height())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("raised" if ink == "text_muted" else f"{ink}_soft"))
    painter.drawRoundedRect(chip, chip.height() / 2, chip.height() / 2)
    icon = QRect(0, 0, _CHIP_ICON_PX, _CHIP_ICON_PX)
    icon.moveCenter(chip.center())
    icon.moveLeft(chip.left() + theme.space(2))
    theme.icon(icon_name, ink).paint(painter, icon)
    painter.setPen(theme.color(ink))
    words = chip.adjusted(theme.space(3) + _CHIP_ICON_PX, 0, -theme.space(1), 0)
    elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, words.width())
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, elided)
    painter.restore()


def chip_size(text: str, metrics: QFontMetrics) -> QSize:
    """Return the room a chip takes."""
    width = metrics.horizontalAdvance(text) + _CHIP_ICON_PX + theme.space(6)
    return QSize(width, metrics.height() + theme.space(1))


class StatusChip(QWidget):
    """A word with its icon on a soft ground; inks: waiting, agreed, conflict, error, note…"""

    def __init__(self, text: str, icon_name: str, ink: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.show_state(text, icon_name, ink)

    def show_state(self, text: str, icon_name: str, ink: str) -> None:
        """Show another state."""
        self._text, self._icon_name, self._ink = text, icon_name, ink
        self.setAccessibleName(text)
        self.setFixedSize(self.sizeHint())
        self.update()

    def text(self) -> str:
        """Return the word."""
        return self._text

    def sizeHint(self) -> QSize:
        return chip_size(self._text, QFontMetrics(theme.scaled_font("small")))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.FontChange:
            self.setFixedSize(self.sizeHint())
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_chip(painter, self.rect(), self._text, self._icon_name, self._ink)


class StageChip(StatusChip):
    """The stage of a question."""

    def __init__(self, stage: Stage = Stage.DRAFT, parent: QWidget | None = None) -> None:
        super().__init__(stage.display_name, *STAGE_LOOKS[stage], parent)

    def show_stage(self, stage: Stage) -> None:
        """Show another stage."""
        self.show_state(stage.display_name, *STAGE_LOOKS[stage])


class StageDelegate(QStyledItemDelegate):
    """Draws a cell whose `UserRole` data is a `Stage` as a chip."""

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        option.text = ""  # the chip takes its place

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        super().paint(painter, option, index)
        held = index.data(Qt.ItemDataRole.UserRole)  # Qt hands a StrEnum back as plain text
        if held in list(Stage):
            stage = Stage(held)
            room = option.rect.adjusted(theme.space(2), 0, -theme.space(1), 0)
            paint_chip(painter, room, stage.display_name, *STAGE_LOOKS[stage])


class SavedLine(QWidget):
    """Says truthfully when the last change reached the disk, or loudly that it did not."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = QLabel(self)
        self._text = QLabel(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(1))
        row.addWidget(self._icon)
        row.addWidget(self._text)
        self.clear()

    def text(self) -> str:
        """Return the sentence as shown."""
        return self._text.text()

    def clear(self) -> None:
        """Say nothing: nothing was changed yet."""
        self._text.setText("")
        self._icon.clear()

    @Slot(object)
    def show_saved(self, at: datetime) -> None:
        """Say when it was saved."""
        self._show(self.tr("Saved %1").replace("%1", f"{at:%H:%M:%S}"), "mdi6.check", "text_muted")
        theme.set_role(self._text, "hint")

    @Slot(str)
    def show_failed(self, why: str) -> None:
        """Say that it is not saved, and why."""
        text = self.tr("Not saved: %1").replace("%1", why)
        self._show(text, "mdi6.alert-octagon", "error")
        theme.set_role(self._text, "alarm")

    def _show(self, text: str, icon_name: str, ink: str) -> None:
        self._icon.setPixmap(theme.icon(icon_name, ink).pixmap(16, 16))
        self._text.setText(text)
        self._text.setToolTip(text)
        self.setAccessibleName(text)
