"""The options of `evaluate` and `preflight`: what a run is to be, and how to reach the endpoint."""

import argparse
import math
from datetime import date
from typing import TYPE_CHECKING

from core.domain.run import Condition
from core.domain.setup import MAX_SHOTS, OptionOrder, Reasoning, Setup
from core.errors import ValidationError

if TYPE_CHECKING:
    from core.domain.ids import RevisionId
    from core.services.evaluation.records import Calling, RunRequest
    from core.services.evaluation.service import EvaluationService
    from core.workspace import Workspace

MANY_CALLS = 256
NO_TEMPERATURE = "none"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--endpoint", metavar="E", help="a named endpoint; see `endpoints`")
    parser.add_argument("--model", metavar="M", help="its name at the endpoint")
    parser.add_argument("--base-url", metavar="U", help="such as https://host/v1")
    _add_asking(parser.add_argument_group("what is asked"))
    _add_calling(parser.add_argument_group("how it is asked"))


def _add_asking(group: "argparse._ArgumentGroup") -> None:
    group.add_argument(
        "--condition",
        type=Condition,
        choices=list(Condition),
        default=Condition.BOTH,
        metavar="C",
        help=f"what the model gets: {', '.join(Condition)} (default both)",
    )
    group.add_argument("--questions", type=_numbers, metavar="N", help="only these, such as 1,4-9")
    group.add_argument(
        "--order",
        type=OptionOrder,
        choices=list(OptionOrder),
        default=OptionOrder.AUTHORED,
        metavar="O",
        help=f"of options: {', '.join(OptionOrder)} (default authored)",
    )
    group.add_argument(
        "--repeats", type=int, default=1, metavar="N", help="ask each so often; the majority counts"
    )
    group.add_argument("--chain", action="store_true", help="ask for reasoning before the answer")
    group.add_argument(
        "--context", type=int, default=100, metavar="P", help="give the first P %% of the context"
    )
    group.add_argument("--language", default="", metavar="L", help="ask in this language")
    group.add_argument(
        "--shots", type=int, default=0, metavar="N", help="solved examples before each question"
    )
    group.add_argument(
        "--examples",
        default="",
        metavar="E",
        help="the examples, never asked: question numbers such as 3,7-9 (all are shown), or a"
        " label with --shots",
    )
    group.add_argument(
        *("--prompt", "--template"),
        metavar="P",
        help="a prompt that `prompts` lists (default: the standard one)",
    )


def _add_calling(group: "argparse._ArgumentGroup") -> None:
    group.add_argument("--concurrency", type=_count, metavar="N", help="calls at a time (8)")
    group.add_argument(
        "--max-tokens", type=int, default=512, metavar="N", help="longest reply (%(default)s)"
    )
    group.add_argument(
        "--temperature",
        default="",
        metavar="T",
        help=f"0 to 2, or “{NO_TEMPERATURE}” to leave it to the endpoint (0)",
    )
    group.add_argument("--seed", type=int, default=0, metavar="N", help="of chance")
    group.add_argument("--api", choices=["chat", "responses"], help="the protocol (chat)")
    group.add_argument(
        "--effort", metavar="E", help="a reasoning model: low, medium, high; without temperature"
    )
    group.add_argument("--structured", action="store_true", help="hold the reply to a JSON schema")
    group.add_argument(
        "--stream", action="store_true", help="receive in pieces; times the first one"
    )
    group.add_argument(
        "--batch",
        action="store_true",
        help="hand in as a batch, cheaper; the same command again collects it",
    )
    group.add_argument(
        "--timeout", type=float, default=180.0, metavar="S", help="seconds a call (%(default)g)"
    )
    group.add_argument(
        "--price", type=price_of, metavar="IN,OUT", help="per million tokens, such as 2.5,10"
    )
    group.add_argument(
        "--ceiling", type=float, metavar="X", help="stop before the run costs more than this"
    )


