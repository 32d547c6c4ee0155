"""What people and models did cannot be changed by hand without the check telling."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from core.domain.body import AnswerFormat
from core.domain.people import Role
from core.domain.verification import Verdict
from core.services.baseline import PlanRequest, Reading
from tests.factories import make_right_response
from tests.study import Kept, with_people

RIGHT = make_right_response(AnswerFormat.SINGLE_CHOICE)


def work_through(workspace):
    """Bring one question each way: verified and read, decided by an adjudicator, with an image."""
    study, work = with_people(workspace), workspace
    accepted, disputed = study.blinded(), study.blinded()
    for person in study.verifiers:
        study.verify(accepted, person)
    study.verify(disputed, study.verifiers[0])
    study.verify(disputed, study.verifiers[1], Verdict.REJECT)
    work.adjudication.accept([accepted], study.lead.id)
    work.adjudication.lock_answer(disputed, study.lead.id, RIGHT, elapsed_s=5)
    work.adjudication.decide(disputed, study.lead.id, verdict=Verdict.ACCEPT, reason="Both fit.")
    plan = work.baseline.make_plan(PlanRequest("P", 1, (study.reader.id,)), study.lead.id).value
    sitting = work.baseline.start(plan.id, study.reader.id).value
    work.baseline.answer(sitting.id, Reading(RIGHT, 4, 12.5))
    image = study.committed(image="CT_small.dcm")
    work.blinding.clear_image(image.question, 0, study.author.id)
    work.analysis.rescore()
    return study


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    return Kept.filled(tmp_path_factory.mktemp("kept") / "worked.asclepius", work_through)


@pytest.fixture
def worked(tmp_path, kept):
    with kept.copied_to(tmp_path / "study.asclepius") as workspace:
        yield replace(kept.made, workspace=workspace)


def problems(study):
    return [str(one.sentence) for one in study.workspace.integrity.check().problems]


def execute(study, sql):
    with closing(sqlite3.connect(study.workspace.path / "workspace.db")) as plain, plain:
        assert plain.execute(sql).rowcount > 0


def test_workspace_that_nobody_touched_is_clean(worked):
    assert worked.lead.has_role(Role.LEAD)
    assert problems(worked) == []


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        ("UPDATE answers SET response = replace(response, '[', '[7, ')", "An answer"),
        ("UPDATE answers SET elapsed_s = 1 WHERE occasion = 'baseline'", "An answer"),
        ("UPDATE answers SET confidence = 5 WHERE occasion = 'baseline'", "An answer"),
        ("UPDATE answers SET state = 'refused' WHERE occasion = 'adjudication'", "An answer"),
        ("DELETE FROM answers WHERE occasion = 'baseline'", "An answer"),
        ("UPDATE verifications SET verdict = 'accept' WHERE verdict = 'reject'", "A verification"),
        ("UPDATE verifications SET gates = replace(gates, 'yes', 'no')", "A verification"),
        ("UPDATE adjudications SET reason = 'None.'", "An adjudication"),
        ("UPDATE clearances SET cleared_by = original", "A clearance"),
        ("DELETE FROM clearances", "A clearance"),
        ("UPDATE blinding_approvals SET override_reason = 'Fine.'", "An approval of blinding"),
        ("UPDATE questions SET stage = 'verified' WHERE stage = 'draft'", "Its stage"),
        ("UPDATE stage_moves SET end = 'rejected' WHERE end = 'verified'", "Its stage"),
        ("UPDATE scores SET state = 'incorrect', value = 0", "A score"),
    ],
)
def test_what_was_changed_by_hand_is_told(worked, damage, sentence):
    execute(worked, damage)
    found = problems(worked)
    assert any(one.startswith(sentence) for one in found), found


def test_original_that_was_declared_cleared_is_told(worked):
    columns = "original, cleared, cleared_by, cleared_at, blackouts, findings"
    execute(
        worked,
        f"INSERT INTO clearances ({columns}) SELECT original, original, cleared_by, cleared_at,"
        " blackouts, findings FROM clearances",
    )
    assert "counts as cleared but is no bare picture" in "".join(problems(worked))


def test_records_of_an_older_workspace_without_hashes_are_no_problem(worked):
    with worked.workspace._database.write() as tx:
        tx.audit.append(person=worked.lead.id, action="answer.locked", subject="an older answer")
    assert problems(worked) == []


def test_reader_who_changed_name_and_specialty_since_is_no_problem(worked):
    renamed = replace(worked.reader, name="Demo Reader 2", specialty="Urology")
    worked.workspace.people.update(renamed)
    assert problems(worked) == []
