"""The Blind page: a queue, source beside question, images with their headers, the approval."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core.changes import Changes, Kind
from core.domain.blinding import SIMILARITY_LIMIT
from core.domain.body import YesNo, options_of
from core.domain.ids import QuestionId
from core.domain.media import Blackout
from core.domain.plain import Plain
from reviewer_app import theme
from reviewer_app.context import AppContext
from reviewer_app.pages.base import Page
from reviewer_app.pages.blind.approval_panel import ApprovalPanel
from reviewer_app.pages.blind.box_history import BoxHistory
from reviewer_app.pages.blind.image_section import ImageSection
from reviewer_app.pages.blind.presenter import BlindPresenter
from reviewer_app.undoing import add_undo_keys, redo_decision, undo_decision
from reviewer_app.widgets.buttons import show_icon
from reviewer_app.widgets.empty_state import EmptyState
from reviewer_app.widgets.flow import FlowLayout
from reviewer_app.widgets.status import StatusChip
from reviewer_app.widgets.word_diff import WordDiffView

QUEUE_PX: Final = 208
_TEXTS: Final = "blind.texts"
_BOXES: Final = "blind.boxes"
_DIFF_PX: Final = 260
_NO_LIMIT: Final = 16_777_215  # QWIDGETSIZE_MAX
_NOT_CLEARED: Final = ("mdi6.shield-alert-outline", "conflict")


class BlindPage(Page):
    """Blinding, one question at a time."""

    name: ClassVar[str] = "blind"
    title: ClassVar[str] = "Blind"
    icon: ClassVar[str] = "mdi6.eye-off-outline"
    shows_images = True

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        theme.set_role(self, "page")
        self.presenter = BlindPresenter(context, self)
        self._boxes: dict[str, BoxHistory] = {}
        self._texts: dict[QuestionId, Plain] = {}
        self._shown: QuestionId | None = None
        self._place = 0
        self._sought = ("", 0)
        self.queue = self._make_queue()
        self.heading = QLabel(self)
        theme.set_role(self.heading, "title")
        self.similarity = StatusChip("", "mdi6.check", "agreed", self)
        self.diff = WordDiffView(self)
        self.options = QLabel(self)
        self.origin = QLabel(self)
        self.images = ImageSection(self.presenter.open_image, self)
        self.panel = ApprovalPanel(self)
        self.empty = EmptyState(
            "mdi6.eye-off-outline",
            self.tr("Nothing waits for blinding"),
            self.tr(
                "Here a finished question loses what would give its source or a patient away. "
                "Finish a draft on the Author page; it then comes here by itself."
            ),
            action=self.tr("Go to the Author page"),
            on_action=lambda: context.open_question("author", ""),
            parent=self,
        )
        add_undo_keys(self, self._undo, self._redo)
        self._arrange()
        self._connect()

    def activate(self) -> None:
        self.presenter.refresh()
        if self.presenter.dossier is None:
            self.presenter.open_next()
        else:
            self.presenter.open(self.presenter.dossier.question.id)

    def take_focus(self) -> None:
        super().take_focus()
        self._give_focus_to_queue()

    def apply_changes(self, changes: Changes) -> None:
        if changes.concerns(Kind.SETTING):
            # Another person may sit here now, who must not see this source.
            self.presenter.close()
            self._boxes.clear()
            self._texts.clear()
        if changes.concerns(Kind.QUESTION, Kind.DRAFT, Kind.PERSON, Kind.SETTING):
            self.presenter.refresh()

    def position(self) -> Plain:
        return {"record": self._shown or "", "image": self._place}

    def go_to(self, position: Plain) -> None:
        record, place = position.get("record"), position.get("image")
        if record not in {line.id for line in self.presenter.queue}:
            return
        # The dossier is read in the background.
        self._sought = (str(record), place if isinstance(place, int) else 0)
        self.presenter.open(QuestionId(str(record)))

    def unsent(self) -> dict[tuple[str, str], Plain]:
        self._note_entered()
        found: dict[tuple[str, str], Plain] = {
            (_TEXTS, question): texts for question, texts in self._texts.items()
        }
        for media, drawn in self._boxes.items():
            if not drawn.is_nothing:
                found[_BOXES, media] = drawn.to_plain()
        return found

    def take_unsent(self, unsent: Mapping[tuple[str, str], Plain]) -> None:
        for (place, record), content in unsent.items():
            if place == _TEXTS:
                self._texts[QuestionId(record)] = content
            elif place == _BOXES:
                self._boxes[record] = BoxHistory.from_plain(content)

    def show_question(self, question_id: str) -> None:
        if question_id:
            self.presenter.open(QuestionId(question_id))

    def waiting_count(self) -> int:
        self.presenter.refresh()
        return len(self.presenter.queue)

    def _undo(self) -> None:
        """Take back what was drawn last on this image, its clearing, or the last decision."""
        if not self.images.view.hand.undo() and not self.presenter.undo_clearing(self._place):
            undo_decision(self.context)

    def _redo(self) -> None:
        if not self.images.view.hand.redo() and not self.presenter.redo_clearing(self._place):
            redo_decision(self.context)

    @Slot()
    def _on_queue_changed(self) -> None:
        self.queue.blockSignals(True)
        self.queue.clear()
        for line in self.presenter.queue:
            item = QListWidgetItem(f"{line.number}  {line.stem}")
            item.setData(Qt.ItemDataRole.UserRole, line.id)
            item.setToolTip(line.stem)
            self.queue.addItem(item)
            if line.id == self._shown:
                self.queue.setCurrentItem(item)
        self.queue.blockSignals(False)
        self._count.setText(self.tr("Waiting: %1").replace("%1", str(len(self.presenter.queue))))
        self.waiting_changed.emit(len(self.presenter.queue))

    def _give_focus_to_queue(self) -> None:
        """Let Up and Down choose a question, where the keys have no other place on this page."""
        if self.window().focusWidget() is self and self.queue.isVisible():
            self.queue.setFocus()

    @Slot()
    def _on_queue_chosen(self) -> None:
        item = self.queue.currentItem()
        if item is not None:
            self.presenter.open(item.data(Qt.ItemDataRole.UserRole))

    @Slot()
    def _on_dossier_changed(self) -> None:
        dossier = self.presenter.dossier
        self._note_entered()
        if dossier is None:
            self._shown = None
            self._stack.setCurrentWidget(self.empty)
            return
        is_same = dossier.question.id == self._shown
        if not is_same:
            record, place = self._sought
            self._place = place if record == dossier.question.id else 0
        self._shown = dossier.question.id
        self._stack.setCurrentWidget(self._desk)
        self._give_focus_to_queue()
        self.heading.setText(self.tr("Question %1").replace("%1", str(dossier.question.number)))
        self.diff.show_diff(dossier.diff)
        self._show_similarity(dossier.similarity)
        source = dossier.source
        self.origin.setText(
            self.tr("Source: %1  ·  Rights: %2")
            .replace("%1", source.citation or self.tr("not stated"))
            .replace("%2", source.rights or self.tr("not stated"))
        )
        asked = dossier.revision.body.asked
        texts = [option.text for option in options_of(asked) if not isinstance(asked, YesNo)]
        self.options.setText(self.tr("Options: %1").replace("%1", "  ·  ".join(texts)))
        self.options.setVisible(bool(texts))
        self.panel.show_dossier(dossier, is_same_question=is_same)
        if not is_same and dossier.question.id in self._texts:
            self.panel.show_entered(self._texts[dossier.question.id])
        self._show_image_buttons()
        self._show_image(min(self._place, max(len(dossier.images) - 1, 0)))
        self._mark_in_queue()

    @Slot(object)
    def _on_clear_requested(self, boxes: tuple[Blackout, ...]) -> None:
        # The button goes away; the focus stays where the keys of undo belong to the image.
        self.images.view.setFocus()
        self.presenter.clear_image(self._place, boxes)

    @Slot(str, str)
    def _on_approve_requested(self, notes: str, reason: str) -> None:
        shown, self._shown = self._shown, None
        if self.presenter.approve(notes, reason):
            if shown is not None:
                self._texts.pop(shown, None)
        else:
            self._shown = shown

    def _note_entered(self) -> None:
        if self._shown is None:
            return
        entered = self.panel.entered()
        if entered is None:
            self._texts.pop(self._shown, None)
        else:
            self._texts[self._shown] = entered

    @Slot(int)
    def _on_approved(self, number: int) -> None:
        self.context.messages.done(
            self.tr("Question %1 is blinded and waits for verification.").replace("%1", str(number))
        )

    @Slot(bool)
    def _on_busy_changed(self, is_busy: bool) -> None:
        self.images.set_busy(is_busy=is_busy)

    @Slot()
    def _on_edit_requested(self) -> None:
        if self._shown is not None:
            self.context.open_question("author", self._shown)

    def _show_similarity(self, similarity: float | None) -> None:
        if similarity is None:
            self.similarity.show_state(self.tr("No source text"), "mdi6.text-box-outline", "note")
            return
        is_near = similarity > SIMILARITY_LIMIT
        text = (
            self.tr("Similarity %1 of 100, above the limit of %2")
            if is_near
            else self.tr("Similarity %1 of 100, the limit is %2")
        )
        text = text.replace("%1", f"{similarity:.0f}").replace("%2", f"{SIMILARITY_LIMIT:.0f}")
        look = ("mdi6.alert-outline", "conflict") if is_near else ("mdi6.check", "agreed")
        self.similarity.show_state(text, *look)

    def _show_image_buttons(self) -> None:
        assert self.presenter.dossier is not None  # noqa: S101 - only called with a dossier
        images = self.presenter.dossier.images
        for place, image in enumerate(images):
            button = self._image_buttons.button(place) or self._make_image_button(place)
            word = self.tr("cleared") if image.is_cleared else self.tr("not cleared")
            button.setText(f"{self.tr('Image')} {place + 1} · {word}")
            button.setToolTip(image.info.file_name)
            look = ("mdi6.shield-check", "agreed") if image.is_cleared else _NOT_CLEARED
            show_icon(button, *look)
        for place, button in enumerate(self._image_buttons.buttons()):
            button.setVisible(place < len(images))
        self._image_card.setVisible(bool(images))
        self._no_images.setVisible(not images)
        self.diff.setMaximumHeight(_DIFF_PX if images else _NO_LIMIT)

    def _make_image_button(self, place: int) -> QPushButton:
        button = QPushButton(self)
        button.setCheckable(True)
        theme.set_kind(button, "chip")
        self._image_buttons.addButton(button, place)
        self._image_row.addWidget(button)
        return button

    @Slot(int)
    def _show_image(self, place: int) -> None:
        assert self.presenter.dossier is not None  # noqa: S101 - only called with a dossier
        images = self.presenter.dossier.images
        if not images:
            return
        self._place = place
        self._image_buttons.button(place).setChecked(True)
        image = images[place]
        self.images.show_image(image, self._boxes.get(image.use.media, BoxHistory()))

    @Slot()
    def _on_boxes_changed(self) -> None:
        dossier = self.presenter.dossier
        if dossier is not None and self._place < len(dossier.images):
            self._boxes[dossier.images[self._place].use.media] = self.images.view.hand.history

    def _mark_in_queue(self) -> None:
        self.queue.blockSignals(True)
        for row in range(self.queue.count()):
            if self.queue.item(row).data(Qt.ItemDataRole.UserRole) == self._shown:
                self.queue.setCurrentRow(row)
        self.queue.blockSignals(False)

    def _make_queue(self) -> QListWidget:
        queue = QListWidget(self)
        queue.setAccessibleName(self.tr("Questions that wait for blinding"))
        queue.setToolTip(self.tr("Up and Down choose a question"))
        queue.setTextElideMode(Qt.TextElideMode.ElideRight)
        queue.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        queue.setUniformItemSizes(True)
        return queue

    def _arrange(self) -> None:
        self._count = QLabel(self)
        theme.set_role(self._count, "caption")
        left = QVBoxLayout()
        left.setSpacing(theme.space(2))
        left.addWidget(self._count)
        left.addWidget(self.queue, 1)
        side = QWidget(self)
        side.setLayout(left)
        side.setFixedWidth(QUEUE_PX)
        left.setContentsMargins(0, 0, 0, 0)
        self._desk = QWidget(self)
        desk = QHBoxLayout(self._desk)
        desk.setContentsMargins(0, 0, 0, 0)
        desk.setSpacing(theme.space(4))
        desk.addWidget(side)
        desk.addLayout(self._make_middle(), 1)
        self.panel.setFixedWidth(theme.text_px(264))
        desk.addWidget(self.panel)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._desk)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[theme.space(4)] * 4)
        layout.addWidget(self._stack)

    def _make_middle(self) -> QVBoxLayout:
        head = QHBoxLayout()
        head.addWidget(self.heading)
        head.addStretch(1)
        head.addWidget(self.similarity)
        for label in (self.origin, self.options):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            theme.set_role(label, "hint")
        self.diff.setMinimumHeight(150)
        self._image_card = QFrame(self)
        theme.set_role(self._image_card, "card")
        card = QVBoxLayout(self._image_card)
        card.setContentsMargins(*[theme.space(3)] * 4)
        card.setSpacing(theme.space(2))
        self._image_buttons = QButtonGroup(self)
        self._image_row = FlowLayout()
        self._image_row.setSpacing(theme.space(2))
        caption = QLabel(self.tr("Images"), self)
        theme.set_role(caption, "heading")
        caption.setMinimumHeight(theme.space(7))  # in line with the chips beside it
        self._image_row.addWidget(caption)
        card.addLayout(self._image_row)
        card.addWidget(self.images, 1)
        self._no_images = QLabel(self.tr("This question has no images."), self)
        theme.set_role(self._no_images, "hint")
        middle = QVBoxLayout()
        middle.setSpacing(theme.space(2))
        middle.addLayout(head)
        middle.addWidget(self.diff, 2)
        middle.addWidget(self.origin)
        middle.addWidget(self.options)
        middle.addWidget(self._image_card, 5)
        middle.addWidget(self._no_images)
        middle.addStretch(0)
        return middle

    def _connect(self) -> None:
        self.presenter.queue_changed.connect(self._on_queue_changed)
        self.presenter.dossier_changed.connect(self._on_dossier_changed)
        self.presenter.approved.connect(self._on_approved)
        self.presenter.busy_changed.connect(self._on_busy_changed)
        self.queue.currentItemChanged.connect(self._on_queue_chosen)
        self.images.clear_requested.connect(self._on_clear_requested)
        self.images.view.hand.changed.connect(self._on_boxes_changed)
        self.panel.approve_requested.connect(self._on_approve_requested)
        self.panel.edit_requested.connect(self._on_edit_requested)
        self._image_buttons.idClicked.connect(self._show_image)