def request_of(arguments: argparse.Namespace, workspace: "Workspace") -> "RunRequest":
    """Return what the options ask for; raise `CoreError` naming what is missing."""
    from dataclasses import replace

    from core.llm.client import Api
    from core.services.evaluation.records import RunRequest
    from core.services.prompts.examples import numbers_in

    service = workspace.evaluation
    if arguments.endpoint:
        request = service.profiles.get(arguments.endpoint).request(arguments.condition)
    elif arguments.model and arguments.base_url:
        request = RunRequest(arguments.model, arguments.base_url, arguments.condition)
    else:
        raise ValidationError(
            "No endpoint was named.",
            field="endpoint",
            hint="Give --model and --base-url, or --endpoint.",
        )
    return replace(
        request,
        llm=arguments.model or request.llm,
        base_url=arguments.base_url or request.base_url,
        revisions=service.revisions_of(arguments.questions) if arguments.questions else None,
        temperature=_temperature(arguments.temperature, request.temperature),
        max_tokens=arguments.max_tokens,
        seed=arguments.seed,
        prompt=arguments.prompt or request.prompt,
        api=Api(arguments.api) if arguments.api else request.api,
        effort=arguments.effort or request.effort,
        is_structured=arguments.structured or request.is_structured,
        setup=Setup(
            order=arguments.order,
            repeats=arguments.repeats,
            reasoning=Reasoning.CHAIN if arguments.chain else Reasoning.DIRECT,
            shots=arguments.shots or min(len(numbers_in(arguments.examples)), MAX_SHOTS),
            examples=_examples(arguments, workspace),
            context_percent=arguments.context,
            language=arguments.language,
        ),
    )


def _examples(arguments: argparse.Namespace, workspace: "Workspace") -> "tuple[RevisionId, ...]":
    from core.services.prompts.examples import numbers_in

    said = arguments.examples.strip()
    if not said:
        return ()
    if not arguments.shots and not numbers_in(said):
        raise ValidationError(
            "A label of examples is given, but no number of them.",
            field="shots",
            hint="Add --shots with how many are to be shown.",
        )
    return workspace.examples.named(said)


def calling_of(arguments: argparse.Namespace, service: "EvaluationService") -> "Calling":
    """Return how the endpoint is reached; the first Ctrl-C lets calls under way finish."""
    from dataclasses import replace

    from core.llm.budget import Price
    from core.services.evaluation.records import Calling

    profile = service.profiles.get(arguments.endpoint) if arguments.endpoint else None
    calling = Calling() if profile is None else profile.calling()
    price = calling.price
    if arguments.price is not None:
        prompt, completion = arguments.price
        price = Price(prompt, completion, date.today().isoformat())
    if arguments.ceiling is not None and not price.is_known:
        raise ValidationError(
            "A ceiling needs to know what tokens cost.", field="price", hint="Add --price IN,OUT."
        )
    return replace(
        calling,
        concurrency=arguments.concurrency or calling.concurrency,
        timeout_s=arguments.timeout,
        is_streaming=arguments.stream or calling.is_streaming,
        price=price,
        ceiling=arguments.ceiling,
        finish_s=math.inf,
    )


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= MANY_CALLS:
        raise argparse.ArgumentTypeError(f"it must be 1 to {MANY_CALLS}")
    return number


def _temperature(text: str, default: float | None) -> float | None:
    if not text:
        return default
    if text == NO_TEMPERATURE:
        return None
    try:
        return float(text)
    except ValueError as error:
        raise ValidationError(f"“{text}” is no temperature.", field="temperature") from error


def price_of(text: str) -> tuple[float, float]:
    """Read a price of prompt and completion tokens, per million."""
    prompt, _, completion = text.partition(",")
    found = (float(prompt), float(completion))
    if min(found) < 0 or not all(map(math.isfinite, found)):
        raise argparse.ArgumentTypeError("a price is not below 0")
    return found


def _numbers(text: str) -> tuple[int, ...]:
    found: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return tuple(found)
