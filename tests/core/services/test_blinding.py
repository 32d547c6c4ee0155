"""Blinding on a real workspace with real DICOM files."""

from dataclasses import replace

import pytest
from pydicom import dcmread
from pydicom.data import get_testdata_file

from core.domain.media import Blackout, ImageUse
from core.domain.region import Region, RegionKind
from core.domain.revision import Revision
from core.domain.source import Source
from core.domain.stage import Stage
from core.errors import BlindingError, WorkflowError
from tests.study import Study


def test_finished_draft_waits_for_blinding_until_it_is_edited_again(study: Study) -> None:
    revision = study.committed()
    blinding, authoring = study.workspace.blinding, study.workspace.authoring
    assert [line.id for line in blinding.waiting()] == [revision.question]

    draft = authoring.draft(revision.question)
    authoring.save_draft(replace(draft, source=Source("More")), study.author.id)

    assert blinding.waiting() == []


def test_question_with_an_uncleared_image_cannot_be_approved(study: Study) -> None:
    revision = study.committed(image="CT_small.dcm")

    with pytest.raises(BlindingError, match="Image 1 is not cleared"):
        study.workspace.blinding.approve(revision.question, study.author.id)

    assert study.workspace.authoring.question(revision.question).stage is Stage.DRAFT


def test_dossier_shows_the_author_what_the_header_tells(study: Study) -> None:
    revision = study.committed(image="CT_small.dcm")

    dossier = study.workspace.blinding.dossier(revision.question)

    scan = dossier.images[0].scan
    assert scan is not None
    assert any("Patient" in finding.attribute for finding in scan.findings)


def test_cleared_image_replaces_the_original_and_names_no_patient(study: Study) -> None:
    revision = study.committed(image="CT_small.dcm")
    header = dcmread(str(get_testdata_file("CT_small.dcm")))
    blinding, workspace = study.workspace.blinding, study.workspace

    clearance = blinding.clear_image(revision.question, 0, study.author.id).value
    blinding.approve(revision.question, study.author.id)

    current = workspace.authoring.current(revision.question)
    assert current.body.images[0].media == clearance.cleared != clearance.original
    data = workspace.media_store.read(clearance.cleared)
    for value in (str(header.PatientName), header.PatientID, header.StudyInstanceUID):
        assert value.encode() not in data
    assert workspace.authoring.question(revision.question).stage is Stage.BLINDED


def test_cleared_image_shows_the_same_picture(study: Study) -> None:
    revision = study.committed(image="CT_small.dcm")
    images = study.workspace.images
    before = images.open(revision.body.images[0].media).frame(0)

    clearance = study.workspace.blinding.clear_image(revision.question, 0, study.author.id).value

    after = images.open(clearance.cleared).frame(0)
    assert (
        before.render(revision.body.images[0].view) == after.render(revision.body.images[0].view)
    ).all()


BOX = Region(RegionKind.BOX, ((20, 30), (50, 60)), frame=5, label="valve")


def marked(study: Study) -> Revision:
    """Commit a question on two frames of a clip, one of them marked."""
    draft = study.drafted(image="examples_ybr_color.dcm")
    use = replace(draft.body.images[0], frames=(3, 5), marks=(BOX, replace(BOX, frame=9)))
    whole = replace(draft, body=replace(draft.body, images=(use,)))
    study.workspace.authoring.save_draft(whole, study.author.id)
    return study.workspace.authoring.commit(draft.question, study.author.id).value


def test_marks_go_along_when_an_image_is_cleared_and_come_back_when_that_is_undone(
    study: Study,
) -> None:
    before, blinding = marked(study), study.workspace.blinding
    question = before.question

    blinding.clear_image(question, 0, study.author.id)
    [cleared] = study.workspace.authoring.current(question).body.images
    assert (cleared.frames, cleared.marks) == ((0, 1), (replace(BOX, frame=1),))

    blinding.undo_clearing(question, 0, study.author.id)
    assert study.workspace.authoring.current(question).body == before.body


