"""The commands `import-predictions` and `export-predictions`: results of other engines."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from core.cli.commands import add_command, add_workspace, open_for_reading
from core.cli.importing import found_plain, refusal, run_import, some
from core.cli.terminal import Reply, Terminal, count_of
from core.domain.ids import RunId
from core.domain.plain import Plain
from core.domain.prediction import Engine
from core.domain.run import Condition

if TYPE_CHECKING:
    from core.services.predictions.service import PredictionReport

_FORMATS = ", ".join(Engine)


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the commands."""
    _add_import(commands)
    _add_export(commands)


def _add_import(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = add_command(
        commands,
        "import-predictions",
        _import,
        says="add what a model answered in another engine as a run",
        example="import-predictions study.asclepius log.eval --as inspect --dry-run",
    )
    add_workspace(parser)
    parser.add_argument("file", type=Path, metavar="FILE", help="CSV, XLSX, JSONL, .eval or .json")
    parser.add_argument(
        "--as", dest="engine", default="", metavar="F", help=f"{_FORMATS}; else by the file"
    )
    parser.add_argument("--model", default="", metavar="M", help="who answered, if not in the file")
    parser.add_argument(
        "--condition",
        type=Condition,
        choices=list(Condition),
        metavar="C",
        help="what the model got: both (default), text or image",
    )
    parser.add_argument(
        "--skip-unknown", action="store_true", help="leave out questions that are not here"
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would be added")


def _add_export(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = add_command(
        commands,
        "export-predictions",
        _export,
        says="write the replies of a run for another engine",
        example="export-predictions study.asclepius --run ID --out replies.xlsx --as vlmevalkit",
    )
    add_workspace(parser)
    parser.add_argument("--run", dest="run_id", required=True, metavar="ID", help="the run")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="a new file")
    parser.add_argument(
        "--as", dest="engine", default="", metavar="F", help=f"{_FORMATS}; else by the ending"
    )
    parser.add_argument("--with-keys", action="store_true", help="write the right answers, too")


def _import(arguments: argparse.Namespace, terminal: Terminal) -> Reply:
    from core.services.predictions.service import PredictionOptions

    options = PredictionOptions(
        engine_name=arguments.engine,
        llm=arguments.model,
        condition=arguments.condition,
        is_dry_run=arguments.dry_run,
        skips_unknown=arguments.skip_unknown,
    )
    report = run_import(
        arguments.workspace,
        lambda workspace, cancel: (
            workspace.predictions.import_file(
                arguments.file,
                workspace.people.me().id,
                options,
                cancel=cancel,
                progress=terminal.progress,
            ).value
        ),
        is_dry_run=arguments.dry_run,
    )
    return Reply(
        _plain(report, is_dry_run=arguments.dry_run),
        _lines(report, is_dry_run=arguments.dry_run),
        refusal(report.problems),
    )


def _plain(report: "PredictionReport", *, is_dry_run: bool) -> Plain:
    return {
        "dry_run": is_dry_run,
        "engine": report.engine.value,
        "sha256": report.sha256,
        "runs": list(report.runs),
        "names": list(report.names),
        "added": report.added,
        "same": report.same,
        "read": report.read,
        "problems": found_plain(report.problems),
        "skipped": found_plain(report.skipped),
        "notes": list(report.notes),
    }


def _lines(report: "PredictionReport", *, is_dry_run: bool) -> list[str]:
    if report.problems:
        return [*some(report.problems), "Nothing was imported."]
    verb = "would be added" if is_dry_run else "added"
    head = f"{count_of(report.added, 'prediction')} of {report.engine.display_name} {verb}"
    said = f"{head}, {report.same} here already; an answer was read out of {report.read}."
    skipped = some(f"Left out: {one}" for one in report.skipped)
    return [said, *report.names, *skipped, *report.notes]


def _export(arguments: argparse.Namespace, _: Terminal) -> Reply:
    from core.services.predictions.service import engine_of

    with open_for_reading(arguments.workspace) as workspace:
        count = workspace.predictions.export(
            RunId(arguments.run_id),
            arguments.out,
            engine_of(arguments.engine),
            with_keys=arguments.with_keys,
        )
    plain = {"file": str(arguments.out), "replies": count}
    return Reply(plain, [f"{count_of(count, 'prediction')} written to {arguments.out}."])
