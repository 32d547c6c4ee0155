import io
import json
import shutil
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from PIL import Image

from core.domain.body import AnswerFormat
from core.domain.key import Key, NumericKey
from core.domain.media import ImageUse
from core.domain.region import MaskRuns, Region, RegionKind
from core.domain.revision import Draft, content_hash
from core.domain.source import Source
from core.domain.stage import Stage
from core.domain.verification import Verdict
from core.errors import ExchangeError
from core.workspace import create_workspace
from tests.factories import (
    ALL_FORMATS,
    make_body,
    make_gates,
    make_key,
    make_labels,
    make_right_response,
)
from tests.study import Kept, with_people

SECRET_SOURCE = "Zebrafish paragraph that nobody outside may read"
COUNT = len(ALL_FORMATS) + 2
"""One of each format, and two with images."""


MARK = Region(RegionKind.BOX, ((20, 30), (50, 60)), frame=5, label="valve")


def verified(study, answer_format, *, image="", frames=(0,), marks=(), clears=True, key=None):
    """Bring one question from its draft to stage verified."""
    work = study.workspace
    draft = work.authoring.create(answer_format, study.author.id).value
    images = (ImageUse(study.imported(image), frames, marks=marks),) if image else ()
    source = Source(SECRET_SOURCE, "Textbook, page 7", "CC0")
    body = make_body(answer_format, stem=f"What is {answer_format}?", images=images)
    whole = Draft(draft.question, body, key or make_key(answer_format), make_labels(), source)
    work.authoring.save_draft(whole, study.author.id)
    work.authoring.commit(draft.question, study.author.id)
    if image and clears:
        work.blinding.clear_image(draft.question, 0, study.author.id)
    work.blinding.approve(draft.question, study.author.id)
    for person in study.verifiers:
        right = make_right_response(answer_format)
        work.verification.lock_answer(draft.question, person.id, right, elapsed_s=9)
        submit(study, draft.question, person)
    work.adjudication.accept([draft.question], study.lead.id)
    return draft.question


def submit(study, question, person):
    study.workspace.verification.submit(
        question, person.id, gates=make_gates(), verdict=Verdict.ACCEPT, comment=""
    )


def with_questions(workspace):
    study = with_people(workspace)
    for answer_format in ALL_FORMATS:
        verified(study, answer_format)
    verified(study, AnswerFormat.YES_NO, image="CT_small.dcm")
    clip = "examples_ybr_color.dcm"
    verified(study, AnswerFormat.NUMERIC, image=clip, frames=(3, 5), marks=(MARK,))
    return study


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    return Kept.filled(tmp_path_factory.mktemp("kept") / "filled.asclepius", with_questions)


@pytest.fixture
def filled(tmp_path, kept):
    with kept.copied_to(tmp_path / "study.asclepius") as workspace:
        yield replace(kept.made, workspace=workspace)


def hashes(workspace):
    found = {}
    for line in workspace.authoring.library():
        revision = workspace.authoring.current(line.id)
        found[line.id] = content_hash(revision.body, revision.key, line.labels)
    return found


def all_bytes(folder):
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def lines_of(folder, name="questions.jsonl"):
    return [json.loads(line) for line in (folder / name).read_text("utf-8").splitlines()]


def test_export_holds_questions_media_audit_trail_and_right_checksums(filled, tmp_path):
    report = filled.workspace.exchange.export(tmp_path / "set")
    manifest = json.loads((tmp_path / "set" / "manifest.json").read_text("utf-8"))
    assert (report.questions, report.left_out) == (COUNT, ())
    assert manifest["questions"] == COUNT
    assert set(manifest["files"]) >= {"questions.jsonl", "audit.jsonl"}
    assert filled.workspace.exchange.verify(tmp_path / "set") == []


def test_every_used_frame_leaves_as_a_picture(filled, tmp_path):
    filled.workspace.exchange.export(tmp_path / "set")
    images = [image for row in lines_of(tmp_path / "set") for image in row["images"]]
    pictures = [[one["file"] for one in image["pictures"]] for image in images]
    assert [len(one) for one in pictures] == [1, 2]
    for name in (name for one in pictures for name in one):
        assert (tmp_path / "set" / name).read_bytes().startswith(b"\x89PNG")


def test_marks_leave_with_the_question_and_are_drawn_into_its_pictures(filled, tmp_path):
    filled.workspace.exchange.export(tmp_path / "set")
    [image] = [one for row in lines_of(tmp_path / "set") for one in row["body"]["images"][-1:]
               if len(one["frames"]) == 2]  # fmt: skip
    [files] = [one["pictures"] for row in lines_of(tmp_path / "set") for one in row["images"]
               if len(one["pictures"]) == 2]  # fmt: skip
    bare, marked = ((tmp_path / "set" / one["file"]).read_bytes() for one in files)
    assert image["marks"] == [replace(MARK, frame=1).to_plain()]
    assert yellow(bare) < yellow(marked)


