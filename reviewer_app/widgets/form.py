"""Fields of a form: text that grows, labels, and a place for what is wrong."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QTextCursor, QTextOption
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from reviewer_app import theme

_OWN_KEYS = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)


def _is_left_to_the_page(event: QEvent) -> bool:
    """Undo and redo belong to the page: they swap whole drafts, not letters of one field."""
    return (
        event.type() is QEvent.Type.ShortcutOverride
        and isinstance(event, QKeyEvent)
        and any(event.matches(key) for key in _OWN_KEYS)
    )


class LineText(QLineEdit):
    """One line of text.

    Signals: `edited(str)`, typed by hand.
    """

    edited = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.textEdited.connect(self.edited)

    def show_text(self, text: str) -> None:
        """Show a text without a signal; the cursor stays where it makes sense."""
        if text != self.text():
            place = _end_of_change(self.text(), text)
            self.setText(text)
            self.setCursorPosition(place)

    def event(self, event: QEvent) -> bool:
        if _is_left_to_the_page(event):
            event.ignore()
            return False
        return super().event(event)


class GrowingText(QPlainTextEdit):
    """Text that takes as many lines as it needs, between a least and a most.

    Signals: `edited(str)`, typed by hand; `enter_pressed()`, where Enter is not a new line.
    """

    edited = Signal(str)
    enter_pressed = Signal()

    def __init__(
        self,
        name: str,
        parent: QWidget | None = None,
        *,
        least: int = 2,
        most: int = 12,
        enter_is_new_line: bool = True,
    ) -> None:
        super().__init__(parent)
        self._least, self._most = least, most
        self._enter_is_new_line = enter_is_new_line
        self._is_shown_quietly = False
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self._on_text_changed)

    def text(self) -> str:
        """Return the text."""
        return self.toPlainText()

    def show_text(self, text: str) -> None:
        """Show a text without a signal; the cursor stays where it makes sense."""
        if text == self.toPlainText():
            return
        place = _end_of_change(self.toPlainText(), text)
        self._is_shown_quietly = True
        self.setPlainText(text)
        self._is_shown_quietly = False
        cursor = self.textCursor()
        cursor.setPosition(place)
        self.setTextCursor(cursor)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._wanted_height())

    def event(self, event: QEvent) -> bool:
        if _is_left_to_the_page(event):
            event.ignore()
            return False
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and not self._enter_is_new_line and not event.modifiers():
            self.enter_pressed.emit()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._fit()

    def select_all_text(self) -> None:
        """Select everything, so that typing replaces it."""
        self.selectAll()

    def move_to_end(self) -> None:
        """Put the cursor behind the text."""
        self.moveCursor(QTextCursor.MoveOperation.End)

    def _on_text_changed(self) -> None:
        self._fit()
        if not self._is_shown_quietly:
            self.edited.emit(self.toPlainText())

    def _fit(self) -> None:
        wanted = self._wanted_height()
        if wanted != self.height():
            self.setFixedHeight(wanted)

    def _wanted_height(self) -> int:
        # A plain text document measures its height in lines.
        lines = round(self.document().size().height())
        shown = max(self._least, min(lines, self._most))
        is_cut = lines > self._most
        policies = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            policies.ScrollBarAsNeeded if is_cut else policies.ScrollBarAlwaysOff
        )
        margin = 2 * self.document().documentMargin()
        return round(shown * self.fontMetrics().lineSpacing() + margin) + theme.space(3)


class Field(QWidget):
    """A caption above a widget and, below it, room for what is wrong or worth a thought."""

    def __init__(
        self, caption: str, widget: QWidget, parent: QWidget | None = None, *, hint: str = ""
    ) -> None:
        super().__init__(parent)
        self.widget = widget
        self._caption = QLabel(caption, self)
        self._caption.setBuddy(widget)
        self._caption.setWordWrap(True)
        self._caption.setAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignBottom)
        self._caption.setMinimumWidth(theme.space(10))
        theme.set_role(self._caption, "caption")
        self._problem = _note("error", self)
        self._hint = _note("hint", self)
        self._fixed_hint = hint
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(1))
        column.addWidget(self._caption)
        column.addWidget(widget)
        column.addWidget(self._problem)
        column.addWidget(self._hint)
        self.show_hint("")

    def set_caption(self, caption: str) -> None:
        """Change the caption."""
        self._caption.setText(caption)

    def show_problem(self, sentence: str) -> None:
        """Mark the field and say what is wrong; an empty sentence takes the mark away."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
        theme.mark_invalid(self.widget, wrong=bool(sentence))

    def problem(self) -> str:
        """Return what is said to be wrong."""
        return self._problem.text()

    def show_hint(self, sentence: str) -> None:
        """Show advice quietly, in place of the fixed hint."""
        self._hint.setText(sentence or self._fixed_hint)
        self._hint.setVisible(bool(self._hint.text()))


def form_label(text: str, parent: QWidget) -> QLabel:
    """Return a label as high as the control beside it, so that their texts stand in line."""
    label = QLabel(text, parent)
    label.setMinimumHeight(theme.CONTROL_PX)
    return label


def _note(role: str, parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    theme.set_role(label, role)
    label.hide()
    return label


def _end_of_change(before: str, after: str) -> int:
    """Return where in `after` the part ends that differs from `before`."""
    most = min(len(before), len(after))
    common = 0
    while common < most and before[-1 - common] == after[-1 - common]:
        common += 1
    start = 0
    while start < most and before[start] == after[start]:
        start += 1
    return max(start, len(after) - common)
