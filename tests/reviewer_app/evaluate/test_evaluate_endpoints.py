"""Named endpoints on the Evaluate page: stored without a key, tested, used in a run."""

from pathlib import Path

import keyring
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from core.services.evaluation.profiles import AllowedData, Api, EndpointProfile
from reviewer_app.pages.evaluate import PAGE
from reviewer_app.pages.evaluate.endpoints_presenter import PRESETS
from reviewer_app.pages.evaluate.page import EvaluatePage, View
from reviewer_app.widgets.model_chooser import ModelChooser
from tests.keyrings import MemoryKeyring
from tests.llm_server import LlmServer, Scripted, Seen
from tests.reviewer_app.conftest import Desk
from tests.reviewer_app.evaluate.hands import KEY, prepared, shown, start, wait_for_end


@pytest.fixture
def keys(no_keys_of_this_computer: None) -> MemoryKeyring:
    made = MemoryKeyring()
    keyring.set_keyring(made)
    return made


def enter(page: EvaluatePage, qtbot: QtBot, server: LlmServer, name: str = "Ours") -> None:
    """Type an endpoint into an empty form."""
    page.show_view(View.ENDPOINTS)
    page.endpoints_view.begin(EndpointProfile("", "", ""))
    form = page.endpoints_view.form
    for line, text in ((form.name, name), (form.base_url, server.base_url), (form.llm, "vision-1")):
        line.setFocus()
        qtbot.keyClicks(line, text)


def save(page: EvaluatePage, qtbot: QtBot) -> None:
    ended: list[object] = []
    page.endpoints.stored.connect(ended.append)
    page.endpoints.refused.connect(ended.append)
    qtbot.mouseClick(page.endpoints_view.save_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(ended))


def stored(desk: Desk) -> list[EndpointProfile]:
    return desk.workspace.evaluation.profiles.all()


def test_without_an_endpoint_the_page_says_what_one_is_and_offers_a_local_server(
    page: EvaluatePage, qtbot: QtBot
) -> None:
    page.show_view(View.ENDPOINTS)
    view = page.endpoints_view
    assert view.empty.isVisible()

    qtbot.mouseClick(view.empty.button, Qt.MouseButton.LeftButton)

    assert view.form.base_url.text() == "http://127.0.0.1:11434/v1"
    assert view.form.profile().allowed is AllowedData.LOCAL_ONLY
    assert view.form.llm.hasFocus()


def test_presets_cover_the_usual_local_servers_and_any_other_address(page: EvaluatePage) -> None:
    words = [one.text() for one in page.endpoints_view._menu.actions() if one.text()]

    assert words[:3] == [f"{n} on this computer" for n in ("Ollama", "LM Studio", "vLLM")]
    assert words[-1] == "Any OpenAI-compatible address"
    assert len({one.base_url for one in PRESETS}) == len(PRESETS)


def test_endpoint_is_stored_without_its_key_which_goes_to_the_keyring(
    page: EvaluatePage,
    qtbot: QtBot,
    desk: Desk,
    server: LlmServer,
    keys: MemoryKeyring,
    endpoints_file: Path,
) -> None:
    enter(page, qtbot, server)
    form = page.endpoints_view.form
    qtbot.keyClicks(form.api_key, KEY)
    form.api.setCurrentIndex(form.api.findData(Api.RESPONSES.value))
    form.is_streaming.click()
    form.prompt_price.setValue(2.5)
    form.completion_price.setValue(10)
    assert form.api_key.echoMode() is QLineEdit.EchoMode.Password

    save(page, qtbot)
    qtbot.waitUntil(lambda: not desk.tasks.is_busy)

    (kept,) = stored(desk)
    assert (kept.name, kept.llm, kept.api) == ("Ours", "vision-1", Api.RESPONSES)
    assert kept.is_streaming
    assert (kept.price.prompt, kept.price.completion) == (2.5, 10)
    assert len(kept.price.date) == 10
    assert keys.kept == {("asclepius", server.base_url): KEY}
    assert KEY not in endpoints_file.read_text(encoding="utf-8")
    assert form.api_key.text() == "", "never shown again"
    assert "keyring" in form.fields["api_key"]._hint.text()

    qtbot.mouseClick(page.endpoints_view.forget_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: keys.kept == {})
    qtbot.waitUntil(lambda: not desk.tasks.is_busy)


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    enter(page, qtbot, server, name=" ")

    save(page, qtbot)

    view = page.endpoints_view
    assert view.form.fields["name"].problem() == "Name the endpoint."
    assert view.form.llm.text() == "vision-1"
    assert stored(desk) == []