def test_clearing_is_not_undone_under_marks_that_were_drawn_since(study: Study) -> None:
    question = marked(study).question
    authoring, author = study.workspace.authoring, study.author.id
    study.workspace.blinding.clear_image(question, 0, author)
    draft = authoring.draft(question)
    use = replace(draft.body.images[0], marks=(BOX,))
    authoring.save_draft(replace(draft, body=replace(draft.body, images=(use,))), author)
    authoring.commit(question, author)

    with pytest.raises(WorkflowError, match="was changed since"):
        study.workspace.blinding.undo_clearing(question, 0, author)


def test_a_model_gets_the_marks_and_the_record_counts_them(study: Study) -> None:
    question = marked(study).question
    study.workspace.blinding.clear_image(question, 0, study.author.id)
    images = study.workspace.images
    body = study.workspace.authoring.current(question).body
    bare = replace(body, images=(replace(body.images[0], marks=()),))

    first, second = images.pictures(body)
    assert first == images.pictures(bare)[0]
    assert second != images.pictures(bare)[1]
    assert images.conversions(body) == [images.conversions(bare)[0] + "; 1 mark drawn in"]


def test_wording_too_near_to_its_source_needs_a_reason(study: Study) -> None:
    source = Source("A 54-year-old with a cough. What does the image show?")
    draft = study.drafted(source=source)
    blinding = study.workspace.blinding
    study.workspace.authoring.commit(draft.question, study.author.id)
    assert blinding.dossier(draft.question).similarity == 100

    with pytest.raises(BlindingError, match="too near to its source"):
        blinding.approve(draft.question, study.author.id)
    blinding.approve(draft.question, study.author.id, override_reason="Own source.")

    approvals = blinding.dossier(draft.question).approvals
    assert approvals[-1].override_reason == "Own source."


def test_clearing_is_undone_as_a_new_revision_and_can_be_made_again(study: Study) -> None:
    revision = study.committed(image="CT_small.dcm")
    blinding, authoring = study.workspace.blinding, study.workspace.authoring
    box = (Blackout(2, 3, 10, 12),)
    cleared = blinding.clear_image(revision.question, 0, study.author.id, blackouts=box).value

    blinding.undo_clearing(revision.question, 0, study.author.id)

    current = authoring.current(revision.question)
    assert current.body == revision.body
    assert current.number == revision.number + 2
    assert not blinding.dossier(revision.question).images[0].is_cleared
    with pytest.raises(BlindingError, match="Image 1 is not cleared"):
        blinding.approve(revision.question, study.author.id)
    again = blinding.clear_image(revision.question, 0, study.author.id, blackouts=box).value
    assert again.cleared == cleared.cleared
    blinding.approve(revision.question, study.author.id)


def test_clearing_of_two_images_is_undone_one_after_the_other(study: Study) -> None:
    revision = study.committed(image="CT_small.dcm")
    blinding, authoring = study.workspace.blinding, study.workspace.authoring
    question, me = revision.question, study.author.id
    draft = authoring.draft(question)
    images = (*draft.body.images, ImageUse(study.imported("MR_small.dcm")))
    authoring.save_draft(replace(draft, body=replace(draft.body, images=images)), me)
    before = authoring.commit(question, me).value
    blinding.clear_image(question, 0, me)
    blinding.clear_image(question, 1, me)

    blinding.undo_clearing(question, 1, me)
    blinding.undo_clearing(question, 0, me)

    assert authoring.current(question).body == before.body


def test_clearing_is_not_undone_under_a_changed_question(study: Study) -> None:
    revision = study.committed(image="CT_small.dcm")
    blinding, authoring = study.workspace.blinding, study.workspace.authoring
    question, me = revision.question, study.author.id
    blinding.clear_image(question, 0, me)
    draft = authoring.draft(question)
    authoring.save_draft(replace(draft, body=replace(draft.body, stem="What else?")), me)
    authoring.commit(question, me)

    with pytest.raises(WorkflowError, match="changed since"):
        blinding.undo_clearing(question, 0, me)
    assert authoring.current(question).body.stem == "What else?"


def test_what_is_not_cleared_has_no_clearing_to_undo(study: Study) -> None:
    revision = study.committed(image="CT_small.dcm")

    with pytest.raises(WorkflowError, match="is not cleared"):
        study.workspace.blinding.undo_clearing(revision.question, 0, study.author.id)
