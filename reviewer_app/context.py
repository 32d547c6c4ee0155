"""What every page is given: the open workspace and the ways to talk to it."""

from collections.abc import Callable
from dataclasses import dataclass

from core.domain.people import Person
from core.workspace import Workspace
from reviewer_app.messages import Messages
from reviewer_app.operations import Operations


@dataclass(frozen=True, slots=True)
class AppContext:
    """The open workspace, operations on it, messages to the user.

    `open_question(page, question_id)` shows a question on another page ("author", "blind",
    "verify"), so that pages need not know each other.
    """

    workspace: Workspace
    operations: Operations
    messages: Messages
    open_question: Callable[[str, str], None]

    def me(self) -> Person:
        """Return the person who sits here now."""
        return self.workspace.people.me()
