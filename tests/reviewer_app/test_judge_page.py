"""The Judge page: grading by keys alone and blind; asking, checking, accepting a judge."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from core.domain.judging import JudgeVerdict
from core.domain.people import Person
from core.services.evaluation.profiles import AllowedData, Api, EndpointProfile
from reviewer_app.pages.judge import PAGE
from reviewer_app.pages.judge.page import JudgePage
from tests.judging_study import Judged, grader
from tests.llm_server import LlmServer, Scripted
from tests.reviewer_app.hands import press, shown_text


@pytest.fixture(autouse=True)
def own_endpoints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the endpoints of whoever runs the tests out of it."""
    monkeypatch.setattr("core.paths.endpoints_file", lambda: tmp_path / "config" / "e.json")


@pytest.fixture
def judged(workspace) -> Judged:
    return Judged(workspace)


@pytest.fixture
def server() -> Iterator[LlmServer]:
    with LlmServer(grader()) as running:
        yield running


@pytest.fixture
def open_page(qtbot, desk) -> Iterator[Callable[[Person], JudgePage]]:
    def open_it(person: Person) -> JudgePage:
        desk.workspace.people.set_me(person.id)
        page = PAGE(desk.context)
        qtbot.addWidget(page)
        desk.operations.changed.connect(page.apply_changes)
        page.resize(1180, 740)
        page.show()
        page.activateWindow()
        qtbot.waitUntil(page.isActiveWindow)
        page.activate()
        page.take_focus()
        qtbot.waitUntil(lambda: not desk.tasks.is_busy)
        return page

    yield open_it
    qtbot.waitUntil(lambda: not desk.tasks.is_busy)


def decide_all(qtbot, page: JudgePage, key: Qt.Key) -> None:
    """Decide every point of one answer by the same key and save."""
    for _ in page.grade_tab.points.rows:
        press(qtbot, key)
    press(qtbot, Qt.Key.Key_Return)


def test_a_sample_is_graded_by_keys_alone(qtbot, workspace, judged, open_page) -> None:
    workspace.judging.draw_sample(judged.lead.id, 4)
    me = judged.physicians[0]
    page = open_page(me)
    waiting = [page.waiting_count()]

    for key in (Qt.Key.Key_Y, Qt.Key.Key_N, Qt.Key.Key_Y, Qt.Key.Key_N):
        decide_all(qtbot, page, key)
        waiting.append(page.waiting_count())

    tasks = workspace.judging.tasks(me.id)
    assert waiting == [4, 3, 2, 1, 0]
    assert [set(task.met or ()) for task in tasks] == [{True}, {False}, {True}, {False}]
    assert "4 graded" in shown_text(page)


def test_the_screen_tells_neither_model_nor_run(workspace, judged, open_page) -> None:
    workspace.judging.draw_sample(judged.lead.id, 12)

    page = open_page(judged.physicians[0])

    text = shown_text(page)
    assert "Answer to grade" in text
    assert "Reference" in text
    assert not any(name in text for name in ("gpt-demo", "qwen-demo"))
    assert not page.tabs.isTabVisible(1)


def test_nothing_is_saved_before_every_point_is_decided(
    qtbot, workspace, judged, open_page
) -> None:
    workspace.judging.draw_sample(judged.lead.id, 4)
    me = judged.physicians[0]
    page = open_page(me)

    press(qtbot, Qt.Key.Key_Return)

    assert not page.grade_tab.save_button.isEnabled()
    assert all(task.met is None for task in workspace.judging.tasks(me.id))


def test_going_back_changes_what_was_graded(qtbot, workspace, judged, open_page) -> None:
    workspace.judging.draw_sample(judged.lead.id, 2)
    me = judged.physicians[0]
    page = open_page(me)
    decide_all(qtbot, page, Qt.Key.Key_Y)

    press(qtbot, Qt.Key.Key_B)
    for row in page.grade_tab.points.rows:
        row.buttons[False].click()
    page.grade_tab.save_button.click()

    assert set(workspace.judging.tasks(me.id)[0].met or ()) == {False}


