"""The form of a draft, with what changed and what is missing below it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from core.domain.revision import Problem
from core.domain.writing_hints import Hint
from core.taxonomies import load_axes
from reviewer_app import theme
from reviewer_app.pages.author.checklist import Checklist
from reviewer_app.pages.author.draft_form import DraftForm
from reviewer_app.pages.author.reason_line import ReasonLine


class FormColumn(QWidget):
    """Leads from what is missing to its field."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form = DraftForm(load_axes(), self)
        self.reason = ReasonLine(self)
        self.checklist = Checklist(self)
        self._marks_problems = False
        self._problems: tuple[Problem, ...] = ()
        self._hints: tuple[Hint, ...] = ()
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self.form)
        self.setMinimumWidth(theme.space(90))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._scroll, 1)
        column.addLayout(self._below_the_form(self.reason))
        column.addWidget(self.checklist)

    def _below_the_form(self, field: QWidget) -> QHBoxLayout:
        """Return a row as wide as the fields above it, which end before their scroll bar."""
        bar = self._scroll.verticalScrollBar()
        bar.ensurePolished()
        row = QHBoxLayout()
        row.setContentsMargins(
            0, theme.space(2), theme.space(3) + bar.sizeHint().width(), theme.space(2)
        )
        row.addWidget(field)
        return row

    def begin(self) -> None:
        """Start at the top of another question, without blame."""
        self._marks_problems = False
        self._scroll.verticalScrollBar().setValue(0)

    def take_findings(self, problems: tuple[Problem, ...], hints: tuple[Hint, ...]) -> None:
        """Keep what was found; the fields tell of problems only after `mark_problems`."""
        self._problems, self._hints = problems, hints
        self.form.show_hints(hints)
        if self._marks_problems:
            self.form.show_problems(problems)

    def list_findings(self, *, is_finished: bool) -> None:
        """List what is missing, and the hints that no field shows."""
        elsewhere = [hint for hint in self._hints if not self.form.shows_hints_of(hint.field)]
        self.checklist.show_findings(self._problems, elsewhere, is_finished=is_finished)

    def mark_problems(self) -> str | None:
        """Mark the fields with problems from now on; return the first of them."""
        self._marks_problems = True
        self.form.show_problems(self._problems)
        return self._problems[0].field if self._problems else None

    def focus_field(self, field: str) -> None:
        """Show a field and put the cursor into it."""
        widget = self.form.focus_field(field)
        if widget is not None:
            self._scroll.ensureWidgetVisible(widget, 0, theme.space(6))