@pytest.mark.parametrize(
    ("takes_it", "words"),
    [(True, "and takes images."), (False, "but refused an image: switch off “Takes images”.")],
)
def test_connection_test_says_whether_it_answers_and_takes_an_image(
    page: EvaluatePage, qtbot: QtBot, server: LlmServer, takes_it: bool, words: str
) -> None:
    def script(seen: Seen) -> Scripted:
        return Scripted(status=400) if seen.picture_urls and not takes_it else Scripted("OK")

    server.answers(script)
    enter(page, qtbot, server)

    qtbot.mouseClick(page.endpoints_view.test_button, Qt.MouseButton.LeftButton)

    said = page.endpoints_view.test_result
    qtbot.waitUntil(lambda: said.text().endswith(words), timeout=10_000)
    assert said.text().startswith("vision-1 answered in")
    assert page.endpoints_view.test_button.isEnabled()


def test_refused_key_is_a_sentence_beside_the_button(
    page: EvaluatePage, qtbot: QtBot, server: LlmServer
) -> None:
    server.answers(Scripted(status=401))
    enter(page, qtbot, server)

    qtbot.mouseClick(page.endpoints_view.test_button, Qt.MouseButton.LeftButton)

    said = page.endpoints_view.test_result
    qtbot.waitUntil(lambda: "refused the API key" in said.text(), timeout=10_000)


def test_endpoint_is_used_in_a_run_with_its_price_and_key(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer, keys: MemoryKeyring
) -> None:
    enter(page, qtbot, server)
    page.endpoints_view.form.prompt_price.setValue(1000)
    page.endpoints_view.form.api_key.setText(KEY)
    save(page, qtbot)

    qtbot.mouseClick(page.endpoints_view.use_button, Qt.MouseButton.LeftButton)
    assert page.view is View.SETUP
    assert page.form.profile_box.currentText() == "Ours"
    prepared(page, qtbot)
    start(page, qtbot)
    wait_for_end(page, qtbot, desk)

    assert server.seen[0].headers["authorization"] == f"Bearer {KEY}"
    assert page.watch_view.figures.cost.value() == "0.0440", (
        "4 calls of 11 tokens at 1000 a million"
    )
    reopened = shown(desk, qtbot)
    assert reopened.form.profile_box.currentText() == "Ours"