def test_what_was_entered_and_not_saved_comes_back(qtbot, workspace, judged, open_page) -> None:
    workspace.judging.draw_sample(judged.lead.id, 4)
    page = open_page(judged.physicians[0])
    press(qtbot, Qt.Key.Key_N)
    page.grade_tab.comment.setText("half right")
    unsent = page.unsent()

    again = PAGE(page.context)
    qtbot.addWidget(again)
    again.take_unsent(unsent)
    again.activate()

    assert again.grade_tab.points.met()[0] is False
    assert again.grade_tab.comment.text() == "half right"


def test_an_empty_page_says_what_it_is_for(judged, open_page) -> None:
    page = open_page(judged.physicians[0])

    assert "No answers wait for grading" in shown_text(page)


def test_a_lead_asks_a_judge_sees_its_agreement_and_lets_it_count(
    qtbot, desk, workspace, judged, server, open_page
) -> None:
    workspace.judging.draw_sample(judged.lead.id, 12)
    judged.grade_all(judged.physicians[0])
    page = open_page(judged.lead)
    page.tabs.setCurrentWidget(page.judges_tab)
    form, panel = page.judges_tab.form, page.judges_tab.panel
    form.where.base_url.setText(server.base_url)
    form.where.llm.setText("gpt-judge")

    qtbot.keyClick(form.where.llm, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: panel.isVisible() and not desk.tasks.is_busy)
    before = workspace.analysis.results().judged
    statement = panel.statement.text()
    panel.accept_button.click()
    qtbot.waitUntil(lambda: panel.withdraw_button.isVisible() and not desk.tasks.is_busy)

    assert before == ()
    assert statement.startswith("On 12 answers graded by one physician, AC1 is 1.00")
    assert "of one family" in form.summary.text()
    assert workspace.judging.judges()[0].is_accepted
    assert {one.run_name for one in page.presenter.board.figures} == {
        "gpt-demo · image and text",
        "qwen-demo · image and text",
    }
    assert page.judges_tab.scores.rowCount() == 4


def test_a_judge_with_too_few_checked_answers_cannot_be_accepted(
    workspace, judged, server, open_page
) -> None:
    workspace.judging.draw_sample(judged.lead.id, 5)
    judged.grade_all(judged.physicians[0])
    judged.judge(judged.prepared(server))

    page = open_page(judged.lead)
    page.tabs.setCurrentWidget(page.judges_tab)

    assert not page.judges_tab.panel.accept_button.isEnabled()
    assert "at least 10 are needed" in page.judges_tab.panel.statement.text()


def test_a_wrong_address_is_said_beside_the_form(desk, judged, open_page) -> None:
    page = open_page(judged.lead)
    page.tabs.setCurrentWidget(page.judges_tab)
    form = page.judges_tab.form
    form.where.base_url.setText("nowhere")
    form.where.llm.setText("m")

    form.start_button.click()

    assert "not the address of an endpoint" in form.problem.text()


def test_calls_that_failed_are_said(qtbot, desk, workspace, judged, server, open_page) -> None:
    workspace.judging.draw_sample(judged.lead.id, 3)
    server.answers(Scripted(status=400))
    page = open_page(judged.lead)
    page.tabs.setCurrentWidget(page.judges_tab)
    form = page.judges_tab.form
    form.where.base_url.setText(server.base_url)
    form.where.llm.setText("m")

    form.start_button.click()
    qtbot.waitUntil(lambda: bool(desk.posted) and not desk.tasks.is_busy)

    assert "did not accept the request" in desk.posted[-1]


