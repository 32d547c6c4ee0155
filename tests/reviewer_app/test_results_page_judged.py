"""Scores of accepted judges stand in columns of their own on the Results page and in its table."""

import csv

import pytest

from core.domain.judging import JudgeVerdict
from reviewer_app.pages.results.exports import HEADER, write_table
from reviewer_app.pages.results.table import RespondentTable
from tests.judging_study import Judged, grader
from tests.llm_server import LlmServer


@pytest.fixture
def results(workspace):
    judged = Judged(workspace)
    workspace.judging.draw_sample(judged.lead.id, 12)
    judged.grade_all(judged.physicians[0])
    with LlmServer(grader()) as server:
        judge = judged.judge(judged.prepared(server)).judge.id
    before = workspace.analysis.results()
    workspace.judging.decide(judge, judged.lead.id, JudgeVerdict.ACCEPTED)
    return before, workspace.analysis.results()


def captions(table: RespondentTable) -> list[str]:
    return [table.horizontalHeaderItem(place).text() for place in range(table.columnCount())]


def test_an_accepted_judge_gets_a_column_for_each_format_beside_rouge(qtbot, look, results) -> None:
    table = RespondentTable()
    qtbot.addWidget(table)
    table.show_results(results[0])
    before = captions(table)

    table.show_results(results[1])

    new = captions(table)[len(before) :]
    assert captions(table)[: len(before)] == before
    assert new == ["gpt-judge · rubric-1\nShort text", "gpt-judge · rubric-1\nReport"]
    row = next(n for n in range(table.rowCount()) if "gpt-demo" in table.item(n, 0).text())
    item = table.item(row, len(before))
    assert item.text() == "0.67, n 3"
    assert "one family" in item.toolTip()
    assert "3 answers that physicians graded" in item.toolTip()


def test_the_exported_table_names_the_judge_and_mixes_no_columns(results, tmp_path) -> None:
    write_table(results[1], tmp_path / "t.csv")

    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    judged = [row for row in rows if row["judge"]]
    assert {row["judge"] for row in judged} == {"gpt-judge · rubric-1"}
    assert len(judged) == 4
    assert not any(row[name] for row in judged for name in HEADER[2:])
