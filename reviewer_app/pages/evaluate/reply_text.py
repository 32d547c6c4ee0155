"""The raw reply of a language model, with the characters that a reading rests on marked."""

from __future__ import annotations

from PySide6.QtGui import QFont, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from reviewer_app import theme


class ReplyText(QPlainTextEdit):
    """Shows a reply word for word, read-only; Tab leaves it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setAccessibleName(name)

    def show_reply(self, text: str, span: tuple[int, int] | None = None) -> None:
        """Show a reply and mark `span`, characters of `text` from start to end."""
        self.setPlainText(text)
        self.setExtraSelections([] if span is None else [self._mark(text, span)])
        if span is not None:
            self._bring_up(document_position(text, span[0]))

    def marked_text(self) -> str:
        """Return what is marked, as it stands on screen."""
        return "".join(one.cursor.selectedText() for one in self.extraSelections())

    def _mark(self, text: str, span: tuple[int, int]) -> QTextEdit.ExtraSelection:
        cursor = QTextCursor(self.document())
        cursor.setPosition(document_position(text, span[0]))
        cursor.setPosition(document_position(text, span[1]), QTextCursor.MoveMode.KeepAnchor)
        look = QTextCharFormat()
        look.setBackground(theme.color("agreed_soft"))
        look.setForeground(theme.color("agreed"))
        look.setFontWeight(QFont.Weight.Bold)
        # Underlined, too: color alone tells some people nothing.
        look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
        mark = QTextEdit.ExtraSelection()
        mark.cursor, mark.format = cursor, look
        return mark

    def _bring_up(self, position: int) -> None:
        cursor = QTextCursor(self.document())
        cursor.setPosition(position)
        self.setTextCursor(cursor)
        self.ensureCursorVisible()


def document_position(text: str, index: int) -> int:
    """Return where a character of `text` lies in a document that shows it.

    A document counts UTF-16 units, and a line end of two characters as one.
    """
    before = text[:index]
    return len(before.encode("utf-16-le", "surrogatepass")) // 2 - before.count("\r\n")
