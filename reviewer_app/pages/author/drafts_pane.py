"""My drafts, at the left of the Author page, and the button for a new one."""

from functools import partial

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListView,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from core.domain.body import AnswerFormat
from core.domain.question import QuestionSummary
from reviewer_app import theme
from reviewer_app.models.drafts import DraftsListModel
from reviewer_app.widgets.buttons import make_button
from reviewer_app.wording import format_icon, format_name, format_purpose


class DraftsPane(QWidget):
    """Lists drafts and offers the formats of a new one.

    Signals: `draft_chosen(question id)`; `new_requested(AnswerFormat)`.
    """

    draft_chosen = Signal(str)
    new_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        letters = 28 * self.fontMetrics().averageCharWidth()
        self.setFixedWidth(max(theme.space(54), letters))
        self.model = DraftsListModel(self)
        self.list = QListView(self)
        self.new_menu = self._make_new_menu()
        self.new_button = make_button(
            self.tr("New"), self, icon="mdi6.plus", tip=self.tr("New question (Ctrl+N)")
        )
        self.new_button.setMenu(self.new_menu)
        self._lay_out()
        self.list.selectionModel().currentChanged.connect(self._on_current_changed)

    def show_lines(self, lines: list[QuestionSummary], current: str | None) -> None:
        """List other drafts, and mark the one on the desk."""
        with QSignalBlocker(self.list.selectionModel()):
            self.model.set_lines(lines)
            self._mark(current)

    def mark(self, current: str | None) -> None:
        """Mark the question on the desk, where it is one of the drafts."""
        with QSignalBlocker(self.list.selectionModel()):
            self._mark(current)

    def _mark(self, current: str | None) -> None:
        row = None if current is None else self.model.row_of(current)
        self.list.setCurrentIndex(QModelIndex() if row is None else self.model.index(row))

    def _make_new_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for one in AnswerFormat:
            action = menu.addAction(theme.icon(format_icon(one)), format_name(one))
            action.setToolTip(format_purpose(one))
            action.triggered.connect(partial(self.new_requested.emit, one))
        return menu

    def _lay_out(self) -> None:
        title = QLabel(self.tr("My drafts"), self)
        theme.set_role(title, "heading")
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(self.new_button)
        self.list.setModel(self.model)
        self.list.setAccessibleName(self.tr("My drafts"))
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, theme.space(3))
        column.setSpacing(theme.space(3))
        column.addLayout(head)
        column.addWidget(self.list, 1)

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self.draft_chosen.emit(self.model.line_at(current.row()).id)
