"""The sheet of keys shows all of them and fits the screen."""

import pytest
from PySide6.QtWidgets import QLabel, QScrollArea

from reviewer_app import theme
from reviewer_app.colors import Scheme
from reviewer_app.dialogs.sheet_keys import WIDGET_KEYS
from reviewer_app.dialogs.shortcut_sheet import ShortcutSheet
from reviewer_app.widgets.answer_keys import ANSWER_KEYS, AnswerKey, AnswerKeys
from reviewer_app.widgets.images.keys import (
    IMAGE_BINDINGS,
    PRESETS,
    ImageKey,
    ImageKeys,
    preset_key,
)
from reviewer_app.window_keys import WINDOW_KEYS

KEYS = {one.name: one.keys for one in WINDOW_KEYS}


def test_every_key_is_on_the_sheet(qtbot, look):
    sheet = ShortcutSheet(KEYS)
    qtbot.addWidget(sheet)
    texts = [one.text() for one in sheet.findChildren(QLabel)]

    for text in (one.display_text for one in WINDOW_KEYS):
        assert text in texts
    for group in WIDGET_KEYS:
        assert group.title in texts
        assert all(line.text in texts for line in group.lines)


def test_every_key_of_a_question_that_can_be_chosen_is_on_the_sheet():
    told = {name for group in WIDGET_KEYS for line in group.lines for name in line.chosen}
    presets = {preset_key(place) for place in range(PRESETS)}

    bindings = (*IMAGE_BINDINGS, *ANSWER_KEYS.bindings)
    assert {one.name for one in bindings} - presets == told - presets


def test_the_sheet_tells_the_keys_that_were_chosen(qtbot, look):
    sheet = ShortcutSheet(KEYS, images=ImageKeys({ImageKey.INVERT: "Ctrl+I"}))
    qtbot.addWidget(sheet)
    texts = [one.text() for one in sheet.findChildren(QLabel)]

    assert texts[texts.index("Invert") - 1] == "Ctrl+I"


def test_the_sheet_tells_the_keys_of_flag_and_comment(qtbot, look):
    for answering, told in (
        (None, "F, C"),
        (AnswerKeys({AnswerKey.FLAG: "F9", AnswerKey.COMMENT: ""}), "F9"),
    ):
        sheet = ShortcutSheet(KEYS, answering=answering)
        qtbot.addWidget(sheet)
        texts = [one.text() for one in sheet.findChildren(QLabel)]

        assert texts[texts.index("In a sitting: flag, comment") - 1] == told


def test_the_sheet_is_never_larger_than_the_screen(qtbot, look):
    sheet = ShortcutSheet(KEYS)
    qtbot.addWidget(sheet)
    sheet.show()
    screen = sheet.screen().availableGeometry()

    assert sheet.height() <= screen.height()
    assert sheet.width() <= screen.width()
    assert sheet.findChild(QScrollArea).accessibleName()


@pytest.mark.parametrize("text_percent", [100, 130, 150])
def test_the_sheet_is_read_from_top_to_bottom_and_never_sideways(qtbot, qapp, text_percent):
    theme.apply(qapp, Scheme.DARK, text_percent=text_percent)
    sheet = ShortcutSheet(KEYS)
    qtbot.addWidget(sheet)
    sheet.show()
    area = sheet.findChild(QScrollArea)
    theme.apply(qapp, Scheme.DARK)

    assert area.horizontalScrollBar().maximum() == 0
