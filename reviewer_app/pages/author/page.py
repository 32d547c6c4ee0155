"""The Author page: drafts at the left, the form, images and preview at the right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, QTimer, Slot
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QMenu,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.changes import Changes
from core.domain.body import AnswerFormat
from core.domain.plain import Plain
from core.domain.question import QuestionSummary
from core.domain.revision import Draft, Problem
from core.domain.writing_hints import Hint
from core.taxonomies import load_axes
from reviewer_app import theme
from reviewer_app.context import AppContext
from reviewer_app.models.drafts import DraftsListModel
from reviewer_app.pages.author.checklist import Checklist
from reviewer_app.pages.author.draft_form import DraftForm
from reviewer_app.pages.author.history_tab import HistoryTab
from reviewer_app.pages.author.image_desk import ImageDesk, KeyDrawing
from reviewer_app.pages.author.mark_files import MarkFiles
from reviewer_app.pages.author.presenter import AuthorPresenter, OpenDraft
from reviewer_app.pages.author.preview import Preview
from reviewer_app.pages.base import Page
from reviewer_app.widgets.editors.region import RegionEditor
from reviewer_app.widgets.empty_state import EmptyState
from reviewer_app.widgets.form import LineText
from reviewer_app.widgets.image_layout import in_view
from reviewer_app.widgets.status import StageChip
from reviewer_app.wording import format_icon, format_name, format_purpose

if TYPE_CHECKING:
    from core.imaging.choices import Choices

_ROOMY_PX = 1500
_PREVIEW_MS = 200
_REASON = "author.reason"


class AuthorPage(Page):
    """Write questions."""

    name = "author"
    title = "Author"
    icon = "mdi6.pencil-outline"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        theme.set_role(self, "page")
        self.presenter = AuthorPresenter(context, self)
        self.form = DraftForm(load_axes(), self)
        self.images = ImageDesk(self.presenter.image, self.presenter.frame_count, self)
        self.mark_files = MarkFiles(context, self.images.panel, self)
        self.preview = Preview(self.presenter.image, self)
        self.history = HistoryTab(self.presenter, self)
        self.reason = LineText(self.tr("What changed, for the history"), self)
        self.checklist = Checklist(self)
        self.drafts_model = DraftsListModel(self)
        self.drafts_list = QListView(self)
        self.new_menu = self._make_new_menu()
        self._reasons: dict[str, str] = {}
        self._wants_drafts: bool | None = None
        self._shows_problems = False
        self._problems: tuple[Problem, ...] = ()
        self._hints: tuple[Hint, ...] = ()
        self._preview_pause = QTimer(self)
        self._preview_pause.setSingleShot(True)
        self._preview_pause.setInterval(_PREVIEW_MS)
        self._preview_pause.timeout.connect(self._show_preview)
        self._lay_out()
        self._connect()
        self._show_opened(None)

    def activate(self) -> None:
        self.presenter.list_drafts()
        if self.presenter.current is None and self.presenter.drafts:
            self.presenter.open(self.presenter.drafts[0].id)
        self.filled.emit()

    def leave(self) -> None:
        self.presenter.flush()

    def has_unsaved(self) -> bool:
        return self.presenter.is_dirty

    def apply_changes(self, changes: Changes) -> None:
        self.presenter.note_changes(changes)

    def position(self) -> Plain:
        opened = self.presenter.current
        record = "" if opened is None else opened.question.id
        return {"record": record, "tab": self.tabs.currentIndex()}

    def go_to(self, position: Plain) -> None:
        record, tab = position.get("record"), position.get("tab")
        known = {one.id for one in self.presenter.drafts}
        if isinstance(record, str) and record in known:
            self.presenter.open(record)
        if isinstance(tab, int):
            self.tabs.setCurrentIndex(tab)

    def unsent(self) -> dict[tuple[str, str], Plain]:
        return {(_REASON, one): {"text": text} for one, text in self._reasons.items() if text}

    def take_unsent(self, unsent: Mapping[tuple[str, str], Plain]) -> None:
        self._reasons = {
            record: str(content.get("text", ""))
            for (place, record), content in unsent.items()
            if place == _REASON
        }

    def show_question(self, question_id: str) -> None:
        if self.presenter.open(question_id) and not self._read_only.isVisible():
            self.form.stem.setFocus()

    def waiting_count(self) -> int:
        self.presenter.list_drafts()
        return self.presenter.waiting_count()

    def offer_new_question(self) -> bool:
        self.new_button.showMenu()
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _make_new_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for one in AnswerFormat:
            action = menu.addAction(theme.icon(format_icon(one)), format_name(one))
            action.setToolTip(format_purpose(one))
            action.triggered.connect(partial(self._on_new_requested, one))
        return menu

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
        self.new_button = QPushButton(theme.icon("mdi6.plus"), self.tr("New"), self)
        self.new_button.setToolTip(self.tr("New question (Ctrl+N)"))
        self.new_button.setMenu(self.new_menu)
        self._desk = QWidget(self)
        column = QVBoxLayout(self._desk)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(3))
        column.addLayout(self._make_head())
        column.addWidget(self._make_read_only())
        column.addWidget(self._make_splitter(), 1)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._desk)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(theme.space(4), theme.space(3), 0, 0)
        whole.setSpacing(theme.space(4))
        whole.addWidget(self._make_drafts())
        whole.addWidget(self._stack, 1)

    def _make_drafts(self) -> QWidget:
        self._drafts_pane = QWidget(self)
        letters = 28 * self.fontMetrics().averageCharWidth()
        self._drafts_pane.setFixedWidth(max(theme.space(54), letters))
        title = QLabel(self.tr("My drafts"), self._drafts_pane)
        theme.set_role(title, "heading")
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(self.new_button)
        self.drafts_list.setModel(self.drafts_model)
        self.drafts_list.setAccessibleName(self.tr("My drafts"))
        self.drafts_list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.drafts_list.setUniformItemSizes(True)
        self.drafts_list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self._drafts_pane)
        column.setContentsMargins(0, 0, 0, theme.space(3))
        column.setSpacing(theme.space(3))
        column.addLayout(head)
        column.addWidget(self.drafts_list, 1)
        return self._drafts_pane

    def _make_head(self) -> QHBoxLayout:
        self.drafts_button = self._tool("mdi6.dock-left", self.tr("My drafts"), "Ctrl+D")
        self.drafts_button.setCheckable(True)
        self.drafts_button.clicked.connect(self._on_drafts_toggled)
        self._title = QLabel(self._desk)
        theme.set_role(self._title, "title")
        self._chip = StageChip(parent=self._desk)
        self.format_box = QComboBox(self._desk)
        self.format_box.setAccessibleName(self.tr("Answer format"))
        self.format_box.setToolTip(self.tr("How the question is answered; what fits is kept"))
        for one in AnswerFormat:
            self.format_box.addItem(theme.icon(format_icon(one)), format_name(one), one)
        self._saved = QLabel(self._desk)
        self.undo_button = self._tool("mdi6.undo", self.tr("Undo"), "Ctrl+Z")
        self.redo_button = self._tool("mdi6.redo", self.tr("Redo"), "Ctrl+Shift+Z")
        self.finish_button = QPushButton(self.tr("Finish draft (Ctrl+Enter)"), self._desk)
        theme.set_kind(self.finish_button, "primary")
        self.finish_button.setToolTip(
            self.tr("Make it a revision that can be blinded (Ctrl+Return)")
        )
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, theme.space(4), 0)
        head.setSpacing(theme.space(2))
        for leading in (self.drafts_button, self._title, self._chip, self.format_box):
            head.addWidget(leading)
        head.addStretch(1)
        for trailing in (self._saved, self.undo_button, self.redo_button, self.finish_button):
            head.addWidget(trailing)
        return head

    def _tool(self, icon_name: str, text: str, keys: str) -> QToolButton:
        button = QToolButton(self._desk)
        button.setIcon(theme.icon(icon_name, "text"))
        button.setAccessibleName(text)
        button.setToolTip(f"{text} ({keys})")
        return button

    def _make_read_only(self) -> QFrame:
        self._read_only = QFrame(self._desk)
        theme.set_role(self._read_only, "note")
        self._read_only_text = QLabel(self._read_only)
        self._read_only_text.setWordWrap(True)
        QVBoxLayout(self._read_only).addWidget(self._read_only_text)
        return self._read_only

    def _make_splitter(self) -> QSplitter:
        self._scroll = QScrollArea(self._desk)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self.form)
        left = QWidget(self._desk)
        left.setMinimumWidth(theme.space(90))
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._scroll, 1)
        column.addWidget(self.reason)
        column.addWidget(self.checklist)
        self.reason.setPlaceholderText(self.tr("What did you change? (optional, for the history)"))
        self.reason.setToolTip(self.tr("Stands in the history beside the new revision"))
        self.tabs = QTabWidget(self._desk)
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.images, self.tr("Images"))
        self.tabs.addTab(self.preview, self.tr("Preview"))
        self.tabs.addTab(self.history, self.tr("History"))
        self.tabs.setTabToolTip(2, self.tr("Revisions: who, when, why; compare and restore"))
        self.tabs.setTabToolTip(1, self.tr("The question exactly as its readers see it"))
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self._desk)
        self._splitter.addWidget(left)
        self._splitter.addWidget(self.tabs)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setStretchFactor(0, 2)
        self._splitter.setStretchFactor(1, 3)
        return self._splitter

    def _connect(self) -> None:
        presenter = self.presenter
        presenter.drafts_listed.connect(self._on_drafts_listed)
        presenter.opened.connect(self._show_opened)
        presenter.draft_replaced.connect(self._on_draft_replaced)
        presenter.checked.connect(self._on_checked)
        presenter.undo_changed.connect(self._show_undo)
        presenter.save_state_changed.connect(self._show_save_state)
        self.form.edited.connect(self._on_form_edited)
        self.images.files_dropped.connect(presenter.add_files)
        self.images.chosen.connect(lambda them, whole: presenter.intake.take(them, is_whole=whole))
        presenter.intake.offered.connect(self._on_images_offered)
        self.images.images_changed.connect(presenter.set_images)
        self.images.part_wanted.connect(presenter.cut_out)
        self.images.use_edited.connect(presenter.edit_image)
        self.images.marks_drawn.connect(presenter.edit_marks)
        self.images.layout_chosen.connect(presenter.set_layout)
        self.images.links_chosen.connect(presenter.set_links)
        self.images.key_drawn.connect(self.form.take_key_regions)
        self.form.drawing_changed.connect(self._choose_hand)
        self.checklist.field_requested.connect(self.focus_field)
        self.checklist.blinding_requested.connect(self._on_blinding_requested)
        self.drafts_list.selectionModel().currentChanged.connect(self._on_draft_chosen)
        self.format_box.activated.connect(
            lambda _: presenter.switch_format(AnswerFormat(self.format_box.currentData()))
        )
        self.reason.textChanged.connect(self._on_reason_changed)
        self.undo_button.clicked.connect(presenter.undo)
        self.redo_button.clicked.connect(presenter.redo)
        self.finish_button.clicked.connect(self._on_finish_clicked)
        self.tabs.currentChanged.connect(lambda _: self._show_preview())
        self.history.restored.connect(self._on_restored)
        for keys, slot in (
            ("Ctrl+Z", presenter.undo),
            ("Ctrl+Shift+Z", presenter.redo),
            ("Ctrl+Y", presenter.redo),
            ("Ctrl+S", presenter.flush),
            ("Ctrl+Return", self._on_finish_clicked),
            ("Ctrl+D", self.drafts_button.click),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    @Slot(str)
    def focus_field(self, field: str) -> None:
        """Show a field and put the cursor into it."""
        if field == "images":
            self.tabs.setCurrentWidget(self.images)
            return
        widget = self.form.focus_field(field)
        if widget is not None:
            self._scroll.ensureWidgetVisible(widget, 0, theme.space(6))

    @Slot(object)
    def _on_drafts_listed(self, lines: list[QuestionSummary]) -> None:
        blocker = QSignalBlocker(self.drafts_list.selectionModel())
        self.drafts_model.set_lines(lines)
        self._mark_current()
        blocker.unblock()
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
        self._shows_problems = False
        self._title.setText(self.tr("Question %1").replace("%1", str(opened.question.number)))
        self._chip.show_stage(opened.question.stage)
        self._read_only.setVisible(not is_editable)
        self._read_only_text.setText(opened.refusal)
        self.form.setEnabled(is_editable)
        self.format_box.setEnabled(is_editable)
        has_history = opened.question.current_revision is not None
        self.reason.setVisible(has_history and is_editable)
        self.reason.setText(self._reasons.get(opened.question.id, ""))
        self._show_draft(opened.draft)
        self.history.refresh()
        self._scroll.verticalScrollBar().setValue(0)
        with QSignalBlocker(self.drafts_list.selectionModel()):
            self._mark_current()
        self._show_save_state()
        self._show_findings()
        self._arrange()

    def _show_draft(self, draft: Draft) -> None:
        self.form.show_draft(draft)
        self.format_box.setCurrentIndex(self.format_box.findData(draft.body.format))
        self._show_images(draft)
        self._show_preview()

    def _show_images(self, draft: Draft) -> None:
        count = len(draft.body.images)
        opened = self.presenter.current
        is_editable = opened is not None and not opened.refusal
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
        self._drafts_pane.setVisible(shows)
        self.drafts_button.setChecked(shows)
        if opened is None:
            return
        # The layout has not heard of the list yet, so its room is reckoned here.
        taken = self._drafts_pane.width() + theme.space(4) if shows else 0
        room = self.width() - theme.space(4) - taken
        half = self.window().width() // 2 + theme.space(2)
        right = max(half, room * 11 // 20) if has_images else room * 2 // 5
        self._splitter.setSizes([max(room - right, theme.space(90)), right])

    def _mark_current(self) -> None:
        opened = self.presenter.current
        row = None if opened is None else self.drafts_model.row_of(opened.question.id)
        index = QModelIndex() if row is None else self.drafts_model.index(row)
        self.drafts_list.setCurrentIndex(index)

    @Slot(object, str)
    def _on_form_edited(self, draft: Draft, field: str) -> None:
        opened = self.presenter.current
        if opened is None:
            return
        # Images are edited beside the form, so the form may hold older ones.
        kept = opened.draft.body
        if in_view(draft.body) != in_view(kept):
            body = replace(draft.body, images=kept.images, layout=kept.layout, links=kept.links)
            draft = replace(draft, body=body)
        # Each region drawn is a step of its own, however fast the next one follows.
        is_drawn = isinstance(self.form.editor, RegionEditor) and field == "key"
        self.presenter.edit(draft, field, joins=not is_drawn)
        self._choose_hand()
        self._preview_pause.start()

    @Slot(object)
    def _on_images_offered(self, found: Choices) -> None:
        self.tabs.setCurrentWidget(self.images)
        self.images.offer(found, room=self.presenter.room())

    @Slot(object, str)
    def _on_draft_replaced(self, draft: Draft, field: str) -> None:
        self._show_draft(draft)
        self.history.refresh()
        if field and field != "images":
            self.focus_field(field)

    @Slot(object, object)
    def _on_checked(self, problems: tuple[Problem, ...], hints: tuple[Hint, ...]) -> None:
        self._problems, self._hints = problems, hints
        self._show_findings()
        self.form.show_hints(hints)
        if self._shows_problems:
            self.form.show_problems(problems)

    def _show_findings(self) -> None:
        elsewhere = [hint for hint in self._hints if not self.form.shows_hints_of(hint.field)]
        is_finished = self.presenter.is_finished
        self.checklist.show_findings(self._problems, elsewhere, is_finished=is_finished)
        opened = self.presenter.current
        is_open = opened is not None and not opened.refusal
        self.finish_button.setEnabled(is_open and not is_finished)

    @Slot()
    def _on_blinding_requested(self) -> None:
        if self.presenter.current is not None:
            self.context.open_question("blind", self.presenter.current.question.id)

    @Slot()
    def _on_finish_clicked(self) -> None:
        opened = self.presenter.current
        if self.presenter.finish(self.reason.text().strip()):
            if opened is not None:
                self._reasons.pop(opened.question.id, None)
            self.reason.clear()
            self.form.show_problems(())
            return
        self._shows_problems = True
        self.form.show_problems(self._problems)
        if self._problems:
            self.focus_field(self._problems[0].field)

    @Slot(str)
    def _on_reason_changed(self, text: str) -> None:
        opened = self.presenter.current
        if opened is not None:
            self._reasons[opened.question.id] = text

    @Slot(int)
    def _on_restored(self, number: int) -> None:
        text = self.tr("Restored from revision %1").replace("%1", str(number))
        self.reason.setText(text)
        self.context.messages.done(
            self.tr("Revision %1 is the draft now. Ctrl+Z takes that back.").replace(
                "%1", str(number)
            )
        )

    @Slot()
    def _show_undo(self) -> None:
        self.undo_button.setEnabled(self.presenter.can_undo)
        self.redo_button.setEnabled(self.presenter.can_redo)

    @Slot()
    def _show_save_state(self) -> None:
        self._show_findings()
        if self.presenter.has_failed:
            theme.set_role(self._saved, "alarm")
            self._saved.setText(self.tr("Not saved yet; trying again"))
        else:
            theme.set_role(self._saved, "hint")
            self._saved.setText(self.tr("Saving…") if self.presenter.is_dirty else "")

    @Slot()
    def _show_preview(self) -> None:
        blind = self.presenter.preview()
        if self.tabs.currentWidget() is self.preview and blind is not None:
            self.preview.show_question(blind)

    def _on_new_requested(self, answer_format: AnswerFormat) -> None:
        self.presenter.create(answer_format)
        self.form.stem.setFocus()

    @Slot(QModelIndex, QModelIndex)
    def _on_draft_chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid() and not self.presenter.open(
            self.drafts_model.line_at(current.row()).id
        ):
            with QSignalBlocker(self.drafts_list.selectionModel()):
                self._mark_current()

    @Slot(bool)
    def _on_drafts_toggled(self, shown: bool) -> None:
        self._wants_drafts = shown
        self._arrange()
