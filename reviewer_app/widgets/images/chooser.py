"""The images found in a folder, a ZIP or many files: choose which ones belong to the question."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from core.errors import CoreError
from reviewer_app import theme
from reviewer_app.widgets.images.loader import ImageLoader, Urgency
from reviewer_app.widgets.images.strip import on_black
from reviewer_app.widgets.keys import add_form_keys

if TYPE_CHECKING:
    from core.imaging.choices import Choice, Choices

_THUMBNAIL_PX: Final = 80
_LEFT_OUT_ROWS: Final = 6


class ImageChooser(QWidget):
    """Lists what was found; Space ticks a row, Enter takes what is ticked, Esc goes back.

    Signals: `chosen(tuple[Choice, ...], bool)`, true where a stack is wanted whole; `cancelled()`.
    """

    chosen = Signal(object, bool)
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "page")
        self._images: tuple[Choice, ...] = ()
        self._room = 0
        self._loader = ImageLoader(self)
        self.heading = QLabel(self)
        theme.set_role(self.heading, "heading")
        self.hint = QLabel(self)
        self.hint.setWordWrap(True)
        theme.set_role(self.hint, "hint")
        self.list = self._make_list()
        self.left_out_heading = QLabel(self)
        theme.set_role(self.left_out_heading, "caption")
        self.left_out = self._make_left_out()
        self.whole_box = QCheckBox(self.tr("All slices of a stack"), self)
        self.whole_box.setToolTip(
            self.tr("Otherwise only the slice in the middle; a model gets one picture for each")
        )
        self.take_button = QPushButton(self)
        theme.set_kind(self.take_button, "primary")
        self.take_button.setToolTip(self.tr("Add what is ticked (Enter)"))
        self.cancel_button = QPushButton(self.tr("Cancel (Esc)"), self)
        self.cancel_button.setToolTip(self.tr("Add nothing (Esc)"))
        self._lay_out()
        self._connect()

    def offer(self, found: Choices, *, room: int) -> None:
        """Show what was found; `room` is how many images the question can still take."""
        self._loader.forget()
        self._images, self._room = found.images, room
        count = len(found.images)
        self.heading.setText(self.tr("Images found: %1").replace("%1", str(count)))
        self.list.blockSignals(True)
        self.list.clear()
        for choice in found.images:
            self.list.addItem(self._item(choice, is_ticked=count <= room))
        self.list.setCurrentRow(0 if count else -1)
        self.list.blockSignals(False)
        self.list.setVisible(bool(count))
        is_stack = any(one.is_stack for one in found.images)
        self.whole_box.setVisible(is_stack)
        self.whole_box.setChecked(True)
        self._show_left_out(found)
        self._show_count()
        self._ask_for_thumbnails()

    def ticked(self) -> tuple[Choice, ...]:
        """Return what is ticked, in the order of the list."""
        return tuple(
            choice
            for row, choice in enumerate(self._images)
            if self.list.item(row).checkState() is Qt.CheckState.Checked
        )

    def close_offer(self) -> None:
        """Let go of everything that was offered."""
        self._loader.forget()
        self._images = ()
        self.list.clear()

    def focus_list(self) -> None:
        """Put the focus where choosing starts."""
        (self.list if self._images else self.cancel_button).setFocus()

    def _make_list(self) -> QListWidget:
        made = QListWidget(self)
        made.setIconSize(QSize(_THUMBNAIL_PX, _THUMBNAIL_PX))
        made.setSpacing(theme.space(1))
        made.setWordWrap(True)
        made.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        made.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.setAccessibleName(self.tr("Images found"))
        made.setToolTip(self.tr("Space ticks or unticks"))
        return made

    def _make_left_out(self) -> QTreeWidget:
        made = QTreeWidget(self)
        made.setHeaderLabels([self.tr("File"), self.tr("Syntax"), self.tr("Why not")])
        made.setRootIsDecorated(False)
        made.setUniformRowHeights(True)
        made.setAccessibleName(self.tr("Files that are left out"))
        made.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        made.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        return made

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.space(3))
        buttons.addStretch(1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.take_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(theme.space(4),) * 4)
        column.setSpacing(theme.space(2))
        for one in (self.heading, self.hint):
            one.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
            column.addWidget(one)
        column.addWidget(self.list, 1)
        column.addStretch(0)
        column.addWidget(self.left_out_heading)
        column.addWidget(self.left_out)
        column.addWidget(self.whole_box)
        column.addLayout(buttons)

    def _connect(self) -> None:
        self.list.itemChanged.connect(lambda _: self._show_count())
        self.list.itemDoubleClicked.connect(self._on_double_clicked)
        self.take_button.clicked.connect(self._on_taken)
        self.cancel_button.clicked.connect(self.cancelled)
        add_form_keys(self, self.take_button, "Return", "Enter")
        add_form_keys(self, self.cancel_button, "Escape")

    def _item(self, choice: Choice, *, is_ticked: bool) -> QListWidgetItem:
        item = QListWidgetItem("\n".join(self._lines(choice)))
        item.setIcon(on_black(QPixmap(), _THUMBNAIL_PX, self.devicePixelRatioF()))
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Checked if is_ticked else Qt.CheckState.Unchecked)
        return item

    def _lines(self, choice: Choice) -> list[str]:
        """Return facts that no hand typed: nothing of them names a patient."""
        first = [choice.modality, self._count_text(choice)]
        second = [f"{choice.width} × {choice.height}"]
        if choice.pixel_mm is not None:
            rows, columns = choice.pixel_mm
            sides = f"{columns:.3g}" if rows == columns else f"{columns:.3g} × {rows:.3g}"
            second.append(self.tr("%1 mm a pixel").replace("%1", sides))
        if choice.slice_mm is not None:
            second.append(self.tr("a slice every %1 mm").replace("%1", f"{choice.slice_mm:.4g}"))
        lines = [" · ".join(part for part in first if part), " · ".join(second)]
        return [*lines, choice.name, *choice.notes]

    def _count_text(self, choice: Choice) -> str:
        if choice.is_stack:
            return self.tr("%1 slices").replace("%1", str(choice.frame_count))
        if choice.frame_count > 1:
            return self.tr("%1 frames").replace("%1", str(choice.frame_count))
        return self.tr("one picture")

    def _show_left_out(self, found: Choices) -> None:
        self.left_out.clear()
        for one in found.left_out:
            row = QTreeWidgetItem([one.name, one.syntax or "–", one.why])
            for column in range(3):
                row.setToolTip(column, row.text(column))
            self.left_out.addTopLevelItem(row)
        count = len(found.left_out)
        rows = min(count, _LEFT_OUT_ROWS) * max(1, self.left_out.sizeHintForRow(0))
        self.left_out.setFixedHeight(self.left_out.header().sizeHint().height() + rows + 4)
        text = self.tr("Left out: %1 of the files").replace("%1", str(count))
        self.left_out_heading.setText(text)
        for widget in (self.left_out_heading, self.left_out):
            widget.setVisible(bool(count))

    @Slot()
    def _show_count(self) -> None:
        count = len(self.ticked())
        text = self.tr("Add %1 images (Enter)") if count != 1 else self.tr("Add the image (Enter)")
        self.take_button.setText(text.replace("%1", str(count)))
        self.take_button.setEnabled(0 < count <= self._room)
        self.take_button.setVisible(bool(self._images))
        if count > self._room:
            text = self.tr("The question has room for %1 more images; untick some.")
            text = text.replace("%1", str(self._room))
        elif self._images:
            text = self.tr("Tick what belongs to the question. Nothing is taken in before.")
        else:
            text = self.tr("Nothing here can be shown; below is why.")
        self.hint.setText(text)

    def _ask_for_thumbnails(self) -> None:
        side = round(_THUMBNAIL_PX * self.devicePixelRatioF())
        for row, choice in enumerate(self._images):
            self._loader.ask(
                partial(choice.thumbnail, side),
                partial(self._fill, row),
                partial(self._mark_broken, row),
                Urgency.THUMBNAIL,
            )

    def _fill(self, row: int, png: bytes) -> None:
        picture = QPixmap()
        picture.loadFromData(png)
        self.list.blockSignals(True)
        icon = on_black(picture, _THUMBNAIL_PX, self.devicePixelRatioF())
        self.list.item(row).setIcon(icon)
        self.list.blockSignals(False)

    def _mark_broken(self, row: int, error: CoreError) -> None:
        """Untick what no reader would see, and say why."""
        item, choice = self.list.item(row), self._images[row]
        item.setText("\n".join((*self._lines(choice), error.sentence)))
        item.setCheckState(Qt.CheckState.Unchecked)

    @Slot(QListWidgetItem)
    def _on_double_clicked(self, item: QListWidgetItem) -> None:
        is_ticked = item.checkState() is Qt.CheckState.Checked
        item.setCheckState(Qt.CheckState.Unchecked if is_ticked else Qt.CheckState.Checked)

    @Slot()
    def _on_taken(self) -> None:
        ticked = self.ticked()
        if ticked and self.take_button.isEnabled():
            self.chosen.emit(ticked, self.whole_box.isChecked())
