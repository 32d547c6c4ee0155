"""A judge beside physicians, and the one button that lets its scores count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from core.domain.judging import JudgeVerdict
from reviewer_app import theme
from reviewer_app.widgets.buttons import make_button
from reviewer_app.widgets.tables import settle_table
from reviewer_app.wording import format_name

if TYPE_CHECKING:
    from core.services.judging.records import JudgeAgreement, JudgedFigure, JudgeSummary
    from core.statistics.agreement import Agreement, Coefficient

NONE = "–"
_MOST_ROWS = 8


class FiguresTable(QTableWidget):
    """Rows of text; all but the first column are figures."""

    def __init__(self, name: str, head: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(0, len(head), parent)
        self.setAccessibleName(name)
        self.setHorizontalHeaderLabels(list(head))
        settle_table(self, stretched=(0,))
        for place, text in enumerate(head):
            title = QTableWidgetItem(text)
            side = Qt.AlignmentFlag.AlignRight if place else Qt.AlignmentFlag.AlignLeft
            title.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            self.setHorizontalHeaderItem(place, title)

    def _row_px(self) -> int:
        return max(theme.ROW_PX, self.horizontalHeader().sizeHint().height())

    def show_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Show other rows, in no more room than they need."""
        self.setRowCount(len(rows))
        shown = min(len(rows), _MOST_ROWS) + 1
        self.setFixedHeight(shown * self._row_px() + theme.space(3))
        for number, row in enumerate(rows):
            for place, text in enumerate(row):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                if place:
                    item.setTextAlignment(
                        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    )
                    item.setFont(theme.tabular_font())
                self.setItem(number, place, item)


class AgreementPanel(QFrame):
    """Figures of one judge.

    Signals: `decision_requested(JudgeVerdict)`.
    """

    decision_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "card")
        self.name = QLabel(self)
        theme.set_role(self.name, "heading")
        self.statement = self._words("strong")
        self.more = self._words("hint")
        self.measures = FiguresTable(
            self.tr("Agreement"),
            (self.tr("Measure"), self.tr("Judge"), self.tr("Interval"), self.tr("Physicians")),
            self,
        )
        self.models = FiguresTable(
            self.tr("Agreement by model"),
            (self.tr("Model"), self.tr("Answers"), self.tr("Judge"), self.tr("Physicians")),
            self,
        )
        self.accept_button = make_button(
            self.tr("Let its scores count"), self, icon="mdi6.check", kind="primary"
        )
        self.withdraw_button = QPushButton(self.tr("Its scores count no longer"), self)
        self.withdraw_button.setToolTip(self.tr("Gradings stay stored; figures leave the results"))
        self.accept_button.clicked.connect(
            lambda: self.decision_requested.emit(JudgeVerdict.ACCEPTED)
        )
        self.withdraw_button.clicked.connect(
            lambda: self.decision_requested.emit(JudgeVerdict.WITHDRAWN)
        )
        self._lay_out()

    def show_judge(
        self, judge: JudgeSummary | None, found: JudgeAgreement | None, *, can_write: bool
    ) -> None:
        """Show a judge with what is known of its agreement."""
        self.setVisible(judge is not None and found is not None)
        if judge is None or found is None:
            return
        self.name.setText(judge.judge.spec.name)
        self.statement.setText(found.statement)
        self.more.setText(" ".join(self._sentences(judge, found)))
        self.measures.show_rows(_measures(found))
        self.models.show_rows(
            [
                (
                    self._model_name(one.llm, is_same_family=one.is_same_family),
                    str(one.answers),
                    f"{one.judge_mean:.2f}",
                    f"{one.physicians_mean:.2f}",
                )
                for one in found.by_llm
            ]
        )
        self.accept_button.setVisible(not judge.is_accepted)
        self.accept_button.setEnabled(found.can_be_accepted and can_write)
        self.accept_button.setToolTip(found.statement)
        self.withdraw_button.setVisible(judge.is_accepted)
        self.withdraw_button.setEnabled(can_write)

    def _sentences(self, judge: JudgeSummary, found: JudgeAgreement) -> list[str]:
        says = [
            self.tr("%1 graded, %2 unscored.")
            .replace("%1", str(judge.graded))
            .replace("%2", str(judge.unscored))
        ]
        if found.consistency is not None:
            says.append(
                self.tr("Its turns agree on %1 of the points.").replace(
                    "%1", f"{found.consistency:.0%}"
                )
            )
        if found.undecided:
            says.append(
                self.tr("Physicians are split on %1 answers.").replace("%1", str(found.undecided))
            )
        if judge.failed:
            says.append(
                self.tr("%1 calls failed; asking again asks only these.").replace(
                    "%1", str(judge.failed)
                )
            )
        if judge.is_accepted:
            says.append(self.tr("Its scores count."))
        return says

    def _model_name(self, llm: str, *, is_same_family: bool) -> str:
        return f"{llm} ({self.tr('same family')})" if is_same_family else llm

    def _words(self, role: str) -> QLabel:
        label = QLabel(self)
        label.setWordWrap(True)
        theme.set_role(label, role)
        return label

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.withdraw_button)
        buttons.addWidget(self.accept_button)
        column = QVBoxLayout(self)
        column.setSpacing(theme.space(2))
        column.addWidget(self.name)
        column.addWidget(self.statement)
        column.addWidget(self.more)
        column.addWidget(self.measures)
        column.addWidget(self.models)
        column.addLayout(buttons)
        column.addStretch(1)


def _tr(text: str) -> str:
    return QCoreApplication.translate("AgreementPanel", text)


def figure_rows(figures: Sequence[JudgedFigure]) -> list[tuple[str, ...]]:
    """Return the scores of accepted judges as rows."""
    return [
        (
            f"{one.run_name}, {format_name(one.format).lower()} — {one.judge.spec.name}",
            str(one.n),
            str(one.unscored),
            NONE if one.mean is None else f"{one.mean:.2f}",
            NONE
            if one.corrected is None
            else f"{one.corrected.value:.2f} ({one.corrected.checked})",
        )
        for one in figures
    ]


def _measures(found: JudgeAgreement) -> list[tuple[str, ...]]:
    names = (_tr("Percent agreement"), "Cohen κ", "Gwet AC1", "Krippendorff α")
    among = found.among_physicians
    others = (None,) * len(names) if among is None else _coefficients(among)
    return [
        (name, _value(own), _interval(own), _value(other))
        for name, own, other in zip(names, _coefficients(found.judge), others, strict=True)
    ]


def _coefficients(one: Agreement) -> tuple[Coefficient | None, ...]:
    return one.percent, one.cohen_kappa, one.gwet_ac1, one.krippendorff_alpha


def _value(one: Coefficient | None) -> str:
    return NONE if one is None or one.value is None else _signed(one.value)


def _interval(one: Coefficient | None) -> str:
    if one is None or one.interval is None:
        return NONE
    return f"{_signed(one.interval.low)} – {_signed(one.interval.high)}"


def _signed(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")
