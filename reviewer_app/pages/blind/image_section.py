"""One image of a dossier: the picture with its boxes beside what its header tells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from core.domain.ids import MediaId
from core.domain.media import ImageUse, View
from core.errors import CoreError
from reviewer_app import theme
from reviewer_app.pages.blind.blackout_view import BlackoutView
from reviewer_app.pages.blind.box_history import BoxHistory
from reviewer_app.widgets.buttons import icon_button
from reviewer_app.widgets.flow import FlowLayout
from reviewer_app.widgets.images.home import ImageHome
from reviewer_app.widgets.images.keys import STAGE_KEYS, ImageKeyRing, ImageKeys
from reviewer_app.widgets.images.loader import ImageLoader
from reviewer_app.widgets.keys import add_button_keys
from reviewer_app.widgets.status import StatusChip
from reviewer_app.widgets.tables import settle_table

if TYPE_CHECKING:
    from core.imaging.clearing.findings import Finding
    from core.imaging.display import Gray
    from core.imaging.image import LoadedImage
    from core.services.blinding import ImageDossier


_PERSONAL: Final = ("Patient", "Name", "Institution", "Physician", "Accession", "Address", "Birth")
_NOTHING: Final = BoxHistory()
_FACTS_PX: Final = 360
"""Over the whole screen, what the header tells needs no more: the picture gets the rest."""
Opener = Callable[[MediaId], "LoadedImage"]


class ImageSection(ImageHome):
    """Shows one `ImageDossier`, in its place or over the whole screen.

    Signals: `clear_requested(tuple)` with the boxes to black out.
    """

    clear_requested = Signal(object)

    def __init__(self, opener: Opener, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._opener = opener
        self._dossier: ImageDossier | None = None
        self._has_picture = False
        self._ring: ImageKeyRing | None = None
        self._loader = ImageLoader(self)
        self.view = BlackoutView(self)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setAccessibleName(self.tr("Frame"))
        self.slider.setToolTip(
            self.tr("Look at every frame for burned-in text (wheel, PgUp, PgDn)")
        )
        self._frame_label = QLabel(self)
        theme.set_role(self._frame_label, "hint")
        self.chip = StatusChip("", "mdi6.help", "note", self)
        self.warning = _message_frame(self)
        self.table = self._make_table()
        self._summary = QLabel(self)
        self._summary.setWordWrap(True)
        self.add_button = self._button(self.tr("Add box (B)"), "B")
        self.remove_button = self._button(self.tr("Remove box (Del)"), "")
        self.clear_button = self._button(self.tr("Clear image (L)"), "L")
        theme.set_kind(self.clear_button, "primary")
        self.large_button = icon_button("mdi6.fullscreen", self)
        self.large_button.clicked.connect(self.toggle_full_screen)
        self._arrange()
        self.slider.valueChanged.connect(self._show_frame)
        self.view.hand.changed.connect(self._update_buttons)
        self.view.stepped.connect(self._on_stepped)
        self.add_button.clicked.connect(self._on_add_clicked)
        self.remove_button.clicked.connect(self.view.hand.remove)
        self.clear_button.clicked.connect(lambda: self.clear_requested.emit(self.view.hand.boxes()))

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the keys of the window."""
        super().showEvent(event)
        ring = ImageKeyRing.of(self) if self._ring is None else None
        if ring is not None:
            self._ring = ring
            ring.changed.connect(self._show_keys)
        self._show_keys()

    def lend(self) -> QWidget:
        """Give the picture away with some room around it, which the page has anyway."""
        self._whole.setContentsMargins(*(theme.space(3),) * 4)
        return super().lend()

    def take_back(self, board: QWidget) -> None:
        """Show the picture in its place again."""
        self._whole.setContentsMargins(0, 0, 0, 0)
        super().take_back(board)

    @Slot()
    def _show_keys(self) -> None:
        keys = ImageKeys() if self._ring is None else self._ring.keys()
        self.show_home_keys(keys)
        tip = keys.tip(STAGE_KEYS[0].display_text, STAGE_KEYS[0].name)
        self.large_button.setToolTip(tip)
        self.large_button.setAccessibleName(tip)

    def show_image(self, dossier: ImageDossier, drawn: BoxHistory = _NOTHING) -> None:
        """Show an image; `drawn` was drawn on it before."""
        self._dossier = dossier
        self.view.hand.begin(BoxHistory())
        self.view.set_locked(is_locked=dossier.is_cleared)
        self._has_picture = False
        self.view.show_nothing()
        frames = dossier.use.frames
        self.slider.setVisible(len(frames) > 1)
        self._frame_label.setVisible(len(frames) > 1)
        self.view.has_frames = len(frames) > 1
        self.slider.setRange(0, max(len(frames) - 1, 0))
        self.slider.setValue(0)
        self.view.hand.begin(drawn)
        self._show_facts(dossier)
        self._update_buttons()
        self._show_frame(0)

    def set_busy(self, *, is_busy: bool) -> None:
        """Rest while the image is being cleared."""
        self._update_buttons()
        if is_busy:
            self.clear_button.setEnabled(False)
            self.clear_button.setText(self.tr("Clearing…"))
        else:
            self.clear_button.setText(self.tr("Clear image (L)"))

    def _show_frame(self, place: int) -> None:
        """Decode a frame beside the UI thread, and show it when it is there."""
        if self._dossier is None:
            return
        use = self._dossier.use
        self._frame_label.setText(
            self.tr("Frame %1 of %2; boxes hold for all")
            .replace("%1", str(place + 1))
            .replace("%2", str(len(use.frames)))
        )
        self._loader.forget()
        opener = partial(self._opener, use.media)
        work = partial(_rendered, opener, use.frames[place], use)
        self._loader.ask(work, self._on_rendered, self._on_refused)

    def _on_rendered(self, pixels: Gray) -> None:
        self._has_picture = True
        self.view.show_pixels(pixels)
        self._update_buttons()

    def _on_refused(self, error: CoreError) -> None:
        if not self._dossier or not self._dossier.unreadable:
            # Otherwise the dossier's own sentence about it stands there already.
            self._warn(str(error))
        self._update_buttons()

    def _show_facts(self, dossier: ImageDossier) -> None:
        scan, clearance = dossier.scan, dossier.clearance
        if clearance is not None:
            self.chip.show_state(self.tr("Cleared"), "mdi6.shield-check", "agreed")
            names = clearance.findings
            self._fill([(name, "") for name in names])
            self._name_columns(self.tr("What was removed"))
            self._summary.setText(
                self.tr("A copy without patient data; the original stays here. %1").replace(
                    "%1", self._boxes_in_words(len(clearance.blackouts))
                )
            )
            self._warn("")
            return
        self.chip.show_state(self.tr("Not cleared"), "mdi6.shield-alert-outline", "conflict")
        findings = () if scan is None else scan.findings
        self._name_columns(self.tr("Header entry"), self.tr("Value"))
        self._fill([(one.attribute, one.value) for one in sorted(findings, key=_interest)])
        self._summary.setText(
            self.tr("%1 header entries stay behind with the original; only you see them.").replace(
                "%1", str(len(findings))
            )
            if findings
            else self.tr("The header holds nothing about the patient.")
        )
        self._warn(dossier.unreadable or ("" if scan is None else scan.burned_in_risk))

    def _boxes_in_words(self, count: int) -> str:
        if count == 0:
            return self.tr("Nothing is blacked out.")
        if count == 1:
            return self.tr("One box is blacked out.")
        return self.tr("%1 boxes are blacked out.").replace("%1", str(count))

    def _fill(self, rows: list[tuple[str, str]]) -> None:
        self.table.setRowCount(len(rows))
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.table.setItem(row, column, item)
        self.table.setVisible(bool(rows))

    def _name_columns(self, entry: str, value: str = "") -> None:
        """Let names have the room of values where there are none."""
        self.table.setHorizontalHeaderLabels([entry, value])
        self.table.setColumnHidden(1, not value)

    def _warn(self, sentence: str) -> None:
        self.warning.setVisible(bool(sentence))
        self._warning_text.setText(sentence)

    def _on_stepped(self, frames: int) -> None:
        place = self.slider.value() + frames
        self.slider.setValue(max(self.slider.minimum(), min(place, self.slider.maximum())))

    def _on_add_clicked(self) -> None:
        self.view.hand.add_in_middle()
        self.view.setFocus()

    def _update_buttons(self) -> None:
        can_draw = self._dossier is not None and not self._dossier.is_cleared and self._has_picture
        for button in (self.add_button, self.remove_button, self.clear_button):
            button.setVisible(can_draw)
        self.remove_button.setEnabled(bool(self.view.hand.boxes()))
        self.clear_button.setEnabled(can_draw)

    def _button(self, text: str, key: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(text)
        if key:
            add_button_keys(button, key)
        return button

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, 2, self)
        table.setAccessibleName(self.tr("What the image's header tells"))
        settle_table(table, stretched=(0, 1))
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return table

    def _arrange(self) -> None:
        picture = QVBoxLayout()
        picture.setSpacing(theme.space(2))
        picture.addWidget(self.view, 1)
        picture.addWidget(self.slider)
        picture.addWidget(self._frame_label)
        tools = FlowLayout()
        tools.addWidget(self.add_button)
        tools.addWidget(self.remove_button)
        tools.add_gap()
        tools.addWidget(self.large_button)
        picture.addLayout(tools)
        side = QWidget(self)
        side.setMaximumWidth(theme.text_px(_FACTS_PX))
        facts = QVBoxLayout(side)
        facts.setContentsMargins(0, 0, 0, 0)
        facts.setSpacing(theme.space(2))
        facts.addWidget(self.chip)
        facts.addWidget(self.warning)
        facts.addWidget(self._summary)
        facts.addWidget(self.table, 1)
        facts.addStretch(0)
        facts.addWidget(self.clear_button)
        self._whole = QHBoxLayout(self.board)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.setSpacing(theme.space(4))
        self._whole.addLayout(picture, 5)
        self._whole.addWidget(side, 4)

    @property
    def _warning_text(self) -> QLabel:
        found: QLabel = self.warning.findChildren(QLabel)[0]
        return found


def _rendered(opener: Callable[[], LoadedImage], index: int, use: ImageUse) -> Gray:
    """Return a frame as it lies in the file, with the marks: their names leave with it."""
    from core.imaging.marks.drawing import with_marks

    image = opener()
    picture = image.frame(index).render(use.view)
    as_stored = View(use.view.window, use.view.is_inverted)
    return with_marks(picture, image, index, replace(use, view=as_stored))


def _interest(finding: Finding) -> int:
    """Rank what names a person or place first, private entries last."""
    if finding.attribute.startswith("Private"):
        return 3
    if any(word in finding.attribute for word in _PERSONAL):
        return 0
    return 2 if finding.attribute.endswith("UID") else 1


def _message_frame(parent: QWidget) -> QFrame:
    frame = QFrame(parent)
    theme.set_role(frame, "warning")
    text = QLabel(frame)
    text.setWordWrap(True)
    row = QHBoxLayout(frame)
    row.setContentsMargins(theme.space(2), theme.space(2), theme.space(2), theme.space(2))
    row.addWidget(text)
    frame.hide()
    return frame
