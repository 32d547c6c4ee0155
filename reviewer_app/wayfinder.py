"""Which page comes to the front: where work waits, where somebody was, what was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from reviewer_app.waiting import landing_page

if TYPE_CHECKING:
    from core.domain.plain import Plain
    from reviewer_app.context import AppContext
    from reviewer_app.keeper import Keeper
    from reviewer_app.page_stack import PageStack


class Wayfinder(QObject):
    """Brings pages to the front for the person who sits here.

    Signals: `arrived()`, a page was brought to the front.
    """

    arrived = Signal()

    def __init__(self, pages: PageStack, keeper: Keeper, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pages = pages
        self._keeper = keeper
        self._context: AppContext | None = None

    def begin(self, context: AppContext) -> None:
        """Show what this person was at before a crash, else where work waits."""
        self._context = context
        if not self._go_on():
            self._show_what_waits(context)

    def stop(self) -> None:
        """Show nothing more: the workspace closes."""
        self._context = None

    def show_page(self, name: str) -> bool:
        """Show a page; False when this person does not see it."""
        if self._context is None or not self._pages.show_page(name):
            return False
        self.arrived.emit()
        self._pages.page(name).take_focus()
        return True

    def show_question(self, page: str, question_id: str) -> None:
        """Show a question on a page, or say that this person does not see it."""
        if self._pages.show_question(page, question_id):
            self._pages.page(page).take_focus()
        else:
            self._say_unseen()

    def show_place(self, page: str, position: Plain) -> None:
        """Show what `position` of a page told, or say that this person does not see it."""
        if self._pages.show_page(page):
            self._pages.page(page).go_to(position)
        else:
            self._say_unseen()

    @Slot()
    def offer_new_question(self) -> None:
        """Offer the formats of a new question, on the library where no page in front does."""
        page = self._pages.current_page()
        if page is None or page.offer_new_question():
            return
        if self._pages.show_page("library"):
            self._pages.page("library").offer_new_question()

    @Slot()
    def find(self) -> None:
        """Put the cursor into a search box, that of the library where the page has none."""
        page = self._pages.current_page()
        if page is not None and not page.focus_search() and self._pages.show_page("library"):
            self._pages.page("library").focus_search()

    def _go_on(self) -> bool:
        position = self._keeper.position
        name = position.get("page")
        if not isinstance(name, str) or name not in {one.name for one in self._pages.entries}:
            return False
        self.show_page(name)
        self._pages.page(name).go_to(position)
        self._keeper.seek_focus()
        return True

    def _show_what_waits(self, context: AppContext) -> None:
        names = [entry.name for entry in self._pages.entries]
        if not names:
            return
        landing = context.operations.ask(
            self.tr("Looking for what waits"), lambda: landing_page(context, names)
        )
        self.show_page(landing or names[0])

    def _say_unseen(self) -> None:
        if self._context is not None:
            self._context.messages.note(
                self.tr("%1 does not see this page.").replace("%1", self._context.me().name),
                self.tr("Choose another person at the lower left."),
            )
