"""What stands in place of the sections while slices are read, or when there are none."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from core.errors import CoreError
from reviewer_app import theme


class MprWaiting(QWidget):
    """Tells how far reading is, or why there are no sections. Signal: `closing_wanted()`."""

    closing_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = QLabel(self)
        self.label.setWordWrap(True)
        self.label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setMaximumWidth(theme.text_px(320))
        self.bar.setAccessibleName(self.tr("Slices read"))
        self.button = QPushButton(self)
        self.button.clicked.connect(self.closing_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.space(8)] * 4)
        column.setSpacing(theme.space(4))
        column.addStretch(1)
        column.addWidget(self.label)
        column.addWidget(self.bar, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def show_progress(self, done: int, total: int) -> None:
        """Tell how many slices were read."""
        self.label.setText(self.tr("Reading the slices … {0} of {1}").format(done, total))
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.bar.show()
        self.button.setText(self.tr("Cancel"))

    def show_error(self, error: CoreError) -> None:
        """Tell why there are no sections."""
        self.label.setText("\n\n".join(part for part in (error.sentence, error.hint) if part))
        self.bar.hide()
        self.button.setText(self.tr("Back to the frames"))
        self.button.setFocus()