@pytest.mark.parametrize(
    "wrong", [replace(MARK, frame=2), Region(RegionKind.MASK, mask=MaskRuns(2, 2, (1, 3)))]
)
def test_marks_that_the_image_has_no_place_for_are_refused_by_name(study, tmp_path, wrong):
    clip = "examples_ybr_color.dcm"
    verified(study, AnswerFormat.YES_NO, image=clip, frames=(3, 5), marks=(MARK,))
    study.workspace.exchange.export(tmp_path / "set")
    path = tmp_path / "set" / "questions.jsonl"
    [row] = lines_of(tmp_path / "set")
    row["body"]["images"][0]["marks"] = [wrong.to_plain()]
    del row["content_hash"]
    path.write_text(json.dumps(row), "utf-8")
    with create_workspace(tmp_path / "other.asclepius") as other:
        report = other.exchange.import_file(path, other.people.me().id).value

    assert report.added == 0
    assert any("A mark lies on a frame or on pixels" in one.sentence for one in report.problems)


def yellow(png):
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)
    return int((pixels[..., :2].min(axis=2) - pixels[..., 2] > 100).sum())


def test_export_imported_into_an_empty_workspace_gives_equal_questions(filled, tmp_path):
    filled.workspace.exchange.export(tmp_path / "set")
    with create_workspace(tmp_path / "other.asclepius") as other:
        me = other.people.me().id
        report = other.exchange.import_file(tmp_path / "set", me).value
        again = other.exchange.import_file(tmp_path / "set" / "questions.jsonl", me).value
        assert (report.added, report.problems, report.notes) == (COUNT, (), ())
        assert (again.added, again.same) == (0, COUNT)
        assert hashes(other) == hashes(filled.workspace)
        assert other.integrity.check().is_clean


def test_tolerance_in_percent_goes_through_an_export_into_another_workspace(study, tmp_path):
    right = NumericKey(Decimal("12.5"), Decimal("0.5"), Decimal(5))
    verified(study, AnswerFormat.NUMERIC, key=Key(right))
    study.workspace.exchange.export(tmp_path / "set")

    with create_workspace(tmp_path / "other.asclepius") as other:
        other.exchange.import_file(tmp_path / "set", other.people.me().id)
        (line,) = other.authoring.library()
        assert other.authoring.current(line.id).key.right == right


def test_export_does_not_name_the_originals_of_its_images(filled, tmp_path):
    with filled.workspace._database.read() as tx:
        originals = [one.original for one in tx.media.clearances()]
    filled.workspace.exchange.export(tmp_path / "set")
    assert len(originals) == 2
    for original in originals:
        assert original.encode() not in all_bytes(tmp_path / "set")
    assert filled.workspace.exchange.verify(tmp_path / "set") == []


def test_images_of_an_intact_export_stay_cleared(filled, tmp_path):
    filled.workspace.exchange.export(tmp_path / "set")
    with create_workspace(tmp_path / "other.asclepius") as other:
        other.exchange.import_file(tmp_path / "set", other.people.me().id)
        again = other.exchange.export(tmp_path / "again", stage=Stage.DRAFT)
        assert (again.questions, again.left_out) == (COUNT, ())


def test_images_of_a_changed_export_are_not_cleared(filled, tmp_path):
    filled.workspace.exchange.export(tmp_path / "set")
    with (tmp_path / "set" / "audit.jsonl").open("a") as file:
        file.write("\n")
    with create_workspace(tmp_path / "other.asclepius") as other:
        report = other.exchange.import_file(tmp_path / "set", other.people.me().id).value
        again = other.exchange.export(tmp_path / "again", stage=Stage.DRAFT)
        assert "Its images count as not cleared." in report.notes[0]
        assert len(again.left_out) == 2


def test_export_into_its_own_workspace_finds_everything_there(filled, tmp_path):
    filled.workspace.exchange.export(tmp_path / "set")
    report = filled.workspace.exchange.import_file(tmp_path / "set", filled.lead.id).value
    assert (report.added, report.same) == (0, COUNT)


def test_same_question_with_other_content_is_a_conflict(filled, tmp_path):
    filled.workspace.exchange.export(tmp_path / "set")
    path = tmp_path / "set" / "questions.jsonl"
    rows = lines_of(tmp_path / "set")
    rows[0]["body"]["stem"] = "Something else?"
    del rows[0]["content_hash"]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    report = filled.workspace.exchange.import_file(path, filled.lead.id).value
    assert (report.added, report.same, len(report.conflicting)) == (0, COUNT - 1, 1)


def test_source_text_and_names_of_people_never_leave(filled, tmp_path):
    filled.workspace.exchange.export(tmp_path / "set")
    everything = all_bytes(tmp_path / "set")
    assert b"Textbook, page 7" in everything
    assert SECRET_SOURCE.encode() not in everything
    for person in filled.workspace.people.all():
        assert person.name.encode() not in everything


def test_file_names_of_originals_never_leave(filled, tmp_path):
    filled.workspace.exchange.export(tmp_path / "set")
    assert b"CT_small" not in all_bytes(tmp_path / "set")


