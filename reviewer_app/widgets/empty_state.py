"""An empty page says what it is for and offers the first step."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from reviewer_app import theme


class EmptyState(QWidget):
    """Icon, title, one or two sentences and, where there is one, the first step as a button."""

    def __init__(
        self,
        icon_name: str,
        title: str,
        sentence: str,
        *,
        action: str = "",
        on_action: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setSpacing(theme.space(3))
        column.addStretch(2)
        picture = QLabel(self)
        picture.setPixmap(theme.icon(icon_name).pixmap(48, 48))
        column.addWidget(picture, 0, Qt.AlignmentFlag.AlignHCenter)
        self.title = QLabel(title, self)
        theme.set_role(self.title, "heading")
        column.addWidget(self.title, 0, Qt.AlignmentFlag.AlignHCenter)
        self.sentence = QLabel(sentence, self)
        self.sentence.setWordWrap(True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.sentence.setFixedWidth(theme.space(100))
        # In a row of its own: a column would ask for its height at the whole width and cut it.
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.sentence)
        row.addStretch(1)
        column.addLayout(row)
        self.button = QPushButton(action, self)
        theme.set_kind(self.button, "primary")
        self.button.setVisible(bool(action))
        if on_action is not None:
            self.button.clicked.connect(lambda: on_action())
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def say(self, title: str, sentence: str) -> None:
        """Change what the page says."""
        self.title.setText(title)
        self.sentence.setText(sentence)
