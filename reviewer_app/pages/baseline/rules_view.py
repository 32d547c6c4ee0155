"""The rules of a reading, stated before it begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from reviewer_app import theme
from reviewer_app.pages.baseline.clock import IDLE_AFTER_S
from reviewer_app.widgets.answer_keys import AnswerKey, AnswerKeyRing
from reviewer_app.widgets.keys import add_button_keys

if TYPE_CHECKING:
    from core.services.baseline import SittingLine


class RulesView(QWidget):
    """Says what is allowed and what is measured.

    Signals: `begin_requested()`; `back_requested()`.
    """

    begin_requested = Signal()
    back_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        card = QFrame(self)
        theme.set_role(card, "card")
        card.setMaximumWidth(640)
        self._title = QLabel(card)
        theme.set_role(self._title, "title")
        self._title.setWordWrap(True)
        self._rules = QVBoxLayout()
        self._rules.setSpacing(theme.space(2))
        self._lines: list[QWidget] = []
        self.begin_button = QPushButton(card)
        theme.set_kind(self.begin_button, "primary")
        self.begin_button.setToolTip(self.tr("Space or Enter"))
        add_button_keys(self.begin_button, "Space", "Return", "Enter")
        self.back_button = QPushButton(self.tr("Not now (Esc)"), card)
        self.back_button.setToolTip(self.tr("Escape"))
        add_button_keys(self.back_button, "Escape")
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.back_button)
        buttons.addWidget(self.begin_button)
        inner = QVBoxLayout(card)
        inner.setContentsMargins(*[theme.space(6)] * 4)
        inner.setSpacing(theme.space(4))
        inner.addWidget(self._title)
        inner.addLayout(self._rules)
        inner.addLayout(buttons)
        layout = QVBoxLayout(self)
        layout.addStretch(1)
        center = QHBoxLayout()
        center.addStretch(1)
        center.addWidget(card, 4)
        center.addStretch(1)
        layout.addLayout(center)
        layout.addStretch(2)
        self.begin_button.clicked.connect(self.begin_requested)
        self.back_button.clicked.connect(self.back_requested)

    def show_line(self, line: SittingLine) -> None:
        """Show the rules of a plan."""
        self._title.setText(line.plan.name)
        for old in self._lines:
            self._rules.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._lines = [self._rule(icon, text) for icon, text in self._sentences(line)]
        for widget in self._lines:
            self._rules.addWidget(widget)
        is_new = line.sitting is None
        text = self.tr("Begin (Space)") if is_new else self.tr("Continue (Space)")
        self.begin_button.setText(text)
        self.begin_button.setFocus()

    def _sentences(self, line: SittingLine) -> list[tuple[str, str]]:
        rules = line.plan.rules
        left = len(line.plan.revisions) - line.answered
        count = self.tr("%1 questions, one after another.").replace("%1", str(left))
        if left == 1:
            count = self.tr("One question.")
        limit = self.tr("There is no time limit.")
        if rules.time_limit_s:
            limit = self.tr("You have %1 seconds for each question; later answers still count.")
            limit = limit.replace("%1", str(rules.time_limit_s))
        aids = (
            self.tr("Books and search are allowed.")
            if rules.aids_allowed
            else self.tr("No books, no search, no colleagues.")
        )
        idle = self.tr("The clock runs; after %1 seconds without input it counts idle time apart.")
        found = [
            ("mdi6.format-list-numbered", count),
            ("mdi6.timer-outline", limit),
            ("mdi6.book-open-variant", aids),
            ("mdi6.arrow-right", self.tr("An answer is final: there is no way back.")),
            ("mdi6.eye-off-outline", self.tr("You are not told whether an answer is right.")),
            ("mdi6.help-circle-outline", self.tr("“Cannot tell” is an honest answer.")),
        ]
        if rules.asks_confidence:
            text = self.tr("After each answer say how sure you are, from 1 to 5, or leave it out.")
            found.append(("mdi6.gauge", text))
        found += [
            ("mdi6.clock-outline", idle.replace("%1", f"{IDLE_AFTER_S:.0f}")),
            ("mdi6.flag-outline", self._remarks_sentence()),
            ("mdi6.pause", self.tr("You can pause at any time and go on exactly there.")),
        ]
        return found

    def _remarks_sentence(self) -> str:
        ring = AnswerKeyRing.of(self) or AnswerKeyRing(self)
        text = self.tr(
            "You may flag a question that you doubt%1 and comment on it%2, for the study lead "
            "alone. Your answer stays as it is."
        )
        for mark, name in (("%1", AnswerKey.FLAG), ("%2", AnswerKey.COMMENT)):
            text = text.replace(mark, ring.keys().tip("", name))
        return text

    def _rule(self, icon: str, text: str) -> QWidget:
        line = QWidget(self)
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(3))
        mark = QLabel(line)
        mark.setPixmap(theme.icon(icon).pixmap(theme.ICON_PX, theme.ICON_PX))
        words = QLabel(text, line)
        words.setWordWrap(True)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(words, 1)
        return line
