import json
from collections import Counter
from pathlib import Path

import pytest

from core.domain.body import AnswerFormat
from core.domain.key import ShortTextKey, YesNoKey
from core.domain.taxonomy import Label
from core.errors import ExchangeError
from core.exchange.formats import ImportFormat, detect_format
from core.exchange.vqa_rad import read_vqa_rad

SHARED = Path(__file__).parents[4] / "shared" / "data" / "vqa_rad"
needs_shared_data = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the third-party data folder is not beside the checkout"
)

ENTRY = {
    "qid": 7,
    "image_name": "a.jpg",
    "image_organ": "ABD",
    "answer": 2,
    "answer_type": "CLOSED ",
    "question_type": "COUNT",
    "question": " How many masses are there? ",
}


def write(folder, *entries):
    (folder / "a.jpg").write_bytes(b"x")
    path = folder / "questions.json"
    path.write_text(json.dumps(entries), encoding="utf-8")
    return path


@pytest.mark.shared_data
@needs_shared_data
def test_all_117_questions_of_the_slice_are_read():
    read = read_vqa_rad(SHARED / "questions.json")
    formats = Counter(one.body.format for one in read.questions)
    assert read.problems == []
    assert formats == {AnswerFormat.YES_NO: 58, AnswerFormat.SHORT_TEXT: 59}
    assert len({one.origin for one in read.questions}) == 117
    assert len({image.path for one in read.questions for image in one.images}) == 12


@pytest.mark.shared_data
@needs_shared_data
def test_first_question_of_the_slice_is_read_with_its_labels():
    first = read_vqa_rad(SHARED / "questions.json").questions[0]
    assert first.origin == "vqa_rad:340"
    assert first.body.stem == "Is the brain tissue ischemic?"
    assert first.key.right == YesNoKey("yes")
    assert first.labels == {Label("anatomy", "Head"), Label("tag", "PRES"), Label("language", "en")}
    assert first.source.rights == "CC0-1.0"


@pytest.mark.shared_data
@needs_shared_data
def test_slice_is_recognized_by_its_content():
    assert detect_format(SHARED / "questions.json") is ImportFormat.VQA_RAD


def test_number_as_answer_and_stray_blanks_are_read(tmp_path):
    (question,) = read_vqa_rad(write(tmp_path, ENTRY)).questions
    assert question.key.right == ShortTextKey("2")
    assert question.body.stem == "How many masses are there?"


def test_closed_yes_or_no_becomes_yes_no_and_open_yes_does_not(tmp_path):
    closed = ENTRY | {"answer": " YES "}
    open_one = ENTRY | {"answer": "yes", "answer_type": "OPEN", "qid": 8}
    read = read_vqa_rad(write(tmp_path, closed, open_one))
    assert [one.body.format for one in read.questions] == [
        AnswerFormat.YES_NO,
        AnswerFormat.SHORT_TEXT,
    ]


@pytest.mark.parametrize("field", ["qid", "image_name", "answer", "answer_type", "question"])
def test_missing_field_is_named_with_its_entry(tmp_path, field):
    broken = {name: value for name, value in ENTRY.items() if name != field}
    (problem,) = read_vqa_rad(write(tmp_path, ENTRY, broken)).problems
    assert str(problem) == f"questions.json, entry 2: The field “{field}” is missing or empty."


def test_missing_image_is_named_with_its_entry(tmp_path):
    (problem,) = read_vqa_rad(write(tmp_path, ENTRY | {"image_name": "gone.jpg"})).problems
    assert str(problem).startswith("questions.json, entry 1: The image file “gone.jpg”")


@pytest.mark.parametrize("text", ["{", "[NaN]", '["\\ud800"]', "[" * 100_000, "{}"])
def test_file_that_is_no_list_of_entries_is_refused(tmp_path, text):
    path = tmp_path / "questions.json"
    path.write_text(text)
    with pytest.raises(ExchangeError):
        read_vqa_rad(path)
