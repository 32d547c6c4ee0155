"""The pane beside the table: one question, its history and what may be done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from core.domain.body import options_of
from core.domain.taxonomy import AXES
from reviewer_app import theme
from reviewer_app.pages.library.move_words import words_of
from reviewer_app.pages.library.moves import Move
from reviewer_app.pages.library.presenter import Detail
from reviewer_app.pages.library.remarks_section import RemarksSection
from reviewer_app.widgets.buttons import make_button
from reviewer_app.widgets.emptying import empty
from reviewer_app.widgets.flow import FlowLayout
from reviewer_app.widgets.reason_box import ReasonBox
from reviewer_app.widgets.revision_history import RevisionHistory, RevisionLine
from reviewer_app.widgets.status import StageChip, StatusChip
from reviewer_app.widgets.words import words_label
from reviewer_app.wording import axis_name, format_name, letter, moment

if TYPE_CHECKING:
    from core.domain.revision_diff import FieldDiff

THUMBNAIL_PX = 88


class DetailPane(QFrame):
    """Shows one question without its key.

    Signals: `page_requested(page, question_id)`, `move_confirmed(Move, reason)`,
    `restore_requested(revision_id)`.
    """

    page_requested = Signal(str, str)
    move_confirmed = Signal(object, str)
    restore_requested = Signal(str)

    def __init__(
        self,
        compare: Callable[[str, str], Sequence[FieldDiff]],
        name_of: Callable[[str], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._name_of = name_of
        theme.set_role(self, "panel")
        self.setAccessibleName(self.tr("The chosen question"))
        self.detail: Detail | None = None
        self._thumbnails: list[QLabel] = []
        self._pending = Move.RETURN
        self._empty = QLabel(self.tr("Choose a question to see it here."), self)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        theme.set_role(self._empty, "hint")
        self._title = QLabel(self)
        theme.set_role(self._title, "heading")
        self._chip = StageChip(parent=self)
        self._facts = _plain_label("hint", self)
        self._images = QHBoxLayout()
        self._context_text = _plain_label("muted", self)
        self._stem = _plain_label("reading", self)
        self._options = _plain_label("", self)
        self.remarks = RemarksSection(self)
        self._labels = QGridLayout()
        self._history = _plain_label("", self)
        self.revisions = RevisionHistory(compare, self)
        self._changed = StatusChip(
            self.tr("Changed since verified"), "mdi6.autorenew", "waiting", self
        )
        self._changed.setToolTip(
            self.tr("Its content was changed after a verification; it has to be verified anew")
        )
        self.revisions.restore_requested.connect(self.restore_requested)
        self.reason_box = ReasonBox(self)
        self.reason_box.confirmed.connect(self._on_reason_confirmed)
        self.buttons = self._make_buttons()
        self._lay_out()
        self.show_detail(None)

    def show_detail(self, detail: Detail | None) -> None:
        """Show a question, or none."""
        is_other = (
            detail is None or self.detail is None or detail.summary.id != self.detail.summary.id
        )
        self.detail = detail
        self._empty.setVisible(detail is None)
        self._scroll.setVisible(detail is not None)
        self._footer.setVisible(detail is not None)
        if is_other:
            self.reason_box.hide()
            self.show_thumbnails([])
        if detail is None:
            return
        line = detail.summary
        self._title.setText(self.tr("Question %1").replace("%1", str(line.number)))
        self._chip.show_stage(line.stage)
        self._facts.setText(f"{format_name(line.format)}  ·  {detail.author}")
        self._context_text.setText(detail.body.context)
        self._context_text.setVisible(bool(detail.body.context.strip()))
        self._stem.setText(detail.body.stem or self.tr("(no question written yet)"))
        lines = [
            f"{letter(index)}   {option.text}"
            for index, option in enumerate(options_of(detail.body.asked))
        ]
        self._options.setText("\n".join(lines))
        self._options.setVisible(bool(lines))
        self.remarks.show_remarks(detail.remarks, can_return=Move.RETURN.value in detail.steps)
        self._show_labels(detail)
        self._changed.setVisible(line.needs_reverification)
        self._history.setText("\n".join(self._history_lines(detail)))
        self._show_revisions(detail)
        for name, button in self.buttons.items():
            button.setVisible(name in detail.steps)

    def show_thumbnails(self, pictures: list[bytes]) -> None:
        """Show small pictures of the question's images."""
        for label in self._thumbnails:
            label.hide()
            label.deleteLater()
        self._thumbnails = [self._make_thumbnail(picture) for picture in pictures]

    def _make_buttons(self) -> dict[str, QPushButton]:
        buttons = {
            "author": self._page_button("author", self.tr("Open in Author"), "mdi6.pencil-outline"),
            "blind": self._page_button("blind", self.tr("Open in Blind"), "mdi6.eye-off-outline"),
            "verify": self._page_button(
                "verify", self.tr("Open in Verify"), "mdi6.check-decagram-outline"
            ),
        }
        return buttons | {move.value: self._move_button(move) for move in Move}

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._empty, 1)
        outer.addWidget(self._make_scroll(), 1)
        outer.addWidget(self._make_footer())

    def _make_scroll(self) -> QScrollArea:
        inner = QWidget()
        theme.set_role(inner, "scrolled")
        column = QVBoxLayout(inner)
        column.setContentsMargins(*(theme.space(4),) * 4)
        column.setSpacing(theme.space(3))
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._chip)
        column.addLayout(head)
        column.addWidget(self._changed)
        column.addWidget(self._facts)
        self._images.setAlignment(Qt.AlignmentFlag.AlignLeft)
        column.addLayout(self._images)
        for widget in (self._context_text, self._stem, self._options, self.remarks):
            column.addWidget(widget)
        column.addWidget(_caption(self.tr("Labels"), self))
        self._labels.setHorizontalSpacing(theme.space(4))
        self._labels.setColumnStretch(1, 1)
        column.addLayout(self._labels)
        column.addWidget(_caption(self.tr("History"), self))
        column.addWidget(self._history)
        self._revisions_caption = _caption(self.tr("Revisions"), self)
        column.addWidget(self._revisions_caption)
        column.addWidget(self.revisions)
        column.addStretch(1)
        self._scroll = QScrollArea(self)
        self._scroll.setAccessibleName(self.tr("The chosen question"))
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(inner)
        return self._scroll

    def _make_footer(self) -> QFrame:
        self._footer = QFrame(self)
        theme.set_role(self._footer, "bar")
        foot = QVBoxLayout(self._footer)
        foot.setContentsMargins(*(theme.space(3),) * 4)
        foot.setSpacing(theme.space(2))
        foot.addWidget(self.reason_box)
        steps = ("author", "blind", "verify")
        for names in (steps, tuple(Move)):
            row = FlowLayout()
            row.setSpacing(theme.space(2))
            for name in names:
                row.addWidget(self.buttons[name])
            foot.addLayout(row)
        return self._footer

    def _page_button(self, page: str, text: str, icon_name: str) -> QPushButton:
        button = make_button(text, self, icon=icon_name, tip=text)
        button.clicked.connect(lambda: self._request_page(page))
        return button

    def _move_button(self, move: Move) -> QPushButton:
        words = words_of(move)
        button = make_button(words.button, self, icon=words.icon, kind="quiet", tip=words.tip)
        button.clicked.connect(lambda: self.ask(move))
        return button

    def _request_page(self, page: str) -> None:
        if self.detail is not None:
            self.page_requested.emit(page, self.detail.summary.id)

    def ask(self, move: Move) -> None:
        """Ask for the reason of a move, or make it where none is needed."""
        if self.detail is None or move.value not in self.detail.steps:
            return
        words = words_of(move)
        self._pending = move
        if not words.question:
            self.move_confirmed.emit(move, "")
            return
        self.reason_box.ask(
            words.question,
            words.confirm,
            hint=words.hint,
            is_dangerous=move is not Move.RETURN,
            is_optional=not move.takes_reason,
            about=self.detail.summary.id,
        )

    def _on_reason_confirmed(self, reason: str) -> None:
        self.move_confirmed.emit(self._pending, reason)

    def _show_labels(self, detail: Detail) -> None:
        empty(self._labels)
        row = 0
        for axis in AXES:
            values = sorted(one.value for one in detail.summary.labels if one.axis == axis)
            if values:
                self._labels.addWidget(_plain_label("hint", self, axis_name(axis)), row, 0)
                self._labels.addWidget(_plain_label("", self, ", ".join(values)), row, 1)
                row += 1

    def _show_revisions(self, detail: Detail) -> None:
        lines = [
            RevisionLine(one.id, one.number, self._name_of(one.author), one.created_at, one.reason)
            for one in reversed(detail.revisions)
        ]
        for widget in (self.revisions, self._revisions_caption):
            widget.setVisible(len(lines) > 1)
        if len(lines) > 1:
            self.revisions.show_lines(lines, can_restore="author" in detail.steps)

    def _history_lines(self, detail: Detail) -> list[str]:
        events = [
            (
                revision.created_at,
                self.tr("revision %1").replace("%1", str(revision.number))
                + (f": {revision.reason}" if revision.reason else ""),
            )
            for revision in detail.revisions
        ]
        events += [
            (
                move.moved_at,
                f"{move.end.display_name.lower()}, {name}"
                + (f": “{move.reason}”" if move.reason else ""),
            )
            for move, name in detail.moves
        ]
        if not events:
            return [self.tr("Not finished yet.")]
        return [f"{moment(at)}  {text}" for at, text in sorted(events, key=lambda one: one[0])]

    def _make_thumbnail(self, picture: bytes) -> QLabel:
        pixmap = QPixmap()
        pixmap.loadFromData(QByteArray(picture))
        label = QLabel(self)
        label.setPixmap(pixmap)
        label.setAccessibleName(self.tr("Image"))
        label.setFixedSize(THUMBNAIL_PX, THUMBNAIL_PX)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label.setStyleSheet("background: #000000; border-radius: 4px;")
        if len(self._thumbnails) < 4:
            self._images.addWidget(label)
        return label


def _plain_label(role: str, parent: QWidget, text: str = "") -> QLabel:
    label = words_label(parent, role, text)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _caption(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    theme.set_role(label, "caption")
    return label
