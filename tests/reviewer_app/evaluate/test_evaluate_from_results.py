"""From a figure on the Results page to the reply behind it, in the real window."""

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core.domain.body import AnswerFormat
from core.llm.retry import RetryPolicy
from core.services.evaluation.records import Calling, RunRequest
from reviewer_app.main_window import MainWindow
from reviewer_app.pages.evaluate.page import EvaluatePage, View
from reviewer_app.pages.results.page import ResultsPage
from tests.llm_server import LlmServer, Scripted
from tests.reviewer_app.study import make_study


def test_answer_behind_a_figure_opens_its_reply_by_key(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, server: LlmServer
) -> None:
    window.opener.create_path(tmp_path / "mine")
    assert window.context is not None
    workspace = window.context.workspace
    study = make_study(workspace)
    study.verified(AnswerFormat.SINGLE_CHOICE)
    study.sit_down(study.lead)
    window._show_person()
    server.answers(Scripted("I think the answer is A."))
    prepared = workspace.evaluation.prepare(RunRequest("llm-1", server.base_url))
    calling = Calling(1, "sk-test-0123", RetryPolicy(attempts=1))
    run = workspace.evaluation.start(prepared, calling).value.run.id

    window.show_page("results")
    results = window.pages.page("results")
    assert isinstance(results, ResultsPage)
    qtbot.waitUntil(lambda: results.presenter.figures is not None, timeout=10_000)
    results._on_respondent_opened(f"run:{run}")
    qtbot.waitUntil(lambda: results.answers.table.rowCount() == 1)
    qtbot.keyClick(results.answers.table, Qt.Key.Key_Return)

    page = window.pages.current_page()
    assert isinstance(page, EvaluatePage)
    assert page.view is View.REPLIES
    pane = page.replies.pane
    qtbot.waitUntil(lambda: pane.detail is not None, timeout=10_000)
    assert pane.text.marked_text() == "A"
    qtbot.waitUntil(lambda: not window.tasks.is_busy)
