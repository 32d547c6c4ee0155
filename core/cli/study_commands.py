"""Commands on a study: demo, evaluate, results."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from core.cli.commands import add_command, add_workspace, open_scored
from core.cli.evaluate_command import add_evaluate
from core.cli.terminal import Reply, Terminal, table
from core.domain.score import ScoreState

if TYPE_CHECKING:
    from core.services.analysis.records import Cell, Results
    from core.workspace import Workspace

DEMO_NAME = "demo.asclepius"
_KEPT_APART = (
    *(ScoreState.REFUSED, ScoreState.NO_ANSWER, ScoreState.FAILED),
    *(ScoreState.NOT_APPLICABLE, ScoreState.UNSCORED),
)
_HEAD = (
    *("n", "Right", "Accuracy", "95 %"),
    *("Refused", "No answer", "Failed", "Not put", "Unscored", "Bounds", "Calls"),
    *("Reports", "ROUGE-L", "Who"),
)


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
        example="results study.asclepius --by specialty",
    )
    add_workspace(results)
    results.add_argument(
        "--by", choices=("specialty", "capacity", "format"), help="a table for each value, too"
    )
    results.add_argument(
        "--unverified", action="store_true", help="count questions that are not verified, too"
    )


def _demo(arguments: argparse.Namespace, terminal: Terminal) -> Reply:
    from core.demo.journey import run_demo

    summary = run_demo(arguments.folder, progress=lambda line: terminal.say(line))
    if not (arguments.headless or arguments.json):
        arguments.opens = arguments.folder / DEMO_NAME
    failure = "" if summary.is_clean else "The demo's check found damage; see the lines above."
    return Reply(summary.to_plain(), summary.lines(), failure)


def _results(arguments: argparse.Namespace, terminal: Terminal) -> Reply:
    from core.services.exchange.results import plain_results

    with open_scored(arguments.workspace, terminal) as workspace:
        results = _read_results(workspace, is_wide=arguments.unverified)
    return Reply(plain_results(results, names_people=True), _result_lines(results, arguments.by))


def _read_results(workspace: "Workspace", *, is_wide: bool) -> "Results":
    """Return results over verified questions; as `evaluate`, over all while none is verified."""
    from core.services.analysis.records import ResultKind, Selection

    narrow = workspace.analysis.results()
    if narrow.question_count and not is_wide:
        return narrow
    wide = workspace.analysis.results(Selection(includes_unverified=True))
    is_answered = any(one.kind is not ResultKind.BUILT_IN for one in wide.respondents)
    return wide if is_wide or is_answered else narrow


def _result_lines(results: "Results", by: str | None) -> list[str]:
    lines = table(_HEAD, [(*_figures(one.overall), one.name) for one in results.respondents])
    if by is not None:
        from core.services.analysis.records import ResultAxis

        axis = ResultAxis(by)
        for value in results.values[axis]:
            rows = [(*_figures(one.cell(axis, value)), one.name) for one in results.respondents]
            lines += ["", value or f"No {by}", *table(_HEAD, rows)]
    small = (
        ["* fewer than 10 questions: read with care."] if any("*" in one for one in lines) else []
    )
    return [*lines, "", *small, results.note]


def _figures(cell: "Cell") -> tuple[str, ...]:
    interval = cell.interval
    return (
        f"{cell.n}{'*' if cell.is_small else ''}",
        f"{cell.correct:.4g}" if cell.n else "–",
        "–" if cell.accuracy is None else f"{cell.accuracy:.3f}",
        "–" if interval is None else f"{interval.low:.3f}–{interval.high:.3f}",
        *(str(cell.count(state)) for state in _KEPT_APART),
        "–" if cell.bounds is None else f"{cell.bounds.worst:.3f}–{cell.bounds.best:.3f}",
        "–" if cell.mean_credit is None else f"{cell.mean_credit:.3f}",
        str(cell.report_count),
        "–" if cell.rouge_l is None else f"{cell.rouge_l:.3f}",
    )
