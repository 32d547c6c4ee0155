"""The commands `replies` and `compare`: what came back, one by one and run beside run."""

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

from core.cli.commands import add_command, add_workspace, open_for_reading
from core.cli.run_commands import one_run
from core.cli.terminal import Reply, Terminal, count_of, one_line, table
from core.domain.plain import Plain
from core.domain.score import ScoreState
from core.errors import NotFoundError, ValidationError

if TYPE_CHECKING:
    from core.services.replies.records import (
        ComparedCell,
        ComparedQuestion,
        Comparison,
        PairCounts,
        ReplyDetail,
        ReplyLine,
    )

_LEAST_RUNS = 2


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the commands."""
    replies = add_command(
        commands,
        "replies",
        _replies,
        says="list the replies of a run, or show one in full",
        example="replies study.asclepius 019b8d62 --state incorrect",
    )
    add_workspace(replies)
    replies.add_argument("run_id", metavar="RUN", help="the run, or how its id begins")
    replies.add_argument(
        "--state",
        type=ScoreState,
        choices=list(ScoreState),
        metavar="S",
        help=f"only those that ended so: {', '.join(ScoreState)}",
    )
    replies.add_argument(
        "--question", type=int, metavar="N", help="show the replies to this question in full"
    )
    compare = add_command(
        commands,
        "compare",
        _compare,
        says="show runs side by side, question by question",
        example="compare study.asclepius 019b8d62 019b8d71",
    )
    add_workspace(compare)
    compare.add_argument("run_ids", nargs="+", metavar="RUN", help="runs, or how their ids begin")
    compare.add_argument(
        "--differing", action="store_true", help="only questions on which the runs differ"
    )


def _replies(arguments: argparse.Namespace, _: Terminal) -> Reply:
    with open_for_reading(arguments.workspace) as workspace:
        run = one_run(workspace.evaluation.runs(), arguments.run_id).run
        lines = [
            one
            for one in workspace.replies.lines(run.id)
            if arguments.state in (None, one.state) and arguments.question in (None, one.number)
        ]
        if arguments.question is None:
            return _list(lines)
        if not lines:
            raise NotFoundError(f"Question {arguments.question} has no such reply in this run.")
        found = [workspace.replies.detail(run.id, one.revision, one.variant) for one in lines]
    return Reply(
        [_detail_plain(one) for one in found], [text for one in found for text in _in_full(one)]
    )


def _list(lines: "list[ReplyLine]") -> Reply:
    head = ("question", "state", "seconds", "read as", "reply")
    rows = [
        (
            f"{one.number} {one.variant}".strip(),
            one.state.value.replace("_", " "),
            f"{one.elapsed_s:.1f}" if one.elapsed_s else "–",
            one_line(one.answer) or "–",
            one_line(one.text),
        )
        for one in lines
    ]
    plain = [asdict(one) | {"state": one.state.value} for one in lines]
    return Reply(plain, table(head, rows) if rows else ["No such reply."])


def _detail_plain(one: "ReplyDetail") -> Plain:
    return {
        "number": one.blind.number,
        "stem": one.blind.body.stem,
        "state": one.score.state.value,
        "value": one.score.value,
        "read": one.read_words,
        "right": one.right_words,
        "rule": one.answer.reading_rule,
        "span": None if one.span is None else list(one.span),
        "corrected_by": one.corrector,
        "reply": one.answer.raw_text,
        "thinking": one.thinking,
        "error": str(one.answer.details.get("error", "")),
    }


def _in_full(one: "ReplyDetail") -> list[str]:
    rule = f" (rule: {one.answer.reading_rule})" if one.answer.reading_rule else ""
    by = f", read by {one.corrector}" if one.corrector else ""
    said = one.answer.raw_text or str(one.answer.details.get("error", ""))
    return [
        f"Question {one.blind.number}: {one_line(one.blind.body.stem)}",
        f"Right: {one.right_words or '–'}",
        f"Read: {one.read_words or '–'}{rule}{by}; {one.score.state.value.replace('_', ' ')}",
        *([f"Thinking: {one.thinking}"] if one.thinking else []),
        said,
        "",
    ]


def _compare(arguments: argparse.Namespace, _: Terminal) -> Reply:
    with open_for_reading(arguments.workspace) as workspace:
        known = workspace.evaluation.runs()
        runs = list(dict.fromkeys(one_run(known, name).run.id for name in arguments.run_ids))
        if len(runs) < _LEAST_RUNS:
            raise ValidationError("Name two runs or more to compare.", field="run")
        found = workspace.replies.compare(runs)
    chosen = [one for one in found.questions if one.differs or not arguments.differing]
    return Reply(_comparison_plain(found, chosen), _comparison_lines(found, chosen))


def _comparison_plain(found: "Comparison", chosen: "list[ComparedQuestion]") -> Plain:
    return {
        "runs": [
            {"run": run.id, "name": _name(found, place)} for place, run in enumerate(found.runs)
        ],
        "pairs": [one._asdict() for one in found.pairs()],
        "questions": [
            {
                "number": one.number,
                "stem": one.stem,
                "right": one.right,
                "replies": [
                    None if cell is None else {"state": cell.state.value, "said": cell.words}
                    for cell in one.cells
                ],
            }
            for one in chosen
        ],
    }


def _comparison_lines(found: "Comparison", chosen: "list[ComparedQuestion]") -> list[str]:
    names = [f"[{place + 1}] {_name(found, place)}" for place in range(len(found.runs))]
    head = ("question", *(f"[{place + 1}]" for place in range(len(found.runs))), "right answer")
    rows = [(str(one.number), *map(_cell, one.cells), one_line(one.right)) for one in chosen]
    pairs = [_pair_line(one) for one in found.pairs()]
    return [*names, *(table(head, rows) if rows else ["No question differs."]), *pairs]


def _name(found: "Comparison", place: int) -> str:
    run = found.runs[place]
    return " · ".join((run.spec.llm, *run.spec.names))


def _cell(cell: "ComparedCell | None") -> str:
    if cell is None:
        return "not asked"
    words = one_line(cell.words)
    return f"{cell.state.value.replace('_', ' ')}: {words}" if words else cell.state.value


def _pair_line(one: "PairCounts") -> str:
    first, second = one.first + 1, one.second + 1
    return (
        f"[{first}] and [{second}] on {count_of(one.questions, 'question')}: both right"
        f" {one.both_right}, only [{first}] {one.only_first}, only [{second}] {one.only_second},"
        f" neither {one.neither}; the same answer {one.same_answer}."
    )
