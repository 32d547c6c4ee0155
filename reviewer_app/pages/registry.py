"""The pages of the rail in working order; a page's module is imported when it is first shown."""

from dataclasses import dataclass
from importlib import import_module
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from reviewer_app.pages.base import Page

_CONTEXT: Final = "pages"


@dataclass(frozen=True, slots=True)
class PageEntry:
    """What the rail shows of a page before it is loaded; `purpose` is its tooltip."""

    name: str
    title: str
    icon: str
    purpose: str

    @property
    def display_title(self) -> str:
        """The caption in the language of the window."""
        return QCoreApplication.translate(_CONTEXT, self.title)

    @property
    def display_purpose(self) -> str:
        """What the page is for, in the language of the window."""
        return QCoreApplication.translate(_CONTEXT, self.purpose)

    def load(self) -> type[Page]:
        """Import the page."""
        page: type[Page] = import_module(f"reviewer_app.pages.{self.name}").PAGE
        return page


def _entry(name: str, title: str, icon: str, purpose: str) -> PageEntry:
    return PageEntry(name, title, icon, purpose)


def _noop(text: str) -> str:
    return str(QT_TRANSLATE_NOOP(_CONTEXT, text))


PAGES: Final = (
    _entry("library", _noop("Library"), "mdi6.bookshelf", _noop("All questions, find and sort")),
    _entry("author", _noop("Author"), "mdi6.pencil-outline", _noop("Write and change questions")),
    _entry("blind", _noop("Blind"), "mdi6.eye-off-outline", _noop("Hide sources and patients")),
    _entry("verify", _noop("Verify"), "mdi6.check-decagram-outline", _noop("Answer, then judge")),
    _entry("baseline", _noop("Baseline"), "mdi6.account-clock-outline", _noop("Read under rules")),
    _entry("evaluate", _noop("Evaluate"), "mdi6.robot-outline", _noop("Ask language models")),
    _entry(
        "results", _noop("Results"), "mdi6.chart-box-outline", _noop("Compare people and models")
    ),
    _entry("exchange", _noop("Exchange"), "mdi6.swap-horizontal", _noop("Import and export")),
)
