"""A crash, a hang or a bomb inside a native codec costs one picture, never the program."""

import os
import signal
import subprocess
import sys
import threading
import time

import imagecodecs
import numpy as np
import pytest

from core.errors import ImageError
from core.imaging.decoding import pool as decoder
from core.imaging.decoding.pool import DecoderError, DecoderPool, child_command
from core.imaging.decoding.shared_area import AREA_BYTES
from core.imaging.load import open_image
from tests.core.imaging.imaging_files import wheel_bytes

RAMP = (np.arange(64 * 64).reshape(64, 64) * 9).astype(np.uint16)
STREAM = imagecodecs.jpegls_encode(RAMP)
ODD = """
import ctypes, os, time
import numpy as np
from core.imaging.decoding import child

def codec(name, stream, options):
    if name == "jpegls": ctypes.string_at(0)
    if name == "jpeg2k": time.sleep(600)
    if name == "crash" or name == "crash once" and not os.path.exists(stream):
        open(stream, "ab").write(b"x"); os.abort()
    if name == "hang": open(stream, "ab").write(b"x"); time.sleep(600)
    if name == "exit": os._exit(0)
    if name == "memory": return np.ones(8 << 30, np.uint8)
    if name == "print":
        os.write(1, b"noise" * 1000); print("more noise", flush=True)
    if name == "large": return np.ones(10_000_000, np.uint8)
    if name == "panic": raise BaseException("a Rust panic")
    return np.full((64, 64), 7, np.uint16)

child.serve({"codec": codec})
"""


def odd_command(lines):
    """Return the command of a helper that runs many lines of code."""
    code = lines.strip().replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
    return child_command(f'exec("{code}")')


@pytest.fixture
def odd_pool(monkeypatch):
    """A pool whose codecs crash, hang and lie."""
    pool = DecoderPool(odd_command(ODD), size=2)
    monkeypatch.setattr(decoder, "POOL", pool)
    yield pool
    pool.close()


@pytest.fixture
def log(tmp_path):
    """Where a codec of the odd pool notes that it was called."""
    return tmp_path / "log"


def ask(pool, name, most_bytes=1 << 20, *, log=""):
    return pool.run("codec", name, os.fsencode(log), {}, most_bytes=most_bytes)


def test_a_codec_gives_the_same_samples_in_a_helper_process():
    made = decoder.run_codec("jpegls", STREAM, most_bytes=1 << 20)

    assert np.array_equal(made, RAMP)
    assert made.dtype == RAMP.dtype


def test_a_real_segmentation_fault_is_an_image_error_and_the_next_picture_is_shown(odd_pool):
    image = open_image(wheel_bytes("MR_small_jpeg_ls_lossless.dcm"), name="crash.dcm")

    with pytest.raises(ImageError, match=r"crash\.dcm.*damaged"):
        image.frame(0)

    assert ask(odd_pool, "fine").shape == (64, 64)


def test_the_helper_really_died_of_the_signal(odd_pool):
    assert ask(odd_pool, "fine")[0, 0] == 7
    [helper] = odd_pool._idle

    with pytest.raises(DecoderError):
        ask(odd_pool, "jpegls")

    assert helper.process.returncode in (-signal.SIGSEGV, -signal.SIGBUS, -signal.SIGKILL)
    assert odd_pool._idle == []


def test_a_hang_ends_when_its_time_is_over(odd_pool, monkeypatch):
    assert ask(odd_pool, "fine").size
    started = time.perf_counter()

    with monkeypatch.context() as impatient:
        impatient.setattr(decoder, "_LEAST_SECONDS", 0.4)
        with pytest.raises(DecoderError):
            ask(odd_pool, "jpeg2k", 1000)

    assert time.perf_counter() - started < 100  # it would sleep for 600
    assert ask(odd_pool, "fine", 1 << 24).size


@pytest.mark.parametrize("name", ["exit", "large", "panic"])
def test_an_end_too_much_or_a_panic_is_an_error_and_the_pool_goes_on(odd_pool, name):
    with pytest.raises(DecoderError):
        ask(odd_pool, name)

    assert ask(odd_pool, "fine")[3, 3] == 7


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only")
def test_memory_beyond_the_limit_is_refused_in_the_helper(odd_pool):
    with pytest.raises(DecoderError, match="MemoryError"):
        ask(odd_pool, "memory")


def test_what_a_codec_prints_does_not_reach_the_answer(odd_pool):
    assert ask(odd_pool, "print")[0, 0] == 7


