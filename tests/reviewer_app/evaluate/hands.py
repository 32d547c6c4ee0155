"""What a person does on the Evaluate page."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from reviewer_app.pages.evaluate import PAGE
from reviewer_app.pages.evaluate.page import EvaluatePage, View
from tests.llm_server import LlmServer
from tests.reviewer_app.conftest import Desk

KEY = "sk-very-secret-0123456789"


def shown(desk: Desk, qtbot: QtBot) -> EvaluatePage:
    """Open the page as the window does."""
    made = PAGE(desk.context)
    qtbot.addWidget(made)
    made.resize(1184, 740)
    made.show()
    made.activate()
    qtbot.waitUntil(lambda: not desk.tasks.is_busy)
    return made


def fill(
    page: EvaluatePage, qtbot: QtBot, server: LlmServer, key: str = "", llm: str = "test-llm"
) -> None:
    """Type the endpoint and wait for the line that says what would be sent."""
    page.show_view(View.SETUP)
    for line, text in (
        (page.form.base_url, server.base_url),
        (page.form.llm, llm),
        (page.form.api_key, key),
    ):
        line.setFocus()
        line.clear()
        qtbot.keyClicks(line, text)
    prepared(page, qtbot)


def prepared(page: EvaluatePage, qtbot: QtBot) -> None:
    """Wait until what would be sent is known."""
    qtbot.waitUntil(lambda: page.setup.preparation is not None)


def one_at_a_time(page: EvaluatePage, qtbot: QtBot) -> None:
    """Let one call go at a time."""
    page.form.concurrency.setValue(1)
    prepared(page, qtbot)


def start(page: EvaluatePage, qtbot: QtBot) -> None:
    """Press the start button."""
    qtbot.mouseClick(page.form.start_button, Qt.MouseButton.LeftButton)


def wait_for_end(page: EvaluatePage, qtbot: QtBot, desk: Desk) -> None:
    """Wait until nothing is under way any more."""
    qtbot.waitUntil(lambda: not page.queue.is_running, timeout=10_000)
    qtbot.waitUntil(lambda: not desk.tasks.is_busy)


def run(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer, llm: str = "test-llm"
) -> None:
    """Ask all questions, one after the other, to the end."""
    fill(page, qtbot, server, llm=llm)
    one_at_a_time(page, qtbot)
    start(page, qtbot)
    wait_for_end(page, qtbot, desk)


def cells(table_owner: object, column: int) -> list[str]:
    """Return a column of a table as shown."""
    table_model = table_owner.table_model  # type: ignore[attr-defined]
    rows = range(table_model.rowCount())
    return [table_model.data(table_model.index(row, column)) for row in rows]
