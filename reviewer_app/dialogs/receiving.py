"""The page on which a package is opened: from whom, what is in it, where it goes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QFileDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.domain.package import PackageKind
from reviewer_app import theme
from reviewer_app.package_words import (
    holdings,
    kind_purpose,
    kind_title,
    sender_words,
    size_words,
    trust_words,
)
from reviewer_app.receiver import PackageReceiver
from reviewer_app.widgets.columns import centered, scrolled
from reviewer_app.widgets.form import Field
from reviewer_app.widgets.keys import add_form_keys, add_keys
from reviewer_app.widgets.passphrase import PassphraseFields
from reviewer_app.widgets.words import ProblemBox, words_label

if TYPE_CHECKING:
    from core.services.packages.look import PackageLook


class ReceivingPage(QWidget):
    """One package before it is opened.

    Signals: `left()`, the user does not want it now; `merge_requested(Path)`, merge the file into
    this workspace (an empty path: the one that is open).
    """

    left = Signal()
    merge_requested = Signal(object)

    def __init__(self, receiver: PackageReceiver, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "page")
        self.receiver = receiver
        self._recent: list[Path] = []
        self._can_merge_here = False
        self.file_name = words_label(self, "caption")
        self.title = words_label(self, "title")
        self.purpose = words_label(self, "muted")
        self.problem = ProblemBox(self)
        self.facts = {
            name: words_label(self) for name in ("from", "signed", "for", "holds", "where")
        }
        self.trust_note = words_label(self, "hint")
        self.accept_box = QCheckBox(self.tr("I asked the sender: they have a new key"), self)
        self.accept_box.toggled.connect(self.show_state)
        self.passphrase = PassphraseFields(self.tr("Passphrase"), self, is_new=False)
        self.passphrase.entered.connect(self._on_unlock_wanted)
        self.unlock_button = QPushButton(self.tr("Unlock (Enter)"), self)
        self.unlock_button.clicked.connect(self._on_unlock_wanted)
        self.place_button = QPushButton(self.tr("Another place…"), self)
        theme.set_kind(self.place_button, "link")
        self.place_button.setToolTip(self.tr("Choose the folder in which the work is kept"))
        self.place_button.clicked.connect(self._on_place_wanted)
        self.open_button = QPushButton(self)
        theme.set_kind(self.open_button, "primary")
        self.open_button.clicked.connect(self._on_open_wanted)
        self.merge_button = QPushButton(self)
        self.merge_button.clicked.connect(lambda: self.merge_requested.emit(Path()))
        self.leave_button = QPushButton(self.tr("Not now (Esc)"), self)
        self.leave_button.setToolTip(self.tr("Nothing is opened, the file stays as it is"))
        self.leave_button.clicked.connect(self._on_leave_wanted)
        self.recent_buttons: list[QPushButton] = []
        self._lay_out()
        receiver.changed.connect(self.show_state)
        add_form_keys(self, self.leave_button, "Escape")
        for key in add_keys(self, ("Return", "Enter"), self._on_enter):
            key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def offer_merge(self, recent: list[Path], *, here: str) -> None:
        """Say where returned work could be merged: in the open workspace `here`, or in others."""
        self._recent, self._can_merge_here = recent, bool(here)
        self.merge_button.setText(self.tr("Merge into “%1”").replace("%1", here))
        for button in self.recent_buttons:
            self._recents.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.recent_buttons = [self._recent_button(path) for path in recent]

    @Slot()
    def show_state(self) -> None:
        """Show the file and what is known of it."""
        receiver, look = self.receiver, self.receiver.look
        self.file_name.setText(receiver.path.name if receiver.path else "")
        self.file_name.setToolTip(str(receiver.path or ""))
        self._show_purpose(look)
        is_asked = receiver.needs_passphrase
        wrong = receiver.problem
        tried = is_asked and bool(receiver.passphrase)
        self.passphrase.show_problem(str(wrong) if wrong and tried else "")
        self._lock.setVisible(is_asked)
        self.problem.say("" if wrong is None or is_asked else str(wrong))
        self._facts_box.setVisible(look is not None)
        if look is not None:
            self._show_facts(look)
        self._show_buttons(look)
        if is_asked and not receiver.is_busy:
            self.passphrase.setFocus()

    def _show_purpose(self, look: PackageLook | None) -> None:
        if self.receiver.is_busy:
            title, words = self.tr("One moment"), self.tr("Every byte is checked …")
        elif self.receiver.needs_passphrase:
            title = self.tr("A protected package")
            words = self.tr("It opens with a passphrase, which the sender knows.")
        elif look is None:
            title = self.tr("This file is not opened")
            words = self.tr("Nothing was changed.")
        else:
            title, words = kind_title(look.facts.kind), kind_purpose(look.facts.kind)
        self.title.setText(title)
        self.purpose.setText(words)

    def _show_facts(self, look: PackageLook) -> None:
        receiver = self.receiver
        self.facts["from"].setText(sender_words(look))
        self.facts["signed"].setText(look.fingerprint)
        made = look.facts.created_at[:10]
        self.facts["for"].setText(look.addressee or self.tr("anybody who has the file"))
        size = size_words(look.size_bytes)
        self.facts["holds"].setText(f"{holdings(look)} · {size} · {made}")
        is_return = look.facts.kind is PackageKind.RETURN
        self.facts["where"].setText("" if is_return else str(receiver.folder))
        for widget in (*self._where_widgets, self.facts["where"]):
            widget.setVisible(not is_return)
        self.place_button.setVisible(receiver.is_new and not is_return)
        trust = receiver.trust
        self.trust_note.setText("" if trust is None else trust_words(trust))
        self.accept_box.setVisible(self._is_changed())

    def _show_buttons(self, look: PackageLook | None) -> None:
        receiver = self.receiver
        kind = look.facts.kind if look else None
        self.open_button.setVisible(kind is not None and kind is not PackageKind.RETURN)
        is_new = receiver.is_new
        self.open_button.setText(
            self.tr("Open and begin (Enter)") if is_new else self.tr("Go on with the work (Enter)")
        )
        is_trusted = not self._is_changed() or self.accept_box.isChecked()
        self.open_button.setEnabled(receiver.can_open and is_trusted)
        mergeable = kind in (PackageKind.RETURN, PackageKind.WORKSPACE)
        self.merge_button.setVisible(mergeable and self._can_merge_here)
        theme.set_kind(self.merge_button, "primary" if kind is PackageKind.RETURN else "")
        offers_others = kind is PackageKind.RETURN and not self._can_merge_here
        self._recents_box.setVisible(offers_others and bool(self._recent))
        self._no_home.setVisible(offers_others and not self._recent)
        if not self.isVisible() or receiver.is_busy:
            return
        for button in (self.open_button, self.merge_button, *self.recent_buttons):
            if button.isVisible() and button.isEnabled():
                button.setFocus()
                return

    def _is_changed(self) -> bool:
        from core.services.packages.files import Trust

        return self.receiver.trust is Trust.CHANGED

    def _lay_out(self) -> None:
        body = QWidget(self)
        column = QVBoxLayout(body)
        column.setContentsMargins(*(theme.space(4),) * 4)
        column.setSpacing(theme.space(3))
        for widget in (self.file_name, self.title, self.purpose):
            column.addWidget(widget)
        column.addWidget(self.problem)
        column.addWidget(self._make_lock())
        column.addWidget(self._make_facts())
        column.addWidget(self._make_recents())
        self._no_home = words_label(self)
        self._no_home.setText(
            self.tr("Open the workspace that the questions came from, then drop the file on it.")
        )
        column.addWidget(self._no_home)
        buttons = QHBoxLayout()
        buttons.addWidget(self.leave_button)
        buttons.addStretch(1)
        buttons.addWidget(self.merge_button)
        buttons.addWidget(self.open_button)
        column.addLayout(buttons)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, theme.space(8), 0, 0)
        outer.addWidget(scrolled(centered(body)))

    def _make_lock(self) -> QWidget:
        self._lock = QWidget(self)
        row = QHBoxLayout(self._lock)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(2))
        row.addWidget(Field(self.tr("Passphrase"), self.passphrase, self._lock), 1)
        row.addWidget(self.unlock_button, 0, Qt.AlignmentFlag.AlignBottom)
        return self._lock

    def _make_facts(self) -> QFrame:
        self._facts_box = QFrame(self)
        theme.set_role(self._facts_box, "card")
        form = QFormLayout()
        form.setHorizontalSpacing(theme.space(4))
        form.setVerticalSpacing(theme.space(2))
        captions = {
            "from": self.tr("From"),
            "for": self.tr("For"),
            "holds": self.tr("Holds"),
            "signed": self.tr("Signature"),
            "where": self.tr("Kept in"),
        }
        theme.set_role(self.facts["signed"], "mono")
        self._where_widgets: list[QWidget] = []
        for name, caption in captions.items():
            label = words_label(self, "caption")
            label.setText(caption)
            label.setWordWrap(False)
            form.addRow(label, self.facts[name])
            if name == "signed":
                form.addRow("", self.trust_note)
                form.addRow("", self.accept_box)
            if name == "where":
                self._where_widgets.append(label)
        form.addRow("", self.place_button)
        box = QVBoxLayout(self._facts_box)
        box.setContentsMargins(*(theme.space(4),) * 4)
        box.addLayout(form)
        return self._facts_box

    def _make_recents(self) -> QWidget:
        self._recents_box = QWidget(self)
        self._recents = QVBoxLayout(self._recents_box)
        self._recents.setContentsMargins(0, 0, 0, 0)
        self._recents.setSpacing(theme.space(1))
        caption = QLabel(self.tr("Merge it into"), self._recents_box)
        theme.set_role(caption, "caption")
        self._recents.addWidget(caption)
        return self._recents_box

    def _recent_button(self, path: Path) -> QPushButton:
        button = QPushButton(f"{path.stem}    {path.parent}", self._recents_box)
        theme.set_kind(button, "listed")
        button.setAccessibleName(self.tr("Merge into %1").replace("%1", path.stem))
        button.clicked.connect(lambda: self.merge_requested.emit(path))
        self._recents.addWidget(button)
        return button

    @Slot()
    def _on_unlock_wanted(self) -> None:
        if self.receiver.path is not None and self.passphrase.is_complete():
            self.receiver.take(self.receiver.path, passphrase=self.passphrase.text())

    def _on_enter(self) -> None:
        focused = self.window().focusWidget()
        if isinstance(focused, QAbstractButton) and self.isAncestorOf(focused):
            focused.click()
        elif self._lock.isVisible():
            self._on_unlock_wanted()
        elif self.open_button.isVisible() and self.open_button.isEnabled():
            self._on_open_wanted()

    @Slot()
    def _on_open_wanted(self) -> None:
        self.receiver.open(accepts_new_key=self.accept_box.isChecked())

    @Slot()
    def _on_place_wanted(self) -> None:
        folder = self.receiver.folder
        start = str(folder.parent if folder else Path.home())
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Where the work is kept"), start)
        if chosen:
            self.receiver.choose_folder(Path(chosen))

    @Slot()
    def _on_leave_wanted(self) -> None:
        self.receiver.cancel()
        self.passphrase.clear()
        self.left.emit()
