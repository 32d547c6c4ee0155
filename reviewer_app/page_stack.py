"""The pages of one person in one workspace: loaded when first shown, told of every change."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from core.changes import Changes
from core.domain.people import Person
from reviewer_app.context import AppContext
from reviewer_app.pages.base import Page
from reviewer_app.pages.registry import ASIDE, PageEntry, page_entry, pages_for
from reviewer_app.waiting import count_waiting

if TYPE_CHECKING:
    from core.domain.plain import Plain

_SETTLE_MS = 150


class PageStack(QStackedWidget):
    """Shows one page at a time.

    Signals: `page_shown(str)`; `waiting_counted(str, int)`, what waits for me on a page;
    `page_filled()`, a page has put on screen what it fetched.
    """

    page_shown = Signal(str)
    waiting_counted = Signal(str, int)
    page_filled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context: AppContext | None = None
        self._entries: tuple[PageEntry, ...] = ()
        self._loaded: dict[str, Page] = {}
        self._unsent: Mapping[tuple[str, str], Plain] = {}
        self._recount = QTimer(self)
        self._recount.setSingleShot(True)
        self._recount.setInterval(_SETTLE_MS)
        self._recount.timeout.connect(self._on_recount_due)

    @property
    def entries(self) -> tuple[PageEntry, ...]:
        """The pages this person may see."""
        return self._entries

    @property
    def loaded(self) -> Mapping[str, Page]:
        """The pages that were shown so far, by name."""
        return self._loaded

    def open(
        self,
        context: AppContext,
        person: Person,
        unsent: Mapping[tuple[str, str], Plain] | None = None,
    ) -> None:
        """Start afresh for a person, who goes on with what was `unsent`."""
        self.close_pages()
        self._unsent = unsent or {}
        self._context = context
        is_limited = context.workspace.limits is not None
        self._entries = pages_for(person, is_limited=is_limited)
        self._recount.start()

    def close_pages(self) -> None:
        """Store what is being edited and drop all pages."""
        self._recount.stop()
        self.leave_current()
        for page in self._loaded.values():
            self.removeWidget(page)
            page.hide()
            page.deleteLater()
        self._loaded.clear()
        self._entries = ()
        self._context = None

    def leave_current(self) -> None:
        """Let the page in front store what is being edited."""
        page = self.current_page()
        if page is not None:
            page.leave()

    def current_page(self) -> Page | None:
        """Return the page in front."""
        page = self.currentWidget()
        return page if isinstance(page, Page) else None

    def page(self, name: str) -> Page:
        """Return a page, loading it first where that was not needed yet."""
        if name not in self._loaded:
            assert self._context is not None  # noqa: S101 - pages exist in a workspace only
            page = page_entry(name).load()(self._context, self)
            page.waiting_changed.connect(lambda count: self.waiting_counted.emit(name, count))
            page.filled.connect(self.page_filled)
            page.take_unsent(self._unsent)
            self._loaded[name] = page
            self.addWidget(page)
            if page.shows_images:
                QTimer.singleShot(0, self, partial(self._get_ready_for_images, self._context))
        return self._loaded[name]

    def show_page(self, name: str) -> bool:
        """Bring a page to the front; False when this person does not see it."""
        if all(entry.name != name for entry in (*self._entries, *ASIDE)):
            return False
        page = self.page(name)
        if page is not self.currentWidget():
            self.leave_current()
            self.setCurrentWidget(page)
        page.activate()
        self.page_shown.emit(name)
        self._recount.start()
        return True

    def show_question(self, name: str, question_id: str) -> bool:
        """Show a question on a page; False when this person does not see that page."""
        if not self.show_page(name):
            return False
        self.page(name).show_question(question_id)
        return True

    def has_unsaved(self) -> bool:
        """Tell whether any page holds something that could not be stored."""
        return any(page.has_unsaved() for page in self._loaded.values())

    @Slot(object)
    def apply_changes(self, changes: Changes) -> None:
        """Tell every loaded page what changed and count again what waits."""
        for page in tuple(self._loaded.values()):
            page.apply_changes(changes)
        self._recount.start()

    def _get_ready_for_images(self, context: AppContext) -> None:
        """Let helpers load while the page is looked at; they are not needed for the start."""
        if context is self._context:
            images = context.workspace.images
            context.operations.ask_later("", lambda *_: images.warm_up(), on_done=lambda _: None)

    @Slot()
    def _on_recount_due(self) -> None:
        if self._context is None:
            return
        for name, page in self._loaded.items():
            self.waiting_counted.emit(name, page.waiting_count())
        context = self._context
        absent = frozenset(entry.name for entry in self._entries) - self._loaded.keys()

        def show(counts: dict[str, int]) -> None:
            if context is self._context:
                for name, count in counts.items():
                    if name not in self._loaded:
                        self.waiting_counted.emit(name, count)

        context.operations.ask_later(
            "", lambda _token, _report: count_waiting(context, absent), on_done=show
        )