def test_another_address_has_no_longer_the_name_and_price_of_the_endpoint(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    enter(page, qtbot, server)
    page.endpoints_view.form.prompt_price.setValue(3)
    save(page, qtbot)
    qtbot.mouseClick(page.endpoints_view.use_button, Qt.MouseButton.LeftButton)

    qtbot.keyClicks(page.form.base_url, "x")

    assert page.form.profile_box.currentText() == "Entered below"
    assert not page.form.form().endpoint.price.is_known


def test_local_data_go_to_no_foreign_address(page: EvaluatePage, qtbot: QtBot, desk: Desk) -> None:
    outside = EndpointProfile("Far", "https://8.8.8.8/v1", "m", allowed=AllowedData.LOCAL_ONLY)
    desk.workspace.evaluation.profiles.put(outside)
    page.endpoints.refresh()

    page.form.api_key.setText("some-key")
    page.form.choose_endpoint(outside)

    qtbot.waitUntil(lambda: "local data only" in page.form.problem.text())
    assert not page.form.start_button.isEnabled()


def test_endpoint_is_removed_after_a_last_question(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    enter(page, qtbot, server)
    save(page, qtbot)
    view = page.endpoints_view

    qtbot.mouseClick(view.remove_button, Qt.MouseButton.LeftButton)
    assert len(stored(desk)) == 1
    qtbot.mouseClick(view.confirm.confirm_button, Qt.MouseButton.LeftButton)

    assert stored(desk) == []
    assert view.empty.isVisible()


def test_renamed_endpoint_is_not_stored_twice(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    enter(page, qtbot, server)
    save(page, qtbot)

    qtbot.keyClicks(page.endpoints_view.form.name, " two")
    save(page, qtbot)

    assert [one.name for one in stored(desk)] == ["Ours two"]


def test_what_is_entered_survives_looking_elsewhere_and_closing(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    enter(page, qtbot, server, name="A")
    save(page, qtbot)
    enter(page, qtbot, server, name="B")
    page.endpoints_view.form.api_key.setText(KEY)

    page.endpoints_view.list.setCurrentRow(0)
    assert page.endpoints_view.form.name.text() == "A"
    page.endpoints_view.list.setCurrentRow(1)
    assert page.endpoints_view.form.name.text() == "B"
    kept = page.unsent()
    assert KEY not in str(kept)

    reopened = PAGE(desk.context)
    qtbot.addWidget(reopened)
    reopened.take_unsent(kept)
    reopened.activate()
    qtbot.waitUntil(lambda: not desk.tasks.is_busy)
    assert reopened.endpoints_view.form.name.text() == "B"
    assert [one.name for one in stored(desk)] == ["A"]


def test_damaged_list_is_told_and_blocks_nothing(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, endpoints_file: Path
) -> None:
    endpoints_file.parent.mkdir(parents=True)
    endpoints_file.write_text("{", encoding="utf-8")

    page.endpoints.refresh()

    assert "cannot be read" in desk.posted[-1]
    assert page.endpoints_view.empty.isVisibleTo(page.endpoints_view)


def ask_for_models(page: EvaluatePage, qtbot: QtBot, chooser: ModelChooser) -> None:
    qtbot.mouseClick(chooser.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: chooser.button.isEnabled())


@pytest.mark.parametrize("view", [View.ENDPOINTS, View.SETUP])
def test_model_is_chosen_from_those_that_the_endpoint_has(
    page: EvaluatePage, qtbot: QtBot, server: LlmServer, view: View
) -> None:
    page.show_view(View.ENDPOINTS)
    page.endpoints_view.begin(EndpointProfile("", "", ""))
    page.show_view(view)
    form = page.endpoints_view.form if view is View.ENDPOINTS else page.form.where
    server.answers(Scripted("llava vision-1 vision-2"))
    assert not form.models.button.isEnabled(), "nobody to ask yet"
    qtbot.keyClicks(form.base_url, server.base_url)

    ask_for_models(page, qtbot, form.models)
    qtbot.waitUntil(form.models.popup.isVisible)
    qtbot.keyClicks(form.models.popup, "sion-2")
    qtbot.keyClick(form.models.popup, Qt.Key.Key_Down)
    qtbot.keyClick(form.models.popup, Qt.Key.Key_Return)

    assert form.llm.text() == "vision-2"
    assert form.models.names() == ["llava", "vision-1", "vision-2"]
    form.base_url.clear()
    assert form.models.names() == [], "another endpoint has others"


def test_endpoint_without_a_list_of_models_leaves_the_name_to_be_typed(
    page: EvaluatePage, qtbot: QtBot, server: LlmServer
) -> None:
    enter(page, qtbot, server)
    server.answers(Scripted(status=404))
    chooser = page.endpoints_view.form.models

    ask_for_models(page, qtbot, chooser)

    assert "does not tell which models it has" in chooser.note.text()
    assert "Type the name" in chooser.note.text()
    assert chooser.line.text() == "vision-1"


def test_endpoint_for_local_data_only_is_not_asked_for_models_elsewhere(
    page: EvaluatePage, qtbot: QtBot
) -> None:
    page.show_view(View.ENDPOINTS)
    elsewhere = EndpointProfile(
        "Far", "https://llm.invalid/v1", "m", allowed=AllowedData.LOCAL_ONLY
    )
    page.endpoints_view.begin(elsewhere)
    chooser = page.endpoints_view.form.models

    ask_for_models(page, qtbot, chooser)

    assert "local data only" in chooser.note.text()
