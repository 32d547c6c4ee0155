"""Looks over all questions at once: writing hints, duplicates, missing labels, key balance."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.duplicates import find_duplicates
from core.domain.ids import QuestionId
from core.domain.question import QuestionSummary
from core.domain.revision import Revision
from core.domain.taxonomy import REQUIRED_AXES, value_on
from core.domain.writing_hints import find_hints, find_set_hints


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark; `number` and `question` are None where it concerns the whole set."""

    number: int | None
    question: QuestionId | None
    rule: str
    field: str
    sentence: str


def check_set(entries: Sequence[tuple[QuestionSummary, Revision]]) -> tuple[Finding, ...]:
    """Return what authors should look at, by question number, then what the set as a whole has."""
    found = [finding for question, revision in entries for finding in _own(question, revision)]
    found += _duplicates(entries)
    found.sort(key=lambda finding: finding.number or 0)
    hints = find_set_hints((revision.body, revision.key) for _, revision in entries)
    return (*found, *(Finding(None, None, h.rule, h.field, h.sentence) for h in hints))


def _own(question: QuestionSummary, revision: Revision) -> list[Finding]:
    missing = [
        Finding(question.number, question.id, "missing_label", axis, f"It has no {axis}.")
        for axis in REQUIRED_AXES
        if not value_on(question.labels, axis)
    ]
    return missing + [
        Finding(question.number, question.id, hint.rule, hint.field, hint.sentence)
        for hint in find_hints(revision.body, revision.key)
    ]


def _duplicates(entries: Sequence[tuple[QuestionSummary, Revision]]) -> list[Finding]:
    by_name = {f"question {question.number}": question for question, _ in entries}
    named = ((f"question {q.number}", revision.body, revision.key) for q, revision in entries)
    found = []
    for duplicate in find_duplicates(named):
        question = by_name[duplicate.second]
        rule = "contradicting_key" if duplicate.contradicts else "duplicate"
        found.append(Finding(question.number, question.id, rule, "stem", duplicate.sentence))
    return found
