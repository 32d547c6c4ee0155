"""What is asked before a package is written: its passphrase, and that of the signing key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QFrame, QVBoxLayout, QWidget

from reviewer_app import theme
from reviewer_app.package_words import key_words
from reviewer_app.widgets.passphrase import PassphraseFields
from reviewer_app.widgets.words import words_label

if TYPE_CHECKING:
    from core.signing_keys import KeyState


class PackageSecret(QWidget):
    """A box to protect what is written, and the fields of the passphrase while it is checked."""

    def __init__(self, text: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = QCheckBox(text, self)
        self.box.setToolTip(tip)
        self.fields = PassphraseFields(self.tr("Passphrase"), self, is_new=True)
        self.box.toggled.connect(self.fields.setVisible)
        self.fields.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(3))
        column.addWidget(self.box)
        column.addWidget(self.fields)

    def is_complete(self) -> bool:
        """Tell whether it can be used as it is; say below the fields why not."""
        return not self.box.isChecked() or self.fields.is_complete()

    def text(self) -> str:
        """Return the passphrase; empty where none is wanted."""
        return self.fields.text() if self.box.isChecked() else ""


class SigningKeyBox(QFrame):
    """Asks for the passphrase of the signing key, where this computer has no keyring."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "note")
        self.note = words_label(self)
        name = self.tr("Passphrase of your signing key")
        self.fields = PassphraseFields(name, self, is_new=True)
        column = QVBoxLayout(self)
        column.addWidget(self.note)
        column.addWidget(self.fields)
        self.hide()

    def show_key(self, state: KeyState | None) -> None:
        """Ask what the key needs; nothing while that is unknown."""
        from core.signing_keys import KeyState

        words = "" if state is None else key_words(state)
        self.note.setText(words)
        self.setVisible(bool(words))
        self.fields.set_new(is_new=state is KeyState.NO_PLACE)

    def is_complete(self) -> bool:
        """Tell whether it can be used as it is; say below the fields why not."""
        return self.isHidden() or self.fields.is_complete()

    def text(self) -> str:
        """Return the passphrase; empty where none is asked."""
        return "" if self.isHidden() else self.fields.text()

    def refuse(self, sentence: str) -> bool:
        """Say below the fields what is wrong with the key; False where none was asked."""
        if self.isHidden():
            return False
        self.fields.show_problem(sentence)
        self.fields.setFocus()
        return True
