"""The results page: people beside models, and from every figure to its answers."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from core.changes import Changes, Kind
from core.domain.answer import AnswerState
from core.domain.body import AnswerFormat
from core.domain.run import Condition
from core.services.analysis.records import ResultAxis
from reviewer_app.pages.results.differences import points
from reviewer_app.pages.results.figures import decimal
from reviewer_app.pages.results.page import ResultsPage
from tests.core.services.analysis_study import RIGHT, WRONG, Study
from tests.reviewer_app.conftest import Desk


@pytest.fixture
def study(desk: Desk) -> Iterator[Study]:
    made = Study(desk.workspace.path)
    yield made
    made.database.close()


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> ResultsPage:
    made = ResultsPage(desk.context)
    qtbot.addWidget(made)
    made.resize(1180, 760)
    made.show()
    return made


def fill(study: Study) -> None:
    """Three readers and two runs on two specialties; one report, one refusal."""
    questions = [study.question(specialty="Urology", capacity="Prognosis") for _ in range(4)]
    questions.append(study.question(AnswerFormat.NUMERIC, specialty="Cardiology"))
    report = study.question(AnswerFormat.REPORT, capacity="Report generation")
    for name, given in (("1", "rrrrr"), ("2", "rrwrw"), ("3", "rwrww")):
        answers = [RIGHT if letter == "r" else WRONG for letter in given]
        study.read(study.person(f"Demo Reader {name}"), [*questions, report], *answers, RIGHT)
    study.run([*questions, report], RIGHT, WRONG, WRONG, AnswerState.REFUSED, WRONG, RIGHT)
    study.run(questions, *[WRONG] * 5, condition=Condition.TEXT)
    verifiers = [study.person("Demo Verifier 1"), study.person("Demo Verifier 2")]
    for question in questions[:4]:
        for verifier in verifiers:
            study.verify(verifier, question)


def show(page: ResultsPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.filled):
        page.activate()


def texts(page: ResultsPage, row: int) -> list[str]:
    return [page.table.item(row, column).text() for column in range(page.table.columnCount())]


def test_empty_workspace_says_what_the_page_is_for(page: ResultsPage, qtbot: QtBot) -> None:
    show(page, qtbot)
    assert page.empty.isVisible()
    assert not page.table.isVisible()


def test_people_stand_beside_models_in_one_table(
    study: Study, page: ResultsPage, qtbot: QtBot
) -> None:
    fill(study)
    show(page, qtbot)
    assert [texts(page, row)[0] for row in range(page.table.rowCount())] == [
        "Demo Reader 1",
        "Demo Reader 2",
        "Demo Reader 3",
        "Panel (majority)",
        "demo-llm · image and text",
        "demo-llm · text only",
        "Chance",
        "Best constant answer",
    ]
    model = texts(page, 4)
    assert model[1:4] == ["1 / 5", "20% (4 – 62)", "12%"]
    assert model[4:6] == ["25%", "100%"]
    assert model[6:] == ["1", "0", "0", "0", "1.00, n 1"]
    assert "6 verified questions; 6 answered." in page.note.text()
    assert "Against demo-llm · image and text the data allow readers" in page.reading.text()


def test_scoring_is_kept_and_not_done_twice(
    study: Study, page: ResultsPage, desk: Desk, qtbot: QtBot
) -> None:
    fill(study)
    show(page, qtbot)
    with study.database.read() as tx:
        assert len(tx.scores.all()) == 3 * 6 + 6 + 5 + 8
    assert desk.workspace.analysis.rescore().value == 0


def test_cell_of_the_heat_map_opens_its_answers_and_escape_returns(
    study: Study, page: ResultsPage, desk: Desk, qtbot: QtBot
) -> None:
    fill(study)
    show(page, qtbot)
    qtbot.mouseClick(page.view_chips[1], Qt.MouseButton.LeftButton)
    assert page.heat_map.table.columns == ("All", "Cardiology", "Urology")
    page.heat_map.setFocus()
    page.heat_map.set_current_cell(4, 2)
    with qtbot.waitSignal(page.presenter.answers_opened):
        qtbot.keyClick(page.heat_map, Qt.Key.Key_Return)
    assert page.answers.title.text() == "demo-llm · image and text · Urology · answers: 4"
    rows = [
        [page.answers.table.item(row, column).text() for column in range(4)] for row in range(4)
    ]
    assert rows[1] == ["2", "Wrong", "Pneumonia", "Pneumothorax"]
    assert rows[3] == ["4", "Refused", "refused", "Pneumothorax"]
    qtbot.keyClick(page.answers.table, Qt.Key.Key_Return)
    ((page_name, place),) = desk.places
    assert (page_name, place["view"]) == ("evaluate", "replies")
    assert desk.workspace.replies.detail(place["run"], place["revision"]).blind.number == 1
    qtbot.mouseClick(page.answers.close_button, Qt.MouseButton.LeftButton)
    assert page.heat_map.isVisible()


def test_axis_chips_switch_the_columns_and_reports_show_rouge(
    study: Study, page: ResultsPage, qtbot: QtBot
) -> None:
    fill(study)
    show(page, qtbot)
    qtbot.mouseClick(page.view_chips[1], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page.axis_chips[2], Qt.MouseButton.LeftButton)
    assert page.heat_map.table.columns == ("All", "Single choice", "Report", "Numeric")
    report = page.heat_map.table.cells[4][2]
    assert (report.label, report.note, report.is_shaded) == ("1.00", "R-L, n 1", False)
    refused_elsewhere = page.heat_map.table.cells[5][2]
    assert (refused_elsewhere.value, refused_elsewhere.words) == (None, "nothing was asked here")
    qtbot.mouseClick(page.view_chips[4], Qt.MouseButton.LeftButton)
    assert not page.axis_chips[0].isVisible()


def test_intervals_and_differences_stand_in_rows(
    study: Study, page: ResultsPage, qtbot: QtBot
) -> None:
    fill(study)
    show(page, qtbot)
    assert [row.note for row in page.intervals.table.rows][:2] == ["100%   n 5", "60%   n 5"]
    assert page.intervals.table.line == 0.25
    rows = page.differences.table.rows
    assert [row.name.partition(" · ")[0] for row in rows[:5]] == [
        "Readers in general",
        "Demo Reader 1",
        "Demo Reader 2",
        "Demo Reader 3",
        "Panel (majority)",
    ]
    assert (rows[0].note, rows[1].note) == ("+47   n 5", "+80   n 5")
    assert all(row.low <= row.value <= row.high for row in rows)
    with qtbot.waitSignal(page.presenter.answers_opened) as opened:
        page.differences.cell_opened.emit(1, 0)
    assert opened.args[0].name == "Demo Reader 1"


def test_agreement_shows_every_measure_and_its_words(
    study: Study, page: ResultsPage, qtbot: QtBot
) -> None:
    fill(study)
    show(page, qtbot)
    qtbot.mouseClick(page.view_chips[4], Qt.MouseButton.LeftButton)
    table = page.agreement.table
    assert [table.item(0, column).text() for column in range(8)] == [
        "Verdicts",
        "4",
        "100%",
        "–",
        "–",
        "–",
        "1.00",
        "accept 8",
    ]
    assert table.rowCount() == 1 + 10 + 1
    assert "Verifiers: 2." in page.agreement.reading.text()
    assert "Not defined, for every rating is the same" in page.agreement.reading.text()


def test_condition_and_unverified_choose_what_is_counted(
    study: Study, page: ResultsPage, qtbot: QtBot
) -> None:
    fill(study)
    show(page, qtbot)
    page.condition_box.setCurrentIndex(2)
    with qtbot.waitSignal(page.filled):
        page.condition_box.activated.emit(2)
    names = [texts(page, row)[0] for row in range(page.table.rowCount())]
    assert "demo-llm · text only" in names
    assert "demo-llm · image and text" not in names
    with qtbot.waitSignal(page.filled):
        page.unverified_box.click()
    assert "verified or not" in page.note.text()


def test_new_answers_are_shown_and_its_own_scores_start_nothing(
    study: Study, page: ResultsPage, desk: Desk, qtbot: QtBot
) -> None:
    fill(study)
    show(page, qtbot)
    qtbot.waitUntil(lambda: not desk.tasks.is_busy)
    page.apply_changes(Changes.of(Kind.SCORE))
    assert not desk.tasks.is_busy
    study.read(study.person("Demo Reader 4"), [study.question()], RIGHT)
    with qtbot.waitSignal(page.filled):
        page.apply_changes(Changes.of(Kind.ANSWER, "one"))
    assert texts(page, 3)[0] == "Demo Reader 4"


def test_figure_and_table_are_written_where_asked(
    study: Study,
    page: ResultsPage,
    desk: Desk,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fill(study)
    show(page, qtbot)
    # The dialog of the system is the one thing a test cannot click.
    for action, name in zip(
        page.export_button.menu().actions(), ("a.png", "b.svg", "c"), strict=True
    ):
        chosen = str(tmp_path / name)
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, path=chosen: (path, ""))
        action.trigger()
    assert {path.name for path in tmp_path.glob("?.*")} == {"a.png", "b.svg", "c.csv"}
    assert desk.posted[-1] == f"Written: {tmp_path / 'c.csv'}"
    with (tmp_path / "c.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = {
            (one["respondent"], one["axis"], one["value"]): one for one in csv.DictReader(file)
        }
    overall = lines["demo-llm · image and text", "overall", ""]
    assert (overall["n"], overall["right"], overall["refused"]) == ("5", "1.0", "1")
    mean = lines["demo-llm · image and text", "specialty", "plain mean over values"]
    assert (mean["accuracy"], lines["Chance", "overall", ""]["wilson_95_low"]) == ("0.125", "")


def test_export_that_fails_is_told_and_nothing_is_lost(
    study: Study, page: ResultsPage, desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    fill(study)
    show(page, qtbot)
    page.presenter.export("Table as CSV", tmp_path / "no" / "t.csv", page.presenter.write_csv)
    assert desk.posted == ["Table as CSV: The table could not be written to t.csv."]


def test_values_stand_in_the_order_of_the_taxonomy(
    study: Study, page: ResultsPage, qtbot: QtBot
) -> None:
    named = ("Urology", "Cardiology", "Hematology", "Astrology")
    study.run([study.question(specialty=one) for one in named], *[RIGHT] * 4)
    show(page, qtbot)
    columns = page.presenter.columns(ResultAxis.SPECIALTY)
    assert columns == ("Hematology", "Cardiology", "Urology", "Astrology")


def test_a_figure_says_its_unit_and_no_negative_nothing() -> None:
    assert points(0.004) == "0"
    assert points(-0.1) == "−10"
    assert decimal(-0.001) == "0.00"
    assert decimal(-0.06) == "−0.06"


def test_names_stay_readable_where_the_figures_need_more_room_than_there_is(
    study: Study, page: ResultsPage, qtbot: QtBot
) -> None:
    fill(study)
    show(page, qtbot)
    table = page.table
    table.setMinimumWidth(0)

    table.resize(420, 300)

    assert table.columnWidth(0) >= min(table.sizeHintForColumn(0), 280)
