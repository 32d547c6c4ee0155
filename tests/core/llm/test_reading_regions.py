"""Regions in replies: only what is asked for is read, and it lands on the pixels it means."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.answer import AnswerState
from core.domain.body import AnswerFormat, BlindQuestion, Body, Localization, Marked
from core.domain.ids import MediaId, QuestionId, RevisionId
from core.domain.media import ImageUse, View
from core.domain.places import to_shown, turned_size
from core.domain.region import Region, RegionKind
from core.domain.run import Condition
from core.llm.answer_schema import answer_schema
from core.llm.client import LlmReply
from core.llm.conditions.examples import answer_words
from core.llm.prompts import load_template, render
from core.services.evaluation.requests import read_reply
from tests.factories import make_box

BOX = Localization(RegionKind.BOX, 0, 512, 400, 512, 400, 1)
UPRIGHT = View()
VIEWS = [View(quarter_turns=n, is_mirrored=m) for n in range(4) for m in (False, True)]


def body_of(asked: Localization, view: View = UPRIGHT) -> Body:
    use = ImageUse(MediaId("0" * 64), tuple(range(asked.frames)), view)
    return Body("Where?", images=(use,), asked=asked)


def read(reply: str, asked: Localization = BOX, view: View = UPRIGHT):
    return read_reply(body_of(asked, view), LlmReply(reply, "stop"), ())


GOOD = [
    '{"answer": {"box": [100, 50, 180, 120]}}',
    '{"answer": [{"box": [100, 50, 180, 120]}]}',
    '{"answer": [100, 50, 180, 120]}',
    '{"box": [100, 50, 180, 120]}',
    '{"answer": {"box": {"left": 100, "top": 50, "right": 180, "bottom": 120}}}',
    '{"answer": {"box": {"x1": 100, "y1": 50, "x2": 180, "y2": 120}}}',
    '```json\n{"answer": {"box": [100, 50, 180, 120]}}\n```',
    'The lesion lies in the middle.\n{"answer": {"box": [100.0, 50, 180, 120]}}',
    '<think>{"answer": {"box": [1, 2, 3, 4]}}</think>{"answer": {"box": [100, 50, 180, 120]}}',
    '{"answer": {"box": [100, 50, 180, 120], "slice": 1}}',
    "[100, 50, 180, 120]",
    "100, 50, 180, 120",
    "(100, 50, 180, 120).",
    "The answer is [100, 50, 180, 120].",
    'Die Läsion: {"answer": {"box": [100, 50, 180, 120]}}',
    '病变在此：{"answer": {"box": [100, 50, 180, 120]}}',
]
TRAPS = [
    "",
    "It lies in the left lower lobe.",
    '{"answer": {"bbox": [100, 50, 80, 70]}}',
    '{"answer": {"box_2d": [100, 50, 180, 120]}}',
    '{"answer": {"box": [0.2, 0.1, 0.4, 0.3]}}',
    '{"answer": {"box": [180, 120, 100, 50]}}',
    '{"answer": {"box": [100, 50, 180]}}',
    '{"answer": {"box": ["100", "50", "180", "120"]}}',
    '{"answer": {"box": [100, 50, 1800, 120]}}',
    '{"answer": {"box": [-5, 50, 180, 120]}}',
    '{"answer": {"box": [100, 50, 180, 120], "slice": 2}}',
    '{"answer": {"box": [100, 50, 180, 120]}} {"answer": {"box": [10, 5, 18, 12]}}',
    '{"answer": {"point": [100, 50]}}',
    '{"answer": {"box": [100, 50, 180, 120]}, "answer2": 1',
    '{"answer": null}',
    '{"answer": {"box": {"x": 100, "y": 50, "w": 80, "h": 70}}}',
    "Between 100, 50 and 180, 120.",
    "100, 50",
    "La lésion est en bas à gauche, 100 mm.",
    "約100ピクセル",
    "I cannot tell from this picture.",
]


@pytest.mark.parametrize("reply", GOOD)
def test_box_in_pixels_of_the_picture_is_read(reply):
    reading = read(reply)
    assert reading.response == Marked((make_box(100, 50, 180, 120),))
    assert reading.state is AnswerState.ANSWERED
    assert reply[slice(*reading.span)].strip()


@pytest.mark.parametrize("reply", TRAPS)
def test_what_is_not_clear_is_no_answer(reply):
    assert read(reply).response is None


def test_refusal_is_a_refusal():
    assert read("I'm sorry, but I can't help with that.").state is AnswerState.REFUSED


def test_slice_has_to_be_named_where_there_are_several():
    asked = replace(BOX, frames=4)
    named = read('{"answer": {"slice": 3, "box": [100, 50, 180, 120]}}', asked)
    assert named.response == Marked((make_box(100, 50, 180, 120, frame=2),))
    for reply in ('{"answer": {"box": [100, 50, 180, 120]}}', "[100, 50, 180, 120]"):
        assert read(reply, asked).response is None
    assert read('{"answer": {"slice": 5, "box": [1, 5, 18, 12]}}', asked).response is None


def test_points_and_outlines_are_read_for_their_kinds():
    point = replace(BOX, kind=RegionKind.POINT)
    assert read("(120, 85)", point).response == Marked((Region(RegionKind.POINT, ((120, 85),)),))
    outline = read(
        '{"answer": {"polygon": [[10, 10], [90, 10], [50, 80]]}}',
        replace(BOX, kind=RegionKind.MASK),
    )
    corners = ((10, 10), (90, 10), (50, 80))
    assert outline.response == Marked((Region(RegionKind.POLYGON, corners),))


@pytest.mark.parametrize("view", VIEWS, ids=lambda v: f"{v.quarter_turns}{v.is_mirrored:d}")
@given(x=st.integers(2, 500), y=st.integers(2, 190))
def test_a_point_of_the_turned_picture_lands_on_its_stored_pixel(view, x, y):
    # Pixels twice as high as wide: 512 x 200 stored, 512 x 400 shown.
    asked = Localization(RegionKind.POINT, 0, 512, 200, 512, 400, 1)
    shown = to_shown((512, 200), (512, 400), view, (float(x), float(y)))
    reply = json.dumps({"answer": {"point": list(shown)}})
    reading = read(reply, asked, view)
    assert reading.response is not None
    assert reading.response.regions[0].points[0] == pytest.approx((x, y))
    width, height = turned_size((512, 400), view)
    beyond = json.dumps({"answer": {"point": [width + 1, height + 1]}})
    assert read(beyond, asked, view).state is AnswerState.NO_ANSWER


@pytest.mark.parametrize("view", VIEWS, ids=lambda v: f"{v.quarter_turns}{v.is_mirrored:d}")
def test_solved_example_says_what_would_be_read_as_right(view):
    body = body_of(BOX, view)
    right = Marked((make_box(100, 50, 180, 120),))
    reading = read_reply(body, LlmReply(answer_words(body, right), "stop"), ())
    (region,) = reading.response.regions
    xs, ys = zip(*region.points, strict=True)
    assert (min(xs), min(ys), max(xs), max(ys)) == (100, 50, 180, 120)


@pytest.mark.parametrize("turns", [0, 1])
def test_prompt_names_image_size_and_form(turns):
    body = body_of(replace(BOX, frames=2), View(quarter_turns=turns))
    blind = BlindQuestion(QuestionId("q"), RevisionId("r"), 1, body)
    text = render(blind, Condition.BOTH, load_template()).text
    assert ("512 × 400" if turns == 0 else "400 × 512") in text
    assert '{"answer": {"slice": n, "box": [left, top, right, bottom]}}' in text
    assert "image 1" in text
    schema = answer_schema(body, ())["properties"]["answer"]
    assert schema["required"] == ["slice", "box"]


def test_body_without_its_image_is_told():
    body = Body("Where?", asked=BOX)
    assert body.format is AnswerFormat.REGION
    assert [field for field, _ in body.problems()] == ["key"]
    whole = body_of(BOX)
    assert whole.problems() == []
    other = replace(whole.images[0], frames=(0, 1))
    assert "Other pictures" in replace(whole, images=(other,)).problems()[0][1]
