"""What the exchange page shows and does: a previewed import, an export with its results."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from core.changes import Changes, Kind, Outcome
from core.domain.people import Role
from core.domain.stage import Stage
from core.errors import CoreError
from core.services.exchange.service import ImportOptions, ImportReport
from core.services.predictions.service import PredictionOptions, PredictionReport
from core.tasks import CancelToken, ProgressCallback
from reviewer_app.context import AppContext
from reviewer_app.operations import Latest

if TYPE_CHECKING:
    from core.domain.prediction import Engine
    from core.services.exchange.service import ExportReport

PREDICTIONS: Final = "predictions"
"""The format of files that hold what a model answered elsewhere."""
_CONCERNS = (Kind.QUESTION, Kind.VERIFICATION, Kind.BLINDING)


@dataclass(frozen=True, slots=True)
class Coming:
    """The file that is to come in and how it is read; no path means none is chosen yet."""

    path: Path | None = None
    format_name: str = ""
    images: Path | None = None
    confirms_images: bool = False
    skips_unknown: bool = False
    """For predictions: leave out what is about questions that are not here."""

    def prediction_options(self, *, is_dry_run: bool) -> PredictionOptions:
        """Return these choices as the service for predictions takes them."""
        return PredictionOptions(is_dry_run=is_dry_run, skips_unknown=self.skips_unknown)

    def options(self, *, is_dry_run: bool) -> ImportOptions:
        """Return these choices as the service takes them."""
        return ImportOptions(self.format_name, self.images, is_dry_run, self.confirms_images)


@dataclass(frozen=True, slots=True)
class Leaving:
    """The set that is to leave; stage None means all but retired and rejected."""

    out: Path
    stage: Stage | None = Stage.VERIFIED
    has_keys: bool = True


@dataclass(frozen=True, slots=True)
class _Look:
    """What a look at a file found, and whose predictions it holds."""

    found: ImportReport | CoreError
    engine: Engine | None = None


def _as_import(report: PredictionReport) -> ImportReport:
    """Return what predictions are in the words of an import."""
    return ImportReport(
        added=report.added,
        same=report.same,
        problems=report.problems,
        notes=(*report.names, *report.notes, *map(str, report.skipped)),
    )


class ExchangePresenter(QObject):
    """State of import and export.

    Signals: `preview_changed()`, the file, its preview or its error is another one;
    `imported(ImportReport)`; `predictions_imported(int)`, so many runs;
    `exported(ExportReport)`; `export_failed(CoreError)`; `busy_changed()`; `counts_changed()`.
    """

    preview_changed = Signal()
    imported = Signal(object)
    predictions_imported = Signal(int)
    exported = Signal(object)
    export_failed = Signal(object)
    busy_changed = Signal()
    counts_changed = Signal()

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._looking = Latest(context.operations)
        self.coming = Coming()
        self.preview: ImportReport | None = None
        self.problem: CoreError | None = None
        self.engine: Engine | None = None
        """Whose predictions the file holds; None for questions."""
        self.counts: dict[Stage, int] = {}
        self.is_importing = False
        self.is_exporting = False
        self.is_stale = True

    @property
    def is_looking(self) -> bool:
        """Whether a file is being read for its preview."""
        return self._looking.is_waiting()

    @property
    def can_import(self) -> bool:
        """Whether the file holds something new and nothing that is wrong."""
        report = self.preview
        is_ready = report is not None and report.added > 0 and not report.problems
        return is_ready and not self.is_importing and self.can_write

    @property
    def can_write(self) -> bool:
        """Whether this workspace takes questions."""
        return not self._context.workspace.is_read_only

    def export_count(self, stage: Stage | None) -> int:
        """Return how many questions an export of a stage would look at."""
        unused = (Stage.RETIRED, Stage.REJECTED)
        if stage is not None:
            return self.counts.get(stage, 0)
        return sum(count for one, count in self.counts.items() if one not in unused)

    def note_changes(self, changes: Changes) -> bool:
        """Remember whether counts are out of date; return it."""
        self.is_stale = self.is_stale or changes.concerns(*_CONCERNS)
        return self.is_stale

    def refresh(self) -> None:
        """Count the questions of each stage."""
        counts = self._context.operations.ask(
            self.tr("Counting questions"), self._context.workspace.authoring.stage_counts
        )
        if counts is not None:
            self.counts, self.is_stale = counts, False
            self.counts_changed.emit()

    def choose(self, coming: Coming) -> None:
        """Take another file or read it in another way; its preview follows."""
        is_same_look = coming.confirms_images != self.coming.confirms_images
        self.coming = coming
        if not is_same_look:  # the same file again, too: it may have been corrected
            self.look()

    def look(self) -> None:
        """Read the file without storing anything; a look that is under way is dropped."""
        self._looking.drop()
        self.preview, self.problem, self.engine = None, None, None
        path = self.coming.path
        if path is not None:
            self._look_at(path)
        self.preview_changed.emit()

    def start_import(self) -> None:
        """Add what the preview promised."""
        path = self.coming.path
        if path is None or not self.can_import:
            return
        if self.engine is not None:
            self._import_predictions(path)
            return
        service, person = self._context.workspace.exchange, self._context.me().id
        options = self.coming.options(is_dry_run=False)

        def work(cancel: CancelToken, progress: ProgressCallback) -> Outcome[ImportReport]:
            return service.import_file(path, person, options, cancel=cancel, progress=progress)

        self.is_importing = True
        self.busy_changed.emit()
        self._context.operations.perform_later(
            self.tr("Importing questions"),
            work,
            on_done=self._finish_import,
            on_error=self._drop_import,
        )

    def start_export(self, leaving: Leaving) -> None:
        """Write a set; answers are scored first, so that it leaves with its results."""
        self.is_exporting = True
        self.busy_changed.emit()
        self._context.operations.perform_later(
            self.tr("Exporting questions"),
            lambda cancel, progress: self._export(leaving, cancel, progress),
            on_done=self._finish_export,
            on_error=self._drop_export,
        )

    def _look_at(self, path: Path) -> None:
        me, coming = self._context.me(), self.coming
        workspace, is_lead = self._context.workspace, me.has_role(Role.LEAD)

        def work(cancel: CancelToken, progress: ProgressCallback) -> _Look:
            engine = workspace.predictions.recognize(path) if is_lead else None
            if coming.format_name not in ("", PREDICTIONS):
                engine = None
            try:
                if engine is not None or coming.format_name == PREDICTIONS:
                    taken = coming.prediction_options(is_dry_run=True)
                    found = workspace.predictions.import_file(path, me.id, taken).value
                    return _Look(_as_import(found), found.engine)
                options = coming.options(is_dry_run=True)
                report = workspace.exchange.import_file(
                    path, me.id, options, cancel=cancel, progress=progress
                ).value
                return _Look(report)
            except CoreError as error:
                return _Look(error, engine)  # shown beside the file, where it can be put right

        def finish(look: _Look) -> None:
            self.engine = look.engine
            if isinstance(look.found, CoreError):
                self.problem = look.found
            else:
                self.preview = look.found
            self.preview_changed.emit()

        doing = self.tr("Looking at the file")
        self._looking.ask(doing, work, on_done=finish, on_error=self.preview_changed.emit)

    def _import_predictions(self, path: Path) -> None:
        service, person = self._context.workspace.predictions, self._context.me().id
        options = self.coming.prediction_options(is_dry_run=False)

        def work(cancel: CancelToken, progress: ProgressCallback) -> Outcome[PredictionReport]:
            return service.import_file(path, person, options, cancel=cancel, progress=progress)

        self.is_importing = True
        self.busy_changed.emit()
        self._context.operations.perform_later(
            self.tr("Importing predictions"),
            work,
            on_done=self._finish_predictions,
            on_error=self._drop_import,
        )

    def _finish_predictions(self, report: PredictionReport) -> None:
        self.is_importing = False
        self.coming, self.problem, self.engine = Coming(), None, None
        self.preview = _as_import(report) if report.problems else None
        self.busy_changed.emit()
        self.preview_changed.emit()
        self.predictions_imported.emit(len(report.runs))

    def _finish_import(self, report: ImportReport) -> None:
        self.is_importing = False
        self.coming, self.preview, self.problem = Coming(), None, None
        if report.problems:  # the file was changed since its preview
            self.preview = report
        self.busy_changed.emit()
        self.preview_changed.emit()
        self.imported.emit(report)

    def _drop_import(self, _: BaseException) -> None:
        self.is_importing = False
        self.busy_changed.emit()

    def _export(
        self, leaving: Leaving, cancel: CancelToken, progress: ProgressCallback
    ) -> Outcome[ExportReport | CoreError]:
        from core.services.exchange.results import plain_results

        workspace = self._context.workspace
        try:
            results, changes = None, Changes()
            if leaving.has_keys:
                if not workspace.is_read_only:
                    changes = workspace.analysis.rescore(progress=progress, token=cancel).changes
                results = plain_results(workspace.analysis.results(), names_people=False)
            report = workspace.exchange.export(
                leaving.out,
                stage=leaving.stage,
                with_keys=leaving.has_keys,
                results=results,
                cancel=cancel,
                progress=progress,
            )
        except CoreError as error:
            return Outcome(error)  # shown beside the folder
        return Outcome(report, changes)

    def _finish_export(self, found: ExportReport | CoreError) -> None:
        self.is_exporting = False
        self.busy_changed.emit()
        if isinstance(found, CoreError):
            self.export_failed.emit(found)
        else:
            self.exported.emit(found)

    def _drop_export(self, _: BaseException) -> None:
        self.is_exporting = False
        self.busy_changed.emit()
