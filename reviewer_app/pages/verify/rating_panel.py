"""After the lock: key beside answer, gates, verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from core.domain.plain import Plain
from core.domain.verification import Gate, GateRating, Rating, Verdict
from reviewer_app import theme
from reviewer_app.pages.verify.reveal_card import RevealCard
from reviewer_app.pages.verify.verdict_bar import VerdictBar
from reviewer_app.widgets.gate_table import GateTable

if TYPE_CHECKING:
    from core.domain.body import BlindQuestion
    from core.services.verification import Revealed


@dataclass(frozen=True, slots=True)
class Entered:
    """Gates and verdict that are not submitted yet."""

    ratings: tuple[GateRating, ...] = ()
    verdict: Verdict | None = None
    comment: str = ""
    remarks: tuple[tuple[Gate, str], ...] = ()


def entered_to_plain(entered: Entered) -> Plain | None:
    """Return what was entered as plain values; None when nothing was."""
    if not (entered.ratings or entered.verdict or entered.comment or entered.remarks):
        return None
    return {
        "ratings": [[one.gate.value, one.rating.value, one.comment] for one in entered.ratings],
        "verdict": entered.verdict.value if entered.verdict else "",
        "comment": entered.comment,
        "remarks": [[gate.value, text] for gate, text in entered.remarks],
    }


def entered_from_plain(data: Plain) -> Entered:
    """Read what was entered from plain values."""
    ratings = tuple(
        GateRating(Gate(gate), Rating(rating), comment) for gate, rating, comment in data["ratings"]
    )
    verdict = Verdict(data["verdict"]) if data["verdict"] else None
    remarks = tuple((Gate(gate), str(text)) for gate, text in data.get("remarks", ()))
    return Entered(ratings, verdict, str(data["comment"]), remarks)


class RatingPanel(QWidget):
    """Takes gates and verdict.

    Signals: `submit_requested(tuple, Verdict, str)` with ratings, verdict and comment.
    """

    submit_requested = Signal(object, object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stem = QLabel(self)
        self.stem.setWordWrap(True)
        self.stem.setTextFormat(Qt.TextFormat.PlainText)
        self.reveal = RevealCard(self)
        self._progress = QLabel(self)
        self._progress.setWordWrap(True)
        theme.set_role(self._progress, "caption")
        self.gates = GateTable(self)
        self.verdict = VerdictBar(
            comment_hint=self.tr("Comment; needed for revise and reject, the author reads it"),
            submit_text=self.tr("Submit and go on"),
            parent=self,
        )
        inner = QWidget()
        inner.setProperty("role", "scrolled")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, theme.space(2), 0)
        column.setSpacing(theme.space(2))
        for widget in (self.stem, self.reveal, self._progress, self.gates):
            column.addWidget(widget)
        column.addStretch(1)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.space(2), 0, 0, 0)
        layout.setSpacing(theme.space(2))
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self.verdict)
        self.gates.changed.connect(self._on_gates_changed)
        self.gates.moved.connect(self._on_gate_moved)
        self.gates.completed.connect(self.verdict.focus_verdict)
        self.verdict.submit_requested.connect(self._on_submit_requested)

    def said(self) -> tuple[str, ...]:
        """Return in short what is shown here: how many are rated, the next, what is missing."""
        return self._count_text(), self.gates.said(), *self.verdict.said()

    def entered(self) -> Entered:
        """Return what was entered so far."""
        verdict = self.verdict
        return Entered(
            self.gates.ratings(),
            verdict.verdict(),
            verdict.comment.toPlainText(),
            self.gates.remarks(),
        )

    def show_revealed(
        self, blind: BlindQuestion, revealed: Revealed, entered: Entered | None = None
    ) -> None:
        """Show the key, and gates and verdict as they were entered before."""
        known = entered or Entered()
        head = self.tr("Question %1").replace("%1", str(blind.number))
        text = "\n".join(part for part in (blind.body.context, blind.body.stem) if part.strip())
        self.stem.setText(f"{head}  ·  {text}")
        self.reveal.show_revealed(blind.body, revealed)
        self.gates.show_ratings(known.ratings, known.remarks)
        self.verdict.clear()
        self.verdict.show_entered(known.verdict, known.comment)
        self._on_gates_changed()
        self.gates.focus_open()
        self._scroll.verticalScrollBar().setValue(0)

    def show_change(self, *, is_change: bool) -> None:
        """Say whether this is the first verification or a change of an earlier one."""
        self.verdict.set_words(
            comment_hint=self.tr("Why do you change it? Needed; the author reads it")
            if is_change
            else self.tr("Comment; needed for revise and reject, the author reads it"),
            submit_text=self.tr("Submit the change") if is_change else self.tr("Submit and go on"),
        )

    def show_problem(self, field: str, sentence: str) -> None:
        """Say what is missing, and go there."""
        is_comment = field == "comment"
        self.verdict.show_problem(sentence, is_about_comment=is_comment)
        if field in list(Gate):
            self.gates.focus_gate(Gate(field))

    def _on_gates_changed(self) -> None:
        keys = self.tr("Y, N and U rate, arrows move, C comments")
        self._progress.setText(f"{self._count_text()}.  {keys}")
        self.verdict.show_problem("")

    def _count_text(self) -> str:
        count = len(Gate) - self.gates.open_count()
        text = self.tr("Gates: %1 of %2 rated").replace("%1", str(count))
        return text.replace("%2", str(len(Gate)))

    def _on_gate_moved(self, gate: Gate) -> None:
        self._scroll.ensureWidgetVisible(self.gates.rows[gate], 0, theme.space(2))

    def _on_submit_requested(self, verdict: object, comment: str) -> None:
        self.submit_requested.emit(self.gates.ratings(), verdict, comment)
