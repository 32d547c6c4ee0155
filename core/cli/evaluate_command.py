"""The command `evaluate`: asks a language model every verified question once."""

import argparse
from typing import TYPE_CHECKING

from core.cli.commands import add_command, add_workspace, open_for_writing
from core.cli.terminal import Reply, Terminal, cancelled_by_keyboard, count_of
from core.domain.plain import Plain
from core.domain.run import Condition, RunStatus
from core.errors import Cancelled

if TYPE_CHECKING:
    from core.services.evaluation_records import Preparation, RunSummary

MANY_CALLS = 64


def add_evaluate(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = add_command(
        commands,
        "evaluate",
        _evaluate,
        says="ask a language model; the same command again resumes what stopped",
        example=(
            "evaluate study.asclepius --model my-model --base-url http://127.0.0.1:8000/v1\n\n"
            "The API key comes from the system keyring (service “asclepius”, user = base URL) or\n"
            "from ASCLEPIUS_API_KEY (OPENAI_API_KEY serves OpenAI and this computer only)."
        ),
    )
    add_workspace(parser)
    parser.add_argument("--model", required=True, metavar="M", help="its name at the endpoint")
    parser.add_argument("--base-url", required=True, metavar="U", help="such as https://host/v1")
    parser.add_argument(
        "--condition",
        type=Condition,
        choices=list(Condition),
        default=Condition.BOTH,
        metavar="C",
        help="what the model gets: both (default), text or image",
    )
    parser.add_argument(
        "--concurrency", type=_count, default=8, metavar="N", help="calls at a time (%(default)s)"
    )
    parser.add_argument(
        "--max-tokens", type=int, default=512, metavar="N", help="longest reply (%(default)s)"
    )
    parser.add_argument(
        "--temperature",
        type=_temperature,
        default=0.0,
        metavar="T",
        help="0 to 2, or “none” to leave it to the endpoint (%(default)s)",
    )


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= MANY_CALLS:
        raise argparse.ArgumentTypeError(f"it must be 1 to {MANY_CALLS}")
    return number


def _temperature(text: str) -> float | None:
    return None if text == "none" else float(text)


def _evaluate(arguments: argparse.Namespace, terminal: Terminal) -> Reply:
    from core.services.evaluation_records import Calling, RunRequest

    request = RunRequest(
        arguments.model,
        arguments.base_url,
        arguments.condition,
        temperature=arguments.temperature,
        max_tokens=arguments.max_tokens,
    )
    with open_for_writing(arguments.workspace) as workspace, cancelled_by_keyboard() as cancel:
        service = workspace.evaluation
        preparation = service.prepare(request, cancel=cancel, progress=terminal.progress)
        terminal.clear_progress()
        terminal.say(*_before(preparation))
        run = service.start(
            preparation,
            Calling(concurrency=arguments.concurrency),
            cancel=cancel,
            progress=terminal.progress,
        ).value
        if cancel.is_cancelled and run.run.status is not RunStatus.FINISHED:
            raise Cancelled
        workspace.analysis.rescore(token=cancel)
    return Reply(_plain(preparation, run), _lines(run), _failure(run))


def _before(preparation: "Preparation") -> list[str]:
    lines = [f"{count_of(preparation.sendable, 'question')} for {preparation.spec.llm}."]
    if preparation.is_unverified:
        lines.append("No question is verified yet, so all are asked.")
    if preparation.existing is not None and preparation.existing.done:
        lines.append(f"{preparation.existing.done} are answered already; the rest is asked.")
    lines += [preparation.warning] if preparation.warning else []
    return lines + [
        f"Left out: question {one.number}. {one.sentence}" for one in preparation.blocked
    ]


def _plain(preparation: "Preparation", run: "RunSummary") -> Plain:
    return {
        "run": run.run.id,
        "status": run.run.status.value,
        "total": run.total,
        "done": run.done,
        "states": {state.value: count for state, count in run.counts.items()},
        "left_out": [
            {"number": one.number, "sentence": one.sentence} for one in preparation.blocked
        ],
        "failures": [{"sentence": text, "count": count} for text, count in run.failures],
        "specification": run.run.spec.to_plain(),
    }


def _lines(run: "RunSummary") -> list[str]:
    states = ", ".join(f"{count} {state.value}" for state, count in run.counts.items())
    return [f"{run.done} of {run.total} done: {states}.", "`asclepius results` shows the figures."]


def _failure(run: "RunSummary") -> str:
    failed = sum(count for _, count in run.failures)
    if not failed:
        return ""
    return (
        f"{count_of(failed, 'call')} failed: {run.failures[0][0]} "
        "The same command again asks only what is missing."
    )
