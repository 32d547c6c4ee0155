"""Of questions that are asked again and again, only the last one is answered."""

from threading import Event

import pytest

from core.errors import ValidationError
from reviewer_app.messages import Messages
from reviewer_app.operations import Latest, Operations
from reviewer_app.tasks import TaskRunner


@pytest.fixture
def tasks(qtbot):
    made = TaskRunner()
    yield made
    made.close()


@pytest.fixture
def latest(tasks) -> Latest:
    return Latest(Operations(Messages(), tasks))


class Slow:
    """Work that ends when it is let go."""

    def __init__(self, answer):
        self._answer = answer
        self.may_end = Event()

    def __call__(self, *_):
        assert self.may_end.wait(60)
        return self._answer


def test_an_older_answer_never_comes_after_a_newer_one(qtbot, tasks, latest):
    older, newer, answers = Slow("older"), Slow("newer"), []
    latest.ask("", older, on_done=answers.append)
    latest.ask("", newer, on_done=answers.append)
    newer.may_end.set()
    qtbot.waitUntil(lambda: answers == ["newer"])
    older.may_end.set()
    qtbot.waitUntil(lambda: not tasks.is_busy)

    assert answers == ["newer"]


def test_it_waits_until_the_last_answer_is_there(qtbot, latest):
    work, waiting = Slow(7), []
    latest.ask("", work, on_done=lambda _: waiting.append(latest.is_waiting()))
    assert latest.is_waiting()
    work.may_end.set()
    qtbot.waitUntil(lambda: waiting == [False])


def test_what_is_dropped_is_cancelled_and_tells_nobody(qtbot, tasks, latest):
    told = []

    def work(token, _):
        while True:
            token.raise_if_cancelled()

    latest.ask("", work, on_done=told.append, on_error=lambda: told.append("error"))
    latest.drop()
    assert not latest.is_waiting()
    qtbot.waitUntil(lambda: not tasks.is_busy)

    assert told == []


def test_a_failure_ends_the_waiting_and_is_told(qtbot, latest):
    told = []

    def fail(*_):
        raise ValidationError("A field is empty.", field="stem")

    latest.ask("", fail, on_done=told.append, on_error=lambda: told.append(latest.is_waiting()))

    qtbot.waitUntil(lambda: told == [False])
