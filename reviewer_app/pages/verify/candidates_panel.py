"""What the adjudicator sees after answering: own answer, key, candidates without names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from core.domain.verification import Rating, Verdict
from reviewer_app import theme
from reviewer_app.pages.verify.response_text import (
    describe_key,
    describe_others,
    describe_response,
)
from reviewer_app.pages.verify.verdict_bar import VerdictBar

if TYPE_CHECKING:
    from core.domain.body import Asked
    from core.domain.key import Key
    from core.domain.plain import Plain
    from core.services.adjudication import AdjudicationDesk, Candidate


class CandidatesPanel(QWidget):
    """Takes the decision.

    Signals: `decide_requested(Verdict, str)` with the reason.
    """

    decide_requested = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: list[QWidget] = []
        self.verdict = VerdictBar(
            comment_hint=self.tr("Reason, always needed; you may agree with nobody"),
            submit_text=self.tr("Decide"),
            parent=self,
        )
        inner = QWidget()
        inner.setProperty("role", "scrolled")
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, theme.space(2), 0)
        self._column.setSpacing(theme.space(2))
        self._column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setAccessibleName(self.tr("Key, and what the others said"))
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.space(2), 0, 0, 0)
        layout.setSpacing(theme.space(2))
        layout.addWidget(scroll, 1)
        layout.addWidget(self.verdict)
        self.verdict.submit_requested.connect(self.decide_requested)

    def show_desk(self, desk: AdjudicationDesk) -> None:
        """Show own answer, key and candidates."""
        for card in self._cards:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        asked = desk.blind.body.asked
        self._cards = [self._text(self._stem_of(desk), role="")]
        if desk.own_answer is not None:
            own = describe_response(asked, desk.own_answer.response)
            self._cards.append(self._card(self.tr("Your answer"), own, ()))
        if desk.key is not None:
            self._cards.append(self._key_card(asked, desk.key))
        self._cards += [self._candidate_card(asked, one) for one in desk.candidates]
        for place, card in enumerate(self._cards):
            self._column.insertWidget(place, card)
        self.verdict.clear()
        self.verdict.focus_verdict()

    def unsent(self) -> Plain | None:
        """Return verdict and reason entered so far; None when nothing was."""
        verdict, reason = self.verdict.verdict(), self.verdict.comment.toPlainText()
        if verdict is None and not reason:
            return None
        return {"verdict": verdict.value if verdict else "", "reason": reason}

    def show_unsent(self, entered: Plain) -> None:
        """Show what was entered before."""
        name = entered.get("verdict")
        verdict = Verdict(name) if name else None
        self.verdict.show_entered(verdict, str(entered.get("reason", "")))

    def show_problem(self, field: str, sentence: str) -> None:
        """Say what is missing."""
        self.verdict.show_problem(sentence, is_about_comment=field == "reason")

    def _key_card(self, asked: Asked, key: Key) -> QWidget:
        others = describe_others(asked, key)
        details = [self.tr("Not right: %1").replace("%1", others)] if others else []
        if key.explanation:
            details.append(self.tr("Because: %1").replace("%1", key.explanation))
        return self._card(self.tr("Key"), describe_key(asked, key), details)

    def _candidate_card(self, asked: Asked, one: Candidate) -> QWidget:
        words = {
            Verdict.ACCEPT: self.tr("accept"),
            Verdict.REVISE: self.tr("revise"),
            Verdict.REJECT: self.tr("reject"),
        }
        details = [self.tr("Verdict: %1").replace("%1", words[one.verdict])]
        if one.comment:
            details[0] += f"  –  {one.comment}"
        marks = {Rating.NO: self.tr("No"), Rating.NOT_SURE: self.tr("Not sure")}
        for rated in one.gates:
            if rated.rating in marks:
                comment = f"  –  {rated.comment}" if rated.comment else ""
                details.append(f"{marks[rated.rating]}: {rated.gate.display_name}{comment}")
        title = self.tr("Candidate %1").replace("%1", one.letter)
        return self._card(title, describe_response(asked, one.response), details)

    def _card(self, title: str, text: str, details: list[str] | tuple[str, ...]) -> QWidget:
        card = QFrame(self)
        theme.set_role(card, "card")
        card.setAccessibleName(f"{title}: {text}")
        column = QVBoxLayout(card)
        column.setContentsMargins(*[theme.space(3)] * 4)
        column.setSpacing(theme.space(1))
        column.addWidget(self._text(title, role="caption"))
        column.addWidget(self._text(text, role="strong"))
        for detail in details:
            column.addWidget(self._text(detail, role=""))
        return card

    def _stem_of(self, desk: AdjudicationDesk) -> str:
        body = desk.blind.body
        head = self.tr("Question %1").replace("%1", str(desk.blind.number))
        text = "\n".join(part for part in (body.context, body.stem) if part.strip())
        return f"{head}  ·  {text}"

    def _text(self, text: str, *, role: str) -> QLabel:
        label = QLabel(text, self)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        theme.set_role(label, role)
        return label
