"""The commands `runs`, `rescore` and `endpoints`."""

import argparse
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

from core.cli.commands import add_command, add_workspace, open_for_reading, open_for_writing
from core.cli.evaluate_options import price_of
from core.cli.terminal import Reply, Terminal, cancelled_by_keyboard, count_of, table
from core.domain.plain import Plain
from core.errors import NotFoundError, ValidationError

if TYPE_CHECKING:
    from core.services.evaluation.profiles import EndpointProfile, EndpointProfiles
    from core.services.evaluation.records import RunSummary


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the commands."""
    runs = add_command(
        commands,
        "runs",
        _runs,
        says="list the runs of language models, newest first",
        example="runs study.asclepius",
    )
    add_workspace(runs)
    rescore = add_command(
        commands,
        "rescore",
        _rescore,
        says="read the stored replies by the rules of now and score them; nothing is sent",
        example="rescore study.asclepius 019b8d62",
    )
    add_workspace(rescore)
    rescore.add_argument(
        "run_id", nargs="?", metavar="RUN", help="the run, or how its id begins; else all runs"
    )
    _add_endpoints(commands)


def _add_endpoints(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = add_command(
        commands,
        "endpoints",
        _endpoints,
        says="list, add, test or remove named endpoints; keys stay in the system keyring",
        example=(
            "endpoints --add ward --model m --base-url http://127.0.0.1:8000/v1 --local-only\n"
            "  asclepius endpoints --test ward"
        ),
    )
    todo = parser.add_mutually_exclusive_group()
    todo.add_argument("--add", metavar="NAME", help="add an endpoint, or replace it")
    todo.add_argument("--remove", metavar="NAME", help="remove an endpoint")
    todo.add_argument("--test", metavar="NAME", help="ask an endpoint for one word")
    todo.add_argument(
        "--models", metavar="E", help="list the models of an endpoint, by its name or base URL"
    )
    parser.add_argument("--model", default="", metavar="M", help="the model's name there")
    parser.add_argument("--base-url", default="", metavar="U", help="such as https://host/v1")
    parser.add_argument("--api", choices=["chat", "responses"], default="chat", help="the protocol")
    parser.add_argument("--effort", default="", metavar="E", help="of a reasoning model")
    parser.add_argument("--structured", action="store_true", help="it takes a JSON schema")
    parser.add_argument("--stream", action="store_true", help="receive replies in pieces")
    parser.add_argument("--no-pictures", action="store_true", help="it takes no pictures")
    parser.add_argument(
        "--local-only", action="store_true", help="refuse addresses outside this network"
    )
    parser.add_argument("--concurrency", type=int, default=8, metavar="N", help="calls at a time")
    parser.add_argument("--price", type=price_of, metavar="IN,OUT", help="per million tokens")
    parser.add_argument("--requests-per-minute", type=int, default=0, metavar="N", help="at most")
    parser.add_argument("--tokens-per-minute", type=int, default=0, metavar="N", help="at most")


def _runs(arguments: argparse.Namespace, _terminal: Terminal) -> Reply:
    with open_for_reading(arguments.workspace) as workspace:
        found = workspace.evaluation.runs()
    head = ("run", "made", "status", "done", "model", "asked")
    rows = [
        (
            one.run.id,
            one.run.created_at.date().isoformat(),
            one.run.status.value,
            f"{one.done} of {one.total}",
            one.run.spec.llm,
            ", ".join((one.run.spec.condition.display_name, *one.run.spec.setup.names)),
        )
        for one in found
    ]
    lines = table(head, rows) if rows else ["There is no run yet."]
    return Reply([_run_plain(one) for one in found], lines)


def _run_plain(one: "RunSummary") -> Plain:
    return {
        "run": one.run.id,
        "made": one.run.created_at.isoformat(),
        "status": one.run.status.value,
        "done": one.done,
        "total": one.total,
        "states": {state.value: count for state, count in one.counts.items()},
        "failures": [{"sentence": text, "count": count} for text, count in one.failures],
        "specification": one.run.spec.to_plain(),
    }


def _rescore(arguments: argparse.Namespace, terminal: Terminal) -> Reply:
    lines, plain = [], []
    with open_for_writing(arguments.workspace) as workspace, cancelled_by_keyboard() as cancel:
        known = workspace.evaluation.runs()
        chosen = [one_run(known, arguments.run_id)] if arguments.run_id else known
        for run in (one.run for one in chosen if not one.run.spec.is_imported):
            found = workspace.readings.reread(run.id, cancel=cancel, progress=terminal.progress)
            reread, name = found.value, " · ".join((run.spec.llm, *run.spec.names))
            lines.append(
                f"{name}: {count_of(reread.replies, 'stored answer')}, {reread.changed} read"
                f" differently, {reread.corrected} read by a person."
            )
            plain.append({"run": run.id, "name": name} | asdict(reread))
        scored = workspace.analysis.rescore(progress=terminal.progress, token=cancel).value
    lines.append(f"{count_of(scored, 'answer')} scored. No call was made.")
    return Reply({"runs": plain, "scored": scored}, lines)


def one_run(runs: "list[RunSummary]", start: str) -> "RunSummary":
    """Return the one run whose id begins so; raise `NotFoundError` for none or several."""
    found = [one for one in runs if one.run.id.startswith(start)]
    if len(found) == 1:
        return found[0]
    raise NotFoundError(
        f"{'More than one run begins' if found else 'No run begins'} with “{start}”.",
        hint="`asclepius runs W` lists them.",
    )


def _endpoints(arguments: argparse.Namespace, terminal: Terminal) -> Reply:
    from core.paths import endpoints_file
    from core.services.evaluation.calls import check_endpoint
    from core.services.evaluation.profiles import EndpointProfiles

    profiles = EndpointProfiles(endpoints_file())
    if arguments.add:
        profiles.put(_profile(arguments))
    if arguments.remove:
        profiles.remove(arguments.remove)
    if arguments.models:
        return _models(profiles, arguments.models)
    if arguments.test:
        one = profiles.get(arguments.test)
        found = check_endpoint(one.request(), one.calling(), shows_picture=one.takes_pictures)
        took = f"“{one.name}” answered in {found.elapsed_s:.1f} s"
        sees = {True: " and takes pictures", False: " but takes no pictures", None: ""}
        terminal.say(f"{took}{sees[found.takes_pictures]}.")
        plain = {"endpoint": one.name, "seconds": found.elapsed_s}
        return Reply(plain | {"takes_pictures": found.takes_pictures})
    known = profiles.all()
    rows = [(one.name, one.llm, one.base_url, _facts(one)) for one in known]
    lines = table(("name", "model", "base URL", "facts"), rows)
    return Reply([_profile_plain(one) for one in known], lines if rows else ["No endpoint yet."])


def _models(profiles: "EndpointProfiles", named: str) -> Reply:
    from core.services.evaluation.calls import offered_models
    from core.services.evaluation.records import Calling

    if named.startswith(("http://", "https://")):
        names = offered_models(named, Calling())
    else:
        one = profiles.get(named)
        names = offered_models(one.base_url, one.calling())
    return Reply(list(names), names or ["This endpoint has no model."])


def _profile(arguments: argparse.Namespace) -> "EndpointProfile":
    from core.llm.budget import Price
    from core.llm.client import Api
    from core.llm.pace import RateLimit
    from core.services.evaluation.profiles import AllowedData, EndpointProfile

    if not arguments.base_url:
        raise ValidationError("An endpoint needs --base-url.", field="base_url")
    prompt, completion = arguments.price or (0.0, 0.0)
    day = date.today().isoformat() if arguments.price else ""
    return EndpointProfile(
        arguments.add,
        arguments.base_url,
        arguments.model,
        Api(arguments.api),
        arguments.effort,
        arguments.structured,
        not arguments.no_pictures,
        AllowedData.LOCAL_ONLY if arguments.local_only else AllowedData.ANY,
        arguments.concurrency,
        Price(prompt, completion, day),
        RateLimit(arguments.requests_per_minute, arguments.tokens_per_minute),
        arguments.stream,
    )


def _profile_plain(one: "EndpointProfile") -> Plain:
    return asdict(one)


def _facts(one: "EndpointProfile") -> str:
    price = f"{one.price.prompt:g}/{one.price.completion:g} on {one.price.date}"
    facts = (
        one.api.value,
        f"effort {one.effort}" if one.effort else "",
        "" if one.takes_pictures else "no pictures",
        "in pieces" if one.is_streaming else "",
        one.allowed.value.replace("_", " "),
        price if one.price.is_known else "no price",
    )
    return ", ".join(fact for fact in facts if fact)