def test_a_helper_that_was_killed_from_outside_is_replaced(odd_pool):
    ask(odd_pool, "fine")
    [helper] = odd_pool._idle
    os.kill(helper.process.pid, signal.SIGTERM)
    helper.process.wait()

    assert ask(odd_pool, "fine")[0, 0] == 7


def test_picture_whose_helper_is_killed_while_it_decodes_is_decoded_by_a_new_one(odd_pool, log):
    assert ask(odd_pool, "fine")[0, 0] == 7
    [killed] = odd_pool._idle

    assert ask(odd_pool, "crash once", log=log)[0, 0] == 7

    [helper] = odd_pool._idle
    assert helper is not killed
    assert not killed.is_alive()
    assert log.read_bytes() == b"x"


def test_codec_that_crashes_on_a_picture_again_costs_two_helpers_and_no_more(odd_pool, log):
    with pytest.raises(DecoderError, match="ended"):
        ask(odd_pool, "crash", log=log)

    assert log.read_bytes() == b"xx"
    assert odd_pool._idle == []


def test_picture_that_took_too_long_is_not_tried_again(odd_pool, log, monkeypatch):
    assert ask(odd_pool, "fine").size

    with monkeypatch.context() as impatient:
        impatient.setattr(decoder, "_LEAST_SECONDS", 3.0)
        with pytest.raises(DecoderError):
            ask(odd_pool, "hang", 1000, log=log)

    assert log.read_bytes() in (b"", b"x")  # nothing at all where the computer is very slow


def test_helper_that_answers_nonsense_is_ended():
    code = (
        "import json, os, time; from core.imaging.decoding import child; "
        "text = b'[1]'; os.write(1, child.ANSWER.pack(len(text), 0) + text); time.sleep(600)"
    )
    pool = DecoderPool(child_command(code))
    pool.warm_up()
    [helper] = pool._idle

    with pytest.raises(DecoderError, match="nonsense"):
        ask(pool, "fine")

    assert not helper.is_alive()
    assert pool._idle == []


SIZED = """
import fcntl, os
import numpy as np
from core.imaging.decoding import child, shared_area

def shrink():
    try: os.ftruncate(int(os.environ[shared_area._NUMBER]), 0)
    except OSError: return np.zeros(1)
    return np.ones(1)

child.serve({
    "ramp": lambda count: np.arange(count, dtype=np.uint16),
    "has area": lambda: np.array([shared_area.find_area() is not None]),
    "shrink": shrink,
})
"""


@pytest.fixture
def sized_pool():
    """A pool whose helpers answer samples of any length."""
    pool = DecoderPool(odd_command(SIZED), size=1)
    yield pool
    pool.close()


MOST = 2 * AREA_BYTES
THROUGH = {
    "nothing": 0,
    "a slice": 512 * 512,
    "all of the shared memory": AREA_BYTES // 2,
    "more than that": AREA_BYTES // 2 + 1,
}


@pytest.mark.parametrize("count", THROUGH.values(), ids=THROUGH)
def test_samples_come_whole_whichever_way_they_pass(sized_pool, count):
    made = sized_pool.run("ramp", count, most_bytes=MOST)

    assert np.array_equal(made, np.arange(count, dtype=np.uint16))


@pytest.mark.parametrize("count", THROUGH.values(), ids=THROUGH)
def test_without_shared_memory_samples_come_through_the_pipe(sized_pool, count, monkeypatch):
    monkeypatch.setattr(decoder, "make_area", lambda: None)

    assert not sized_pool.run("has area", most_bytes=1)[0]
    made = sized_pool.run("ramp", count, most_bytes=MOST)

    assert np.array_equal(made, np.arange(count, dtype=np.uint16))


def test_a_picture_stays_as_it_came_while_its_helper_makes_the_next(sized_pool):
    first = sized_pool.run("ramp", 100, most_bytes=MOST)
    sized_pool.run("ramp", 50, most_bytes=MOST)[:] = 7

    assert np.array_equal(first, np.arange(100))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has such memory")
def test_a_helper_cannot_take_the_shared_memory_away(sized_pool):
    assert sized_pool.run("has area", most_bytes=1)[0]
    assert not sized_pool.run("shrink", most_bytes=8)[0]

    assert sized_pool.run("ramp", 9, most_bytes=MOST)[8] == 8


