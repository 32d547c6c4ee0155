"""The tab Send out: what, to whom, into which folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from core.domain.package import PackageKind
from core.errors import StorageError
from reviewer_app import theme
from reviewer_app.package_words import counted
from reviewer_app.pages.packages.make_presenter import KINDS, Batch, MakePresenter, Written
from reviewer_app.pages.packages.people_table import PeopleTable
from reviewer_app.widgets.columns import scrolled
from reviewer_app.widgets.keys import add_button_keys
from reviewer_app.widgets.path_field import PathField
from reviewer_app.widgets.signing import PackageSecret, SigningKeyBox
from reviewer_app.widgets.words import words_label
from reviewer_app.widgets.written_card import WrittenCard

if TYPE_CHECKING:
    from core.errors import CoreError

_SHOWN_ROWS = 4


class MakeTab(QWidget):
    """Makes one file for each person."""

    def __init__(self, presenter: MakePresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.presenter = presenter
        self.kind_buttons: dict[PackageKind, QRadioButton] = {}
        self.people = PeopleTable(self)
        self.people.choice_changed.connect(self._on_choice_changed)
        self.share_box = QCheckBox(self.tr("Share the questions: two verifiers for each"), self)
        self.share_box.setChecked(presenter.is_shared)
        self.share_box.setToolTip(self.tr("Without it each verifier gets all that is open"))
        self.share_box.toggled.connect(lambda checked: presenter.share(is_shared=checked))
        self.share_note = words_label(self, "hint")
        self.empty = QLabel(self)
        self.empty.setWordWrap(True)
        theme.set_role(self.empty, "muted")
        self.folder = PathField(
            self.tr("Into the folder"), self.tr("Folder"), self._ask_for_folder, self
        )
        self.folder.edit.setText(str(_documents() / "Asclepius packages"))
        self.folder.set_tips(self.tr("Where the files are written; it is made if missing"))
        self.secret = PackageSecret(
            self.tr("Protect the files with a passphrase"),
            self.tr("One for all; tell it on another way than the files"),
            self,
        )
        self.key_box = SigningKeyBox(self)
        self.write_button = QPushButton(self)
        theme.set_kind(self.write_button, "primary")
        self.write_button.setToolTip(self.tr("Each file is signed by you and holds what is listed"))
        self.write_button.clicked.connect(self._on_write_clicked)
        add_button_keys(self.write_button, "W")
        self.result = WrittenCard(self)
        self.result_list = QListWidget(self.result)
        self.result_list.setAccessibleName(self.tr("Files that were written"))
        self.result.details.addWidget(self.result_list)
        self._lay_out()
        presenter.people_changed.connect(self._show_people)
        presenter.busy_changed.connect(self._show_button)
        presenter.written.connect(self._on_written)
        presenter.refused.connect(self._on_refused)

    def _lay_out(self) -> None:
        work = QWidget(self)
        column = QVBoxLayout(work)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(3))
        sharing = QVBoxLayout()
        sharing.setSpacing(theme.space(1))
        sharing.addWidget(self.share_box)
        sharing.addWidget(self.share_note)
        column.addLayout(sharing)
        column.addWidget(self.people, 1)
        column.addWidget(self.empty)
        column.addWidget(self.folder)
        column.addWidget(self.secret)
        column.addWidget(self.key_box)
        column.addWidget(self.result)
        last = QHBoxLayout()
        last.addStretch(1)
        last.addWidget(self.write_button)
        right = QVBoxLayout()
        right.setSpacing(theme.space(3))
        right.addWidget(scrolled(work), 1)
        right.addLayout(last)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, theme.space(3), 0, 0)
        row.setSpacing(theme.space(4))
        row.addWidget(self._make_kinds(), 2)
        row.addLayout(right, 5)

    def _make_kinds(self) -> QFrame:
        card = QFrame(self)
        theme.set_role(card, "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(*(theme.space(4),) * 4)
        column.setSpacing(theme.space(1))
        caption = QLabel(self.tr("What goes out"), card)
        theme.set_role(caption, "heading")
        column.addWidget(caption)
        column.addSpacing(theme.space(2))
        group = QButtonGroup(self)
        for kind, (title, words) in self._kind_words().items():
            button = QRadioButton(title, card)
            button.setChecked(kind is self.presenter.kind)
            button.setToolTip(words)
            button.clicked.connect(lambda _=False, kind=kind: self._on_kind_chosen(kind))
            group.addButton(button)
            self.kind_buttons[kind] = button
            hint = QLabel(words, card)
            hint.setWordWrap(True)
            hint.setContentsMargins(theme.space(6), 0, 0, theme.space(3))
            theme.set_role(hint, "hint")
            column.addWidget(button)
            column.addWidget(hint)
        column.addStretch(1)
        return card

    def _kind_words(self) -> dict[PackageKind, tuple[str, str]]:
        words = {
            PackageKind.VERIFY: (
                self.tr("Verify this"),
                self.tr("Questions to answer blind: no key, no author, no source is in the file."),
            ),
            PackageKind.RATE: (
                self.tr("Keys to their answers"),
                self.tr("After the answers came back: keys of exactly those questions, to rate."),
            ),
            PackageKind.READ: (
                self.tr("Read this"),
                self.tr("The reading plans dealt to a reader, for the human baseline."),
            ),
            PackageKind.WORKSPACE: (
                self.tr("Whole workspace"),
                self.tr(
                    "Everything, keys and names included, for another study lead or your other "
                    "computer. Images that still carry patient data stay here."
                ),
            ),
        }
        return {kind: words[kind] for kind in KINDS}

    @Slot()
    def _show_people(self) -> None:
        presenter = self.presenter
        is_counting = presenter.is_counting and not presenter.people
        self.people.show_people(presenter.people)
        self.people.setVisible(bool(presenter.people))
        self.empty.setText(self.tr("Counting …") if is_counting else self._empty_words())
        self.empty.setVisible(not presenter.people)
        self._show_sharing()
        self.key_box.show_key(presenter.key_state)
        self._show_button()

    def _show_sharing(self) -> None:
        presenter = self.presenter
        is_verify = presenter.kind is PackageKind.VERIFY and bool(presenter.people)
        self.share_box.setVisible(is_verify)
        self.share_note.setVisible(is_verify and presenter.is_sharing)
        short = presenter.shares.short if presenter.shares is not None else 0
        words = self.tr(
            "Never its author; their specialty first, and as many for each of them. What was sent "
            "before stays with whom it was sent to."
        )
        if short:
            lacking = counted(
                self.tr("1 question finds fewer than two people."),
                self.tr("%1 questions find fewer than two people."),
                short,
            )
            words = f"{lacking} {words}"
        self.share_note.setText(words)

    @Slot()
    def _on_choice_changed(self) -> None:
        self.presenter.leave_out(self.people.left_out())
        self._show_button()

    def _empty_words(self) -> str:
        if self.presenter.kind is PackageKind.READ:
            return self.tr(
                "Nobody here is a reader. Add people with that role by the person's button at the "
                "lower left, then deal a reading plan on the page Baseline."
            )
        return self.tr(
            "Nobody here is a verifier beside you. Add people with that role by the person's "
            "button at the lower left."
        )

    @Slot()
    def _show_button(self) -> None:
        count = len(self.people.chosen())
        text = counted(self.tr("Write 1 package (W)"), self.tr("Write %1 packages (W)"), count)
        self.write_button.setText(text if count else self.tr("Write packages (W)"))
        self.write_button.setEnabled(self.presenter.can_write and count > 0)

    def _on_kind_chosen(self, kind: PackageKind) -> None:
        self.result.hide()
        self.presenter.choose(kind)

    def _ask_for_folder(self, known: str) -> str:
        return QFileDialog.getExistingDirectory(self, self.tr("Where the files are written"), known)

    @Slot()
    def _on_write_clicked(self) -> None:
        folder = self.folder.wanted(self.tr("Name a folder first."))
        if folder is None or not self.secret.is_complete() or not self.key_box.is_complete():
            return
        self.result.hide()
        self.presenter.write(
            Batch(self.people.chosen(), folder, self.secret.text(), self.key_box.text())
        )

    @Slot(object)
    def _on_written(self, written: tuple[Written, ...]) -> None:
        self.result_list.clear()
        files = [one.path for one in written if one.path is not None]
        for one in written:
            words = one.path.name if one.path else f"{one.person.name}: {one.problem}"
            self.result_list.addItem(words)
        rows = min(_SHOWN_ROWS, max(1, len(written)))
        self.result_list.setFixedHeight(rows * theme.ROW_PX + theme.space(2))
        self.folder.refuse("")
        self.key_box.fields.clear()
        text = counted(self.tr("1 file written"), self.tr("%1 files written"), len(files))
        theme.set_role(self.result, "done" if len(files) == len(written) else "warning")
        folder = files[0].parent if files else None
        self.result.show_written(f"{text}: {folder}" if folder else text, folder)

    @Slot(object)
    def _on_refused(self, error: CoreError) -> None:
        if not (isinstance(error, StorageError) and self.key_box.refuse(str(error))):
            self.folder.refuse(str(error))


def _documents() -> Path:
    place = QStandardPaths.StandardLocation.DocumentsLocation
    return Path(QStandardPaths.writableLocation(place) or Path.home())
