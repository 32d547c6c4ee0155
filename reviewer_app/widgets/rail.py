"""The rail at the left edge: one button per page with the number that waits."""

from functools import partial

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QVBoxLayout, QWidget

from reviewer_app import theme

_WIDTH_PX = 88
_ICON_PX = 24
_PRESS_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
_STEPS = {int(Qt.Key.Key_Down): 1, int(Qt.Key.Key_Up): -1}


def break_caption(text: str, metrics: QFontMetrics, width_px: int) -> list[str]:
    """Return the caption in at most two lines, broken between words; the second is cut."""
    words = text.split()
    count = len(words)
    while count > 1 and metrics.horizontalAdvance(" ".join(words[:count])) > width_px:
        count -= 1
    lines = [" ".join(words[:count]), " ".join(words[count:])]
    return [
        line
        if metrics.horizontalAdvance(line) <= width_px
        else metrics.elidedText(line, Qt.TextElideMode.ElideRight, width_px)
        for line in lines
        if line
    ]


class RailButton(QAbstractButton):
    """Icon, caption and a badge with the number that waits here.

    Signals: `step_requested(int)`, an arrow asks for the button below (1) or above (-1).
    """

    step_requested = Signal(int)

    def __init__(self, title: str, icon_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self._waiting = 0
        self._is_hovered = False
        self.setText(title)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._name_accessibly()

    def set_waiting(self, count: int) -> None:
        """Show how many things wait; 0 hides the badge."""
        self._waiting = count
        self._name_accessibly()
        self.update()

    @property
    def waiting(self) -> int:
        """The number on the badge."""
        return self._waiting

    def caption_px(self) -> int:
        """Return the width of the longest word of the caption, with room at both sides."""
        metrics = QFontMetrics(theme.scaled_font("small", bold=True))
        words = self.text().split() or [""]
        return max(map(metrics.horizontalAdvance, words)) + theme.space(4)

    def lines(self) -> list[str]:
        """Return the caption as it is drawn."""
        metrics = QFontMetrics(theme.scaled_font("small", bold=self.isChecked()))
        return break_caption(self.text(), metrics, self.width() - theme.space(2))

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH_PX, self.minimumSizeHint().height() + theme.space(2))

    def minimumSizeHint(self) -> QSize:
        caption = len(self.lines()) * self.fontMetrics().height()
        return QSize(_WIDTH_PX, _ICON_PX + caption + theme.space(3))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._is_hovered = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._is_hovered = False
        self.update()
        super().leaveEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keep the keys that press this button from the shortcuts of the page in front."""
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in (*_PRESS_KEYS, *_STEPS)
            and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _STEPS:
            self.step_requested.emit(_STEPS[event.key()])
            return
        if event.key() in _PRESS_KEYS:
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        strong = self.isChecked() or self._is_hovered
        ink = "text" if strong else "text_muted"
        lines = self.lines()
        line = self.fontMetrics().height()
        top = (self.height() - _ICON_PX - len(lines) * line - theme.space(1)) // 2
        spot = QRect((self.width() - _ICON_PX) // 2, top, _ICON_PX, _ICON_PX)
        theme.icon(self._icon_name, "accent" if self.isChecked() else ink).paint(painter, spot)
        painter.setFont(theme.scaled_font("small", bold=self.isChecked()))
        painter.setPen(theme.color(ink))
        for place, text in enumerate(lines):
            row = spot.bottom() + theme.space(1) + place * line
            caption = QRect(0, row, self.width(), line)
            painter.drawText(caption, Qt.AlignmentFlag.AlignCenter, text)
        if self._waiting:
            self._paint_badge(painter, spot)

    def _paint_ground(self, painter: QPainter) -> None:
        if self.isChecked() or self._is_hovered:
            ground = "raised" if self.isChecked() else "hover"
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(ground))
            painter.drawRoundedRect(self.rect().adjusted(6, 2, -6, -2), 8, 8)
        if self.isChecked():
            is_mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
            left = self.width() - 3 if is_mirrored else 0
            painter.fillRect(QRect(left, 10, 3, self.height() - 20), theme.color("accent"))
        if self.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(6, 2, -6, -2), 8, 8)

    def _paint_badge(self, painter: QPainter, spot: QRect) -> None:
        font = theme.scaled_font("small", bold=True)
        font.setPointSizeF(font.pointSizeF() * 0.9)
        painter.setFont(font)
        text = str(self._waiting) if self._waiting < 1000 else "999+"
        height = painter.fontMetrics().height()
        width = max(height, painter.fontMetrics().horizontalAdvance(text) + theme.space(2))
        badge = QRect(spot.right() - 4, spot.top() - 5, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent_fill"))
        painter.drawRoundedRect(badge, height / 2, height / 2)
        painter.setPen(theme.color("on_accent"))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, text)

    def _name_accessibly(self) -> None:
        waiting = self.tr("%n waiting", "", self._waiting) if self._waiting else ""
        self.setAccessibleName(f"{self.text()}, {waiting}" if waiting else self.text())


class Rail(QFrame):
    """All pages above, person and settings below.

    Signals: `page_requested(str)`, `person_requested()`, `settings_requested()`.
    """

    page_requested = Signal(str)
    person_requested = Signal()
    settings_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_ready = False
        theme.set_role(self, "rail")
        self.setAccessibleName(self.tr("Pages"))
        self._buttons: dict[str, RailButton] = {}
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.space(2), 0, theme.space(2))
        column.setSpacing(0)
        self._pages = QVBoxLayout()
        self._pages.setSpacing(0)
        column.addLayout(self._pages)
        column.addStretch(1)
        self.person_button = RailButton(self.tr("Nobody"), "mdi6.account-circle-outline", self)
        self.person_button.clicked.connect(self.person_requested)
        self.settings_button = RailButton(self.tr("Settings"), "mdi6.cog-outline", self)
        self.settings_button.clicked.connect(self.settings_requested)
        for button in (self.person_button, self.settings_button):
            column.addWidget(button)
            button.step_requested.connect(partial(self._step, button))
        self._is_ready = True
        self._fit()

    def add_page(self, name: str, title: str, icon_name: str, tooltip: str) -> RailButton:
        """Add a page's button below the others."""
        button = RailButton(title, icon_name, self)
        button.setCheckable(True)
        button.setToolTip(tooltip)
        button.clicked.connect(lambda: self.page_requested.emit(name))
        button.step_requested.connect(partial(self._step, button))
        self._group.addButton(button)
        self._buttons[name] = button
        self._pages.addWidget(button)
        self._fit()
        return button

    def clear_pages(self) -> None:
        """Remove all pages' buttons."""
        for button in self._buttons.values():
            self._group.removeButton(button)
            self._pages.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons.clear()

    def set_waiting(self, name: str, count: int) -> None:
        """Show what waits on a page, where it is on the rail."""
        if name in self._buttons:
            self._buttons[name].set_waiting(count)

    def button(self, name: str) -> RailButton:
        """Return a page's button."""
        return self._buttons[name]

    def mark_current(self, name: str) -> None:
        """Show which page is in front; an unknown name means none."""
        self._group.setExclusive(False)
        for one, button in self._buttons.items():
            button.setChecked(one == name)
        self._group.setExclusive(True)
        for one, button in self._buttons.items():
            # Tab stops once at the pages, on the one in front; arrows reach the others.
            is_stop = one == name or name not in self._buttons
            policy = Qt.FocusPolicy.StrongFocus if is_stop else Qt.FocusPolicy.ClickFocus
            button.setFocusPolicy(policy)

    def set_person(self, name: str) -> None:
        """Show who sits here."""
        self.person_button.setText(name)
        self.person_button.setToolTip(
            self.tr("%1 works here now; click to change").replace("%1", name)
        )
        self.person_button.set_waiting(0)
        self.person_button.updateGeometry()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        is_look = event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange)
        if is_look and self._is_ready:
            self._fit()

    def _fit(self) -> None:
        """Be as wide as the longest caption of a page, at any text size."""
        buttons = (*self._buttons.values(), self.settings_button)
        width = max(_WIDTH_PX, *(button.caption_px() for button in buttons))
        self.setFixedWidth(width + 1)

    def _step(self, button: RailButton, step: int) -> None:
        buttons = (*self._buttons.values(), self.person_button, self.settings_button)
        place = min(max(buttons.index(button) + step, 0), len(buttons) - 1)
        buttons[place].setFocus(Qt.FocusReason.TabFocusReason)
