"""The key beside one's own answer, and whether both agree, in word and shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from reviewer_app import theme
from reviewer_app.pages.verify.response_text import (
    describe_key,
    describe_others,
    describe_response,
)
from reviewer_app.widgets.status import StatusChip

if TYPE_CHECKING:
    from core.domain.body import Body
    from core.services.verification import Revealed


class RevealCard(QFrame):
    """Own answer, key, the other options, explanation and labels."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "card")
        self.chip = StatusChip("", "mdi6.help", "note", self)
        self.own = _text(self)
        self.key = _text(self)
        self.key.setStyleSheet("font-weight: 600;")
        self.others = _text(self)
        self.explanation = _text(self)
        self.labels = _text(self)
        theme.set_role(self.labels, "hint")
        head = QHBoxLayout()
        head.addWidget(self.chip)
        head.addStretch(1)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.space(3))
        grid.setVerticalSpacing(theme.space(1))
        grid.setColumnStretch(1, 1)
        self._rows = (
            (self.tr("Your answer"), self.own),
            (self.tr("Key"), self.key),
            (self.tr("Not right"), self.others),
            (self.tr("Because"), self.explanation),
            (self.tr("Labels"), self.labels),
        )
        self._captions = []
        for row, (name, label) in enumerate(self._rows):
            caption = QLabel(name, self)
            theme.set_role(caption, "caption")
            label.setAccessibleName(name)
            grid.addWidget(caption, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label, row, 1)
            self._captions.append(caption)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[theme.space(3)] * 4)
        layout.setSpacing(theme.space(2))
        layout.addLayout(head)
        layout.addLayout(grid)

    def show_revealed(self, body: Body, revealed: Revealed) -> None:
        """Show what the service reveals after the lock."""
        looks = {
            True: (self.tr("Your answer is right"), "mdi6.check-bold", "agreed"),
            False: (self.tr("Your answer differs from the key"), "mdi6.close-thick", "conflict"),
            None: (self.tr("Compare it yourself"), "mdi6.text-box-search-outline", "note"),
        }
        self.chip.show_state(*looks[revealed.is_right])
        self.own.setText(describe_response(body.asked, revealed.answer.response))
        self.key.setText(describe_key(body.asked, revealed.key))
        self.others.setText(describe_others(body.asked, revealed.key))
        self.explanation.setText(revealed.key.explanation)
        values = [label.value for label in sorted(revealed.labels)]
        self.labels.setText("  ·  ".join(values))
        for caption, (_, label) in zip(self._captions, self._rows, strict=True):
            caption.setVisible(bool(label.text()))
            label.setVisible(bool(label.text()))


def _text(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
