"""Commands on a workspace itself: new, list, show."""

import argparse
from typing import TYPE_CHECKING

from core.cli.commands import add_command, add_workspace, open_for_reading
from core.cli.terminal import Reply, Terminal, count_of, one_line, table
from core.domain.plain import Plain
from core.domain.stage import Stage
from core.domain.taxonomy import CAPACITY, SPECIALTY, value_on

if TYPE_CHECKING:
    from core.domain.question import Question, QuestionSummary
    from core.workspace import Workspace


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the commands."""
    new = add_command(
        commands, "new", _new, says="make an empty workspace", example="new study.asclepius"
    )
    add_workspace(new)
    new.add_argument("--owner", default="", metavar="NAME", help="who works here first")
    listing = add_command(
        commands,
        "list",
        _list,
        says="list the questions",
        example="list study.asclepius --stage verified --json",
    )
    add_workspace(listing)
    listing.add_argument(
        "--stage", type=Stage, choices=list(Stage), metavar="S", help=", ".join(Stage)
    )
    listing.add_argument("--search", default="", metavar="WORDS", help="only with these words")
    show = add_command(
        commands,
        "show",
        _show,
        says="show one question with its key and history",
        example="show study.asclepius 12",
    )
    add_workspace(show)
    show.add_argument("question", metavar="ID", help="number, id or beginning of an id")


def _new(arguments: argparse.Namespace, _: Terminal) -> Reply:
    from core.workspace import create_workspace

    with create_workspace(arguments.workspace, owner_name=arguments.owner) as workspace:
        me = workspace.people.me()
        path = str(workspace.path)
    return Reply({"workspace": path, "owner": me.name}, [f"Made {path} for {me.name}."])


def _list(arguments: argparse.Namespace, _: Terminal) -> Reply:
    with open_for_reading(arguments.workspace) as workspace:
        found = workspace.authoring.library(stage=arguments.stage, search=arguments.search)
    rows = [
        (
            str(one.number),
            one.stage.display_name,
            one.format.value,
            value_on(one.labels, SPECIALTY),
            one_line(one.stem),
        )
        for one in found
    ]
    lines = table(("No.", "Stage", "Format", "Specialty", "Question"), rows) if rows else []
    return Reply([_summary(one) for one in found], [*lines, count_of(len(found), "question") + "."])


def _summary(line: "QuestionSummary") -> Plain:
    return {
        "id": line.id,
        "number": line.number,
        "stage": line.stage.value,
        "format": line.format.value,
        "stem": line.stem,
        "specialty": value_on(line.labels, SPECIALTY),
        "capacity": value_on(line.labels, CAPACITY),
        "labels": [{"axis": one.axis, "value": one.value} for one in sorted(line.labels)],
        "images": line.image_count,
        "revision": line.revision_number,
        "has_open_draft": line.has_open_draft,
        "verifications": line.verification_count,
        "updated_at": line.updated_at.isoformat(),
    }


def _show(arguments: argparse.Namespace, _: Terminal) -> Reply:
    with open_for_reading(arguments.workspace) as workspace:
        plain = _whole(workspace, workspace.authoring.find(arguments.question))
    return Reply(plain, _show_lines(plain))


def _whole(workspace: "Workspace", question: "Question") -> Plain:
    draft = workspace.authoring.draft(question.id)
    source = workspace.authoring.source(question.id)
    return {
        "id": question.id,
        "number": question.number,
        "stage": question.stage.value,
        "labels": [{"axis": one.axis, "value": one.value} for one in sorted(question.labels)],
        "origin": question.origin,
        "body": draft.body.to_plain(),
        "key": draft.key.to_plain(),
        "source": source.to_plain(),
        "revisions": [
            {
                "number": one.number,
                "id": one.id,
                "created_at": one.created_at.isoformat(),
                "reason": one.reason,
            }
            for one in workspace.authoring.revisions(question.id)
        ],
    }


def _show_lines(plain: Plain) -> list[str]:
    body, key = plain["body"], plain["key"]
    lines = [f"Question {plain['number']} – {plain['stage']}, {body['format']}", plain["id"]]
    lines += ["", *(text for text in (body["context"], body["stem"]) if text)]
    lines += [
        f"  {chr(ord('A') + place)}  {option['text']}"
        for place, option in enumerate(body["asked"].get("options", ()))
    ]
    lines += [
        f"Image: {image['media'][:12]}… {image['caption']}".rstrip() for image in body["images"]
    ]
    lines += ["", f"Key: {_right_words(body, key)}"]
    lines += [f"Explanation: {key['explanation']}"] if key["explanation"] else []
    lines += [f"{label['axis'].capitalize()}: {label['value']}" for label in plain["labels"]]
    lines += [f"Source: {plain['source']['citation']}"] if plain["source"]["citation"] else []
    return lines + [
        f"Revision {one['number']}, {one['created_at'][:16]} {one['reason']}".rstrip()
        for one in plain["revisions"]
    ]


def _right_words(body: Plain, key: Plain) -> str:
    right = key["right"]
    ids = right.get("options", [right["option"]] if right.get("option") else [])
    if ids:
        places = {one["id"]: place for place, one in enumerate(body["asked"].get("options", ()))}
        return ", ".join(chr(ord("A") + places[one]) if one in places else one for one in ids)
    value = right.get("reference") or right.get("value") or "(none)"
    unit = body["asked"].get("unit", "")
    return f"{value} {unit}".strip()
