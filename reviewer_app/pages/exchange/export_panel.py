"""The export side: which questions, with or without keys, into which folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.domain.stage import Stage
from reviewer_app import theme
from reviewer_app.pages.exchange.presenter import Leaving
from reviewer_app.widgets.form import Field, LineText
from reviewer_app.widgets.keys import add_button_keys
from reviewer_app.wording import question_count

if TYPE_CHECKING:
    from core.errors import CoreError
    from core.services.exchange import ExportReport
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
        self._written: Path | None = None
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
        self.folder_edit = LineText(self.tr("New folder"), self)
        self.folder_edit.setToolTip(self.tr("A folder that does not exist yet, or an empty one"))
        self.choose_button = QPushButton(self.tr("Choose…"), self)
        self.choose_button.setToolTip(self.tr("Choose where the folder is made"))
        self.choose_button.clicked.connect(self._on_folder_wanted)
        self.folder_field = Field(self.tr("Into the new folder"), self._folder_row(), self)
        self.export_button = QPushButton(self)
        theme.set_kind(self.export_button, "primary")
        self.export_button.setToolTip(self.tr("Write questions, images and checksums"))
        self.export_button.clicked.connect(self._on_export_clicked)
        add_button_keys(self.export_button, "E")
        self._make_result()
        self._lay_out()
        self.keys_box.toggled.connect(self._show_contents)
        self._show_contents()

    def suggest(self, folder: Path) -> None:
        """Offer a folder where none was written yet."""
        if not self.folder_edit.text():
            self.folder_edit.setText(str(folder))

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
        self._written = report.folder
        files = self.tr("images: %1").replace("%1", f"{report.media:,}")
        self.result_words.setText(f"{question_count(report.questions)}, {files}")
        self.result_folder.setText(str(report.folder))
        self.left_out.clear()
        self.left_out.addItems([str(one) for one in report.left_out])
        rows = min(_SHOWN_ROWS, len(report.left_out))
        self.left_out.setFixedHeight(rows * theme.ROW_PX + theme.space(2))
        self.left_out_words.setText(
            self.tr("Left out: %1").replace("%1", question_count(len(report.left_out)))
        )
        for widget in (self.left_out, self.left_out_words):
            widget.setVisible(bool(report.left_out))
        self.folder_field.show_problem("")
        self.result.show()
        self.folder_edit.clear()

    def show_problem(self, error: CoreError) -> None:
        """Say beside the folder why nothing was written."""
        self.folder_field.show_problem(str(error))
        theme.mark_invalid(self.folder_edit, wrong=True)

    def _stage(self) -> Stage | None:
        return _STAGES[self.stage_box.currentIndex()]

    def _folder_row(self) -> QWidget:
        row = QWidget(self)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.space(2))
        line.addWidget(self.folder_edit, 1)
        line.addWidget(self.choose_button)
        row.setFocusProxy(self.folder_edit)
        return row

    def _make_result(self) -> None:
        self.result = QFrame(self)
        theme.set_role(self.result, "done")
        title = QLabel(self.tr("Exported"), self.result)
        theme.set_role(title, "caption")
        self.result_words = QLabel(self.result)
        theme.set_role(self.result_words, "heading")
        self.result_folder = QLabel(self.result)
        self.result_folder.setWordWrap(True)
        self.result_folder.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        theme.set_role(self.result_folder, "hint")
        self.open_button = QPushButton(
            theme.icon("mdi6.folder-open-outline"), self.tr("Open folder (L)"), self.result
        )
        self.open_button.setToolTip(self.tr("Show the folder in the file manager"))
        self.open_button.clicked.connect(self._on_open_wanted)
        add_button_keys(self.open_button, "L")
        self.left_out_words = QLabel(self.result)
        self.left_out = QListWidget(self.result)
        self.left_out.setAccessibleName(self.tr("Questions left out"))
        self.left_out.setWordWrap(True)
        column = QVBoxLayout(self.result)
        column.setContentsMargins(theme.space(3), theme.space(2), theme.space(3), theme.space(3))
        column.setSpacing(theme.space(1))
        for widget in (title, self.result_words, self.result_folder):
            column.addWidget(widget)
        column.addWidget(self.left_out_words)
        column.addWidget(self.left_out)
        column.addSpacing(theme.space(1))
        column.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.result.hide()

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
        column.addWidget(self.folder_field)
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

    @Slot()
    def _on_folder_wanted(self) -> None:
        known = Path(self.folder_edit.text() or ".")
        chosen = QFileDialog.getExistingDirectory(
            self, self.tr("Where the folder is made"), str(known.parent)
        )
        if chosen:
            self.folder_edit.setText(str(Path(chosen) / (known.name or "set")))
            self.folder_field.show_problem("")

    @Slot()
    def _on_export_clicked(self) -> None:
        text = self.folder_edit.text().strip()
        theme.mark_invalid(self.folder_edit, wrong=not text)
        self.folder_field.show_problem("" if text else self.tr("Name a folder first."))
        if text:
            has_keys = self.keys_box.isChecked()
            self.export_requested.emit(Leaving(Path(text).expanduser(), self._stage(), has_keys))

    @Slot()
    def _on_open_wanted(self) -> None:
        if self._written is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written)))
