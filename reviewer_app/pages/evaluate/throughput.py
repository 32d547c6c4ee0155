"""How fast a run goes: questions per second over its last minutes."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from reviewer_app import theme

_BARS: Final = 60
_NOW_S: Final = 10.0
_HEIGHT_PX: Final = 72


@dataclass(frozen=True, slots=True)
class Sample:
    """How many questions were done at a time in seconds."""

    at_s: float
    done: int


class Pace:
    """The last minutes of a run; memory does not grow with it."""

    def __init__(self, *, bar_s: float = 1.0) -> None:
        self._bar_s = bar_s
        self._samples: deque[Sample] = deque(maxlen=20 * _BARS)

    def note(self, sample: Sample) -> None:
        """Take a sample; fewer done than before begins anew."""
        if self._samples and sample.done < self._samples[-1].done:
            self._samples.clear()
        self._samples.append(sample)

    def forget(self) -> None:
        """Begin anew."""
        self._samples.clear()

    def rate(self, *, window_s: float = _NOW_S) -> float | None:
        """Return questions per second over the last seconds; None while that says nothing."""
        if len(self._samples) < 2:
            return None
        last = self._samples[-1]
        first = next(one for one in self._samples if one.at_s >= last.at_s - window_s)
        if first is last:
            first = self._samples[-2]
        took_s = last.at_s - first.at_s
        return (last.done - first.done) / took_s if took_s > 0 else None

    def left_s(self, total: int) -> float | None:
        """Return the seconds that the rest takes at the speed of the last minute."""
        rate = self.rate(window_s=60.0)
        return (total - self._samples[-1].done) / rate if rate else None

    def bars(self) -> list[float]:
        """Return questions per second of each of the last bars, oldest first."""
        if len(self._samples) < 2:
            return []
        end = self._samples[-1].at_s
        found = [0.0] * _BARS
        before = self._samples[0]
        for sample in self._samples:
            place = _BARS - 1 - int((end - sample.at_s) / self._bar_s)
            if place >= 0:
                found[place] += (sample.done - before.done) / self._bar_s
            before = sample
        begun = int((end - self._samples[0].at_s) / self._bar_s) + 1
        return found[-min(begun, _BARS) :]


class PaceChart(QWidget):
    """Draws the pace as bars, newest at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: list[float] = []
        self._unit = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Questions per second"))

    def show_bars(self, bars: list[float]) -> None:
        """Show other bars."""
        self._bars = bars
        now = bars[-1] if bars else 0.0
        words = self.tr("%1 now, at most %2, over the last %3 s")
        self._unit = (
            words.replace("%1", f"{now:.1f}")
            .replace("%2", f"{max(bars, default=0.0):.1f}")
            .replace("%3", str(len(bars)))
        )
        self.setAccessibleDescription(self._unit)
        self.setToolTip(f"{self.accessibleName()}: {self._unit}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.space(60), _HEIGHT_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.color("line"))
        base = self.height() - 1
        painter.drawLine(0, base, self.width(), base)
        highest = max(self._bars, default=0.0)
        if not highest:
            return
        painter.setFont(theme.tabular_font("small"))
        label = f"{highest:.1f}"
        label_px = painter.fontMetrics().horizontalAdvance(label) + theme.space(2)
        painter.setPen(theme.color("text_muted"))
        top = QRectF(0, 0, label_px, painter.fontMetrics().height())
        painter.drawText(top, Qt.AlignmentFlag.AlignLeft, label)
        room = self.width() - label_px
        wide = room / _BARS
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent"))
        first = _BARS - len(self._bars)
        for place, value in enumerate(self._bars, start=first):
            high = (base - 2) * value / highest
            bar = QRectF(label_px + place * wide, base - high, max(wide - 2, 1), high)
            painter.drawRect(bar)
