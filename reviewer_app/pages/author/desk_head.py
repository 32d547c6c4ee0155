"""The line above a draft: which question it is, whether it is saved, undo, finish."""

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from core.domain.body import AnswerFormat
from core.domain.question import Question
from reviewer_app import theme
from reviewer_app.pages.author.draft_desk import DraftDesk
from reviewer_app.widgets.status import StageChip
from reviewer_app.wording import format_icon, format_name


class DeskHead(QWidget):
    """Number, stage and format of a question; how its saving goes; what can be done with it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.drafts_button = self._tool("mdi6.dock-left", self.tr("My drafts"), "Ctrl+D")
        self.drafts_button.setCheckable(True)
        self.title = QLabel(self)
        theme.set_role(self.title, "title")
        self.chip = StageChip(parent=self)
        self.format_box = QComboBox(self)
        self.format_box.setAccessibleName(self.tr("Answer format"))
        self.format_box.setToolTip(self.tr("How the question is answered; what fits is kept"))
        for one in AnswerFormat:
            self.format_box.addItem(theme.icon(format_icon(one)), format_name(one), one)
        self.format_box.setMinimumWidth(theme.space(24))  # a name is cut before a button is
        self.saved = QLabel(self)
        self.undo_button = self._tool("mdi6.undo", self.tr("Undo"), "Ctrl+Z")
        self.redo_button = self._tool("mdi6.redo", self.tr("Redo"), "Ctrl+Shift+Z")
        self.finish_button = QPushButton(self.tr("Finish draft (Ctrl+Enter)"), self)
        theme.set_kind(self.finish_button, "primary")
        self.finish_button.setToolTip(
            self.tr("Make it a revision that can be blinded (Ctrl+Enter)")
        )
        self._lay_out()

    def show_question(self, question: Question, *, is_editable: bool) -> None:
        """Tell which question is on the desk."""
        self.title.setText(self.tr("Question %1").replace("%1", str(question.number)))
        self.chip.show_stage(question.stage)
        self.format_box.setEnabled(is_editable)

    def show_format(self, answer_format: AnswerFormat) -> None:
        """Tell how the question is answered."""
        self.format_box.setCurrentIndex(self.format_box.findData(answer_format))

    def chosen_format(self) -> AnswerFormat:
        """Return the format in the box."""
        return AnswerFormat(self.format_box.currentData())

    def show_undo(self, desk: DraftDesk) -> None:
        """Offer undo and redo where there is something to take back."""
        self.undo_button.setEnabled(desk.can_undo)
        self.redo_button.setEnabled(desk.can_redo)

    def show_saving(self, desk: DraftDesk) -> None:
        """Tell truthfully whether everything is on disk."""
        if desk.has_failed:
            theme.set_role(self.saved, "alarm")
            self.saved.setText(self.tr("Not saved yet; trying again"))
        else:
            theme.set_role(self.saved, "hint")
            self.saved.setText(self.tr("Saving…") if desk.is_dirty else "")

    def _tool(self, icon_name: str, text: str, keys: str) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(theme.icon(icon_name, "text"))
        button.setAccessibleName(text)
        button.setToolTip(f"{text} ({keys})")
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, theme.space(4), 0)
        row.setSpacing(theme.space(2))
        for leading in (self.drafts_button, self.title, self.chip, self.format_box):
            row.addWidget(leading)
        row.addStretch(1)
        for trailing in (self.saved, self.undo_button, self.redo_button, self.finish_button):
            row.addWidget(trailing)
