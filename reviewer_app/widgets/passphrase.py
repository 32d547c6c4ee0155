"""Fields for a passphrase: written twice where a new one is chosen, shown on request."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from reviewer_app import theme
from reviewer_app.widgets.form import LineText


class PassphraseFields(QWidget):
    """One field for a known passphrase, two for a new one, and a box that shows the letters.

    Signals: `entered()`, Enter was pressed in the last field.
    """

    entered = Signal()

    def __init__(self, name: str, parent: QWidget | None = None, *, is_new: bool) -> None:
        super().__init__(parent)
        self._is_new = is_new
        self.first = self._field(name)
        self.second = self._field(self.tr("%1, again").replace("%1", name))
        self.second.setPlaceholderText(self.tr("once more"))
        self.second.setVisible(is_new)
        self.reveal = QCheckBox(self.tr("Show letters"), self)
        self.reveal.setToolTip(self.tr("Show what is typed"))
        self.reveal.toggled.connect(self._on_reveal_toggled)
        self._problem = QLabel(self)
        self._problem.setWordWrap(True)
        theme.set_role(self._problem, "error")
        self._problem.hide()
        row = QHBoxLayout()
        row.setSpacing(theme.space(2))
        row.addWidget(self.first, 1)
        row.addWidget(self.second, 1)
        row.addWidget(self.reveal)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(1))
        column.addLayout(row)
        column.addWidget(self._problem)
        self.setFocusProxy(self.first)
        (self.second if is_new else self.first).returnPressed.connect(self.entered)

    def set_new(self, *, is_new: bool) -> None:
        """Say whether a new passphrase is chosen here, which is written twice."""
        self._is_new = is_new
        self.second.setVisible(is_new)

    def text(self) -> str:
        """Return the passphrase."""
        return self.first.text()

    def clear(self) -> None:
        """Forget what was typed."""
        self.first.clear()
        self.second.clear()
        self.show_problem("")

    def show_problem(self, sentence: str) -> None:
        """Say below the fields what is wrong; an empty sentence takes it away."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
        for field in (self.first, self.second):
            theme.mark_invalid(field, wrong=bool(sentence))

    def problem(self) -> str:
        """Return what is said to be wrong."""
        return self._problem.text()

    def is_complete(self) -> bool:
        """Tell whether a passphrase can be used as it is; say below the fields why not."""
        sentence = ""
        if not self.first.text():
            sentence = self.tr("Write a passphrase.")
        elif self._is_new and self.first.text() != self.second.text():
            sentence = self.tr("The two are not the same; write both again.")
        self.show_problem(sentence)
        if sentence:
            self.first.setFocus()
        return not sentence

    def _field(self, name: str) -> LineText:
        field = LineText(name, self)
        field.setEchoMode(QLineEdit.EchoMode.Password)
        return field

    @Slot(bool)
    def _on_reveal_toggled(self, shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self.first.setEchoMode(mode)
        self.second.setEchoMode(mode)
