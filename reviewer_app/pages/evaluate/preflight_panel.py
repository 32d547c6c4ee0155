"""Before the first call: what would be sent, what it takes, and what stands in the way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from core.services.evaluation.preflight import Preflight, PreflightRow
from core.services.evaluation.records import Blocked, BlockReason
from reviewer_app import theme
from reviewer_app.pages.evaluate.tables import Column, RowsTableModel, make_table
from reviewer_app.pages.evaluate.wording import asked_name, duration, money, span
from reviewer_app.widgets.empty_state import EmptyState
from reviewer_app.wording import format_name, question_count

if TYPE_CHECKING:
    from core.llm.tokens import Range

_MOST_MONEY: Final = 1_000_000.0


class PreflightPanel(QWidget):
    """Shows what a run would take. Signals: `ceiling_changed()`."""

    ceiling_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows_model = RowsTableModel[PreflightRow](self._columns(), self)
        self.rows = make_table(
            self.rows_model,
            self.tr("Questions by format"),
            widths=(16, 11, 9, 10, 22, 22),
            stretched=0,
            parent=self,
        )
        self.title = QLabel(self)
        self.title.setWordWrap(True)
        theme.set_role(self.title, "strong")
        self.tokens = self._fact(self.tr("Tokens"))
        self.cost = self._fact(self.tr("Cost"))
        self.time = self._fact(self.tr("Time"))
        self.ceiling = self._make_ceiling()
        self.ceiling_note = self._note("hint")
        self.blocked_title = QLabel(self)
        theme.set_role(self.blocked_title, "strong")
        self.blocked_model = RowsTableModel[Blocked](self._blocked_columns(), self)
        self.blocked = make_table(
            self.blocked_model,
            self.tr("Questions held back"),
            widths=(11, 18, 40),
            stretched=2,
            parent=self,
        )
        self.empty = EmptyState(
            "mdi6.clipboard-check-outline",
            self.tr("Nothing is sent yet"),
            self.tr(
                "Choose an endpoint on the left. Then this shows what would be sent, what it would"
                " cost and how long it would take, before the first call."
            ),
            parent=self,
        )
        self._lay_out()
        self.ceiling.valueChanged.connect(self.ceiling_changed)
        self.show_preflight(None, is_looking=False)

    def _make_ceiling(self) -> QDoubleSpinBox:
        box = QDoubleSpinBox(self)
        box.setRange(0.0, _MOST_MONEY)
        box.setDecimals(2)
        box.setSpecialValueText(self.tr("no ceiling"))
        box.setAccessibleName(self.tr("Ceiling on cost"))
        box.setToolTip(self.tr("No call is made that might cost more in all; the run then pauses"))
        theme.indent_number(box)
        return box

    def ceiling_value(self) -> float | None:
        """Return the ceiling; None for no ceiling."""
        value = self.ceiling.value()
        return round(value, 2) if value else None

    def show_ceiling(self, ceiling: float | None) -> None:
        """Fill in a ceiling."""
        self.ceiling.setValue(ceiling or 0.0)

    def show_preflight(self, preflight: Preflight | None, *, is_looking: bool) -> None:
        """Show what a run would take; None while that is not known."""
        self._content.setVisible(preflight is not None)
        self.empty.setVisible(preflight is None)
        if preflight is None:
            words = self.tr("Looking at the questions…") if is_looking else ""
            self.empty.title.setText(words or self.tr("Nothing is sent yet"))
            return
        self.title.setText(self._title_words(preflight))
        self.rows_model.set_rows(preflight.rows)
        self._fit(self.rows, len(preflight.rows))
        self.tokens.setText(self._token_words(preflight))
        self.cost.setText(self._cost_words(preflight))
        self.time.setText(self._time_words(preflight))
        self.ceiling.setEnabled(preflight.cost is not None)
        self._show_ceiling_note(preflight)
        self._show_blocked(preflight.preparation.blocked)

    def _title_words(self, preflight: Preflight) -> str:
        spec, calls = preflight.preparation.spec, sum(row.calls for row in preflight.rows)
        asked = f"{spec.llm} · {asked_name(spec)} · {spec.prompt_name}"
        left_out = len(preflight.preparation.not_applicable)
        words = self.tr("%1: %2 calls").replace("%1", asked).replace("%2", f"{calls:,}")
        if not left_out:
            return words
        return (
            self.tr("%1, %2 without what this condition needs")
            .replace("%1", words)
            .replace("%2", question_count(left_out))
        )

    def _show_blocked(self, blocked: Sequence[Blocked]) -> None:
        self.blocked_model.set_rows(blocked)
        for widget in (self.blocked_title, self.blocked):
            widget.setVisible(bool(blocked))
        counts: dict[BlockReason, int] = {}
        for one in blocked:
            counts[one.reason] = counts.get(one.reason, 0) + 1
        parts = [f"{self._reason_word(reason)} {count}" for reason, count in counts.items()]
        words = self.tr("%1 held back: %2").replace("%1", question_count(len(blocked)))
        self.blocked_title.setText(words.replace("%2", ", ".join(parts).lower()))

    def _show_ceiling_note(self, preflight: Preflight) -> None:
        ceiling, cost = self.ceiling_value(), preflight.cost
        words = ""
        if cost is None:
            words = self.tr("Without a price there is no ceiling; enter one under Endpoints.")
        elif ceiling is not None and ceiling < cost.low:
            words = self.tr("Below what the run takes at least: it would pause on the way.")
        elif ceiling is not None and ceiling < cost.high:
            words = self.tr("Within the interval: the run may pause on the way.")
        # Never hidden: it keeps the field beside it in its place.
        self.ceiling_note.setText(words)

    def _token_words(self, preflight: Preflight) -> str:
        words = self.tr("%1 in, %2 out")
        words = words.replace("%1", _tokens(preflight.prompt_tokens))
        return words.replace("%2", _tokens(preflight.reply_tokens))

    def _cost_words(self, preflight: Preflight) -> str:
        cost = preflight.cost
        if cost is None:
            return self.tr("not known: this endpoint has no price")
        if not cost.high:
            return self.tr("nothing")
        words = self.tr("about %1, between %2 and %3")
        for place, value in (("%1", cost.expected), ("%2", cost.low), ("%3", cost.high)):
            words = words.replace(place, money(value))
        return words

    def _time_words(self, preflight: Preflight) -> str:
        seconds = preflight.seconds
        words = self.tr("about %1, between %2 and %3")
        for place, value in (
            ("%1", seconds.expected),
            ("%2", seconds.low),
            ("%3", seconds.high),
        ):
            words = words.replace(place, duration(value))
        if preflight.is_measured:
            return self.tr("%1 (from earlier replies of this model)").replace("%1", words)
        return words

    def _reason_word(self, reason: BlockReason) -> str:
        return {
            BlockReason.NOT_CLEARED: self.tr("Image not cleared"),
            BlockReason.MISSING: self.tr("Image missing"),
            BlockReason.DAMAGED: self.tr("Image damaged"),
            BlockReason.TOO_LARGE: self.tr("Image too large"),
            BlockReason.OTHER: self.tr("Other"),
        }[reason]

    def _columns(self) -> tuple[Column[PreflightRow], ...]:
        return (
            Column(self.tr("Format"), lambda one: format_name(one.format)),
            Column(self.tr("Questions"), lambda one: f"{one.questions:,}", is_number=True),
            Column(self.tr("Calls"), lambda one: f"{one.calls:,}", is_number=True),
            Column(self.tr("Images"), lambda one: f"{one.pictures:,}", is_number=True),
            Column(self.tr("Tokens in"), lambda one: _tokens(one.prompt_tokens), is_number=True),
            Column(self.tr("Tokens out"), lambda one: _tokens(one.reply_tokens), is_number=True),
        )

    def _blocked_columns(self) -> tuple[Column[Blocked], ...]:
        return (
            Column(self.tr("Question"), lambda one: str(one.number), is_number=True),
            Column(self.tr("Reason"), lambda one: self._reason_word(one.reason)),
            Column(self.tr("What to do"), lambda one: one.sentence),
        )

    def _lay_out(self) -> None:
        self._content = QWidget(self)
        column = QVBoxLayout(self._content)
        column.setContentsMargins(0, theme.space(2), 0, 0)
        column.setSpacing(theme.space(2))
        column.addWidget(self.title)
        column.addWidget(self.rows)
        facts = QFrame(self)
        theme.set_role(facts, "card")
        inner = QVBoxLayout(facts)
        inner.setContentsMargins(*(theme.space(3),) * 4)
        inner.setSpacing(theme.space(2))
        for label in (self.tokens, self.cost, self.time):
            inner.addLayout(self._captioned(label.accessibleName(), label))
        ceiling = QHBoxLayout()
        self.ceiling.setFixedWidth(theme.text_px(140))
        ceiling.addWidget(self.ceiling)
        ceiling.addWidget(self.ceiling_note, 1)
        ceiling.addStretch(0)
        inner.addLayout(self._captioned(self.tr("Ceiling"), ceiling))
        column.addWidget(facts)
        column.addWidget(self.blocked_title)
        column.addWidget(self.blocked, 1)
        column.addStretch(0)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._content, 1)
        outer.addWidget(self.empty, 1)

    def _captioned(self, caption: str, content: QLabel | QHBoxLayout) -> QHBoxLayout:
        row = QHBoxLayout()
        label = QLabel(caption, self)
        theme.set_role(label, "caption")
        label.setFixedWidth(12 * self.fontMetrics().averageCharWidth())
        row.addWidget(label)
        if isinstance(content, QLabel):
            row.addWidget(content, 1)
        else:
            row.addLayout(content, 1)
            row.addStretch(0)
        return row

    def _fact(self, name: str) -> QLabel:
        label = QLabel(self)
        label.setAccessibleName(name)
        label.setWordWrap(True)
        label.setFont(theme.tabular_font())
        return label

    def _note(self, role: str) -> QLabel:
        label = QLabel(self)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        theme.set_role(label, role)
        return label

    def _fit(self, table: QWidget, rows: int) -> None:
        header = self.rows.horizontalHeader().sizeHint().height()
        table.setFixedHeight(header + rows * theme.ROW_PX + theme.space(1))


def _tokens(tokens: Range) -> str:
    return span(tokens.low, tokens.high)
