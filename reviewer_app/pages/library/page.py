"""The Library page: a table over all questions with search, filters and a detail pane."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core.changes import Changes
from core.domain.body import AnswerFormat
from core.domain.plain import Plain
from core.domain.stage import IN_USE, Stage
from reviewer_app import theme
from reviewer_app.context import AppContext
from reviewer_app.models.library import LibraryTableModel
from reviewer_app.pages.base import Page
from reviewer_app.pages.library.bin_bar import BinBar
from reviewer_app.pages.library.bulk_bar import BulkBar
from reviewer_app.pages.library.detail import THUMBNAIL_PX, DetailPane
from reviewer_app.pages.library.moves import Move
from reviewer_app.pages.library.presenter import Detail, Filters, LibraryPresenter
from reviewer_app.pages.library.table import LibraryTable
from reviewer_app.undoing import add_undo_keys
from reviewer_app.widgets.empty_state import EmptyState
from reviewer_app.wording import format_icon, format_name, format_purpose, question_count

_SEARCH_PAUSE_MS = 180
_REASONS: Final = "library.reasons"


class LibraryPage(Page):
    """Find, sort and look at questions; start new ones."""

    name = "library"
    title = "Library"
    icon = "mdi6.bookshelf"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        theme.set_role(self, "page")
        self.presenter = LibraryPresenter(context, self)
        self.table_model = LibraryTableModel(self)
        self.table = LibraryTable(self.table_model, self)
        self.detail = DetailPane(self.presenter.compare, self.presenter.name_of, self)
        self._sought = ""
        self.search_box = self._make_search_box()
        self._search_pause = QTimer(self)
        self._search_pause.setSingleShot(True)
        self._search_pause.setInterval(_SEARCH_PAUSE_MS)
        self._search_pause.timeout.connect(self._on_search_paused)
        self.format_box = self._make_filter(self.tr("Any format"))
        for one in AnswerFormat:
            self.format_box.addItem(format_name(one), one)
        self.specialty_box = self._make_filter(self.tr("Any specialty"))
        self.capacity_box = self._make_filter(self.tr("Any capacity"))
        self.new_menu = self._make_new_menu()
        self.stage_chips = self._make_stage_chips()
        self.bulk_bar = BulkBar(self)
        self.bin_bar = BinBar(self)
        self._count = QLabel(self)
        theme.set_role(self._count, "hint")
        self._wanted = ""
        self._lay_out()
        self._connect()

    def activate(self) -> None:
        self.presenter.refresh()

    def apply_changes(self, changes: Changes) -> None:
        if self.presenter.note_changes(changes) and self.isVisible():
            self.presenter.refresh()

    def position(self) -> Plain:
        shown = self.detail.detail
        return {"record": self._sought if shown is None else shown.summary.id}

    def go_to(self, position: Plain) -> None:
        # The lines are still on their way.
        self._sought = str(position.get("record") or "")

    def unsent(self) -> dict[tuple[str, str], Plain]:
        boxes = {"detail": self.detail.reason_box, "bulk": self.bulk_bar.reason_box}
        begun: Plain = {name: box.begun() for name, box in boxes.items() if box.begun()}
        return {(_REASONS, ""): begun} if begun else {}

    def take_unsent(self, unsent: Mapping[tuple[str, str], Plain]) -> None:
        begun = unsent.get((_REASONS, ""), {})
        self.detail.reason_box.take_begun(begun.get("detail", {}))
        self.bulk_bar.reason_box.take_begun(begun.get("bulk", {}))

    def show_question(self, question_id: str) -> None:
        # The lines may still be on their way.
        self._wanted = "" if self.table.choose(question_id) else question_id

    def offer_new_question(self) -> bool:
        self.new_button.showMenu()
        return True

    def take_focus(self) -> None:
        if self._stack.currentWidget() is self._splitter:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        super().take_focus()

    def focus_search(self) -> bool:
        self.search_box.setFocus()
        self.search_box.selectAll()
        return True

    def _make_search_box(self) -> QLineEdit:
        box = QLineEdit(self)
        box.setPlaceholderText(self.tr("Search questions, options, labels"))
        box.setClearButtonEnabled(True)
        box.addAction(theme.icon("mdi6.magnify"), QLineEdit.ActionPosition.LeadingPosition)
        box.setAccessibleName(self.tr("Search"))
        box.setToolTip(self.tr("Search (Ctrl+F)"))
        box.setMinimumWidth(200)
        return box

    def _make_filter(self, any_text: str) -> QComboBox:
        box = QComboBox(self)
        box.addItem(any_text, None)
        box.setAccessibleName(any_text)
        box.setToolTip(self.tr("Show only questions of one kind"))
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(13)
        box.activated.connect(self._on_filter_activated)
        return box

    def _make_new_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for one in AnswerFormat:
            action = menu.addAction(theme.icon(format_icon(one)), format_name(one))
            action.setToolTip(format_purpose(one))
            action.triggered.connect(partial(self.presenter.create, one))
        return menu

    def _make_stage_chips(self) -> dict[Stage | None, QPushButton]:
        group = QButtonGroup(self)
        chips: dict[Stage | None, QPushButton] = {}
        for stage in (None, *Stage):
            chip = QPushButton(self)
            chip.setCheckable(True)
            theme.set_kind(chip, "chip")
            chip.clicked.connect(partial(self._on_stage_clicked, stage))
            group.addButton(chip)
            chips[stage] = chip
        chips[None].setChecked(True)
        return chips

    def _lay_out(self) -> None:
        self.new_button = QPushButton(
            theme.icon("mdi6.plus", "on_accent"), self.tr("New question"), self
        )
        theme.set_kind(self.new_button, "primary")
        self.new_button.setToolTip(self.tr("New question (Ctrl+N)"))
        self.new_button.setMenu(self.new_menu)
        title = QLabel(self.tr("Library"), self)
        theme.set_role(title, "title")
        head = QHBoxLayout()
        head.setSpacing(theme.space(2))
        head.addWidget(title)
        head.addSpacing(theme.space(4))
        head.addWidget(self.search_box, 1)
        for box in (self.format_box, self.specialty_box, self.capacity_box):
            head.addWidget(box)
        head.addSpacing(theme.space(2))
        head.addWidget(self.new_button)
        chips = QHBoxLayout()
        chips.setSpacing(theme.space(1))
        for stage, chip in self.stage_chips.items():
            if stage is Stage.IN_BIN:
                chips.addSpacing(theme.space(4))
            chips.addWidget(chip)
        chips.addStretch(1)
        chips.addWidget(self._count)
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._splitter.addWidget(self.table)
        self._splitter.addWidget(self.detail)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setSizes([860, 340])
        self._splitter.setChildrenCollapsible(False)
        self.detail.setMinimumWidth(300)
        self.detail.hide()
        self.empty = EmptyState(
            "mdi6.bookshelf",
            self.tr("No questions yet"),
            self.tr(
                "The library lists every question with its stage. Write the first one, or "
                "bring questions in on the Exchange page."
            ),
            action=self.tr("New question"),
            on_action=self.offer_new_question,
            parent=self,
        )
        self.nothing_found = EmptyState(
            "mdi6.magnify-close",
            self.tr("Nothing found"),
            self.tr("No question passes the search and the filters."),
            action=self.tr("Show all questions"),
            on_action=self._on_show_all,
            parent=self,
        )
        self._stack = QStackedWidget(self)
        self.bin_empty = EmptyState(
            "mdi6.delete-outline",
            self.tr("The bin is empty"),
            self.tr("Deleted questions wait here, as they were, until somebody restores them."),
            parent=self,
        )
        for widget in (self._splitter, self.empty, self.nothing_found, self.bin_empty):
            self._stack.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.space(4), theme.space(4), theme.space(4), theme.space(2))
        column.setSpacing(theme.space(3))
        column.addLayout(head)
        column.addLayout(chips)
        column.addWidget(self.bin_bar)
        column.addWidget(self.bulk_bar)
        column.addWidget(self._stack, 1)
        QWidget.setTabOrder(self.search_box, self.format_box)

    def _connect(self) -> None:
        presenter = self.presenter
        presenter.lines_changed.connect(self._on_lines_changed)
        presenter.counts_changed.connect(self._on_counts_changed)
        presenter.choices_changed.connect(self._on_choices_changed)
        presenter.detail_changed.connect(self._on_detail_changed)
        self.search_box.textChanged.connect(lambda _: self._search_pause.start())
        self.search_box.returnPressed.connect(self._on_search_paused)
        self.table.chosen.connect(self._on_chosen)
        self.table.several_chosen.connect(self._show_bulk)
        self.table.open_requested.connect(self._on_open_requested)
        self.table.delete_requested.connect(self._on_delete_requested)
        self.bulk_bar.confirmed.connect(self._on_bulk_confirmed)
        self.bulk_bar.none_wanted.connect(self.table.clearSelection)
        self.bin_bar.emptying_asked.connect(
            lambda: self.bin_bar.ask_to_empty(presenter.moves.deleted())
        )
        self.bin_bar.empty_confirmed.connect(presenter.moves.empty_bin)
        presenter.moves.done.connect(self._on_moved)
        self.detail.page_requested.connect(presenter.open_on)
        self.detail.restore_requested.connect(self._on_restore_requested)
        add_undo_keys(self, presenter.undo, presenter.redo)
        self.detail.move_confirmed.connect(self._on_move_confirmed)

    @Slot(object)
    def _on_lines_changed(self, lines: list[object]) -> None:
        chosen = self.detail.detail.summary.id if self.detail.detail else ""
        several = {one.id for one in self.table.chosen_lines()}
        # The pane keeps its question while the rows are replaced.
        blocked = self.table.blockSignals(True)
        self.table_model.set_lines(lines)  # type: ignore[arg-type]  # signals carry objects
        if len(several) > 1:
            self.table.choose_all_of(several)
        else:
            self.table.choose(chosen)
        self.table.blockSignals(blocked)
        self._show_bulk()
        if self._sought and self.table_model.row_of(self._sought) is not None:
            sought, self._sought = self._sought, ""
            self.table.choose(sought)
        self._count.setText(question_count(len(lines)))
        is_bin = self.presenter.filters.stage is Stage.IN_BIN
        self.bin_bar.setVisible(is_bin and bool(lines))
        page: QWidget = self._splitter
        if is_bin and not lines:
            page = self.bin_empty
        elif self.presenter.is_empty and not is_bin:
            page = self.empty
        elif not lines and self.presenter.is_narrowed:
            page = self.nothing_found
        self._stack.setCurrentWidget(page)
        if self._wanted and self.table.choose(self._wanted):
            self._wanted = ""
        if self.hasFocus():
            self.take_focus()
        self.filled.emit()

    @Slot(object)
    def _on_counts_changed(self, counts: dict[Stage, int]) -> None:
        for stage, chip in self.stage_chips.items():
            number = sum(counts[one] for one in IN_USE) if stage is None else counts[stage]
            name = self.tr("All") if stage is None else stage.display_name
            chip.setText(f"{name}  {number}")

    @Slot(object, object)
    def _on_choices_changed(self, specialties: list[str], capacities: list[str]) -> None:
        for box, values in ((self.specialty_box, specialties), (self.capacity_box, capacities)):
            chosen = box.currentData()
            while box.count() > 1:
                box.removeItem(1)
            for value in values:
                box.addItem(value, value)
            box.setCurrentIndex(max(0, box.findData(chosen)))

    @Slot(object)
    def _on_detail_changed(self, detail: Detail | None) -> None:
        before = self.detail.detail
        self.detail.show_detail(detail)
        # The table has all the room until a question is chosen.
        self.detail.setVisible(detail is not None)
        if detail is None or not detail.body.images:
            return
        if before is not None and before.body.images == detail.body.images:
            return
        self.presenter.fetch_thumbnails(
            detail.body, THUMBNAIL_PX, partial(self._show_thumbnails, detail.summary.id)
        )

    def _show_thumbnails(self, question_id: str, pictures: list[bytes]) -> None:
        shown = self.detail.detail
        if shown is not None and shown.summary.id == question_id:
            self.detail.show_thumbnails(pictures)

    @Slot()
    def _on_search_paused(self) -> None:
        self._search_pause.stop()
        self.presenter.set_search(self.search_box.text())

    @Slot()
    def _on_filter_activated(self) -> None:
        chosen = self.format_box.currentData()  # Qt hands a StrEnum back as plain text
        self.presenter.set_filters(
            replace(
                self.presenter.filters,
                answer_format=AnswerFormat(chosen) if chosen else None,
                specialty=self.specialty_box.currentData() or "",
                capacity=self.capacity_box.currentData() or "",
            )
        )

    def _on_stage_clicked(self, stage: Stage | None) -> None:
        self.presenter.set_filters(replace(self.presenter.filters, stage=stage))

    def _on_show_all(self) -> None:
        for box in (self.format_box, self.specialty_box, self.capacity_box):
            box.setCurrentIndex(0)
        self.stage_chips[None].setChecked(True)
        self.search_box.clear()
        self.presenter.set_filters(Filters())
        self._on_search_paused()

    @Slot(str)
    def _on_open_requested(self, question_id: str) -> None:
        self.presenter.choose(question_id)
        detail = self.detail.detail
        if detail is None:
            return
        for page in ("author", "blind", "verify"):
            if page in detail.steps:
                self.presenter.open_on(page, question_id)
                return

    @Slot(str)
    def _on_restore_requested(self, revision: str) -> None:
        if self.detail.detail is not None:
            self.presenter.restore(self.detail.detail.summary, revision)

    @Slot(str)
    def _on_chosen(self, question_id: str) -> None:
        self.presenter.choose(question_id or None)
        self._show_bulk()

    @Slot()
    def _show_bulk(self) -> None:
        count = self.table.chosen_count()
        if count < 2:
            self.bulk_bar.show_chosen(count, {})
            return
        lines, moves = self.table.chosen_lines(), self.presenter.moves
        self.bulk_bar.show_chosen(count, {one: len(moves.open_to(one, lines)) for one in Move})

    @Slot()
    def _on_delete_requested(self) -> None:
        if self.table.chosen_count() > 1:
            self.bulk_bar.ask(Move.DELETE)
        else:
            self.detail.ask(Move.DELETE)

    @Slot(object, str)
    def _on_move_confirmed(self, move: Move, reason: str) -> None:
        if self.detail.detail is not None:
            self.presenter.moves.make(move, [self.detail.detail.summary], reason)

    @Slot(object, str)
    def _on_bulk_confirmed(self, move: Move, reason: str) -> None:
        moves = self.presenter.moves
        moves.make(move, moves.open_to(move, self.table.chosen_lines()), reason)

    @Slot(object)
    def _on_moved(self, _move: Move) -> None:
        self.table.setFocus()
