"""What is wanted less often of an image: turning, true size, pixels, overlay, speed."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from reviewer_app import theme
from reviewer_app.widgets.images.keys import STAGE_KEYS, ImageKey, ImageKeys
from reviewer_app.widgets.images.playing import SPEEDS
from reviewer_app.widgets.images.view import ImageView


class ImageMenu(QToolButton):
    """A button with a menu over one `ImageView`; what an image cannot do is disabled."""

    def __init__(self, view: ImageView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        text = self.tr("More for this image")
        self.setIcon(theme.icon("mdi6.dots-horizontal", "text"))
        self.setIconSize(QSize(theme.ICON_PX, theme.ICON_PX))
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        self.auto = self._add(menu, "", lambda: self._view.find_window())
        menu.addSeparator()
        self.turns = [
            self._add(menu, "", lambda: self._view.turn()),
            self._add(menu, "", lambda: self._view.turn(-1)),
        ]
        self.mirror = self._add(menu, "", lambda: self._view.mirror(), is_checkable=True)
        menu.addSeparator()
        self.true_size = self._add(menu, "", lambda: self._view.show_true_size())
        self.smooth = self._add(menu, "", lambda: self._view.toggle_smooth(), is_checkable=True)
        self.overlay = self._add(menu, "", lambda: self._view.toggle_overlay(), is_checkable=True)
        self.speed = QMenu(self.tr("Speed of playing"), menu)
        menu.addMenu(self.speed)
        self._fill_speeds()
        menu.addSeparator()
        self.full_screen = self._add(menu, "", _nothing)
        self.apart = self._add(menu, "", _nothing)
        self.show_keys(ImageKeys())
        menu.aboutToShow.connect(self.refresh)
        self.setMenu(menu)

    def bind(self, view: ImageView) -> None:
        """Belong to another view from now on."""
        self._view = view

    def show_keys(self, keys: ImageKeys) -> None:
        """Name the keys that hold now."""
        right, left = self.turns
        for action, text, key in (
            (self.auto, self.tr("Automatic window"), ImageKey.AUTO),
            (right, self.tr("Turn right"), ImageKey.TURN_RIGHT),
            (left, self.tr("Turn left"), ImageKey.TURN_LEFT),
            (self.mirror, self.tr("Mirror"), ImageKey.MIRROR),
            (self.true_size, self.tr("True size"), ImageKey.TRUE_SIZE),
            (self.smooth, self.tr("Smooth pixels"), ImageKey.SMOOTH),
            (self.overlay, self.tr("Overlay of the file"), ImageKey.OVERLAY),
        ):
            action.setText(keys.entry(text, key))
        for action, one in zip((self.full_screen, self.apart), STAGE_KEYS, strict=True):
            action.setText(keys.entry(one.display_text, one.name))

    @Slot()
    def refresh(self) -> None:
        """Show what holds for the image in sight."""
        image = self._view.image()
        self.auto.setEnabled(self._view.shown_window() is not None)
        self.mirror.setChecked(self._view.view().is_mirrored)
        self.true_size.setEnabled(self._view.true_size_scale() is not None)
        self.true_size.setToolTip(self._view.true_size_refusal())
        self.smooth.setChecked(self._view.is_smooth())
        self.overlay.setEnabled(image is not None and image.has_overlay)
        self.overlay.setChecked(self._view.view().has_overlay)
        self.speed.setEnabled(self._view.frame_count() > 1)
        own = image.frames_per_s if image is not None else None
        self.own_speed.setVisible(own is not None)
        text = self.tr("As in the file: %1 a second").replace("%1", f"{own or 0:.3g}")
        self.own_speed.setText(text)
        for action in self.speed.actions():
            action.setChecked(action.data() == self._view.speed())

    def _fill_speeds(self) -> None:
        self.own_speed = self._add(self.speed, "", partial(self._set_speed, None))
        group = QActionGroup(self)
        for speed in SPEEDS:
            text = self.tr("%1 frames a second").replace("%1", str(speed))
            action = self._add(self.speed, text, partial(self._set_speed, speed), is_checkable=True)
            action.setData(speed)
            group.addAction(action)

    def _set_speed(self, speed: int | None) -> None:
        self._view.set_speed(speed)

    def _add(
        self, menu: QMenu, text: str, then: Callable[[], None], *, is_checkable: bool = False
    ) -> QAction:
        action = QAction(text, menu)
        action.setCheckable(is_checkable)
        action.triggered.connect(lambda: then())
        menu.addAction(action)
        return action


def _nothing() -> None:
    """Leave it to the panel, which moves all images together."""
