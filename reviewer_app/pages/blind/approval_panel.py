"""What is still missing, the ledger, and the approval."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.domain.blinding import SIMILARITY_LIMIT
from reviewer_app import theme
from reviewer_app.widgets.emptying import empty
from reviewer_app.widgets.keys import DOUBLE_PRESS_MS, add_button_keys

if TYPE_CHECKING:
    from core.domain.plain import Plain
    from core.services.blinding import Dossier


class ApprovalPanel(QFrame):
    """Checklist in words, similarity, notes and the button.

    Signals: `approve_requested(str, str)` with notes and reason; `edit_requested()` to reword
    the question.
    """

    approve_requested = Signal(str, str)
    edit_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "card")
        self._dossier: Dossier | None = None
        self._checks = QVBoxLayout()
        self._checks.setSpacing(theme.space(2))
        self.reason = self._text(self.tr("Why may the wording stay so near?"), lines=3)
        self._reason_label = self._caption(self.tr("Reason (needed above the limit)"), self.reason)
        self.notes = self._text(self.tr("One change a line, for example “ages changed”"), lines=4)
        notes_label = self._caption(self.tr("Ledger: what you changed"), self.notes)
        self.edit_button = QPushButton(self.tr("Reword on the Author page (E)"), self)
        self.edit_button.setToolTip(self.tr("Key E"))
        add_button_keys(self.edit_button, "E")
        self.approve_button = QPushButton(self.tr("Approve blinding (Ctrl+Enter)"), self)
        self.approve_button.setToolTip(self.tr("Moves the question on to verification"))
        theme.set_kind(self.approve_button, "primary")
        add_button_keys(self.approve_button, "Ctrl+Return", "Ctrl+Enter")
        self.double_press = QTimer(self)
        self.double_press.setSingleShot(True)
        self.double_press.setInterval(DOUBLE_PRESS_MS)
        heading = QLabel(self.tr("Before it may go on"), self)
        theme.set_role(heading, "heading")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[theme.space(4)] * 4)
        layout.setSpacing(theme.space(2))
        layout.addWidget(heading)
        layout.addLayout(self._checks)
        layout.addWidget(self._reason_label)
        layout.addWidget(self.reason)
        layout.addSpacing(theme.space(2))
        layout.addWidget(notes_label)
        layout.addWidget(self.notes)
        layout.addStretch(1)
        layout.addWidget(self.edit_button)
        layout.addWidget(self.approve_button)
        self.reason.textChanged.connect(self._update)
        self.edit_button.clicked.connect(self.edit_requested)
        self.approve_button.clicked.connect(self._on_approve_clicked)

    def show_dossier(self, dossier: Dossier, *, is_same_question: bool) -> None:
        """Show what a dossier still lacks; text entered for the same question stays."""
        self._dossier = dossier
        if not is_same_question:
            self.reason.clear()
            self.notes.clear()
        self._update()

    def entered(self) -> Plain | None:
        """Return the texts written so far; None when there are none."""
        notes, reason = self.notes.toPlainText(), self.reason.toPlainText()
        return {"notes": notes, "reason": reason} if notes or reason else None

    def show_entered(self, entered: Plain) -> None:
        """Show texts written before."""
        self.notes.setPlainText(str(entered.get("notes", "")))
        self.reason.setPlainText(str(entered.get("reason", "")))

    def blockers(self) -> tuple[str, ...]:
        """Return all that keeps the question from going on, as shown."""
        if self._dossier is None:
            return ()
        found = list(self._dossier.blockers)
        if self._dossier.needs_reason and not self.reason.toPlainText().strip():
            found.append(self.tr("The wording is near to its source: reword it or give a reason."))
        return tuple(found)

    def _update(self) -> None:
        if self._dossier is None:
            return
        needs_reason = self._dossier.needs_reason
        self.reason.setVisible(needs_reason)
        self._reason_label.setVisible(needs_reason)
        empty(self._checks)
        blockers = self.blockers()
        for sentence in blockers:
            self._checks.addWidget(self._check(sentence, is_done=False))
        for sentence in self._done_sentences(self._dossier):
            self._checks.addWidget(self._check(sentence, is_done=True))
        self.approve_button.setEnabled(not blockers)

    def _done_sentences(self, dossier: Dossier) -> list[str]:
        found = []
        if dossier.images and all(image.is_cleared for image in dossier.images):
            found.append(self.tr("All images are cleared of patient data."))
        if not dossier.images:
            found.append(self.tr("No image to clear."))
        if dossier.similarity is None:
            found.append(self.tr("No source text to compare with."))
        elif dossier.similarity <= SIMILARITY_LIMIT:
            found.append(self.tr("The wording is far enough from its source."))
        return found

    def _check(self, sentence: str, *, is_done: bool) -> QWidget:
        line = QWidget(self)
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(2))
        mark = QLabel(line)
        name, ink = ("mdi6.check", "agreed") if is_done else ("mdi6.alert-outline", "conflict")
        mark.setPixmap(theme.icon(name, ink).pixmap(18, 18))
        text = QLabel(sentence, line)
        text.setWordWrap(True)
        word = self.tr("Done") if is_done else self.tr("Missing")
        line.setAccessibleName(f"{word}: {sentence}")
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(text, 1)
        return line

    def _text(self, placeholder: str, *, lines: int) -> QPlainTextEdit:
        field = QPlainTextEdit(self)
        field.setPlaceholderText(placeholder)
        field.setTabChangesFocus(True)
        height = field.fontMetrics().lineSpacing() * lines + theme.space(5)
        field.setFixedHeight(height)
        return field

    def _caption(self, text: str, field: QPlainTextEdit) -> QLabel:
        label = QLabel(text, self)
        label.setWordWrap(True)
        theme.set_role(label, "caption")
        label.setBuddy(field)
        field.setAccessibleName(text)
        return label

    def _on_approve_clicked(self) -> None:
        # The second half of a double press must not approve the next question unseen.
        if self.double_press.isActive():
            return
        self.double_press.start()
        self.approve_requested.emit(self.notes.toPlainText(), self.reason.toPlainText())
