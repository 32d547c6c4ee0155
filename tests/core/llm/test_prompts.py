"""What an endpoint gets to read."""

import json

import pytest

from core.domain.body import (
    AnswerFormat,
    Asked,
    BlindQuestion,
    Body,
    Numeric,
    Option,
    Report,
    SeveralChoices,
    ShortText,
    SingleChoice,
    YesNo,
)
from core.domain.ids import MediaId, OptionId, QuestionId, RevisionId
from core.domain.media import ImageRole, ImageUse
from core.domain.run import Condition
from core.errors import LlmError, ValidationError
from core.llm.prompts import letters, load_template, option_order, render, template_from_plain
from core.paths import resources_folder

OPTIONS = (Option(OptionId("o1"), "Effusion"), Option(OptionId("o2"), "Fracture {stem}"))
ONE = ImageUse(MediaId("a" * 64))


def blind(asked: Asked, *images: ImageUse, context: str = "Aged 60.") -> BlindQuestion:
    body = Body("What is {seen}?", context, images, asked)
    return BlindQuestion(QuestionId("q"), RevisionId("r"), 1, body)


def text_of(question: BlindQuestion, condition: Condition = Condition.BOTH) -> str:
    return render(question, condition, load_template()).text


def test_text_has_context_stem_lettered_options_and_instruction_in_order() -> None:
    assert text_of(blind(SingleChoice(OPTIONS), ONE)) == (
        "Aged 60.\n\nWhat is {seen}?\n\nA. Effusion\nB. Fracture {stem}\n\n"
        "Reply with the letter of the one best option."
    )


def test_missing_context_leaves_no_gap() -> None:
    assert text_of(blind(YesNo(), context="")) == "What is {seen}?\n\nReply with Yes or No."


def test_image_condition_keeps_stem_and_context_back() -> None:
    text = text_of(blind(SingleChoice(OPTIONS), ONE), Condition.IMAGE)

    assert "seen" not in text
    assert "Aged" not in text
    assert text.startswith("A. Effusion\nB. Fracture")


def test_several_pictures_are_told_apart_unless_no_picture_is_sent() -> None:
    prior = ImageUse(MediaId("b" * 64), (0, 1, 2), role=ImageRole.PRIOR, caption="CT.", date="2019")
    question = blind(ShortText(), ONE, prior)

    assert (
        "Image 1 (picture 1): current examination.\n"
        "Image 2 (pictures 2 to 4, in order): prior examination, 2019, CT."
    ) in text_of(question)
    assert "Image 1" not in text_of(question, Condition.TEXT)
    assert "Image 1" not in text_of(question, Condition.IMAGE)


@pytest.mark.parametrize(
    ("asked", "instruction"),
    [
        (SeveralChoices(OPTIONS), "letters of all right options"),
        (ShortText(), "in a few words"),
        (Report(), "in full sentences"),
        (Numeric("mm"), "one number in mm."),
        (Numeric(), "one number."),
    ],
)
def test_each_format_has_its_instruction(asked: Asked, instruction: str) -> None:
    assert instruction in text_of(blind(asked))


def test_letters_follow_the_order_given() -> None:
    order = (OptionId("o2"), OptionId("o1"))
    question = blind(SingleChoice(OPTIONS))

    text = render(question, Condition.BOTH, load_template(), order=order).text

    assert "A. Fracture {stem}\nB. Effusion" in text
    assert letters(order) == {"A": "o2", "B": "o1"}
    assert option_order(question.body) == ("o1", "o2")


def test_hash_changes_with_any_word_of_the_template() -> None:
    path = resources_folder() / "prompts" / "default-1.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    before = template_from_plain(data)

    data["instructions"]["yes_no"] += " Please."

    assert template_from_plain(data).hash != before.hash
    assert before.hash == load_template().hash


def test_template_without_a_format_names_it() -> None:
    with pytest.raises(ValidationError, match=AnswerFormat.NUMERIC.value):
        template_from_plain(
            {
                "name": "x",
                "system": "",
                "question": "",
                "question_without_text": "",
                "instructions": {one.value: "" for one in AnswerFormat if one != "numeric"},
            }
        )


def test_unknown_template_is_said_in_a_sentence() -> None:
    with pytest.raises(LlmError, match="“no-such”"):
        load_template("no-such")
