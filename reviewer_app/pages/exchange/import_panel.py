"""The import side: a file, how it is read, what it holds, and the button that brings it in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from reviewer_app import theme
from reviewer_app.pages.exchange.file_drop import FileDrop
from reviewer_app.pages.exchange.findings import FindingsTable
from reviewer_app.pages.exchange.presenter import PREDICTIONS, Coming
from reviewer_app.widgets.form import Field
from reviewer_app.widgets.keys import add_button_keys
from reviewer_app.wording import question_count

if TYPE_CHECKING:
    from core.domain.plain import Plain
    from core.domain.prediction import Engine
    from core.errors import CoreError
    from core.services.exchange.service import ImportReport
    from reviewer_app.pages.exchange.presenter import ExchangePresenter


class ImportPanel(QFrame):
    """Fields of an import and its preview.

    Signals: `changed(Coming)` at every choice; `import_requested()`.
    """

    changed = Signal(object)
    import_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "card")
        self.setAccessibleName(self.tr("Import"))
        self._coming = Coming()
        self.drop = FileDrop(self)
        self.drop.chosen.connect(self._on_file_chosen)
        self.format_box = self._make_format_box()
        self.images_button = QPushButton(self)
        self.images_button.setToolTip(
            self.tr("Where the image files of the table lie; by default beside the file")
        )
        self.images_button.setAccessibleName(self.tr("Folder of images"))
        self.images_button.clicked.connect(self._on_images_wanted)
        self.confirm_box = QCheckBox(
            self.tr("I confirm that these pictures carry no patient data"), self
        )
        self.confirm_box.setToolTip(
            self.tr("Clears every imported picture in your name; otherwise do so on the Blind page")
        )
        self.confirm_box.toggled.connect(self._on_confirm_toggled)
        self.skip_box = QCheckBox(self.tr("Leave out questions that are not here"), self)
        self.skip_box.setToolTip(self.tr("Otherwise such a file is refused as a whole"))
        self.skip_box.toggled.connect(self._on_skip_toggled)
        self.summary = QLabel(self)
        self.summary.setWordWrap(True)
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        theme.set_role(self.summary, "heading")
        self.problem = QLabel(self)
        self.problem.setWordWrap(True)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        theme.set_role(self.problem, "error")
        self.findings = FindingsTable(self)
        self.import_button = QPushButton(self)
        self.import_button.setToolTip(self.tr("Add what is new as drafts of yours"))
        theme.set_kind(self.import_button, "primary")
        self.import_button.clicked.connect(self.import_requested)
        add_button_keys(self.import_button, "I")
        self._lay_out()
        self._show_choices()

    def show_state(self, presenter: ExchangePresenter) -> None:
        """Show the file that is chosen and what is known of it."""
        self._coming = presenter.coming
        self._show_choices()
        report, error = presenter.preview, presenter.problem
        self.findings.show_report(report)
        self.findings.setVisible(self.findings.rowCount() > 0)
        self.guide.setVisible(self.findings.isHidden())
        words = self._summary_words(report, is_looking=presenter.is_looking)
        if presenter.engine is not None:
            head = self.tr("Answers of a model, from %1").replace(
                "%1", presenter.engine.display_name
            )
            words = f"{head}: {words}" if words else head
        self.summary.setText(words)
        self.problem.setText(self._problem_words(report, error, can_write=presenter.can_write))
        self.problem.setVisible(bool(self.problem.text()))
        count = report.added if report is not None else 0
        self.import_button.setText(self._import_words(count, presenter.engine))
        self.confirm_box.setVisible(presenter.engine is None)
        self.skip_box.setVisible(presenter.engine is not None)
        self.import_button.setEnabled(presenter.can_import)

    def unsent(self) -> Plain:
        """Return which file was chosen and how it is read; empty without a file.

        That pictures carry no patient data has to be said anew.
        """
        coming = self._coming
        if coming.path is None:
            return {}
        return {
            "path": str(coming.path),
            "format": coming.format_name,
            "images": str(coming.images or ""),
            "skips": coming.skips_unknown,
        }

    def take_unsent(self, entered: Plain) -> None:
        """Choose the file again that was chosen before the last end or crash, if it is there."""
        path = Path(entered["path"])
        if path.exists():
            images = Path(entered["images"]) if entered["images"] else None
            chosen = Coming(path, entered["format"], images, skips_unknown=entered["skips"])
            self._change(chosen)

    def _import_words(self, count: int, engine: Engine | None) -> str:
        if not count:
            return self.tr("Import (I)")
        if engine is None:
            return self.tr("Import %1 (I)").replace("%1", question_count(count))
        return _counted(self.tr("Import %1 answers (I)"), count)

    def _make_format_box(self) -> QComboBox:
        box = QComboBox(self)
        for name, value in (
            (self.tr("Tell by the file"), ""),
            (self.tr("Table (CSV, Excel)"), "table"),
            (self.tr("Asclepius set (JSON Lines)"), "jsonl"),
            (self.tr("Answers of a model (Inspect, VLMEvalKit, lm-eval, table)"), PREDICTIONS),
            (self.tr("VQA-RAD (JSON)"), "vqa_rad"),
        ):
            box.addItem(name, value)
        box.setAccessibleName(self.tr("Format"))
        box.setToolTip(self.tr("How the file is read"))
        box.activated.connect(self._on_format_chosen)
        return box

    def _lay_out(self) -> None:
        title = QLabel(self.tr("Import"), self)
        theme.set_role(title, "heading")
        choices = QHBoxLayout()
        choices.setSpacing(theme.space(3))
        choices.addWidget(Field(self.tr("Format"), self.format_box, self), 1)
        choices.addWidget(Field(self.tr("Images lie in"), self.images_button, self), 1)
        self.guide = self._make_guide()
        last = QHBoxLayout()
        last.addWidget(self.confirm_box, 1)
        last.addWidget(self.skip_box, 1)
        last.addWidget(self.import_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.space(4), theme.space(3), theme.space(4), theme.space(4))
        column.setSpacing(theme.space(3))
        column.addWidget(title)
        column.addWidget(self.drop)
        column.addLayout(choices)
        column.addWidget(self.summary)
        column.addWidget(self.problem)
        column.addWidget(self.findings, 1)
        column.addWidget(self.guide, 1)
        column.addLayout(last)

    def _make_guide(self) -> QLabel:
        guide = QLabel(
            self.tr(
                "<p><b>Columns of a table</b>, one question in each row:</p>"
                "<p><b>stem</b>, <b>format</b> (single choice, several choices, yes/no, short text,"
                " long text, report, numeric, ranking, region) and <b>key</b> (letters such as B,"
                " A,C or in order B&gt;A&gt;C; yes or no; the text; the number; regions as JSON,"
                " such as {&quot;kind&quot;: &quot;box&quot;, &quot;points&quot;:"
                " [[10, 20], [60, 50]]}) are needed.</p>"
                "<p>option_a, option_b, … · context · variants · unit, tolerance (0.5, or 5%) ·"
                " measure (iou, dice or hit), threshold · explanation · rubric ·"
                " specialty, capacity, modality, anatomy, difficulty ·"
                " images (file names with ; between) · frames, captions · source, citation,"
                " rights · id</p>"
                "<p>Nothing is stored before you have seen what a file holds, and what is here"
                " already is not added again.</p>"
            ),
            self,
        )
        guide.setWordWrap(True)
        guide.setTextFormat(Qt.TextFormat.RichText)
        guide.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        theme.set_role(guide, "hint")
        return guide

    def _show_choices(self) -> None:
        self.drop.show_file(self._coming.path)
        self.format_box.setCurrentIndex(self.format_box.findData(self._coming.format_name))
        images = self._coming.images
        self.images_button.setText(images.name if images else self.tr("The file's own folder…"))
        self.confirm_box.setChecked(self._coming.confirms_images)
        self.skip_box.setChecked(self._coming.skips_unknown)

    def _summary_words(self, report: ImportReport | None, *, is_looking: bool) -> str:
        if is_looking:
            return self.tr("Looking at the file …")
        if report is None:
            return ""
        if report.problems:
            return _counted(self.tr("Problems: %1"), len(report.problems))
        words = [
            _counted(self.tr("%1 new"), report.added),
            _counted(self.tr("%1 here already"), report.same),
        ]
        if report.conflicting:
            words.append(_counted(self.tr("%1 in conflict"), len(report.conflicting)))
        return ", ".join(words)

    def _problem_words(
        self, report: ImportReport | None, error: CoreError | None, *, can_write: bool
    ) -> str:
        if error is not None:
            return str(error)
        if not can_write:
            return self.tr("This workspace is open for reading only, so nothing can be imported.")
        if report is not None and report.problems:
            return self.tr(
                "Nothing is imported until every row is right. Correct the file, then "
                "choose it again."
            )
        return ""

    def _change(self, coming: Coming) -> None:
        self._coming = coming
        self.changed.emit(coming)

    @Slot(object)
    def _on_file_chosen(self, path: Path) -> None:
        self._change(replace(self._coming, path=path))

    @Slot()
    def _on_format_chosen(self) -> None:
        self._change(replace(self._coming, format_name=self.format_box.currentData()))

    @Slot()
    def _on_images_wanted(self) -> None:
        start = str(self._coming.images or (self._coming.path or Path()).parent)
        name = QFileDialog.getExistingDirectory(self, self.tr("Folder of images"), start)
        if name:
            self._change(replace(self._coming, images=Path(name)))

    @Slot(bool)
    def _on_confirm_toggled(self, checked: bool) -> None:
        if checked != self._coming.confirms_images:
            self._change(replace(self._coming, confirms_images=checked))

    @Slot(bool)
    def _on_skip_toggled(self, checked: bool) -> None:
        if checked != self._coming.skips_unknown:
            self._change(replace(self._coming, skips_unknown=checked))


def _counted(text: str, count: int) -> str:
    return text.replace("%1", f"{count:,}")
