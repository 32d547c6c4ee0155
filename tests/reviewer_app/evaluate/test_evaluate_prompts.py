"""Writing prompts on the Evaluate page: live preview, leaks, versions."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core.domain.body import AnswerFormat
from reviewer_app.pages.evaluate import PAGE
from reviewer_app.pages.evaluate.page import EvaluatePage, View
from tests.llm_server import LlmServer, Scripted
from tests.reviewer_app.conftest import Desk
from tests.reviewer_app.evaluate.hands import fill, prepared, shown, start, wait_for_end
from tests.reviewer_app.study import Study


def opened(page: EvaluatePage, qtbot: QtBot) -> None:
    """Show the prompts with the first template rendered."""
    page.show_view(View.PROMPTS)
    qtbot.waitUntil(lambda: page.prompts_view.preview.toPlainText() != "")


def type_into(page: EvaluatePage, qtbot: QtBot, field: str, text: str) -> None:
    """Replace a text of the template by hand."""
    place = page.prompts_view.texts[field]
    place.setFocus()
    place.selectAll()
    qtbot.keyClicks(place, text)


def rename(page: EvaluatePage, qtbot: QtBot, name: str) -> None:
    page.prompts_view.name.setFocus()
    page.prompts_view.name.selectAll()
    qtbot.keyClicks(page.prompts_view.name, name)


def test_shipped_templates_are_listed_and_shown_on_a_real_question(
    page: EvaluatePage, qtbot: QtBot
) -> None:
    opened(page, qtbot)
    view = page.prompts_view

    names = [view.list.item(row).text() for row in range(view.list.count())]
    assert names[0] == "default-1"
    assert "asclepius-1" in names
    assert "Which finding is number 0?" in view.preview.toPlainText()
    qtbot.mouseClick(view.next, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Which finding is number 1?" in view.preview.toPlainText())


def test_words_appear_in_the_preview_while_they_are_typed(page: EvaluatePage, qtbot: QtBot) -> None:
    opened(page, qtbot)

    type_into(page, qtbot, "system", "You are tired but careful.")

    view = page.prompts_view
    qtbot.waitUntil(lambda: view.preview.toPlainText().startswith("You are tired but careful."))
    assert view.save_button.isEnabled()


def test_instruction_is_shown_on_a_question_of_its_format(
    page: EvaluatePage, qtbot: QtBot, study: Study
) -> None:
    study.write(AnswerFormat.NUMERIC, stem="How wide is it?")
    opened(page, qtbot)
    said = page.prompts_view.instructions[AnswerFormat.NUMERIC]

    said.setFocus()
    said.selectAll()
    qtbot.keyClicks(said, "Say a number{unit}.")

    preview = page.prompts_view.preview
    qtbot.waitUntil(lambda: "How wide is it?" in preview.toPlainText())
    assert "Say a number in" in preview.toPlainText()


def test_missing_place_is_said_beside_its_text(page: EvaluatePage, qtbot: QtBot) -> None:
    opened(page, qtbot)

    type_into(page, qtbot, "question", "Question: {stem} {instruction}")

    field = page.prompts_view.fields["question"]
    qtbot.waitUntil(lambda: field.problem() == "The place {options} is missing.")
    assert not page.prompts_view.save_button.isEnabled()


def test_template_that_tells_the_key_is_warned_of_and_not_stored(
    page: EvaluatePage, qtbot: QtBot, desk: Desk
) -> None:
    opened(page, qtbot)
    library = desk.workspace.authoring.library()
    revision = desk.workspace.authoring.current(library[0].id)
    (right,) = revision.key.right.response().options
    words = next(one.text for one in revision.body.asked.options if one.id == right)

    type_into(page, qtbot, "system", f"It is usually {words}.")

    qtbot.waitUntil(lambda: page.prompts_view.leak.isVisible())
    assert not page.prompts_view.save_button.isEnabled()
    before = len(page.prompts.templates)
    page.prompts.save(page.prompts_view.data())
    qtbot.waitUntil(lambda: not desk.tasks.is_busy)
    assert len(desk.workspace.prompts.templates()) == before


def test_saved_template_is_a_new_version_and_is_used_in_a_run(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    opened(page, qtbot)
    rename(page, qtbot, "ours")
    type_into(page, qtbot, "system", "Be brief.")
    qtbot.waitUntil(lambda: page.prompts_view.preview.toPlainText().startswith("Be brief."))

    qtbot.mouseClick(page.prompts_view.save_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.prompts_view.chosen_name() == "ours-1")
    qtbot.mouseClick(page.prompts_view.use_button, Qt.MouseButton.LeftButton)
    server.answers(Scripted("B"))
    fill(page, qtbot, server)
    start(page, qtbot)
    wait_for_end(page, qtbot, desk)

    assert server.seen[0].body["messages"][0]["content"] == "Be brief."
    assert desk.workspace.evaluation.runs()[0].run.spec.prompt_name == "ours-1"


def test_what_is_written_survives_looking_elsewhere_and_closing(
    page: EvaluatePage, qtbot: QtBot, desk: Desk
) -> None:
    opened(page, qtbot)
    view = page.prompts_view
    type_into(page, qtbot, "system", "Half a sent")

    view.list.setCurrentRow(1)
    assert view.texts["system"].text() != "Half a sent"
    view.list.setCurrentRow(0)
    assert view.texts["system"].text() == "Half a sent"
    kept = page.unsent()

    reopened = PAGE(desk.context)
    qtbot.addWidget(reopened)
    reopened.take_unsent(kept)
    reopened.activate()
    qtbot.waitUntil(lambda: not desk.tasks.is_busy)
    assert reopened.prompts_view.texts["system"].text() == "Half a sent"
    qtbot.waitUntil(lambda: not desk.tasks.is_busy)


def test_changes_are_discarded_on_wish(page: EvaluatePage, qtbot: QtBot) -> None:
    opened(page, qtbot)
    before = page.prompts_view.texts["system"].text()
    type_into(page, qtbot, "system", "Something else")

    qtbot.mouseClick(page.prompts_view.discard_button, Qt.MouseButton.LeftButton)

    assert page.prompts_view.texts["system"].text() == before
    assert page.unsent() == {}


def test_chosen_prompt_and_conditions_reach_the_preview_and_the_wire(
    page: EvaluatePage, qtbot: QtBot, desk: Desk, server: LlmServer
) -> None:
    fill(page, qtbot, server)
    page.form.choose_prompt("asclepius-1")
    page.form.asking.order.setCurrentIndex(2)
    page.form.asking.repeats.setValue(2)
    prepared(page, qtbot)
    assert page.preview.text.toPlainText().startswith("Take the part of")
    (row,) = page.preflight.rows_model.rows()
    options = len(
        desk.workspace.authoring.current(
            desk.workspace.authoring.library()[0].id
        ).body.asked.options
    )
    assert (row.questions, row.calls) == (4, 4 * options * 2)

    start(page, qtbot)
    wait_for_end(page, qtbot, desk)

    assert len(server.seen) == row.calls
    spec = desk.workspace.evaluation.runs()[0].run.spec
    assert spec.setup.names == ("all rotations", "majority of 2")
    reopened = shown(desk, qtbot)
    assert reopened.form.form().setup == spec.setup
