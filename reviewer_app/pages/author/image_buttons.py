"""The row of buttons under an author's images: add, show it so, cut out, order, take out."""

from PySide6.QtWidgets import QPushButton, QWidget

from reviewer_app.widgets.buttons import make_button
from reviewer_app.widgets.flow import FlowLayout


class ImageButtons(QWidget):
    """The buttons; what they do is their owner's to connect."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.add = self._make(
            self.tr("Add images…"),
            "mdi6.image-plus",
            self.tr("Choose files or a folder, or drop them anywhere here"),
        )
        self.view = self._make(
            self.tr("Use this window"),
            "mdi6.contrast-circle",
            self.tr("Readers and models see this image first with the window shown now"),
        )
        self.part = self._make(
            self.tr("Cut out"),
            "mdi6.crop",
            self.tr("Add the part of the slide in sight as an image: readers and models see it"),
        )
        self.back = self._make(
            self.tr("Earlier"),
            "mdi6.arrow-left",
            self.tr("Move the image before the one before (Ctrl+Left)"),
        )
        self.forth = self._make(
            self.tr("Later"),
            "mdi6.arrow-right",
            self.tr("Move the image behind the next one (Ctrl+Right)"),
        )
        self.remove = self._make(
            self.tr("Remove"),
            "mdi6.delete-outline",
            self.tr("Take this image out of the question (Del)"),
        )
        self._lay_out()

    def _make(self, text: str, icon: str, tip: str) -> QPushButton:
        return make_button(text, self, icon=icon, kind="quiet", tip=tip)

    def _lay_out(self) -> None:
        row = FlowLayout(self)
        for button in (self.add, self.view, self.part):
            row.addWidget(button)
        row.add_gap()
        for button in (self.back, self.forth, self.remove):
            row.addWidget(button)
