"""A question as it was put: its images, its text, its options with key and answer marked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from core.domain.body import BlindQuestion, Chosen, Option, Ranked, Response, options_of
from reviewer_app import theme
from reviewer_app.widgets.emptying import empty
from reviewer_app.widgets.images.layout import in_view
from reviewer_app.widgets.images.panel import ImagePanel
from reviewer_app.widgets.marks.regions_beside import show_regions
from reviewer_app.wording import letter

if TYPE_CHECKING:
    from core.domain.ids import MediaId
    from core.imaging.image import LoadedImage

_SHARES_PX: Final = (360, 260)


class _Marks(NamedTuple):
    """What is said beside an option, and whether it is as the key has it."""

    words: tuple[str, ...]
    is_right: bool


class QuestionPane(QWidget):
    """Shows one question read-only, images above the text."""

    def __init__(
        self, opener: Callable[[MediaId], LoadedImage], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._opener = opener
        self._shown: BlindQuestion | None = None
        self.images = ImagePanel(self)
        self.caption = _label("caption", self)
        self.context = _label("", self)
        self.stem = _label("strong", self)
        self._options = QWidget(self)
        self._grid = QGridLayout(self._options)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.space(2))
        self._grid.setVerticalSpacing(theme.space(1))
        self._grid.setColumnStretch(2, 1)
        self._rows: list[tuple[str, ...]] = []
        inner = QWidget()
        theme.set_role(inner, "scrolled")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, theme.space(1), theme.space(2), 0)
        column.setSpacing(theme.space(2))
        for widget in (self.caption, self.context, self.stem, self._options):
            column.addWidget(widget)
        column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        self._split = QSplitter(Qt.Orientation.Vertical, self)
        self._split.addWidget(self.images)
        self._split.addWidget(scroll)
        self._split.setChildrenCollapsible(False)
        self._split.setSizes(list(_SHARES_PX))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._split)

    def show_question(
        self,
        blind: BlindQuestion,
        *,
        order: tuple[str, ...] = (),
        chosen: Response | None = None,
        right: Response | None = None,
    ) -> None:
        """Show a question; options stand in `order`, key and answer are marked in words."""
        body = blind.body
        self.caption.setText(self.tr("Question %1").replace("%1", str(blind.number)))
        self.context.setText(body.context.strip())
        self.context.setVisible(bool(body.context.strip()))
        self.stem.setText(body.stem)
        self._show_options(options_of(body.asked), order, chosen, right)
        before = None if self._shown is None else in_view(self._shown.body)
        if before != in_view(body):
            self.images.show_body(body.images, self._opener, body.layout, body.links)
        named = ((self.tr("right"), right), ("", chosen))
        show_regions(self.images, body, named)
        self._shown = blind
        self.images.setVisible(bool(body.images))

    def option_rows(self) -> list[tuple[str, ...]]:
        """Return letter, text and marks of each option, as shown."""
        return list(self._rows)

    def _show_options(
        self,
        options: tuple[Option, ...],
        order: tuple[str, ...],
        chosen: Response | None,
        right: Response | None,
    ) -> None:
        empty(self._grid)
        self._rows = []
        by_id: dict[str, Option] = {option.id: option for option in options}
        shown = [by_id[one] for one in order if one in by_id] or list(options)
        for row, option in enumerate(shown):
            marks = self._marks(option, chosen, right)
            self._rows.append((letter(row), option.text, *marks.words))
            self._add_row(row, option, marks)

    def _marks(self, option: Option, chosen: Response | None, right: Response | None) -> _Marks:
        key_place, place = _place_in(right, option), _place_in(chosen, option)
        if key_place or place:
            words = (
                *((self.tr("right place %1").replace("%1", str(key_place)),) if key_place else ()),
                *((self.tr("answered as %1").replace("%1", str(place)),) if place else ()),
            )
            return _Marks(words, is_right=key_place > 0 and place in (0, key_place))
        is_key = isinstance(right, Chosen) and option.id in right.options
        is_answer = isinstance(chosen, Chosen) and option.id in chosen.options
        words = (
            *((self.tr("right answer"),) if is_key else ()),
            *((self.tr("answered"),) if is_answer else ()),
        )
        return _Marks(words, is_right=is_key)

    def _add_row(self, row: int, option: Option, found: _Marks) -> None:
        marks = found.words
        icon = QLabel(self._options)
        if marks:
            name, ink = _look(found)
            icon.setPixmap(theme.icon(name, ink).pixmap(16, 16))
        icon.setFixedWidth(theme.space(4))
        name_label = _label("strong" if marks else "muted", self._options)
        name_label.setText(letter(row))
        text = _label("strong" if marks else "", self._options)
        said = f"{option.text}  ({', '.join(marks)})" if marks else option.text
        text.setText(said)
        for column, label in enumerate((icon, name_label, text)):
            self._grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignTop)


def _place_in(response: Response | None, option: Option) -> int:
    """Return the place from 1 that an order gives an option; 0 where it gives none."""
    if not isinstance(response, Ranked) or option.id not in response.order:
        return 0
    return response.order.index(option.id) + 1


def _look(marks: _Marks) -> tuple[str, str]:
    if not marks.is_right:
        return "mdi6.close-circle-outline", "error"
    if len(marks.words) > 1:
        return "mdi6.check-circle", "agreed"
    return "mdi6.check-circle-outline", "agreed"


def _label(role: str, parent: QWidget) -> QLabel:
    label = QLabel(parent)
    if role:
        theme.set_role(label, role)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