def test_withdrawing_a_judge_takes_its_scores_away(
    qtbot, desk, workspace, judged, server, open_page
) -> None:
    workspace.judging.draw_sample(judged.lead.id, 12)
    judged.grade_all(judged.physicians[0])
    judge = judged.judge(judged.prepared(server)).judge.id
    workspace.judging.decide(judge, judged.lead.id, JudgeVerdict.ACCEPTED)
    page = open_page(judged.lead)
    page.tabs.setCurrentWidget(page.judges_tab)

    page.judges_tab.panel.withdraw_button.click()
    qtbot.waitUntil(lambda: not desk.tasks.is_busy)

    assert not workspace.judging.judges()[0].is_accepted
    assert page.judges_tab.scores.rowCount() == 0


def test_a_judge_is_asked_by_a_named_endpoint(
    qtbot, desk, workspace, judged, server, open_page
) -> None:
    workspace.judging.draw_sample(judged.lead.id, 3)
    ward = EndpointProfile("Ward", server.base_url, "m", Api.RESPONSES, "low", concurrency=1)
    workspace.evaluation.profiles.put(ward)
    page = open_page(judged.lead)
    page.tabs.setCurrentWidget(page.judges_tab)
    form, where = page.judges_tab.form, page.judges_tab.form.where

    where.profile_box.setFocus()
    qtbot.keyClick(where.profile_box, Qt.Key.Key_Down)
    where.profile_box.activated.emit(where.profile_box.currentIndex())
    assert (where.base_url.text(), where.llm.text()) == (server.base_url, "m")
    form.start_button.click()
    qtbot.waitUntil(lambda: bool(page.presenter.board.judges) and not desk.tasks.is_busy)

    (judge,) = workspace.judging.judges()
    assert (judge.judge.spec.api, judge.judge.spec.effort) == ("responses", "low")
    assert {one.path for one in server.seen} == {"/v1/responses"}
    assert server.peak_in_flight == 1
    where.llm.setText("another")
    assert where.profile_box.currentText() == "Entered below"
    assert where.endpoint().effort == "", "another model is not what has this name"


def test_a_named_endpoint_for_local_data_only_gets_no_key_elsewhere(
    qtbot, desk, workspace, judged, open_page
) -> None:
    workspace.judging.draw_sample(judged.lead.id, 3)
    far = EndpointProfile("Far", "https://llm.invalid/v1", "m", allowed=AllowedData.LOCAL_ONLY)
    workspace.evaluation.profiles.put(far)
    page = open_page(judged.lead)
    page.tabs.setCurrentWidget(page.judges_tab)
    page.judges_tab.form.where.show_unsent({"endpoint": "Far"})

    page.judges_tab.form.start_button.click()
    qtbot.waitUntil(lambda: bool(desk.posted) and not desk.tasks.is_busy)

    assert "local data only" in desk.posted[-1]


def test_the_model_of_a_judge_is_chosen_from_a_list(qtbot, desk, judged, server, open_page) -> None:
    server.answers(Scripted("judge-1 judge-2"))
    page = open_page(judged.lead)
    page.tabs.setCurrentWidget(page.judges_tab)
    where = page.judges_tab.form.where
    where.base_url.setText(server.base_url)

    where.models.button.click()
    qtbot.waitUntil(lambda: where.models.names() == ["judge-1", "judge-2"])
    server.answers(Scripted(status=404))
    where.models.button.click()
    qtbot.waitUntil(where.models.button.isEnabled)

    assert "does not tell which models" in where.models.note.text()


def test_what_was_entered_for_a_judge_comes_back_with_its_endpoint(
    qtbot, workspace, judged, server, open_page
) -> None:
    workspace.evaluation.profiles.put(EndpointProfile("Ward", server.base_url, "m"))
    page = open_page(judged.lead)
    page.judges_tab.form.where.show_unsent({"base_url": "http://old", "llm": "o"})
    kept = page.unsent()
    assert kept["judge", "form"] == {"base_url": "http://old", "llm": "o"}

    page.take_unsent({("judge", "form"): {"endpoint": "Ward"}})

    assert page.judges_tab.form.where.endpoint().name == "Ward"
    assert page.unsent()["judge", "form"]["endpoint"] == "Ward"
