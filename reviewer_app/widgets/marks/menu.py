"""What can be drawn on an image and done with its marks: a button with a menu."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from core.domain.marks import MarkFormat
from core.domain.region import RegionKind
from reviewer_app import theme
from reviewer_app.widgets.images.keys import MARK_KEYS, ImageKey, ImageKeys
from reviewer_app.widgets.marks.marking import MarkingView
from reviewer_app.widgets.marks.words import kind_name


class MarkMenu(QToolButton):
    """Chooses what a hand draws; while a tool is chosen, the button stays pressed.

    Signals: `import_requested()` and `export_requested(MarkFormat)`, where the marks are the
    author's.
    """

    import_requested = Signal()
    export_requested = Signal(object)

    def __init__(self, view: MarkingView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        text = self.tr("Marks")
        self.setIcon(theme.icon("mdi6.draw", "text"))
        self.setIconSize(QSize(theme.ICON_PX, theme.ICON_PX))
        self.setToolTip(self.tr("Marks: draw on the image for those who answer"))
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        self.tools = {kind: self._add_tool(menu, kind) for kind in RegionKind}
        menu.addSeparator()
        self.choice = [
            self._add(menu, "", lambda: self._view.label_wanted.emit()),
            self._add(menu, "", lambda: self._view.toggle_lock()),
            self._add(menu, "", lambda: self._view.copy_to_next()),
            self._add(menu, self.tr("Remove\tDel"), lambda: self._view.remove_chosen()),
        ]
        self.choice[1].setCheckable(True)
        menu.addSeparator()
        self.hide_all = self._add(menu, "", lambda: self._view.toggle_text())
        self.hide_all.setCheckable(True)
        self._files = menu.addSeparator()
        self.take_in = self._add(menu, self.tr("Import marks…"), self.import_requested.emit)
        self.hand_out = QMenu(self.tr("Export marks"), menu)
        menu.addMenu(self.hand_out)
        self.exports = {wanted: self._add_export(wanted, name) for wanted, name in self._names()}
        self.show_keys(ImageKeys())
        menu.aboutToShow.connect(self.refresh)
        self.setMenu(menu)
        self._bind()

    def bind(self, view: MarkingView) -> None:
        """Belong to another view from now on."""
        self._view.kind_changed.disconnect(self._on_kind_changed)
        self._view = view
        self._bind()

    def show_keys(self, keys: ImageKeys) -> None:
        """Name the keys that hold now."""
        name, lock, copy, _ = self.choice
        for action, text, key in (
            *((tool, kind_name(kind), MARK_KEYS[kind]) for kind, tool in self.tools.items()),
            (name, self.tr("Name"), ImageKey.MARK_NAME),
            (lock, self.tr("Locked"), ImageKey.MARK_LOCK),
            (copy, self.tr("Copy to the next frame"), ImageKey.MARK_COPY),
            (self.hide_all, self.tr("Hide marks and text"), ImageKey.HIDE),
        ):
            action.setText(keys.entry(text, key))

    def set_files(self, *, has_files: bool) -> None:
        """Show or hide import and export."""
        self._files.setVisible(has_files)
        self.take_in.setVisible(has_files)
        self.hand_out.menuAction().setVisible(has_files)

    @Slot()
    def refresh(self) -> None:
        """Show what holds for the image in sight."""
        self.setChecked(self._view.kind() is not None)
        for kind, tool in self.tools.items():
            tool.setVisible(kind in self._view.kinds())
            tool.setChecked(self._view.kind() is kind)
        chosen = self._view.chosen()
        for action in self.choice:
            action.setEnabled(chosen is not None)
        self.choice[1].setChecked(chosen is not None and chosen.is_locked)
        is_last = self._view.place() + 1 >= self._view.frame_count()
        self.choice[2].setEnabled(chosen is not None and not is_last)
        self.choice[3].setEnabled(chosen is not None and not chosen.is_locked)
        self.hide_all.setChecked(not self._view.has_text())
        self.hand_out.setEnabled(bool(self._view.regions()))

    def _names(self) -> tuple[tuple[MarkFormat, str], ...]:
        return (
            (MarkFormat.COCO, self.tr("COCO JSON…")),
            (MarkFormat.VOC, self.tr("Pascal VOC XML, boxes of this frame…")),
            (MarkFormat.PNG, self.tr("PNG mask of this frame…")),
            (MarkFormat.SEG, self.tr("DICOM segmentation (SEG)…")),
            (MarkFormat.SR, self.tr("DICOM report (SR)…")),
        )

    def _add_export(self, wanted: MarkFormat, name: str) -> QAction:
        return self._add(self.hand_out, name, partial(self.export_requested.emit, wanted))

    def _add_tool(self, menu: QMenu, kind: RegionKind) -> QAction:
        action = self._add(menu, "", partial(self._choose, kind))
        action.setCheckable(True)
        return action

    def _add(self, menu: QMenu, text: str, then: Callable[[], None]) -> QAction:
        action = QAction(text, menu)
        action.triggered.connect(lambda: then())
        menu.addAction(action)
        return action

    def _choose(self, kind: RegionKind) -> None:
        self._view.set_kind(kind)
        self._view.focus_hand()

    def _bind(self) -> None:
        self._view.kind_changed.connect(self._on_kind_changed)
        self.refresh()

    @Slot(object)
    def _on_kind_changed(self, _: object) -> None:
        self.refresh()