@pytest.mark.parametrize("has_area", [True, False])
def test_helper_that_claims_to_have_shared_what_it_cannot_answers_nonsense(has_area, monkeypatch):
    if not has_area:
        monkeypatch.setattr(decoder, "make_area", lambda: None)
    code = (
        "import json, os, time; from core.imaging.decoding import child, shared_area; "
        f"length = shared_area.AREA_BYTES + {int(has_area)}; "
        "told = {'dtype': '|u1', 'shape': [length], 'is_shared': True}; "
        "text = json.dumps(told).encode(); "
        "os.write(1, child.ANSWER.pack(len(text), length) + text); time.sleep(600)"
    )
    pool = DecoderPool(child_command(code))

    with pytest.raises(DecoderError, match="nonsense"):
        ask(pool, "fine", MOST)

    assert pool._idle == []


def test_many_threads_share_the_helpers():
    found = []

    def work():
        for _ in range(10):
            made = decoder.run_codec("jpegls", STREAM, most_bytes=1 << 20)
            found.append(np.array_equal(made, RAMP))

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [True] * 60


def test_warming_up_starts_a_helper_and_closing_ends_it():
    pool = DecoderPool()
    pool.warm_up()
    [helper] = pool._idle

    pool.close()

    assert not helper.is_alive()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows starts helpers below the window")
def test_helpers_leave_the_processors_to_the_window_where_both_want_them():
    pool = DecoderPool()
    try:
        pool.run("codec", "jpegls", STREAM, {}, most_bytes=1 << 20)
        [helper] = pool._idle
        kindness = os.getpriority(os.PRIO_PROCESS, helper.process.pid)
    finally:
        pool.close()

    assert kindness > os.getpriority(os.PRIO_PROCESS, 0)


@pytest.fixture
def telling_pool():
    """A pool whose helpers tell whether they have loaded what slices need."""
    code = (
        "import numpy as np; from core.imaging.decoding import child; "
        "found = lambda: np.array(['core.imaging.series.slice_answer' in sys.modules]); "
        "child.serve({'found': found})"
    )
    pool = DecoderPool(child_command(code))
    yield pool
    pool.close()


def test_helpers_started_ahead_have_loaded_what_slices_need(telling_pool):
    telling_pool.warm_up(2)
    assert len(telling_pool._idle) == 2

    assert telling_pool.run("found", most_bytes=1)[0]


def test_nothing_is_started_ahead_once_there_was_a_picture(telling_pool):
    assert not telling_pool.run("found", most_bytes=1)[0]
    [helper] = telling_pool._idle

    telling_pool.warm_up(2)

    assert telling_pool._idle == [helper]
    assert not telling_pool.run("found", most_bytes=1)[0]


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_helpers_end_with_the_program_even_when_it_is_killed():
    code = (
        "from core.imaging.decoding.pool import POOL; import time; POOL.warm_up(); "
        "print(POOL._idle[0].process.pid, flush=True); time.sleep(60)"
    )
    program = subprocess.Popen(child_command(code), stdout=subprocess.PIPE)
    helper = int(program.stdout.readline())
    program.kill()
    program.wait()
    program.stdout.close()

    for _ in range(100):
        if not os.path.exists(f"/proc/{helper}"):
            break
        time.sleep(0.05)
    assert not os.path.exists(f"/proc/{helper}")


def test_the_program_becomes_a_helper_by_its_flag():
    pool = DecoderPool(child_command(
        "from core.cli import main; sys.exit(main(['--decode-pictures']))"
    ))  # fmt: skip
    try:
        made = pool.run("codec", "jpegls", STREAM, {}, most_bytes=1 << 20)
    finally:
        pool.close()

    assert np.array_equal(made, RAMP)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep freed memory by themselves")
def test_a_helper_does_not_get_the_memory_of_a_slice_from_the_system_again_and_again():
    code = (
        "import resource; import numpy as np; from core.imaging.decoding import child; "
        "touch = lambda: np.ones(1 << 20, np.uint8) + np.ones(1 << 20, np.uint8); "
        "faults = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_minflt; "
        "child.serve({'slice': lambda: touch()[:1], 'faults': lambda: np.array([faults()])})"
    )
    pool = DecoderPool(child_command(code))
    try:
        for _ in range(5):
            pool.run("slice", most_bytes=1)
        before = pool.run("faults", most_bytes=8)[0]
        for _ in range(20):
            pool.run("slice", most_bytes=1)
        after = pool.run("faults", most_bytes=8)[0]
    finally:
        pool.close()

    assert after - before < 20 * 256  # pages of one of the three arrays that each request fills
