"""Setting up a run on the Evaluate page."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydicom.data import get_testdata_file
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from core.domain.body import AnswerFormat
from core.domain.media import ImageUse
from core.domain.run import Condition
from core.services.evaluation.profiles import EndpointProfile, Price
from core.services.evaluation.records import BlockReason
from reviewer_app.pages.evaluate.examples_dialog import ExamplesDialog
from reviewer_app.pages.evaluate.page import EvaluatePage
from reviewer_app.pages.evaluate.run_form import RunForm
from tests.batch_server import BatchServer
from tests.llm_server import LlmServer, Scripted, Seen
from tests.reviewer_app.conftest import Desk
from tests.reviewer_app.evaluate.hands import KEY, fill, prepared, shown, start, wait_for_end
from tests.reviewer_app.study import Study


@pytest.fixture
def ct_image(desk: Desk) -> ImageUse:
    path = Path(str(get_testdata_file("CT_small.dcm")))
    return ImageUse(desk.workspace.images.import_file(path).value.id)


def test_workspace_without_questions_says_what_the_page_is_for(
    desk: Desk, study: Study, qtbot: QtBot
) -> None:
    page = shown(desk, qtbot)

    assert page.empty.isVisible()
    assert not page.form.isVisible()


def test_prompt_is_previewed_on_real_questions_and_follows_the_condition(
    page: EvaluatePage, qtbot: QtBot
) -> None:
    assert "Which finding is number 0?" in page.preview.text.toPlainText()

    qtbot.mouseClick(page.preview.next, Qt.MouseButton.LeftButton)
    assert "Which finding is number 1?" in page.preview.text.toPlainText()

    page.form.condition.setCurrentIndex(page.form.condition.findData(Condition.IMAGE.value))
    assert "Which finding" not in page.preview.text.toPlainText()
    assert "A. " in page.preview.text.toPlainText()


def test_start_waits_for_an_endpoint_and_says_what_would_be_sent(
    page: EvaluatePage, qtbot: QtBot, server: LlmServer
) -> None:
    assert not page.form.start_button.isEnabled()

    fill(page, qtbot, server)

    assert page.form.summary.text() == "4 questions to send"
    assert "rehearsal" in page.form.warning.text()
    assert page.form.start_button.isEnabled()


def test_wrong_address_is_said_beside_the_field(
    page: EvaluatePage, qtbot: QtBot, server: LlmServer
) -> None:
    fill(page, qtbot, server)

    page.form.base_url.setText("nowhere")

    qtbot.waitUntil(lambda: "not the address" in page.form.problem.text())
    assert page.form.base_url.property("invalid")
    assert not page.form.start_button.isEnabled()


def test_question_with_an_uncleared_image_is_held_back_with_its_reason(
    desk: Desk, study: Study, qtbot: QtBot, server: LlmServer, ct_image: ImageUse
) -> None:
    study.write(AnswerFormat.SINGLE_CHOICE, images=(ct_image,))
    study.write(AnswerFormat.YES_NO)
    page = shown(desk, qtbot)

    fill(page, qtbot, server)

    assert page.form.summary.text() == "1 question to send · 1 held back"
    (held,) = page.preflight.blocked_model.rows()
    assert (held.number, held.reason) == (1, BlockReason.NOT_CLEARED)
    assert "Image 1 has not been cleared" in held.sentence
    assert page.preflight.blocked_title.text() == "1 question held back: image not cleared 1"
    start(page, qtbot)
    wait_for_end(page, qtbot, desk)
    assert len(server.seen) == 1


def test_refused_key_stops_the_run_with_a_sentence_in_place(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    server.answers(Scripted(status=401))
    fill(page, qtbot, server, KEY)

    start(page, qtbot)
    wait_for_end(page, qtbot, desk)

    assert "refused the API key" in page.watch_view.stop_reason.text()
    assert "refused the API key" in desk.posted[-1]
    assert page.form.api_key.text() == KEY, "what was entered is kept"
    assert page.form.start_button.isEnabled()


def test_entered_key_is_hidden_sent_and_stored_nowhere(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    fill(page, qtbot, server, KEY)

    start(page, qtbot)
    wait_for_end(page, qtbot, desk)

    assert page.form.api_key.echoMode() is QLineEdit.EchoMode.Password
    assert server.seen[0].headers["authorization"] == f"Bearer {KEY}"
    files = [one for one in desk.workspace.path.rglob("*") if one.is_file()]
    assert not [one for one in files if KEY.encode() in one.read_bytes()]
    assert KEY not in repr(RunForm(api_key=KEY))


@pytest.mark.parametrize(
    ("scripted", "sentence"),
    [
        (Scripted("OK"), "test-llm answered in"),
        (Scripted(status=401), "refused the API key"),
        (Scripted(status=404), "does not know this address or model"),
    ],
)
def test_connection_test_says_how_it_ended(
    page: EvaluatePage, qtbot: QtBot, server: LlmServer, scripted: Scripted, sentence: str
) -> None:
    server.answers(scripted)
    fill(page, qtbot, server)

    qtbot.mouseClick(page.form.test_button, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: sentence in page.form.test_result.text(), timeout=10_000)
    assert page.form.test_button.isEnabled()


def test_origin_of_the_key_is_told(
    page: EvaluatePage, qtbot: QtBot, server: LlmServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(page, qtbot, server)
    qtbot.waitUntil(lambda: "No key found" in page.form.key_hint.text())

    monkeypatch.setenv("ASCLEPIUS_API_KEY", KEY)
    page.setup.find_key()

    qtbot.waitUntil(lambda: "environment" in page.form.key_hint.text())


def test_form_starts_from_the_last_run(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    fill(page, qtbot, server)
    page.form.temperature.setValue(0.7)
    qtbot.waitUntil(lambda: page.setup.preparation is not None)
    start(page, qtbot)
    wait_for_end(page, qtbot, desk)

    reopened = shown(desk, qtbot)

    again = reopened.form.form()
    assert (again.address, again.llm, again.temperature) == (server.base_url, "test-llm", 0.7)
    assert again.api_key == ""


def test_ceiling_is_taken_without_another_look_at_the_questions(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    endpoint = EndpointProfile("", server.base_url, "m", price=Price(1000.0, 1000.0, "2026-01-05"))
    page.form.choose_endpoint(endpoint)
    qtbot.waitUntil(lambda: page.setup.preparation is not None)
    before = page.setup.preparation
    assert page.preflight.cost.text().startswith("about")

    page.preflight.ceiling.setValue(0.01)

    assert page.setup.preparation is before
    assert "would pause on the way" in page.preflight.ceiling_note.text()
    start(page, qtbot)
    wait_for_end(page, qtbot, desk)
    assert server.seen == [], "no call that might cost more"
    assert "before its cost could exceed 0.01" in page.watch_view.stop_reason.text()


def test_what_a_run_takes_is_shown_by_format_before_the_first_call(
    page: EvaluatePage, qtbot: QtBot, study: Study, server: LlmServer
) -> None:
    study.write(AnswerFormat.NUMERIC)
    page.setup.refresh()
    fill(page, qtbot, server)

    rows = {row.format: row for row in page.preflight.rows_model.rows()}

    assert rows[AnswerFormat.SINGLE_CHOICE].questions == 4
    assert rows[AnswerFormat.NUMERIC].calls == 1
    assert page.preflight.title.text() == "test-llm · Image and text · default-1: 5 calls"
    assert "not known" in page.preflight.cost.text()
    assert not page.preflight.ceiling.isEnabled()
    assert "between" in page.preflight.time.text()
    assert server.seen == []


def test_missing_key_is_the_reason_why_a_run_cannot_start(page: EvaluatePage, qtbot: QtBot) -> None:
    page.form.choose_endpoint(EndpointProfile("", "https://api.example.org/v1", "m"))

    qtbot.waitUntil(lambda: "There is no API key" in page.form.problem.text())
    assert not page.form.start_button.isEnabled()
    page.form.api_key.setText(KEY)
    qtbot.waitUntil(page.form.start_button.isEnabled)


def test_examples_that_nobody_labeled_are_said_beside_their_field(
    page: EvaluatePage, qtbot: QtBot, server: LlmServer
) -> None:
    fill(page, qtbot, server)

    page.form.asking.shots.setValue(2)
    assert page.form.asking.examples.isVisible()
    page.form.asking.examples.setText("shots")

    qtbot.waitUntil(lambda: "No question is labeled “shots”" in page.form.problem.text())
    assert not page.form.start_button.isEnabled()


def test_examples_are_chosen_from_a_list_by_keys_alone(
    page: EvaluatePage, qtbot: QtBot, server: LlmServer
) -> None:
    fill(page, qtbot, server)
    asking = page.form.asking
    asking.choose_button.setFocus()
    qtbot.keyClick(asking.choose_button, Qt.Key.Key_Space)
    (dialog,) = page.findChildren(ExamplesDialog)
    assert dialog.list.count() == 4

    qtbot.keyClicks(dialog.search, "number 2?")
    hidden = [dialog.list.item(row).isHidden() for row in range(4)]
    assert hidden == [True, True, False, True]
    dialog.search.clear()
    dialog.list.setFocus()
    for row in (0, 2):
        dialog.list.setCurrentRow(row)
        qtbot.keyClick(dialog.list, Qt.Key.Key_Space)
    assert dialog.count.text().startswith("2 chosen: Single choice 2.")
    qtbot.keyClick(dialog.list, Qt.Key.Key_Return)

    assert (asking.examples.text(), asking.shots.value()) == ("1, 3", 2)
    prepared(page, qtbot)
    assert page.setup.preparation is not None
    assert page.setup.preparation.sendable == 2, "examples are not asked"
    assert page.setup.preparation.spec.setup.shots == 2


def test_batch_is_handed_in_and_collected_by_the_same_button(
    page: EvaluatePage, qtbot: QtBot, desk: Desk
) -> None:
    def answer(body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        return 200, json.loads(Scripted("B").payload(Seen("/v1/chat/completions", {}, body)))

    with BatchServer(answer) as server:
        page.form.choose_endpoint(EndpointProfile("", server.base_url, "m"))
        qtbot.waitUntil(page.form.batch_button.isEnabled, timeout=10_000)

        qtbot.mouseClick(page.form.batch_button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: any("of the batch so far" in one for one in desk.posted))
        server.work()
        qtbot.waitUntil(page.form.batch_button.isEnabled, timeout=10_000)
        qtbot.mouseClick(page.form.batch_button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: "4 replies of the batch are stored." in desk.posted)
        qtbot.waitUntil(lambda: not desk.tasks.is_busy)

    assert desk.workspace.evaluation.runs()[0].done == 4
