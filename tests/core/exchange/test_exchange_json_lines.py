import json

import pytest

from core.domain.body import AnswerFormat
from core.domain.media import ImageUse
from core.domain.revision import content_hash
from core.errors import ExchangeError
from core.exchange.formats import ImportFormat, detect_format
from core.exchange.json_lines import read_json_lines
from tests.factories import ALL_FORMATS, make_body, make_key, make_labels, new_id

MEDIA = "ab" * 32


def row_of(answer_format=AnswerFormat.YES_NO, **changes):
    body, key, labels = make_body(answer_format), make_key(answer_format), make_labels()
    row = {
        "id": new_id(),
        "content_hash": content_hash(body, key, labels),
        "body": body.to_plain(),
        "key": key.to_plain(),
        "labels": [{"axis": one.axis, "value": one.value} for one in labels],
        "images": [],
    }
    return {name: value for name, value in (row | changes).items() if value is not None}


def with_image(**changes):
    body = make_body(AnswerFormat.YES_NO, images=(ImageUse(MEDIA),)).to_plain()
    body["images"][0] |= changes.pop("use", {})
    entry = {"file": f"media/{MEDIA}.png"} | changes
    return row_of(body=body, content_hash=None, images=[entry])


def read(folder, *rows):
    path = folder / "questions.jsonl"
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    lines = [line.replace("Infinity", "1e999") for line in lines]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_json_lines(path)


def problem_of(folder, row):
    (problem,) = read(folder, row).problems
    return str(problem)


def test_every_format_comes_back_as_it_was_written(tmp_path):
    found = read(tmp_path, *(row_of(one) for one in ALL_FORMATS))
    assert found.problems == []
    assert [(one.body, one.key, one.labels) for one in found.questions] == [
        (make_body(one), make_key(one), make_labels()) for one in ALL_FORMATS
    ]


def test_question_without_an_id_has_an_origin_from_its_content(tmp_path):
    first, second = read(tmp_path, row_of(id=None), row_of(id=None)).questions
    assert first.id is None
    assert first.origin == second.origin


def test_line_separators_inside_a_text_do_not_end_a_line(tmp_path):
    body = make_body(AnswerFormat.YES_NO, stem="One\u2028two\x85three?").to_plain()
    line = json.dumps(row_of(body=body, content_hash=None), ensure_ascii=False)
    (question,) = read(tmp_path, line).questions
    assert question.body.stem == "One\u2028two\x85three?"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("{", "line 1: The line is no JSON."),
        ("[" * 50_000, "line 1: The line is no JSON."),
        ('{"id": NaN}', "line 1: The line is no JSON."),
        ('{"id": "\\ud800"}', "line 1: The line is no JSON."),
        ("[]", "line 1: The line must be a JSON object."),
        ("{}", "line 1, field body:"),
        (row_of(key=None), "line 1, field key: The field “key” must be an object."),
        (
            row_of(key=make_key(AnswerFormat.REPORT).to_plain()),
            "line 1, field key: The key belongs",
        ),
        (row_of(content_hash="0" * 64), "line 1, field content_hash:"),
        (row_of(id="../../etc"), "line 1, field id:"),
        (
            row_of(labels=[{"axis": "mood", "value": "x"}], content_hash=None),
            "line 1, field labels:",
        ),
        (row_of(labels=["x"], content_hash=None), "line 1, field labels:"),
        (row_of(body=make_body().to_plain() | {"format": "essay"}), "line 1, field format:"),
        (row_of(body=make_body().to_plain() | {"images": [3]}), "line 1, field images:"),
        (with_image(file="../x.png"), "line 1, field images: The file of an image must lie"),
        (with_image(file="media/../../x.png"), "line 1: The image name"),
        (with_image(), "line 1: The image file"),
        (with_image(use={"media": "x"}), "line 1, field images:"),
        (with_image(use={"frames": [1e999]}), "line 1, field images:"),
        (with_image(use={"frames": []}), "line 1, field images:"),
        (with_image(use={"window": {"center": 1e999, "width": 1}}), "line 1, field images:"),
    ],
)
def test_bad_line_is_named_by_its_number_and_field(tmp_path, row, words):
    assert problem_of(tmp_path, row).startswith(f"questions.jsonl, {words}")


def test_image_is_not_cleared_without_a_manifest(tmp_path):
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / f"{MEDIA}.png").write_bytes(b"x")
    ((image,),) = (one.images for one in read(tmp_path, with_image()).questions)
    assert not image.is_cleared


def test_manifest_of_a_newer_program_is_refused(tmp_path):
    manifest = {"format": "asclepius-set", "version": 99}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ExchangeError, match="newer version"):
        read(tmp_path, row_of())


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.jsonl", "", ImportFormat.JSON_LINES),
        ("a.CSV", "", ImportFormat.TABLE),
        ("a.xlsx", "", ImportFormat.TABLE),
        ("a.json", ' [{"qid": 1}]', ImportFormat.VQA_RAD),
        ("a.json", '\ufeff{"id": 1}', ImportFormat.JSON_LINES),
    ],
)
def test_format_is_told_by_name_and_content(tmp_path, name, text, expected):
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert detect_format(tmp_path / name) is expected


def test_unknown_format_asks_for_the_option(tmp_path):
    (tmp_path / "a.bin").write_bytes(b"\x00")
    with pytest.raises(ExchangeError, match="--format"):
        detect_format(tmp_path / "a.bin")
