"""Grading: one answer of the sample beside its reference, graded point by point."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core.domain.ids import AnswerId
from core.domain.plain import Plain
from reviewer_app import theme
from reviewer_app.context import AppContext
from reviewer_app.pages.judge.point_list import PointList
from reviewer_app.pages.judge.presenter import JudgePresenter
from reviewer_app.widgets.empty_state import EmptyState
from reviewer_app.widgets.images.panel import ImagePanel
from reviewer_app.widgets.keys import SUBMIT_KEYS, add_button_keys

if TYPE_CHECKING:
    from core.services.judging.records import GradingTask

GRADING: Final = "judge.grading"
_SIZES_PX: Final = (400, 400, 360)


class GradeTab(QWidget):
    """For physicians; nothing on it tells who or what gave the answer."""

    def __init__(
        self, context: AppContext, presenter: JudgePresenter, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._opener = context.workspace.images.open
        self.presenter = presenter
        self._place = 0
        self._shown: GradingTask | None = None
        self._entered: dict[tuple[str, str], Plain] = {}
        self.images = ImagePanel(self)
        for key in ("B", "G"):  # the answer before, the next one
            self.images.rest_key(key)
        self.progress = self._label("caption")
        self.context_text = self._label("reading")
        self.stem = self._label("reading", bold=True)
        self.reference = self._label("reading")
        self.answer = self._label("reading")
        self.points = PointList(self)
        self.comment = QLineEdit(self)
        self.comment.setAccessibleName(self.tr("Remark"))
        self.comment.setPlaceholderText(self.tr("Remark, if there is one"))
        self.save_button = QPushButton(self.tr("Save and go on (Enter)"), self)
        self.save_button.setToolTip(self.tr("Enter, once every point is decided"))
        theme.set_kind(self.save_button, "primary")
        add_button_keys(self.save_button, *SUBMIT_KEYS)
        self.back_button = self._quiet(self.tr("Previous (B)"), "B")
        self.next_button = self._quiet(self.tr("Next (G)"), "G")
        self.empty = EmptyState(
            "mdi6.clipboard-check-outline",
            self.tr("No answers wait for grading"),
            self.tr(
                "A lead draws a sample of answers. You grade them without knowing who gave them,"
                " so that a judge can be held against you."
            ),
            parent=self,
        )
        self._lay_out()
        self.points.changed.connect(self._update_save)
        self.points.completed.connect(self._on_completed)
        self.save_button.clicked.connect(self._on_save)
        self.back_button.clicked.connect(lambda: self._go(-1))
        self.next_button.clicked.connect(lambda: self._go(1))
        presenter.tasks_changed.connect(self._on_tasks_changed)

    def unsent(self) -> dict[tuple[str, str], Plain]:
        """Return gradings that are not saved."""
        self._note_entered()
        return dict(self._entered)

    def take_unsent(self, unsent: Mapping[tuple[str, str], Plain]) -> None:
        """Take what was entered before the last end."""
        self._entered = {key: content for key, content in unsent.items() if key[0] == GRADING}

    def forget(self) -> None:
        """Drop everything: another person may sit here now."""
        self._entered.clear()
        self._shown = None
        self._place = 0

    def focus_points(self) -> None:
        """Put the focus where the keys decide."""
        self.points.focus_open()

    @Slot()
    def _on_tasks_changed(self) -> None:
        tasks = self.presenter.tasks
        self._stack.setCurrentWidget(self._desk if tasks else self.empty)
        if not tasks:
            self._note_entered()
            self._shown = None
            return
        places = {task.answer: place for place, task in enumerate(tasks)}
        if self._shown is not None and self._shown.answer in places:
            self._place = places[self._shown.answer]
            if tasks[self._place] == self._shown:
                self._update_progress()
                return
        else:
            self._place = self._first_open() or 0
        self._show()

    @Slot()
    def _on_completed(self) -> None:
        self.save_button.setFocus()

    @Slot()
    def _on_save(self) -> None:
        task = self._shown
        met = [one for one in self.points.met() if one is not None]
        if task is None or not self.points.is_complete():
            return
        comment = self.comment.text()
        self._shown = None
        if not self.presenter.grade(task.answer, met, comment):
            self._shown = task
            return
        self._entered.pop((GRADING, task.answer), None)
        following = self._first_open()
        if following is None:
            self._context.messages.done(self.tr("Every answer of the sample is graded."))
        self._place = self._place if following is None else following
        self._show()
        self.focus_points()

    def _go(self, step: int) -> None:
        place = self._place + step
        if 0 <= place < len(self.presenter.tasks):
            self._note_entered()
            self._place = place
            self._show()
            self.focus_points()

    def _first_open(self) -> int | None:
        tasks = self.presenter.tasks
        places = [*range(self._place, len(tasks)), *range(min(self._place, len(tasks)))]
        return next((one for one in places if tasks[one].met is None), None)

    def _show(self) -> None:
        task = self._shown = self.presenter.tasks[self._place]
        self.context_text.setText(task.body.context)
        self.context_text.setVisible(bool(task.body.context.strip()))
        self.stem.setText(task.body.stem)
        self.reference.setText("\n".join((task.reference, *task.variants)))
        self.answer.setText(task.text)
        body = task.body
        self.images.show_body(body.images, self._opener, body.layout, body.links)
        self.images.setVisible(bool(task.body.images))
        entered = self._entered.get((GRADING, task.answer))
        met = task.met or () if entered is None else tuple(entered["met"])
        self.comment.setText(task.comment if entered is None else str(entered["comment"]))
        self.points.show_points(task.rubric.points, met)
        self._scroll.verticalScrollBar().setValue(0)
        self._update_progress()
        self._update_save()

    def _update_progress(self) -> None:
        tasks = self.presenter.tasks
        done = len(tasks) - self.presenter.open_count()
        text = self.tr("Answer %1 of %2 · %3 graded")
        for place, number in enumerate((self._place + 1, len(tasks), done), start=1):
            text = text.replace(f"%{place}", str(number))
        self.progress.setText(text)
        self.back_button.setEnabled(self._place > 0)
        self.next_button.setEnabled(self._place + 1 < len(tasks))

    def _update_save(self) -> None:
        self.save_button.setEnabled(self.points.is_complete() and self.presenter.can_write)

    def _note_entered(self) -> None:
        task = self._shown
        if task is None:
            return
        met, comment = self.points.met(), self.comment.text()
        if (met, comment) in ((task.met, task.comment), ((None,) * len(met), "")):
            self._entered.pop((GRADING, task.answer), None)
        else:
            self._entered[GRADING, AnswerId(task.answer)] = {"met": list(met), "comment": comment}

    def _label(self, role: str, *, bold: bool = False) -> QLabel:
        label = QLabel(self)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        theme.set_role(label, role)
        if bold:
            label.setStyleSheet("font-weight: 600;")
        return label

    def _quiet(self, text: str, key: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(self.tr("Key %1").replace("%1", key))
        theme.set_kind(button, "quiet")
        add_button_keys(button, key)
        return button

    def _lay_out(self) -> None:
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.setChildrenCollapsible(False)
        for part, stretch in ((self.images, 4), (self._reading(), 5), (self._grading(), 4)):
            splitter.addWidget(part)
            splitter.setStretchFactor(splitter.count() - 1, stretch)
        splitter.setSizes(list(_SIZES_PX))
        self._desk = QWidget(self)
        desk = QVBoxLayout(self._desk)
        desk.setContentsMargins(0, 0, 0, 0)
        desk.addWidget(splitter, 1)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._desk)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, theme.space(3), 0, 0)
        layout.addWidget(self._stack)

    def _reading(self) -> QWidget:
        inner = QWidget(self)
        inner.setProperty("role", "scrolled")
        column = QVBoxLayout(inner)
        column.setContentsMargins(theme.space(3), 0, theme.space(3), 0)
        column.setSpacing(theme.space(3))
        column.addWidget(self.context_text)
        column.addWidget(self.stem)
        for caption, label in (
            (self.tr("Reference"), self.reference),
            (self.tr("Answer to grade"), self.answer),
        ):
            column.addWidget(self._card(caption, label))
        column.addStretch(1)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setAccessibleName(self.tr("Question, reference and answer"))
        self._scroll.setWidget(inner)
        self._scroll.setMinimumWidth(theme.space(75))
        return self._scroll

    def _card(self, caption: str, label: QLabel) -> QFrame:
        card = QFrame(self)
        theme.set_role(card, "card")
        title = QLabel(caption, card)
        theme.set_role(title, "caption")
        column = QVBoxLayout(card)
        column.setSpacing(theme.space(1))
        column.addWidget(title)
        column.addWidget(label)
        return card

    def _grading(self) -> QWidget:
        inner = QWidget(self)
        inner.setMinimumWidth(theme.space(85))
        heading = QLabel(self.tr("Is it true of the answer?"), inner)
        theme.set_role(heading, "heading")
        column = QVBoxLayout(inner)
        column.setContentsMargins(theme.space(3), 0, 0, 0)
        column.setSpacing(theme.space(3))
        column.addWidget(self.progress)
        column.addWidget(heading)
        column.addWidget(self.points)
        column.addWidget(self.comment)
        buttons = QHBoxLayout()
        buttons.addWidget(self.back_button)
        buttons.addWidget(self.next_button)
        buttons.addStretch(1)
        column.addWidget(self.save_button)
        column.addLayout(buttons)
        column.addStretch(1)
        return inner
