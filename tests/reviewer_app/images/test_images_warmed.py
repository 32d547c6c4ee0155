"""Helper processes get ready while a page with images comes up, never before and beside it."""

import threading

import pytest

from core.imaging.decoding import pool as decoder
from core.imaging.decoding.pool import DecoderPool


class WatchedPool(DecoderPool):
    """Real helpers, and who had them started."""

    def __init__(self):
        super().__init__()
        self.starters = []

    def warm_up(self, count=1):
        self.starters.append(threading.current_thread())
        super().warm_up(count)


@pytest.fixture
def pool(monkeypatch):
    made = WatchedPool()
    monkeypatch.setattr(decoder, "POOL", made)
    yield made
    made.close()


@pytest.mark.parametrize("name", ["author", "blind", "verify", "baseline", "judge"])
def test_page_with_images_has_helpers_started_beside_the_window(
    qtbot, window, workspace, pool, name
):
    window.show_workspace(workspace)
    window.show_page("library")
    qtbot.waitUntil(lambda: not window.tasks.is_busy)
    assert pool.starters == []

    window.show_page(name)

    qtbot.waitUntil(lambda: len(pool._idle) == 2)
    assert pool.starters != [threading.main_thread()]
    assert all(helper.is_alive() for helper in pool._idle)


def test_workspace_that_is_left_at_once_starts_nothing(qtbot, window, workspace, pool):
    window.show_workspace(workspace)
    window.show_page("author")
    window.close_workspace()
    qtbot.wait(1)
    qtbot.waitUntil(lambda: not window.tasks.is_busy)

    assert pool.starters == []
