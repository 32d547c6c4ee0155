"""Repairing a workspace that is closed: what will happen, more files to take from, the result."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from reviewer_app import theme
from reviewer_app.widgets.buttons import make_button, show_icon
from reviewer_app.wording import moment, question_count

if TYPE_CHECKING:
    from core.domain.backup import Backup
    from core.services.integrity.repair import RepairReport
    from core.tasks import Progress

_COLUMN_PX = 720


class RepairPage(QWidget):
    """Says what a repair does, takes files that may hold lost images, tells how it went.

    Signals: `repair_requested()`; `open_requested()`; `left()`, without repairing.
    """

    repair_requested = Signal()
    open_requested = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "page")
        self.sources: list[Path] = []
        self.title = _label(self, "title")
        self.trouble = _label(self, "")
        self.backup = _label(self, "")
        self.promise = _label(self, "muted")
        self.promise.setText(
            self.tr(
                "The database is put together anew from the newest whole backup and all that "
                "can still be read. The damaged file is kept, and any older backup can be "
                "restored afterwards. Lost images come back from files that still hold them: "
                "add packages, exported sets or other workspaces here."
            )
        )
        self.files = _label(self, "mono")
        self.file_button = self._button("mdi6.file-plus-outline", self.tr("Add a file…"))
        self.file_button.clicked.connect(self._on_file_wanted)
        self.folder_button = self._button("mdi6.folder-plus-outline", self.tr("Add a folder…"))
        self.folder_button.clicked.connect(self._on_folder_wanted)
        self.repair_button = self._button("mdi6.wrench-outline", self.tr("Repair"), ink="on_accent")
        theme.set_kind(self.repair_button, "primary")
        self.repair_button.clicked.connect(self.repair_requested)
        self.open_button = self._button("mdi6.folder-open-outline", self.tr("Open the workspace"))
        self.open_button.clicked.connect(self.open_requested)
        self.back_button = QPushButton(self.tr("Leave it as it is"), self)
        theme.set_kind(self.back_button, "quiet")
        self.back_button.clicked.connect(self.left)
        self.progress = QProgressBar(self)
        self.progress.setTextVisible(False)
        self.doing = _label(self, "hint")
        self.result = QFrame(self)
        self.done_text = _label(self.result, "")
        self.left_text = _label(self.result, "")
        self._lay_out()

    def show_trouble(self, name: str, trouble: Sequence[str], backup: Backup | None) -> None:
        """Offer to repair; `trouble` are sentences, `backup` is the newest whole one."""
        self.sources = []
        self.files.clear()
        self.title.setText(self.tr("Repair “%1”").replace("%1", name))
        self.trouble.setText("\n".join(trouble))
        self.trouble.setVisible(bool(trouble))
        self.backup.setText(self._backup_words(backup))
        self._show_state(is_running=False, is_done=False)
        self.repair_button.setFocus()

    def show_running(self) -> None:
        """Show that a repair is under way."""
        self.progress.setRange(0, 0)
        self.doing.setText(self.tr("Repairing … It is not stopped half-way."))
        self._show_state(is_running=True, is_done=False)

    def show_progress(self, step: Progress) -> None:
        """Show how far it is."""
        self.progress.setRange(0, step.total)
        self.progress.setValue(step.done)
        self.doing.setText(self.tr("Checking again: %1").replace("%1", step.what))

    def show_failed(self, sentence: str) -> None:
        """Say why nothing was repaired."""
        self._show_state(is_running=False, is_done=False)
        self._tell("error", sentence, "")

    def show_report(self, report: RepairReport) -> None:
        """Say what was restored and what was not."""
        self._show_state(is_running=False, is_done=True)
        done = list(report.done) or [self.tr("There was nothing to repair.")]
        if report.left.is_clean:
            left = self.tr("Everything is whole now.")
        else:
            lines = [f"{one.where}: {one.sentence}" for one in report.left.problems]
            left = "\n".join([self.tr("Still wrong:"), *lines])
        self._tell("done" if report.left.is_clean else "warning", "\n".join(done), left)
        self.open_button.setFocus()

    def add_source(self, path: Path) -> None:
        """Take lost images from this file or folder, too."""
        if path not in self.sources:
            self.sources.append(path)
        self.files.setText("\n".join(str(one) for one in self.sources))

    def _tell(self, role: str, done: str, left: str) -> None:
        theme.set_role(self.result, role)
        self.done_text.setText(done)
        self.left_text.setText(left)
        self.left_text.setVisible(bool(left))
        self.result.setAccessibleName(f"{done} {left}")
        self.result.show()

    def _show_state(self, *, is_running: bool, is_done: bool) -> None:
        self.result.hide()
        for widget in (self.progress, self.doing):
            widget.setVisible(is_running)
        for button in (self.file_button, self.folder_button, self.repair_button, self.back_button):
            button.setEnabled(not is_running)
        self.repair_button.setText(self.tr("Repair again") if is_done else self.tr("Repair"))
        theme.set_kind(self.open_button, "primary" if is_done else "")
        self.open_button.setVisible(is_done)
        self.back_button.setVisible(not is_done)

    def _backup_words(self, backup: Backup | None) -> str:
        if backup is None:
            return self.tr("There is no whole backup; what can be read is all there is.")
        text = self.tr("The newest whole backup is of %1 (%2, answers: %3).")
        for place, value in (
            ("%1", moment(backup.taken_at)),
            ("%2", question_count(backup.counts.get("questions", 0))),
            ("%3", f"{backup.counts.get('answers', 0):,}"),
        ):
            text = text.replace(place, value)
        return text

    def _button(self, icon_name: str, text: str, *, ink: str = "text") -> QPushButton:
        button = make_button(text, self, tip=text)
        show_icon(button, icon_name, ink)
        return button

    def _lay_out(self) -> None:
        body = QWidget()
        theme.set_role(body, "scrolled")
        column = QVBoxLayout(body)
        column.setSpacing(theme.space(3))
        frame = QFrame(body)
        theme.set_role(frame, "warning")
        inside = QVBoxLayout(frame)
        inside.addWidget(self.trouble)
        inside.addWidget(self.backup)
        add = QHBoxLayout()
        add.addWidget(self.file_button)
        add.addWidget(self.folder_button)
        add.addStretch(1)
        told = QVBoxLayout(self.result)
        told.addWidget(self.done_text)
        told.addWidget(self.left_text)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for button in (self.back_button, self.repair_button, self.open_button):
            buttons.addWidget(button)
        column.addWidget(self.title)
        for widget in (frame, self.promise, self.files):
            column.addWidget(widget)
        column.addLayout(add)
        for one in (self.progress, self.doing, self.result):
            column.addWidget(one)
        column.addLayout(buttons)
        column.addStretch(1)
        holder = QWidget()
        theme.set_role(holder, "scrolled")
        row = QHBoxLayout(holder)
        body.setMaximumWidth(_COLUMN_PX)
        row.addStretch(1)
        row.addWidget(body, 4)
        row.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(holder)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    @Slot()
    def _on_file_wanted(self) -> None:
        chosen, _ = QFileDialog.getOpenFileNames(
            self, self.tr("Choose files that may hold lost images"), str(Path.home())
        )
        for one in chosen:
            self.add_source(Path(one))

    @Slot()
    def _on_folder_wanted(self) -> None:
        title = self.tr("Choose an exported set or another workspace")
        chosen = QFileDialog.getExistingDirectory(self, title, str(Path.home()))
        if chosen:
            self.add_source(Path(chosen))


def _label(parent: QWidget, role: str) -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if role:
        theme.set_role(label, role)
    return label
