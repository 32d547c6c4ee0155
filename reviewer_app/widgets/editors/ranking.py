"""Editor of a ranking: the author writes the options in the right order."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from core.domain.body import Asked, Option, Ranking, neutral_order, options_of
from core.domain.key import KeyPart, RankingKey
from reviewer_app.widgets.buttons import make_button
from reviewer_app.widgets.editors.base import FormatEditor
from reviewer_app.widgets.form import Field
from reviewer_app.widgets.option_editor import OptionEditor, fresh_option

_BLANK_ROWS = 3


class RankingEditor(FormatEditor):
    """Options from first to last; answerers see them in another order."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.options = OptionEditor(self, is_exclusive=False, is_ordered=True)
        self._field = Field(
            self.tr("Options in the right order, the first one on top"),
            self.options,
            self,
            hint=self.tr("Answerers see them mixed. Drag, or Alt+Up and Alt+Down, to move."),
        )
        self.confirm_button = make_button(
            self.tr("This order is right"),
            self,
            icon="mdi6.check",
            kind="quiet",
            tip=self.tr("Take the order as shown for the right one"),
        )
        self._blank: tuple[Option, ...] = ()
        self.column.addWidget(self._field)
        self.column.addWidget(self.confirm_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.options.edited.connect(lambda options, _, field: self._emit(options, field))
        self.confirm_button.clicked.connect(lambda: self._emit(self.options.shown_options(), "key"))

    def show_parts(self, asked: Asked, right: KeyPart) -> None:
        order = right.order if isinstance(right, RankingKey) else ()
        place = {option: index for index, option in enumerate(order)}
        options = options_of(asked) or self._blank_options()
        shown = sorted(options, key=lambda one: place.get(one.id, len(place)))
        self.options.show_options(shown, frozenset())
        is_open = not order and all(one.text.strip() for one in shown)
        self.confirm_button.setVisible(is_open)

    def show_problems(self, problems: dict[str, str]) -> None:
        self._field.show_problem(problems.get("options") or problems.get("key", ""))
        self.options.mark_gaps(wrong="options" in problems)

    def focus_field(self, field: str) -> None:
        if field == "key" and self.confirm_button.isVisible():
            self.confirm_button.setFocus()
        else:
            self.options.focus_first_gap()

    def _blank_options(self) -> tuple[Option, ...]:
        self._blank = self._blank or tuple(fresh_option() for _ in range(_BLANK_ROWS))
        return self._blank

    def _emit(self, options: tuple[Option, ...], field: str) -> None:
        key = RankingKey(tuple(one.id for one in options))
        self.edited.emit(Ranking(neutral_order(options)), key, field)
