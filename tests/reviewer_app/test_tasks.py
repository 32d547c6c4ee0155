"""Work off the UI thread reports on it, can be cancelled, and never outlives the window."""

import threading
import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import QThread
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.changes import Changes, Kind, Outcome
from core.errors import StorageError, WorkflowError
from core.tasks import CancelToken, Progress
from reviewer_app.messages import Message, Messages
from reviewer_app.operations import Operations
from reviewer_app.tasks import Job, TaskRunner
from reviewer_app.widgets.task_bar import TaskBar, time_left

Report = Callable[[Progress], None]


@pytest.fixture
def tasks(qtbot: QtBot) -> TaskRunner:
    return TaskRunner()


def test_result_arrives_on_the_ui_thread(tasks: TaskRunner, qtbot: QtBot) -> None:
    seen: list[tuple[int, bool]] = []

    def work(token: CancelToken, report: Report) -> int:
        return threading.get_ident()

    def done(worker: int) -> None:
        is_ui = QThread.currentThread() is QApplication.instance().thread()  # type: ignore[union-attr]
        seen.append((worker, is_ui))

    with qtbot.waitSignal(tasks.ended):
        tasks.run_parallel(Job("Working", work, done))

    assert seen == [(seen[0][0], True)]
    assert seen[0][0] != threading.get_ident()
    assert not tasks.is_busy


def test_cancelled_work_is_no_failure(tasks: TaskRunner, qtbot: QtBot) -> None:
    failures: list[object] = []
    tasks.failed.connect(lambda *what: failures.append(what))

    def work(token: CancelToken, report: Report) -> None:
        while True:
            token.raise_if_cancelled()

    job = Job("Endless", work)
    with qtbot.waitSignal(tasks.ended):
        tasks.run_parallel(job)
        job.token.cancel()

    assert failures == []


def test_serial_lane_keeps_the_order(tasks: TaskRunner, qtbot: QtBot) -> None:
    seen: list[int] = []
    for number in range(20):
        tasks.run_serial(Job("", lambda _t, _r, number=number: seen.append(number)))

    qtbot.waitUntil(lambda: not tasks.is_busy)

    assert seen == list(range(20))


def test_progress_is_told_at_most_ten_times_a_second_and_at_the_end(
    tasks: TaskRunner, qtbot: QtBot
) -> None:
    told: list[int] = []
    tasks.progressed.connect(lambda _job, progress: told.append(progress.done))

    def work(token: CancelToken, report: Report) -> None:
        for done in range(1, 5001):
            report(Progress(done, 5000))

    started = time.monotonic()
    with qtbot.waitSignal(tasks.ended):
        tasks.run_parallel(Job("Counting", work))

    assert told[-1] == 5000
    assert len(told) <= (time.monotonic() - started) * 10 + 2


def test_closing_waits_and_late_results_reach_nobody(tasks: TaskRunner, qtbot: QtBot) -> None:
    seen: list[int] = []
    tasks.run_parallel(Job("Quick", lambda _t, _r: 1, seen.append))

    tasks.close()
    qtbot.wait(20)

    assert seen == []
    assert not tasks.is_busy


def test_refusal_by_the_disk_is_told_loudly_and_by_a_rule_only_in_words(qtbot: QtBot) -> None:
    messages, runner = Messages(), TaskRunner()
    operations = Operations(messages, runner)
    told: list[Message] = []
    loud: list[str] = []
    messages.posted.connect(told.append)
    operations.save_failed.connect(loud.append)

    def full() -> Outcome[int]:
        raise StorageError("The disk is full.", hint="Free some space.")

    def forbidden() -> Outcome[int]:
        raise WorkflowError("That is not allowed.")

    assert operations.perform("Saving question 3", full) is None
    assert operations.perform("Retiring question 3", forbidden) is None

    assert [one.sentence for one in told] == [
        "Saving question 3: The disk is full.",
        "Retiring question 3: That is not allowed.",
    ]
    assert told[0].hint == "Free some space."
    assert loud == ["The disk is full."]


def test_changes_of_a_long_operation_are_announced_once(tasks: TaskRunner, qtbot: QtBot) -> None:
    operations = Operations(Messages(), tasks)
    announced: list[Changes] = []
    operations.changed.connect(announced.append)
    changes = Changes.of(Kind.MEDIA, "a")

    with qtbot.waitSignal(operations.saved):
        operations.perform_later("Adding", lambda _t, _r: Outcome(1, changes))

    assert announced == [changes]


def test_task_bar_names_the_work_and_its_button_stops_it(tasks: TaskRunner, qtbot: QtBot) -> None:
    bar = TaskBar(tasks)
    qtbot.addWidget(bar)

    def work(token: CancelToken, report: Report) -> None:
        report(Progress(3, 4, "row 3"))
        while True:
            token.raise_if_cancelled()

    tasks.run_parallel(Job("Importing", work))
    qtbot.waitUntil(lambda: "row 3" in bar.text())
    assert "Importing" in bar.text()
    assert "3 of 4" in bar.text()

    with qtbot.waitSignal(tasks.ended):
        bar.cancel_button.click()

    assert bar.isHidden()


def test_quiet_work_shows_no_task(tasks: TaskRunner, qtbot: QtBot) -> None:
    bar = TaskBar(tasks)
    qtbot.addWidget(bar)

    tasks.run_parallel(Job("", lambda _t, _r: None))

    assert bar.isHidden()
    qtbot.waitUntil(lambda: not tasks.is_busy)


def test_time_left_follows_the_speed_so_far() -> None:
    assert time_left(10, done=2, total=6) == 20
    assert time_left(10, done=0, total=6) is None
    assert time_left(10, done=3, total=0) is None


def test_senders_stay_while_their_thread_is_in_them_and_go_with_later_jobs(
    tasks: TaskRunner, qtbot: QtBot
) -> None:
    for number in range(40):
        with qtbot.waitSignal(tasks.ended):
            tasks.run_parallel(Job("Working", lambda token, report, one=number: one))

    assert len(tasks._leaving) <= 3  # two threads may be on their way out, and the last job
