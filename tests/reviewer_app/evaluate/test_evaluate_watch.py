"""Watching a run on the Evaluate page, and the queue of those that wait."""

from dataclasses import replace

import shiboken6
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core.domain.body import AnswerFormat
from core.domain.run import Condition, RunStatus
from core.domain.score import ScoreState
from reviewer_app.pages.evaluate import PAGE
from reviewer_app.pages.evaluate.page import EvaluatePage, View
from reviewer_app.pages.evaluate.run_form import RunForm
from reviewer_app.pages.evaluate.throughput import Pace, Sample
from tests.llm_server import LlmServer, Scripted, Seen, in_turn
from tests.reviewer_app.conftest import Desk
from tests.reviewer_app.evaluate.hands import (
    KEY,
    cells,
    fill,
    one_at_a_time,
    prepared,
    run,
    shown,
    start,
    wait_for_end,
)
from tests.reviewer_app.study import Study


def queue_another(page: EvaluatePage, qtbot: QtBot, llm: str) -> None:
    """Name another model and start, while a run is under way."""
    page.show_view(View.SETUP)
    page.form.llm.setText(llm)
    prepared(page, qtbot)
    start(page, qtbot)


def stored(desk: Desk) -> dict[str, str]:
    """Return model and status of every run."""
    runs = desk.workspace.evaluation.runs()
    return {one.run.spec.llm: one.run.status.value for one in runs}


