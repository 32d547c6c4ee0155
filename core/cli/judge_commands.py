"""The commands `judge …`: draw a sample, ask a judge, show its agreement, let it count."""

import argparse
from typing import TYPE_CHECKING, Final

from core.cli.commands import add_command, add_workspace, open_for_reading, open_for_writing
from core.cli.judge_run_command import add_run, summary_plain
from core.cli.terminal import Reply, Terminal, count_of, table
from core.domain.ids import JudgeId
from core.domain.judging import JudgeVerdict
from core.domain.plain import Plain
from core.errors import NotFoundError

if TYPE_CHECKING:
    from core.services.judging.records import (
        JudgeAgreement,
        JudgedFigure,
        JudgeSummary,
    )
    from core.statistics.agreement import Coefficient
    from core.workspace import Workspace

_EXAMPLES: Final = """examples:
  asclepius judge sample study.asclepius --size 50
  asclepius judge run study.asclepius --endpoint ward --ceiling 2
  asclepius judge agreement study.asclepius

`asclepius judge WHAT --help` explains each. Every one knows --json."""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the commands."""
    says = "let a language model grade written answers, checked by physicians"
    parser = commands.add_parser(
        "judge",
        help=says,
        description=says[0].upper() + says[1:] + ".",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=None)
    own = parser.add_subparsers(title="commands", metavar="WHAT", required=True)
    _add_sample(own)
    add_run(own)
    for name, handler, says in (
        ("list", _list, "list judges, how far they are and whether their scores count"),
        ("scores", _scores, "show the scores of accepted judges"),
    ):
        add_workspace(
            add_command(own, name, handler, says=says, example=f"judge {name} s.asclepius")
        )
    for name, handler, says in (
        ("agreement", _agreement, "show how far a judge agrees with physicians"),
        ("accept", _accept, "let the scores of a judge count"),
        ("withdraw", _withdraw, "let the scores of a judge count no longer"),
    ):
        one = add_command(own, name, handler, says=says, example=f"judge {name} s.asclepius")
        add_workspace(one)
        one.add_argument("--judge", default="", metavar="ID", help="its id; the newest if left out")


def _add_sample(own: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = add_command(
        own,
        "sample",
        _sample,
        says="draw written answers for physicians to grade in the window",
        example="judge sample s.asclepius --size 50 --seed 1",
    )
    add_workspace(parser)
    parser.add_argument("--size", type=int, default=50, metavar="N", help="answers (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="seed (%(default)s)")


def _sample(arguments: argparse.Namespace, _: Terminal) -> Reply:
    with open_for_writing(arguments.workspace) as workspace:
        sample = workspace.judging.draw_sample(
            workspace.people.me().id, arguments.size, seed=arguments.seed
        ).value
    count = count_of(len(sample.answers), "answer")
    return Reply(
        {"sample": sample.id, "answers": len(sample.answers), "seed": sample.seed},
        [f"{count} drawn; physicians grade them on the page Judge."],
    )


def _list(arguments: argparse.Namespace, _: Terminal) -> Reply:
    with open_for_reading(arguments.workspace) as workspace:
        judges = workspace.judging.judges()
    head = ("id", "graded", "unscored", "counts", "judge")
    rows = [
        (
            one.judge.id,
            str(one.graded),
            str(one.unscored),
            "yes" if one.is_accepted else "no",
            one.judge.spec.name,
        )
        for one in judges
    ]
    lines = table(head, rows) if rows else ["No judge has been asked yet."]
    return Reply([summary_plain(one) for one in judges], lines)


def _scores(arguments: argparse.Namespace, _: Terminal) -> Reply:
    from core.services.exchange.results import plain_judged

    with open_for_reading(arguments.workspace) as workspace:
        figures = workspace.analysis.results().judged
    lines = [_figure_line(one) for one in figures]
    return Reply(
        [plain_judged(one) for one in figures], lines or ["No accepted judge has graded a run."]
    )


def _figure_line(one: "JudgedFigure") -> str:
    mean = "no value" if one.mean is None else f"{one.mean:.3f}"
    line = f"{one.run_name}, {one.format.value.replace('_', ' ')}: {mean} over {one.n}"
    line += f", {one.unscored} unscored" if one.unscored else ""
    if one.corrected is not None:
        line += f", {one.corrected.value:.3f} corrected by {one.corrected.checked} checked"
    family = " (same family)" if one.is_same_family else ""
    return f"{line}; {one.judge.spec.name}{family}"


def _agreement(arguments: argparse.Namespace, _: Terminal) -> Reply:
    with open_for_reading(arguments.workspace) as workspace:
        judge = _chosen(workspace, arguments.judge)
        found = workspace.judging.agreement(judge.judge.id)
    return Reply(
        _agreement_plain(found) | {"judge": judge.judge.id}, _agreement_lines(judge, found)
    )


def _accept(arguments: argparse.Namespace, _: Terminal) -> Reply:
    return _decide(arguments, JudgeVerdict.ACCEPTED, "Its scores count from now on.")


def _withdraw(arguments: argparse.Namespace, _: Terminal) -> Reply:
    return _decide(arguments, JudgeVerdict.WITHDRAWN, "Its scores count no longer.")


def _decide(arguments: argparse.Namespace, verdict: JudgeVerdict, says: str) -> Reply:
    with open_for_writing(arguments.workspace) as workspace:
        judge = _chosen(workspace, arguments.judge)
        decision = workspace.judging.decide(judge.judge.id, workspace.people.me().id, verdict).value
    plain = {"judge": judge.judge.id, "verdict": verdict.value, "figures": decision.figures}
    checked = count_of(decision.figures["checked"], "answer")
    return Reply(plain, [f"{judge.judge.spec.name}: {says} It was checked on {checked}."])


def _chosen(workspace: "Workspace", name: str) -> "JudgeSummary":
    if name:
        return workspace.judging.summary(JudgeId(name))
    judges = workspace.judging.judges()
    if not judges:
        raise NotFoundError("No judge has been asked yet.", hint="Use `asclepius judge run`.")
    return judges[0]


def _agreement_plain(found: "JudgeAgreement") -> Plain:
    among = found.among_physicians
    return {
        "sample": found.sample_size,
        "physicians": found.physicians,
        "checked": found.checked,
        "undecided": found.undecided,
        "unscored": found.unscored,
        "percent": _coefficient(found.judge.percent),
        "cohen_kappa": _coefficient(found.judge.cohen_kappa),
        "gwet_ac1": _coefficient(found.judge.gwet_ac1),
        "krippendorff_alpha": _coefficient(found.judge.krippendorff_alpha),
        "among_physicians_gwet_ac1": None if among is None else _coefficient(among.gwet_ac1),
        "judge_mean": found.judge_mean,
        "physicians_mean": found.physicians_mean,
        "by_model": [
            {
                "model": one.llm,
                "answers": one.answers,
                "judge_mean": one.judge_mean,
                "physicians_mean": one.physicians_mean,
                "same_family": one.is_same_family,
            }
            for one in found.by_llm
        ],
        "consistency": found.consistency,
        "statement": found.statement,
    }


def _coefficient(one: "Coefficient | None") -> Plain | None:
    if one is None or one.value is None:
        return None
    interval = None if one.interval is None else [one.interval.low, one.interval.high]
    return {"value": one.value, "interval": interval, "method": one.method}


def _agreement_lines(judge: "JudgeSummary", found: "JudgeAgreement") -> list[str]:
    measures = (
        ("percent", found.judge.percent),
        ("Cohen's kappa", found.judge.cohen_kappa),
        ("Gwet's AC1", found.judge.gwet_ac1),
    )
    lines = [f"{judge.judge.spec.name}: {found.statement}"]
    for name, one in measures:
        if one is not None and one.value is not None:
            within = one.interval
            ends = "" if within is None else f" ({within.low:.2f} to {within.high:.2f})"
            lines.append(f"{name}: {one.value:.2f}{ends}")
    if found.consistency is not None:
        lines.append(f"Turns agree with each other on {found.consistency:.0%} of the points.")
    if found.unscored:
        lines.append(f"{count_of(found.unscored, 'answer')} of the sample unscored.")
    lines += [
        f"{one.llm}: judge {one.judge_mean:.2f}, physicians {one.physicians_mean:.2f}"
        f" over {one.answers}{' (same family)' if one.is_same_family else ''}"
        for one in found.by_llm
    ]
    counts = "Its scores count." if judge.is_accepted else "Its scores do not count yet."
    return [*lines, counts]
