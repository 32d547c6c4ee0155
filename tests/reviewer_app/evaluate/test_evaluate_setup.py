"""Setting up a run on the Evaluate page."""

from pathlib import Path

import pytest
from pydicom.data import get_testdata_file
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from core.domain.body import AnswerFormat
from core.domain.media import ImageUse
from core.domain.run import Condition
from core.services.evaluation_records import BlockReason
from reviewer_app.pages.evaluate.page import EvaluatePage
from reviewer_app.pages.evaluate.run_form import RunForm
from tests.llm_server import LlmServer, Scripted
from tests.reviewer_app.conftest import Desk
from tests.reviewer_app.evaluate.hands import KEY, fill, shown, start, wait_for_end
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


def test_every_control_has_a_name_and_is_reached_by_tab(
    page: EvaluatePage, qtbot: QtBot, server: LlmServer
) -> None:
    fill(page, qtbot, server)
    kinds: tuple[type[QWidget], ...] = (QAbstractButton, QComboBox, QAbstractSpinBox, QLineEdit)
    reached: list[QWidget] = []
    one = page.form.base_url.nextInFocusChain()
    while one is not page.form.base_url:
        reached.append(one)
        one = one.nextInFocusChain()

    controls = [
        one
        for kind in kinds
        for one in page.findChildren(kind)
        if one.isVisible() and one.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]

    assert len(controls) >= 12
    nameless = [
        one
        for one in controls
        if not one.accessibleName()
        and not (isinstance(one, QAbstractButton) and one.text())
        and one.objectName() != "qt_spinbox_lineedit"
    ]
    assert nameless == []
    assert [one for one in controls if one is not page.form.base_url and one not in reached] == []
