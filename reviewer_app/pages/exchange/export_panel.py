"""The export side: which questions, with or without keys, into which folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFrame,
    QLabel,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.domain.stage import Stage
from reviewer_app import theme
from reviewer_app.pages.exchange.presenter import Leaving
from reviewer_app.widgets.form import Field
from reviewer_app.widgets.keys import add_button_keys
from reviewer_app.widgets.path_field import PathField
from reviewer_app.widgets.words import words_label
from reviewer_app.widgets.written_card import WrittenCard
from reviewer_app.wording import question_count

if TYPE_CHECKING:
    from core.domain.plain import Plain
    from core.errors import CoreError
    from core.services.exchange.service import ExportReport
    from reviewer_app.pages.exchange.presenter import ExchangePresenter

_STAGES = (Stage.VERIFIED, Stage.IN_VERIFICATION, Stage.BLINDED, Stage.DRAFT, None)
_SHOWN_ROWS = 5


class ExportPanel(QFrame):
    """Fields of an export and what became of the last one.

    Signals: `export_requested(Leaving)`.
    """

    export_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "card")
        self.setAccessibleName(self.tr("Export"))
        self._suggested = ""
        self.stage_box = QComboBox(self)
        self.stage_box.setAccessibleName(self.tr("Questions"))
        self.stage_box.setToolTip(self.tr("Which questions leave"))
        for _ in _STAGES:
            self.stage_box.addItem("")
        self.keys_box = QCheckBox(self.tr("With keys, citations and results"), self)
        self.keys_box.setChecked(True)
        self.keys_box.setToolTip(
            self.tr("Leave this out for people and programs that are to answer")
        )
        self.folder = PathField(
            self.tr("Into the new folder"), self.tr("New folder"), self._ask_for_folder, self
        )
        self.folder.set_tips(
            self.tr("A folder that does not exist yet, or an empty one"),
            self.tr("Choose where the folder is made"),
        )
        self.export_button = QPushButton(self)
        theme.set_kind(self.export_button, "primary")
        self.export_button.setToolTip(self.tr("Write questions, images and checksums"))
        self.export_button.clicked.connect(self._on_export_clicked)
        add_button_keys(self.export_button, "E")
        self.result = WrittenCard(self)
        self.left_out_words = words_label(self.result)
        self.left_out = QListWidget(self.result)
        self.left_out.setAccessibleName(self.tr("Questions left out"))
        self.left_out.setWordWrap(True)
        self.result.details.addWidget(self.left_out_words)
        self.result.details.addWidget(self.left_out)
        self._lay_out()
        self.keys_box.toggled.connect(self._show_contents)
        self._show_contents()

    def suggest(self, folder: Path) -> None:
        """Offer a folder where none was written yet."""
        self._suggested = str(folder)
        if not self.folder.edit.text():
            self.folder.edit.setText(self._suggested)

    def unsent(self) -> Plain:
        """Return what was entered and not exported; empty while all is as it was offered."""
        folder = self.folder.edit.text()
        entered: Plain = {
            "folder": "" if folder == self._suggested else folder,
            "stage": self.stage_box.currentIndex(),
            "keys": self.keys_box.isChecked(),
        }
        return {} if entered == {"folder": "", "stage": 0, "keys": True} else entered

    def take_unsent(self, entered: Plain) -> None:
        """Take what was entered before the last end or crash."""
        self.folder.edit.setText(entered["folder"])
        self.stage_box.setCurrentIndex(entered["stage"])
        self.keys_box.setChecked(entered["keys"])

    def show_state(self, presenter: ExchangePresenter) -> None:
        """Show how many questions stand at each stage and whether an export is under way."""
        for place, stage in enumerate(_STAGES):
            name = self.tr("All in use") if stage is None else stage.display_name
            self.stage_box.setItemText(place, f"{name} ({presenter.export_count(stage)})")
        count = presenter.export_count(self._stage())
        self.export_button.setText(
            self.tr("Exporting …")
            if presenter.is_exporting
            else self.tr("Export %1 (E)").replace("%1", question_count(count))
        )
        self.export_button.setEnabled(count > 0 and not presenter.is_exporting)

    def show_report(self, report: ExportReport) -> None:
        """Say what was written, and what stayed here and why."""
        self.left_out.clear()
        self.left_out.addItems([str(one) for one in report.left_out])
        rows = min(_SHOWN_ROWS, len(report.left_out))
        self.left_out.setFixedHeight(rows * theme.ROW_PX + theme.space(2))
        self.left_out_words.setText(
            self.tr("Left out: %1").replace("%1", question_count(len(report.left_out)))
        )
        for widget in (self.left_out, self.left_out_words):
            widget.setVisible(bool(report.left_out))
        files = self.tr("images: %1").replace("%1", f"{report.media:,}")
        title = self.tr("Exported: %1").replace("%1", question_count(report.questions))
        self.result.show_written(f"{title}, {files}", report.folder, place=str(report.folder))
        self.folder.refuse("")
        self.folder.edit.clear()

    def show_problem(self, error: CoreError) -> None:
        """Say beside the folder why nothing was written."""
        self.folder.refuse(str(error))

    def _stage(self) -> Stage | None:
        return _STAGES[self.stage_box.currentIndex()]

    def _lay_out(self) -> None:
        title = QLabel(self.tr("Export"), self)
        theme.set_role(title, "heading")
        self._contents = QLabel(self)
        self._contents.setWordWrap(True)
        theme.set_role(self._contents, "hint")
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.space(4), theme.space(3), theme.space(4), theme.space(4))
        column.setSpacing(theme.space(3))
        column.addWidget(title)
        column.addWidget(Field(self.tr("Questions"), self.stage_box, self))
        column.addWidget(self.keys_box)
        column.addWidget(self._contents)
        column.addWidget(self.folder)
        column.addWidget(self.result)
        column.addStretch(1)
        column.addWidget(self.export_button, 0, Qt.AlignmentFlag.AlignRight)

    @Slot()
    def _show_contents(self) -> None:
        self._contents.setText(
            self.tr(
                "questions.jsonl, cleared images, results, the audit trail and a manifest with "
                "checksums. No source texts, no names of people."
            )
            if self.keys_box.isChecked()
            else self.tr(
                "questions.jsonl, cleared images and a manifest with checksums. No key, "
                "explanation, rubric, source or result is inside."
            )
        )

    def _ask_for_folder(self, known: str) -> str:
        before = Path(known or ".")
        title = self.tr("Where the folder is made")
        chosen = QFileDialog.getExistingDirectory(self, title, str(before.parent))
        return str(Path(chosen) / (before.name or "set")) if chosen else ""

    @Slot()
    def _on_export_clicked(self) -> None:
        folder = self.folder.wanted(self.tr("Name a folder first."))
        if folder is not None:
            has_keys = self.keys_box.isChecked()
            self.export_requested.emit(Leaving(folder, self._stage(), has_keys))
