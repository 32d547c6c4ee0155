"""Who gets which questions, keys and records in a package, and what stays where it is."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.domain.body import AnswerFormat
from core.domain.ids import PersonId, QuestionId
from core.domain.media import Clearance, ImageUse
from core.domain.package import HIDDEN_PERSON, PackageKind, RecordKind
from core.domain.people import Person, Role
from core.domain.stage import Stage
from core.errors import BlindingError, WorkflowError
from core.imaging.clearing.deidentify import clear
from core.imaging.pictures import describe
from core.services.baseline import PlanRequest
from core.services.packages.contents import (
    Contents,
    everything,
    for_rating,
    for_reader,
    for_verifier,
    own_work,
)
from tests.factories import make_right_response
from tests.packages_study import pack, read_all, verified
from tests.study import Study

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


def questions_in(contents: Contents) -> list[QuestionId]:
    """Return the questions of a blind package."""
    return [one.data["question"] for one in contents.records[RecordKind.BLIND_QUESTION]]


def to_verify(study: Study, person: PersonId) -> list[QuestionId]:
    with study.workspace._database.read() as tx:
        return questions_in(for_verifier(tx, person, None))


def to_rate(study: Study, person: PersonId) -> Contents:
    with study.workspace._database.read() as tx:
        return for_rating(tx, person, None, at=NOON)


def to_read(study: Study, person: PersonId) -> Contents:
    with study.workspace._database.read() as tx:
        return for_reader(tx, person)


def with_role(study: Study, person: Person, *roles: Role) -> PersonId:
    changed = replace(person, roles=person.roles | set(roles))
    return study.workspace.people.update(changed).value.id


def answered(study: Study, question: QuestionId, person: PersonId) -> None:
    right = make_right_response(AnswerFormat.SINGLE_CHOICE)
    study.workspace.verification.lock_answer(question, person, right, elapsed_s=9)


def planned(study: Study, *readers: PersonId) -> None:
    study.workspace.baseline.make_plan(PlanRequest("Demo", 7, readers), study.lead.id)


def test_a_verifier_gets_what_is_open_and_neither_own_nor_done_questions(study: Study) -> None:
    person = study.verifiers[0]
    author = with_role(study, study.author, Role.VERIFIER)
    first, second = study.blinded(), study.blinded()
    study.committed()

    assert to_verify(study, person.id) == [first, second]
    assert to_verify(study, author) == []
    study.verify(first, person)
    assert to_verify(study, person.id) == [second]
    assert to_verify(study, study.verifiers[1].id) == [first, second]


def test_keys_go_to_who_answered_and_has_not_rated(study: Study) -> None:
    person, other = study.verifiers
    first, second, _ = (study.blinded() for _ in range(3))
    answered(study, first, person.id)
    answered(study, first, other.id)
    study.verify(second, person)

    contents = to_rate(study, person.id)

    [key] = contents.records[RecordKind.KEY]
    assert questions_in(contents) == [first]
    assert key.id == contents.records[RecordKind.BLIND_QUESTION][0].id
    [labels] = contents.records[RecordKind.LABELS]
    assert (labels.data["question"], labels.data["assigned_by"]) == (first, HIDDEN_PERSON)
    [answer] = contents.records[RecordKind.ANSWER]
    assert answer.data["respondent_id"] == person.id
    assert to_rate(study, study.verifiers[1].id).records[RecordKind.KEY] != []
    study.workspace.verification.reveal(first, person.id)


def test_who_gets_a_package_keeps_of_the_own_roles_the_one_that_is_needed(study: Study) -> None:
    person = with_role(study, study.verifiers[0], Role.READER, Role.LEAD)
    study.blinded()

    with study.workspace._database.read() as tx:
        [known] = for_verifier(tx, person, None).records[RecordKind.PERSON]
        with pytest.raises(WorkflowError, match="is not a verifier"):
            for_verifier(tx, study.reader.id, None)

    assert known.data["roles"] == [Role.VERIFIER.value]


def test_a_reader_gets_open_plans_only_and_no_other_readers(study: Study) -> None:
    reader = study.reader
    other = study.workspace.people.add("Demo Reader 2", frozenset({Role.READER})).value
    verified(study, 2)
    planned(study, reader.id, other.id)
    planned(study, other.id)

    contents = to_read(study, reader.id)

    [plan] = contents.records[RecordKind.PLAN]
    assert plan.data["readers"] == [reader.id]
    assert [one.data["last_move"] for one in contents.records[RecordKind.BLIND_QUESTION]] == [
        ""
    ] * 2
    assert len(to_read(study, other.id).records[RecordKind.PLAN]) == 2


def test_a_finished_reading_is_not_sent_again_and_a_begun_one_with_its_answers(
    study: Study,
) -> None:
    workspace, reader = study.workspace, study.reader
    verified(study, 2)
    planned(study, reader.id)
    workspace.people.set_me(reader.id)

    read_all(workspace, at_most=1)
    begun = to_read(study, reader.id).records
    read_all(workspace)
    finished = to_read(study, reader.id).records

    assert [len(begun[one]) for one in (RecordKind.PLAN, RecordKind.SITTING)] == [1, 1]
    assert [one.data["respondent_id"] for one in begun[RecordKind.ANSWER]] == [reader.id]
    assert finished[RecordKind.PLAN] == finished[RecordKind.SITTING] == []
    assert finished[RecordKind.ANSWER] == []


def test_what_goes_back_is_the_own_work_and_steps_into_verification(study: Study) -> None:
    person, other = study.verifiers
    lead = with_role(study, study.lead, Role.AUTHOR, Role.VERIFIER)
    question = study.blinded()
    study.verify(question, person)
    study.verify(question, other)

    with study.workspace._database.read() as tx:
        mine, theirs = own_work(tx, person.id).records, own_work(tx, lead).records
        steps = tx.records.of(RecordKind.STAGE_MOVE, "person", [study.author.id])
        authors = own_work(tx, study.author.id).records

    assert {one.data["respondent_id"] for one in mine[RecordKind.ANSWER]} == {person.id}
    assert {one.data["verifier"] for one in mine[RecordKind.VERIFICATION]} == {person.id}
    started = (Stage.BLINDED.value, Stage.IN_VERIFICATION.value)
    assert [(one.data["start"], one.data["end"]) for one in mine[RecordKind.STAGE_MOVE]] == [
        started
    ]
    assert theirs[RecordKind.ANSWER] == theirs[RecordKind.STAGE_MOVE] == []
    assert len(steps) > 0
    assert authors[RecordKind.STAGE_MOVE] == []


def test_no_file_name_of_a_picture_leaves_with_a_blind_package(study: Study) -> None:
    """A name may tell the patient, also of a picture that came in cleared."""
    workspace = study.workspace
    original = study.imported("CT_small.dcm")
    cleared = clear(workspace.media_store.read(original), name="x", use=ImageUse(original))
    workspace.media_store.put(cleared.data)
    info = describe(cleared.data, name="MUELLER_HANS.tif")
    draft = study.drafted()
    with workspace._database.write() as tx:
        tx.media.add(info)
        tx.media.add_clearance(Clearance(original, info.id, study.author.id, NOON))
    whole = replace(draft, body=replace(draft.body, images=(ImageUse(info.id),)))
    workspace.authoring.save_draft(whole, study.author.id)
    workspace.authoring.commit(draft.question, study.author.id)
    workspace.blinding.approve(draft.question, study.author.id)

    with workspace._database.read() as tx:
        contents = for_verifier(tx, study.verifiers[0].id, None)

    [media] = contents.records[RecordKind.MEDIA]
    assert (media.id, media.data["file_name"]) == (info.id, f"{info.id[:12]}.tif")
    assert contents.media == (info.id,)


def test_an_image_that_a_hand_called_cleared_stops_the_package(
    study: Study, tmp_path: Path, own_keys: None
) -> None:
    workspace = study.workspace
    draft = study.drafted(image="CT_small.dcm")
    media = draft.body.images[0].media
    with workspace._database.write() as tx:
        tx.media.add_clearance(Clearance(media, media, study.author.id, NOON))
    workspace.authoring.commit(draft.question, study.author.id)
    workspace.blinding.approve(draft.question, study.author.id)

    with pytest.raises(BlindingError, match="holds more than a picture, so nothing was sent"):
        pack(workspace, PackageKind.VERIFY, study.verifiers[0], tmp_path / "v")
    assert not list(tmp_path.glob("v*"))


def test_a_whole_workspace_leaves_without_images_that_nobody_cleared(study: Study) -> None:
    with study.workspace._database.read() as tx:
        assert everything(tx).left_out == ()
    media = study.imported("CT_small.dcm")

    with study.workspace._database.read() as tx:
        contents = everything(tx)

    assert media not in contents.media
    assert media not in {one.id for one in contents.records[RecordKind.MEDIA]}
    assert contents.left_out == ("1 image file that is not cleared of patient data stays here.",)
    study.imported("MR_small.dcm")
    with study.workspace._database.read() as tx:
        [told] = everything(tx).left_out
    assert told == "2 image files that are not cleared of patient data stay here."
