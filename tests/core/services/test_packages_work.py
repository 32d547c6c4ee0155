"""How far somebody is counts own work on what may be done, and nothing of anybody else."""

from dataclasses import replace

from core.domain.body import AnswerFormat
from core.domain.ids import PersonId, QuestionId
from core.domain.people import Role
from core.domain.verification import Verdict
from core.services.packages.work import WorkState
from tests.factories import make_gates, make_right_response
from tests.study import Study


def work(study: Study, person: PersonId) -> WorkState:
    return study.workspace.packages.work(person)


def answer(study: Study, question: QuestionId, person: PersonId) -> None:
    right = make_right_response(AnswerFormat.SINGLE_CHOICE)
    study.workspace.verification.lock_answer(question, person, right, elapsed_s=9)


def test_work_is_finished_when_all_is_answered_and_rated(study: Study) -> None:
    person = study.verifiers[0].id
    first, second = study.blinded(), study.blinded()
    study.committed()
    assert work(study, person) == WorkState(2, 0, 0, 0, (), 0, None)

    answer(study, first, person)
    assert (work(study, person).answered, work(study, person).rateable) == (1, 1)
    answer(study, second, person)
    assert not work(study, person).is_finished, "both are to be rated"
    for question in (first, second):
        study.workspace.verification.submit(
            question, person, gates=make_gates(), verdict=Verdict.ACCEPT
        )

    done = work(study, person)
    assert (done.answered, done.rated, done.rateable) == (2, 2, 2)
    assert done.is_finished
    assert done.is_begun


def test_work_of_others_counts_for_nobody_else(study: Study) -> None:
    person, other = (one.id for one in study.verifiers)
    question = study.blinded()
    study.verify(question, study.verifiers[1])

    assert work(study, person) == WorkState(1, 0, 0, 0, (), 0, None)
    assert work(study, other).unsent == 2
    answer(study, question, person)
    assert work(study, person).unsent == 1


def test_own_questions_are_no_work_for_their_author(study: Study) -> None:
    roles = study.author.roles | {Role.VERIFIER}
    author = study.workspace.people.update(replace(study.author, roles=roles)).value.id
    study.blinded()

    assert work(study, author).questions == 0
    assert work(study, study.verifiers[0].id).questions == 1
    assert work(study, study.reader.id).questions == 0
