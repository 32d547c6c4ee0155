"""Labels of plain text that wrap, and the box that says why something was refused."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from reviewer_app import theme


def words_label(parent: QWidget, role: str = "", text: str = "") -> QLabel:
    """Return a label that wraps and shows its text as it is, marks of HTML included."""
    label = QLabel(text, parent)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        theme.set_role(label, role)
    return label


def make_selectable(label: QLabel) -> None:
    """Let what a label says be copied, by mouse or keyboard."""
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )


class ProblemBox(QFrame):
    """A refusal in place, hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "error")
        self._sentence = words_label(self)
        picture = QLabel(self)
        picture.setPixmap(theme.icon("mdi6.close-octagon-outline", "error").pixmap(20, 20))
        row = QHBoxLayout(self)
        row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._sentence, 1)
        self.hide()

    def say(self, sentence: str) -> None:
        """Say what is wrong; an empty sentence hides the box."""
        self._sentence.setText(sentence)
        self.setVisible(bool(sentence))

    def text(self) -> str:
        """Return what is said."""
        return self._sentence.text()
