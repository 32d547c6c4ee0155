"""Commands on packages between people: package, open, merge."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from core.cli.commands import (
    add_command,
    add_passphrase,
    add_workspace,
    open_for_reading,
    open_for_writing,
    passphrase_in,
)
from core.cli.terminal import Reply, Terminal, cancelled_by_keyboard, count_of
from core.domain.package import PackageKind
from core.domain.people import Role
from core.domain.plain import Plain
from core.errors import NotFoundError, ValidationError

if TYPE_CHECKING:
    from core.domain.ids import PersonId, QuestionId
    from core.services.merging.service import MergePreview
    from core.workspace import Workspace


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the commands."""
    _add_package(commands)
    opening = add_command(
        commands,
        "open",
        _open,
        says="open a package into a new workspace folder",
        example="open for-reader-1.asclepius-package --into work.asclepius",
    )
    opening.add_argument("file", type=Path, metavar="FILE", help="a package")
    opening.add_argument(
        "--into", type=Path, required=True, metavar="FOLDER", help="new, or of the same person"
    )
    add_passphrase(opening)
    merge = add_command(
        commands,
        "merge",
        _merge,
        says="bring the work of others in; merging twice changes nothing",
        example="merge study.asclepius back-1.asclepius-package --dry-run",
    )
    add_workspace(merge)
    merge.add_argument("files", type=Path, nargs="*", metavar="FILE", help="packages")
    merge.add_argument("--dry-run", action="store_true", help="say what would change")
    merge.add_argument("--undo", action="store_true", help="undo the last merge")
    merge.add_argument(
        "--keep",
        choices=["mine", "theirs", "both"],
        default="both",
        help="which version of a question changed twice; both: decide later",
    )
    merge.add_argument(
        "--accept-new-key", action="store_true", help="the sender has a new computer"
    )
    add_passphrase(merge)


