"""The main job through the window: from an empty workspace to an export, by clicks and keys."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.data import get_testdata_file
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.domain.revision import content_hash
from core.domain.stage import Stage
from core.workspace import Workspace, create_workspace
from reviewer_app import theme
from reviewer_app.colors import Scheme
from reviewer_app.main_window import MainWindow
from reviewer_app.preferences import Preferences
from tests.e2e.hand import Hand
from tests.llm_server import LlmServer, Scripted

CONTROL = Qt.KeyboardModifier.ControlModifier
STEM = "Which structure lies against the left front of the vertebral body?"
OPTIONS = ("Azygos vein", "Descending aorta", "Esophagus", "Thymus")
SPECIALTIES = 15


@pytest.fixture
def window(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[MainWindow]:
    theme.apply(qapp, Scheme.DARK)
    settings = QSettings(str(tmp_path / "preferences.ini"), QSettings.Format.IniFormat)
    made = MainWindow(Preferences(settings))
    qtbot.addWidget(made)
    made.resize(1600, 1000)
    made.show()
    made.show_workspace(create_workspace(tmp_path / "study.asclepius"))
    qtbot.waitUntil(made.isVisible)
    yield made
    made.close_workspace()
    made.tasks.close()


@pytest.fixture
def hand(window: MainWindow, qtbot: QtBot) -> Hand:
    return Hand(window, qtbot)


def workspace_of(window: MainWindow) -> Workspace:
    assert window.context is not None
    return window.context.workspace


def add_person(hand: Hand, name: str, role: str) -> None:
    hand.click("Study lead")
    hand.pick("Add a person")
    hand.write("Name", name)
    hand.click(role)
    hand.click("Save")


def sit_down(hand: Hand, now: str, name: str) -> None:
    hand.click(now)
    hand.pick(name)
    hand.see(name)


def write_question(hand: Hand) -> None:
    hand.press(Qt.Key.Key_2, CONTROL)
    hand.click("New")
    hand.pick("Single choice")
    hand.write("Question", STEM)
    for letter, text in zip("ABCD", OPTIONS, strict=True):
        hand.write(f"Option {letter}", text)
    hand.click("Option B is right")
    hand.choose("Specialty", "Cardiology")
    hand.choose("Capacity", "Anatomical perception")
    hand.drop("Drop images here", Path(str(get_testdata_file("CT_small.dcm"))))
    hand.see("Image")
    hand.press(Qt.Key.Key_Return, CONTROL)


def blind_question(hand: Hand) -> None:
    hand.press(Qt.Key.Key_3, CONTROL)
    hand.sees_text("not cleared")
    hand.click("Clear image")
    hand.sees_text("All images are cleared of patient data.")
    hand.press(Qt.Key.Key_Return, CONTROL)
    hand.sees_text("is blinded and waits for verification")


def verify_question(hand: Hand) -> None:
    hand.press(Qt.Key.Key_4, CONTROL)
    hand.see("Lock answer")
    hand.strike("2")
    hand.press(Qt.Key.Key_Return)
    hand.sees_text("The question is self-contained")
    for _ in range(10):
        hand.strike("y")
    hand.strike("1")
    hand.press(Qt.Key.Key_Return)
    hand.sees_text("is stored")


def read_question(hand: Hand) -> None:
    hand.press(Qt.Key.Key_5, CONTROL)
    hand.choose("Your specialty", "Cardiology")
    for place in range(SPECIALTIES):
        if place == 0:
            hand.click("Confidence in Hematology: 3")
        else:
            hand.strike("3")
    hand.click("Register")
    hand.click("Start: First reading")
    hand.click("Begin")
    hand.see("Submit")
    hand.strike("1")
    hand.press(Qt.Key.Key_Return)
    hand.strike("4")
    hand.press(Qt.Key.Key_Return)
    hand.sees_text("All questions are answered")


def test_journey_from_an_empty_workspace_to_an_export(
    window: MainWindow, hand: Hand, tmp_path: Path, qtbot: QtBot
) -> None:
    add_person(hand, "Demo Verifier 1", "Verifier: answers, then judges questions of others")
    add_person(hand, "Demo Verifier 2", "Verifier: answers, then judges questions of others")
    add_person(hand, "Demo Reader 1", "Reader: answers for the human baseline")
    write_question(hand)
    hand.sees_text("waits for blinding")
    blind_question(hand)
    sit_down(hand, "Study lead", "Demo Verifier 1")
    verify_question(hand)
    sit_down(hand, "Demo Verifier 1", "Demo Verifier 2")
    verify_question(hand)
    sit_down(hand, "Demo Verifier 2", "Study lead")
    hand.press(Qt.Key.Key_4, CONTROL)
    hand.sees_text("Accept 1 unanimous")
    hand.strike("a")
    assert workspace_of(window).authoring.stage_counts()[Stage.VERIFIED] == 1

    hand.press(Qt.Key.Key_5, CONTROL)
    hand.write("Name", "First reading")
    hand.click("Make the plan")
    sit_down(hand, "Study lead", "Demo Reader 1")
    read_question(hand)

    sit_down(hand, "Demo Reader 1", "Study lead")
    hand.press(Qt.Key.Key_6, CONTROL)
    with LlmServer(lambda _: Scripted("The answer is B.")) as server:
        hand.write("Base URL", server.base_url)
        hand.write("Model", "test-model")
        hand.sees_text("1 question to send")
        hand.press(Qt.Key.Key_Return, CONTROL)
        qtbot.waitUntil(lambda: not window.tasks.is_busy and len(server.seen) == 1, timeout=20_000)
    header = dcmread(str(get_testdata_file("CT_small.dcm")))
    sent = json.dumps(server.seen[0].body)
    assert STEM in sent
    assert str(header.PatientName) not in sent
    assert len(server.seen[0].picture_urls) == 1

    hand.press(Qt.Key.Key_8, CONTROL)
    hand.see("People beside models")
    qtbot.waitUntil(lambda: not window.tasks.is_busy, timeout=20_000)
    results = workspace_of(window).analysis.results()
    right = {one.name: one.overall.correct for one in results.respondents}
    assert right["test-model · image and text"] == 1
    assert right["Demo Reader 1"] in (0, 1)

    hand.press(Qt.Key.Key_9, CONTROL)
    hand.write("New folder", str(tmp_path / "verified-set"))
    hand.click("Export 1 question")
    hand.sees_text("Exported")
    came_back(workspace_of(window), tmp_path)


def came_back(study: Workspace, tmp_path: Path) -> None:
    """Import the export into an empty workspace and compare content hashes."""
    with create_workspace(tmp_path / "again.asclepius") as again:
        again.exchange.import_file(
            tmp_path / "verified-set" / "questions.jsonl", again.people.me().id
        )
        hashes = []
        for one in (study, again):
            (line,) = one.authoring.library()
            revision = one.authoring.current(line.id)
            hashes.append(content_hash(revision.body, revision.key, line.labels))
    assert hashes[0] == hashes[1]
