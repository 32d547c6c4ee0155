"""The study lead finds in the library what readers flagged, reads why, and sends it back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from core.domain.ids import PersonId, QuestionId
from core.domain.people import Role
from core.domain.stage import Stage
from core.services.baseline import PlanRequest, Reading
from reviewer_app.models.library import LibraryColumn
from reviewer_app.pages.library import LibraryPage
from reviewer_app.pages.library.moves import Move
from tests.reviewer_app.conftest import Desk, ShowPage
from tests.reviewer_app.study import Study, make_study

WORDS = "Two options can be defended."


@pytest.fixture
def study(desk: Desk) -> Study:
    made = make_study(desk.workspace)
    for number in range(3):
        made.verified(stem=f"Which finding is number {number}?")
    return made


@pytest.fixture
def page(desk: Desk, study: Study, show_page: ShowPage) -> LibraryPage:
    return show_page(LibraryPage)


def flag(study: Study, reader: PersonId, numbers: set[int], comment: str = "") -> None:
    """Read all questions and flag some."""
    baseline = study.workspace.baseline
    plan = baseline.make_plan(PlanRequest("First", 7, (reader,)), study.lead).value
    sitting = baseline.start(plan.id, reader).value.id
    while (shown := baseline.page(sitting)) is not None:
        if shown.blind.number in numbers:
            baseline.remark(sitting, is_flagged=True, comment=comment)
        baseline.answer(sitting, Reading(None, None, 20.0))


def refresh(page: LibraryPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.filled):
        page.presenter.refresh(force=True)


def rows(page: LibraryPage) -> list[tuple[str, str]]:
    model, columns = page.table_model, (LibraryColumn.NUMBER, LibraryColumn.FLAGS)
    lines = range(model.rowCount())
    return [tuple(model.index(row, one).data() for one in columns) for row in lines]


def texts(page: LibraryPage) -> str:
    labels = page.detail.findChildren(QLabel)
    return "\n".join(one.text() for one in labels if one.isVisible())


def number_of(study: Study, number: int) -> QuestionId:
    return study.workspace.authoring.find(str(number)).id


def test_without_a_flag_there_is_neither_a_column_nor_a_chip(page: LibraryPage) -> None:
    page.table.selectRow(0)

    assert page.table.isColumnHidden(LibraryColumn.FLAGS)
    assert not page.filter_bar.flag_chip.isVisible()
    assert "From readers" not in texts(page)


def test_flagged_questions_are_counted_and_listed(
    study: Study, page: LibraryPage, qtbot: QtBot
) -> None:
    second = study.workspace.people.add("Demo Reader 2", frozenset({Role.READER})).value.id
    flag(study, study.reader, {1, 3})
    flag(study, second, {3})
    refresh(page, qtbot)

    assert not page.table.isColumnHidden(LibraryColumn.FLAGS)
    assert rows(page) == [("1", "1"), ("2", None), ("3", "2")]
    page.table.sortByColumn(LibraryColumn.FLAGS, Qt.SortOrder.DescendingOrder)
    assert rows(page) == [("3", "2"), ("1", "1"), ("2", None)]
    chip = page.filter_bar.flag_chip
    assert chip.text().split() == ["Flagged", "2"]
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert [number for number, _ in rows(page)] == ["3", "1"]
    page.filter_bar.show_all()
    assert len(rows(page)) == 3


def test_the_comment_says_who_and_when_and_is_plain_text(
    study: Study, page: LibraryPage, qtbot: QtBot
) -> None:
    flag(study, study.reader, {2}, f"<b>{WORDS}</b>")
    refresh(page, qtbot)
    page.table.choose(number_of(study, 2))

    assert f"<b>{WORDS}</b>" in texts(page)
    assert "Demo Reader 1  ·  flagged  ·  2026-01-05" in texts(page)
    assert "to be verified anew" in texts(page)
    page.table.choose(number_of(study, 1))
    assert WORDS not in texts(page)


def test_all_that_is_flagged_goes_back_to_draft_in_one_step(
    desk: Desk, study: Study, page: LibraryPage, qtbot: QtBot
) -> None:
    flag(study, study.reader, {1, 2}, WORDS)
    refresh(page, qtbot)
    qtbot.mouseClick(page.filter_bar.flag_chip, Qt.MouseButton.LeftButton)
    page.table.selectAll()
    page.bulk_bar.ask(Move.RETURN)
    qtbot.keyClicks(page.bulk_bar.reason_box.reason_edit, "Readers doubt it.")
    with qtbot.waitSignal(page.filled):
        qtbot.keyClick(page.bulk_bar.reason_box.reason_edit, Qt.Key.Key_Return)

    authoring = study.workspace.authoring
    assert [authoring.find(str(number)).stage for number in (1, 2, 3)] == [
        Stage.DRAFT,
        Stage.DRAFT,
        Stage.VERIFIED,
    ]
    assert [number for number, _ in rows(page)] == ["1", "2"], "still flagged until mended"


def test_a_lead_who_still_has_to_read_it_is_told_that_something_waits(
    study: Study, page: LibraryPage, qtbot: QtBot
) -> None:
    flag(study, study.reader, {2}, WORDS)
    study.workspace.baseline.make_plan(PlanRequest("Second", 8, (study.lead,)), study.lead)
    refresh(page, qtbot)
    page.table.choose(number_of(study, 2))

    assert "You have to answer it yourself first" in texts(page)
    assert WORDS not in texts(page)
    assert not page.filter_bar.flag_chip.isVisible()


def test_an_author_sees_the_own_question_without_what_readers_say(
    desk: Desk, study: Study, page: LibraryPage, qtbot: QtBot
) -> None:
    flag(study, study.reader, {2}, WORDS)
    study.sit_down(study.author)
    refresh(page, qtbot)
    page.table.choose(number_of(study, 2))

    assert page.detail.detail is not None
    assert WORDS not in texts(page)
    assert page.table.isColumnHidden(LibraryColumn.FLAGS)
