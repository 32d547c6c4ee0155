"""The large numbers above a run: what it used so far, and how fast the model writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from reviewer_app import theme
from reviewer_app.pages.evaluate.wording import duration, money

if TYPE_CHECKING:
    from core.services.replies.records import RunTally
    from core.services.replies.speed import Speed, Spread

_UNKNOWN = "–"


class Figure(QWidget):
    """A large number above what it counts."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._value = QLabel(_UNKNOWN, self)
        self._value.setFont(theme.tabular_font("heading"))
        theme.set_role(self._value, "strong")
        self._caption = QLabel(name, self)
        theme.set_role(self._caption, "hint")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._value)
        column.addWidget(self._caption)

    def show_value(self, value: str, *, beside: str = "") -> None:
        """Show another number, and another one small beside its name."""
        caption = f"{self._name}, {beside}" if beside else self._name
        self._value.setText(value)
        self._caption.setText(caption)
        self.setAccessibleName(f"{value} {caption}")

    def value(self) -> str:
        """Return the number as shown."""
        return self._value.text()

    def caption(self) -> str:
        """Return what stands below the number."""
        return self._caption.text()


class RunFigures(QWidget):
    """The numbers of one run; those of speed are there once replies were timed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rate = Figure(self.tr("questions/s"), self)
        self.left = Figure(self.tr("left"), self)
        self.tokens = Figure(self.tr("tokens in / out"), self)
        self.cost = Figure(self.tr("cost"), self)
        self.characters = Figure(self.tr("characters/s"), self)
        self.token_rate = Figure(self.tr("tokens/s"), self)
        self.first_word = Figure(self.tr("to the first word"), self)
        self._speeds = (self.characters, self.token_rate, self.first_word)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(5))
        for figure in (self.rate, self.left, self.tokens, self.cost, *self._speeds):
            row.addWidget(figure)
        row.addStretch(1)

    def show_pace(self, rate: float | None, left_s: float | None) -> None:
        """Show how fast questions are done, and how long the rest takes."""
        self.rate.show_value(_UNKNOWN if rate is None else f"{rate:.1f}")
        self.show_left(left_s)

    def show_left(self, left_s: float | None) -> None:
        """Show how long the rest takes; None once nothing goes on."""
        self.left.show_value(_UNKNOWN if left_s is None else duration(left_s))

    def show_tally(self, tally: RunTally) -> None:
        """Show what was used, and how fast it came."""
        used = f"{tally.prompt_tokens:,} / {tally.completion_tokens:,}"
        self.tokens.show_value(used if tally.count else _UNKNOWN)
        self._show_cost(tally)
        self._show_speed(tally.speed)

    def _show_cost(self, tally: RunTally) -> None:
        known = _UNKNOWN if tally.cost is None else money(tally.cost)
        if not tally.unknown_cost:
            self.cost.show_value(known)
            self.cost.setToolTip("")
            return
        most = money(tally.unknown_cost)
        self.cost.show_value(known, beside=self.tr("up to %1 more").replace("%1", most))
        self.cost.setToolTip(
            self.tr(
                "Calls that failed or were stopped under way may have cost up to %1 beside it;"
                " it counts against the ceiling."
            ).replace("%1", most)
        )

    def _show_speed(self, speed: Speed) -> None:
        for figure, spread, unit in (
            (self.characters, speed.characters_per_s, ""),
            (self.token_rate, speed.tokens_per_s, ""),
            (self.first_word, speed.first_word_s, self.tr(" s")),
        ):
            figure.setVisible(spread is not None)
            if spread is not None:
                ninth = self.tr("P90 %1").replace("%1", _number(spread.p90) + unit)
                figure.show_value(_number(spread.median) + unit, beside=ninth)
                figure.setToolTip(self._explained(spread, speed.count, unit))

    def _explained(self, spread: Spread, count: int, unit: str) -> str:
        words = self.tr(
            "Half of the replies are at most at %1, nine of ten at most at %2; over %3 timed"
            " replies, from the request to the last byte."
        )
        words = words.replace("%1", _number(spread.median) + unit)
        return words.replace("%2", _number(spread.p90) + unit).replace("%3", f"{count:,}")


def _number(value: float) -> str:
    """Return a speed or a time with the digits that matter."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"
