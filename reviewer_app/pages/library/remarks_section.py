"""What readers flagged and wrote about the chosen question, for the study lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from reviewer_app import theme
from reviewer_app.widgets.words import make_selectable, words_label
from reviewer_app.wording import moment

if TYPE_CHECKING:
    from core.services.remarks import QuestionRemarks, RemarkLine


class RemarksSection(QWidget):
    """Who said what and when; not there while nobody said anything."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        caption = QLabel(self.tr("From readers"), self)
        theme.set_role(caption, "caption")
        self._lines: list[QWidget] = []
        self._withheld = words_label(self, "hint")
        self._withheld.setText(
            self.tr(
                "Readers said something about this question. You have to answer it yourself first, "
                "as its verifier or reader; then it is shown here."
            )
        )
        self._way_on = words_label(self, "hint")
        self._way_on.setText(
            self.tr("“Return to draft” sends it to its author, and then to be verified anew.")
        )
        self._column = QVBoxLayout()
        self._column.setSpacing(theme.space(2))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(2))
        for widget in (caption, self._withheld):
            column.addWidget(widget)
        column.addLayout(self._column)
        column.addWidget(self._way_on)

    def show_remarks(self, remarks: QuestionRemarks, *, can_return: bool) -> None:
        """Show what readers say, newest first."""
        for line in self._lines:
            self._column.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._lines = [self._line(one) for one in remarks.lines]
        for widget in self._lines:
            self._column.addWidget(widget)
        self._withheld.setVisible(remarks.is_withheld)
        self._way_on.setVisible(can_return and any(one.said.is_flagged for one in remarks.lines))
        self.setVisible(bool(remarks.lines) or remarks.is_withheld)

    def _line(self, line: RemarkLine) -> QWidget:
        widget = QWidget(self)
        said = line.said
        name, ink = ("mdi6.flag", "waiting") if said.is_flagged else _COMMENTED
        mark = QLabel(widget)
        mark.setPixmap(theme.icon(name, ink).pixmap(theme.ICON_PX, theme.ICON_PX))
        who = words_label(widget, "hint", self._who(line))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(who)
        if said.comment:
            comment = words_label(widget, "", said.comment)
            make_selectable(comment)
            words.addWidget(comment)
        row = QHBoxLayout(widget)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(2))
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        return widget

    def _who(self, line: RemarkLine) -> str:
        parts = [line.reader]
        if line.said.is_flagged:
            parts.append(self.tr("flagged"))
        if line.said.at is not None:
            parts.append(moment(line.said.at))
        if not line.is_current:
            parts.append(self.tr("on revision %1").replace("%1", str(line.revision_number)))
        return "  ·  ".join(parts)


_COMMENTED = ("mdi6.comment-text-outline", "text_muted")