def _add_package(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = add_command(
        commands,
        "package",
        _package,
        says="write one file for a person, or your own work on its way back",
        example='package study.asclepius --for "Dr. B" --kind verify --out b.asclepius-package',
    )
    add_workspace(parser)
    parser.add_argument("--for", dest="person", default="", metavar="PERSON", help="name or id")
    parser.add_argument(
        "--kind",
        choices=[one.value for one in PackageKind],
        required=True,
        help="questions to verify, keys to rate them by, questions to read, your work back, or all",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="a new file")
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--questions", nargs="+", metavar="Q", help="numbers or ids; else all that are open"
    )
    which.add_argument(
        "--share",
        action="store_true",
        help="of what is open, this verifier's part: two people for each question, alike in "
        "number, by specialty",
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of --share (0)")
    add_passphrase(parser)
    parser.add_argument(
        "--key-passphrase-file",
        type=Path,
        metavar="F",
        help="where no keyring keeps your signing key: its first line protects the key's file",
    )


def _package(arguments: argparse.Namespace, terminal: Terminal) -> Reply:
    from core.services.packages.service import PackageRequest

    kind = PackageKind(arguments.kind)
    with open_for_writing(arguments.workspace) as workspace, cancelled_by_keyboard() as cancel:
        person = _person(workspace, arguments.person, kind)
        request = PackageRequest(
            kind,
            person,
            _share(workspace, person, arguments)
            if arguments.share
            else _questions(workspace, arguments.questions),
            passphrase_in(arguments.passphrase_file),
            passphrase_in(arguments.key_passphrase_file),
        )
        made = workspace.packages.make(
            request,
            workspace.people.me().id,
            arguments.out,
            cancel=cancel,
            progress=terminal.progress,
        ).value
    plain: Plain = {
        "file": str(made.path),
        "kind": kind.value,
        "id": made.facts.id,
        "records": {one.value: count for one, count in made.counts.items()},
        "media": made.media,
        "left_out": list(made.left_out),
        "note": made.note,
    }
    records = count_of(sum(made.counts.values()), "record")
    lines = [f"{records} and {count_of(made.media, 'image')} written to {made.path}."]
    lines += [f"Left out: {one}" for one in made.left_out]
    return Reply(plain, [*lines, *([made.note] if made.note else [])])


def _open(arguments: argparse.Namespace, terminal: Terminal) -> Reply:
    from core.workspace import open_package

    passphrase = passphrase_in(arguments.passphrase_file)
    if arguments.into.exists():
        with open_for_writing(arguments.into) as workspace, cancelled_by_keyboard() as cancel:
            workspace.packages.fill(
                arguments.file, passphrase=passphrase, cancel=cancel, progress=terminal.progress
            )
            return _opened(workspace)
    with open_package(arguments.file, arguments.into, passphrase=passphrase) as workspace:
        return _opened(workspace)


def _opened(workspace: "Workspace") -> Reply:
    kind = workspace.packages.limits()
    counted = sum(workspace.authoring.stage_counts().values())
    me = workspace.people.me().name
    plain = {
        "folder": str(workspace.path),
        "kind": kind.value if kind else PackageKind.WORKSPACE.value,
        "person": me,
        "questions": counted,
    }
    line = f"{count_of(counted, 'question')} for {me} opened in {workspace.path}."
    return Reply(plain, [line])


def _merge(arguments: argparse.Namespace, terminal: Terminal) -> Reply:
    from core.services.merging.service import Choice, MergeOptions

    if arguments.undo:
        return _undo(arguments)
    if not arguments.files:
        raise ValidationError("Name at least one package to merge.", field="files")
    options = MergeOptions(
        passphrase=passphrase_in(arguments.passphrase_file),
        accepts_new_key=arguments.accept_new_key,
    )
    opened = open_for_reading if arguments.dry_run else open_for_writing
    with opened(arguments.workspace) as workspace, cancelled_by_keyboard() as cancel:
        preview = workspace.merging.preview(
            arguments.files, options, cancel=cancel, progress=terminal.progress
        )
        if not arguments.dry_run:
            choices = dict.fromkeys(
                (one.question for one in preview.conflicts), Choice(arguments.keep)
            )
            chosen = MergeOptions(choices, options.passphrase, options.accepts_new_key)
            me = workspace.people.me().id
            workspace.merging.merge(arguments.files, me, chosen, cancel=cancel)
    return Reply(
        _preview_plain(preview, is_dry_run=arguments.dry_run),
        _preview_lines(preview, is_dry_run=arguments.dry_run),
    )


def _undo(arguments: argparse.Namespace) -> Reply:
    with open_for_writing(arguments.workspace) as workspace:
        packages = workspace.merging.undo(workspace.people.me().id).value
    line = f"The merge of {count_of(len(packages), 'package')} was undone."
    return Reply({"undone": list(packages)}, [line])


def _preview_plain(preview: "MergePreview", *, is_dry_run: bool) -> Plain:
    return {
        "dry_run": is_dry_run,
        "files": [
            {
                "name": one.name,
                "kind": one.facts.kind.value,
                "sender": one.facts.sender.name,
                "public_key": one.facts.sender.public_key,
                "signer": one.trust.value,
            }
            for one in preview.files
        ],
        "counts": {
            one.kind.value: {
                "new": one.new,
                "same": one.same,
                "changed": one.changed,
                "waiting": one.waiting,
            }
            for one in preview.counts
        },
        "conflicts": [
            {"question": one.question, "number": one.number} for one in preview.conflicts
        ],
        "notes": list(preview.notes),
    }


def _preview_lines(preview: "MergePreview", *, is_dry_run: bool) -> list[str]:
    lines = [
        f"{one.name}: signed by {one.facts.sender.name} (signer {one.trust.value})."
        for one in preview.files
    ]
    verb = "would be added" if is_dry_run else "added"
    lines.append(f"{count_of(preview.new, 'record')} {verb}, {preview.same} here already.")
    if preview.waiting:
        lines.append(f"{count_of(preview.waiting, 'record')} wait for what they name.")
    lines += [f"Question {one.number} was changed in two places." for one in preview.conflicts]
    return [*lines, *preview.notes]


def _person(workspace: "Workspace", words: str, kind: PackageKind) -> "PersonId":
    if not words and not kind.is_blind:
        return workspace.people.me().id
    if not words:
        raise ValidationError("Say for whom the package is.", field="for", hint="Use --for NAME.")
    people = workspace.people.all()
    found = [one for one in people if words.casefold() in (one.name.casefold(), one.id)]
    if len(found) != 1:
        names = ", ".join(one.name for one in people)
        raise NotFoundError(f"There is no person “{words}” here.", hint=f"Known are: {names}.")
    return found[0].id


def _questions(workspace: "Workspace", words: list[str] | None) -> "frozenset[QuestionId] | None":
    if words is None:
        return None
    return frozenset(workspace.authoring.find(one).id for one in words)


def _share(
    workspace: "Workspace", person: "PersonId", arguments: argparse.Namespace
) -> "frozenset[QuestionId]":
    if PackageKind(arguments.kind) is not PackageKind.VERIFY:
        raise ValidationError(
            "Only questions to verify are shared.", field="share", hint="Use --kind verify."
        )
    me = workspace.people.me().id
    people = [one for one in workspace.people.all() if one.has_role(Role.VERIFIER)]
    among = [one.id for one in people if one.id == person or one.id != me]
    shares = workspace.packages.shares(among, seed=arguments.seed)
    workspace.packages.deal(shares)
    return shares.questions.get(person, frozenset())
