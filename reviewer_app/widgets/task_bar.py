"""What runs in the background: name, progress, time left, cancel."""

import time
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QToolButton, QWidget

from core.tasks import Progress
from reviewer_app import theme
from reviewer_app.tasks import Job, TaskRunner


def time_left(elapsed_s: float, *, done: int, total: int) -> float | None:
    """Return the seconds left at the speed so far; None while that is not known."""
    if done <= 0 or total <= 0 or elapsed_s <= 0:
        return None
    return elapsed_s * (total - done) / done


class TaskBar(QWidget):
    """Follows a task runner; shows the newest job that has a title and counts the others."""

    def __init__(self, tasks: TaskRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._job: Job[Any] | None = None
        self._started_s: dict[int, float] = {}
        self._title = QLabel(self)
        self._progress = QProgressBar(self)
        self._progress.setFixedWidth(160)
        self._progress.setTextVisible(False)
        self._left = QLabel(self)
        theme.set_role(self._left, "hint")
        self.cancel_button = QToolButton(self)
        self.cancel_button.setText(self.tr("Cancel"))
        self.cancel_button.setToolTip(self.tr("Stop this task; what is finished is kept"))
        self.cancel_button.clicked.connect(self._on_cancel_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(3))
        for widget in (self._title, self._progress, self._left, self.cancel_button):
            row.addWidget(widget)
        tasks.started.connect(self._on_job_started)
        tasks.progressed.connect(self._on_job_progressed)
        tasks.ended.connect(self._on_job_ended)
        self.hide()

    def text(self) -> str:
        """Return what is said about the task shown."""
        return f"{self._title.text()} {self._left.text()}"

    @Slot(object)
    def _on_job_started(self, job: Job[Any]) -> None:
        if job.title:
            self._started_s[id(job)] = time.monotonic()
            self._show_job(job)

    @Slot(object, object)
    def _on_job_progressed(self, job: Job[Any], progress: Progress) -> None:
        if job is not self._job:
            return
        self._progress.setRange(0, progress.total)
        self._progress.setValue(progress.done)
        elapsed_s = time.monotonic() - self._started_s[id(job)]
        parts = [progress.what] if progress.what else []
        if progress.total:
            parts.append(
                self.tr("%1 of %2")
                .replace("%1", str(progress.done))
                .replace("%2", str(progress.total))
            )
        left_s = time_left(elapsed_s, done=progress.done, total=progress.total)
        if left_s is not None and progress.done < progress.total:
            parts.append(self.tr("%1 left").replace("%1", _duration(left_s)))
        self._left.setText(" · ".join(parts))

    @Slot(object)
    def _on_job_ended(self, job: Job[Any]) -> None:
        self._started_s.pop(id(job), None)
        titled = [one for one in self._tasks.jobs() if one.title]
        if titled:
            self._show_job(titled[-1])
            return
        self._job = None
        self.hide()

    @Slot()
    def _on_cancel_clicked(self) -> None:
        if self._job is None:
            return
        self._job.token.cancel()
        self.cancel_button.setEnabled(False)
        self._left.setText(self.tr("Stopping…"))

    def _show_job(self, job: Job[Any]) -> None:
        if job is not self._job:
            self._job = job
            self._progress.setRange(0, 0)
            self._left.clear()
            self.cancel_button.setEnabled(not job.token.is_cancelled)
        others = sum(1 for one in self._tasks.jobs() if one.title) - 1
        more = self.tr(" (and %n more)", "", others) if others > 0 else ""
        self._title.setText(job.title + more)
        self.cancel_button.setAccessibleName(f"{self.tr('Cancel')}: {job.title}")
        self.show()


def _duration(seconds: float) -> str:
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
