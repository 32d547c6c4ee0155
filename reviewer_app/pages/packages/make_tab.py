"""The tab Send out: what, to whom, into which folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
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
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from core.domain.package import PackageKind
from core.errors import StorageError
from reviewer_app import theme
from reviewer_app.package_words import counted, key_words
from reviewer_app.pages.packages.make_presenter import KINDS, Batch, MakePresenter, Written
from reviewer_app.pages.packages.people_table import PeopleTable
from reviewer_app.widgets.form import Field, LineText
from reviewer_app.widgets.keys import add_button_keys
from reviewer_app.widgets.passphrase import PassphraseFields

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
        self.people.choice_changed.connect(self._show_button)
        self.empty = QLabel(self)
        self.empty.setWordWrap(True)
        theme.set_role(self.empty, "muted")
        self.folder_edit = LineText(self.tr("Folder"), self)
        self.folder_edit.setText(str(_documents() / "Asclepius packages"))
        self.folder_edit.setToolTip(self.tr("Where the files are written; it is made if missing"))
        self.choose_button = QPushButton(self.tr("Choose…"), self)
        self.choose_button.clicked.connect(self._on_choose_wanted)
        self.folder_field = Field(self.tr("Into the folder"), self._folder_row(), self)
        self.secret_box = QCheckBox(self.tr("Protect the files with a passphrase"), self)
        self.secret_box.setToolTip(self.tr("One for all; tell it on another way than the files"))
        self.secret = PassphraseFields(self.tr("Passphrase"), self, is_new=True)
        self.secret_box.toggled.connect(self.secret.setVisible)
        self.secret.hide()
        self.key_note = QLabel(self)
        self.key_note.setWordWrap(True)
        self.key_secret = PassphraseFields(
            self.tr("Passphrase of your signing key"), self, is_new=True
        )
        self.write_button = QPushButton(self)
        theme.set_kind(self.write_button, "primary")
        self.write_button.setToolTip(self.tr("Each file is signed by you and holds what is listed"))
        self.write_button.clicked.connect(self._on_write_clicked)
        add_button_keys(self.write_button, "W")
        self._make_result()
        self._lay_out()
        presenter.people_changed.connect(self._show_people)
        presenter.busy_changed.connect(self._show_button)
        presenter.written.connect(self._on_written)
        presenter.refused.connect(self._on_refused)

    def _lay_out(self) -> None:
        work = QWidget(self)
        column = QVBoxLayout(work)
        column.setContentsMargins(0, 0, theme.space(1), 0)
        column.setSpacing(theme.space(3))
        column.addWidget(self.people, 1)
        column.addWidget(self.empty)
        column.addWidget(self.folder_field)
        column.addWidget(self.secret_box)
        column.addWidget(self.secret)
        column.addWidget(self._make_key_box())
        column.addWidget(self.result)
        last = QHBoxLayout()
        last.addStretch(1)
        last.addWidget(self.write_button)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        theme.set_role(work, "scrolled")
        area.setWidget(work)
        right = QVBoxLayout()
        right.setSpacing(theme.space(3))
        right.addWidget(area, 1)
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

    def _folder_row(self) -> QWidget:
        row = QWidget(self)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.space(2))
        line.addWidget(self.folder_edit, 1)
        line.addWidget(self.choose_button)
        row.setFocusProxy(self.folder_edit)
        return row

    def _make_key_box(self) -> QFrame:
        self.key_box = QFrame(self)
        theme.set_role(self.key_box, "note")
        column = QVBoxLayout(self.key_box)
        column.addWidget(self.key_note)
        column.addWidget(self.key_secret)
        self.key_box.hide()
        return self.key_box

    def _make_result(self) -> None:
        self.result = QFrame(self)
        theme.set_role(self.result, "done")
        self.result_title = QLabel(self.result)
        theme.set_role(self.result_title, "heading")
        self.result_list = QListWidget(self.result)
        self.result_list.setAccessibleName(self.tr("Files that were written"))
        self.show_button = QPushButton(
            theme.icon("mdi6.folder-open-outline"), self.tr("Show in folder (L)"), self.result
        )
        self.show_button.clicked.connect(self._on_show_wanted)
        add_button_keys(self.show_button, "L")
        column = QVBoxLayout(self.result)
        column.addWidget(self.result_title)
        column.addWidget(self.result_list)
        column.addWidget(self.show_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._written_to = Path()
        self.result.hide()

    @Slot()
    def _show_people(self) -> None:
        from core.signing_keys import KeyState

        presenter = self.presenter
        is_counting = presenter.is_counting and not presenter.people
        self.people.show_people(presenter.people)
        self.people.setVisible(bool(presenter.people))
        self.empty.setText(self.tr("Counting …") if is_counting else self._empty_words())
        self.empty.setVisible(not presenter.people)
        key = presenter.key_state
        words = "" if key is None else key_words(key)
        self.key_note.setText(words)
        self.key_box.setVisible(bool(words))
        self.key_secret.set_new(is_new=key is KeyState.NO_PLACE)
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

    @Slot()
    def _on_choose_wanted(self) -> None:
        chosen = QFileDialog.getExistingDirectory(
            self, self.tr("Where the files are written"), self.folder_edit.text()
        )
        if chosen:
            self.folder_edit.setText(chosen)
            self.folder_field.show_problem("")

    @Slot()
    def _on_write_clicked(self) -> None:
        text = self.folder_edit.text().strip()
        theme.mark_invalid(self.folder_edit, wrong=not text)
        self.folder_field.show_problem("" if text else self.tr("Name a folder first."))
        wants_secret = self.secret_box.isChecked()
        if not text or (wants_secret and not self.secret.is_complete()):
            return
        needs_key = not self.key_box.isHidden()
        if needs_key and not self.key_secret.is_complete():
            return
        self.result.hide()
        self.presenter.write(
            Batch(
                self.people.chosen(),
                Path(text).expanduser(),
                self.secret.text() if wants_secret else "",
                self.key_secret.text() if needs_key else "",
            )
        )

    @Slot(object)
    def _on_written(self, written: tuple[Written, ...]) -> None:
        self.result_list.clear()
        files = [one.path for one in written if one.path is not None]
        for one in written:
            words = one.path.name if one.path else f"{one.person.name}: {one.problem}"
            self.result_list.addItem(words)
        if files:
            self._written_to = files[0].parent
        text = counted(self.tr("1 file written"), self.tr("%1 files written"), len(files))
        theme.set_role(self.result, "done" if len(files) == len(written) else "warning")
        self.result_title.setText(f"{text}: {self._written_to}" if files else text)
        rows = min(_SHOWN_ROWS, max(1, len(written)))
        self.result_list.setFixedHeight(rows * theme.ROW_PX + theme.space(2))
        self.show_button.setVisible(bool(files))
        self.folder_field.show_problem("")
        self.key_secret.clear()
        self.result.show()
        if files:
            self.show_button.setFocus()

    @Slot(object)
    def _on_refused(self, error: CoreError) -> None:
        if isinstance(error, StorageError) and not self.key_box.isHidden():
            self.key_secret.show_problem(str(error))
            self.key_secret.setFocus()
            return
        self.folder_field.show_problem(str(error))
        theme.mark_invalid(self.folder_edit, wrong=True)

    @Slot()
    def _on_show_wanted(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written_to)))


def _documents() -> Path:
    place = QStandardPaths.StandardLocation.DocumentsLocation
    return Path(QStandardPaths.writableLocation(place) or Path.home())