def test_run_is_watched_to_its_end(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    server.answers(
        in_turn(
            Scripted("B"),
            Scripted("I can't assist with that."),
            Scripted("Perhaps."),
            Scripted(status=400, error_message="no pictures"),
        )
    )

    run(page, qtbot, desk, server)

    watch = page.watch_view
    assert page.view is View.WATCH
    assert watch.count.text() == "3 of 4"
    assert cells(watch, 1) == ["Failed", "No answer found", "Refused", "Answered"]
    (row,) = watch.errors_model.rows()
    assert row[1] == 1
    assert "no pictures" in row[0]
    assert cells(page.runs, 3) == ["3 / 4"]
    assert cells(page.runs, 9) == ["Paused"]
    assert page.form.start_button.text() == "Resume run (3 of 4 done)"


def test_eight_end_states_are_counted_apart_with_the_tokens_used(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    server.answers(in_turn(*map(Scripted, ("B", "A", "I can't assist with that.", "Perhaps."))))

    run(page, qtbot, desk, server)

    chips = page.watch_view.chips
    assert set(chips) == set(ScoreState)
    counted = {state: int(chip.text().split()[-1]) for state, chip in chips.items()}
    assert counted == dict.fromkeys(ScoreState, 0) | {
        ScoreState.CORRECT: 1,
        ScoreState.INCORRECT: 1,
        ScoreState.REFUSED: 1,
        ScoreState.NO_ANSWER: 1,
    }
    assert page.watch_view.figures.tokens.value() == "44 / 12"


def test_speed_is_told_once_replies_were_timed(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    figures = page.watch_view.figures
    speeds = (figures.characters, figures.token_rate, figures.first_word)
    assert not any(one.isVisibleTo(figures) for one in speeds)
    server.answers(Scripted("The answer is B.", delay_s=0.02))
    fill(page, qtbot, server)
    endpoint = replace(page.form.where.endpoint(), is_streaming=True)
    page.form.choose_endpoint(endpoint)
    prepared(page, qtbot)

    start(page, qtbot)
    wait_for_end(page, qtbot, desk)

    assert all(one.isVisibleTo(figures) for one in speeds)
    assert 0 < float(figures.characters.value()) <= 16 / 0.02
    assert figures.characters.caption().startswith("characters/s, P90 ")
    assert "over 4 timed replies" in figures.characters.toolTip()
    assert figures.first_word.value().endswith(" s")


def test_end_state_opens_the_replies_it_counts_by_key(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    server.answers(in_turn(*map(Scripted, ("B", "B", "Perhaps.", "B"))))
    run(page, qtbot, desk, server)

    chip = page.watch_view.chips[ScoreState.NO_ANSWER]
    chip.setFocus()
    qtbot.keyClick(chip, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: cells(page.replies, 0) == ["3"])
    assert page.view is View.REPLIES


def test_last_reply_is_opened_beside_its_question(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    server.answers(in_turn(*map(Scripted, ("A", "B", "C", "Perhaps."))))
    run(page, qtbot, desk, server)

    page.watch_view.table.selectRow(1)
    page.watch_view.table.activated.emit(page.watch_view.table.currentIndex())

    pane = page.replies.pane
    qtbot.waitUntil(lambda: pane.detail is not None and pane.detail.blind.number == 3)
    assert pane.text.toPlainText() == "C"


def test_cancelling_keeps_what_is_finished_and_the_run_waits_in_the_queue(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    def script(_: Seen) -> Scripted:
        return Scripted("B", delay_s=0.0 if len(server.seen) < 3 else 5.0)

    server.answers(script)
    fill(page, qtbot, server)
    one_at_a_time(page, qtbot)
    start(page, qtbot)
    qtbot.waitUntil(lambda: page.watch_view.count.text() == "2 of 4")
    qtbot.waitUntil(lambda: cells(page.runs, 9) == ["Running"])

    qtbot.mouseClick(page.watch_view.cancel_button, Qt.MouseButton.LeftButton)
    wait_for_end(page, qtbot, desk)

    assert cells(page.runs, 9) == ["Paused"]
    assert cells(page.runs, 3) == ["2 / 4"]
    assert not page.watch_view.cancel_button.isVisible()
    assert page.queue_panel.rows() == ["test-llm · Image and text\nbegun, waits"]

    server.answers(Scripted("B"))
    qtbot.mouseClick(page.queue_panel.go_on_button, Qt.MouseButton.LeftButton)
    wait_for_end(page, qtbot, desk)
    assert stored(desk) == {"test-llm": RunStatus.FINISHED}
    assert page.queue_panel.rows() == []


def test_queued_runs_go_one_after_another_in_the_order_a_person_gives(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    server.answers(Scripted("B", delay_s=0.6))
    fill(page, qtbot, server, llm="first")
    one_at_a_time(page, qtbot)
    start(page, qtbot)
    for name in ("second", "third"):
        queue_another(page, qtbot, name)
    assert page.form.start_button.text().startswith("Queue run")

    page.show_view(View.WATCH)
    panel = page.queue_panel
    panel.list.setFocus()
    panel.list.setCurrentRow(2)
    qtbot.keyClick(panel.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert [row.split(" · ")[0] for row in panel.rows()] == ["first", "third", "second"]
    server.answers(Scripted("B"))
    wait_for_end(page, qtbot, desk)

    asked = list(dict.fromkeys(one.body["model"] for one in server.seen))
    assert asked == ["first", "third", "second"]
    assert server.peak_in_flight == 1
    assert set(stored(desk).values()) == {"finished"}


def test_run_taken_out_of_the_queue_is_never_asked(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    server.answers(Scripted("B", delay_s=0.5))
    fill(page, qtbot, server, llm="first")
    one_at_a_time(page, qtbot)
    start(page, qtbot)
    queue_another(page, qtbot, "second")

    page.show_view(View.WATCH)
    page.queue_panel.list.setFocus()
    page.queue_panel.list.setCurrentRow(1)
    qtbot.keyClick(page.queue_panel.list, Qt.Key.Key_Delete)
    server.answers(Scripted("B"))
    wait_for_end(page, qtbot, desk)

    assert stored(desk) == {"first": "finished"}


def test_same_run_is_queued_once(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    server.answers(Scripted("B", delay_s=1.0))
    fill(page, qtbot, server, llm="first")
    start(page, qtbot)
    queue_another(page, qtbot, "second")
    prepared(page, qtbot)

    start(page, qtbot)

    assert len(page.queue.items) == 2
    assert "in the queue already" in desk.posted[-1]
    page.queue.cancel()
    wait_for_end(page, qtbot, desk)


def test_refused_key_holds_back_runs_on_the_same_endpoint_only(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    with LlmServer(Scripted(status=401, delay_s=0.3)) as broken:
        fill(page, qtbot, broken, KEY, llm="first")
        start(page, qtbot)
        queue_another(page, qtbot, "second")
        page.form.base_url.setText(server.base_url)
        queue_another(page, qtbot, "third")

        qtbot.waitUntil(lambda: stored(desk).get("third") == "finished", timeout=10_000)
        wait_for_end(page, qtbot, desk)

        assert {one.body["model"] for one in broken.seen} == {"first"}
        assert "refused the API key" in page.queue_panel.note.text()
        assert [row.split(" · ")[0] for row in page.queue_panel.rows()] == ["first", "second"]


def test_queue_survives_closing_and_waits_for_a_person(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    server.answers(Scripted("B", delay_s=0.5))
    fill(page, qtbot, server, KEY, llm="first")
    one_at_a_time(page, qtbot)
    start(page, qtbot)
    queue_another(page, qtbot, "second")
    kept = page.unsent()
    assert KEY not in str(kept)
    page.queue.cancel()
    wait_for_end(page, qtbot, desk)
    seen = len(server.seen)

    reopened = PAGE(desk.context)
    qtbot.addWidget(reopened)
    reopened.take_unsent(kept)
    reopened.show()
    reopened.activate()
    qtbot.waitUntil(lambda: not desk.tasks.is_busy)

    assert [row.split(" · ")[0] for row in reopened.queue_panel.rows()] == ["first", "second"]
    assert len(server.seen) == seen, "nothing is sent that nobody asked for"
    assert reopened.waiting_count() == 2
    server.answers(Scripted("B"))
    run(reopened, qtbot, desk, server, "another")
    assert len(reopened.queue.items) == 2, "what was asked for now does not let the others go"
    reopened.queue.go_on()
    wait_for_end(reopened, qtbot, desk)
    assert set(stored(desk).items()) == {(n, "finished") for n in ("first", "second", "another")}
    assert reopened.unsent().keys() <= {("evaluate", "form")}


def test_questions_that_changed_are_looked_at_anew_before_a_queued_run(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, study: Study, server: LlmServer
) -> None:
    server.answers(Scripted("B", delay_s=0.5))
    fill(page, qtbot, server, llm="first")
    one_at_a_time(page, qtbot)
    start(page, qtbot)
    queue_another(page, qtbot, "second")
    page.queue.hold()
    server.answers(Scripted("B"))

    desk.operations.changed.connect(page.apply_changes)
    created = desk.operations.perform(
        "Writing", lambda: desk.workspace.authoring.create(AnswerFormat.REPORT, study.author)
    )
    assert created is not None
    study.write(AnswerFormat.YES_NO)
    wait_for_end(page, qtbot, desk)
    page.queue.go_on()
    wait_for_end(page, qtbot, desk)

    totals = {one.run.spec.llm: one.total for one in desk.workspace.evaluation.runs()}
    assert totals == {"first": 4, "second": 5}


def test_paused_run_is_resumed_from_the_list(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    server.answers(Scripted(status=400))
    run(page, qtbot, desk, server)
    server.answers(Scripted("B"))

    page.show_view(View.RUNS)
    assert page.runs.resume_button.isEnabled()
    qtbot.mouseClick(page.runs.resume_button, Qt.MouseButton.LeftButton)
    wait_for_end(page, qtbot, desk)

    assert cells(page.runs, 9) == ["Finished"]
    assert not page.runs.resume_button.isEnabled()
    assert "test-llm was asked all questions." in desk.posted


def test_resuming_lends_the_entered_key_to_its_own_address_only(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    server.answers(Scripted(status=400))
    run(page, qtbot, desk, server)
    summary = desk.workspace.evaluation.runs()[0]
    page.form.base_url.setText("https://api.example.org/v1")
    page.form.api_key.setText(KEY)
    seen = len(server.seen)

    page.queue.resume(summary, page.form.form())
    wait_for_end(page, qtbot, desk)

    assert len(server.seen) > seen
    assert all(KEY not in str(one.headers) for one in server.seen)


def test_closing_while_a_run_goes_on_pauses_it(
    desk: Desk, study: Study, qtbot: QtBot, server: LlmServer
) -> None:
    for _ in range(6):
        study.write(AnswerFormat.SINGLE_CHOICE)
    server.answers(Scripted("B", delay_s=0.2))
    page = PAGE(desk.context)
    page.show()
    page.activate()
    fill(page, qtbot, server)
    one_at_a_time(page, qtbot)
    start(page, qtbot)
    qtbot.waitUntil(lambda: len(server.seen) > 1)

    # As the main window does: pages go first, then tasks are waited for.
    shiboken6.delete(page)
    desk.tasks.close()

    summary = desk.workspace.evaluation.runs()[0]
    assert (summary.run.status, summary.is_active) == ("paused", False)
    assert 0 < summary.done < 6


def test_what_was_entered_comes_back_without_its_key(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    assert page.unsent() == {}, "nothing was entered yet"
    fill(page, qtbot, server, KEY, llm="half-typed")
    page.form.condition.setCurrentIndex(page.form.condition.findData(Condition.TEXT.value))
    kept = page.unsent()

    reopened = PAGE(desk.context)
    qtbot.addWidget(reopened)
    reopened.take_unsent(kept)
    reopened.activate()
    qtbot.waitUntil(lambda: not desk.tasks.is_busy)

    again = reopened.form.form()
    assert (again.llm, again.condition, again.api_key) == ("half-typed", Condition.TEXT, "")
    qtbot.waitUntil(lambda: not desk.tasks.is_busy)
    assert KEY not in str(kept)
    assert KEY not in str(RunForm(api_key=KEY).to_plain())


def test_pace_is_questions_per_second_over_the_last_seconds() -> None:
    pace = Pace()
    assert pace.rate() is None

    for second in range(31):
        pace.note(Sample(100.0 + second, 2 * second if second <= 20 else 40 + 5 * (second - 20)))

    assert pace.rate() == 5.0
    assert pace.left_s(190) == (190 - 90) / 3.0
    bars = pace.bars()
    assert (len(bars), bars[-1], bars[5]) == (31, 5.0, 2.0)


def test_pace_begins_anew_with_another_run() -> None:
    pace = Pace()
    pace.note(Sample(0.0, 50))
    pace.note(Sample(1.0, 2))

    assert pace.rate() is None
    assert pace.bars() == []


def test_runs_list_counts_right_answers(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    server.answers(in_turn(*map(Scripted, ("B", "B", "B", "A"))))

    run(page, qtbot, desk, server)

    assert cells(page.runs, 4) == ["75%"]
    assert shown(desk, qtbot).runs.table_model.rowCount() == 1
