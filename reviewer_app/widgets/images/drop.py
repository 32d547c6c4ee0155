"""A place to drop image files, and the way to them by dialog."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from reviewer_app import theme
from reviewer_app.widgets.dropping import DropFrame

# DICOM files often have no ending at all, so "all files" comes first.
_FILTER = (
    "*.dcm *.dicom DICOMDIR *.zip *.nii *.nii.gz *.png *.jpg *.jpeg *.tif *.tiff *.webp *.bmp "
    "*.svs *.ndpi *.scn"
)


class ImageDrop(DropFrame):
    """Takes image files, folders and ZIP files.

    Signals: `files_dropped(tuple[Path, ...])`, dropped here or chosen.
    """

    files_dropped = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tuple, parent)
        self.dropped.connect(self.files_dropped)
        picture = QLabel(self)
        picture.setPixmap(theme.icon("mdi6.image-plus").pixmap(40, 40))
        text = QLabel(self.tr("Drop images here"), self)
        theme.set_role(text, "heading")
        kinds = QLabel(
            self.tr(
                "DICOM as files, a folder, a ZIP or a DICOMDIR; NIfTI, PNG, JPEG, TIFF, WebP, BMP; "
                "up to 12 images for a question. A folder is sorted into its series."
            ),
            self,
        )
        kinds.setWordWrap(True)
        kinds.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        kinds.setFixedWidth(theme.text_px(theme.space(90)))
        theme.set_role(kinds, "hint")
        self.choose_button = QPushButton(self.tr("Choose files…"), self)
        self.choose_button.setToolTip(self.tr("Choose image files"))
        self.choose_button.clicked.connect(self.ask_for_files)
        self.folder_button = QPushButton(self.tr("Choose a folder…"), self)
        self.folder_button.setToolTip(self.tr("Choose a folder of images, such as a copied disc"))
        self.folder_button.clicked.connect(self.ask_for_folder)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.space(2))
        for button in (self.choose_button, self.folder_button):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setSpacing(theme.space(2))
        column.addStretch(1)
        for widget in (picture, text):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        # In a row of its own: a column would ask for its height at the whole width and cut it.
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(kinds)
        row.addStretch(1)
        column.addLayout(row)
        column.addLayout(buttons)
        column.setAlignment(buttons, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    @Slot()
    def ask_for_files(self) -> None:
        """Let the user choose image files."""
        names, _ = QFileDialog.getOpenFileNames(
            self,
            self.tr("Choose images"),
            "",
            f"{self.tr('All files')} (*);;{self.tr('Images')} ({_FILTER})",
        )
        if names:
            self.files_dropped.emit(tuple(Path(name) for name in names))

    @Slot()
    def ask_for_folder(self) -> None:
        """Let the user choose a folder."""
        name = QFileDialog.getExistingDirectory(self, self.tr("Choose a folder of images"))
        if name:
            self.files_dropped.emit((Path(name),))

    def make_menu(self, parent: QWidget) -> QMenu:
        """Return a menu with both ways."""
        menu = QMenu(parent)
        for text, ask in (
            (self.tr("Files…"), self.ask_for_files),
            (self.tr("Folder…"), self.ask_for_folder),
        ):
            menu.addAction(text).triggered.connect(ask)
        return menu
