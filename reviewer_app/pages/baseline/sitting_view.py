"""One question of a sitting: image, answer, confidence, clock; no feedback."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, QTimer, Slot
from PySide6.QtGui import QHideEvent, QIcon, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from core.domain.body import Response
from core.domain.ids import SittingId
from core.domain.plain import Plain
from reviewer_app import theme
from reviewer_app.pages.baseline.attention import Attention
from reviewer_app.pages.baseline.clock import minutes_text
from reviewer_app.pages.baseline.confidence_scale import ConfidenceScale
from reviewer_app.pages.baseline.remark_bar import RemarkBar
from reviewer_app.undoing import add_undo_keys
from reviewer_app.widgets.buttons import show_icon
from reviewer_app.widgets.columns import centered
from reviewer_app.widgets.images.beside import BesideImages
from reviewer_app.widgets.images.panel import ImagePanel
from reviewer_app.widgets.keys import DOUBLE_PRESS_MS, SUBMIT_KEYS, add_button_keys, add_keys
from reviewer_app.widgets.question_card import QuestionCard

if TYPE_CHECKING:
    from reviewer_app.pages.baseline.sitting_presenter import SittingPresenter

ANSWER: Final = "baseline.answer"


class SittingView(QWidget):
    """Shows what the sitting presenter has on screen."""

    def __init__(self, presenter: SittingPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._is_asking_confidence = False
        self._attention = Attention(self, presenter.clock)
        self._beside = BesideImages(self, self._said)
        self._kept: dict[tuple[SittingId, int], Plain] = {}
        self.progress = QLabel(self)
        self.progress_bar = QProgressBar(self)
        self.progress_bar.setTextVisible(False)
        self.clock = QLabel(self)
        self.clock.setFont(theme.tabular_font())
        self.pause_button = QPushButton(self.tr("Pause (Ctrl+P)"), self)
        self.pause_button.setToolTip(self.tr("Ctrl+P; you go on exactly here"))
        add_button_keys(self.pause_button, "Ctrl+P")
        self.images = ImagePanel(self)
        self.card = QuestionCard(self)
        self.card.take_panel(self.images)
        self.remarks = RemarkBar(self)
        self.confidence = ConfidenceScale(self.tr("How sure are you?"), self)
        self._confidence_hint = QLabel(self)
        self._confidence_hint.setWordWrap(True)
        self.confidence_box = QFrame(self)
        self.cannot_button = QPushButton(self.tr("Cannot tell (Ctrl+T)"), self)
        self.cannot_button.setCheckable(True)
        self.cannot_button.setToolTip(self.tr("Ctrl+T, then Enter"))
        add_button_keys(self.cannot_button, "Ctrl+T")
        self.submit_button = QPushButton(self.tr("Submit (Enter)"), self)
        self.submit_button.setToolTip(self.tr("Enter; Ctrl+Enter from a report"))
        theme.set_kind(self.submit_button, "primary")
        add_button_keys(self.submit_button, *SUBMIT_KEYS)
        # A trembling Enter must not skip the confidence unseen.
        self.double_press = QTimer(self)
        self.double_press.setSingleShot(True)
        self.double_press.setInterval(DOUBLE_PRESS_MS)
        self._back_key = add_keys(self.confidence_box, ("Escape",), self._go_back_to_answer)
        add_undo_keys(self, self._undo, self._redo)
        self._arrange()
        self._connect()

    @Slot()
    def show_page(self) -> None:
        """Show the question on screen with an empty answer."""
        page = self._presenter.page
        if page is None:
            return
        self._is_asking_confidence = False
        # First, so that a comment which still has the cursor is never taken for one on this page.
        self.remarks.show_said(page.said)
        body = page.blind.body
        self.images.show_body(body.images, self._presenter.open_image, body.layout, body.links)
        self.images.setVisible(bool(page.blind.body.images))
        caption = self._position_text()
        self.card.show_question(page.blind, option_order=page.option_order, has_number=False)
        self.progress.setText(caption)
        self.progress_bar.setRange(0, page.total)
        self.progress_bar.setValue(page.position)
        self.progress_bar.setAccessibleName(caption)
        self.confidence.set_value(None)
        self.cannot_button.setChecked(False)
        kept = self._kept.pop((page.sitting, page.position), None)
        if kept is not None:
            self._show_kept(kept)
        self._update_steps()
        self.show_clock()
        self.card.focus_answer()

    def _undo(self) -> None:
        if not self._is_asking_confidence:
            self.card.undo()

    def _redo(self) -> None:
        if not self._is_asking_confidence:
            self.card.redo()

    def unsent(self) -> dict[tuple[str, str], Plain]:
        """Return what was entered for questions of sittings and not submitted."""
        self._keep()
        return {
            (ANSWER, f"{sitting}:{position}"): entered
            for (sitting, position), entered in self._kept.items()
        }

    def take_unsent(self, unsent: Mapping[tuple[str, str], Plain]) -> None:
        """Take what was entered before the last end."""
        for (place, record), content in unsent.items():
            sitting, _, position = record.partition(":")
            if place == ANSWER and position.isdecimal():
                self._kept[SittingId(sitting), int(position)] = content

    def _keep(self) -> None:
        page, widget = self._presenter.page, self.card.answer_widget
        if page is None or widget is None:
            return
        entered: Plain = {
            "answer": widget.unsent(),
            "confidence": self.confidence.value(),
            "cannot_tell": self.cannot_button.isChecked(),
        }
        is_commented = self.remarks.text().strip() != page.said.comment
        if is_commented:
            entered["comment"] = self.remarks.text()
        if is_commented or any(entered.values()):
            self._kept[page.sitting, page.position] = entered
        else:
            self._kept.pop((page.sitting, page.position), None)

    def _show_kept(self, kept: Plain) -> None:
        if kept.get("answer") and self.card.answer_widget is not None:
            self.card.answer_widget.show_unsent(kept["answer"])
        self.confidence.set_value(kept.get("confidence"))
        self.cannot_button.setChecked(bool(kept.get("cannot_tell")))
        if isinstance(kept.get("comment"), str):
            self.remarks.show_text(kept["comment"])

    @Slot()
    def pause(self) -> None:
        """Stop, and keep what was entered for the same question."""
        self._store_comment()
        self._keep()
        self._presenter.pause()

    @Slot()
    def show_clock(self) -> None:
        """Show the seconds on this question, idle ones apart."""
        page = self._presenter.page
        if page is None:
            return
        clock = self._presenter.clock
        text = minutes_text(clock.active_s)
        if page.rules.time_limit_s:
            text += " / " + minutes_text(page.rules.time_limit_s)
            if clock.active_s > page.rules.time_limit_s:
                text += "  ·  " + self.tr("over the limit")
        if clock.idle_s >= 1:
            text += "  ·  " + self.tr("idle %1").replace("%1", minutes_text(clock.idle_s))
        self.clock.setText(text)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._attention.begin()

    def hideEvent(self, event: QHideEvent) -> None:
        self._attention.end()
        super().hideEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Take note when the window goes away or comes back."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange:
            self._attention.note_activation()

    @Slot()
    def _on_submit_clicked(self) -> None:
        page = self._presenter.page
        if page is None:
            return
        if self.cannot_button.isChecked():
            self._give(None, None)
            return
        widget = self.card.answer_widget
        response = None if widget is None else widget.response()
        if widget is None or response is None:
            self._go_back_to_answer()
            self.card.show_problem("" if widget is None else widget.problem())
            self._beside.refresh()
            return
        is_open = page.rules.asks_confidence and self.confidence.value() is None
        if is_open and not self._is_asking_confidence:
            self._ask_confidence()
            return
        if is_open and self.double_press.isActive():
            return
        self._give(response, self.confidence.value())

    def _give(self, response: Response | None, confidence: int | None) -> None:
        if not self._store_comment():
            return
        page = self._presenter.page
        if self._presenter.answer(response, confidence) and page is not None:
            self._kept.pop((page.sitting, page.position), None)

    @Slot()
    def _store_comment(self) -> bool:
        """Store the comment if it changed; False when that failed, and it is still in its field."""
        page, text = self._presenter.page, self.remarks.text().strip()
        if page is None or text == page.said.comment:
            return True
        return self._presenter.remark(comment=text)

    @Slot(bool)
    def _on_flag_wanted(self, is_flagged: bool) -> None:
        is_stored = self._presenter.remark(is_flagged=is_flagged)
        self.remarks.show_flag(is_flagged=is_flagged if is_stored else not is_flagged)
        self._beside.refresh()

    @Slot()
    def _on_comment_left(self) -> None:
        if self._is_asking_confidence:
            self.confidence.focus_level()
        else:
            self.card.focus_answer()

    def _ask_confidence(self) -> None:
        self._is_asking_confidence = True
        self.double_press.start()
        self._update_steps()
        self.confidence.focus_level()

    def _go_back_to_answer(self) -> None:
        self._is_asking_confidence = False
        self._update_steps()
        self.card.focus_answer()

    @Slot()
    def _on_answer_changed(self) -> None:
        if self.card.response() is not None:
            self.cannot_button.setChecked(False)
        self._beside.refresh()

    @Slot(bool)
    def _on_cannot_toggled(self, is_on: bool) -> None:
        if is_on:
            show_icon(self.cannot_button, "mdi6.check", "accent")
        else:
            self.cannot_button.setIcon(QIcon())
        if is_on and self.card.answer_widget is not None:
            self.card.answer_widget.show_response(None)
            self._is_asking_confidence = False
        self._update_steps()

    def _update_steps(self) -> None:
        """Give the digits to the answer or to the confidence, and say so."""
        page = self._presenter.page
        asks = page is not None and page.rules.asks_confidence
        self.confidence_box.setVisible(asks)
        is_second = asks and self._is_asking_confidence
        self.confidence.use_window_keys(are_used=is_second)
        for shortcut in self._back_key:
            shortcut.setEnabled(is_second)
        if self.card.answer_widget is not None:
            self.card.answer_widget.set_digits_resting(are_resting=is_second)
        theme.set_role(self.confidence_box, "note" if is_second else "card")
        self._confidence_hint.setText(
            self.tr(
                "How sure are you? 1 guessing to 5 certain, then Enter. "
                "Enter alone leaves it out, Esc goes back."
            )
            if is_second
            else self.tr("How sure are you? Asked after Enter: 1 guessing, 5 certain")
        )
        self._beside.refresh()

    def _said(self) -> tuple[str, ...]:
        is_unsure = self.cannot_button.isChecked()
        return (
            self.progress.text(),
            self.remarks.flag.text(),
            self.card.problem.text(),
            self.cannot_button.text() if is_unsure else self.card.chosen_words(),
            self._confidence_hint.text() if self._is_asking_confidence else "",
        )

    def _position_text(self) -> str:
        page = self._presenter.page
        if page is None:
            return ""
        text = self.tr("Question %1 of %2").replace("%1", str(page.position + 1))
        return text.replace("%2", str(page.total))

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(theme.space(4))
        top.addWidget(self.progress)
        top.addWidget(self.progress_bar, 1)
        top.addWidget(self.clock)
        top.addWidget(self.pause_button)
        theme.set_role(self._confidence_hint, "hint")
        box = QVBoxLayout(self.confidence_box)
        box.setContentsMargins(*[theme.space(3)] * 4)
        box.setSpacing(theme.space(2))
        box.addWidget(self._confidence_hint)
        row = QHBoxLayout()
        row.addWidget(self.confidence)
        row.addStretch(1)
        box.addLayout(row)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.space(2))
        buttons.addWidget(self.cannot_button)
        buttons.addWidget(self.submit_button, 1)
        right = QWidget(self)
        column = QVBoxLayout(right)
        column.setContentsMargins(theme.space(2), 0, 0, 0)
        column.setSpacing(theme.space(3))
        column.addWidget(self.card, 1)
        column.addWidget(self.remarks)
        column.addWidget(self.confidence_box)
        column.addLayout(buttons)
        right.setMinimumWidth(380)
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.images)
        splitter.addWidget(centered(right))
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        splitter.setSizes([660, 420])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.space(3))
        layout.addLayout(top)
        layout.addWidget(splitter, 1)

    def _connect(self) -> None:
        self._presenter.page_changed.connect(self.show_page)
        self._presenter.ticked.connect(self.show_clock)
        self.pause_button.clicked.connect(self.pause)
        self.submit_button.clicked.connect(self._on_submit_clicked)
        self.cannot_button.toggled.connect(self._on_cannot_toggled)
        self.card.answer_changed.connect(self._on_answer_changed)
        self.remarks.flag_wanted.connect(self._on_flag_wanted)
        self.remarks.comment_done.connect(self._store_comment)
        self.remarks.left.connect(self._on_comment_left)
