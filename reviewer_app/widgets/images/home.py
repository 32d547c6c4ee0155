"""The place of a page's images: shows them, or says where they went."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from reviewer_app import theme
from reviewer_app.widgets.images.keys import STAGE_KEYS, ImageKeys
from reviewer_app.widgets.images.stage import ImageStage, StageMode, stage_of


class ImageHome(QWidget):
    """A page's images on their board, which can stand on the stage of the window instead."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.board = QWidget(self)
        self.away = self._make_away()
        self.show_home_keys(ImageKeys())
        self.away.hide()
        self._place = QVBoxLayout(self)
        self._place.setContentsMargins(0, 0, 0, 0)
        self._place.addWidget(self.board)
        self._place.addWidget(self.away)

    def lend(self) -> QWidget:
        """Give the images away; the place says where they are."""
        focused = _focused_in(self.board)
        self.away.show()
        if focused is not None:
            self.back.setFocus()
        return self.board

    def take_back(self, board: QWidget) -> None:
        """Show the images in their place again."""
        focused = _focused_in(board)
        self._place.addWidget(board)
        board.show()
        if focused is not None and self.window().focusWidget() is self.back:
            focused.setFocus()
        self.away.hide()

    def toggle_full_screen(self) -> None:
        """Show the images over the whole screen, or end that."""
        self._stage().toggle_screen()

    def toggle_apart(self) -> None:
        """Show the images in a window of their own, or bring them back."""
        self._stage().toggle_window()

    def show_home_keys(self, keys: ImageKeys) -> None:
        """Name the key that holds now."""
        text = self.tr("Show the images here again")
        self.back.setToolTip(keys.tip(text, STAGE_KEYS[1].name))

    def showEvent(self, event: QShowEvent) -> None:
        """Lend the images where they are wanted."""
        super().showEvent(event)
        stage = stage_of(self)
        if stage is not None and not event.spontaneous():
            stage.note_shown(self)

    def hideEvent(self, event: QHideEvent) -> None:
        """Take the images back before others are lent."""
        super().hideEvent(event)
        stage = stage_of(self)
        if stage is not None and not event.spontaneous():
            stage.note_hidden(self)

    def _bring_back(self) -> None:
        self._stage().set_mode(StageMode.HOME)

    def _stage(self) -> ImageStage:
        stage = stage_of(self)
        if stage is None:
            stage = ImageStage(self.window())
            stage.note_shown(self)
        return stage

    def _make_away(self) -> QFrame:
        away = QFrame(self)
        theme.set_role(away, "image")
        text = QLabel(self.tr("The images are in their own window."), away)
        theme.set_role(text, "overlay")
        text.setWordWrap(True)
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.back = button = QPushButton(self.tr("Bring them back"), away)
        button.clicked.connect(self._bring_back)
        column = QVBoxLayout(away)
        column.setSpacing(theme.space(3))
        column.addStretch(1)
        column.addWidget(text)
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        return away


def _focused_in(board: QWidget) -> QWidget | None:
    """Return what the keys of its window go to, where that is on the board."""
    focused = board.window().focusWidget()
    return focused if focused is not None and board.isAncestorOf(focused) else None
