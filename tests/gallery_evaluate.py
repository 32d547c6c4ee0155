"""What the Evaluate page is made to show before its pictures are taken."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtWidgets import QApplication

from core.domain.body import AnswerFormat
from core.domain.score import ScoreState
from core.services.evaluation.profiles import (
    AllowedData,
    EndpointProfile,
    Price,
    RateLimit,
)
from core.workspace import Workspace
from reviewer_app.main_window import MainWindow
from reviewer_app.pages.evaluate.page import EvaluatePage, View
from tests.llm_server import LlmServer, Scripted, Seen

PROFILES = (
    EndpointProfile(
        "Ollama",
        "http://127.0.0.1:11434/v1",
        "vision-small",
        allowed=AllowedData.LOCAL_ONLY,
        concurrency=2,
    ),
    EndpointProfile(
        "Hospital server",
        "http://10.0.0.5:8000/v1",
        "vision-large",
        allowed=AllowedData.LOCAL_ONLY,
        concurrency=32,
    ),
    EndpointProfile(
        "Paid service",
        "https://api.example.org/v1",
        "vision-1",
        price=Price(2.5, 10.0, "2026-01-05"),
        rate=RateLimit(500, 200_000),
    ),
)


def show_preflight(window: MainWindow, workspace: Workspace) -> None:
    page = _page(window, View.SETUP)
    for profile in PROFILES:
        workspace.evaluation.profiles.put(profile)
    page.endpoints.refresh()
    page.form.choose_endpoint(PROFILES[2])
    page.form.api_key.setText("kept for this session")
    page.preflight.ceiling.setValue(0.05)
    _pump(1.0)


def show_endpoints(window: MainWindow, workspace: Workspace) -> None:
    for profile in PROFILES:
        workspace.evaluation.profiles.put(profile)
    page = _page(window, View.ENDPOINTS)
    page.endpoints.refresh()
    page.endpoints_view.list.setCurrentRow(2)


def show_prompts(window: MainWindow, workspace: Workspace) -> None:
    page = _page(window, View.PROMPTS)
    _pump(1.0)
    line = workspace.authoring.library()[0]
    revision = workspace.authoring.current(line.id)
    right = revision.key.right.response()
    words = next(one.text for one in revision.body.asked.options if one.id in right.options)
    page.prompts_view.texts["system"].setPlainText(f"Think of this: {words}.")
    _pump(1.0)


def show_runs(window: MainWindow, _: Workspace) -> None:
    _page(window, View.RUNS)


def show_wrong_reply(window: MainWindow, _: Workspace) -> None:
    page = _page(window, View.REPLIES)
    _pump(1.0)
    states = [line.state for line in page.replies.table_model.rows()]
    page.replies.table.selectRow(states.index(ScoreState.INCORRECT))


def show_region_correction(window: MainWindow, workspace: Workspace) -> None:
    """Open the box for a region that was read, with the reason begun."""
    page = _page(window, View.REPLIES)
    _pump(1.0)
    regions = {
        line.number for line in workspace.authoring.library() if line.format is AnswerFormat.REGION
    }
    numbers = [line.number for line in page.replies.table_model.rows()]
    page.replies.table.selectRow(next(n for n, one in enumerate(numbers) if one in regions))
    _pump(1.0)
    page.replies.pane.correct_button.click()
    page.replies.pane.correction.reason.setText("The box is given in percent of the picture.")


def show_comparison(window: MainWindow, _: Workspace) -> None:
    page = _page(window, View.COMPARE)
    page.comparison.chips[1].click()


def show_watch(window: MainWindow, _: Workspace) -> None:
    """Start three runs on a slow endpoint and look at the first; the picture is of a held queue."""
    page = _page(window, View.SETUP)
    with _slow_endpoint() as server:
        for llm in ("vision-1", "vision-2", "vision-3"):
            page.show_view(View.SETUP)
            page.form.base_url.setText(server.base_url)
            page.form.llm.setText(llm)
            page.form.concurrency.setValue(2)
            _wait(lambda: page.setup.preparation is not None)
            page.form.start_button.click()
        page.show_view(View.WATCH)
        _pump(5.0)
        page.queue.cancel()
        _wait(lambda: not page.queue.is_running)
    # The next picture begins without this queue.
    page.queue.to_plain = lambda: None


@contextmanager
def _slow_endpoint() -> Iterator[LlmServer]:
    said = ("The answer is B.", "A", "I can't assist with that.", "C", "Perhaps one of them.", "D")

    def script(_: Seen) -> Scripted:
        place = len(server.seen)
        if place % 9 == 4:
            return Scripted(status=400, error_message="The picture is too large.", delay_s=0.2)
        return Scripted(said[place % len(said)], delay_s=0.1 * (2 + place % 5))

    with LlmServer() as server:
        server.answers(script)
        yield server


def _page(window: MainWindow, view: View) -> EvaluatePage:
    page = window.pages.page("evaluate")
    assert isinstance(page, EvaluatePage)
    page.show_view(view)
    return page


def _pump(seconds: float) -> None:
    end = time.monotonic() + seconds
    _wait(lambda: time.monotonic() > end)


def _wait(is_done: Callable[[], bool], *, patience_s: float = 20.0) -> None:
    end = time.monotonic() + patience_s
    while not is_done() and time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.01)
