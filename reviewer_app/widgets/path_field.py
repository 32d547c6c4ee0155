"""The field for a file or folder that is written: typed, or chosen in a dialog."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from reviewer_app import theme
from reviewer_app.widgets.form import Field, LineText


class PathField(Field):
    """A path with a button that asks for it.

    `choose` is given what stands in the field and returns what was chosen, empty for nothing.
    """

    def __init__(
        self,
        caption: str,
        name: str,
        choose: Callable[[str], str],
        parent: QWidget | None = None,
    ) -> None:
        self.edit = LineText(name)
        self.choose_button = QPushButton()
        row = QWidget()
        super().__init__(caption, row, parent)
        self.choose_button.setText(self.tr("Choose…"))
        self._choose = choose
        self.choose_button.clicked.connect(self._on_choose_wanted)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.space(2))
        line.addWidget(self.edit, 1)
        line.addWidget(self.choose_button)
        row.setFocusProxy(self.edit)

    def set_tips(self, path: str, choose: str = "") -> None:
        """Say at the pointer what is written there, and what choosing does."""
        self.edit.setToolTip(path)
        self.choose_button.setToolTip(choose)

    def wanted(self, missing: str) -> Path | None:
        """Return the path; without one, say `missing` below the field and return None."""
        text = self.edit.text().strip()
        self.refuse("" if text else missing)
        return Path(text).expanduser() if text else None

    def refuse(self, sentence: str) -> None:
        """Say below the field what is wrong; an empty sentence takes it away."""
        self.show_problem(sentence)
        theme.mark_invalid(self.edit, wrong=bool(sentence))

    @Slot()
    def _on_choose_wanted(self) -> None:
        chosen = self._choose(self.edit.text())
        if chosen:
            self.edit.setText(chosen)
            self.refuse("")
