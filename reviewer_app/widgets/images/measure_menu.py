"""What can be measured on an image: a button with a menu."""

from functools import partial

from PySide6.QtCore import QSize, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from reviewer_app import theme
from reviewer_app.widgets.images.keys import ImageKeys
from reviewer_app.widgets.images.measures import Tool
from reviewer_app.widgets.images.measuring import TOOL_KEYS, MeasuringView


class MeasureMenu(QToolButton):
    """Chooses what a drag measures; while a tool is chosen, the button stays pressed."""

    def __init__(self, view: MeasuringView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        text = self.tr("Measure")
        self.setIcon(theme.icon("mdi6.ruler", "text"))
        self.setIconSize(QSize(theme.ICON_PX, theme.ICON_PX))
        self.setToolTip(self.tr("Measure; what you measure is not kept"))
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        self.actions_by_tool = {tool: self._add(menu, tool) for tool, _ in self._names()}
        self.show_keys(ImageKeys())
        menu.addSeparator()
        self.remove = QAction(self.tr("Remove the last one\tDel"), menu)
        menu.addAction(self.remove)
        self.remove.triggered.connect(lambda: self._view.remove_last())
        menu.aboutToShow.connect(self.refresh)
        self.setMenu(menu)
        view.tool_changed.connect(self._on_tool_changed)

    def bind(self, view: MeasuringView) -> None:
        """Belong to another view from now on."""
        self._view.tool_changed.disconnect(self._on_tool_changed)
        self._view = view
        view.tool_changed.connect(self._on_tool_changed)
        self.refresh()

    def show_keys(self, keys: ImageKeys) -> None:
        """Name the keys that hold now."""
        for tool, name in self._names():
            self.actions_by_tool[tool].setText(keys.entry(name, TOOL_KEYS[tool]))

    @Slot()
    def refresh(self) -> None:
        """Show what holds for the image in sight."""
        self.setChecked(self._view.tool() is not None)
        self.remove.setEnabled(bool(self._view.measures()))
        for tool, action in self.actions_by_tool.items():
            action.setChecked(self._view.tool() is tool)

    def _names(self) -> tuple[tuple[Tool, str], ...]:
        return (
            (Tool.LENGTH, self.tr("Length")),
            (Tool.ANGLE, self.tr("Angle")),
            (Tool.COBB, self.tr("Cobb angle")),
            (Tool.ELLIPSE, self.tr("Values in an ellipse")),
            (Tool.OUTLINE, self.tr("Values in an outline")),
        )

    def _add(self, menu: QMenu, tool: Tool) -> QAction:
        action = QAction(menu)
        action.setCheckable(True)
        action.triggered.connect(partial(self._choose, tool))
        menu.addAction(action)
        return action

    def _choose(self, tool: Tool) -> None:
        self._view.set_tool(tool)
        self._view.setFocus()

    @Slot(object)
    def _on_tool_changed(self, _: object) -> None:
        self.refresh()