def test_export_without_keys_holds_no_byte_of_a_key(filled, tmp_path):
    service = filled.workspace.exchange
    service.export(tmp_path / "keys", results={"respondents": "Chance"})
    service.export(tmp_path / "bare", with_keys=False, results={"respondents": "Chance"})
    words = [
        b"Because the image shows it.",
        b"Names the finding.",
        b"left ventricle",
        b"12.5",
        b"The lungs are clear.",
        b"Textbook, page 7",
        b'"key"',
        b"content_hash",
        b"Chance",
    ]
    with_keys, without = all_bytes(tmp_path / "keys"), all_bytes(tmp_path / "bare")
    assert [word for word in words if word not in with_keys] == []
    assert [word for word in words if word in without] == []
    assert not (tmp_path / "bare" / "audit.jsonl").exists()
    assert service.verify(tmp_path / "bare") == []


def test_hashes_in_an_export_without_keys_do_not_depend_on_the_key(filled, tmp_path):
    service, work = filled.workspace.exchange, filled.workspace
    service.export(tmp_path / "bare", with_keys=False)
    bare = all_bytes(tmp_path / "bare").decode("utf-8", errors="replace")
    for one in hashes(work).values():
        assert one not in bare


def test_set_without_keys_is_not_imported(filled, tmp_path):
    filled.workspace.exchange.export(tmp_path / "bare", with_keys=False)
    with pytest.raises(ExchangeError, match="without keys"):
        filled.workspace.exchange.import_file(tmp_path / "bare", filled.lead.id)


def test_uncleared_image_keeps_its_question_here_with_the_reason(study, tmp_path):
    study.committed(image="CT_small.dcm")
    report = study.workspace.exchange.export(tmp_path / "set", stage=Stage.DRAFT)
    assert report.questions == 0
    assert str(report.left_out[0]) == ("Question 1: Its image 1 is not cleared of patient data.")


def test_draft_without_a_finished_version_is_named_as_left_out(study, tmp_path):
    study.drafted()
    service = study.workspace.exchange
    drafts = service.export(tmp_path / "drafts", stage=Stage.DRAFT)
    verified_only = service.export(tmp_path / "verified")
    assert [str(one) for one in drafts.left_out] == ["Question 1: It has no finished version yet."]
    assert verified_only.left_out == ()


def test_audit_trail_of_an_export_can_be_verified_without_the_database(filled, tmp_path):
    filled.workspace.exchange.export(tmp_path / "set")
    path = tmp_path / "set" / "audit.jsonl"
    rows = lines_of(tmp_path / "set", "audit.jsonl")
    rows[4]["subject"] = "someone else"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    problems = filled.workspace.exchange.verify(tmp_path / "set")
    assert "The audit trail is broken at event 5." in problems
    assert "audit.jsonl was changed after the export." in problems


@pytest.mark.parametrize("name", ["questions.jsonl", "manifest.json", "media"])
def test_missing_part_of_an_export_is_found(filled, tmp_path, name):
    filled.workspace.exchange.export(tmp_path / "set")
    part = tmp_path / "set" / name
    if part.is_dir():
        shutil.rmtree(part)
    else:
        part.unlink()
    assert filled.workspace.exchange.verify(tmp_path / "set") != []


def test_added_file_is_found(filled, tmp_path):
    filled.workspace.exchange.export(tmp_path / "set")
    (tmp_path / "set" / "extra.txt").write_text("x")
    assert filled.workspace.exchange.verify(tmp_path / "set") == [
        "extra.txt is not in the manifest."
    ]


def test_folder_in_use_is_refused_and_an_empty_one_taken(filled, tmp_path):
    used, empty = tmp_path / "used", tmp_path / "empty"
    used.mkdir()
    empty.mkdir()
    (used / "mine.txt").write_text("keep me")
    with pytest.raises(ExchangeError, match="is not empty"):
        filled.workspace.exchange.export(used)
    filled.workspace.exchange.export(empty)
    assert (used / "mine.txt").read_text() == "keep me"
    assert (empty / "manifest.json").exists()


def test_failed_export_leaves_no_folder_behind(filled, tmp_path):
    (media,) = {
        use.media
        for line in filled.workspace.authoring.library()
        for use in filled.workspace.authoring.current(line.id).body.images[:1]
        if line.format is AnswerFormat.YES_NO
    }
    filled.workspace.media_store.path(media).unlink()
    report = filled.workspace.exchange.export(tmp_path / "set")
    assert len(report.left_out) == 1
    target = tmp_path / "blocked"
    target.write_text("a file")
    with pytest.raises(ExchangeError):
        filled.workspace.exchange.export(target / "set")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "blocked",
        "set",
        "study.asclepius",
    ]


def test_lint_names_questions_without_labels_and_duplicates(study, tmp_path):
    path = tmp_path / "q.csv"
    path.write_text("format,stem,key\nyes/no,Is it shown?,yes\nyes/no,Is it shown ?,no\n")
    study.workspace.exchange.import_file(path, study.author.id)
    rules = [(one.number, one.rule) for one in study.workspace.exchange.lint()]
    assert rules == [
        (1, "missing_label"),
        (1, "missing_label"),
        (1, "image_missing"),
        (2, "missing_label"),
        (2, "missing_label"),
        (2, "image_missing"),
        (2, "contradicting_key"),
    ]
