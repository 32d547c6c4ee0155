"""The command on deleted questions: list, delete, restore, empty."""

import argparse
from typing import TYPE_CHECKING

from core.cli.commands import add_command, add_workspace, open_for_reading, open_for_writing
from core.cli.terminal import Reply, Terminal, count_of, one_line, table
from core.domain.plain import Plain

if TYPE_CHECKING:
    from core.services.bin import DeletedQuestion
    from core.workspace import Workspace


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = add_command(
        commands,
        "bin",
        _bin,
        says="list deleted questions, delete more, restore them, or empty the bin",
        example="bin study.asclepius --restore 12",
    )
    add_workspace(parser)
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--delete", nargs="+", default=[], metavar="ID", help="number, id or beginning of an id"
    )
    what.add_argument("--restore", nargs="+", default=[], metavar="ID", help="put back as it was")
    what.add_argument(
        "--empty",
        action="store_true",
        help="remove for ever what never left this workspace; a backup comes first",
    )
    parser.add_argument("--reason", default="", metavar="WORDS", help="why it is deleted")


def _bin(arguments: argparse.Namespace, _: Terminal) -> Reply:
    if not (arguments.delete or arguments.restore or arguments.empty):
        with open_for_reading(arguments.workspace) as workspace:
            return _listed(workspace)
    with open_for_writing(arguments.workspace) as workspace:
        if arguments.empty:
            return _emptied(workspace)
        return _moved(workspace, arguments)


def _listed(workspace: "Workspace") -> Reply:
    found = workspace.bin.questions(workspace.people.me().id)
    names = {one.id: one.name for one in workspace.people.all()}
    plain = [_plain(one, names.get(one.step.person, "")) for one in found]
    rows = [
        (
            str(one["number"]),
            one["from"],
            f"{line.step.moved_at.astimezone():%Y-%m-%d %H:%M}",
            one["by"],
            one["reason"] or "–",
            one_line(line.summary.stem),
        )
        for one, line in zip(plain, found, strict=True)
    ]
    heads = ("No.", "From", "Deleted", "By", "Why", "Question")
    lines = table(heads, rows) if rows else []
    return Reply(plain, [*lines, f"{count_of(len(found), 'question')} in the bin."])


def _plain(line: "DeletedQuestion", name: str) -> Plain:
    return {
        "id": line.summary.id,
        "number": line.summary.number,
        "stem": line.summary.stem,
        "from": line.step.start.value,
        "by": name,
        "deleted_at": line.step.moved_at.isoformat(),
        "reason": line.step.reason,
        "stays_when_emptied": line.stays,
    }


def _moved(workspace: "Workspace", arguments: argparse.Namespace) -> Reply:
    me = workspace.people.me().id
    words = arguments.delete or arguments.restore
    found = list({(one := workspace.authoring.find(word)).id: one for word in words}.values())
    ids = [one.id for one in found]
    if arguments.delete:
        workspace.bin.delete(ids, me, arguments.reason)
        done, plain = "moved to the bin", {"deleted": ids}
    else:
        workspace.bin.restore(ids, me)
        done, plain = "restored", {"restored": ids}
    return Reply(plain, [f"{count_of(len(ids), 'question')} {done}."])


def _emptied(workspace: "Workspace") -> Reply:
    done = workspace.bin.empty(workspace.people.me().id).value
    lines = [f"{count_of(done.removed, 'question')} removed for ever; a backup was taken before."]
    if done.kept:
        lines.append(f"Still in the bin, because others may have it: {done.kept}.")
    return Reply({"removed": done.removed, "kept": done.kept}, lines)
