"""Backups in words: why, how long ago, and what going back would change."""

from collections.abc import Iterator
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from core.domain.backup import Backup, BackupReason, RecordChange

_SHOWN = 12


def _tr(text: str) -> str:
    return QCoreApplication.translate("backups", text)


def reason_words(backup: Backup) -> str:
    """Return why a backup was taken."""
    why = {
        BackupReason.OPENED: _tr("When opened"),
        BackupReason.HOURLY: _tr("Every hour"),
        BackupReason.BY_HAND: _tr("By hand"),
        BackupReason.MIGRATION: _tr("Before an update"),
        BackupReason.IMPORT: _tr("Before an import"),
        BackupReason.MERGE: _tr("Before a merge"),
        BackupReason.RESTORE: _tr("Before a restore"),
        BackupReason.REPAIR: _tr("Before a repair"),
        BackupReason.EMPTYING: _tr("Before emptying the bin"),
    }[backup.reason]
    is_said = backup.note and backup.reason is BackupReason.BY_HAND
    return f"{why}: {backup.note}" if is_said else why


def age_words(taken_at: datetime, now: datetime) -> str:
    """Return how long ago a moment was."""
    minutes = int((now - taken_at).total_seconds() // 60)
    if minutes < 0:
        return _tr("in the future")
    if minutes < 1:
        return _tr("just now")
    for limit, size, one, many in (
        (60, 1, _tr("1 minute ago"), _tr("%1 minutes ago")),
        (48 * 60, 60, _tr("1 hour ago"), _tr("%1 hours ago")),
        (60 * 24 * 60, 24 * 60, _tr("1 day ago"), _tr("%1 days ago")),
    ):
        if minutes < limit:
            return _counted(minutes // size, one, many)
    weeks = minutes // (7 * 24 * 60)
    return _counted(weeks, _tr("1 week ago"), _tr("%1 weeks ago"))


def size_words(size_bytes: int) -> str:
    """Return a size in units for people."""
    return f"{size_bytes / 1_000_000:,.1f} MB"


def change_lines(change: RecordChange) -> Iterator[tuple[str, str]]:
    """Yield what happens to one kind of record, as (back, gone or different; words) pairs."""
    one, many = _kind_words(change.kind)
    for how, count, numbers, verb_one, verb_many in (
        ("back", change.back, change.questions_back, _tr("comes back"), _tr("come back")),
        ("gone", change.gone, change.questions_gone, _tr("leaves"), _tr("leave")),
        (
            "different",
            change.different,
            change.questions_different,
            _tr("is again as it was"),
            _tr("are again as they were"),
        ),
    ):
        if count:
            what = f"1 {one} {verb_one}" if count == 1 else f"{count:,} {many} {verb_many}"
            yield how, what + _places(change.kind, numbers)


def _places(kind: str, numbers: tuple[int, ...]) -> str:
    if not numbers:
        return ""
    shown = ", ".join(str(one) for one in numbers[:_SHOWN])
    more = " …" if len(numbers) > _SHOWN else ""
    if kind == "questions":
        return f": {_tr('number')} {shown}{more}"
    return f" ({_tr('question')} {shown}{more})"


def _kind_words(kind: str) -> tuple[str, str]:
    return {
        "questions": (_tr("question"), _tr("questions")),
        "drafts": (_tr("open draft"), _tr("open drafts")),
        "revisions": (_tr("revision"), _tr("revisions")),
        "answers": (_tr("answer"), _tr("answers")),
        "verifications": (_tr("verification"), _tr("verifications")),
        "decisions": (_tr("decision"), _tr("decisions")),
        "people": (_tr("person"), _tr("people")),
        "images": (_tr("image"), _tr("images")),
        "reading plans": (_tr("reading plan"), _tr("reading plans")),
        "sittings": (_tr("sitting"), _tr("sittings")),
        "runs": (_tr("run"), _tr("runs")),
    }.get(kind, (kind, kind))


def _counted(count: int, one: str, many: str) -> str:
    return one if count == 1 else many.replace("%1", str(count))
