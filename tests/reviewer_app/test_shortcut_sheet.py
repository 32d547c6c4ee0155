"""The sheet of keys shows all of them and fits the screen."""

from PySide6.QtWidgets import QLabel, QScrollArea

from reviewer_app.actions import FIXED_KEYS, WINDOW_KEYS
from reviewer_app.dialogs.shortcut_sheet import ShortcutSheet

KEYS = {one.name: one.keys for one in WINDOW_KEYS}


def test_every_key_is_on_the_sheet(qtbot, look):
    sheet = ShortcutSheet(KEYS)
    qtbot.addWidget(sheet)
    texts = [one.text() for one in sheet.findChildren(QLabel)]

    for text in (one.display_text for one in WINDOW_KEYS):
        assert text in texts
    for group in FIXED_KEYS:
        assert group.title in texts
        assert all(text in texts for _, text in group.keys)


def test_the_sheet_is_never_larger_than_the_screen(qtbot, look):
    sheet = ShortcutSheet(KEYS)
    qtbot.addWidget(sheet)
    sheet.show()
    screen = sheet.screen().availableGeometry()

    assert sheet.height() <= screen.height()
    assert sheet.width() <= screen.width()
    assert sheet.findChild(QScrollArea) is not None
