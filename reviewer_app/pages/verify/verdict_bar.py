"""Verdict, comment and the button that ends a question."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.domain.verification import Verdict
from reviewer_app import theme
from reviewer_app.widgets.buttons import show_icon
from reviewer_app.widgets.keys import SUBMIT_KEYS, add_button_keys

_ICONS: Final = {
    Verdict.ACCEPT: "mdi6.check",
    Verdict.REVISE: "mdi6.pencil-outline",
    Verdict.REJECT: "mdi6.close",
}


class VerdictBar(QFrame):
    """Three verdicts under the keys 1, 2 and 3, a comment, and submit.

    Signals: `submit_requested(Verdict, str)`; `changed()` when verdict or comment changed.
    """

    submit_requested = Signal(object, str)
    changed = Signal()

    def __init__(
        self, *, comment_hint: str, submit_text: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self.buttons: dict[Verdict, QPushButton] = {}
        verdicts = QHBoxLayout()
        verdicts.setSpacing(theme.space(2))
        for number, verdict in enumerate(Verdict, start=1):
            verdicts.addWidget(self._make_button(verdict, str(number)), 1)
        self.comment = QPlainTextEdit(self)
        self.comment.setPlaceholderText(comment_hint)
        self.comment.setAccessibleName(comment_hint)
        self.comment.setToolTip(self.tr("Ctrl+Enter submits from here"))
        self.comment.setTabChangesFocus(True)
        self.comment.setFixedHeight(self.comment.fontMetrics().lineSpacing() * 2 + theme.space(4))
        self.problem = QLabel(self)
        self.problem.setWordWrap(True)
        theme.set_role(self.problem, "error")
        self._submit_text = submit_text
        self.submit = QPushButton(self)
        self.submit.setToolTip(self.tr("Enter; Ctrl+Enter from a text"))
        theme.set_kind(self.submit, "primary")
        add_button_keys(self.submit, *SUBMIT_KEYS)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.space(2))
        layout.addLayout(verdicts)
        layout.addWidget(self.comment)
        layout.addWidget(self.problem)
        layout.addWidget(self.submit)
        self.comment.installEventFilter(self)
        self._show_key()
        self.comment.textChanged.connect(self._on_changed)
        self.submit.clicked.connect(self._on_submit_clicked)
        self.clear()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Print the key that submits from where the focus is."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._show_key()
        return super().eventFilter(watched, event)

    def _show_key(self) -> None:
        keys = self.tr("Ctrl+Enter") if self.comment.hasFocus() else self.tr("Enter")
        self.submit.setText(f"{self._submit_text} ({keys})")

    def set_words(self, *, comment_hint: str, submit_text: str) -> None:
        """Change what the comment and the button are for."""
        self.comment.setPlaceholderText(comment_hint)
        self.comment.setAccessibleName(comment_hint)
        self._submit_text = submit_text
        self._show_key()

    def verdict(self) -> Verdict | None:
        """Return the chosen verdict, or None."""
        return next((one for one, button in self.buttons.items() if button.isChecked()), None)

    def said(self) -> tuple[str, ...]:
        """Return in short what is shown here: the verdict, and what is missing."""
        verdict = self.verdict()
        chosen = "" if verdict is None else self.buttons[verdict].text()
        return chosen, self.problem.text()

    def clear(self) -> None:
        """Start over for another question."""
        self._group.setExclusive(False)
        for button in self.buttons.values():
            button.setChecked(False)
        self._group.setExclusive(True)
        self.comment.clear()
        self.show_problem("")

    def show_entered(self, verdict: Verdict | None, comment: str) -> None:
        """Show what was entered before."""
        if verdict is not None:
            self.buttons[verdict].setChecked(True)
        self.comment.setPlainText(comment)

    def show_problem(self, sentence: str, *, is_about_comment: bool = False) -> None:
        """Say what is missing; an empty sentence takes it away."""
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))
        theme.mark_invalid(self.comment, wrong=bool(sentence) and is_about_comment)
        if sentence and is_about_comment:
            self.comment.setFocus()

    def focus_verdict(self) -> None:
        """Put the focus on the verdicts."""
        self.buttons[self.verdict() or Verdict.ACCEPT].setFocus()

    def _make_button(self, verdict: Verdict, key: str) -> QPushButton:
        names = {
            Verdict.ACCEPT: self.tr("Accept"),
            Verdict.REVISE: self.tr("Revise"),
            Verdict.REJECT: self.tr("Reject"),
        }
        button = QPushButton(f"{names[verdict]} ({key})", self)
        button.setCheckable(True)
        show_icon(button, _ICONS[verdict], "text_muted")
        button.setToolTip(self.tr("Key %1").replace("%1", key))
        add_button_keys(button, key)
        self._group.addButton(button)
        button.clicked.connect(self._on_changed)
        self.buttons[verdict] = button
        return button

    def _on_changed(self) -> None:
        self.show_problem("")
        self.changed.emit()

    def _on_submit_clicked(self) -> None:
        verdict = self.verdict()
        if verdict is None:
            self.show_problem(self.tr("Choose a verdict: 1 accept, 2 revise or 3 reject."))
            return
        self.submit_requested.emit(verdict, self.comment.toPlainText().strip())
