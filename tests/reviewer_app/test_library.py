"""The library finds, sorts and filters questions, and hands them to the other pages."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from core.domain.body import AnswerFormat
from core.domain.question import QuestionSummary
from core.domain.stage import Stage
from core.domain.taxonomy import CAPACITY, SPECIALTY, Label
from core.workspace import Workspace
from reviewer_app.models.library import LibraryColumn, LibraryTableModel
from reviewer_app.pages.library import LibraryPage
from reviewer_app.pages.library.presenter import Filters
from tests.factories import NOW, make_body, make_key, make_labels
from tests.reviewer_app.conftest import Desk


def write(workspace: Workspace, answer_format: AnswerFormat, stem: str, *, finish: bool) -> str:
    me = workspace.people.me().id
    draft = workspace.authoring.create(answer_format, me).value
    body = replace(make_body(answer_format), stem=stem, images=())
    key = make_key(answer_format)
    workspace.authoring.save_draft(replace(draft, body=body, key=key, labels=make_labels()), me)
    if finish:
        workspace.authoring.commit(draft.question, me)
    return draft.question


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> Iterator[LibraryPage]:
    workspace = desk.workspace
    write(workspace, AnswerFormat.SINGLE_CHOICE, "Which vessel is dilated?", finish=True)
    write(workspace, AnswerFormat.YES_NO, "Is the aorta dilated?", finish=True)
    write(workspace, AnswerFormat.NUMERIC, "How wide is the spinal canal?", finish=False)
    made = LibraryPage(desk.context)
    qtbot.addWidget(made)
    made.resize(1180, 700)
    made.show()
    with qtbot.waitSignal(made.filled):
        made.activate()
    yield made
    desk.tasks.close()


def stems(page: LibraryPage) -> list[str]:
    model = page.table_model
    return [model.index(row, LibraryColumn.STEM).data() for row in range(model.rowCount())]


def texts(page: LibraryPage) -> str:
    return "\n".join(one.text() for one in page.detail.findChildren(QLabel))


def test_every_question_is_listed_with_its_stage(page: LibraryPage) -> None:
    assert len(stems(page)) == 3
    assert page.filter_bar.stage_chips[None].text().split() == ["All", "3"]
    assert page.filter_bar.stage_chips[Stage.DRAFT].text().split() == ["Draft", "3"]


def test_typing_into_the_search_box_finds_words(page: LibraryPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.filled):
        qtbot.keyClicks(page.filter_bar.search_box, "aorta")

    assert stems(page) == ["Is the aorta dilated?"]


def test_filters_narrow_and_can_be_taken_away(page: LibraryPage, qtbot: QtBot) -> None:
    page.filter_bar.format_box.setCurrentIndex(
        page.filter_bar.format_box.findData(AnswerFormat.NUMERIC)
    )
    page.filter_bar.format_box.activated.emit(page.filter_bar.format_box.currentIndex())
    assert stems(page) == ["How wide is the spinal canal?"]

    qtbot.mouseClick(page.filter_bar.stage_chips[Stage.VERIFIED], Qt.MouseButton.LeftButton)
    assert stems(page) == []
    assert page.nothing_found.isVisible()

    qtbot.mouseClick(page.nothing_found.button, Qt.MouseButton.LeftButton)
    assert len(stems(page)) == 3


def test_clicking_a_header_sorts(page: LibraryPage) -> None:
    page.table.sortByColumn(LibraryColumn.STEM, Qt.SortOrder.DescendingOrder)

    assert stems(page) == sorted(stems(page), key=str.casefold, reverse=True)


def test_the_chosen_question_is_shown_without_its_key(page: LibraryPage) -> None:
    page.table.selectRow(0)

    shown = texts(page)
    assert "Which vessel is dilated?" in shown
    assert "Pulmonology" in shown
    assert "revision 1" in shown
    key = make_key(AnswerFormat.SINGLE_CHOICE)
    assert not key.explanation or key.explanation not in shown


def test_buttons_offer_only_what_the_stage_allows(page: LibraryPage) -> None:
    page.table.selectRow(0)
    offered = {name for name, button in page.detail.buttons.items() if button.isVisible()}
    assert offered == {"author", "blind", "retire", "delete"}

    page.table.selectRow(2)
    offered = {name for name, button in page.detail.buttons.items() if button.isVisible()}
    assert offered == {"author", "retire", "delete"}


def test_enter_on_a_row_opens_it_where_its_work_is(
    page: LibraryPage, desk: Desk, qtbot: QtBot
) -> None:
    page.table.selectRow(1)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)

    assert desk.opened == [("author", page.table_model.line_at(1).id)]


def test_retiring_asks_for_a_reason_in_place(page: LibraryPage, desk: Desk, qtbot: QtBot) -> None:
    page.table.selectRow(2)
    qtbot.mouseClick(page.detail.buttons["retire"], Qt.MouseButton.LeftButton)
    box = page.detail.reason_box
    assert box.isVisible()
    assert not box.confirm_button.isEnabled()

    qtbot.keyClicks(box.reason_edit, "asked twice")
    qtbot.mouseClick(box.confirm_button, Qt.MouseButton.LeftButton)

    question = page.table_model.line_at(2).id
    assert desk.workspace.authoring.question(question).stage is Stage.RETIRED
    assert desk.workspace.authoring.moves(question)[-1].reason == "asked twice"


def test_new_question_starts_one_and_opens_it(page: LibraryPage, desk: Desk) -> None:
    next(
        one for one in page.filter_bar.new_button.menu().actions() if one.text() == "Report"
    ).trigger()

    assert [where for where, _ in desk.opened] == ["author"]
    made = desk.workspace.authoring.library()[-1]
    assert (made.format, made.number) == (AnswerFormat.REPORT, 4)


def test_an_empty_library_says_what_it_is_for(desk: Desk, qtbot: QtBot) -> None:
    page = LibraryPage(desk.context)
    qtbot.addWidget(page)
    page.show()
    with qtbot.waitSignal(page.filled):
        page.activate()

    assert page.empty.isVisible()
    assert page.empty.button.text() == "New question"


def many_lines(count: int) -> list[QuestionSummary]:
    from core.domain.ids import PersonId, QuestionId

    labels = [
        frozenset({Label(SPECIALTY, f"Specialty {one % 15}"), Label(CAPACITY, f"C {one % 8}")})
        for one in range(120)
    ]
    return [
        QuestionSummary(
            QuestionId(str(one)),
            one,
            list(Stage)[one % 6],
            list(AnswerFormat)[one % 6],
            f"Question about finding {one * 7919 % count}",
            labels[one % 120],
            PersonId("me"),
            one % 3,
            1,
            False,
            2,
            NOW,
        )
        for one in range(count)
    ]


def test_twenty_thousand_questions_are_filtered_and_sorted(look: None) -> None:
    lines, model = many_lines(20_000), LibraryTableModel()
    filters = Filters(stage=Stage.VERIFIED, specialty="Specialty 3")

    found = [line for line in lines if filters.admits(line)]
    model.set_lines(lines)
    model.sort(LibraryColumn.STEM, Qt.SortOrder.DescendingOrder)

    assert len(found) == len(range(3, 20_000, 30))
    assert all(Label(SPECIALTY, "Specialty 3") in one.labels for one in found)
    assert model.rowCount() == 20_000


def test_the_table_has_all_the_room_until_a_question_is_chosen(
    page: LibraryPage, qtbot: QtBot
) -> None:
    page.table.setFocus()
    qtbot.waitUntil(page.table.hasFocus)
    assert not page.detail.isVisible()
    before = page.table.width()

    qtbot.keyClick(page.table, Qt.Key.Key_Down)

    assert page.detail.isVisible()
    assert [index.row() for index in page.table.selectionModel().selectedRows()] == [0]
    qtbot.waitUntil(lambda: page.table.width() < before)


def test_a_question_asked_for_before_the_lines_are_there_is_chosen_when_they_come(
    desk: Desk, qtbot: QtBot
) -> None:
    wanted = write(desk.workspace, AnswerFormat.YES_NO, "Is the aorta dilated?", finish=True)
    page = LibraryPage(desk.context)
    qtbot.addWidget(page)
    page.show()
    with qtbot.waitSignal(page.filled):
        page.activate()
        page.show_question(wanted)

    detail = page.detail.detail
    assert detail is not None
    assert detail.summary.id == wanted
    desk.tasks.close()
