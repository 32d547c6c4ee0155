"""The head of the library: search, filters, stages with their counts, and the new question."""

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.domain.body import AnswerFormat
from core.domain.stage import IN_USE, Stage
from reviewer_app import theme
from reviewer_app.pages.library.presenter import Filters
from reviewer_app.widgets.buttons import make_button
from reviewer_app.wording import format_icon, format_name, format_purpose, question_count

_SEARCH_PAUSE_MS = 180


class FilterBar(QWidget):
    """Says which questions are wanted.

    Signals: `search_changed(str)`, a moment after the last key; `filters_changed(Filters)`;
    `new_wanted(AnswerFormat)`.
    """

    search_changed = Signal(str)
    filters_changed = Signal(object)
    new_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.filters = Filters()
        self.search_box = self._make_search_box()
        self._search_pause = QTimer(self)
        self._search_pause.setSingleShot(True)
        self._search_pause.setInterval(_SEARCH_PAUSE_MS)
        self._search_pause.timeout.connect(self._on_search_paused)
        self.search_box.textChanged.connect(lambda _: self._search_pause.start())
        self.search_box.returnPressed.connect(self._on_search_paused)
        self.format_box = self._make_filter(self.tr("Any format"))
        for one in AnswerFormat:
            self.format_box.addItem(format_name(one), one)
        self.specialty_box = self._make_filter(self.tr("Any specialty"))
        self.capacity_box = self._make_filter(self.tr("Any capacity"))
        self.new_button = self._make_new_button()
        self.stage_chips = self._make_stage_chips()
        self.flag_chip = self._make_flag_chip()
        self._count = QLabel(self)
        theme.set_role(self._count, "hint")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(3))
        column.addLayout(self._make_head())
        column.addLayout(self._make_chip_row())

    def show_counts(self, counts: Mapping[Stage, int]) -> None:
        """Show how many questions stand at each stage."""
        for stage, chip in self.stage_chips.items():
            number = sum(counts[one] for one in IN_USE) if stage is None else counts[stage]
            name = self.tr("All") if stage is None else stage.display_name
            chip.setText(f"{name}  {number}")

    def show_flagged(self, count: int) -> None:
        """Offer to list only what readers flagged, where they flagged something."""
        self.flag_chip.setText(f"{self.tr('Flagged')}  {count}")
        self.flag_chip.setVisible(count > 0 or self.flag_chip.isChecked())

    def show_choices(self, specialties: Sequence[str], capacities: Sequence[str]) -> None:
        """Offer the labels that occur; what is chosen stays chosen."""
        for box, values in ((self.specialty_box, specialties), (self.capacity_box, capacities)):
            chosen = box.currentData()
            while box.count() > 1:
                box.removeItem(1)
            for value in values:
                box.addItem(value, value)
            box.setCurrentIndex(max(0, box.findData(chosen)))

    def show_found(self, count: int) -> None:
        """Say how many questions are listed."""
        self._count.setText(question_count(count))

    def offer_new_question(self) -> None:
        """Open the list of formats."""
        self.new_button.showMenu()

    def focus_search(self) -> None:
        """Put the cursor into the search box."""
        self.search_box.setFocus()
        self.search_box.selectAll()

    def show_all(self) -> None:
        """Take search and filters away."""
        for box in (self.format_box, self.specialty_box, self.capacity_box):
            box.setCurrentIndex(0)
        self.stage_chips[None].setChecked(True)
        self.flag_chip.setChecked(False)
        self.search_box.clear()
        self._on_filtered(None)
        self._on_search_paused()

    def _make_search_box(self) -> QLineEdit:
        box = QLineEdit(self)
        box.setPlaceholderText(self.tr("Search questions, options, labels"))
        box.setClearButtonEnabled(True)
        box.addAction(theme.icon("mdi6.magnify"), QLineEdit.ActionPosition.LeadingPosition)
        box.setAccessibleName(self.tr("Search"))
        box.setToolTip(self.tr("Search (Ctrl+F)"))
        box.setMinimumWidth(200)
        return box

    def _make_filter(self, any_text: str) -> QComboBox:
        box = QComboBox(self)
        box.addItem(any_text, None)
        box.setAccessibleName(any_text)
        box.setToolTip(self.tr("Show only questions of one kind"))
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(13)
        box.activated.connect(lambda _: self._on_filtered(self.filters.stage))
        return box

    def _make_new_button(self) -> QPushButton:
        button = make_button(
            self.tr("New question"),
            self,
            icon="mdi6.plus",
            kind="primary",
            tip=self.tr("New question (Ctrl+N)"),
        )
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for one in AnswerFormat:
            action = menu.addAction(theme.icon(format_icon(one)), format_name(one))
            action.setToolTip(format_purpose(one))
            action.triggered.connect(lambda _=False, one=one: self.new_wanted.emit(one))
        button.setMenu(menu)
        return button

    def _make_stage_chips(self) -> dict[Stage | None, QPushButton]:
        group = QButtonGroup(self)
        chips: dict[Stage | None, QPushButton] = {}
        for stage in (None, *Stage):
            chip = QPushButton(self)
            chip.setCheckable(True)
            theme.set_kind(chip, "chip")
            chip.clicked.connect(partial(self._on_filtered, stage))
            group.addButton(chip)
            chips[stage] = chip
        chips[None].setChecked(True)
        return chips

    def _make_flag_chip(self) -> QPushButton:
        chip = make_button(
            "",
            self,
            icon="mdi6.flag",
            kind="chip",
            tip=self.tr("Show only questions that readers flagged in a sitting"),
        )
        chip.setCheckable(True)
        chip.clicked.connect(lambda _: self._on_filtered(self.filters.stage))
        chip.hide()
        return chip

    def _make_head(self) -> QHBoxLayout:
        title = QLabel(self.tr("Library"), self)
        theme.set_role(title, "title")
        head = QHBoxLayout()
        head.setSpacing(theme.space(2))
        head.addWidget(title)
        head.addSpacing(theme.space(4))
        head.addWidget(self.search_box, 1)
        for box in (self.format_box, self.specialty_box, self.capacity_box):
            head.addWidget(box)
        head.addSpacing(theme.space(2))
        head.addWidget(self.new_button)
        return head

    def _make_chip_row(self) -> QHBoxLayout:
        chips = QHBoxLayout()
        chips.setSpacing(theme.space(1))
        for stage, chip in self.stage_chips.items():
            if stage is Stage.IN_BIN:
                chips.addSpacing(theme.space(4))
            chips.addWidget(chip)
        chips.addSpacing(theme.space(4))
        chips.addWidget(self.flag_chip)
        chips.addStretch(1)
        chips.addWidget(self._count)
        return chips

    @Slot()
    def _on_search_paused(self) -> None:
        self._search_pause.stop()
        self.search_changed.emit(self.search_box.text())

    def _on_filtered(self, stage: Stage | None) -> None:
        chosen = self.format_box.currentData()  # Qt hands a StrEnum back as plain text
        self.filters = Filters(
            stage=stage,
            answer_format=AnswerFormat(chosen) if chosen else None,
            specialty=self.specialty_box.currentData() or "",
            capacity=self.capacity_box.currentData() or "",
            is_flagged=self.flag_chip.isChecked(),
        )
        self.filters_changed.emit(self.filters)
