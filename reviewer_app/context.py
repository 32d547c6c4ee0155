"""What every page is given: the open workspace and the ways to talk to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from core.domain.people import Person, Role
from reviewer_app.messages import Messages
from reviewer_app.operations import Operations

if TYPE_CHECKING:
    # Blind pages import this module; the workspace knows keys.
    from core.domain.plain import Plain
    from core.workspace import Workspace


@dataclass(frozen=True, slots=True)
class AppContext:
    """The open workspace, operations on it, messages to the user.

    `open_question(page, question_id)` shows a question on another page ("author", "blind",
    "verify"), so that pages need not know each other; `open_place(page, position)` shows a place
    that the page's `go_to` knows. `reopen(page, sentence)` opens the
    workspace anew, because everything in it may be different, shows the page and says it.
    `repair(sentences)` closes the workspace and offers to repair what the sentences tell.
    """

    workspace: Workspace
    operations: Operations
    messages: Messages
    open_question: Callable[[str, str], None]
    reopen: Callable[[str, str], None] = lambda _page, _sentence: None
    open_place: Callable[[str, Plain], None] = lambda _page, _position: None
    repair: Callable[[Sequence[str]], None] = lambda _sentences: None

    def me(self) -> Person:
        """Return the person who sits here now."""
        return self.workspace.people.me()

    def name_of(self, person: str) -> str:
        """Return a name that may be told: any to a lead, to others only their own."""
        me = self.me()
        if person == me.id:
            return me.name
        if not me.has_role(Role.LEAD):
            return QCoreApplication.translate("AppContext", "somebody else")
        people = self.workspace.people.all()
        return next((one.name for one in people if one.id == person), "")
