"""Two texts side by side; what went and what came is struck or underlined, not only colored."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QTextEdit, QVBoxLayout, QWidget

from core.domain.word_diff import DiffKind, DiffSpan
from reviewer_app import theme


class DiffPane(QTextEdit):
    """One side of a comparison; `hidden` spans belong to the other side (None hides nothing)."""

    def __init__(self, hidden: DiffKind | None, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hidden = hidden
        self._spans: tuple[DiffSpan, ...] = ()
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setAccessibleName(name)

    def show_spans(self, spans: Sequence[DiffSpan]) -> None:
        """Show this side's words."""
        self._spans = joined(tuple(span for span in spans if span.kind is not self._hidden))
        self.clear()
        cursor = QTextCursor(self.document())
        for span in self._spans:
            cursor.insertText(span.text, char_format(span.kind))
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def changeEvent(self, event: QEvent) -> None:
        """Repaint the marks in the colors of a new theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self._spans:
            self.show_spans(self._spans)


class WordDiffView(QWidget):
    """Source and question beside each other, with a legend."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.before = DiffPane(DiffKind.ADDED, self.tr("Source"), self)
        self.after = DiffPane(DiffKind.REMOVED, self.tr("Question"), self)
        self.before.setPlaceholderText(self.tr("No source text was given."))
        panes = QHBoxLayout()
        panes.setSpacing(theme.space(3))
        for caption, pane in (
            (self.tr("Source"), self.before),
            (self.tr("Question as it stands"), self.after),
        ):
            column = QVBoxLayout()
            column.setSpacing(theme.space(1))
            label = QLabel(caption, self)
            theme.set_role(label, "caption")
            label.setBuddy(pane)
            column.addWidget(label)
            column.addWidget(pane, 1)
            panes.addLayout(column, 1)
        self._legend = QLabel(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.space(2))
        layout.addLayout(panes, 1)
        layout.addWidget(self._legend)
        theme.set_role(self._legend, "hint")
        self._write_legend()

    def show_diff(self, spans: Sequence[DiffSpan]) -> None:
        """Show what changed between both texts."""
        self.before.show_spans(spans)
        self.after.show_spans(spans)
        removed = _words(spans, DiffKind.REMOVED)
        added = _words(spans, DiffKind.ADDED)
        self.before.setAccessibleDescription(
            self.tr("Only in the source: %1").replace("%1", removed)
        )
        self.after.setAccessibleDescription(
            self.tr("Only in the question: %1").replace("%1", added)
        )

    def changeEvent(self, event: QEvent) -> None:
        """Follow a new theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._write_legend()

    def _write_legend(self) -> None:
        gone, come = theme.color("removed_soft").name(), theme.color("added_soft").name()
        self._legend.setText(
            f'<s style="background:{gone}">&nbsp;{self.tr("struck")}&nbsp;</s> '
            f"{self.tr('gone')} &nbsp;&nbsp; "
            f'<u style="background:{come}">&nbsp;{self.tr("underlined")}&nbsp;</u> '
            f"{self.tr('new')} &nbsp;&nbsp; {self.tr('plain: kept')}"
        )


def char_format(kind: DiffKind) -> QTextCharFormat:
    """Return how words of this kind look: struck, underlined or plain."""
    shape = QTextCharFormat()
    if kind is DiffKind.REMOVED:
        shape.setFontStrikeOut(True)
        shape.setBackground(theme.color("removed_soft"))
    elif kind is DiffKind.ADDED:
        shape.setFontUnderline(True)
        shape.setBackground(theme.color("added_soft"))
    return shape


def joined(spans: Sequence[DiffSpan]) -> tuple[DiffSpan, ...]:
    """Return one side's spans with the blanks between two marked words marked as well."""
    marked = [span.kind is not DiffKind.SAME for span in spans]
    found = []
    for place, span in enumerate(spans):
        is_gap = not span.text.strip() and 0 < place < len(spans) - 1
        if is_gap and marked[place - 1] and marked[place + 1]:
            found.append(DiffSpan(spans[place - 1].kind, span.text))
        else:
            found.append(span)
    return tuple(found)


def gathered(spans: Sequence[DiffSpan]) -> tuple[DiffSpan, ...]:
    """Return the spans with changed words in a row told as one: what went, then what came."""
    found: list[DiffSpan] = []
    run: list[DiffSpan] = []
    for place, span in enumerate(spans):
        is_gap = span.text.isspace() and "\n" not in span.text
        is_inside = place + 1 < len(spans) and spans[place + 1].kind is not DiffKind.SAME
        if span.kind is not DiffKind.SAME or (run and is_gap and is_inside):
            run.append(span)
        else:
            found += [*_change(run, DiffKind.REMOVED), *_change(run, DiffKind.ADDED), span]
            run = []
    return (*found, *_change(run, DiffKind.REMOVED), *_change(run, DiffKind.ADDED))


def _change(run: Sequence[DiffSpan], kind: DiffKind) -> list[DiffSpan]:
    """Return one side of a run with the blanks between its words; nothing where it has none."""
    side = [span.text for span in run if span.kind in (kind, DiffKind.SAME)]
    return [DiffSpan(kind, "".join(side))] if any(span.kind is kind for span in run) else []


def _words(spans: Sequence[DiffSpan], kind: DiffKind) -> str:
    return "; ".join(span.text.strip() for span in spans if span.kind is kind and span.text.strip())
