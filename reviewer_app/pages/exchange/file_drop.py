"""A place to drop one file with questions, and the ways to it by dialog."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from reviewer_app import theme
from reviewer_app.widgets.dropping import DropFrame
from reviewer_app.widgets.keys import add_button_keys

_PATTERNS = "*.jsonl *.csv *.tsv *.xlsx *.json *.eval"


class FileDrop(DropFrame):
    """Takes one file, or the folder of an exported set.

    Signals: `chosen(Path)`, dropped here or chosen.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_alone, parent)
        self.dropped.connect(self._on_dropped)
        picture = QLabel(self)
        picture.setPixmap(theme.icon("mdi6.file-import-outline").pixmap(32, 32))
        self.title = QLabel(self)
        theme.set_role(self.title, "heading")
        self.detail = QLabel(self)
        self.detail.setWordWrap(True)
        self.detail.setTextFormat(Qt.TextFormat.PlainText)
        theme.set_role(self.detail, "hint")
        self.file_button = QPushButton(self.tr("Choose file… (O)"), self)
        self.file_button.setToolTip(self.tr("Choose a file with questions"))
        self.file_button.clicked.connect(self.ask_for_file)
        add_button_keys(self.file_button, "O")
        self.folder_button = QPushButton(self.tr("Choose set… (S)"), self)
        self.folder_button.setToolTip(self.tr("Choose the folder of an exported set"))
        self.folder_button.clicked.connect(self.ask_for_folder)
        add_button_keys(self.folder_button, "S")
        words = QVBoxLayout()
        words.setSpacing(theme.space(1))
        words.addWidget(self.title)
        words.addWidget(self.detail)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.space(4), theme.space(3), theme.space(4), theme.space(3))
        row.setSpacing(theme.space(3))
        row.addWidget(picture)
        row.addLayout(words, 1)
        row.addWidget(self.file_button)
        row.addWidget(self.folder_button)
        self.show_file(None)

    def show_file(self, path: Path | None) -> None:
        """Show the chosen file, or what can be dropped here."""
        if path is None:
            self.title.setText(self.tr("Drop a file here"))
            self.detail.setText(
                self.tr(
                    "Questions: CSV, Excel, questions.jsonl, an exported set, JSON of VQA-RAD. "
                    "Answers of a model: log of Inspect, lm-eval or VLMEvalKit, or a table."
                )
            )
        else:
            self.title.setText(path.name)
            self.detail.setText(str(path.parent))
        self.detail.setToolTip("" if path is None else str(path))

    @Slot(object)
    def _on_dropped(self, paths: tuple[Path, ...]) -> None:
        self.chosen.emit(paths[0])

    @Slot()
    def ask_for_file(self) -> None:
        """Let the user choose a file."""
        kinds = f"{self.tr('Questions')} ({_PATTERNS});;{self.tr('All files')} (*)"
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a file"), "", kinds)
        if name:
            self.chosen.emit(Path(name))

    @Slot()
    def ask_for_folder(self) -> None:
        """Let the user choose the folder of an exported set."""
        name = QFileDialog.getExistingDirectory(self, self.tr("Choose an exported set"))
        if name:
            self.chosen.emit(Path(name))


def _alone(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    """Return a path that came alone: of several files nobody knows which one is meant."""
    return paths if len(paths) == 1 else ()
