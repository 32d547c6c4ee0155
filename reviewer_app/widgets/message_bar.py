"""Messages in place: icon, word, sentence and what to do next; never a modal box."""

from typing import Final

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from reviewer_app import theme
from reviewer_app.messages import Message, Severity

_SHOWN_MS: Final = 8000
_LOOKS: Final = {
    Severity.DONE: ("done", "mdi6.check-circle-outline", "agreed"),
    Severity.NOTE: ("note", "mdi6.information-outline", "note"),
    Severity.WARNING: ("warning", "mdi6.alert-outline", "conflict"),
    Severity.ERROR: ("error", "mdi6.close-octagon-outline", "error"),
}


class MessageBar(QFrame):
    """Shows the newest message; good news leaves by itself, bad news waits to be dismissed."""

    def __init__(self, parent: QWidget | None = None, *, shown_ms: int = _SHOWN_MS) -> None:
        super().__init__(parent)
        self._shown_ms = shown_ms
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self._icon = QLabel(self)
        self._icon.setFixedSize(theme.ICON_PX, theme.ICON_PX)
        self._word = QLabel(self)
        theme.set_role(self._word, "strong")
        self._text = QLabel(self)
        self._text.setWordWrap(True)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._close = QToolButton(self)
        self._close.setIcon(theme.icon("mdi6.close"))
        self._close.setAccessibleName(self.tr("Dismiss the message"))
        self._close.setToolTip(self.tr("Dismiss the message (Ctrl+Shift+D)"))
        self._close.clicked.connect(self.dismiss)
        self.setProperty("floating", True)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.space(3), theme.space(4), theme.space(2), theme.space(2))
        row.setSpacing(theme.space(2))
        row.addWidget(self._icon)
        row.addWidget(self._word)
        row.addWidget(self._text, 1)
        row.addWidget(self._close)
        self.hide()

    @Slot(object)
    def show_message(self, message: Message) -> None:
        """Show a message in place of the one before."""
        role, icon_name, ink = _LOOKS[message.severity]
        theme.set_role(self, role)
        self._icon.setPixmap(theme.icon(icon_name, ink).pixmap(theme.ICON_PX, theme.ICON_PX))
        self._word.setText(self._word_for(message.severity))
        text = f"{message.sentence} {message.hint}".strip()
        self._text.setText(text)
        self.setAccessibleName(f"{self._word.text()}: {text}")
        self.show()
        if message.severity in (Severity.DONE, Severity.NOTE):
            self._timer.start(self._shown_ms)
        else:
            self._timer.stop()

    @Slot()
    def dismiss(self) -> None:
        """Take the message away."""
        self._timer.stop()
        self.hide()

    def text(self) -> str:
        """Return word and sentences as shown."""
        return f"{self._word.text()}: {self._text.text()}"

    def _word_for(self, severity: Severity) -> str:
        return {
            Severity.DONE: self.tr("Done"),
            Severity.NOTE: self.tr("Note"),
            Severity.WARNING: self.tr("Warning"),
            Severity.ERROR: self.tr("Error"),
        }[severity]
