"""Commands against loss: check, backup, restore."""

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
from core.cli.terminal import Reply, Terminal, cancelled_by_keyboard, count_of, table
from core.domain.plain import Plain

if TYPE_CHECKING:
    from core.domain.backup import Backup, RecordChange, RestorePreview
    from core.services.integrity.service import CheckReport
    from core.workspace import Workspace


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the commands."""
    _add_check(commands)
    _add_backup(commands)
    _add_restore(commands)


def _add_check(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    check = add_command(
        commands,
        "check",
        _check,
        says="check the integrity of a workspace, an exported set or a package",
        example="check study.asclepius --repair --from sent.asclepius-package",
    )
    check.add_argument(
        "workspace", type=Path, metavar="W", help="a workspace, an exported folder or a package"
    )
    check.add_argument(
        "--repair", action="store_true", help="restore what backups and --from still hold"
    )
    check.add_argument(
        "--from",
        dest="sources",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="a package, exported folder or workspace to take lost images from",
    )
    add_passphrase(check)


def _add_backup(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    backup = add_command(
        commands,
        "backup",
        _backup,
        says="take a backup now",
        example='backup study.asclepius --reason "Before the meeting"',
    )
    add_workspace(backup)
    backup.add_argument("--reason", default="", metavar="WORDS", help="why, in your words")


def _add_restore(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    restore = add_command(
        commands,
        "restore",
        _restore,
        says="list the backups, or put the workspace back to one of them",
        example="restore study.asclepius --to newest --dry-run",
    )
    add_workspace(restore)
    restore.add_argument("--list", action="store_true", help="list the backups (as without --to)")
    restore.add_argument(
        "--to", default="", metavar="BACKUP", help="name or part of the name of a backup; newest"
    )
    restore.add_argument("--dry-run", action="store_true", help="say what would change")


def _check(arguments: argparse.Namespace, terminal: Terminal) -> Reply:
    path: Path = arguments.workspace
    if path.is_file() or (path / "manifest.json").is_file():
        return _check_outside(path, passphrase_in(arguments.passphrase_file))
    if arguments.repair:
        return _repair(path, arguments.sources, terminal)
    with open_for_reading(path) as workspace, cancelled_by_keyboard() as cancel:
        return _check_reply(workspace.integrity.check(cancel, terminal.progress))


def _check_outside(path: Path, passphrase: str) -> Reply:
    from core.services.outside import check_outside

    problems = check_outside(path, passphrase=passphrase)
    plain = {"is_clean": not problems, "problems": problems, "counts": {}}
    if not problems:
        return Reply(plain, [f"{path.name} is as it was written."])
    return Reply(plain, problems, _first(problems))


def _repair(path: Path, sources: "list[Path]", terminal: Terminal) -> Reply:
    from core.repairing import repair_workspace

    report = repair_workspace(path, sources=sources, progress=terminal.progress)
    reply = _check_reply(report.left)
    done = list(report.done) or ["There was nothing to repair."]
    return Reply(reply.plain | {"done": list(report.done)}, [*done, *reply.lines], reply.failure)


def _check_reply(report: "CheckReport") -> Reply:
    problems = [f"{one.where}: {one.sentence}" for one in report.problems]
    plain = {"is_clean": report.is_clean, "problems": problems, "counts": report.counts}
    if report.is_clean:
        counts = report.counts.items()
        looked = ", ".join(count_of(count, what.removesuffix("s")) for what, count in counts)
        return Reply(plain, [f"Database, media and audit trail are intact ({looked})."])
    return Reply(plain, problems, _first(problems))


def _first(problems: "list[str]") -> str:
    more = f" ({count_of(len(problems) - 1, 'more problem')}.)" if len(problems) > 1 else ""
    return f"{problems[0]}{more}"


def _backup(arguments: argparse.Namespace, _: Terminal) -> Reply:
    # A copy needs no lock, so it can be taken while the window has the workspace open.
    with open_for_reading(arguments.workspace) as workspace:
        made = workspace.backups.make(note=arguments.reason)
        path = workspace.backup_folder / made.name
    return Reply(backup_plain(made) | {"path": str(path)}, [f"Wrote {path} ({_size(made)})."])


def _restore(arguments: argparse.Namespace, _: Terminal) -> Reply:
    if arguments.list or not arguments.to:
        with open_for_reading(arguments.workspace) as workspace:
            known = workspace.backups.all()
        return Reply([backup_plain(one) for one in known], _list_lines(known))
    opened = open_for_reading if arguments.dry_run else open_for_writing
    with opened(arguments.workspace) as workspace:
        preview = workspace.backups.preview(workspace.backups.find(arguments.to))
        if arguments.dry_run:
            return Reply(preview_plain(preview), _preview_lines(preview))
        return _put_back(workspace, preview)


def _put_back(workspace: "Workspace", preview: "RestorePreview") -> Reply:
    done = workspace.backups.restore(preview.backup, workspace.people.me().id).value
    plain = preview_plain(preview) | {"restored": done.backup.name, "before": done.before.name}
    lines = [
        *_preview_lines(preview),
        f"Restored {done.backup.name}; what was there before is kept as {done.before.name}.",
    ]
    return Reply(plain, lines)


def backup_plain(one: "Backup") -> Plain:
    """Return a backup as JSON."""
    return {
        "name": one.name,
        "reason": one.reason.value,
        "note": one.note,
        "taken_at": one.taken_at.isoformat(),
        "size_bytes": one.size_bytes,
        "program": one.program,
        "sha256": one.sha256,
        "counts": one.counts,
    }


def preview_plain(preview: "RestorePreview") -> Plain:
    """Return a preview as JSON."""
    return {
        "backup": preview.backup.name,
        "changes": {
            one.kind: {
                "back": one.back,
                "gone": one.gone,
                "different": one.different,
                "questions_back": list(one.questions_back),
                "questions_gone": list(one.questions_gone),
                "questions_different": list(one.questions_different),
            }
            for one in preview.changes
            if not one.is_nothing
        },
        "missing_media": list(preview.missing_media),
    }


def _list_lines(known: "list[Backup]") -> list[str]:
    if not known:
        return ["There is no backup yet."]
    rows = [
        (
            one.name,
            f"{one.taken_at.astimezone():%Y-%m-%d %H:%M}",
            str(one.counts.get("questions", "")),
            str(one.counts.get("answers", "")),
            one.note or one.reason.value.replace("-", " "),
        )
        for one in known
    ]
    heads = ("Backup", "Taken", "Questions", "Answers", "Why")
    return [*table(heads, rows), count_of(len(known), "backup") + "."]


def _preview_lines(preview: "RestorePreview") -> list[str]:
    if preview.is_nothing:
        lines = [f"{preview.backup.name} holds just what the workspace holds now."]
    else:
        lines = [_change_line(one) for one in preview.changes if not one.is_nothing]
    if preview.missing_media:
        some = count_of(len(preview.missing_media), "image")
        lines.append(f"{some} of this backup are not in the workspace's folder “media”.")
    return lines


def _change_line(change: "RecordChange") -> str:
    parts = [
        f"{count} {word}{_numbers(numbers)}"
        for count, word, numbers in (
            (change.back, "come back", change.questions_back),
            (change.gone, "leave", change.questions_gone),
            (change.different, "change", change.questions_different),
        )
        if count
    ]
    return f"{change.kind.capitalize()}: {', '.join(parts)}."


def _numbers(numbers: tuple[int, ...]) -> str:
    if not numbers:
        return ""
    shown = ", ".join(str(one) for one in numbers[:8])
    return f" (question {shown}{' …' if len(numbers) > 8 else ''})"


def _size(one: "Backup") -> str:
    return f"{one.size_bytes / 1_000_000:.1f} MB"
