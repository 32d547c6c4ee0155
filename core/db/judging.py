"""Judges, gradings and samples for physicians."""

from typing import Any

from sqlalchemy import Connection, insert, select

from core.db.lookups import AnyRow, only_row
from core.db.tables.judging import grading_samples, gradings, judge_decisions, judges
from core.domain.ids import AnswerId, GradingId, JudgeId, PersonId, SampleId
from core.domain.judging import (
    Grading,
    GradingSample,
    GradingState,
    Judge,
    JudgeDecision,
    JudgeSpec,
    JudgeVerdict,
    Rubric,
)


class JudgingRepository:
    """Keeps what judges and physicians graded; nothing of it is ever changed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_judge(self, judge: Judge) -> None:
        """Store a new judge."""
        self._connection.execute(
            insert(judges).values(
                id=judge.id,
                spec=judge.spec.to_plain(),
                spec_hash=judge.spec.hash,
                created_at=judge.created_at,
            )
        )

    def judge(self, judge: JudgeId) -> Judge:
        """Return one judge; raise `NotFoundError` when unknown."""
        missing = "This judge does not exist in this workspace."
        statement = select(judges).where(judges.c.id == judge)
        return _judge(only_row(self._connection, statement, missing))

    def by_spec_hash(self, spec_hash: str) -> Judge | None:
        """Return the oldest judge with this specification, or None."""
        statement = (
            select(judges)
            .where(judges.c.spec_hash == spec_hash)
            .order_by(judges.c.created_at, judges.c.id)
            .limit(1)
        )
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else _judge(row)

    def judges(self) -> list[Judge]:
        """Return all judges, oldest first."""
        statement = select(judges).order_by(judges.c.created_at, judges.c.id)
        return [_judge(row) for row in self._connection.execute(statement)]

    def add_decision(self, decision: JudgeDecision) -> None:
        """Store a decision on a judge."""
        self._connection.execute(
            insert(judge_decisions).values(
                judge=decision.judge,
                person=decision.person,
                verdict=decision.verdict.value,
                figures=decision.figures,
                decided_at=decision.decided_at,
            )
        )

    def decisions(self) -> list[JudgeDecision]:
        """Return all decisions, oldest first; the same order wherever they were merged."""
        columns = judge_decisions.c
        order = (columns.decided_at, columns.person, columns.verdict, columns.sequence)
        statement = select(judge_decisions).order_by(*order)
        return [_decision(row) for row in self._connection.execute(statement)]

    def add_sample(self, sample: GradingSample) -> None:
        """Store a sample."""
        self._connection.execute(
            insert(grading_samples).values(
                id=sample.id,
                seed=sample.seed,
                answers=list(sample.answers),
                created_by=sample.created_by,
                created_at=sample.created_at,
            )
        )

    def newest_sample(self) -> GradingSample | None:
        """Return the sample that was drawn last, or None."""
        newest = (grading_samples.c.created_at.desc(), grading_samples.c.id.desc())
        statement = select(grading_samples).order_by(*newest).limit(1)
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else _sample(row)

    def add(self, *added: Grading) -> None:
        """Store gradings."""
        if added:
            self._connection.execute(insert(gradings), [_values(one) for one in added])

    def gradings(self, *, judge: JudgeId | None = None) -> list[Grading]:
        """Return the gradings of a judge, oldest first; None means those of people."""
        statement = (
            select(gradings)
            .where(gradings.c.judge.is_(None) if judge is None else gradings.c.judge == judge)
            .order_by(gradings.c.graded_at, gradings.c.id)
        )
        return [_grading(row) for row in self._connection.execute(statement)]


def _judge(row: AnyRow) -> Judge:
    return Judge(JudgeId(row.id), JudgeSpec.from_plain(row.spec), row.created_at)


def _decision(row: AnyRow) -> JudgeDecision:
    return JudgeDecision(
        judge=JudgeId(row.judge),
        person=PersonId(row.person),
        verdict=JudgeVerdict(row.verdict),
        figures=row.figures,
        decided_at=row.decided_at,
    )


def _sample(row: AnyRow) -> GradingSample:
    return GradingSample(
        id=SampleId(row.id),
        seed=row.seed,
        answers=tuple(AnswerId(one) for one in row.answers),
        created_by=PersonId(row.created_by),
        created_at=row.created_at,
    )


def _values(grading: Grading) -> dict[str, Any]:  # values of any column type
    return {
        "id": grading.id,
        "answer": grading.answer,
        "judge": grading.judge,
        "person": grading.person,
        "turn": grading.turn,
        "state": grading.state.value,
        "rubric": grading.rubric.to_plain(),
        "graded_at": grading.graded_at,
        "met": list(grading.met),
        "raw_text": grading.raw_text,
        "comment": grading.comment,
        "request_hash": grading.request_hash,
        "details": grading.details,
    }


def _grading(row: AnyRow) -> Grading:
    return Grading(
        id=GradingId(row.id),
        answer=AnswerId(row.answer),
        judge=None if row.judge is None else JudgeId(row.judge),
        person=None if row.person is None else PersonId(row.person),
        turn=row.turn,
        state=GradingState(row.state),
        rubric=Rubric.from_plain(row.rubric),
        graded_at=row.graded_at,
        met=tuple(row.met),
        raw_text=row.raw_text,
        comment=row.comment,
        request_hash=row.request_hash,
        details=row.details,
    )
