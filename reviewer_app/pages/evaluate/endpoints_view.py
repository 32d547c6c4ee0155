"""Named endpoints: a list, the fields of one, a test that ends in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from core.errors import ValidationError
from core.secrets import KeyOrigin
from core.services.evaluation.profiles import AllowedData, EndpointProfile
from reviewer_app import theme
from reviewer_app.pages.evaluate.endpoint_form import EndpointForm, renamed
from reviewer_app.pages.evaluate.endpoints_presenter import PRESETS, Offered, Tested
from reviewer_app.pages.evaluate.wording import key_sentence
from reviewer_app.widgets.buttons import make_button
from reviewer_app.widgets.confirm_box import ConfirmBox
from reviewer_app.widgets.empty_state import EmptyState

_LIST_PX = 260
_FORM_PX = 720


class EndpointsView(QWidget):
    """Signals: `store_requested(EndpointProfile, str, str)`: what is entered, its key, the name it
    had; `remove_requested(str)`; `test_requested(EndpointProfile, str)` and
    `models_wanted(EndpointProfile, str)`, with the key; `key_wanted(str)` and
    `forget_requested(str)`, an address; `use_requested(str)`, a name.
    """

    store_requested = Signal(object, str, str)
    remove_requested = Signal(str)
    test_requested = Signal(object, str)
    models_wanted = Signal(object, str)
    key_wanted = Signal(str)
    forget_requested = Signal(str)
    use_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._profiles: tuple[EndpointProfile, ...] = ()
        self._stored_name = ""
        self._drafts: dict[str, EndpointProfile] = {}
        self.add_button = make_button(
            self.tr("Add"),
            self,
            icon="mdi6.plus",
            tip=self.tr("Add a server on this computer or any other endpoint"),
        )
        self._menu = self._make_menu()
        self.add_button.setMenu(self._menu)
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Endpoints"))
        self.form = EndpointForm(self)
        self.test_button = make_button(
            self.tr("Test connection"),
            self,
            icon="mdi6.lan-connect",
            tip=self.tr("Asks the endpoint for one word, and shows an image"),
        )
        self.test_result = self._make_result()
        self.forget_button = QPushButton(self.tr("Forget the stored key"), self)
        theme.set_kind(self.forget_button, "link")
        self.save_button = make_button(
            self.tr("Save endpoint"),
            self,
            icon="mdi6.content-save-outline",
            kind="primary",
            tip=self.tr("Kept on this computer; the key goes to the keyring"),
        )
        self.use_button = make_button(self.tr("New run with it"), self, icon="mdi6.play-outline")
        self.remove_button = make_button(
            self.tr("Remove"),
            self,
            icon="mdi6.delete-outline",
            tip=self.tr("Take it off the list; runs keep their answers"),
        )
        self.confirm = ConfirmBox(self)
        self.empty = self._make_empty()
        self._lay_out()
        self._connect()
        self.show_profiles(())

    @property
    def drafts(self) -> dict[str, EndpointProfile]:
        """What was entered and is not saved, by the stored name; without one it is new."""
        return dict(self._drafts)

    def take_drafts(self, drafts: dict[str, EndpointProfile]) -> None:
        """Take what was entered before the last end."""
        self._drafts = dict(drafts)
        self._stored_name = next(iter(drafts), self._stored_name)

    def show_profiles(self, profiles: Sequence[EndpointProfile]) -> None:
        """List the endpoints; the chosen one stays, with what was entered."""
        self._profiles = tuple(profiles)
        names = [one.name for one in self._profiles]
        for gone in set(self._drafts) - {*names, ""}:
            self._drafts[""] = self._drafts.pop(gone)
        self.list.blockSignals(True)
        self.list.clear()
        for profile in self._listed():
            self.list.addItem(self._item(profile))
        self.list.setCurrentRow(-1)
        self.list.blockSignals(False)
        known = self._names()
        if known:
            self._choose(known.index(self._stored_name) if self._stored_name in known else 0)
        self._update()

    def begin(self, profile: EndpointProfile) -> None:
        """Start a new endpoint from a preset."""
        taken = {one.name for one in self._profiles}
        self._drafts[""] = renamed(profile, taken) if profile.name else profile
        self._stored_name = ""
        self.show_profiles(self._profiles)
        (self.form.llm if profile.base_url else self.form.name).setFocus()

    def _names(self) -> list[str]:
        """Return the stored name of each row; the new one, without, comes last."""
        return [*(one.name for one in self._profiles), *([""] if "" in self._drafts else [])]

    def _listed(self) -> list[EndpointProfile]:
        new = self._drafts.get("")
        return [*self._profiles, *([new] if new is not None else [])]

    @Slot(object)
    def show_refused(self, error: ValidationError) -> None:
        """Say beside its field what is wrong."""
        self.form.show_problem(error)

    @Slot(str)
    def show_stored(self, name: str) -> None:
        """Note that what is entered is kept under a name."""
        self._drafts.pop(self._stored_name, None)
        self._stored_name = name
        self.show_profiles(self._profiles)
        self._say(self.tr("Saved."), "hint")

    @Slot(object)
    def show_tested(self, tested: Tested) -> None:
        """Say how the test ended."""
        self.test_button.setEnabled(True)
        self._say(tested.sentence, "hint" if tested.has_answered else "error")

    @Slot(object)
    def show_offered(self, offered: Offered) -> None:
        """Offer the models of the endpoint, or say why there is no list."""
        if offered.base_url != self.form.base_url.text():
            return
        if offered.trouble:
            self.form.models.show_trouble(offered.trouble)
        else:
            self.form.models.show_models(offered.names)

    @Slot(str, object)
    def show_key_origin(self, address: str, origin: KeyOrigin) -> None:
        """Say where the key for the address in the form is."""
        if address == self.form.base_url.text().strip().rstrip("/"):
            self.form.show_key_hint(key_sentence(origin) if address else "")
            self.forget_button.setVisible(origin is KeyOrigin.KEYRING)

    def _make_result(self) -> QLabel:
        result = QLabel(self)
        result.setWordWrap(True)
        result.setTextFormat(Qt.TextFormat.PlainText)
        return result

    def _make_empty(self) -> EmptyState:
        return EmptyState(
            "mdi6.lan-connect",
            self.tr("No endpoint yet"),
            self.tr(
                "An endpoint is where a language model listens: a program on this computer such as"
                " Ollama or LM Studio, a server of your hospital, or a paid service."
            ),
            action=self.tr("Add Ollama on this computer"),
            on_action=lambda: self.begin(PRESETS[0]),
            parent=self,
        )

    def _make_menu(self) -> QMenu:
        menu = QMenu(self)
        for preset in PRESETS:
            is_local = preset.allowed is AllowedData.LOCAL_ONLY
            words = self.tr("%1 on this computer") if is_local else self.tr("%1 (paid service)")
            menu.addAction(words.replace("%1", preset.name), partial(self.begin, preset))
        menu.addSeparator()
        other = EndpointProfile("", "", "")
        menu.addAction(self.tr("Any OpenAI-compatible address"), partial(self.begin, other))
        return menu

    def _item(self, profile: EndpointProfile) -> QListWidgetItem:
        is_open = profile.name in self._drafts or profile not in self._profiles
        name = profile.name or self.tr("New endpoint")
        words = self.tr("%1 (not saved)").replace("%1", name) if is_open else name
        item = QListWidgetItem(f"{words}\n{profile.llm}")
        is_local = profile.allowed is AllowedData.LOCAL_ONLY
        item.setIcon(theme.icon("mdi6.home-outline" if is_local else "mdi6.cloud-outline"))
        item.setToolTip(profile.base_url)
        return item

    def _lay_out(self) -> None:
        left = QWidget(self)
        left.setFixedWidth(theme.text_px(_LIST_PX))
        list_column = QVBoxLayout(left)
        list_column.setContentsMargins(0, 0, 0, 0)
        list_column.addWidget(self.add_button)
        list_column.addWidget(self.list, 1)
        inner = QWidget()
        theme.set_role(inner, "scrolled")
        column = QVBoxLayout(inner)
        column.setContentsMargins(*(theme.space(4),) * 4)
        column.setSpacing(theme.space(3))
        column.addWidget(self.form)
        column.addWidget(self.forget_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.test_result)
        column.addWidget(self.confirm)
        column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(*(theme.space(3),) * 4)
        buttons.setSpacing(theme.space(2))
        buttons.addWidget(self.remove_button)
        buttons.addStretch(1)
        for button in (self.test_button, self.use_button, self.save_button):
            buttons.addWidget(button)
        self._card = QFrame(self)
        theme.set_role(self._card, "card")
        self._card.setMaximumWidth(theme.text_px(_FORM_PX))
        card = QVBoxLayout(self._card)
        card.setContentsMargins(1, 1, 1, 1)
        card.setSpacing(0)
        card.addWidget(scroll, 1)
        card.addLayout(buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(4))
        row.addWidget(left)
        row.addWidget(self._card, 1)
        row.addWidget(self.empty, 1)
        row.addStretch(0)

    def _connect(self) -> None:
        self.list.currentRowChanged.connect(self._on_row_changed)
        self.form.edited.connect(self._on_edited)
        self.form.base_url.editingFinished.connect(self._ask_for_key)
        self.form.models.models_wanted.connect(
            lambda: self.models_wanted.emit(self.form.profile(), self.form.api_key.text())
        )
        self.save_button.clicked.connect(self._on_save_clicked)
        self.test_button.clicked.connect(self._on_test_clicked)
        self.forget_button.clicked.connect(
            lambda: self.forget_requested.emit(self.form.base_url.text())
        )
        self.use_button.clicked.connect(lambda: self.use_requested.emit(self._stored_name))
        self.remove_button.clicked.connect(self._on_remove_clicked)
        self.confirm.confirmed.connect(self._on_remove_confirmed)

    def _choose(self, row: int) -> None:
        name, profile = self._names()[row], self._listed()[row]
        self.list.blockSignals(True)
        self.list.setCurrentRow(row)
        self.list.blockSignals(False)
        self._stored_name = name
        self.form.show_profile(self._drafts.get(name, profile))
        self.forget_button.hide()
        self.confirm.hide()
        self._say("", "hint")
        self._ask_for_key()
        self._update()

    def _update(self) -> None:
        has_one = bool(self._names())
        self._card.setVisible(has_one)
        self.empty.setVisible(not has_one)
        is_open = self._stored_name in self._drafts
        self.save_button.setEnabled(is_open)
        self.use_button.setEnabled(bool(self._stored_name) and not is_open)
        self.remove_button.setEnabled(bool(self._stored_name) or is_open)
        self.test_button.setEnabled(bool(self.form.base_url.text() and self.form.llm.text()))

    def _say(self, sentence: str, role: str) -> None:
        theme.set_role(self.test_result, role)
        self.test_result.setText(sentence)
        self.test_result.setVisible(bool(sentence))

    def _ask_for_key(self) -> None:
        self.form.show_key_hint("")
        self.key_wanted.emit(self.form.base_url.text())

    @Slot()
    def _on_edited(self) -> None:
        is_new = self._stored_name not in self._drafts
        self._drafts[self._stored_name] = self.form.profile()
        if is_new:
            row = self.list.currentRow()
            self.list.item(row).setText(self._item(self._listed()[row]).text())
        self.form.show_problem(None)
        self._say("", "hint")
        self._update()

    @Slot(int)
    def _on_row_changed(self, row: int) -> None:
        if row >= 0:
            self._choose(row)

    @Slot()
    def _on_save_clicked(self) -> None:
        key = self.form.api_key.text()
        self.store_requested.emit(self.form.profile(), key, self._stored_name)

    @Slot()
    def _on_test_clicked(self) -> None:
        self.test_button.setEnabled(False)
        self._say(self.tr("Asking…"), "hint")
        self.test_requested.emit(self.form.profile(), self.form.api_key.text())

    @Slot()
    def _on_remove_clicked(self) -> None:
        if not self._stored_name:
            self._drafts.pop("", None)
            self.show_profiles(self._profiles)
            return
        question = self.tr("Remove “%1” from the list?").replace("%1", self._stored_name)
        self.confirm.ask(question, self.tr("Remove"))

    @Slot()
    def _on_remove_confirmed(self) -> None:
        self._drafts.pop(self._stored_name, None)
        self.remove_requested.emit(self._stored_name)
