"""The Exchange page takes what a model answered in another engine."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from core.domain.people import Role
from reviewer_app.pages.exchange import PAGE
from reviewer_app.pages.exchange.page import ExchangePage
from tests.core.services.analysis_study import Study as Stored
from tests.core.services.test_predictions import FORMATS

LOG = Path(__file__).parents[1] / "data" / "inspect_log.eval"


@pytest.fixture
def open_page(show_page) -> Callable[[], ExchangePage]:
    return lambda: show_page(PAGE, width_px=1100)


def choose(qtbot, desk, page: ExchangePage, path: Path) -> None:
    page.importing.drop.chosen.emit(path)
    qtbot.waitUntil(lambda: not desk.tasks.is_busy, timeout=20_000)


def stored(desk) -> Stored:
    made = Stored(Path(desk.workspace.path))
    for one in FORMATS:
        made.question(one)
    return made


def test_a_log_is_recognized_previewed_and_brought_in_by_one_key(qtbot, desk, open_page) -> None:
    stored(desk)
    page = open_page()
    choose(qtbot, desk, page, LOG)
    before = desk.workspace.evaluation.runs()
    words = page.importing.summary.text()
    caption = page.importing.import_button.text()

    qtbot.keyClick(page, Qt.Key.Key_I)
    qtbot.waitUntil(lambda: bool(desk.posted) and not desk.tasks.is_busy, timeout=20_000)

    assert before == []
    assert words == "Answers of a model, from Inspect: 6 new, 0 here already"
    assert caption == "Import 6 answers (I)"
    assert len(desk.workspace.evaluation.runs()) == 2
    assert "Imported as runs: 2." in desk.posted[-1]


def test_questions_that_are_not_here_stop_it_until_they_are_left_out(
    qtbot, desk, open_page, tmp_path
) -> None:
    stored(desk)
    path = tmp_path / "p.csv"
    path.write_text("number,reply,model\n2,yes,m\n40,no,m\n")
    page = open_page()
    choose(qtbot, desk, page, path)
    refused = page.importing.summary.text(), page.importing.import_button.isEnabled()

    page.importing.skip_box.click()
    qtbot.waitUntil(lambda: not desk.tasks.is_busy, timeout=20_000)

    assert refused == ("Answers of a model, from a table: Problems: 1", False)
    assert page.importing.summary.text().endswith("1 new, 0 here already")
    assert page.importing.import_button.isEnabled()


def test_a_damaged_log_is_one_sentence_in_place(qtbot, desk, open_page, tmp_path) -> None:
    path = tmp_path / "log.eval"
    path.write_bytes(LOG.read_bytes()[:-200])
    page = open_page()
    page.importing.format_box.setCurrentIndex(page.importing.format_box.findData("predictions"))
    page.importing.format_box.activated.emit(page.importing.format_box.currentIndex())

    choose(qtbot, desk, page, path)

    assert "holds no predictions" in page.importing.problem.text()


def test_a_table_of_questions_is_still_a_table_of_questions(
    qtbot, desk, open_page, tmp_path
) -> None:
    path = tmp_path / "q.csv"
    path.write_text("format,stem,key\nyes/no,Is it?,yes\n")
    page = open_page()

    choose(qtbot, desk, page, path)

    assert page.importing.summary.text() == "1 new, 0 here already"
    assert page.importing.skip_box.isHidden()


def test_an_author_brings_in_questions_only(qtbot, desk, open_page) -> None:
    author = desk.workspace.people.add("Demo Author", frozenset({Role.AUTHOR})).value
    desk.workspace.people.set_me(author.id)
    page = open_page()

    choose(qtbot, desk, page, LOG)

    assert page.importing.problem.text()
    assert not page.importing.import_button.isEnabled()
