"""Judges and tasks as screens show them; a task tells nobody who gave the answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.domain.answer import Occasion
from core.domain.ids import PersonId
from core.domain.judging import Grading, GradingState, Judge
from core.domain.plain import Plain
from core.services.judging.collect import Gradable, by_answer, decision_on, judge_values
from core.services.judging.records import GradingTask, JudgeAgreement, JudgeSummary

if TYPE_CHECKING:
    from core.services.ports import Transaction


def task_of(one: Gradable, own: Grading | None) -> GradingTask:
    """Return an answer as a physician grades it, with what they said before."""
    material = one.material
    task = GradingTask(
        answer=one.answer.id,
        revision=one.revision.id,
        body=one.revision.body,
        reference=material.reference,
        variants=material.variants,
        text=material.answer,
        rubric=material.rubric,
    )
    if own is None or own.rubric != material.rubric:
        return task
    return replace(task, met=own.met, comment=own.comment)


def summary_of(tx: Transaction, judge: Judge) -> JudgeSummary:
    """Return a judge and how far it is."""
    values = judge_values(tx, judge)
    newest = by_answer(tx.judging.gradings(judge=judge.id))
    failed = sum(
        one.state is GradingState.FAILED for turns in newest.values() for one in turns.values()
    )
    graded = sum(value is not None for value in values.values())
    decision = decision_on(tx.judging.decisions(), judge.id)
    return JudgeSummary(judge, graded, len(values) - graded, failed, decision)


def still_to_read(tx: Transaction, person: PersonId) -> set[str]:
    """Return the revisions that this person has to answer for a baseline and has not yet."""
    asked = {one for plan in tx.plans.all() if person in plan.readers for one in plan.revisions}
    if not asked:
        return set()
    answered = {
        one.revision
        for one in tx.answers.for_occasion(Occasion.BASELINE)
        if one.respondent.id == person
    }
    return {str(one) for one in asked - answered}


def decision_figures(agreement: JudgeAgreement) -> Plain:
    """Return what the lead saw when deciding."""
    ac1, kappa = agreement.judge.gwet_ac1.value, agreement.judge.cohen_kappa
    return {
        "checked": agreement.checked,
        "physicians": agreement.physicians,
        "percent": agreement.judge.percent.value,
        "ac1": ac1,
        "kappa": None if kappa is None else kappa.value,
        "judge_mean": agreement.judge_mean,
        "physicians_mean": agreement.physicians_mean,
    }
