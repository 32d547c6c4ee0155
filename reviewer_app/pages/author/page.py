"""The Author page: drafts at the left, the form, images and preview at the right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from core.changes import Changes
from core.domain.body import AnswerFormat
from core.domain.plain import Plain
from core.domain.question import QuestionSummary
from core.domain.revision import Draft, Problem
from core.domain.writing_hints import Hint
from reviewer_app import theme
from reviewer_app.context import AppContext
from reviewer_app.pages.author.desk_head import DeskHead
from reviewer_app.pages.author.draft_desk import OpenDraft
from reviewer_app.pages.author.drafts_pane import DraftsPane
from reviewer_app.pages.author.form_column import FormColumn
from reviewer_app.pages.author.history_tab import HistoryTab
from reviewer_app.pages.author.image_desk import ImageDesk, KeyDrawing
from reviewer_app.pages.author.mark_files import MarkFiles
from reviewer_app.pages.author.presenter import AuthorPresenter
from reviewer_app.pages.author.preview import Preview
from reviewer_app.pages.base import Page
from reviewer_app.widgets.editors.region import RegionEditor
from reviewer_app.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from core.imaging.choices import Choices

_ROOMY_PX = 1500
_PREVIEW_MS = 200


class AuthorPage(Page):
    """Write questions."""

    name = "author"
    title = "Author"
    icon = "mdi6.pencil-outline"
    shows_images = True

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        theme.set_role(self, "page")
        self.presenter = AuthorPresenter(context, self)
        images = self.presenter.images
        self.writing = FormColumn(self)
        self.form = self.writing.form
        self.images = ImageDesk(images.load, images.frame_count, self)
        self.mark_files = MarkFiles(context, self.images.panel, self)
        self.preview = Preview(images.load, self)
        self.history = HistoryTab(self.presenter.desk, self.presenter.history, self)
        self.drafts = DraftsPane(self)
        self.head = DeskHead(self)
        self._wants_drafts: bool | None = None
        self._preview_pause = QTimer(self)
        self._preview_pause.setSingleShot(True)
        self._preview_pause.setInterval(_PREVIEW_MS)
        self._preview_pause.timeout.connect(self._show_preview)
        self._lay_out()
        self._connect()
        self._connect_images()
        self._make_shortcuts()
        self._show_opened(None)

    def activate(self) -> None:
        self.presenter.list_drafts()
        if self.presenter.current is None and self.presenter.drafts:
            self.presenter.open(self.presenter.drafts[0].id)
        self.filled.emit()

    def leave(self) -> None:
        self.presenter.desk.flush()

    def has_unsaved(self) -> bool:
        return self.presenter.desk.is_dirty

    def apply_changes(self, changes: Changes) -> None:
        self.presenter.note_changes(changes)

    def position(self) -> Plain:
        return {"record": self._current_id() or "", "tab": self.tabs.currentIndex()}

    def go_to(self, position: Plain) -> None:
        record, tab = position.get("record"), position.get("tab")
        known = {one.id for one in self.presenter.drafts}
        if isinstance(record, str) and record in known:
            self.presenter.open(record)
        if isinstance(tab, int):
            self.tabs.setCurrentIndex(tab)

    def unsent(self) -> dict[tuple[str, str], Plain]:
        return self.writing.reason.unsent()

    def take_unsent(self, unsent: Mapping[tuple[str, str], Plain]) -> None:
        self.writing.reason.take_unsent(unsent)

    def show_question(self, question_id: str) -> None:
        if self.presenter.open(question_id) and not self._read_only.isVisible():
            self.form.stem.setFocus()

    def waiting_count(self) -> int:
        self.presenter.list_drafts()
        return self.presenter.waiting_count()

    def offer_new_question(self) -> bool:
        self.drafts.new_button.showMenu()
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _lay_out(self) -> None:
        self._empty = EmptyState(
            "mdi6.pencil-plus-outline",
            self.tr("Write your first question"),
            self.tr(
                "Choose how it is to be answered, write it, drop its images. Everything is "
                "saved while you type; finish the draft when nothing is missing."
            ),
            action=self.tr("New question"),
            on_action=self.offer_new_question,
            parent=self,
        )
        # From the outside inwards: whatever gets another parent is styled anew with all it holds.
        self._stack = QStackedWidget(self)
        self._desk = QWidget(self._stack)
        column = QVBoxLayout(self._desk)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(3))
        column.addWidget(self.head)
        column.addWidget(self._make_read_only())
        column.addWidget(self._make_splitter(), 1)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._desk)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(theme.space(4), theme.space(3), 0, 0)
        whole.setSpacing(theme.space(4))
        whole.addWidget(self.drafts)
        whole.addWidget(self._stack, 1)

    def _make_read_only(self) -> QFrame:
        self._read_only = QFrame(self._desk)
        theme.set_role(self._read_only, "note")
        self._read_only_text = QLabel(self._read_only)
        self._read_only_text.setWordWrap(True)
        QVBoxLayout(self._read_only).addWidget(self._read_only_text)
        return self._read_only

    def _make_splitter(self) -> QSplitter:
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self._desk)
        self._splitter.addWidget(self.writing)
        self.tabs = QTabWidget(self._splitter)
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.images, self.tr("Images"))
        self.tabs.addTab(self.preview, self.tr("Preview"))
        self.tabs.addTab(self.history, self.tr("History"))
        self.tabs.setTabToolTip(2, self.tr("Revisions: who, when, why; compare and restore"))
        self.tabs.setTabToolTip(1, self.tr("The question exactly as its readers see it"))
        self._splitter.addWidget(self.tabs)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setStretchFactor(0, 2)
        self._splitter.setStretchFactor(1, 3)
        return self._splitter

    def _connect(self) -> None:
        presenter, desk = self.presenter, self.presenter.desk
        presenter.drafts_listed.connect(self._on_drafts_listed)
        presenter.opened.connect(self._show_opened)
        presenter.checked.connect(self._on_checked)
        desk.draft_replaced.connect(self._on_draft_replaced)
        desk.undo_changed.connect(lambda: self.head.show_undo(desk))
        desk.save_state_changed.connect(self._show_save_state)
        self.form.edited.connect(self._on_form_edited)
        self.form.drawing_changed.connect(self._choose_hand)
        self.writing.checklist.field_requested.connect(self.focus_field)
        self.writing.checklist.blinding_requested.connect(self._on_blinding_requested)
        self.drafts.new_requested.connect(self._on_new_requested)
        self.drafts.draft_chosen.connect(self._on_draft_chosen)
        self.head.drafts_button.clicked.connect(self._on_drafts_toggled)
        self.head.format_box.activated.connect(
            lambda _: presenter.switch_format(self.head.chosen_format())
        )
        self.head.undo_button.clicked.connect(desk.undo)
        self.head.redo_button.clicked.connect(desk.redo)
        self.head.finish_button.clicked.connect(self._on_finish_clicked)
        self.tabs.currentChanged.connect(lambda _: self._show_preview())
        self.history.restored.connect(self._on_restored)

    def _connect_images(self) -> None:
        images = self.presenter.images
        self.images.files_dropped.connect(images.add_files)
        self.images.chosen.connect(lambda them, whole: images.intake.take(them, is_whole=whole))
        images.intake.offered.connect(self._on_images_offered)
        self.images.images_changed.connect(images.set_images)
        self.images.part_wanted.connect(images.cut_out)
        self.images.use_edited.connect(images.edit_image)
        self.images.marks_drawn.connect(images.edit_marks)
        self.images.layout_chosen.connect(images.set_layout)
        self.images.links_chosen.connect(images.set_links)
        self.images.key_drawn.connect(self.form.take_key_regions)

    def _make_shortcuts(self) -> None:
        desk = self.presenter.desk
        for keys, slot in (
            ("Ctrl+Z", desk.undo),
            ("Ctrl+Shift+Z", desk.redo),
            ("Ctrl+Y", desk.redo),
            ("Ctrl+S", desk.flush),
            ("Ctrl+Return", self._on_finish_clicked),
            ("Ctrl+Enter", self._on_finish_clicked),
            ("Ctrl+D", self.head.drafts_button.click),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)  # also of images in their own window
            shortcut.activated.connect(slot)

    @Slot(str)
    def focus_field(self, field: str) -> None:
        """Show a field and put the cursor into it."""
        if field == "images":
            self.tabs.setCurrentWidget(self.images)
            return
        self.writing.focus_field(field)

    @Slot(object)
    def _on_drafts_listed(self, lines: list[QuestionSummary]) -> None:
        self.drafts.show_lines(lines, self._current_id())
        self._arrange()
        self._show_findings()
        self.waiting_changed.emit(self.presenter.waiting_count())

    @Slot(object)
    def _show_opened(self, opened: OpenDraft | None) -> None:
        self._stack.setCurrentWidget(self._empty if opened is None else self._desk)
        if opened is None:
            self._arrange()
            return
        is_editable = not opened.refusal
        self.head.show_question(opened.question, is_editable=is_editable)
        self._read_only.setVisible(not is_editable)
        self._read_only_text.setText(opened.refusal)
        self.form.setEnabled(is_editable)
        has_history = opened.question.current_revision is not None
        self.writing.reason.setVisible(has_history and is_editable)
        self.writing.reason.show_for(opened.question.id)
        self._show_draft(opened.draft)
        self.writing.begin()
        self.history.refresh()
        self.drafts.mark(opened.question.id)
        self._show_save_state()
        self._show_findings()
        self._arrange()

    def _show_draft(self, draft: Draft) -> None:
        self.form.show_draft(draft)
        self.head.show_format(draft.body.format)
        self._show_images(draft)
        self._show_preview()

    def _show_images(self, draft: Draft) -> None:
        count = len(draft.body.images)
        is_editable = self.presenter.desk.editable is not None
        self._choose_hand()
        self.images.show_body(draft.body, is_editable=is_editable)
        self.tabs.setTabText(0, self.tr("Images") + (f" {count}" if count else ""))
        self._arrange()

    @Slot()
    def _choose_hand(self) -> None:
        """Let the hand draw the right region where one is asked for, else the marks."""
        editor = self.form.editor
        draws_key = isinstance(editor, RegionEditor) and editor.draws_key
        self.images.draw_key(
            KeyDrawing(editor.asked.image, editor.regions)
            if draws_key and isinstance(editor, RegionEditor)
            else None
        )

    def _arrange(self) -> None:
        """Give images at least half of the window; the list of drafts makes room first."""
        opened = self.presenter.current
        has_images = opened is not None and bool(opened.draft.body.images)
        fits = self.width() >= _ROOMY_PX or not has_images
        shows = fits if self._wants_drafts is None else self._wants_drafts
        self.drafts.setVisible(shows)
        self.head.drafts_button.setChecked(shows)
        if opened is None:
            return
        # The layout has not heard of the list yet, so its room is reckoned here.
        taken = self.drafts.width() + theme.space(4) if shows else 0
        room = self.width() - theme.space(4) - taken
        half = self.window().width() // 2 + theme.space(2)
        right = max(half, room * 11 // 20) if has_images else room * 2 // 5
        self._splitter.setSizes([max(room - right, theme.space(90)), right])

    def _current_id(self) -> str | None:
        opened = self.presenter.current
        return None if opened is None else opened.question.id

    @Slot(object, str)
    def _on_form_edited(self, draft: Draft, field: str) -> None:
        # Each region drawn is a step of its own, however fast the next one follows.
        is_drawn = isinstance(self.form.editor, RegionEditor) and field == "key"
        self.presenter.desk.edit_form(draft, field, joins=not is_drawn)
        self._choose_hand()
        self._preview_pause.start()

    @Slot(object)
    def _on_images_offered(self, found: Choices) -> None:
        self.tabs.setCurrentWidget(self.images)
        self.images.offer(found, room=self.presenter.images.room())

    @Slot(object, str)
    def _on_draft_replaced(self, draft: Draft, field: str) -> None:
        self._show_draft(draft)
        self.history.refresh()
        if field and field != "images":
            self.focus_field(field)

    @Slot(object, object)
    def _on_checked(self, problems: tuple[Problem, ...], hints: tuple[Hint, ...]) -> None:
        self.writing.take_findings(problems, hints)
        self._show_findings()

    def _show_findings(self) -> None:
        is_finished = self.presenter.is_finished
        self.writing.list_findings(is_finished=is_finished)
        is_open = self.presenter.desk.editable is not None
        self.head.finish_button.setEnabled(is_open and not is_finished)

    @Slot()
    def _on_blinding_requested(self) -> None:
        if self.presenter.current is not None:
            self.context.open_question("blind", self.presenter.current.question.id)

    @Slot()
    def _on_finish_clicked(self) -> None:
        reason = self.writing.reason
        if self.presenter.finish(reason.text().strip()):
            reason.clear()
            self.form.show_problems(())
            return
        first = self.writing.mark_problems()
        if first is not None:
            self.focus_field(first)

    @Slot(int)
    def _on_restored(self, number: int) -> None:
        text = self.tr("Restored from revision %1").replace("%1", str(number))
        self.writing.reason.setText(text)
        self.context.messages.done(
            self.tr("Revision %1 is the draft now. Ctrl+Z takes that back.").replace(
                "%1", str(number)
            )
        )

    @Slot()
    def _show_save_state(self) -> None:
        self._show_findings()
        self.head.show_saving(self.presenter.desk)

    @Slot()
    def _show_preview(self) -> None:
        blind = self.presenter.preview()
        if self.tabs.currentWidget() is self.preview and blind is not None:
            self.preview.show_question(blind)

    @Slot(object)
    def _on_new_requested(self, answer_format: AnswerFormat) -> None:
        self.presenter.create(answer_format)
        self.form.stem.setFocus()

    @Slot(str)
    def _on_draft_chosen(self, question_id: str) -> None:
        if not self.presenter.open(question_id):
            self.drafts.mark(self._current_id())

    @Slot(bool)
    def _on_drafts_toggled(self, shown: bool) -> None:
        self._wants_drafts = shown
        self._arrange()
