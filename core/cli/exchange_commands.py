"""Commands on files and the whole set: import, export, lint."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from core.cli.commands import (
    add_command,
    add_workspace,
    open_for_reading,
    open_for_writing,
    open_scored,
)
from core.cli.importing import found_plain, refusal, run_import, some
from core.cli.terminal import Reply, Terminal, cancelled_by_keyboard, count_of
from core.domain.plain import Plain
from core.domain.stage import IN_USE, Stage

if TYPE_CHECKING:
    from core.services.exchange.service import ImportReport
    from core.workspace import Workspace


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the commands."""
    _add_import(commands)
    export = add_command(
        commands,
        "export",
        _export,
        says="write a set of questions with images, checksums and audit trail",
        example="export study.asclepius --format jsonl --out set-1 --without-keys",
    )
    add_workspace(export)
    export.add_argument("--format", choices=["jsonl"], default="jsonl", help="the only one")
    export.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new folder")
    export.add_argument("--without-keys", action="store_true", help="leave out all keys")
    stages = [*(one.value for one in IN_USE), "all"]
    export.add_argument(
        "--stage",
        choices=stages,
        default=Stage.VERIFIED.value,
        metavar="S",
        help=f"which questions: {', '.join(stages)} (default verified)",
    )
    lint = add_command(
        commands,
        "lint",
        _lint,
        says="give hints on writing, duplicates and missing labels",
        example="lint study.asclepius",
    )
    add_workspace(lint)


def _add_import(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = add_command(
        commands,
        "import",
        _import,
        says="add the questions of a file; what is here already is not added again",
        example="import study.asclepius questions.csv --images pictures --dry-run",
    )
    add_workspace(parser)
    parser.add_argument("file", type=Path, metavar="FILE", help="questions.jsonl, CSV, XLSX, JSON")
    parser.add_argument(
        "--format", default="", metavar="F", help="jsonl, csv, xlsx or vqa_rad; else by the file"
    )
    parser.add_argument("--images", type=Path, metavar="DIR", help="where the images lie")
    parser.add_argument("--dry-run", action="store_true", help="say what would be added")
    parser.add_argument(
        "--confirm-images",
        action="store_true",
        help="I confirm that these pictures carry no patient data",
    )


def _import(arguments: argparse.Namespace, terminal: Terminal) -> Reply:
    from core.services.exchange.service import ImportOptions

    options = ImportOptions(
        format_name=arguments.format,
        images=arguments.images,
        is_dry_run=arguments.dry_run,
        confirms_images=arguments.confirm_images,
    )
    report = run_import(
        arguments.workspace,
        lambda workspace, cancel: (
            workspace.exchange.import_file(
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
        _import_plain(report, is_dry_run=arguments.dry_run),
        _import_lines(report, is_dry_run=arguments.dry_run),
        refusal(report.problems),
    )


def _import_plain(report: "ImportReport", *, is_dry_run: bool) -> Plain:
    return {
        "dry_run": is_dry_run,
        "added": report.added,
        "same": report.same,
        "conflicting": [str(one) for one in report.conflicting],
        "problems": found_plain(report.problems),
        "notes": list(report.notes),
        "duplicates": [str(one) for one in report.duplicates],
        "questions": list(report.questions),
    }


def _import_lines(report: "ImportReport", *, is_dry_run: bool) -> list[str]:
    if report.problems:
        return [*some(report.problems), "Nothing was imported."]
    verb = "would be added" if is_dry_run else "added"
    counts = [f"{count_of(report.added, 'question')} {verb}", f"{report.same} here already"]
    counts += [f"{len(report.conflicting)} in conflict"] if report.conflicting else []
    return [
        ", ".join(counts) + ".",
        *some(report.conflicting),
        *some(report.duplicates),
        *some(report.notes),
    ]


def _export(arguments: argparse.Namespace, terminal: Terminal) -> Reply:
    stage = None if arguments.stage == "all" else Stage(arguments.stage)
    # Results leave only beside keys, and only then must answers be scored first.
    # That drafts left is noted in the workspace.
    has_drafts = stage in (Stage.DRAFT, None)
    opened = (
        (open_for_writing if has_drafts else open_for_reading)(arguments.workspace)
        if arguments.without_keys
        else open_scored(arguments.workspace, terminal)
    )
    with opened as workspace, cancelled_by_keyboard() as cancel:
        report = workspace.exchange.export(
            arguments.out,
            stage=stage,
            with_keys=not arguments.without_keys,
            results=None if arguments.without_keys else _results(workspace),
            cancel=cancel,
            progress=terminal.progress,
        )
    left_out = [str(one) for one in report.left_out]
    plain = {
        "folder": str(report.folder),
        "questions": report.questions,
        "media": report.media,
        "left_out": left_out,
    }
    files = count_of(report.media, "media file")
    line = f"{count_of(report.questions, 'question')} and {files} written to {report.folder}."
    return Reply(plain, [line, *(f"Left out: {one}" for one in some(left_out))])


def _results(workspace: "Workspace") -> Plain:
    from core.services.exchange.results import plain_results

    return plain_results(workspace.analysis.results(), names_people=False)


def _lint(arguments: argparse.Namespace, _: Terminal) -> Reply:
    with open_for_reading(arguments.workspace) as workspace:
        findings = workspace.exchange.lint()
    plain = [
        {
            "number": one.number,
            "id": one.question,
            "rule": one.rule,
            "field": one.field,
            "sentence": one.sentence,
        }
        for one in findings
    ]
    lines = [
        f"{'Set' if one.number is None else f'Question {one.number}'}, {one.field}: {one.sentence}"
        for one in findings
    ]
    return Reply(plain, [*lines, count_of(len(findings), "hint") + "."])
