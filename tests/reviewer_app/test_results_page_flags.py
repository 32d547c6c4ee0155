"""Beside the answers to a question a lead sees how many readers doubted it."""

import pytest

from core.domain.people import Role
from core.services.baseline import PlanRequest, Reading
from reviewer_app.pages.results.page import ResultsPage
from tests.reviewer_app.study import make_study

FLAGS = 5


@pytest.fixture
def study(desk):
    made = make_study(desk.workspace)
    for number in range(3):
        made.verified(stem=f"Which finding is number {number}?")
    return made


def add_person(study, name, role):
    return study.workspace.people.add(name, frozenset({role}), specialty="").value.id


def read_and_flag(study, reader, numbers):
    baseline = study.workspace.baseline
    plan = baseline.make_plan(PlanRequest("First", 7, (reader,)), study.lead).value
    sitting = baseline.start(plan.id, reader).value.id
    while (shown := baseline.page(sitting)) is not None:
        if shown.blind.number in numbers:
            baseline.remark(sitting, is_flagged=True)
        baseline.answer(sitting, Reading(None, None, 20.0))


def answers_of_the_reader(page, qtbot):
    qtbot.waitUntil(lambda: page.presenter.figures is not None)
    with qtbot.waitSignal(page.presenter.answers_opened):
        page.table.opened.emit(page.presenter.figures.results.respondents[0].id)
    return page.answers.table


def test_lead_sees_how_many_readers_flagged_each_question(qtbot, study, show_page):
    read_and_flag(study, study.reader, {1, 3})
    read_and_flag(study, add_person(study, "Demo Reader 2", Role.READER), {3})
    table = answers_of_the_reader(show_page(ResultsPage), qtbot)

    assert not table.isColumnHidden(FLAGS)
    assert table.horizontalHeaderItem(FLAGS).text() == "Flags"
    assert [table.item(row, FLAGS).text() for row in range(3)] == ["1", "", "2"]


def test_nobody_but_a_lead_sees_flags_beside_answers(qtbot, study, show_page):
    read_and_flag(study, study.reader, {1})
    study.sit_down(add_person(study, "Demo Adjudicator", Role.ADJUDICATOR))
    table = answers_of_the_reader(show_page(ResultsPage), qtbot)

    assert table.isColumnHidden(FLAGS)
    assert {table.item(row, FLAGS).text() for row in range(3)} == {""}
