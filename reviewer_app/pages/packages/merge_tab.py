"""The tab Bring together: packages on the left, what they would change on the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from reviewer_app import theme
from reviewer_app.package_words import counted
from reviewer_app.pages.packages.counts_table import CountsTable
from reviewer_app.pages.packages.files_card import FilesCard
from reviewer_app.pages.packages.items_table import ItemsTable
from reviewer_app.pages.packages.merge_presenter import MergePresenter
from reviewer_app.widgets.buttons import make_button
from reviewer_app.widgets.form import Field
from reviewer_app.widgets.keys import add_button_keys
from reviewer_app.widgets.passphrase import PassphraseFields
from reviewer_app.widgets.words import ProblemBox, words_label
from reviewer_app.wording import moment

if TYPE_CHECKING:
    from core.services.merging.service import MergePreview


class MergeTab(QWidget):
    """Brings the work of several people together."""

    def __init__(self, presenter: MergePresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.presenter = presenter
        self.files = FilesCard(self)
        self.passphrase = PassphraseFields(self.tr("Passphrase"), self, is_new=False)
        self.unlock_button = QPushButton(self.tr("Unlock"), self)
        self.summary = words_label(self, "heading")
        self.detail = words_label(self, "muted")
        self.problem = ProblemBox(self)
        self.accept_box = QCheckBox(self.tr("I asked the sender: they have a new key"), self)
        self.counts = CountsTable(self)
        self.items = ItemsTable(self)
        self.notes = words_label(self, "hint")
        self.merge_button = QPushButton(self)
        theme.set_kind(self.merge_button, "primary")
        self.merge_button.setToolTip(self.tr("A backup is taken first; one step undoes it"))
        add_button_keys(self.merge_button, "M")
        self.last_title = words_label(self, "caption")
        self.last_words = words_label(self)
        self.undo_button = make_button(
            self.tr("Undo this merge (U)"), self, icon="mdi6.undo-variant"
        )
        add_button_keys(self.undo_button, "U")
        self._lay_out()
        self._connect()
        self._show_preview()
        self._show_last()

    def activate(self) -> None:
        """Look again at what was merged last."""
        self.presenter.refresh_last()

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(theme.space(3))
        left.addWidget(self.files, 1)
        left.addWidget(self._make_lock())
        left.addWidget(self._make_last())
        right = QVBoxLayout()
        right.setSpacing(theme.space(3))
        right.addWidget(self.summary)
        right.addWidget(self.detail)
        right.addWidget(self.problem)
        right.addWidget(self.accept_box)
        right.addWidget(self.counts)
        right.addWidget(self.items, 1)
        right.addWidget(self.notes)
        last = QHBoxLayout()
        last.addStretch(1)
        last.addWidget(self.merge_button)
        right.addLayout(last)
        self._right_end = QWidget(self)
        right.insertWidget(5, self._right_end, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, theme.space(3), 0, 0)
        row.setSpacing(theme.space(4))
        row.addLayout(left, 2)
        row.addLayout(right, 4)

    def _make_lock(self) -> QWidget:
        self._lock = QWidget(self)
        column = QVBoxLayout(self._lock)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(Field(self.tr("Passphrase of the package"), self.passphrase, self._lock))
        column.addWidget(self.unlock_button, 0, Qt.AlignmentFlag.AlignRight)
        return self._lock

    def _make_last(self) -> QFrame:
        self.last_card = QFrame(self)
        theme.set_role(self.last_card, "card")
        column = QVBoxLayout(self.last_card)
        column.setContentsMargins(*(theme.space(4),) * 4)
        column.addWidget(self.last_title)
        column.addWidget(self.last_words)
        column.addWidget(self.undo_button, 0, Qt.AlignmentFlag.AlignLeft)
        return self.last_card

    def _connect(self) -> None:
        presenter = self.presenter
        self.files.chosen.connect(presenter.add)
        self.files.removed.connect(presenter.remove)
        self.passphrase.entered.connect(self._on_unlock_wanted)
        self.unlock_button.clicked.connect(self._on_unlock_wanted)
        self.accept_box.toggled.connect(
            lambda checked: presenter.accept_new_key(is_accepted=checked)
        )
        self.items.left_out.connect(lambda item, left: presenter.leave_out(item, is_left_out=left))
        self.items.decided.connect(presenter.decide)
        self.merge_button.clicked.connect(presenter.merge)
        self.undo_button.clicked.connect(presenter.undo)
        presenter.preview_changed.connect(self._show_preview)
        presenter.choice_changed.connect(self._show_button)
        presenter.last_changed.connect(self._show_last)

    @Slot()
    def _show_preview(self) -> None:
        presenter, preview = self.presenter, self.presenter.preview
        self.files.show_files(presenter)
        self._lock.setVisible(presenter.needs_passphrase)
        tried = presenter.has_tried_passphrase
        self.passphrase.show_problem(str(presenter.problem) if tried else "")
        if presenter.needs_passphrase:
            self.passphrase.setFocus()
        is_told = presenter.problem is not None and not presenter.needs_passphrase
        self.problem.say(str(presenter.problem) if is_told else "")
        self._show_words(preview)
        self.accept_box.setChecked(False)
        self.accept_box.setVisible(presenter.has_changed_signer)
        self.counts.show_counts(preview.counts if preview else ())
        self.items.show_items(preview.items if preview else ())
        for table in (self.counts, self.items):
            table.setVisible(table.rowCount() > 0)
        self._right_end.setVisible(self.items.isHidden())
        self.notes.setText("\n".join(preview.notes) if preview else "")
        self.notes.setVisible(bool(self.notes.text()))
        self._show_button()

    def _show_words(self, preview: MergePreview | None) -> None:
        presenter = self.presenter
        if presenter.is_looking:
            self.summary.setText(self.tr("Looking at the packages …"))
            self.detail.setText(self.tr("Every byte is checked. Nothing is written."))
        elif preview is None:
            self.summary.setText(
                self.tr("Nothing was changed")
                if presenter.problem is not None
                else self.tr("What comes back is looked at first")
            )
            self.detail.setText(
                self.tr("Remove the refused file, or unlock it, to see what the others bring.")
                if presenter.problem is not None
                else self.tr(
                    "You see what is new, what is here already and what contradicts it, and "
                    "choose item by item. A merge is one step and can be undone in one step. "
                    "Merging the same file twice changes nothing, and the order does not matter."
                )
            )
        elif not presenter.has_news:
            self.summary.setText(self.tr("Everything in there is here already"))
            self.detail.setText(self.tr("Nothing would change."))
        else:
            self.summary.setText(self._count_words(preview))
            self.detail.setText(
                self.tr("Nothing is written yet. Leave out what should stay in the file.")
            )

    def _count_words(self, preview: MergePreview) -> str:
        words = [
            self.tr("%1 new").replace("%1", f"{preview.new:,}"),
            self.tr("%1 the same").replace("%1", f"{preview.same:,}"),
        ]
        conflicts = len(preview.conflicts)
        words.append(counted(self.tr("1 conflict"), self.tr("%1 conflicts"), conflicts))
        return ", ".join(words)

    @Slot()
    def _show_button(self) -> None:
        presenter = self.presenter
        count = presenter.chosen_count
        text = counted(self.tr("Merge 1 item (M)"), self.tr("Merge %1 items (M)"), count)
        self.merge_button.setText(text if count else self.tr("Merge (M)"))
        self.merge_button.setEnabled(presenter.can_merge)
        self.merge_button.setVisible(bool(presenter.files))

    @Slot()
    def _show_last(self) -> None:
        last = self.presenter.last
        self.last_card.setVisible(last is not None)
        if last is None:
            return
        self.last_title.setText(self.tr("Last merge, %1").replace("%1", moment(last.at)))
        names = ", ".join(last.names)
        new = counted(self.tr("1 new record"), self.tr("%1 new records"), last.new)
        words = f"{names}\n{new}."
        if not last.can_undo:
            words += " " + self.tr("Work was done since, so it cannot be undone here any more.")
        self.last_words.setText(words)
        self.undo_button.setVisible(last.can_undo)

    @Slot()
    def _on_unlock_wanted(self) -> None:
        if self.passphrase.is_complete():
            self.presenter.unlock(self.passphrase.text())
            self.passphrase.clear()
