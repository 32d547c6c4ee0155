"""A helper process that takes too long is ended; the others are left alone."""

import subprocess
import sys

import pytest

from core.imaging.decoding.watch import DecoderWatch

PATIENCE_S = 60


@pytest.fixture
def sleepers():
    code = "import sys; sys.stdin.read()"
    made = [subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) for _ in range(3)]
    yield made
    for one in made:
        one.kill()
        one.stdin.close()
        one.wait()


def test_process_that_is_late_is_ended_while_others_still_have_time(sleepers):
    watch, (patient, late, other) = DecoderWatch(), sleepers
    with watch.over(patient, 600), watch.over(late, 0.01), watch.over(other, 500):
        late.wait(PATIENCE_S)

        assert patient.poll() is None
        assert other.poll() is None


def test_later_request_that_is_due_earlier_is_watched_too(sleepers):
    watch, (first, second, third) = DecoderWatch(), sleepers
    with watch.over(first, 600):
        for late in (second, third):  # each while the watch sleeps until the first is due
            with watch.over(late, 0.01):
                late.wait(PATIENCE_S)

        assert first.poll() is None


def test_process_that_answered_in_time_is_never_ended(sleepers):
    watch, (quick, late, _) = DecoderWatch(), sleepers
    with watch.over(quick, 0.2):
        pass
    with watch.over(late, 0.4):
        late.wait(PATIENCE_S)

    assert quick.poll() is None
