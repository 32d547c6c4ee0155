"""The images of a question large: over the whole screen, or in a window on a second monitor."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, Protocol

from PySide6.QtCore import QByteArray, QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication, QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from reviewer_app import theme
from reviewer_app.widgets.keys import keeps_key

INPUTS: Final = (
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
    QEvent.Type.NativeGesture,
    QEvent.Type.TouchBegin,
)
"""What tells that somebody is at work."""
_FRAME: Final = (
    Qt.WindowType.Tool
    | Qt.WindowType.WindowTitleHint
    | Qt.WindowType.WindowSystemMenuHint
    | Qt.WindowType.WindowMinMaxButtonsHint
    | Qt.WindowType.WindowCloseButtonHint
)
"""A tool window leaves the keys of its parent in force, so that an answer needs no click there."""


class StageMode(StrEnum):
    """Where the images of a page stand."""

    HOME = "home"
    WINDOW = "window"
    SCREEN = "screen"


class StageMemory(Protocol):
    """What outlives the program: where the window of the images was, and whether it was wanted."""

    images_geometry: QByteArray
    has_images_apart: bool


class Lender(Protocol):
    """A page's place for images, which can give them away and take them back."""

    def lend(self) -> QWidget:
        """Give the images away; the place says where they are."""

    def take_back(self, board: QWidget) -> None:
        """Show the images in their place again."""


class ImageStage(QWidget):
    """Holds the images of the page in sight while they are wanted apart from it.

    Pages lend theirs when they come on screen, so the window follows the question. Signals:
    `mode_changed()`; `used()` on every input here; `activation_changed()`.
    """

    mode_changed = Signal()
    used = Signal()
    activation_changed = Signal()

    def __init__(self, parent: QWidget, memory: StageMemory | None = None) -> None:
        super().__init__(parent, _FRAME)
        self._main = parent
        self._memory = memory
        self._lender: Lender | None = None
        self._board: QWidget | None = None
        self._mode = StageMode.HOME
        if memory is not None and memory.has_images_apart:
            self._mode = StageMode.WINDOW
        self._before = StageMode.HOME
        self._is_placed = False
        theme.set_role(self, "page")
        self.setWindowTitle(self.tr("Images – Asclepius"))
        self.setAttribute(Qt.WidgetAttribute.WA_MacAlwaysShowToolWindow)
        self._empty = QLabel(self.tr("Images of the next question appear here"), self)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        theme.set_role(self._empty, "hint")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addWidget(self._empty, 1)
        self.line = QLabel(self)
        """What the page says that does not show its own words here."""
        self.line.setContentsMargins(theme.space(2), theme.space(1), theme.space(2), theme.space(1))
        self.line.setWordWrap(True)
        self.line.hide()
        self._layout.addWidget(self.line)

    def mode(self) -> StageMode:
        """Return where images stand, or will when a page shows some."""
        return self._mode

    def note_shown(self, lender: Lender) -> None:
        """Take the images of a page that came on screen, if they are wanted here."""
        self._give_back()
        self._lender = lender
        if self._mode is StageMode.WINDOW:
            self._take()
            self._show_window()

    def note_hidden(self, lender: Lender) -> None:
        """Give the images back to a page that leaves the screen; a full screen ends with it."""
        if lender is not self._lender:
            return
        self._give_back()
        self._lender = None
        if self._mode is StageMode.SCREEN:
            self.set_mode(self._before)

    def tell(self, words: str) -> None:
        """Say something in a line under the images; none takes the line away."""
        self.line.setText(words)
        self.line.setVisible(bool(words))

    @Slot()
    def toggle_screen(self) -> None:
        """Show the images over the whole screen, or end that."""
        if self._mode is StageMode.SCREEN:
            self.set_mode(self._before)
        elif self._lender is not None:
            self._before = self._mode
            self.set_mode(StageMode.SCREEN)

    @Slot()
    def toggle_window(self) -> None:
        """Show the images in a window of their own, or bring them home."""
        is_apart = self._mode is StageMode.WINDOW
        self.set_mode(StageMode.HOME if is_apart else StageMode.WINDOW)

    def set_mode(self, mode: StageMode) -> None:
        """Let the images stand somewhere else."""
        self._remember_place()
        self._mode = mode
        if self._memory is not None and mode is not StageMode.SCREEN:
            self._memory.has_images_apart = mode is StageMode.WINDOW
        match mode:
            case StageMode.HOME:
                self._give_back()
                self.hide()
            case StageMode.WINDOW:
                self._take()
                self._show_window()
            case StageMode.SCREEN:
                self._take()
                self._show_on_screen()
        self.mode_changed.emit()

    def event(self, event: QEvent) -> bool:
        """Keep Esc, by which a page leaves the question, while it ends the full screen."""
        is_ours = self.isFullScreen() and keeps_key(event, Qt.Key.Key_Escape)
        return is_ours or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """End the full screen by Escape."""
        if event.key() == Qt.Key.Key_Escape and self._mode is StageMode.SCREEN:
            self.toggle_screen()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Bring the images home."""
        super().closeEvent(event)
        self.set_mode(StageMode.HOME)

    def hideEvent(self, event: QHideEvent) -> None:
        """Remember where the window was."""
        self._remember_place()
        super().hideEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Hear of every input, as the page beside does."""
        super().showEvent(event)
        handle = self.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell of input; keep nothing from anybody."""
        if event.type() in INPUTS:
            self.used.emit()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        """Tell when the window becomes the active one, or another does."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange:
            self.activation_changed.emit()

    def _take(self) -> None:
        if self._board is None and self._lender is not None:
            focused = self._main.focusWidget()
            self._board = self._lender.lend()
            self._layout.insertWidget(0, self._board, 1)
            self._board.show()
            if focused is not None and self._board.isAncestorOf(focused):
                focused.setFocus()  # the keys go on where they were
        self._empty.setVisible(self._board is None)

    def _give_back(self) -> None:
        board, self._board = self._board, None
        if board is not None and self._lender is not None:
            self._lender.take_back(board)
        self._empty.show()

    def _show_window(self) -> None:
        if self.isFullScreen():
            self.showNormal()
        if not self._is_placed:
            self._is_placed = True
            self._place()
        self.show()

    def _place(self) -> None:
        """Go where the window was the last time, else to a free monitor."""
        if self._memory is not None and self.restoreGeometry(self._memory.images_geometry):
            return
        main = self._main.screen()
        others = [one for one in QGuiApplication.screens() if one is not main]
        area = (others[0] if others else main).availableGeometry()
        if others:
            self.setGeometry(area)
        else:
            self.resize(area.width() // 2, area.height() * 3 // 4)

    def _show_on_screen(self) -> None:
        if not self.isVisible():
            self.setGeometry(self._main.screen().geometry())
        self.showFullScreen()
        self.activateWindow()

    def _remember_place(self) -> None:
        is_window = self._mode is StageMode.WINDOW and self._is_placed
        if is_window and self._memory is not None and not self.isFullScreen():
            self._memory.images_geometry = self.saveGeometry()


def stage_of(widget: QWidget) -> ImageStage | None:
    """Return the stage of the window that a widget is in."""
    window = widget.window()
    return window.findChild(ImageStage, options=Qt.FindChildOption.FindDirectChildrenOnly)
