"""The Library page: a table over all questions with search, filters and a detail pane."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from core.changes import Changes
from core.domain.stage import Stage
from reviewer_app import theme
from reviewer_app.context import AppContext
from reviewer_app.models.library import LibraryTableModel
from reviewer_app.pages.base import Page
from reviewer_app.pages.library.filter_bar import FilterBar
from reviewer_app.pages.library.moves import Move
from reviewer_app.pages.library.presenter import Detail, LibraryPresenter
from reviewer_app.pages.library.table import LibraryTable
from reviewer_app.undoing import add_undo_keys
from reviewer_app.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from core.domain.plain import Plain
    from reviewer_app.pages.library.bin_bar import BinBar
    from reviewer_app.pages.library.bulk_bar import BulkBar
    from reviewer_app.pages.library.detail import DetailPane

_REASONS: Final = "library.reasons"
_PANE_PX: Final = 300
_THUMBNAIL_PX: Final = 88


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
        self.filter_bar = FilterBar(self)
        self._pane: DetailPane | None = None
        self._sought = ""
        self._wanted = ""
        self._lay_out()
        self._connect()

    def activate(self) -> None:
        self.presenter.refresh()

    def apply_changes(self, changes: Changes) -> None:
        if self.presenter.note_changes(changes) and self.isVisible():
            self.presenter.refresh()

    def position(self) -> Plain:
        return {"record": self._sought if self._shown is None else self._shown.summary.id}

    def go_to(self, position: Plain) -> None:
        # The lines are still on their way.
        self._sought = str(position.get("record") or "")

    def unsent(self) -> dict[tuple[str, str], Plain]:
        boxes = {}
        if self._pane is not None:
            boxes["detail"] = self._pane.reason_box
        if "bulk_bar" in vars(self):
            boxes["bulk"] = self.bulk_bar.reason_box
        begun: Plain = {name: box.begun() for name, box in boxes.items() if box.begun()}
        return {(_REASONS, ""): begun} if begun else {}

    def take_unsent(self, unsent: Mapping[tuple[str, str], Plain]) -> None:
        begun = unsent.get((_REASONS, ""), {})
        if "detail" in begun:
            self.detail.reason_box.take_begun(begun["detail"])
        if "bulk" in begun:
            self.bulk_bar.reason_box.take_begun(begun["bulk"])

    def show_question(self, question_id: str) -> None:
        # The lines may still be on their way.
        self._wanted = "" if self.table.choose(question_id) else question_id

    def offer_new_question(self) -> bool:
        self.filter_bar.offer_new_question()
        return True

    def take_focus(self) -> None:
        if self._stack.currentWidget() is self._splitter:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        super().take_focus()

    def focus_search(self) -> bool:
        self.filter_bar.focus_search()
        return True

    def _lay_out(self) -> None:
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._splitter.addWidget(self.table)
        self._splitter.setChildrenCollapsible(False)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._splitter)
        self._bars = QVBoxLayout()
        self._bars.setSpacing(theme.space(3))
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.space(4), theme.space(4), theme.space(4), theme.space(2))
        column.setSpacing(theme.space(3))
        column.addWidget(self.filter_bar)
        column.addLayout(self._bars)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        presenter = self.presenter
        presenter.lines_changed.connect(self._on_lines_changed)
        presenter.counts_changed.connect(self.filter_bar.show_counts)
        presenter.choices_changed.connect(self.filter_bar.show_choices)
        presenter.detail_changed.connect(self._on_detail_changed)
        presenter.flagged_counted.connect(self.filter_bar.show_flagged)
        presenter.moves.done.connect(self._on_moved)
        self.filter_bar.search_changed.connect(presenter.set_search)
        self.filter_bar.filters_changed.connect(presenter.set_filters)
        self.filter_bar.new_wanted.connect(presenter.create)
        self.table.chosen.connect(self._on_chosen)
        self.table.several_chosen.connect(self._show_bulk)
        self.table.open_requested.connect(self._on_open_requested)
        self.table.delete_requested.connect(self._on_delete_requested)
        add_undo_keys(self, presenter.undo, presenter.redo)

    @property
    def _shown(self) -> Detail | None:
        return self._pane.detail if self._pane is not None else None

    @property
    def detail(self) -> DetailPane:
        """The pane beside the table; made when a question is first chosen."""
        if self._pane is None:
            from reviewer_app.pages.library.detail import DetailPane

            presenter = self.presenter
            self._pane = DetailPane(presenter.compare, presenter.name_of, self)
            self._pane.setMinimumWidth(_PANE_PX)
            self._pane.hide()
            self._splitter.addWidget(self._pane)
            self._splitter.setStretchFactor(0, 1)
            self._splitter.setSizes([860, 340])
            self._pane.page_requested.connect(presenter.open_on)
            self._pane.restore_requested.connect(self._on_restore_requested)
            self._pane.move_confirmed.connect(self._on_move_confirmed)
        return self._pane

    @cached_property
    def bulk_bar(self) -> BulkBar:
        """What may be done with the chosen questions; made when several are first chosen."""
        from reviewer_app.pages.library.bulk_bar import BulkBar

        bar = BulkBar(self)
        bar.confirmed.connect(self._on_bulk_confirmed)
        bar.none_wanted.connect(self.table.clearSelection)
        self._bars.addWidget(bar)
        return bar

    @cached_property
    def bin_bar(self) -> BinBar:
        """The way to empty the bin; made when the bin is first looked into."""
        from reviewer_app.pages.library.bin_bar import BinBar

        bar, moves = BinBar(self), self.presenter.moves
        bar.emptying_asked.connect(lambda: bar.ask_to_empty(moves.deleted()))
        bar.empty_confirmed.connect(moves.empty_bin)
        self._bars.insertWidget(0, bar)
        return bar

    @cached_property
    def empty(self) -> EmptyState:
        """What is shown before the first question."""
        return self._add_state(
            "mdi6.bookshelf",
            self.tr("No questions yet"),
            self.tr(
                "The library lists every question with its stage. Write the first one, or "
                "bring questions in on the Exchange page."
            ),
            action=self.tr("New question"),
            on_action=self.offer_new_question,
        )

    @cached_property
    def nothing_found(self) -> EmptyState:
        """What is shown where no question passes."""
        return self._add_state(
            "mdi6.magnify-close",
            self.tr("Nothing found"),
            self.tr("No question passes the search and the filters."),
            action=self.tr("Show all questions"),
            on_action=self.filter_bar.show_all,
        )

    @cached_property
    def bin_empty(self) -> EmptyState:
        """What is shown in an empty bin."""
        return self._add_state(
            "mdi6.delete-outline",
            self.tr("The bin is empty"),
            self.tr("Deleted questions wait here, as they were, until somebody restores them."),
        )

    def _add_state(
        self,
        icon_name: str,
        title: str,
        sentence: str,
        *,
        action: str = "",
        on_action: Callable[[], object] | None = None,
    ) -> EmptyState:
        state = EmptyState(
            icon_name, title, sentence, action=action, on_action=on_action, parent=self
        )
        self._stack.addWidget(state)
        return state

    @Slot(object)
    def _on_lines_changed(self, lines: list[object]) -> None:
        self._replace_rows(lines)
        self._show_bulk()
        if self._sought and self.table_model.row_of(self._sought) is not None:
            sought, self._sought = self._sought, ""
            self.table.choose(sought)
        self.filter_bar.show_found(len(lines))
        is_bin = self.presenter.filters.stage is Stage.IN_BIN
        if is_bin or "bin_bar" in vars(self):
            self.bin_bar.setVisible(is_bin and bool(lines))
        self._stack.setCurrentWidget(self._what_to_show(is_bin=is_bin, has_lines=bool(lines)))
        if self._wanted and self.table.choose(self._wanted):
            self._wanted = ""
        if self.hasFocus():
            self.take_focus()
        self.filled.emit()

    def _replace_rows(self, lines: list[object]) -> None:
        chosen = self._shown.summary.id if self._shown is not None else ""
        several = {one.id for one in self.table.chosen_lines()}
        # The pane keeps its question while the rows are replaced.
        blocked = self.table.blockSignals(True)
        self.table_model.set_flags(self.presenter.flags)
        self.table_model.set_lines(lines)  # type: ignore[arg-type]  # signals carry objects
        self.table.fit_columns()
        if len(several) > 1:
            self.table.choose_all_of(several)
        else:
            self.table.choose(chosen)
        self.table.blockSignals(blocked)

    def _what_to_show(self, *, is_bin: bool, has_lines: bool) -> QWidget:
        if has_lines:
            return self._splitter
        if is_bin:
            return self.bin_empty
        if self.presenter.is_empty:
            return self.empty
        return self.nothing_found if self.presenter.is_narrowed else self._splitter

    @Slot(object)
    def _on_detail_changed(self, detail: Detail | None) -> None:
        before = self._shown
        if detail is None and self._pane is None:
            return
        self.detail.show_detail(detail)
        # The table has all the room until a question is chosen.
        self.detail.setVisible(detail is not None)
        if detail is None or not detail.body.images:
            return
        if before is not None and before.body.images == detail.body.images:
            return
        self.presenter.fetch_thumbnails(
            detail.body, _THUMBNAIL_PX, partial(self._show_thumbnails, detail.summary.id)
        )

    def _show_thumbnails(self, question_id: str, pictures: list[bytes]) -> None:
        if self._shown is not None and self._shown.summary.id == question_id:
            self.detail.show_thumbnails(pictures)

    @Slot(str)
    def _on_open_requested(self, question_id: str) -> None:
        self.presenter.choose(question_id)
        detail = self._shown
        if detail is None:
            return
        for page in ("author", "blind", "verify"):
            if page in detail.steps:
                self.presenter.open_on(page, question_id)
                return

    @Slot(str)
    def _on_restore_requested(self, revision: str) -> None:
        if self._shown is not None:
            self.presenter.restore(self._shown.summary, revision)

    @Slot(str)
    def _on_chosen(self, question_id: str) -> None:
        self.presenter.choose(question_id or None)
        self._show_bulk()

    @Slot()
    def _show_bulk(self) -> None:
        count = self.table.chosen_count()
        if count < 2:
            if "bulk_bar" in vars(self):
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
        if self._shown is not None:
            self.presenter.moves.make(move, [self._shown.summary], reason)

    @Slot(object, str)
    def _on_bulk_confirmed(self, move: Move, reason: str) -> None:
        moves = self.presenter.moves
        moves.make(move, moves.open_to(move, self.table.chosen_lines()), reason)

    @Slot(object)
    def _on_moved(self, _move: Move) -> None:
        self.table.setFocus()
