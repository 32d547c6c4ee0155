"""The history of the question on the desk, beside its form."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from reviewer_app import theme
from reviewer_app.pages.author.draft_desk import DraftDesk
from reviewer_app.pages.author.draft_history import DraftHistory
from reviewer_app.widgets.revision_history import DRAFT, RevisionHistory, RevisionLine


class HistoryTab(QWidget):
    """Revisions with author, time and reason; compared and restored.

    Signals: `restored(int)`, the number of the revision that is the draft now.
    """

    restored = Signal(int)

    def __init__(
        self, desk: DraftDesk, revisions: DraftHistory, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._revisions = revisions
        self._nothing = QLabel(
            self.tr(
                "Each finished draft becomes a revision. They are listed here with who made them, "
                "when and why; any two can be compared, and each can be restored."
            ),
            self,
        )
        self._nothing.setWordWrap(True)
        theme.set_role(self._nothing, "hint")
        self.history = RevisionHistory(revisions.compare, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.space(3)] * 4)
        column.setSpacing(theme.space(2))
        column.addWidget(self._nothing)
        column.addWidget(self.history, 1)
        column.addStretch(0)
        self.history.restore_requested.connect(self._on_restore_requested)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        """Show the history as it is now; does nothing while the tab is hidden."""
        opened = self._desk.opened
        if opened is None or not self.isVisible():
            return
        revisions = self._revisions.revisions()
        lines = [
            RevisionLine(
                one.id,
                one.number,
                self._revisions.name_of(one.author),
                one.created_at,
                one.reason,
            )
            for one in reversed(revisions)
        ]
        is_open = bool(revisions) and (
            (revisions[-1].body, revisions[-1].key) != (opened.draft.body, opened.draft.key)
        )
        if is_open:
            lines.insert(0, RevisionLine(DRAFT, 0, "", None))
        self._nothing.setVisible(not lines)
        self.history.setVisible(bool(lines))
        self.history.show_lines(lines, can_restore=not opened.refusal)

    @Slot(str)
    def _on_restore_requested(self, revision: str) -> None:
        number = self._revisions.restore(revision)
        if number is not None:
            self.refresh()
            self.restored.emit(number)
