"""The revisions before the draft on the desk: listed, compared, restored."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from core.domain.ids import RevisionId
from reviewer_app.context import AppContext
from reviewer_app.pages.author.draft_desk import DraftDesk

if TYPE_CHECKING:
    from core.domain.revision import Revision
    from core.domain.revision_diff import FieldDiff


class DraftHistory(QObject):
    """Reads earlier revisions; restoring one is an edit like any other."""

    def __init__(self, context: AppContext, desk: DraftDesk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._authoring = context.workspace.authoring
        self._desk = desk

    def revisions(self) -> list[Revision]:
        """Return the revisions of the question on the desk, first to last."""
        if self._desk.opened is None:
            return []
        question = self._desk.opened.question.id
        found = self._context.operations.ask(
            self.tr("Reading the history"), lambda: self._authoring.revisions(question)
        )
        return found or []

    def compare(self, before: str, after: str) -> tuple[FieldDiff, ...]:
        """Return what differs between two revisions; an empty id stands for the draft."""
        if self._desk.opened is None or not self._desk.flush():
            return ()
        question, me = self._desk.opened.question.id, self._context.me().id
        old, new = (RevisionId(one) if one else None for one in (before, after))
        found = self._context.operations.ask(
            self.tr("Comparing two revisions"),
            lambda: self._authoring.compare(question, old, new, viewer=me, with_key=True),
        )
        return found or ()

    def restore(self, revision: str) -> int | None:
        """Make an earlier revision the draft, as a step that can be undone; return its number."""
        wanted = next((one for one in self.revisions() if one.id == revision), None)
        draft = self._desk.editable
        if wanted is None or draft is None:
            return None
        self._desk.replace_draft(replace(draft, body=wanted.body, key=wanted.key), "restored")
        self._desk.flush()
        return wanted.number

    def name_of(self, person: str) -> str:
        """Return the name of a person, where it may be told."""
        return self._context.name_of(person)
