"""The page Send back: what is done, what is not, and one button that writes one file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from core.changes import Changes
from core.domain.package import PACKAGE_SUFFIX
from core.errors import StorageError
from reviewer_app import theme
from reviewer_app.context import AppContext
from reviewer_app.package_words import counted, done_lines, open_lines
from reviewer_app.pages.base import Page
from reviewer_app.pages.sendback.presenter import SendBackPresenter, Sending
from reviewer_app.widgets.buttons import make_button
from reviewer_app.widgets.columns import centered, scrolled
from reviewer_app.widgets.keys import add_button_keys
from reviewer_app.widgets.path_field import PathField
from reviewer_app.widgets.signing import PackageSecret, SigningKeyBox
from reviewer_app.widgets.words import words_label
from reviewer_app.widgets.written_card import WrittenCard
from reviewer_app.wording import moment

if TYPE_CHECKING:
    from core.errors import CoreError
    from core.services.packages.service import MadePackage
    from core.services.packages.work import WorkState


class SendBackPage(Page):
    """The way back of a package."""

    name = "sendback"
    title = "Send back"
    icon = "mdi6.package-up"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        theme.set_role(self, "page")
        self.presenter = SendBackPresenter(context, self)
        self.done = words_label(self)
        self.open_work = words_label(self)
        self.sent_line = words_label(self, "hint")
        self.file = PathField(self.tr("Into the file"), self.tr("File"), self._ask_for_file, self)
        self.file.set_tips(
            self.tr("The one file that you send to the study lead"),
            self.tr("Choose folder and name"),
        )
        self.secret = PackageSecret(
            self.tr("Protect the file with a passphrase"),
            self.tr("Tell it the study lead on another way than the file"),
            self,
        )
        self.key_box = SigningKeyBox(self)
        self.result = WrittenCard(self)
        self.send_button = make_button(
            self.tr("Send my work back (S)"),
            self,
            icon="mdi6.package-up",
            kind="primary",
            tip=self.tr("Write one file; you can do so as often as you wish"),
        )
        self.send_button.clicked.connect(self._on_send_clicked)
        add_button_keys(self.send_button, "S")
        self._lay_out()
        self.presenter.state_changed.connect(self._show_state)
        self.presenter.sent.connect(self._on_sent)
        self.presenter.refused.connect(self._on_refused)

    def activate(self) -> None:
        self.presenter.refresh()
        if not self.file.edit.text() or Path(self.file.edit.text()).exists():
            self.file.edit.setText(str(self.presenter.suggested_target()))
        self.filled.emit()

    def take_focus(self) -> None:
        self.send_button.setFocus()

    def apply_changes(self, changes: Changes) -> None:
        self.presenter.refresh()

    def waiting_count(self) -> int:
        self.presenter.refresh()
        return self.presenter.state.unsent if self.presenter.state else 0

    def _lay_out(self) -> None:
        body = QWidget(self)
        column = QVBoxLayout(body)
        column.setContentsMargins(*(theme.space(4),) * 4)
        column.setSpacing(theme.space(3))
        title = QLabel(self.tr("Send my work back"), body)
        theme.set_role(title, "title")
        purpose = words_label(body, "muted")
        purpose.setText(
            self.tr(
                "One file with your answers, verdicts, flags and comments, signed by you. Send it "
                "to the study lead as you like: by mail, on a stick, over a shared folder. No "
                "question, image or key is in it. You can go on afterwards and send again; nothing "
                "is counted twice."
            )
        )
        for widget in (title, purpose, self._make_state(), self.file, self.secret, self.key_box):
            column.addWidget(widget)
        last = QHBoxLayout()
        last.addWidget(self.sent_line, 1)
        last.addWidget(self.send_button)
        column.addLayout(last)
        column.addWidget(self.result)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, theme.space(4), 0, 0)
        outer.addWidget(scrolled(centered(body)))

    def _make_state(self) -> QFrame:
        card = QFrame(self)
        theme.set_role(card, "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(*(theme.space(4),) * 4)
        column.setSpacing(theme.space(2))
        for icon, ink, words in (
            ("mdi6.check-circle-outline", "agreed", self.done),
            ("mdi6.progress-clock", "waiting", self.open_work),
        ):
            row = QHBoxLayout()
            picture = QLabel(card)
            picture.setPixmap(theme.icon(icon, ink).pixmap(20, 20))
            row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(words, 1)
            column.addLayout(row)
        return card

    @Slot()
    def _show_state(self) -> None:
        state = self.presenter.state
        if state is None:
            return
        self.done.setText("\n".join(done_lines(state)) or self.tr("Nothing was sent here to do."))
        self.open_work.setText("\n".join(open_lines(state)) or self._all_done(state))
        self.sent_line.setText(self._sent_words(state))
        self.key_box.show_key(self.presenter.key_state)
        self.send_button.setEnabled(self.presenter.can_send)
        self.waiting_changed.emit(state.unsent)

    def _all_done(self, state: WorkState) -> str:
        if not state.is_begun:
            return self.tr("There is nothing to send yet.")
        if state.answered and not state.rateable:
            return self.tr(
                "Everything is answered. The keys come with a second package; then you rate."
            )
        return self.tr("Everything is done.")

    def _sent_words(self, state: WorkState) -> str:
        if state.sent_at is None:
            return self.tr("Not sent yet.")
        sent = self.tr("Last sent %1.").replace("%1", moment(state.sent_at))
        if not state.unsent:
            return f"{sent} {self.tr('Nothing was added since.')}"
        more = counted(
            self.tr("1 answer, verdict or comment since."),
            self.tr("%1 answers, verdicts and comments since."),
            state.unsent,
        )
        return f"{sent} {more}"

    def _ask_for_file(self, known: str) -> str:
        kinds = f"{self.tr('Packages')} (*{PACKAGE_SUFFIX})"
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Send my work back"), known, kinds)
        return f"{name}{PACKAGE_SUFFIX}" if name and not Path(name).suffix else name

    @Slot()
    def _on_send_clicked(self) -> None:
        file = self.file.wanted(self.tr("Name a file first."))
        if file is None or not self.secret.is_complete() or not self.key_box.is_complete():
            return
        self.presenter.send(Sending(file, self.secret.text(), self.key_box.text()))

    @Slot(object)
    def _on_sent(self, made: MadePackage) -> None:
        from core.domain.package import RecordKind

        kinds = (RecordKind.ANSWER, RecordKind.VERIFICATION)
        answers, verdicts = (made.counts.get(kind, 0) for kind in kinds)
        what = [counted(self.tr("1 answer"), self.tr("%1 answers"), answers)]
        if verdicts:
            what.append(counted(self.tr("1 verdict"), self.tr("%1 verdicts"), verdicts))
        note = " ".join(filter(None, (self.tr("Send this file to the study lead."), made.note)))
        self.secret.fields.clear()
        self.key_box.fields.clear()
        self.file.edit.setText(str(self.presenter.suggested_target(made.path.parent)))
        self.result.show_written(
            self.tr("Written: %1").replace("%1", self.tr(" and ").join(what)),
            made.path.parent,
            place=str(made.path),
            note=note,
        )

    @Slot(object)
    def _on_refused(self, error: CoreError) -> None:
        if not (isinstance(error, StorageError) and self.key_box.refuse(str(error))):
            self.file.refuse(str(error))
