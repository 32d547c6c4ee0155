"""A small study in a real database: verified questions, readers and runs that answer them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from core.db.database import Database
from core.db.schema import create_schema
from core.domain.answer import Answer, AnswerState, Occasion
from core.domain.body import AnswerFormat, Body, Marked
from core.domain.key import Key
from core.domain.people import Person
from core.domain.revision import Revision
from core.domain.run import Condition, Run, RunStatus
from core.domain.stage import Stage
from core.domain.verification import Rating, Verdict
from core.services.analysis.service import AnalysisService
from tests.factories import (
    llm_respondent,
    make_answer,
    make_labels,
    make_person,
    make_question,
    make_revision,
    make_run,
    make_verification,
    make_wrong_response,
    person_respondent,
    ticking_clock,
    with_revision,
)

RIGHT, WRONG = "right", "wrong"
Given = AnswerState | Marked | str


class Study:
    """Builds a study step by step; every step is stored at once."""

    def __init__(self, folder: Path) -> None:
        """Use the database in `folder`, that of an open workspace or a new one."""
        path = folder / "workspace.db"
        if not path.exists():
            create_schema(path)
        self.clock = ticking_clock()
        self.database = Database(path, self.clock)
        self.service = AnalysisService(self.database, self.clock)
        self.author = make_person("Demo Author")
        with self.database.write() as tx:
            tx.people.add(self.author)

    def question(
        self,
        answer_format: AnswerFormat = AnswerFormat.SINGLE_CHOICE,
        *,
        specialty: str = "Cardiology",
        capacity: str = "Treatment",
        stage: Stage = Stage.VERIFIED,
        body: Body | None = None,
        key: Key | None = None,
    ) -> Revision:
        with self.database.write() as tx:
            question = make_question(
                self.author,
                number=tx.questions.next_number(),
                labels=make_labels(specialty, capacity),
            )
            revision = make_revision(question, answer_format, body=body, key=key)
            tx.questions.add(question)
            tx.revisions.add(revision)
            tx.questions.update(with_revision(question, revision, stage=stage))
        return revision

    def revise(self, revision: Revision) -> Revision:
        with self.database.write() as tx:
            question = tx.questions.get(revision.question)
            newer = make_revision(question, revision.body.format, number=revision.number + 1)
            tx.revisions.add(newer)
            tx.questions.update(with_revision(question, newer))
        return newer

    def person(self, name: str) -> Person:
        person = make_person(name)
        with self.database.write() as tx:
            tx.people.add(person)
        return person

    def read(
        self, person: Person, revisions: Sequence[Revision], *given: Given, sitting: str = "one"
    ) -> None:
        self._answer(
            [
                replace(
                    _answer(revision, person_respondent(person), one),
                    occasion=Occasion.BASELINE,
                    occasion_id=f"{person.id}-{sitting}",
                )
                for revision, one in zip(revisions, given, strict=True)
            ]
        )

    def run(
        self,
        revisions: Sequence[Revision],
        *given: Given,
        llm: str = "demo-llm",
        condition: Condition = Condition.BOTH,
        status: RunStatus = RunStatus.FINISHED,
    ) -> Run:
        run = make_run(revisions, llm=llm)
        spec = replace(run.spec, condition=condition, requests_hash=run.id)
        run = replace(run, spec=spec, status=status)
        with self.database.write() as tx:
            tx.runs.add(run)
        self.answer_run(run, revisions[: len(given)], *given)
        return run

    def answer_run(self, run: Run, revisions: Sequence[Revision], *given: Given) -> None:
        self._answer(
            [
                replace(
                    _answer(revision, llm_respondent(run.spec.llm), one),
                    occasion=Occasion.RUN,
                    occasion_id=run.id,
                )
                for revision, one in zip(revisions, given, strict=True)
            ]
        )

    def verify(
        self,
        person: Person,
        revision: Revision,
        verdict: Verdict = Verdict.ACCEPT,
        *,
        given: Given = RIGHT,
        rating: Rating = Rating.YES,
    ) -> None:
        answer = replace(
            _answer(revision, person_respondent(person), given),
            occasion=Occasion.VERIFICATION,
            occasion_id=revision.id,
        )
        self._answer([answer])
        with self.database.write() as tx:
            tx.verifications.add(make_verification(answer, verdict=verdict, rating=rating))

    def _answer(self, answers: Sequence[Answer]) -> None:
        with self.database.write() as tx:
            tx.answers.add(*(replace(one, answered_at=self.clock.now()) for one in answers))


def _answer(revision: Revision, respondent, given: Given) -> Answer:
    if isinstance(given, AnswerState):
        return make_answer(revision, respondent, state=given)
    if isinstance(given, Marked):
        return make_answer(revision, respondent, response=given)
    if given == RIGHT:
        return make_answer(revision, respondent)
    return make_answer(revision, respondent, response=make_wrong_response(revision.body.format))
