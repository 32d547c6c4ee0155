"""Killed in the middle of work, the program comes back with page, question, text and caret."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.domain.body import AnswerFormat
from core.domain.ids import OptionId, QuestionId
from core.domain.media import Blackout
from core.domain.people import Person, Role
from core.domain.verification import Gate, GateRating, Rating, Verdict
from core.services.baseline import PlanRequest
from core.workspace import Workspace, create_workspace, open_workspace
from reviewer_app import theme
from reviewer_app.colors import Scheme
from reviewer_app.main_window import MainWindow
from reviewer_app.pages.base import Page
from reviewer_app.pages.library.moves import Move
from reviewer_app.preferences import Preferences
from tests.e2e.kill_scenes import COMMENT, DOUBT, NOTE, REASON, REMARK, STEM, WHY
from tests.study import Study

ROOT = Path(__file__).parents[2]
PATIENCE_MS = 15_000


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    with create_workspace(tmp_path / "study.asclepius") as workspace:
        people = workspace.people

        def add(name: str) -> Person:
            return people.add(name, frozenset(Role)).value

        verifiers = (add("Demo Verifier 1"), add("Demo Verifier 2"))
        reader = replace(add("Demo Reader 1"), specialty="Radiology", years_in_practice=3)
        reader = replace(reader, specialty_confidence=dict.fromkeys(workspace.specialties, 3))
        people.update(reader)
        yield Study(workspace, people.me(), add("Demo Author"), verifiers, reader)


class Return:
    """Kills a program in the middle of a scene and opens the window again."""

    def __init__(self, qtbot: QtBot, path: Path) -> None:
        self._qtbot = qtbot
        self._path = path
        self.window: MainWindow | None = None

    def after(self, scene: str, question: QuestionId | str = "") -> Page:
        arguments = ["-m", "tests.e2e.kill_scenes", str(self._path), scene, str(question)]
        with subprocess.Popen(
            [sys.executable, *arguments], stdout=subprocess.PIPE, cwd=ROOT
        ) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == b"PLAYED\n"
            child.kill()
        assert child.returncode == -signal.SIGKILL
        settings = QSettings(str(self._path.parent / "new.ini"), QSettings.Format.IniFormat)
        self.window = MainWindow(Preferences(settings))
        self._qtbot.addWidget(self.window)
        self.window.show()
        self.window.activateWindow()
        assert self.window.opener.open_path(self._path)
        page = self.window.pages.current_page()
        assert page is not None
        return page


@pytest.fixture
def killed(qtbot: QtBot, tmp_path: Path, qapp: QApplication) -> Iterator[Return]:
    theme.apply(qapp, Scheme.DARK)
    made = Return(qtbot, tmp_path / "study.asclepius")
    yield made
    if made.window is not None:
        made.window.close_workspace()
        made.window.tasks.close()


def sit(study: Study, person: Person) -> None:
    study.workspace.people.set_me(person.id)
    study.workspace.close()


def has_focus(page: Page, widget: object) -> bool:
    return page.window().focusWidget() is widget


def test_the_author_comes_back_to_question_text_and_caret(
    study: Study, killed: Return, qtbot: QtBot
) -> None:
    study.committed()
    sit(study, study.author)

    page = killed.after("write")

    field = page.form.stem  # type: ignore[attr-defined] # the Author page
    qtbot.waitUntil(lambda: field.textCursor().position() == 5, timeout=PATIENCE_MS)
    assert has_focus(page, field)
    assert (page.name, field.text()) == ("author", STEM)
    page.presenter.desk.undo()  # type: ignore[attr-defined] # undo survived, too
    assert field.text() == ""


def test_a_blind_answer_begun_is_there_again(study: Study, killed: Return, qtbot: QtBot) -> None:
    study.blinded(AnswerFormat.REPORT)
    second = study.blinded(AnswerFormat.REPORT)
    sit(study, study.verifiers[0])

    page = killed.after("answer", second)

    tab = page.queue_tab  # type: ignore[attr-defined] # the Verify page
    assert tab.presenter.desk.blind.question == second
    field = tab.answer.card.answer_widget.field
    qtbot.waitUntil(lambda: field.textCursor().position() == 14, timeout=PATIENCE_MS)
    assert has_focus(page, field)
    assert field.toPlainText() == "The lungs are "


def test_gates_verdict_and_comment_begun_are_there_again(
    study: Study, killed: Return, qtbot: QtBot
) -> None:
    question = study.blinded(AnswerFormat.REPORT)
    sit(study, study.verifiers[0])

    page = killed.after("rate", question)

    rating = page.queue_tab.rating  # type: ignore[attr-defined] # the Verify page
    comment = rating.verdict.comment
    qtbot.waitUntil(lambda: has_focus(page, comment), timeout=PATIENCE_MS)
    entered = rating.entered()
    gates = list(Gate)
    assert entered.ratings == (
        GateRating(gates[0], Rating.YES),
        GateRating(gates[1], Rating.NOT_SURE),
    )
    assert (entered.verdict, entered.comment) == (Verdict.REVISE, COMMENT)
    assert comment.textCursor().position() == len(COMMENT)
    assert entered.remarks == ((gates[2], REMARK),)
    row = rating.gates.rows[gates[2]]
    assert row.comment.isVisible()
    row.rate(Rating.NO)
    assert rating.entered().ratings[2] == GateRating(gates[2], Rating.NO, REMARK.strip())


def test_ledger_and_boxes_begun_are_there_again(study: Study, killed: Return, qtbot: QtBot) -> None:
    question = study.committed(image="CT_small.dcm").question
    sit(study, study.author)

    page = killed.after("blind", question)

    panel = page.panel  # type: ignore[attr-defined] # the Blind page
    qtbot.waitUntil(lambda: panel.notes.toPlainText() != "", timeout=PATIENCE_MS)
    assert panel.notes.toPlainText() == NOTE
    boxes = page.images.view.hand.boxes()  # type: ignore[attr-defined] # the Blind page
    assert boxes == (Blackout(1, 2, 30, 40),)


def verified(study: Study) -> QuestionId:
    question = study.blinded()
    for person in study.verifiers:
        study.verify(question, person)
    study.workspace.adjudication.accept([question], study.lead.id)
    return question


def test_a_sitting_goes_on_with_answer_clock_flag_and_comment(study: Study, killed: Return) -> None:
    verified(study)
    request = PlanRequest("First", 1, (study.reader.id,))
    study.workspace.baseline.make_plan(request, study.lead.id)
    sit(study, study.reader)

    page = killed.after("read")

    assert page.name == "baseline"
    view = page.sitting_view  # type: ignore[attr-defined] # the Baseline page
    assert view.isVisible()
    response = view.card.response()
    assert response is not None
    assert response.options == frozenset({OptionId("o3")})
    clock = page.sitting_presenter.clock  # type: ignore[attr-defined] # the Baseline page
    # 2.5 s and 1 s were spent; at most the last second of them is lost.
    assert clock.active_s + clock.idle_s >= 2.0
    assert view.remarks.flag.isChecked()
    assert view.remarks.text() == DOUBT


def test_a_plan_begun_is_there_again(study: Study, killed: Return, qtbot: QtBot) -> None:
    verified(study)
    sit(study, study.lead)

    page = killed.after("plan")

    form = page.plan_form  # type: ignore[attr-defined] # the Baseline page
    assert (form.name.text(), form.seed.value()) == ("Second read", 77)
    qtbot.waitUntil(
        lambda: has_focus(page, form.seed) or has_focus(page, form.name), timeout=PATIENCE_MS
    )


def test_a_registration_begun_is_there_again(study: Study, killed: Return) -> None:
    verified(study)
    person = study.verifiers[0]
    study.workspace.baseline.make_plan(PlanRequest("First", 1, (person.id,)), study.lead.id)
    sit(study, person)

    page = killed.after("register")

    form = page.registration  # type: ignore[attr-defined] # the Baseline page
    assert form.isVisible()
    assert (form.specialty.currentIndex(), form.years.value()) == (2, 7)
    assert [scale.value() for scale in form.scales.values()][:2] == [4, None]


def test_a_reason_begun_is_there_when_it_is_asked_for_again(
    study: Study, killed: Return, qtbot: QtBot
) -> None:
    question, other = verified(study), verified(study)
    sit(study, study.lead)

    page = killed.after("retire", question)

    detail = page.detail  # type: ignore[attr-defined] # the Library page
    page.show_question(question)
    qtbot.waitUntil(lambda: detail.detail is not None, timeout=PATIENCE_MS)
    detail.ask(Move.RETIRE)
    assert detail.reason_box.reason_edit.text() == WHY
    page.show_question(other)
    qtbot.waitUntil(lambda: detail.detail.summary.id == other, timeout=PATIENCE_MS)
    detail.ask(Move.RETIRE)
    assert detail.reason_box.reason_edit.text() == ""


def test_the_reason_of_a_decision_begun_is_there_again(
    study: Study, killed: Return, qtbot: QtBot
) -> None:
    question = study.blinded()
    study.verify(question, study.verifiers[0])
    study.verify(question, study.verifiers[1], Verdict.REVISE)
    sit(study, study.lead)

    page = killed.after("decide", question)

    comment = page.decide_tab.candidates.verdict.comment  # type: ignore[attr-defined] # Verify
    qtbot.waitUntil(lambda: has_focus(page, comment), timeout=PATIENCE_MS)
    assert comment.toPlainText() == REASON


def test_what_was_submitted_is_no_longer_kept(study: Study, killed: Return, qtbot: QtBot) -> None:
    question = study.blinded(AnswerFormat.REPORT)
    sit(study, study.verifiers[0])
    page = killed.after("rate", question)
    rating = page.queue_tab.rating  # type: ignore[attr-defined] # the Verify page
    window = killed.window
    assert window is not None
    qtbot.waitUntil(lambda: has_focus(page, rating.verdict.comment), timeout=PATIENCE_MS)
    window.keeper.keep()
    assert kept(study.workspace.path, study) != []

    for row in rating.gates.rows.values():
        row.rate(Rating.YES)
    page.queue_tab._on_submit_requested(  # type: ignore[attr-defined] # as Enter does
        rating.entered().ratings, Verdict.REVISE, "Say the side."
    )
    window.keeper.keep()

    assert kept(study.workspace.path, study) == []


def kept(path: Path, study: Study) -> list[str]:
    workspace: Workspace
    with open_workspace(path, read_only=True) as workspace:
        entries = workspace.journal.entries(study.verifiers[0].id)
    return [place for place, _ in entries if place != "position"]


def test_whoever_goes_on_by_hand_is_not_called_back(
    study: Study, killed: Return, qtbot: QtBot
) -> None:
    study.blinded(AnswerFormat.REPORT)
    second = study.blinded(AnswerFormat.REPORT)
    sit(study, study.verifiers[0])
    page = killed.after("answer", second)
    window = killed.window
    assert window is not None
    handle = window.windowHandle()
    assert handle is not None
    window.keeper.seek_focus()
    assert window.keeper.is_seeking

    qtbot.keyClick(handle, Qt.Key.Key_Tab)

    assert not window.keeper.is_seeking
    qtbot.wait(300)
    field = page.queue_tab.answer.card.answer_widget.field  # type: ignore[attr-defined] # Verify
    assert not has_focus(page, field)
