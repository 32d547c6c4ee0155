"""Agreement of verifiers: several measures beside each other, never one light."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from reviewer_app import theme
from reviewer_app.pages.results.figures import agreement_rows
from reviewer_app.widgets.tables import settle_table

if TYPE_CHECKING:
    from core.services.analysis.records import AgreementSummary


class AgreementView(QWidget):
    """A sentence on the verdicts and a table of all measures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.reading = QLabel(self)
        self.reading.setWordWrap(True)
        self.prevalence = QLabel(self)
        self.prevalence.setWordWrap(True)
        theme.set_role(self.prevalence, "hint")
        self.table = self._make_table()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(2))
        column.addWidget(self.reading)
        column.addWidget(self.prevalence)
        column.addWidget(self.table, 1)

    def show_summary(self, summary: AgreementSummary) -> None:
        """Show agreement."""
        people = self.tr("Verifiers: %1.").replace("%1", str(summary.verifier_count))
        self.reading.setText(f"{people} {summary.reading}")
        self.prevalence.setText(summary.verdicts.agreement.prevalence)
        rows = agreement_rows(summary)
        self.table.setRowCount(len(rows))
        for row, texts in enumerate(rows):
            *shown, prevalence = texts
            for column, text in enumerate(shown):
                item = QTableWidgetItem(text)
                is_last = column == len(shown) - 1
                item.setToolTip(text if is_last else prevalence)
                if column > 0 and not is_last:
                    item.setFont(theme.tabular_font())
                    item.setTextAlignment(
                        Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
                    )
                self.table.setItem(row, column, item)

    def _make_table(self) -> QTableWidget:
        names = (
            self.tr("On"),
            self.tr("Questions"),
            self.tr("Agree"),
            self.tr("Cohen κ"),
            self.tr("Fleiss κ"),
            self.tr("Alpha"),
            self.tr("AC1"),
            self.tr("Ratings"),
        )
        table = QTableWidget(0, len(names), self)
        table.setAccessibleName(self.tr("Agreement of verifiers"))
        table.setHorizontalHeaderLabels(names)
        tips = {
            1: self.tr("Questions with at least two ratings"),
            2: self.tr("Share of agreeing pairs; bootstrap interval over questions"),
            3: self.tr("Two verifiers only; bootstrap interval over questions"),
            4: self.tr("For any number of verifiers; Gwet's analytic interval"),
            5: self.tr("Krippendorff's alpha; bootstrap interval over questions"),
            6: self.tr("Gwet's AC1, steady where one rating prevails; analytic interval"),
        }
        for column, tip in tips.items():
            item = table.horizontalHeaderItem(column)
            if item is not None:
                item.setToolTip(tip)
        leading = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        for column in (0, len(names) - 1):
            item = table.horizontalHeaderItem(column)
            if item is not None:
                item.setTextAlignment(leading)
        settle_table(table, stretched=(len(names) - 1,))
        figures = Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
        table.horizontalHeader().setDefaultAlignment(figures)
        return table
