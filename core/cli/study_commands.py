"""Commands on a study: demo, evaluate, results."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from core.cli.commands import add_command, add_workspace, open_scored
from core.cli.evaluate_command import add_evaluate
from core.cli.terminal import Reply, Terminal, table

if TYPE_CHECKING:
    from core.services.analysis_records import Cell, Results

DEMO_NAME = "demo.asclepius"


def add_demo(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command that everybody tries first."""
    demo = add_command(
        commands,
        "demo",
        _demo,
        says="make a demo workspace and walk through every stage",
        example="demo --headless --folder /tmp/demo",
    )
    demo.add_argument("--headless", action="store_true", help="do not open the window afterwards")
    demo.add_argument(
        "--folder",
        type=Path,
        default=Path("asclepius-demo"),
        metavar="F",
        help=f"a new or empty folder; the workspace is F/{DEMO_NAME} (%(default)s)",
    )


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the other commands."""
    add_evaluate(commands)
    results = add_command(
        commands,
        "results",
        _results,
        says="show people beside models",
        example="results study.asclepius --json",
    )
    add_workspace(results)


def _demo(arguments: argparse.Namespace, terminal: Terminal) -> Reply:
    from core.demo.journey import run_demo

    summary = run_demo(arguments.folder, progress=lambda line: terminal.say(line))
    if not (arguments.headless or arguments.json):
        arguments.opens = arguments.folder / DEMO_NAME
    return Reply(summary.to_plain(), summary.lines())


def _results(arguments: argparse.Namespace, terminal: Terminal) -> Reply:
    from core.services.exchange_results import plain_results

    with open_scored(arguments.workspace, terminal) as workspace:
        results = workspace.analysis.results()
    return Reply(plain_results(results, names_people=True), _result_lines(results))


def _result_lines(results: "Results") -> list[str]:
    head = ("n", "Right", "Accuracy", "95 %", "Reports", "ROUGE-L", "Who")
    rows = [(*_figures(one.overall), one.name) for one in results.respondents]
    return [*table(head, rows), "", results.note]


def _figures(cell: "Cell") -> tuple[str, ...]:
    interval = cell.interval
    return (
        f"{cell.n}{'*' if cell.is_small else ''}",
        f"{cell.correct:.4g}" if cell.n else "–",
        "–" if cell.accuracy is None else f"{cell.accuracy:.3f}",
        "–" if interval is None else f"{interval.low:.3f}–{interval.high:.3f}",
        str(cell.report_count),
        "–" if cell.rouge_l is None else f"{cell.rouge_l:.3f}",
    )
