"""Judges: ask one, see how it agrees with physicians, let its scores count."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from core.services.judging.records import JudgePreparation
from reviewer_app import theme
from reviewer_app.pages.judge.agreement_panel import AgreementPanel, FiguresTable, figure_rows
from reviewer_app.pages.judge.judge_form import JudgeForm
from reviewer_app.pages.judge.presenter import JudgePresenter
from reviewer_app.widgets.empty_state import EmptyState

_FORM_PX = 320
_FOUND_PX = 800


class JudgesTab(QWidget):
    """For leads."""

    def __init__(self, presenter: JudgePresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.presenter = presenter
        self.form = JudgeForm(self)
        self.list = FiguresTable(
            self.tr("Judges"),
            (self.tr("Judge"), self.tr("Graded"), self.tr("Unscored"), self.tr("Counts")),
            self,
        )
        self.panel = AgreementPanel(self)
        self.scores = FiguresTable(
            self.tr("Scores of accepted judges"),
            (
                self.tr("Run and judge"),
                self.tr("n"),
                self.tr("Unscored"),
                self.tr("Mean"),
                self.tr("Corrected (checked)"),
            ),
            self,
        )
        self.empty = EmptyState(
            "mdi6.gavel",
            self.tr("No judge has been asked yet"),
            self.tr(
                "A judge is a language model that grades written answers by a rubric."
                " Its scores count once physicians graded a sample and you accepted it."
            ),
            parent=self,
        )
        self._lay_out()
        self.form.draw_requested.connect(presenter.draw)
        self.form.start_requested.connect(presenter.start)
        self.form.changed.connect(self._on_form_changed)
        self.form.where.models_wanted.connect(presenter.find_models)
        presenter.models_found.connect(self.form.where.models.show_models)
        presenter.models_refused.connect(self.form.where.models.show_trouble)
        self.list.itemSelectionChanged.connect(self._on_chosen)
        self.panel.decision_requested.connect(presenter.decide)
        presenter.board_changed.connect(self._on_board_changed)
        presenter.agreement_changed.connect(self._on_agreement_changed)
        presenter.refused.connect(self.form.show_problem)
        presenter.prepared.connect(self._on_prepared)
        self._on_board_changed()

    @Slot()
    def _on_board_changed(self) -> None:
        board = self.presenter.board
        self.form.show_runs(board.runs, board.sample_size)
        self.form.where.show_profiles(board.profiles)
        self.form.set_writable(can_write=self.presenter.can_write)
        self.list.blockSignals(True)
        self.list.show_rows(
            [
                (
                    f"{one.judge.spec.name} — {one.judge.spec.base_url}",
                    str(one.graded),
                    str(one.unscored),
                    self.tr("yes") if one.is_accepted else self.tr("no"),
                )
                for one in board.judges
            ]
        )
        self.list.blockSignals(False)
        self.scores.show_rows(figure_rows(board.figures))
        has_judges = bool(board.judges)
        self.empty.setVisible(not has_judges)
        self._found_scroll.setVisible(has_judges)
        for part in (self._scores_title, self.scores):
            part.setVisible(bool(board.figures))

    @Slot()
    def _on_agreement_changed(self) -> None:
        summary = self.presenter.chosen_summary()
        self.panel.show_judge(summary, self.presenter.agreement, can_write=self.presenter.can_write)
        ids = [one.judge.id for one in self.presenter.board.judges]
        if self.presenter.chosen in ids:
            self.list.blockSignals(True)
            self.list.selectRow(ids.index(self.presenter.chosen))
            self.list.blockSignals(False)

    @Slot()
    def _on_chosen(self) -> None:
        row = self.list.currentRow()
        judges = self.presenter.board.judges
        if 0 <= row < len(judges):
            self.presenter.choose(judges[row].judge.id)

    @Slot()
    def _on_form_changed(self) -> None:
        request = self.form.request()
        if request.llm.strip() and request.base_url.strip():
            self.presenter.prepare(request, self.form.run())

    @Slot(object)
    def _on_prepared(self, preparation: JudgePreparation) -> None:
        self.form.show_preparation(preparation)

    def _lay_out(self) -> None:
        self._found = QWidget(self)
        self._found.setProperty("role", "scrolled")
        found = QVBoxLayout(self._found)
        found.setContentsMargins(0, 0, 0, 0)
        found.setSpacing(theme.space(3))
        self._scores_title = QLabel(self.tr("Scores that count"), self)
        theme.set_role(self._scores_title, "heading")
        for part in (self.list, self.panel, self._scores_title, self.scores):
            found.addWidget(part)
        found.addStretch(1)
        right = QWidget(self)
        column = QVBoxLayout(right)
        column.setContentsMargins(theme.space(3), 0, 0, 0)
        column.addWidget(self.empty, 1)
        self._found_scroll = self._scrolled(self._found)
        column.addWidget(self._found_scroll, 1)
        form = self._scrolled(self.form)
        form.setMinimumWidth(theme.text_px(_FORM_PX))
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(form)
        splitter.addWidget(right)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([theme.text_px(_FORM_PX), _FOUND_PX])
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, theme.space(3), 0, 0)
        layout.addWidget(splitter)

    def _scrolled(self, content: QWidget) -> QScrollArea:
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(content)
        return scroll
