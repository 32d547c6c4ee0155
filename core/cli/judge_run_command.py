"""The command `judge run`: ask a judge, by a named endpoint or by its address."""

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING

from core.cli.commands import add_command, add_workspace, open_for_writing
from core.cli.evaluate_options import MANY_CALLS
from core.cli.terminal import Reply, Terminal, cancelled_by_keyboard, count_of
from core.domain.ids import RunId
from core.domain.plain import Plain
from core.errors import Cancelled, ValidationError

if TYPE_CHECKING:
    from core.services.evaluation.profiles import EndpointProfile
    from core.services.evaluation.records import Calling
    from core.services.judging.records import JudgePreparation, JudgeRequest, JudgeSummary
    from core.workspace import Workspace


def add_run(own: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = add_command(
        own,
        "run",
        _run,
        says="ask a judge; the same command again asks only what is missing",
        example="judge run s.asclepius --model m --base-url http://127.0.0.1:8000/v1 --run ID",
    )
    add_workspace(parser)
    parser.add_argument("--endpoint", metavar="E", help="a named endpoint; see `endpoints`")
    parser.add_argument("--model", default="", metavar="M", help="its name at the endpoint")
    parser.add_argument("--base-url", default="", metavar="U", help="such as https://host/v1")
    parser.add_argument(
        "--run", dest="run_id", default="", metavar="ID", help="a run; the sample if left out"
    )
    parser.add_argument("--images", action="store_true", help="show it the cleared images")
    parser.add_argument(
        "--repeats", type=int, default=1, metavar="N", help="times per answer (%(default)s)"
    )
    parser.add_argument(
        "--temperature",
        type=_temperature,
        default=0.0,
        metavar="T",
        help="0 to 2, or “none” to leave it to the endpoint (%(default)g)",
    )
    parser.add_argument(
        "--max-tokens", type=int, default=1024, metavar="N", help="longest reply (%(default)s)"
    )
    parser.add_argument("--one-order", action="store_true", help="do not ask in swapped order")
    parser.add_argument(
        "--concurrency",
        type=int,
        choices=range(1, MANY_CALLS + 1),
        metavar="N",
        help="calls at a time (8, or what the named endpoint says)",
    )
    parser.add_argument(
        "--ceiling", type=float, metavar="X", help="stop before it costs more; needs a price"
    )


def _temperature(text: str) -> float | None:
    return None if text == "none" else float(text)


def _run(arguments: argparse.Namespace, terminal: Terminal) -> Reply:
    run = RunId(arguments.run_id) if arguments.run_id else None
    with open_for_writing(arguments.workspace) as workspace, cancelled_by_keyboard() as cancel:
        profile = _endpoint(arguments, workspace)
        preparation = workspace.judging.prepare(_request(arguments, profile), run)
        terminal.say(*_before(preparation))
        summary = workspace.judging.start(
            preparation,
            _calling(arguments, profile),
            cancel=cancel,
            progress=terminal.progress,
        ).value
        if cancel.is_cancelled:
            raise Cancelled
    return Reply(
        summary_plain(summary) | {"warnings": list(preparation.warnings)},
        [f"{summary.judge.spec.name}: {summary.graded} graded, {summary.unscored} unscored."],
        f"{count_of(summary.failed, 'call')} failed; the same command asks them again."
        if summary.failed
        else "",
    )


def _endpoint(arguments: argparse.Namespace, workspace: "Workspace") -> "EndpointProfile":
    """Return the named endpoint, or one that is described by its address."""
    from core.services.evaluation.profiles import EndpointProfile

    if not arguments.endpoint and not (arguments.model and arguments.base_url):
        raise ValidationError(
            "No endpoint was named.",
            field="endpoint",
            hint="Give --model and --base-url, or --endpoint.",
        )
    known = (
        workspace.evaluation.profiles.get(arguments.endpoint)
        if arguments.endpoint
        else EndpointProfile("", "", "")
    )
    return replace(
        known,
        llm=arguments.model or known.llm,
        base_url=arguments.base_url or known.base_url,
    )


def _request(arguments: argparse.Namespace, profile: "EndpointProfile") -> "JudgeRequest":
    from core.services.judging.records import JudgeRequest

    return JudgeRequest(
        profile.llm,
        profile.base_url,
        sees_images=arguments.images,
        repeats=arguments.repeats,
        swaps_order=not arguments.one_order,
        temperature=arguments.temperature,
        max_tokens=arguments.max_tokens,
        api=profile.api,
        effort=profile.effort,
        takes_pictures=profile.takes_pictures,
    )


def _calling(arguments: argparse.Namespace, profile: "EndpointProfile") -> "Calling":
    calling = profile.calling()
    if arguments.ceiling is not None and not calling.price.is_known:
        raise ValidationError(
            "A ceiling needs to know what tokens cost.",
            field="ceiling",
            hint="Give a named endpoint with a price; see `asclepius endpoints`.",
        )
    concurrency = arguments.concurrency or calling.concurrency
    return replace(calling, concurrency=concurrency, ceiling=arguments.ceiling)


def _before(preparation: "JudgePreparation") -> list[str]:
    answers = count_of(len(preparation.answers), "answer")
    lines = [f"{answers}, {count_of(len(preparation.calls), 'call')} to make."]
    lines.append(f"Question, reference, rubric and answer go to {preparation.spec.base_url}.")
    if preparation.skipped:
        lines.append(f"Left out: {preparation.skipped} without a key to grade against.")
    return [*lines, *preparation.warnings]


def summary_plain(summary: "JudgeSummary") -> Plain:
    """Return a judge and how far it is as a JSON object."""
    return {
        "judge": summary.judge.id,
        "name": summary.judge.spec.name,
        "graded": summary.graded,
        "unscored": summary.unscored,
        "failed_calls": summary.failed,
        "accepted": summary.is_accepted,
        "specification": summary.judge.spec.to_plain(),
    }
