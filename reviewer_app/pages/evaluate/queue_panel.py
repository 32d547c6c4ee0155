"""The queue of runs: what is under way, what waits, in which order."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from reviewer_app import theme
from reviewer_app.pages.evaluate.queue_presenter import ItemState, QueueItem
from reviewer_app.pages.evaluate.wording import form_name
from reviewer_app.widgets.buttons import make_button

_ICONS = {
    ItemState.RUNNING: ("mdi6.progress-clock", "note"),
    ItemState.WAITING: ("mdi6.timer-sand", "waiting"),
    ItemState.STOPPED: ("mdi6.close-octagon-outline", "error"),
}


class QueuePanel(QFrame):
    """Lists queued runs; Alt with the arrow keys moves one, Del takes it out.

    Signals: `move_requested(int, int)`, item and steps; `remove_requested(int)`;
    `go_on_requested()`; `hold_requested()`.
    """

    move_requested = Signal(int, int)
    remove_requested = Signal(int)
    go_on_requested = Signal()
    hold_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "card")
        self.setAccessibleName(self.tr("Queue"))
        self.list = _Rows(self)
        self.list.setAccessibleName(self.tr("Queued runs"))
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.moved.connect(self._move)
        self.list.removed.connect(self._remove)
        self.list.currentRowChanged.connect(self._update_buttons)
        self.up = self._tool("mdi6.arrow-up", self.tr("Earlier (Alt+Up)"), lambda: self._move(-1))
        self.down = self._tool(
            "mdi6.arrow-down", self.tr("Later (Alt+Down)"), lambda: self._move(1)
        )
        self.take_out = self._tool(
            "mdi6.close", self.tr("Take out of the queue (Del); what it has is kept"), self._remove
        )
        self.note = QLabel(self)
        self.note.setWordWrap(True)
        theme.set_role(self.note, "hint")
        self.go_on_button = make_button(
            self.tr("Go on with the queue"),
            self,
            icon="mdi6.play",
            kind="primary",
            tip=self.tr("Run what waits, one after another"),
        )
        self.hold_button = make_button(
            self.tr("Hold after this run"),
            self,
            icon="mdi6.pause",
            tip=self.tr("Let this run end, and start no other"),
        )
        self.go_on_button.clicked.connect(self.go_on_requested)
        self.hold_button.clicked.connect(self.hold_requested)
        self._items: tuple[QueueItem, ...] = ()
        self._lay_out()
        self.show_queue((), is_held=False, is_running=False)

    def _lay_out(self) -> None:
        heading = QLabel(self.tr("Queue"), self)
        theme.set_role(heading, "heading")
        head = QHBoxLayout()
        head.addWidget(heading)
        head.addStretch(1)
        for button in (self.up, self.down, self.take_out):
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(theme.space(3),) * 4)
        column.setSpacing(theme.space(2))
        column.addLayout(head)
        column.addWidget(self.list, 1)
        column.addWidget(self.note)
        column.addWidget(self.hold_button)
        column.addWidget(self.go_on_button)

    def show_queue(self, items: Sequence[QueueItem], *, is_held: bool, is_running: bool) -> None:
        """Show the queue; the chosen run stays chosen."""
        chosen = self._chosen()
        self._items = tuple(items)
        self.list.blockSignals(True)
        self.list.clear()
        for item in self._items:
            self.list.addItem(self._row(item))
        places = [one.id for one in self._items]
        row = places.index(chosen.id) if chosen is not None and chosen.id in places else 0
        self.list.setCurrentRow(row if places else -1)
        self.list.blockSignals(False)
        self.note.setText(self._note_words(is_held=is_held, is_running=is_running))
        self.go_on_button.setVisible(not is_running and bool(items))
        self.hold_button.setVisible(is_running and len(items) > 1 and not is_held)
        self._update_buttons()

    def rows(self) -> list[str]:
        """Return the rows as shown."""
        return [self.list.item(row).text() for row in range(self.list.count())]

    def _row(self, item: QueueItem) -> QListWidgetItem:
        words = {
            ItemState.RUNNING: self.tr("running"),
            ItemState.WAITING: self.tr("waits") if item.run is None else self.tr("begun, waits"),
            ItemState.STOPPED: self.tr("stopped"),
        }
        name = f"{item.form.llm} · {form_name(item.form)}"
        line = QListWidgetItem(f"{name}\n{words[item.state]}")
        line.setIcon(theme.icon(*_ICONS[item.state]))
        line.setToolTip(item.sentence or f"{name}\n{item.form.address}")
        line.setSizeHint(QSize(0, 2 * self.fontMetrics().lineSpacing() + theme.space(4)))
        return line

    def _note_words(self, *, is_held: bool, is_running: bool) -> str:
        if not self._items:
            return self.tr("Runs that you start while one is under way wait here.")
        stopped = [one for one in self._items if one.state is ItemState.STOPPED]
        if stopped:
            return (
                self.tr("%1 stopped: %2")
                .replace("%1", stopped[0].form.llm)
                .replace("%2", stopped[0].sentence)
            )
        if is_running and is_held and len(self._items) > 1:
            return self.tr("The queue holds after this run.")
        if not is_running:
            return self.tr("The queue is held; nothing is sent until you let it go on.")
        return ""

    def _chosen(self) -> QueueItem | None:
        row = self.list.currentRow()
        return self._items[row] if 0 <= row < len(self._items) else None

    @Slot()
    def _update_buttons(self) -> None:
        chosen, row = self._chosen(), self.list.currentRow()
        self.up.setEnabled(chosen is not None and row > 0)
        self.down.setEnabled(chosen is not None and row + 1 < len(self._items))
        self.take_out.setEnabled(chosen is not None and chosen.state is not ItemState.RUNNING)

    @Slot(int)
    def _move(self, steps: int) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self.move_requested.emit(chosen.id, steps)

    @Slot()
    def _remove(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self.remove_requested.emit(chosen.id)

    def _tool(self, icon_name: str, name: str, action: object) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(theme.icon(icon_name))
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.clicked.connect(action)
        return button


class _Rows(QListWidget):
    """Signals: `moved(int)`, steps; `removed()`."""

    moved = Signal(int)
    removed = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if steps and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.moved.emit(steps)
        elif event.key() == Qt.Key.Key_Delete:
            self.removed.emit()
        else:
            super().keyPressEvent(event)
