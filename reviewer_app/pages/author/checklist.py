"""What is missing and what could be better, beside the form, quietly."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from core.domain.revision import Problem
from core.domain.writing_hints import Hint
from reviewer_app import theme
from reviewer_app.widgets.words import words_label

_MAX_HINTS = 4


class _Link(QPushButton):
    """A sentence that goes on below where it does not fit."""

    def __init__(self, sentence: str, parent: QWidget) -> None:
        super().__init__(sentence, parent)
        self._sentence = sentence
        self.setAccessibleName(sentence)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        theme.set_kind(self, "link")
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the sentence into lines."""
        super().resizeEvent(event)
        lines, metrics = [""], self.fontMetrics()
        for word in self._sentence.split(" "):
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and metrics.horizontalAdvance(longer) > event.size().width():
                lines.append(word)
            else:
                lines[-1] = longer
        if "\n".join(lines) != self.text():
            self.setText("\n".join(lines))


class Checklist(QFrame):
    """Lists problems as links to their fields, and hints.

    Signals: `field_requested(str)`; `blinding_requested()`, go on with a finished draft.
    """

    field_requested = Signal(str)
    blinding_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "bar")
        self.setAccessibleName(self.tr("What is missing"))
        self._shown: tuple[tuple[Problem, ...], tuple[Hint, ...], bool] | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, theme.space(2), theme.space(3), theme.space(2))
        self._column.setSpacing(theme.space(1))
        self._rows: list[QWidget] = []

    def show_findings(
        self, problems: Sequence[Problem], hints: Sequence[Hint], *, is_finished: bool = False
    ) -> None:
        """Show what was found; the same findings leave everything as it is."""
        found = (tuple(problems), tuple(hints), is_finished)
        if found == self._shown:
            return
        self._shown = found
        for row in self._rows:
            row.hide()
            row.deleteLater()
        self._rows = [self._problem_row(one) for one in problems]
        self._rows += [self._hint_row(one) for one in hints[:_MAX_HINTS]]
        if not problems:
            word = self._finished_link() if is_finished else self._ready_label()
            self._rows.insert(0, self._row("mdi6.check-circle-outline", "agreed", word))
        for row in self._rows:
            self._column.addWidget(row)

    def links(self) -> list[QPushButton]:
        """Return the links to the fields with problems."""
        return [link for row in self._rows for link in row.findChildren(QPushButton)]

    def _ready_label(self) -> QWidget:
        return words_label(self, "", self.tr("Nothing is missing; the draft can be finished."))

    def _finished_link(self) -> QWidget:
        link = _Link(self.tr("Finished; it waits on the Blind page."), self)
        link.setToolTip(self.tr("Go to the Blind page"))
        link.clicked.connect(self.blinding_requested)
        return link

    def _problem_row(self, problem: Problem) -> QWidget:
        link = _Link(problem.sentence, self)
        link.setToolTip(self.tr("Go to this field"))
        link.clicked.connect(lambda: self.field_requested.emit(problem.field))
        return self._row("mdi6.circle-outline", "waiting", link)

    def _hint_row(self, hint: Hint) -> QWidget:
        label = words_label(self, "hint", hint.sentence)
        return self._row("mdi6.lightbulb-on-outline", "text_muted", label)

    def _row(self, icon_name: str, ink: str, widget: QWidget) -> QWidget:
        row = QWidget(self)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.space(2))
        mark = QLabel(row)
        mark.setPixmap(theme.icon(icon_name, ink).pixmap(16, 16))
        line.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(widget, 1)
        return row
