"""Reader sittings on a real workspace."""

from dataclasses import replace

import pytest

from core.clock import system_clock
from core.db.database import Database
from core.domain.answer import AnswerState, Occasion
from core.domain.body import AnswerFormat
from core.domain.ids import SittingId
from core.domain.plan import StudyRules
from core.errors import ValidationError, WorkflowError
from core.services.baseline import PlanRequest, Reading
from core.workspace import open_workspace
from tests.factories import make_right_response
from tests.study import Study

CHOICE = AnswerFormat.SINGLE_CHOICE
RIGHT = Reading(make_right_response(CHOICE), confidence=4, elapsed_s=20.0, idle_s=2.0)


def verified(study: Study, count: int) -> None:
    questions = [study.blinded() for _ in range(count)]
    for question in questions:
        for person in study.verifiers:
            study.verify(question, person)
    study.workspace.adjudication.accept(questions, study.lead.id)


def started(study: Study, count: int = 3) -> SittingId:
    verified(study, count)
    request = PlanRequest("Demo", seed=7, readers=(study.reader.id,), rules=StudyRules(60))
    plan = study.workspace.baseline.make_plan(request, study.lead.id).value
    return study.workspace.baseline.start(plan.id, study.reader.id).value.id


def test_plan_needs_verified_questions(study: Study) -> None:
    study.blinded()
    request = PlanRequest("Demo", seed=7, readers=(study.reader.id,))

    with pytest.raises(WorkflowError, match="No question is verified"):
        study.workspace.baseline.make_plan(request, study.lead.id)


def test_plan_refuses_somebody_who_is_no_reader(study: Study) -> None:
    verified(study, 1)
    request = PlanRequest("Demo", seed=7, readers=(study.author.id,))

    with pytest.raises(ValidationError, match="not a reader"):
        study.workspace.baseline.make_plan(request, study.lead.id)


def test_sitting_goes_through_every_question_once_without_a_key(study: Study) -> None:
    sitting, baseline = started(study), study.workspace.baseline
    seen = []
    while (page := baseline.page(sitting)) is not None:
        assert "Because the image shows it" not in repr(page)
        seen.append(page.blind.revision)
        baseline.answer(sitting, RIGHT)

    assert len(set(seen)) == 3
    with pytest.raises(WorkflowError, match="finished"):
        baseline.answer(sitting, RIGHT)


def test_option_order_is_the_same_at_every_look(study: Study) -> None:
    sitting, baseline = started(study), study.workspace.baseline

    first, again = baseline.page(sitting), baseline.page(sitting)

    assert first == again
    assert first is not None
    assert sorted(first.option_order) == ["o1", "o2", "o3", "o4"]


def test_clock_and_place_survive_closing_the_workspace(study: Study) -> None:
    sitting, baseline = started(study), study.workspace.baseline
    baseline.answer(sitting, RIGHT)
    baseline.note_time(sitting, spent_s=17.0, idle_s=3.0)
    before = baseline.page(sitting)
    study.workspace.close()

    with open_workspace(study.workspace.path) as again:
        after = again.baseline.page(sitting)

    assert after == before
    assert after is not None
    assert (after.position, after.spent_s, after.idle_s) == (1, 17.0, 3.0)


def test_cannot_tell_is_an_answer_of_its_own(study: Study) -> None:
    sitting, baseline = started(study), study.workspace.baseline

    baseline.answer(sitting, replace(RIGHT, response=None))

    with Database(study.workspace.path / "workspace.db", system_clock()).read() as tx:
        (answer,) = tx.answers.of(Occasion.BASELINE, sitting)
    assert (answer.state, answer.response) == (AnswerState.CANNOT_TELL, None)


def test_starting_twice_returns_the_same_sitting(study: Study) -> None:
    sitting, baseline = started(study), study.workspace.baseline
    plan = baseline.plans()[0]

    assert baseline.start(plan.id, study.reader.id).value.id == sitting


def test_wrong_confidence_is_refused_and_nothing_moves(study: Study) -> None:
    sitting, baseline = started(study), study.workspace.baseline

    with pytest.raises(ValidationError, match="1 to 5"):
        baseline.answer(sitting, replace(RIGHT, confidence=6))

    page = baseline.page(sitting)
    assert page is not None
    assert page.position == 0
