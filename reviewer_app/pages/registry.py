"""The pages of the rail in working order; a page's module is imported when it is first shown."""

from dataclasses import dataclass
from importlib import import_module
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from core.domain.people import Person, Role
from reviewer_app.pages.base import Page

_CONTEXT: Final = "pages"


@dataclass(frozen=True, slots=True)
class PageEntry:
    """What the rail shows of a page before it is loaded.

    `purpose` is its tooltip; people without any of `roles` do not see the page.
    """

    name: str
    title: str
    icon: str
    purpose: str
    roles: frozenset[Role]

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


def _noop(text: str) -> str:
    return str(QT_TRANSLATE_NOOP(_CONTEXT, text))


def _entry(title: str, icon: str, purpose: str, *roles: Role) -> PageEntry:
    return PageEntry(title.lower(), title, f"mdi6.{icon}", purpose, frozenset((*roles, Role.LEAD)))


_WRITERS: Final = (Role.AUTHOR,)
_JUDGES: Final = (Role.VERIFIER, Role.ADJUDICATOR)

PAGES: Final = (
    _entry(_noop("Library"), "bookshelf", _noop("Find and sort questions"), *_WRITERS),
    _entry(_noop("Author"), "pencil-outline", _noop("Write and change questions"), *_WRITERS),
    _entry(_noop("Blind"), "eye-off-outline", _noop("Hide sources and patients"), *_WRITERS),
    _entry(_noop("Verify"), "check-decagram-outline", _noop("Answer, then judge"), *_JUDGES),
    _entry(_noop("Baseline"), "account-clock-outline", _noop("Read under rules"), Role.READER),
    _entry(_noop("Evaluate"), "robot-outline", _noop("Ask language models")),
    _entry(_noop("Judge"), "gavel", _noop("Grade answers, check judges"), *_JUDGES),
    _entry(_noop("Results"), "chart-box-outline", _noop("People beside models"), Role.ADJUDICATOR),
    _entry(_noop("Exchange"), "swap-horizontal", _noop("Import and export"), *_WRITERS),
    _entry(_noop("Packages"), "package-variant-closed", _noop("Send work out, bring it together")),
)

ASIDE: Final = (
    PageEntry(
        "backups",
        _noop("Backups"),
        "mdi6.backup-restore",
        _noop("Go back to an earlier state"),
        frozenset(Role),
    ),
)
"""Pages that the menu offers, not the rail; everybody sees them."""


SEND_BACK: Final = PageEntry(
    "sendback",
    _noop("Send back"),
    "mdi6.package-up",
    _noop("Put your work into one file for the study lead"),
    frozenset(Role),
)
"""The last page of a workspace that was opened from a package."""

_OF_PACKAGES: Final = {Role.VERIFIER: "verify", Role.READER: "baseline"}


def pages_for(person: Person, *, is_limited: bool = False) -> tuple[PageEntry, ...]:
    """Return the pages a person sees: a reader only their own stage, a study lead all.

    A workspace that came in a package `is_limited` to the work that was sent, and the way back.
    """
    if is_limited:
        names = [name for role, name in _OF_PACKAGES.items() if person.has_role(role)]
        return (*(page_entry(name) for name in names), SEND_BACK)
    return tuple(entry for entry in PAGES if person.has_role(*entry.roles))


def page_entry(name: str) -> PageEntry:
    """Return the entry with this name."""
    return next(entry for entry in (*PAGES, *ASIDE, SEND_BACK) if entry.name == name)
