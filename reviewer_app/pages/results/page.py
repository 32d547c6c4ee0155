"""The Results page: a table, one figure, and the answers behind every number."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core.changes import Changes
from core.domain.run import Condition
from core.services.analysis.records import ResultAxis
from reviewer_app import theme
from reviewer_app.context import AppContext
from reviewer_app.pages.base import Page
from reviewer_app.pages.results.agreement_view import AgreementView
from reviewer_app.pages.results.answers_pane import AnswersPane
from reviewer_app.pages.results.differences import difference_table, difference_words
from reviewer_app.pages.results.figures import (
    heat_table,
    interval_table,
    unevenness_words,
    value_name,
)
from reviewer_app.pages.results.presenter import Figures, Opened, ResultsPresenter
from reviewer_app.pages.results.table import RespondentTable
from reviewer_app.widgets.buttons import make_button
from reviewer_app.widgets.charts.chart import Chart
from reviewer_app.widgets.charts.heat_map import HeatMap
from reviewer_app.widgets.charts.intervals import IntervalPlot
from reviewer_app.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from collections.abc import Callable

_AXES = (ResultAxis.SPECIALTY, ResultAxis.CAPACITY, ResultAxis.FORMAT)


class ResultsPage(Page):
    """See people beside models and open the answers behind any figure."""

    name = "results"
    title = "Results"
    icon = "mdi6.chart-box-outline"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        theme.set_role(self, "page")
        self.presenter = ResultsPresenter(context, self)
        self._axis = ResultAxis.SPECIALTY
        self.table = RespondentTable(self)
        self.heat_map = HeatMap(self)
        self.heat_map.setAccessibleName(self.tr("Heat map of accuracy"))
        self.intervals = IntervalPlot(self)
        self.intervals.setAccessibleName(self.tr("Accuracy with intervals"))
        self.differences = IntervalPlot(self)
        self.differences.setAccessibleName(self.tr("People minus models"))
        self.agreement = AgreementView(self)
        self.answers = AnswersPane(self)
        self.reading = QLabel(self)
        self.reading.setWordWrap(True)
        self.note = QLabel(self)
        self.note.setWordWrap(True)
        theme.set_role(self.note, "hint")
        self.condition_box = self._make_condition_box()
        self.unverified_box = QCheckBox(self.tr("With unverified"), self)
        self.unverified_box.setToolTip(self.tr("Count questions that are not verified yet, too"))
        self.view_chips = self._make_view_chips()
        self.axis_chips = self._make_axis_chips()
        self.export_button = self._make_export_button()
        self._lay_out()
        self._connect()
        self._on_view_chosen(0)

    def activate(self) -> None:
        if self.presenter.is_stale:
            self.presenter.refresh()

    def apply_changes(self, changes: Changes) -> None:
        if self.presenter.note_changes(changes) and self.isVisible():
            self.presenter.refresh()

    def _make_condition_box(self) -> QComboBox:
        box = QComboBox(self)
        for name, condition in (
            (self.tr("Any condition"), None),
            (self.tr("Image and text"), Condition.BOTH),
            (self.tr("Text only"), Condition.TEXT),
            (self.tr("Image only"), Condition.IMAGE),
            (self.tr("Blank image"), Condition.BLANK),
            (self.tr("Swapped image"), Condition.SWAPPED),
        ):
            box.addItem(name, condition)
        box.setAccessibleName(self.tr("Condition"))
        box.setToolTip(self.tr("Show only runs under one condition; people stay"))
        return box

    def _make_view_chips(self) -> tuple[QPushButton, ...]:
        names = (
            self.tr("Table"),
            self.tr("Heat map"),
            self.tr("Intervals"),
            self.tr("Differences"),
            self.tr("Agreement"),
        )
        return self._make_chips(names, self._on_view_chosen)

    def _make_axis_chips(self) -> tuple[QPushButton, ...]:
        return self._make_chips(tuple(one.display_name for one in _AXES), self._on_axis_chosen)

    def _make_chips(
        self, names: tuple[str, ...], chosen: Callable[[int], None]
    ) -> tuple[QPushButton, ...]:
        group = QButtonGroup(self)
        chips = []
        for place, name in enumerate(names):
            chip = QPushButton(name, self)
            chip.setCheckable(True)
            chip.setChecked(place == 0)
            theme.set_kind(chip, "chip")
            chip.clicked.connect(partial(chosen, place))
            group.addButton(chip)
            chips.append(chip)
        return tuple(chips)

    def _make_export_button(self) -> QPushButton:
        button = make_button(
            self.tr("Export"),
            self,
            icon="mdi6.export-variant",
            tip=self.tr("Keep the figure or the table behind it"),
        )
        menu = QMenu(button)
        menu.addAction(self.tr("Figure as PNG…"), self._on_png_wanted)
        menu.addAction(self.tr("Figure as SVG…"), self._on_svg_wanted)
        menu.addAction(self.tr("Table as CSV…"), self._on_csv_wanted)
        button.setMenu(menu)
        return button

    def _lay_out(self) -> None:
        title = QLabel(self.tr("Results"), self)
        theme.set_role(title, "title")
        head = QHBoxLayout()
        head.setSpacing(theme.space(3))
        head.addWidget(title)
        head.addStretch(1)
        for control in (self.unverified_box, self.condition_box, self.export_button):
            head.addWidget(control)
        self.empty = EmptyState(
            "mdi6.chart-box-outline",
            self.tr("No results yet"),
            self.tr(
                "Results show people beside models on the same verified questions. Let readers"
                " answer on the Baseline page or a language model on the Evaluate page."
            ),
            parent=self,
        )
        self._body = QStackedWidget(self)
        for widget in (self.empty, self._make_figure(), self.answers):
            self._body.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.space(4), theme.space(4), theme.space(4), theme.space(2))
        column.setSpacing(theme.space(3))
        column.addLayout(head)
        column.addWidget(self._body, 1)
        column.addWidget(self.note)

    def _make_figure(self) -> QWidget:
        switches = QHBoxLayout()
        switches.setSpacing(theme.space(1))
        for chip in self.view_chips:
            switches.addWidget(chip)
        switches.addSpacing(theme.space(6))
        for chip in self.axis_chips:
            switches.addWidget(chip)
        switches.addStretch(1)
        self._views = QStackedWidget(self)
        self._views.addWidget(self.table)
        for chart in (self.heat_map, self.intervals, self.differences):
            area = QScrollArea(self)
            area.setWidgetResizable(True)
            area.setFrameShape(QScrollArea.Shape.NoFrame)
            area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            area.setWidget(chart)
            self._views.addWidget(area)
        self._views.addWidget(self.agreement)
        self._figure = QWidget(self)
        column = QVBoxLayout(self._figure)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(3))
        column.addLayout(switches)
        column.addWidget(self._views, 1)
        column.addWidget(self.reading)
        return self._figure

    def _connect(self) -> None:
        self.presenter.figures_changed.connect(self._on_figures_changed)
        self.presenter.answers_opened.connect(self._on_answers_opened)
        self.table.opened.connect(self._on_respondent_opened)
        self.heat_map.cell_opened.connect(self._on_cell_opened)
        for chart in (self.intervals, self.differences):
            chart.cell_opened.connect(partial(self._open_row, chart))
        self.answers.closed.connect(self._on_answers_closed)
        self.answers.question_requested.connect(self.presenter.open_question)
        self.condition_box.activated.connect(self._on_selection_changed)
        self.unverified_box.toggled.connect(self._on_selection_changed)

    def _show_heat_map(self) -> None:
        figures = self.presenter.figures
        if figures is not None:
            columns = self.presenter.columns(self._axis)
            self.heat_map.set_table(heat_table(figures.results, self._axis, columns))
            self._show_reading()

    def _show_reading(self) -> None:
        figures = self.presenter.figures
        if figures is None:
            return
        words = difference_words(figures.results)
        if self._shown_chart() is self.heat_map:
            # An uneven respondent is what this figure shows; differences have their own.
            words = unevenness_words(figures.results, self._axis) or words
        self.reading.setText(words)

    @Slot(object)
    def _on_figures_changed(self, figures: Figures) -> None:
        self.table.show_results(figures.results)
        self.intervals.set_table(interval_table(figures.results))
        self.differences.set_table(difference_table(figures.results))
        self.agreement.show_summary(figures.agreement)
        self._show_heat_map()
        self.note.setText(figures.results.note)
        is_empty = figures.results.question_count == 0 and not figures.agreement.verifier_count
        if is_empty:
            self._body.setCurrentWidget(self.empty)
        elif self._body.currentWidget() is self.empty:
            self._body.setCurrentWidget(self._figure)
        self.filled.emit()

    @Slot(object)
    def _on_answers_opened(self, opened: Opened) -> None:
        self._body.setCurrentWidget(self.answers)
        self.answers.show_answers(opened)

    @Slot()
    def _on_answers_closed(self) -> None:
        self._body.setCurrentWidget(self._figure)
        (self._shown_chart() or self.table).setFocus()

    @Slot(str)
    def _on_respondent_opened(self, respondent_id: str) -> None:
        self.presenter.open_answers(respondent_id, ResultAxis.OVERALL, "", "")

    @Slot(int, int)
    def _on_cell_opened(self, row: int, column: int) -> None:
        figures = self.presenter.figures
        if figures is None:
            return
        respondent = figures.results.respondents[row].id
        if column == 0:
            self._on_respondent_opened(respondent)
            return
        value = self.presenter.columns(self._axis)[column - 1]
        self.presenter.open_answers(respondent, self._axis, value, value_name(self._axis, value))

    def _open_row(self, chart: IntervalPlot, row: int, _column: int) -> None:
        self._on_respondent_opened(chart.table.rows[row].key)

    def _on_view_chosen(self, place: int) -> None:
        self._views.setCurrentIndex(place)
        for chip in self.axis_chips:
            chip.setVisible(self._shown_chart() is self.heat_map)
        # What the data allow and cover belongs under figures of accuracy.
        for label in (self.reading, self.note):
            label.setVisible(self._views.currentWidget() is not self.agreement)
        self._show_reading()

    def _on_axis_chosen(self, place: int) -> None:
        self._axis = _AXES[place]
        self._show_heat_map()

    @Slot()
    def _on_selection_changed(self) -> None:
        if self._body.currentWidget() is self.answers:
            self._on_answers_closed()
        self.presenter.select(
            condition=self.condition_box.currentData(),
            includes_unverified=self.unverified_box.isChecked(),
        )

    def _shown_chart(self) -> Chart | None:
        charts = (None, self.heat_map, self.intervals, self.differences, None)
        return charts[self._views.currentIndex()]

    @Slot()
    def _on_png_wanted(self) -> None:
        chart = self._shown_chart() or self.heat_map
        self._export(self.tr("Figure as PNG"), "png", chart.save_png)

    @Slot()
    def _on_svg_wanted(self) -> None:
        chart = self._shown_chart() or self.heat_map
        self._export(self.tr("Figure as SVG"), "svg", chart.save_svg)

    @Slot()
    def _on_csv_wanted(self) -> None:
        self._export(self.tr("Table as CSV"), "csv", self.presenter.write_csv)

    def _export(self, title: str, ending: str, write: Callable[[Path], None]) -> None:
        suggestion = f"{self.context.workspace.name}-results.{ending}"
        chosen, _ = QFileDialog.getSaveFileName(self, title, suggestion, f"*.{ending}")
        if chosen:
            path = Path(chosen)
            self.presenter.export(
                title, path if path.suffix else path.with_suffix(f".{ending}"), write
            )
