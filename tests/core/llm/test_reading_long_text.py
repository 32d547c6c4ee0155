"""Long texts and reports out of replies: whole, under their heading, or as JSON of any length."""

import json

import pytest

from core.domain.answer import AnswerState
from core.domain.body import LongText, Report, Written
from core.llm.parsing import read_answer

TEXT = "The node is hot and needs no biopsy. " * 20


def read(reply: str, asked=None):
    return read_answer(asked or LongText(), reply, option_order=())


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        ("The node is hot.\n\nIt needs no biopsy.", "The node is hot.\n\nIt needs no biopsy."),
        ("ANSWER: The node is hot.", "The node is hot."),
        ("First the size.\nANSWER:\nThe node is hot.", "The node is hot."),
        ("ANSWER: Cold.\nNo, the other way.\nFINAL ANSWER:\nThe node is hot.", "The node is hot."),
        ("**ANSWER:**\nThe node is hot.", "The node is hot."),
        ("The answer is not simple: the node is hot.", None),
        ("El nódulo es caliente. No necesita biopsia.", None),
        ("結節はホットです。生検は不要です。", None),
        (TEXT, TEXT.strip()),
    ],
)
def test_long_text_is_read_whole_or_under_its_heading(reply, text):
    assert read(reply).response == Written(text or reply)


@pytest.mark.parametrize("asked", [LongText(), Report()])
def test_structured_text_of_any_length_is_read(asked):
    reply = json.dumps({"answer": TEXT})
    assert len(TEXT) > 300
    assert read(reply, asked).response == Written(TEXT.strip())


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        ("", AnswerState.NO_ANSWER),
        ("I'm sorry, but I can't help with that.", AnswerState.REFUSED),
        ("I don't know.", AnswerState.NO_ANSWER),
        ('{"answer": ""}', AnswerState.NO_ANSWER),
        ('{"answer": "I don\'t know."}', AnswerState.NO_ANSWER),
        ('{"answer": "One."} {"answer": "Two."}', AnswerState.NO_ANSWER),
    ],
)
def test_what_says_nothing_is_no_answer(reply, state):
    assert read(reply).state is state
