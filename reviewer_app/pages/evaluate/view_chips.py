"""The views of the Evaluate page, and the row of chips that changes between them."""

from enum import StrEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from reviewer_app import theme


class View(StrEnum):
    """What the page shows."""

    SETUP = "setup"
    WATCH = "watch"
    RUNS = "runs"
    REPLIES = "replies"
    COMPARE = "compare"
    ENDPOINTS = "endpoints"
    PROMPTS = "prompts"

    @property
    def place(self) -> int:
        """Where it stands in the row."""
        return list(View).index(self)


class ViewChips(QWidget):
    """Signals: `view_chosen(View)`."""

    view_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(1))
        self.chips: list[QPushButton] = []
        for view, (name, tip) in self._names().items():
            chip = QPushButton(name, self)
            chip.setCheckable(True)
            chip.setToolTip(tip)
            theme.set_kind(chip, "chip")
            chip.clicked.connect(lambda _=False, view=view: self.view_chosen.emit(view))
            group.addButton(chip)
            row.addWidget(chip, 0, Qt.AlignmentFlag.AlignVCenter)
            self.chips.append(chip)
        row.addStretch(1)

    def mark(self, view: View) -> None:
        """Mark the view in front."""
        self.chips[view.place].setChecked(True)

    def _names(self) -> dict[View, tuple[str, str]]:
        return {
            View.SETUP: (self.tr("New run"), self.tr("Endpoint, condition and prompt of a run")),
            View.WATCH: (self.tr("Watch"), self.tr("The run under way, and those that wait")),
            View.RUNS: (self.tr("Runs"), self.tr("All runs; resume one or compare several")),
            View.REPLIES: (self.tr("Replies"), self.tr("Each reply beside its question")),
            View.COMPARE: (self.tr("Compare"), self.tr("Runs side by side, by question")),
            View.ENDPOINTS: (self.tr("Endpoints"), self.tr("Where models listen, by name")),
            View.PROMPTS: (self.tr("Prompts"), self.tr("The words in which questions are put")),
        }
