import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from pydicom.data import get_testdata_file

from core.domain.stage import Stage
from core.errors import Cancelled, ExchangeError
from core.services.exchange.service import ImportOptions
from core.tasks import CancelToken

SHARED = Path(__file__).parents[4] / "shared" / "data" / "vqa_rad"
HEADER = "id,format,stem,key,images,frames,specialty,capacity"
GOOD = "1,yes/no,Is it axial?,yes,CT_small.dcm,,Neurology,Anatomical perception"


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "in"
    place.mkdir()
    for name in ("CT_small.dcm", "examples_ybr_color.dcm"):
        shutil.copy(str(get_testdata_file(name)), place / name)
    return place


def write(folder, *rows):
    path = folder / "questions.csv"
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


def take_in(study, path, **options):
    service = study.workspace.exchange
    return service.import_file(path, study.author.id, ImportOptions(**options)).value


def library(study):
    return study.workspace.authoring.library()


def test_imported_question_is_a_committed_draft_of_its_importer(study, folder):
    report = take_in(study, write(folder, GOOD))
    question = study.workspace.authoring.question(report.questions[0])
    revision = study.workspace.authoring.current(question.id)
    assert (report.added, question.stage, question.author) == (1, Stage.DRAFT, study.author.id)
    assert question.origin == "table:questions:1"
    assert revision.number == 1
    assert study.workspace.media_store.has(revision.body.images[0].media)
    assert study.workspace.authoring.source(question.id).citation == "questions.csv"


def test_imported_workspace_passes_the_integrity_check(study, folder):
    take_in(study, write(folder, GOOD), confirms_images=True)
    assert study.workspace.integrity.check().problems == ()


def test_importing_twice_adds_nothing(study, folder):
    path = write(folder, GOOD, GOOD.replace("1,", "2,", 1).replace("axial", "coronal"))
    take_in(study, path)
    again = take_in(study, path)
    assert (again.added, again.same, again.conflicting) == (0, 2, ())
    assert len(library(study)) == 2


def test_importing_again_after_editing_and_clearing_still_adds_nothing(study, folder):
    path = write(folder, GOOD)
    (question,) = take_in(study, path, confirms_images=True).questions
    draft = study.workspace.authoring.draft(question)
    edited = replace(draft, body=replace(draft.body, stem="Is this an axial slice?"))
    study.workspace.authoring.save_draft(edited, study.author.id)
    study.workspace.authoring.commit(question, study.author.id)
    assert take_in(study, path).same == 1


def test_same_id_with_other_content_is_a_conflict_and_never_overwritten(study, folder):
    (question,) = take_in(study, write(folder, GOOD)).questions
    report = take_in(study, write(folder, GOOD.replace("yes,CT", "no,CT")))
    assert (report.added, len(report.conflicting)) == (0, 1)
    assert "question 1" in str(report.conflicting[0])
    assert study.workspace.authoring.current(question).key.right.option == "yes"


def test_one_bad_row_keeps_the_whole_file_out(study, folder):
    report = take_in(study, write(folder, GOOD, "2,yes/no,Is it?,maybe,,,,"))
    assert [str(one.where) for one in report.problems] == ["questions.csv, row 3, column key"]
    assert library(study) == []


def test_damaged_image_is_named_with_its_row_and_leaves_nothing_behind(study, folder):
    data = (folder / "CT_small.dcm").read_bytes()
    (folder / "CT_small.dcm").write_bytes(data[: len(data) // 2])
    report = take_in(study, write(folder, GOOD))
    assert report.problems[0].where == "questions.csv, row 2, image “CT_small.dcm”"
    assert library(study) == []
    assert list(study.workspace.media_store.ids()) == []


def test_frame_that_a_file_does_not_have_is_refused(study, folder):
    report = take_in(study, write(folder, GOOD.replace("dcm,,", "dcm,2,")))
    assert "1 frames" in report.problems[0].sentence


def test_stack_without_chosen_frames_shows_its_first_and_says_so(study, folder):
    row = GOOD.replace("CT_small", "examples_ybr_color")
    report = take_in(study, write(folder, row))
    assert any("only frame 1 of 30" in note for note in report.notes)


def test_dry_run_counts_and_stores_nothing(study, folder):
    report = take_in(study, write(folder, GOOD), is_dry_run=True)
    assert (report.added, report.questions) == (1, ())
    assert library(study) == []
    assert list(study.workspace.media_store.ids()) == []


def test_contradicting_keys_for_the_same_question_are_shown(study, folder):
    take_in(study, write(folder, GOOD))
    other = GOOD.replace("1,", "7,", 1).replace("yes,CT", "no,CT").replace("axial?", "AXIAL ?")
    report = take_in(study, write(folder, other))
    (duplicate,) = report.duplicates
    assert report.added == 1
    assert "question 1, but the keys contradict each other" in duplicate.sentence


def test_images_stay_uncleared_unless_a_person_confirms(study, folder):
    (question,) = take_in(study, write(folder, GOOD)).questions
    (image,) = study.workspace.blinding.dossier(question).images
    assert not image.is_cleared


def test_confirmed_images_are_cleared_and_the_confirmation_is_recorded(study, folder):
    path = write(folder, GOOD)
    (question,) = take_in(study, path, confirms_images=True).questions
    (image,) = study.workspace.blinding.dossier(question).images
    cleared = study.workspace.media_store.read(image.use.media)
    assert image.clearance is not None
    assert image.clearance.cleared_by == study.author.id
    assert b"CompressedSamples" in (folder / "CT_small.dcm").read_bytes()
    assert b"CompressedSamples" not in cleared


def test_cancelled_import_leaves_nothing_behind(study, folder):
    token = CancelToken()

    def stop_while_storing(step):
        if step.what == "Storing images" and step.done:
            token.cancel()

    rows = (
        GOOD,
        GOOD.replace("1,", "2,", 1).replace("axial", "round"),
        GOOD.replace("1,", "3,", 1),
    )
    with pytest.raises(Cancelled):
        study.workspace.exchange.import_file(
            write(folder, *rows), study.author.id, cancel=token, progress=stop_while_storing
        )
    assert library(study) == []
    assert list(study.workspace.media_store.ids()) == []


def test_missing_labels_are_said_once(study, folder):
    report = take_in(study, write(folder, "1,yes/no,Is it?,yes,,,,", "2,yes/no,Was it?,no,,,,"))
    assert "2 of the questions have no specialty; give it before blinding." in report.notes


def test_label_in_other_case_gets_the_shipped_spelling(study, folder):
    row = GOOD.replace("Neurology", "neurology").replace("Anatomical perception", "Guessing")
    report = take_in(study, write(folder, row))
    (line,) = library(study)
    assert {label.value for label in line.labels} == {"Neurology", "Guessing"}
    assert any("capacity “Guessing”" in note for note in report.notes)


def test_unknown_format_name_is_refused(study, folder):
    with pytest.raises(ExchangeError, match="“qti” is unknown"):
        take_in(study, write(folder, GOOD), format_name="qti")


@pytest.mark.shared_data
@pytest.mark.skipif(
    not SHARED.is_dir(), reason="the third-party data folder is not beside the checkout"
)
def test_vqa_rad_slice_comes_in_once_with_its_contradictions_shown(study):
    first = take_in(study, SHARED / "questions.json")
    again = take_in(study, SHARED / "questions.json")
    contradictions = [one for one in first.duplicates if "contradict" in one.sentence]
    assert (first.added, first.same, first.problems) == (117, 0, ())
    assert (again.added, again.same) == (0, 117)
    assert len(contradictions) == 2
    assert len(list(study.workspace.media_store.ids())) == 12
