"""What a merge brings, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from core.domain.package import RecordKind
from reviewer_app.package_words import counted

if TYPE_CHECKING:
    from core.services.merging.items import ItemLine


def _tr(text: str) -> str:
    return QCoreApplication.translate("packages", text)


def kind_name(kind: RecordKind) -> str:
    """Return the name of a kind of records, as in a table of counts."""
    return {
        RecordKind.PERSON: _tr("People"),
        RecordKind.PROFILE: _tr("Details of people"),
        RecordKind.MEDIA: _tr("Images"),
        RecordKind.QUESTION: _tr("Questions"),
        RecordKind.BLIND_QUESTION: _tr("Blind questions"),
        RecordKind.REVISION: _tr("Revisions"),
        RecordKind.KEY: _tr("Keys"),
        RecordKind.DRAFT: _tr("Drafts"),
        RecordKind.SOURCE: _tr("Sources"),
        RecordKind.LABELS: _tr("Labels"),
        RecordKind.STAGE_MOVE: _tr("Steps"),
        RecordKind.APPROVAL: _tr("Approvals"),
        RecordKind.ANSWER: _tr("Answers"),
        RecordKind.VERIFICATION: _tr("Verdicts"),
        RecordKind.ADJUDICATION: _tr("Decisions"),
        RecordKind.CLEARANCE: _tr("Cleared images"),
        RecordKind.PLAN: _tr("Reading plans"),
        RecordKind.SITTING: _tr("Sittings"),
        RecordKind.REMARK: _tr("Flags and comments"),
        RecordKind.RUN: _tr("Runs"),
        RecordKind.JUDGE: _tr("Judges"),
        RecordKind.GRADING_SAMPLE: _tr("Samples to grade"),
        RecordKind.GRADING: _tr("Gradings"),
        RecordKind.JUDGE_DECISION: _tr("Decisions on judges"),
        RecordKind.AUDIT: _tr("Audit events"),
    }[kind]


def item_title(line: ItemLine) -> str:
    """Return the name of an item."""
    from core.services.merging.items import ItemKind

    titles = {
        ItemKind.QUESTION: _tr("Question %1"),
        ItemKind.PLAN: _tr("Reading plan “%1”"),
        ItemKind.SITTING: _tr("Sitting: %1"),
        ItemKind.RUN: _tr("Run of %1"),
        ItemKind.JUDGE: _tr("Judge %1"),
        ItemKind.SAMPLE: _tr("Sample of %1 answers to grade"),
        ItemKind.PERSON: _tr("Person: %1"),
    }
    return titles[line.item.kind].replace("%1", line.name)


def item_brings(line: ItemLine) -> str:
    """Return what is new and changed in an item."""
    parts = [f"{kind_name(kind)}: {count:,}" for kind, count in line.new]
    if line.changed:
        parts.append(
            counted(_tr("1 brought up to date"), _tr("%1 brought up to date"), line.changed)
        )
    return " · ".join(parts)


def item_state(line: ItemLine) -> str:
    """Return whether an item is new, known, or contradicts what is here."""
    if line.is_conflict:
        return _tr("conflict")
    return _tr("adds to it") if line.is_here else _tr("new")
