"""The commands `evaluate` and `preflight`: ask a model, or see what asking would take."""

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

from core.cli.commands import (
    add_command,
    add_workspace,
    open_for_reading,
    open_for_writing,
)
from core.cli.evaluate_options import add_options, calling_of, request_of
from core.cli.terminal import Reply, Terminal, cancelled_by_keyboard, count_of, table
from core.domain.plain import Plain
from core.domain.run import RunStatus
from core.errors import Cancelled
from core.tasks import CancelToken, Progress, ProgressCallback

if TYPE_CHECKING:
    from core.llm.tokens import Range
    from core.services.evaluation.preflight import Preflight
    from core.services.evaluation.records import Calling, Preparation, RunSummary
    from core.services.replies.speed import Speed
    from core.workspace import Workspace

_ADDRESS = "study.asclepius --model my-model --base-url http://127.0.0.1:8000/v1"
_KEY = (
    "The API key comes from the system keyring (service “asclepius”, user = base URL) or\n"
    "from ASCLEPIUS_API_KEY (OPENAI_API_KEY serves OpenAI and this computer only).\n"
)


def add_evaluate(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the commands."""
    parser = add_command(
        commands,
        "evaluate",
        _evaluate,
        says="ask a language model; the same command again resumes what stopped",
        example=(
            f"evaluate {_ADDRESS}\n\n{_KEY}"
            "Ctrl-C lets the calls under way finish and keeps them; a second one stops at once."
        ),
    )
    add_workspace(parser)
    add_options(parser)
    look = add_command(
        commands,
        "preflight",
        _preflight,
        says="show what a run would take: questions, tokens, cost, time; nothing is sent",
        example=f"preflight {_ADDRESS} --price 2.5,10",
    )
    add_workspace(look)
    add_options(look)


def _evaluate(arguments: argparse.Namespace, terminal: Terminal) -> Reply:
    from core.services.replies.speed import speed_of

    with open_for_writing(arguments.workspace) as workspace, cancelled_by_keyboard() as cancel:
        service = workspace.evaluation
        request, calling = request_of(arguments, workspace), calling_of(arguments, service)
        preparation = service.prepare(request, cancel=cancel, progress=terminal.progress)
        terminal.clear_progress()
        terminal.say(*_before(preparation))
        if arguments.batch:
            return _batch(workspace, preparation, calling)
        run = service.start(
            preparation, calling, cancel=cancel, progress=_progress(terminal, cancel)
        ).value
        if cancel.is_cancelled and run.run.status is not RunStatus.FINISHED:
            raise Cancelled
        workspace.analysis.rescore(token=cancel)
        speed = speed_of(service.answers(run.run.id))
    plain = _plain(preparation, run) | {"speed": asdict(speed)}
    return Reply(plain, [*_lines(run), *_speed_lines(speed)], _failure(run))


def _batch(workspace: "Workspace", preparation: "Preparation", calling: "Calling") -> Reply:
    service = workspace.evaluation
    found = service.batch(preparation, calling).value
    run = next(one for one in service.runs() if one.run.spec.hash == preparation.spec.hash)
    plain = _plain(preparation, run) | {
        "is_waiting": found.is_waiting,
        "stored": found.stored,
        "held_back": found.held_back,
    }
    if found.is_waiting:
        lines = ["Give the same command again to collect the batch."]
        if found.held_back:
            waits = f"{count_of(found.held_back, 'call')} held back by the ceiling"
            lines.append(f"{waits}: handed in once it is known what this batch cost.")
        waiting = f"The endpoint has done {found.done} of {found.total} so far."
        return Reply(plain, [*lines, waiting])
    workspace.analysis.rescore()
    return Reply(plain, _lines(run), _failure(run))


def _progress(terminal: Terminal, cancel: CancelToken) -> ProgressCallback:
    def show(step: Progress) -> None:
        if cancel.is_cancelled:
            what = "Finishing the calls under way; Ctrl-C again stops at once"
            step = Progress(step.done, step.total, what)
        terminal.progress(step)

    return show


def _preflight(arguments: argparse.Namespace, terminal: Terminal) -> Reply:
    with open_for_reading(arguments.workspace) as workspace, cancelled_by_keyboard() as cancel:
        service = workspace.evaluation
        found = service.preflight(
            request_of(arguments, workspace),
            calling_of(arguments, service),
            cancel=cancel,
            progress=terminal.progress,
        )
    return Reply(_preflight_plain(found), _preflight_lines(found))


def _preflight_plain(found: "Preflight") -> Plain:
    return {
        "questions": found.preparation.total,
        "calls": sum(row.calls for row in found.rows),
        "formats": [
            {
                "format": row.format.value,
                "questions": row.questions,
                "calls": row.calls,
                "pictures": row.pictures,
                "prompt_tokens": _range(row.prompt_tokens),
                "reply_tokens": _range(row.reply_tokens),
            }
            for row in found.rows
        ],
        "not_applicable": len(found.preparation.not_applicable),
        "left_out": _left_out(found.preparation),
        "prompt_tokens": _range(found.prompt_tokens),
        "reply_tokens": _range(found.reply_tokens),
        "cost": None if found.cost is None else _range(found.cost),
        "seconds": _range(found.seconds),
        "is_measured": found.is_measured,
    }


def _preflight_lines(found: "Preflight") -> list[str]:
    head = ("format", "questions", "calls", "pictures", "prompt tokens", "reply tokens")
    rows = [
        (
            row.format.value.replace("_", " "),
            str(row.questions),
            str(row.calls),
            str(row.pictures),
            _span(row.prompt_tokens),
            _span(row.reply_tokens),
        )
        for row in found.rows
    ]
    cost = "no price is known" if found.cost is None else _span(found.cost, digits=2)
    basis = "from earlier answers of this model" if found.is_measured else "a rule of thumb"
    return [
        *_before(found.preparation),
        *table(head, rows),
        f"Tokens: {_span(found.prompt_tokens)} in, {_span(found.reply_tokens)} out ({basis}).",
        f"Cost: {cost}. Time: {_span(found.seconds)} seconds.",
    ]


def _range(found: "Range") -> Plain:
    return {"low": found.low, "expected": found.expected, "high": found.high}


def _span(found: "Range", *, digits: int = 0) -> str:
    low, expected, high = (f"{one:,.{digits}f}" for one in (found.low, found.expected, found.high))
    return f"{expected} ({low} to {high})"


def _before(preparation: "Preparation") -> list[str]:
    spec = preparation.spec
    how = ", ".join(spec.names)
    lines = [f"{count_of(preparation.sendable, 'question')} for {spec.llm}: {how}."]
    if spec.ask_count:
        lines.append(f"{count_of(len(preparation.asks), 'call')} in all.")
    if preparation.is_unverified:
        lines.append("No question is verified yet, so all are asked.")
    if preparation.existing is not None and preparation.existing.done:
        lines.append(f"{preparation.existing.done} are answered already; the rest is asked.")
    lines += [preparation.warning] if preparation.warning else []
    return lines + [
        f"Left out: question {one.number}. {one.sentence}" for one in preparation.blocked
    ]


def _left_out(preparation: "Preparation") -> list[Plain]:
    return [
        {"number": one.number, "sentence": one.sentence, "reason": one.reason.value}
        for one in preparation.blocked
    ]


def _plain(preparation: "Preparation", run: "RunSummary") -> Plain:
    return {
        "run": run.run.id,
        "status": run.run.status.value,
        "total": run.total,
        "done": run.done,
        "states": {state.value: count for state, count in run.counts.items()},
        "left_out": _left_out(preparation),
        "failures": [{"sentence": text, "count": count} for text, count in run.failures],
        "specification": run.run.spec.to_plain(),
    }


def _lines(run: "RunSummary") -> list[str]:
    states = ", ".join(f"{count} {state.value}" for state, count in run.counts.items())
    return [f"{run.done} of {run.total} done: {states}.", "`asclepius results` shows the figures."]


def _speed_lines(speed: "Speed") -> list[str]:
    named = (
        ("characters per second", speed.characters_per_s),
        ("tokens per second", speed.tokens_per_s),
        ("seconds to the first word", speed.first_word_s),
    )
    parts = [f"{one.median:.3g} {name} (P90 {one.p90:.3g})" for name, one in named if one]
    timed = count_of(speed.count, "timed answer")
    return [f"Median of {timed}: {', '.join(parts)}."] if parts else []


def _failure(run: "RunSummary") -> str:
    failed = sum(count for _, count in run.failures)
    if not failed:
        return ""
    return (
        f"{count_of(failed, 'call')} failed: {run.failures[0][0]} "
        "The same command again asks only what is missing."
    )
