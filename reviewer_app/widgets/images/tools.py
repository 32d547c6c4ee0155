"""The tool row over an image: presets, window as numbers, invert, zoom, reset, frames."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSlider,
    QToolButton,
    QWidget,
)

from core.domain.media import View, Window
from reviewer_app import theme
from reviewer_app.widgets.buttons import icon_button
from reviewer_app.widgets.images.keys import ImageKey, ImageKeys, preset_key
from reviewer_app.widgets.images.measure_menu import MeasureMenu
from reviewer_app.widgets.images.measuring import MeasuringView
from reviewer_app.widgets.images.menu import ImageMenu
from reviewer_app.widgets.images.sections import can_have_sections
from reviewer_app.widgets.images.window_field import WindowField

_RIGHT, _DOWN = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
_WITH_WORDS: Final = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
_WITHOUT_WORDS: Final = Qt.ToolButtonStyle.ToolButtonIconOnly
_LEAST_FRAMES_PX: Final = 200
"""A narrower slider cannot be put on one frame of many."""


class ImageTools(QWidget):
    """Shows and changes the view of one `MeasuringView`."""

    def __init__(self, view: MeasuringView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._is_showing = self._is_apart = False
        self._folded_for: tuple[object, ...] = ()
        self._added: list[QWidget] = []
        self._keys = ImageKeys()
        self._make_grays()
        self._make_deeds()
        self._make_run()
        self.show_keys(self._keys)
        self._lay_out()
        self._connect()
        self.refresh()

    def show_keys(self, keys: ImageKeys) -> None:
        """Name the keys that hold now."""
        self._keys = keys
        for button, text, key in (
            (self.invert, self.tr("Invert"), ImageKey.INVERT),
            (self.zoom, self.tr("Whole image or 1:1"), ImageKey.ONE_TO_ONE),
            (self.reset, self.tr("Reset"), ImageKey.RESET),
            (self.sections, self.tr("Axial, coronal and sagittal sections"), ImageKey.SECTIONS),
            (
                self.layout_button,
                self.tr("Layout, and what images do together"),
                ImageKey.LAYOUT,
            ),
            (self.compare, self.tr("Current beside prior"), ImageKey.COMPARE),
            (self.play, self.tr("Play the frames"), ImageKey.PLAY),
        ):
            button.setToolTip(keys.tip(text, key))
            button.setAccessibleName(keys.tip(text, key))
        center = self.center.accessibleName()
        self.center.setToolTip(keys.tip(center, ImageKey.TYPE_WINDOW))
        self.measure.show_keys(keys)
        self.more.show_keys(keys)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the tools into the width."""
        super().resizeEvent(event)
        self._fold()

    def event(self, event: QEvent) -> bool:
        """Fit the tools anew when one of them comes or goes."""
        is_done = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest:
            self._fold()
        return is_done

    def minimumSizeHint(self) -> QSize:
        """As narrow as window and tools below each other; frames then have their own line, too."""
        spare = self._words_width() if self._has_words() else 0
        grays = self._grays.sizeHint().width() - spare if self._shows(self._grays) else 0
        width = max(grays, self._deeds.sizeHint().width()) + self._margins()
        return QSize(width, super().minimumSizeHint().height())

    def _has_words(self) -> bool:
        return self.presets.toolButtonStyle() is _WITH_WORDS

    def _words_width(self) -> int:
        """Return how much wider the button of presets is with its word."""
        word = self.presets.fontMetrics().horizontalAdvance(self.presets.text())
        return word + theme.space(2)

    def _margins(self) -> int:
        margins = self._lines.contentsMargins()
        return margins.left() + margins.right()

    def _shows(self, part: QWidget) -> bool:
        return not part.isHidden()

    def _fold(self) -> None:
        """Leave words to the tooltips, then go on below, where the width asks for it."""
        room, gap = self.width() - self._margins(), self._lines.spacing()
        deeds = self._deeds.sizeHint().width()
        fold = room, deeds, self._shows(self._grays), self._run.isHidden(), self.font().key()
        if fold == self._folded_for:
            return  # to try words once more would lay all out again with each step of a drag
        self._folded_for = fold
        for style in (_WITH_WORDS, _WITHOUT_WORDS):
            self.presets.setToolButtonStyle(style)
            needed = self._hand_width(deeds, gap)
            if needed <= room:
                break
        self._hand.setDirection(_RIGHT if needed <= room else _DOWN)
        if needed > room and self._grays.sizeHint().width() + self._words_width() <= room:
            self.presets.setToolButtonStyle(_WITH_WORDS)
        is_wide = self._run.isHidden() or needed + _LEAST_FRAMES_PX <= room
        self._lines.setDirection(_RIGHT if is_wide else _DOWN)

    def _hand_width(self, deeds: int, gap: int) -> int:
        """Return how wide window and tools are beside each other."""
        return deeds + (self._grays.sizeHint().width() + gap if self._shows(self._grays) else 0)

    def set_apart(self, *, is_apart: bool) -> None:
        """Leave out what belongs to frames while sections stand in their place."""
        self._is_apart = is_apart
        for one in (self.zoom, self.measure, self.more):
            one.setVisible(not is_apart)
        self.refresh()

    def refresh(self) -> None:
        """Show the state of the image view."""
        self._is_showing = True
        image, window = self._view.image(), self._view.shown_window()
        is_gray = image is not None and window is not None
        self._grays.setVisible(is_gray)
        for button in (self.invert, self.zoom, self.measure, self.more):
            button.setEnabled(image is not None)
        self.reset.setEnabled(self._view.frame_count() > 0)  # what was refused is opened anew
        if window is not None:
            self._show_window(window)
        self._show_frames()
        self.invert.setChecked(self._view.view().is_inverted)
        self._on_playing_changed(self._view.is_playing())
        self._fold()
        self._is_showing = False

    def _show_window(self, window: Window) -> None:
        # Fields of very small or large ranges (dose, activity) need other decimals than HU.
        decimals = 0 if window.width >= 20 else 2
        for field, value in ((self.center, window.center), (self.width_, window.width)):
            if not field.hasFocus():
                field.setDecimals(decimals)
            field.setSingleStep(max(1.0, round(window.width / 50)))
            field.setValue(value)

    def _show_frames(self) -> None:
        count, place = self._view.frame_count(), self._view.place()
        for one in (self.play, self.frames, self.frame_label):
            one.setVisible(count > 1 and not self._is_apart)
        self._run.setVisible(count > 1 and not self._is_apart)
        self.sections.setVisible(self._is_apart or can_have_sections(self._view))
        self.sections.setChecked(self._is_apart)
        self.frames.setRange(0, max(0, count - 1))
        self.frames.setValue(place)
        self.frame_label.setText(f"{place + 1} / {count}")

    @Slot()
    def _fill_menu(self) -> None:
        self._menu.clear()
        view = self._view.view()
        for place, preset in enumerate(self._view.presets()):
            text = self.tr(preset.name)
            if preset.window is not None:
                text += f"  {preset.window.center:g} / {preset.window.width:g}"
            action = QAction(self._keys.entry(text, preset_key(place)), self._menu)
            action.setCheckable(True)
            action.setChecked((preset.window, preset.voi_table) == (view.window, view.voi_table))
            action.triggered.connect(lambda _=False, place=place: self._view.use_preset(place))
            self._menu.addAction(action)
        self._menu.addSeparator()
        automatic = self._keys.entry(self.tr("Automatic"), ImageKey.AUTO)
        self._menu.addAction(automatic, lambda: self._view.find_window())
        if not self._is_apart:
            region = self.tr("From a region") + "\t" + self.tr("Shift+drag")
            self._menu.addAction(region, lambda: self._view.ask_for_region())

    def enter_window(self) -> None:
        """Let a hand type the window, its center first."""
        if self.center.isVisible():
            self.center.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.center.selectAll()

    def bind(self, view: MeasuringView) -> None:
        """Belong to another view from now on."""
        if view is not self._view:
            self._unbind()
            self._view = view
            self.more.bind(view)
            self.measure.bind(view)
            self._bind()
            self.refresh()

    def add_button(self, button: QWidget) -> None:
        """Place a button beside that for measures."""
        button.setParent(self)
        self._added.append(button)
        self._row.insertWidget(self._row.indexOf(self.measure) + 1, button)

    def _connect(self) -> None:
        self.center.valueChanged.connect(self._on_number_changed)
        self.width_.valueChanged.connect(self._on_number_changed)
        self.invert.clicked.connect(lambda: self._view.invert())
        self.zoom.clicked.connect(lambda: self._view.toggle_zoom())
        self.reset.clicked.connect(lambda: self._view.reset())
        self.frames.valueChanged.connect(self._on_slider_moved)
        self.play.clicked.connect(lambda: self._view.toggle_cine())
        self._bind()

    def _bind(self) -> None:
        self._view.view_changed.connect(self._on_view_changed)
        self._view.frame_changed.connect(self._on_frame_changed)
        self._view.playing_changed.connect(self._on_playing_changed)

    def _unbind(self) -> None:
        self._view.view_changed.disconnect(self._on_view_changed)
        self._view.frame_changed.disconnect(self._on_frame_changed)
        self._view.playing_changed.disconnect(self._on_playing_changed)

    def _on_view_changed(self, _: View) -> None:
        self.refresh()

    def _on_frame_changed(self, _: int) -> None:
        self.refresh()

    def _on_playing_changed(self, is_playing: bool) -> None:
        self.play.setChecked(is_playing)
        self.play.setIcon(theme.icon("mdi6.pause" if is_playing else "mdi6.play", "text"))

    def _on_number_changed(self, _: float) -> None:
        if not self._is_showing:
            self._view.set_window(Window(self.center.value(), self.width_.value()))

    def _on_slider_moved(self, place: int) -> None:
        if not self._is_showing:
            self._view.show_place(place)

    def _make_grays(self) -> None:
        """Make what changes the window."""
        self.presets = icon_button(
            "mdi6.tune-variant", self, self.tr("Window: presets, automatic, region")
        )
        self.presets.setText(self.tr("Window"))
        # A glyph stands at the leading edge of its place: the word keeps away from it.
        self.presets.setIconSize(QSize(theme.ICON_PX + theme.space(1), theme.ICON_PX))
        self.presets.setToolButtonStyle(_WITH_WORDS)
        self.presets.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self.presets)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.presets.setMenu(self._menu)
        self.center = self._number(self.tr("Window center"))
        self.width_ = self._number(self.tr("Window width"))
        self.width_.setMinimum(1)
        self._center_label = self._label(self.tr("C"), self.center)
        self._width_label = self._label(self.tr("W"), self.width_)

    def _make_deeds(self) -> None:
        """Make what is done to the image, and to all images together."""
        self.invert = icon_button("mdi6.invert-colors", self)
        self.invert.setCheckable(True)
        self.zoom = icon_button("mdi6.magnify-expand", self)
        self.reset = icon_button("mdi6.restore", self)
        self.measure = MeasureMenu(self._view, self)
        self.more = ImageMenu(self._view, self)
        self.sections = icon_button("mdi6.axis-arrow", self)
        self.sections.setCheckable(True)
        self.layout_button = icon_button("mdi6.view-grid-outline", self)
        self.layout_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.layout_button.hide()
        self.compare = icon_button("mdi6.compare", self)
        self.compare.hide()

    def _make_run(self) -> None:
        """Make what goes through the frames."""
        self.play = icon_button("mdi6.play", self)
        self.play.setCheckable(True)
        self.frames = QSlider(Qt.Orientation.Horizontal, self)
        self.frames.setAccessibleName(self.tr("Frame"))
        self.frames.setToolTip(self.tr("Frame (wheel or arrow keys on the image)"))
        self.frames.setPageStep(10)
        self.frame_label = QLabel(self)
        self.frame_label.setFont(theme.tabular_font())

    def _lay_out(self) -> None:
        self._grays, self._deeds, self._run = QWidget(self), QWidget(self), QWidget(self)
        window = (self.presets, self._center_label, self.center, self._width_label, self.width_)
        self._fill(self._grays, window)
        self._row = self._fill(
            self._deeds,
            (
                self.invert,
                self.zoom,
                self.reset,
                self.measure,
                self.more,
                self.sections,
                self.layout_button,
                self.compare,
            ),
        )
        self._hand = QBoxLayout(_RIGHT)
        self._hand.setSpacing(theme.space(1))
        self._hand.addWidget(self._grays)
        self._hand.addWidget(self._deeds)
        self._hand.addStretch(1)
        run = QHBoxLayout(self._run)
        run.setContentsMargins(0, 0, 0, 0)
        run.setSpacing(theme.space(2))
        run.addWidget(self.play)
        run.addWidget(self.frames, 1)
        run.addWidget(self.frame_label)
        self._lines = QBoxLayout(_RIGHT, self)
        self._lines.setContentsMargins(
            theme.space(2), theme.space(1), theme.space(2), theme.space(1)
        )
        self._lines.setSpacing(theme.space(1))
        self._lines.addLayout(self._hand)
        self._lines.addWidget(self._run, 1)

    def _fill(self, part: QWidget, tools: Sequence[QWidget]) -> QHBoxLayout:
        row = QHBoxLayout(part)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(1))
        for one in tools:
            row.addWidget(one)
        row.addStretch(1)
        return row

    def _number(self, text: str) -> WindowField:
        field = WindowField(text, self)
        field.setToolTip(text)
        field.left.connect(lambda: self._view.setFocus())
        return field

    def _label(self, text: str, buddy: QWidget) -> QLabel:
        label = QLabel(text, self)
        label.setContentsMargins(theme.space(1), 0, theme.space(1) // 2, 0)
        label.setBuddy(buddy)
        theme.set_role(label, "hint")
        return label
