"""What going back to the chosen backup would change, and the button that does it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from reviewer_app import theme
from reviewer_app.pages.backups.words import change_lines, reason_words
from reviewer_app.widgets.buttons import make_button
from reviewer_app.widgets.confirm_box import ConfirmBox
from reviewer_app.widgets.keys import add_button_keys
from reviewer_app.wording import moment

if TYPE_CHECKING:
    from core.domain.backup import Backup, RestorePreview
    from reviewer_app.pages.backups.presenter import BackupsPresenter

_LOOKS: Final = {
    "back": ("mdi6.plus-circle-outline", "agreed"),
    "gone": ("mdi6.minus-circle-outline", "error"),
    "different": ("mdi6.pencil-circle-outline", "conflict"),
    "missing": ("mdi6.alert-outline", "conflict"),
}


class PreviewPanel(QFrame):
    """One backup and what restoring it would do.

    Signals: `restore_requested()`, after it was confirmed here.
    """

    restore_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "card")
        self.setAccessibleName(self.tr("The chosen backup"))
        self._backup: Backup | None = None
        self._rows: list[QWidget] = []
        self.title = QLabel(self)
        self.title.setWordWrap(True)
        theme.set_role(self.title, "heading")
        self.facts = _hint(self)
        self.summary = QLabel(self)
        self.summary.setWordWrap(True)
        self.problem = QLabel(self)
        self.problem.setWordWrap(True)
        theme.set_role(self.problem, "error")
        self.note = _hint(self)
        self.note.setText(
            self.tr(
                "What is here now is kept as a backup first, so you can come back. No image is "
                "removed by it."
            )
        )
        self.restore_button = make_button(
            self.tr("Restore… (R)"),
            self,
            icon="mdi6.backup-restore",
            kind="primary",
            tip=self.tr("Asks once more before anything changes"),
        )
        self.restore_button.clicked.connect(self._on_restore_clicked)
        add_button_keys(self.restore_button, "R")
        self.confirm_box = ConfirmBox(self)
        self.confirm_box.confirmed.connect(self.restore_requested)
        self.confirm_box.refused.connect(self._on_refused)
        self._lay_out()

    def lines(self) -> list[str]:
        """Return what would change, as shown."""
        return [row.accessibleName() for row in self._rows]

    def show_state(self, presenter: BackupsPresenter) -> None:
        """Show the chosen backup and what is known of it."""
        is_other = presenter.chosen != self._backup
        self._backup = presenter.chosen
        if is_other or not presenter.can_restore:
            self.confirm_box.hide()
        is_asking = not self.confirm_box.isHidden()
        self.restore_button.setVisible(presenter.chosen is not None and not is_asking)
        self.restore_button.setEnabled(presenter.can_restore)
        self.note.setVisible(presenter.can_restore)
        self.problem.setText(self._problem_words(presenter))
        self.problem.setVisible(bool(self.problem.text()))
        self._show_head(presenter)
        self._show_changes(presenter.preview)

    def _show_head(self, presenter: BackupsPresenter) -> None:
        backup = presenter.chosen
        if backup is None:
            self.title.setText(self.tr("Choose a backup"))
            self.facts.setText(self.tr("Here you see what going back to it would change."))
            self.summary.clear()
            return
        self.title.setText(moment(backup.taken_at))
        self.facts.setText(
            "  ·  ".join(one for one in (reason_words(backup), backup.program) if one)
        )
        if presenter.is_busy:
            self.summary.setText(self.tr("Restoring …"))
        elif presenter.preview is None:
            self.summary.setText("" if presenter.problem else self.tr("Comparing …"))
        elif presenter.preview.is_nothing:
            self.summary.setText(self.tr("The workspace holds just this; nothing would change."))
        else:
            self.summary.setText(self.tr("Going back to this moment means:"))

    def _problem_words(self, presenter: BackupsPresenter) -> str:
        if presenter.problem is not None:
            return str(presenter.problem)
        if presenter.is_read_only and presenter.chosen is not None:
            return self.tr("This workspace is open for reading only, so nothing can be restored.")
        return ""

    def _show_changes(self, preview: RestorePreview | None) -> None:
        for row in self._rows:
            self._changes.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = []
        if preview is None:
            return
        for change in preview.changes:
            for how, words in change_lines(change):
                self._add_row(how, words)
        if preview.missing_media:
            words = self.tr("%1 of its images are missing from the folder “media”")
            self._add_row("missing", words.replace("%1", f"{len(preview.missing_media):,}"))

    def _add_row(self, how: str, words: str) -> None:
        row = QWidget(self)
        row.setAccessibleName(words)
        icon = QLabel(row)
        name, ink = _LOOKS[how]
        icon.setPixmap(theme.icon(name, ink).pixmap(theme.ICON_PX, theme.ICON_PX))
        text = QLabel(words, row)
        text.setWordWrap(True)
        text.setTextFormat(Qt.TextFormat.PlainText)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.space(2))
        line.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(text, 1)
        self._changes.insertWidget(len(self._rows), row)
        self._rows.append(row)

    def _lay_out(self) -> None:
        inner = QWidget()
        theme.set_role(inner, "scrolled")
        self._changes = QVBoxLayout(inner)
        self._changes.setContentsMargins(0, 0, 0, 0)
        self._changes.setSpacing(theme.space(2))
        self._changes.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        last = QHBoxLayout()
        last.addStretch(1)
        last.addWidget(self.restore_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.space(4), theme.space(3), theme.space(4), theme.space(4))
        column.setSpacing(theme.space(3))
        for widget in (self.title, self.facts, self.summary, self.problem):
            column.addWidget(widget)
        column.addWidget(scroll, 1)
        column.addWidget(self.note)
        column.addWidget(self.confirm_box)
        column.addLayout(last)

    @Slot()
    def _on_restore_clicked(self) -> None:
        if self._backup is None:
            return
        self.restore_button.hide()
        question = self.tr("Put the whole workspace back to how it was on %1?")
        self.confirm_box.ask(
            question.replace("%1", moment(self._backup.taken_at)), self.tr("Restore")
        )

    @Slot()
    def _on_refused(self) -> None:
        self.restore_button.show()
        self.restore_button.setFocus()


def _hint(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    theme.set_role(label, "hint")
    return label
