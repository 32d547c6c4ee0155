"""Replies and what may be read out of them: nothing wrong, nothing invented."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.answer import AnswerState
from core.domain.body import (
    Asked,
    Chosen,
    Measured,
    Numeric,
    Report,
    SeveralChoices,
    ShortText,
    SingleChoice,
    Written,
    YesNo,
    options_of,
)
from core.llm.parsing import Reading, read_answer
from tests.factories import make_options

SINGLE = SingleChoice(
    make_options("Pneumonia", "Pleural effusion", "Vitamin A deficiency", "Edema")
)
SEVERAL = SeveralChoices(make_options("Heart", "Liver", "Spleen", "Lung"))
NONE = ""


def read(asked: Asked, reply: str) -> Reading:
    return read_answer(asked, reply, option_order=[one.id for one in options_of(asked)])


def chosen(asked: Asked, reply: str) -> str:
    """Return the letters read, like "AC", or an empty string for no answer."""
    reading = read(asked, reply)
    if reading.response is None:
        assert reading.state in (AnswerState.NO_ANSWER, AnswerState.REFUSED)
        return NONE
    assert isinstance(reading.response, Chosen)
    ids = [one.id for one in options_of(asked)]
    return "".join(sorted(chr(ord("A") + ids.index(one)) for one in reading.response.options))


@pytest.mark.parametrize(
    ("reply", "letter"),
    [
        ("B", "B"),
        ("b", "B"),
        ("B.", "B"),
        (" B\n", "B"),
        ("**B**", "B"),
        ("(B)", "B"),
        ("[B]", "B"),
        ("`B`", "B"),
        ("“B”", "B"),
        ("Ｂ", "B"),
        ("$\\boxed{B}$", "B"),
        ("Option B", "B"),
        ("The correct option is (B).", "B"),
        ("Answer: B", "B"),
        ("ANSWER: b", "B"),
        ("**Answer:** B", "B"),
        ("**Answer: B) Pleural effusion**", "B"),
        ("### Answer\n\nB", "B"),
        ("The answer is B", "B"),
        ("The answer is B.", "B"),
        ("The answer is **B. Pleural effusion**.", "B"),
        ("The answer is B because of the meniscus sign.", "B"),
        ("The correct answer is option B, since fluid is seen.", "B"),
        ("The most likely answer is B.", "B"),
        ("I would choose B.", "B"),
        ("I'd go with option D.", "D"),
        ("Option B is correct.", "B"),
        ("B is the correct answer because of the meniscus.", "B"),
        ("B. Pleural effusion", "B"),
        ("B) pleural effusion", "B"),
        ("b) Pleural effusion", "B"),
        ("B: Pleural effusion", "B"),
        ("B - Pleural effusion", "B"),
        ("Pleural effusion", "B"),
        ("pleural effusion.", "B"),
        ("The answer is pleural effusion.", "B"),
        ("B\n\nThe costophrenic angle is blunted.", "B"),
        ("B. The costophrenic angle is not sharp.", "B"),
        ("B because the costophrenic angle is blunt.", "B"),
        ("**B) Pleural effusion**\n\nA) is unlikely since the lungs are clear.", "B"),
        ("The angle is blunt. Air is absent.\n\nB", "B"),
        ("The angle is blunt.\nFinal answer: B", "B"),
        ("A) Pneumonia - no air bronchogram\nB) Pleural effusion - yes\n\nAnswer: B", "B"),
        ("A) Pneumonia: no.\nB) Pleural effusion: fits.\nC) no\nD) no\n\nB", "B"),
        ("At first the answer is A. However, the angle is blunt, so the answer is B.", "B"),
        ("Answer: A\n\nWait, the angle is blunt. Answer: B", "B"),
        ("Some say D. Final answer: B", "B"),
        ("<think>The answer is A? No: A, B, C.</think>\nB", "B"),
        ('{"answer": "B"}', "B"),
        ('```json\n{"answer": "B", "why": "blunt"}\n```', "B"),
        ('Fluid. {"answer": "Pleural effusion"}', "B"),
        ("Antwort: B", "B"),
        ("La respuesta correcta es B.", "B"),
        ("La réponse est B", "B"),
        ("答案是B", "B"),
        ("正确答案：B", "B"),
    ],
)
def test_single_choice_is_read_where_it_is_clear(reply: str, letter: str) -> None:
    assert chosen(SINGLE, reply) == letter


@pytest.mark.parametrize(
    "reply",
    [
        "Vitamin C",
        "Vitamin C is the correct answer.",
        "A 45-year-old man has fever.",
        "A given patient may have fluid.",
        "Answer: A 45-year-old with fluid",
        "not B",
        "The answer is not B.",
        "I do not think the answer is B.",
        "B is not correct.",
        "B is wrong.",
        "The wrong answer is B.",
        "The least likely answer is B.",
        "A and C",
        "A, C",
        "A or C",
        "A/C",
        "AC",
        "The answer is A or B.",
        "The answer is B or perhaps C.",
        "The answer is B if there is fluid.",
        "If there is fluid, the answer is B.",
        "Is the answer B?",
        "The answer is B?",
        "Answer: A\nAnswer: B",
        "B\n\nC",
        "Answer: B. Wait, it could be an edema.",
        "B\n\nActually, C fits better.",
        "Answer: A. Actually, the answer is unclear.",
        "The answer is unclear.",
        "E",
        "Answer: E",
        "E. coli",
        "C. difficile",
        "D-dimer is raised.",
        "T2",
        "B. Edema",
        "The answer is B) Edema.",
        "A) Pneumonia\nB) Pleural effusion\nC) Vitamin A deficiency\nD) Edema",
        "A. Pneumonia is unlikely.\nB. Pleural effusion is seen.",
        "A) Pneumonia: unlikely",
        "All of the above",
        "None of the above.",
        "Hepatitis B",
        "There is a pleural effusion and an edema.",
        "I see fluid.",
        "",
        "   \n",
        "...",
        "<think>The answer is B, I think",
        '{"answer": "E"}',
        '{"answer": null}',
        '{"answer": "A"} or {"answer": "B"}',
    ],
)
def test_single_choice_is_never_guessed(reply: str) -> None:
    assert chosen(SINGLE, reply) == NONE


def test_option_that_looks_like_another_letter_is_not_read() -> None:
    tricky = SingleChoice(make_options("B", "A", "Hepatitis C"))

    assert chosen(tricky, "B") == NONE
    assert chosen(tricky, "Hepatitis C") == "C"
    assert chosen(tricky, "A. B") == "A"


def test_option_texts_that_differ_in_markup_only_are_not_confused() -> None:
    assert chosen(SingleChoice(make_options("T2", "T2*")), "T2*") == NONE
    assert chosen(SingleChoice(make_options("T2", "T2*")), "B") == "B"


def test_longer_option_text_wins_over_its_beginning() -> None:
    lobes = SingleChoice(make_options("Left lung", "Left lung and heart"))

    assert chosen(lobes, "The answer is left lung and heart.") == "B"


@pytest.mark.parametrize(
    ("reply", "letters"),
    [
        ("A, C", "AC"),
        ("A and C", "AC"),
        ("A, B, and D.", "ABD"),
        ("a, c", "AC"),
        ("**A, C**", "AC"),
        ("(A) and (C)", "AC"),
        ("A; C", "AC"),
        ("A & C", "AC"),
        ("AC", "AC"),
        ("A\nC", "AC"),
        ("A. Heart\nC. Spleen", "AC"),
        ("- A) Heart\n- C) Spleen", "AC"),
        ("A", "A"),
        ("Only B", "B"),
        ("Options A and C", "AC"),
        ("Heart, spleen", "AC"),
        ("Heart and spleen", "AC"),
        ("The correct answers are A and C.", "AC"),
        ("The answer is A, C because both are seen.", "AC"),
        ("Answer: A, C\n\nThe liver is not seen.", "AC"),
        ('{"answer": ["A", "C"]}', "AC"),
        ("A, B, C, D", "ABCD"),
        ("A or C", NONE),
        ("A/C", NONE),
        ("A and C, not B", NONE),
        ("A, C but not D", NONE),
        ("A, E", NONE),
        ("CA", NONE),
        ("None", NONE),
        ("All of the above", NONE),
        ("A. Heart\nB. Liver\nC. Spleen\nD. Lung", NONE),
        ("A heart and a spleen are seen.", NONE),
    ],
)
def test_several_choices(reply: str, letters: str) -> None:
    assert chosen(SEVERAL, reply) == letters


@pytest.mark.parametrize(
    ("reply", "letter"),
    [
        ("Yes", "A"),
        ("no", "B"),
        ("**Yes**", "A"),
        ("No.", "B"),
        ("Yes, there is a fracture.", "A"),
        ("Yes there is a fracture.", "A"),
        ("No, there is no fracture.", "B"),
        ("No - the cortex is intact.", "B"),
        ("No\n\nThe cortex is intact.", "B"),
        ("The answer is yes.", "A"),
        ("Answer: No", "B"),
        ("The cortex is broken.\n\nYes", "A"),
        ('{"answer": true}', "A"),
        ("Ja", "A"),
        ("Nein.", "B"),
        ("Sí", "A"),
        ("Non", "B"),
        ("是", "A"),
        ("No evidence of fracture.", NONE),
        ("No fracture", NONE),
        ("No. 3 rib", NONE),
        ("No-contrast CT", NONE),
        ("Yes and no", NONE),
        ("Yes/No", NONE),
        ("Yes or no?", NONE),
        ("Yes, no", NONE),
        ("No, wait, yes.", NONE),
        ("Not sure", NONE),
        ("Nothing is broken", NONE),
        ("There is a fracture", NONE),
        ("Yesterday there was one", NONE),
    ],
)
def test_yes_or_no(reply: str, letter: str) -> None:
    assert chosen(YesNo(), reply) == letter


@pytest.mark.parametrize(
    ("unit", "reply", "value", "said_unit"),
    [
        ("mm", "12", "12", ""),
        ("mm", "12.5 mm", "12.5", "mm"),
        ("mm", "12.5mm.", "12.5", "mm"),
        ("mm", "**12.5 mm**", "12.5", "mm"),
        ("mm", "1.25 cm", "1.25", "cm"),
        ("mm", "12,5 mm", "12.5", "mm"),
        ("mm", "0,125 mm", "0.125", "mm"),
        ("mL", "1,250 mL", "1250", "mL"),
        ("mL", "1,250.5 mL", "1250.5", "mL"),
        ("mL", "1.250,5 mL", "1250.5", "mL"),
        ("mL", "1.250.000 mL", "1250000", "mL"),
        ("mL", "12 500 mL", "12500", "mL"),
        ("HU", "-50 HU", "-50", "HU"),
        ("HU", "\u221250 HU", "-50", "HU"),
        ("", "1.5e3", "1500", ""),
        ("", "1.5 × 10^3", "1500", ""),
        ("", "1.5 × 10³", "1500", ""),
        ("mm", "approximately 12 mm", "12", "mm"),
        ("mm", "~12 mm", "12", "mm"),
        ("mm", "The answer is 12 mm.", "12", "mm"),
        ("mm", "Answer: 12", "12", ""),
        ("mm", "The slice thickness is 5 mm.", "5", "mm"),
        ("mm", "5 mm, as the header says", "5", "mm"),
        ("mm", "Measured at the widest point.\n\n12 mm", "12", "mm"),
        ("mmHg", "120 mm Hg", "120", "mm Hg"),
        ("%", "45%", "45", "%"),
        ("°", "30 degrees", "30", "degrees"),
        ("mL/min", "60 mL/min", "60", "mL/min"),
        ("", "3 lesions", "3", ""),
        ("", "three", "3", ""),
        ("", "Three lesions.", "3", ""),
        ("", "There are 3 lesions.", "3", ""),
        ("mm", '{"answer": 12.5}', "12.5", ""),
        ("mm", "$12 \\text{ mm}$", "12", "mm"),
    ],
)
def test_number_is_read_with_its_unit(unit: str, reply: str, value: str, said_unit: str) -> None:
    assert read(Numeric(unit), reply).response == Measured(Decimal(value), said_unit)


@pytest.mark.parametrize(
    ("unit", "reply"),
    [
        ("mm", "10-12 mm"),
        ("mm", "10 to 12 mm"),
        ("mm", "between 10 and 12 mm"),
        ("mm", "10 or 12"),
        ("mm", "12 x 8 mm"),
        ("mm", "12 mm x 8 mm"),
        ("mm", "12 ± 1 mm"),
        ("mm", ">5 mm"),
        ("mm", "at least 5 mm"),
        ("mm", "less than 5"),
        ("mm", "The answer is not 5 mm."),
        ("mm", "It is not 5 mm."),
        ("mm", "A 45-year-old has a lesion."),
        ("", "A 45-year-old has several lesions."),
        ("", "The lesion at L4 is large."),
        ("", "Grade 2 or 3"),
        ("", "1/2"),
        ("", "12:30"),
        ("", "1.2.3"),
        ("", "3 out of 5"),
        ("", "several"),
        ("", "2 million"),
        ("", "3 lesions and 2 cysts"),
        ("mm", "Answer: 5 mm. Wait, that was the spacing."),
        ("mm", "The lesion has 3 parts."),
        ("mm", "unclear"),
        ("mm", ""),
    ],
)
def test_number_is_never_guessed(unit: str, reply: str) -> None:
    assert read(Numeric(unit), reply).response is None


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        ("left ventricle", "left ventricle"),
        ("**Left ventricle.**", "Left ventricle."),
        ("The answer is the left ventricle.", "the left ventricle"),
        ("Answer: left ventricle\n\nIt is the largest chamber.", "left ventricle"),
        ("<think>atrium?</think>left ventricle", "left ventricle"),
        ('{"answer": "left ventricle"}', "left ventricle"),
        ("I don't know.", None),
        ("Cannot be determined.", None),
        ("The answer is unclear.", None),
        ("I'm sorry, but I can't help with that.", None),
        ("", None),
    ],
)
def test_short_text(reply: str, text: str | None) -> None:
    assert read(ShortText(), reply).response == (None if text is None else Written(text))


@pytest.mark.parametrize(
    ("reply", "is_report"),
    [
        ("The lungs are clear. No effusion.", True),
        ("I cannot identify any fracture. The heart is normal.", True),
        ("I'm unable to diagnose, but here it is.\n\nFINDINGS: " + "Clear lungs. " * 60, True),
        ("I'm sorry, but I can't provide a medical report.", False),
        ("I'm not able to interpret medical images.", False),
        ("", False),
    ],
)
def test_report(reply: str, is_report: bool) -> None:
    assert (read(Report(), reply).response is not None) is is_report


@pytest.mark.parametrize(
    ("asked", "reply", "state"),
    [
        (SINGLE, "I can't assist with that.", AnswerState.REFUSED),
        (SINGLE, "I’m sorry, but I cannot interpret medical images.", AnswerState.REFUSED),
        (SINGLE, "I'm unable to determine this.", AnswerState.REFUSED),
        (SINGLE, "As an AI, I cannot give a diagnosis.", AnswerState.REFUSED),
        (YesNo(), "I can't help with that request.", AnswerState.REFUSED),
        (Numeric("mm"), "I am not able to measure images.", AnswerState.REFUSED),
        (ShortText(), "I'm sorry, I can't assist with that.", AnswerState.REFUSED),
        (Report(), "I'm not able to interpret medical images.", AnswerState.REFUSED),
        (SINGLE, "I'm unable to see all of it, but the answer is B.", AnswerState.ANSWERED),
        (SINGLE, "The angle cannot be seen.", AnswerState.NO_ANSWER),
        (SINGLE, "", AnswerState.NO_ANSWER),
    ],
)
def test_refusal_is_told_apart_from_no_answer(asked: Asked, reply: str, state: AnswerState) -> None:
    assert read(asked, reply).state is state


@pytest.mark.parametrize(
    ("asked", "reply", "rule", "characters"),
    [
        (SINGLE, "B", "whole reply", "B"),
        (SINGLE, "So **Answer: (B)**, as said.", "stated answer", "(B)"),
        (SINGLE, "Fluid.\n\n  B.", "final line", "B"),
        (SINGLE, "B) Pleural effusion. The angle is blunt.", "first line", "B) Pleural effusion"),
        (SINGLE, "Final answer: B", "stated final answer", "B"),
        (SINGLE, "Option B is correct.", "named as correct", "B"),
        (YesNo(), "Yes, it is.", "first line", "Yes"),
        (Numeric("mm"), "It measures 12 mm.", "only number", "12"),
        (Numeric("mm"), "<think>9</think> 12 mm", "whole reply", "12 mm"),
        (ShortText(), "Answer: **LV**.", "stated answer", "LV"),
        (SINGLE, 'So: {"answer": "B"}', "structured answer", '{"answer": "B"}'),
    ],
)
def test_reading_names_its_rule_and_characters(
    asked: Asked, reply: str, rule: str, characters: str
) -> None:
    reading = read(asked, reply)

    assert reading.rule == rule
    assert reading.span is not None
    assert reply[slice(*reading.span)] == characters


def test_letters_follow_the_order_shown() -> None:
    order = [one.id for one in reversed(SINGLE.options)]

    reading = read_answer(SINGLE, "A", option_order=order)

    assert reading.response == Chosen(frozenset({order[0]}))


@given(st.text(max_size=200), st.sampled_from([SINGLE, SEVERAL, YesNo(), Numeric("mm")]))
def test_any_reply_ends_in_one_state_and_spans_fit(reply: str, asked: Asked) -> None:
    reading = read(asked, reply)

    assert (reading.response is not None) == (reading.state is AnswerState.ANSWERED)
    if reading.span is not None:
        assert 0 <= reading.span[0] < reading.span[1] <= len(reply)


@given(
    st.sampled_from("ABCD"),
    st.sampled_from(["", "**", "`", '"']),
    st.sampled_from(["{}", "Answer: {}", "The answer is {}.", "Blunt.\n\n{}", "Option {}"]),
)
def test_decoration_never_changes_what_is_read(letter: str, mark: str, frame: str) -> None:
    assert chosen(SINGLE, frame.format(f"{mark}{letter}{mark}")) == letter


@pytest.mark.parametrize("loop", ["The answer is B. ", "** ** ", "{", "best ", "答えは", "A, "])
@pytest.mark.parametrize("asked", [SINGLE, SEVERAL, YesNo(), Numeric("mm"), ShortText()])
def test_reply_that_loops_is_read_to_its_end(asked: Asked, loop: str) -> None:
    reading = read(asked, loop * (6_000 // len(loop)))

    is_clear = asked == SINGLE and loop == "The answer is B. "
    assert (reading.state is AnswerState.ANSWERED) >= is_clear
