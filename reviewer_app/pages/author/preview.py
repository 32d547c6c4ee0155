"""The question as its readers see it, while it is being written."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSplitter, QVBoxLayout, QWidget

from core.domain.body import BlindQuestion
from reviewer_app import theme
from reviewer_app.widgets.images.layout import in_view
from reviewer_app.widgets.images.panel import ImagePanel, Opener
from reviewer_app.widgets.question_card import QuestionCard


class Preview(QWidget):
    """Images beside the card that readers get; nothing answered here is kept."""

    def __init__(self, opener: Opener, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._opener = opener
        self.panel = ImagePanel(self)
        self.card = QuestionCard(self)
        self.card.take_panel(self.panel)
        note = QLabel(self.tr("As readers see it. Nothing you answer here is kept."), self)
        theme.set_role(note, "hint")
        holder = QWidget(self)
        inner = QVBoxLayout(holder)
        inner.setContentsMargins(theme.space(4), theme.space(3), theme.space(3), theme.space(3))
        inner.addWidget(self.card, 1)
        inner.addWidget(note)
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._splitter.addWidget(self.panel)
        self._splitter.addWidget(holder)
        self._splitter.setStretchFactor(0, 3)
        self._splitter.setStretchFactor(1, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._splitter)

    def show_question(self, blind: BlindQuestion) -> None:
        """Show a question anew where it changed."""
        before = self.card.blind
        if before == blind:
            return
        self.panel.setVisible(bool(blind.body.images))
        body = blind.body
        if before is None or in_view(before.body) != in_view(body):
            self.panel.show_body(body.images, self._opener, body.layout, body.links)
        self.card.show_question(blind)
