"""The command `correct`: a person reads a stored reply otherwise than the rules did."""

import argparse
from typing import TYPE_CHECKING

from core.cli.commands import add_command, add_workspace, open_for_writing
from core.cli.run_commands import one_run
from core.cli.terminal import Reply, Terminal, one_line
from core.domain.answer import AnswerState
from core.domain.plain import Plain
from core.errors import NotFoundError, ValidationError

if TYPE_CHECKING:
    from core.domain.body import Response
    from core.services.replies.records import ReplyDetail
    from core.workspace import Workspace

_ANSWERS = """\
A is said as the model saw the question: letters of options in the order shown to it, or their
words; several separated by ; and an order by >; a number, a blank and its unit; a text; regions
as JSON in pixels of the image: [{"kind": "box", "points": [[10, 20], [60, 50]], "frame": 1}].
The first reading stays stored; yours counts from now on, with your name and reason."""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = add_command(
        commands,
        "correct",
        _correct,
        says="read a stored reply otherwise than the rules did, with a reason; nothing is sent",
        example=(
            'correct study.asclepius 019b8d62 --question 3 --answer B --reason "named in words"'
        ),
    )
    parser.epilog = f"{parser.epilog}\n\n{_ANSWERS}"
    add_workspace(parser)
    parser.add_argument("run_id", metavar="RUN", help="the run, or how its id begins")
    parser.add_argument(
        "--question", type=int, required=True, metavar="N", help="whose reply is read"
    )
    parser.add_argument(
        "--variant", metavar="V", help="which reply, where the run asked more than once"
    )
    said = parser.add_mutually_exclusive_group(required=True)
    said.add_argument("--answer", metavar="A", help="what the reply answers")
    said.add_argument("--no-answer", action="store_true", help="it holds no clear answer")
    said.add_argument("--refused", action="store_true", help="it refuses to answer")
    parser.add_argument("--reason", required=True, metavar="T", help="why the reading is wrong")


def _correct(arguments: argparse.Namespace, _: Terminal) -> Reply:
    with open_for_writing(arguments.workspace) as workspace:
        before = _reply(workspace, arguments)
        state = AnswerState.REFUSED if arguments.refused else AnswerState.NO_ANSWER
        workspace.readings.correct(
            before.answer.id, _response(before, arguments.answer), arguments.reason, state=state
        )
        after = workspace.replies.detail(before.run.id, before.blind.revision, _variant(before))
    return Reply(_plain(before, after), _lines(before, after))


def _reply(workspace: "Workspace", arguments: argparse.Namespace) -> "ReplyDetail":
    run = one_run(workspace.evaluation.runs(), arguments.run_id).run
    asked = [one for one in workspace.replies.lines(run.id) if one.number == arguments.question]
    chosen = [one for one in asked if arguments.variant in (None, one.variant)]
    if not chosen:
        raise NotFoundError(
            f"Question {arguments.question} has no such reply in this run.",
            hint="`asclepius replies W RUN` lists them.",
        )
    if len(chosen) > 1:
        names = ", ".join(f"“{one.variant}”" for one in chosen)
        raise ValidationError(
            f"Question {arguments.question} was asked {len(chosen)} times in this run.",
            field="variant",
            hint=f"Name one by --variant: {names}.",
        )
    return workspace.replies.detail(run.id, chosen[0].revision, chosen[0].variant)


def _response(reply: "ReplyDetail", text: str | None) -> "Response | None":
    from core.domain.ids import OptionId
    from core.domain.typed_answer import typed_response

    if text is None:
        return None
    order = [OptionId(one) for one in reply.answer.option_order]
    return typed_response(reply.blind.body.asked, text, order)


def _variant(reply: "ReplyDetail") -> str:
    from core.services.evaluation.records import ask_of

    return ask_of(reply.answer).variant


def _plain(before: "ReplyDetail", after: "ReplyDetail") -> Plain:
    return {
        "run": after.run.id,
        "number": after.blind.number,
        "variant": _variant(after),
        "was": {"state": before.score.state.value, "read": before.read_words},
        "state": after.score.state.value,
        "value": after.score.value,
        "read": after.read_words,
        "corrected_by": after.corrector,
    }


def _lines(before: "ReplyDetail", after: "ReplyDetail") -> list[str]:
    by = f" by {after.corrector}" if after.corrector else ""
    return [
        f"Question {after.blind.number} was read as: {_read(before)}",
        f"Now read{by} as: {_read(after)}",
    ]


def _read(reply: "ReplyDetail") -> str:
    state = reply.score.state.value.replace("_", " ")
    return f"{one_line(reply.read_words) or '–'}; {state}"
