"""Gathers written answers, gradings and what physicians said, within one view of the store."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.domain.answer import Answer, AnswerState, Occasion
from core.domain.body import Written
from core.domain.ids import AnswerId, JudgeId, PersonId, RunId
from core.domain.judging import (
    JUDGED_FORMATS,
    Grading,
    GradingState,
    Judge,
    JudgeDecision,
    JudgeVerdict,
    combined_value,
    read_rubric,
)
from core.errors import NotFoundError
from core.judge.contract import Material, material_of
from core.services.evaluation.records import last_answers

if TYPE_CHECKING:
    from core.domain.revision import Revision
    from core.services.ports import Transaction

PHYSICIAN_TURN = "physician"


@dataclass(frozen=True, slots=True)
class Gradable:
    """A written answer with its question and key."""

    answer: Answer
    revision: Revision
    material: Material


def answers_of_run(tx: Transaction, run: RunId) -> list[Answer]:
    """Return the last answer of each call of a run."""
    return list(last_answers(tx.answers.of(Occasion.RUN, run)).values())


def gradable(tx: Transaction, answer: Answer) -> Gradable | None:
    """Return what grading an answer needs; None for other formats, without text or key."""
    if answer.state is not AnswerState.ANSWERED or not isinstance(answer.response, Written):
        return None
    try:
        revision = tx.revisions.get(answer.revision)
    except NotFoundError:  # bodies came without keys
        return None
    if revision.body.format not in JUDGED_FORMATS:
        return None
    rubric = read_rubric(revision.key.rubric, revision.body.format)
    material = material_of(revision.body, revision.key, rubric, answer.response.text)
    return None if material is None else Gradable(answer, revision, material)


def gradables(tx: Transaction, answers: Iterable[Answer]) -> list[Gradable]:
    """Return those answers that can be graded."""
    found = (gradable(tx, one) for one in answers)
    return [one for one in found if one is not None]


def by_answer(gradings: Iterable[Grading]) -> dict[AnswerId, dict[str, Grading]]:
    """Return the gradings that count, by answer and turn: the newest of each turn."""
    found: dict[AnswerId, dict[str, Grading]] = {}
    for one in gradings:
        found.setdefault(one.answer, {})[one.turn] = one
    return found


def judge_values(tx: Transaction, judge: Judge) -> dict[AnswerId, float | None]:
    """Return the judge's score of each answer it was asked about; None is unscored."""
    turns = len(judge.spec.turns)
    found = by_answer(tx.judging.gradings(judge=judge.id))
    return {answer: combined_value(of.values(), turns) for answer, of in found.items()}


def physician_gradings(tx: Transaction) -> dict[AnswerId, dict[PersonId, Grading]]:
    """Return what each physician last said about each answer."""
    found: dict[AnswerId, dict[PersonId, Grading]] = {}
    for one in tx.judging.gradings():
        if one.person is not None and one.state is GradingState.GRADED:
            found.setdefault(one.answer, {})[one.person] = one
    return found


def decision_on(decisions: Sequence[JudgeDecision], judge: JudgeId) -> JudgeDecision | None:
    """Return the newest decision on a judge."""
    return next((one for one in reversed(decisions) if one.judge == judge), None)


def accepted_judges(tx: Transaction) -> list[Judge]:
    """Return the judges whose scores count."""
    decisions = tx.judging.decisions()
    newest = {one.id: decision_on(decisions, one.id) for one in tx.judging.judges()}
    return [
        judge
        for judge in tx.judging.judges()
        if (of := newest[judge.id]) is not None and of.verdict is JudgeVerdict.ACCEPTED
    ]
