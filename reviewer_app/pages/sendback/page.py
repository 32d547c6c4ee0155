"""The page Send back: what is done, what is not, and one button that writes one file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from core.changes import Changes
from core.domain.package import PACKAGE_SUFFIX
from core.errors import StorageError
from reviewer_app import theme
from reviewer_app.context import AppContext
from reviewer_app.package_words import counted, done_lines, key_words, open_lines
from reviewer_app.pages.base import Page
from reviewer_app.pages.sendback.presenter import SendBackPresenter, Sending
from reviewer_app.widgets.columns import centered
from reviewer_app.widgets.form import Field, LineText
from reviewer_app.widgets.keys import add_button_keys
from reviewer_app.widgets.passphrase import PassphraseFields
from reviewer_app.wording import moment

if TYPE_CHECKING:
    from core.errors import CoreError
    from core.services.package_work import WorkState
    from core.services.packages import MadePackage


class SendBackPage(Page):
    """The way back of a package."""

    name = "sendback"
    title = "Send back"
    icon = "mdi6.package-up"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        theme.set_role(self, "page")
        self.presenter = SendBackPresenter(context, self)
        self.done = _words(self)
        self.open_work = _words(self)
        self.sent_line = _words(self, "hint")
        self.file_edit = LineText(self.tr("File"), self)
        self.file_edit.setToolTip(self.tr("The one file that you send to the study lead"))
        self.choose_button = QPushButton(self.tr("Choose…"), self)
        self.choose_button.setToolTip(self.tr("Choose folder and name"))
        self.choose_button.clicked.connect(self._on_choose_wanted)
        self.file_field = Field(self.tr("Into the file"), self._file_row(), self)
        self.secret_box = QCheckBox(self.tr("Protect the file with a passphrase"), self)
        self.secret_box.setToolTip(self.tr("Tell it the study lead on another way than the file"))
        self.secret = PassphraseFields(self.tr("Passphrase"), self, is_new=True)
        self.secret_box.toggled.connect(self.secret.setVisible)
        self.secret.hide()
        self.key_note = _words(self)
        self.key_secret = PassphraseFields(
            self.tr("Passphrase of your signing key"), self, is_new=True
        )
        self.send_button = QPushButton(
            theme.icon("mdi6.package-up", "on_accent"), self.tr("Send my work back (S)"), self
        )
        theme.set_kind(self.send_button, "primary")
        self.send_button.setToolTip(self.tr("Write one file; you can do so as often as you wish"))
        self.send_button.clicked.connect(self._on_send_clicked)
        add_button_keys(self.send_button, "S")
        self._make_result()
        self._lay_out()
        self.presenter.state_changed.connect(self._show_state)
        self.presenter.sent.connect(self._on_sent)
        self.presenter.refused.connect(self._on_refused)

    def activate(self) -> None:
        self.presenter.refresh()
        if not self.file_edit.text() or Path(self.file_edit.text()).exists():
            self.file_edit.setText(str(self.presenter.suggested_target()))
        self.filled.emit()

    def take_focus(self) -> None:
        self.send_button.setFocus()

    def apply_changes(self, changes: Changes) -> None:
        self.presenter.refresh()

    def waiting_count(self) -> int:
        self.presenter.refresh()
        return self.presenter.state.unsent if self.presenter.state else 0

    def _file_row(self) -> QWidget:
        row = QWidget(self)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.space(2))
        line.addWidget(self.file_edit, 1)
        line.addWidget(self.choose_button)
        row.setFocusProxy(self.file_edit)
        return row

    def _lay_out(self) -> None:
        body = QWidget(self)
        column = QVBoxLayout(body)
        column.setContentsMargins(*(theme.space(4),) * 4)
        column.setSpacing(theme.space(3))
        title = QLabel(self.tr("Send my work back"), body)
        theme.set_role(title, "title")
        purpose = _words(body, "muted")
        purpose.setText(
            self.tr(
                "One file with your answers and verdicts, signed by you. Send it to the study lead "
                "as you like: by mail, on a stick, over a shared folder. No question, image or key "
                "is in it. You can go on afterwards and send again; nothing is counted twice."
            )
        )
        for widget in (title, purpose, self._make_state(), self.file_field, self.secret_box):
            column.addWidget(widget)
        column.addWidget(self.secret)
        column.addWidget(self._make_key_box())
        last = QHBoxLayout()
        last.addWidget(self.sent_line, 1)
        last.addWidget(self.send_button)
        column.addLayout(last)
        column.addWidget(self.result)
        column.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        holder = centered(body)
        theme.set_role(holder, "scrolled")
        area.setWidget(holder)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, theme.space(4), 0, 0)
        outer.addWidget(area)

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
        self.result_title = _words(self.result, "heading")
        self.result_file = _words(self.result)
        self.result_file.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.result_note = _words(self.result, "hint")
        self.show_button = QPushButton(
            theme.icon("mdi6.folder-open-outline"), self.tr("Show in folder (L)"), self.result
        )
        self.show_button.clicked.connect(self._on_show_wanted)
        add_button_keys(self.show_button, "L")
        column = QVBoxLayout(self.result)
        for widget in (self.result_title, self.result_file, self.result_note):
            column.addWidget(widget)
        column.addWidget(self.show_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.result.hide()

    @Slot()
    def _show_state(self) -> None:
        from core.signing_keys import KeyState

        state = self.presenter.state
        if state is None:
            return
        self.done.setText("\n".join(done_lines(state)) or self.tr("Nothing was sent here to do."))
        self.open_work.setText("\n".join(open_lines(state)) or self._all_done(state))
        self.sent_line.setText(self._sent_words(state))
        key = self.presenter.key_state
        words = "" if key is None else key_words(key)
        self.key_box.setVisible(bool(words))
        self.key_note.setText(words)
        self.key_secret.set_new(is_new=key is KeyState.NO_PLACE)
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
            self.tr("1 answer or verdict since."),
            self.tr("%1 answers and verdicts since."),
            state.unsent,
        )
        return f"{sent} {more}"

    @Slot()
    def _on_choose_wanted(self) -> None:
        kinds = f"{self.tr('Packages')} (*{PACKAGE_SUFFIX})"
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("Send my work back"), self.file_edit.text(), kinds
        )
        if name:
            path = Path(name)
            self.file_edit.setText(
                str(path if path.suffix else path.with_name(path.name + PACKAGE_SUFFIX))
            )
            self.file_field.show_problem("")

    @Slot()
    def _on_send_clicked(self) -> None:
        text = self.file_edit.text().strip()
        theme.mark_invalid(self.file_edit, wrong=not text)
        self.file_field.show_problem("" if text else self.tr("Name a file first."))
        wants_secret = self.secret_box.isChecked()
        if not text or (wants_secret and not self.secret.is_complete()):
            return
        needs_key = not self.key_box.isHidden()
        if needs_key and not self.key_secret.is_complete():
            return
        self.presenter.send(
            Sending(
                Path(text).expanduser(),
                self.secret.text() if wants_secret else "",
                self.key_secret.text() if needs_key else "",
            )
        )

    @Slot(object)
    def _on_sent(self, made: MadePackage) -> None:
        from core.domain.package import RecordKind

        kinds = (RecordKind.ANSWER, RecordKind.VERIFICATION)
        answers, verdicts = (made.counts.get(kind, 0) for kind in kinds)
        what = [counted(self.tr("1 answer"), self.tr("%1 answers"), answers)]
        if verdicts:
            what.append(counted(self.tr("1 verdict"), self.tr("%1 verdicts"), verdicts))
        self.result_title.setText(self.tr("Written: %1").replace("%1", self.tr(" and ").join(what)))
        self.result_file.setText(str(made.path))
        self.result_note.setText(
            " ".join(filter(None, (self.tr("Send this file to the study lead."), made.note)))
        )
        self.result.show()
        self.secret.clear()
        self.key_secret.clear()
        self.file_edit.setText(str(self.presenter.suggested_target(made.path.parent)))
        self.show_button.setFocus()

    @Slot(object)
    def _on_refused(self, error: CoreError) -> None:
        is_key = isinstance(error, StorageError) and not self.key_box.isHidden()
        if is_key:
            self.key_secret.show_problem(str(error))
            self.key_secret.setFocus()
        else:
            self.file_field.show_problem(str(error))
            theme.mark_invalid(self.file_edit, wrong=True)

    @Slot()
    def _on_show_wanted(self) -> None:
        folder = Path(self.result_file.text()).parent
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _words(parent: QWidget, role: str = "") -> QLabel:
    label = QLabel(parent)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        theme.set_role(label, role)
    return label
