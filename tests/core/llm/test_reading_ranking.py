"""Orders in replies: whatever clear form they have they are read, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.answer import AnswerState
from core.domain.body import AnswerFormat, Ranked, Ranking, options_of
from core.llm.answer_schema import answer_schema
from core.llm.parsing import read_answer
from tests.factories import make_body, make_options

TEXTS = ("CT of the head", "Oxygen", "Intravenous access", "Blood, then urine", "Discharge")
ASKED = Ranking(make_options(*TEXTS))
IDS = tuple(one.id for one in ASKED.options)
LETTER = dict(zip(IDS, "ABCDE", strict=True))
TEXT = dict(zip(IDS, TEXTS, strict=True))

orders = st.permutations(IDS).map(tuple)
FORMS = {
    "commas": lambda order: ", ".join(LETTER[one] for one in order),
    "chain": lambda order: " > ".join(LETTER[one] for one in order),
    "texts": lambda order: ", ".join(TEXT[one] for one in order),
    "arrows": lambda order: "So the order is:\n" + " → ".join(TEXT[one] for one in order),
    "numbered": lambda order: "\n".join(f"{n}. {LETTER[one]}" for n, one in enumerate(order, 1)),
    "both": lambda order: "; ".join(f"{LETTER[one]}) {TEXT[one]}" for one in order),
    "sentence": lambda order: "First " + ", then ".join(LETTER[one] for one in order) + ".",
    "json": lambda order: f'{{"answer": {[LETTER[one] for one in order]}}}'.replace("'", '"'),
}


def read(reply: str, *, option_order=IDS):
    return read_answer(ASKED, reply, option_order=option_order)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@given(order=orders)
def test_every_clear_form_of_an_order_is_read(form, order):
    assert read(form(order)).response == Ranked(order)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@given(order=orders, without=st.integers(0, 4))
def test_an_order_that_leaves_an_option_out_is_no_answer(form, order, without):
    short = order[:without] + order[without + 1 :]
    assert read(form(short)).response is None


@given(order=orders, at=st.integers(0, 3))
def test_options_on_one_place_are_no_answer(order, at):
    said = [LETTER[one] for one in order]
    tied = " > ".join((*said[:at], f"{said[at]} = {said[at + 1]}", *said[at + 2 :]))
    assert read(tied).response is None


@given(shown=orders, order=orders)
def test_letters_mean_the_options_as_they_were_shown(shown, order):
    letter = dict(zip(shown, "ABCDE", strict=True))
    reply = ", ".join(letter[one] for one in order)
    assert read(reply, option_order=shown).response == Ranked(order)


def test_refusal_to_rank_is_a_refusal():
    assert read("I'm sorry, but I cannot rank these options.").state is AnswerState.REFUSED


@pytest.mark.parametrize("blanks", ["\n" * 20_000, " " * 50_000, "> " * 20_000, "B, " * 10_000])
def test_a_reply_that_loops_is_read_at_once(blanks):
    assert read(f"A > B > C > D > E\n{blanks}").state in AnswerState


def test_schema_asks_for_a_list_of_the_letters_shown():
    body = make_body(AnswerFormat.RANKING)
    order = tuple(one.id for one in options_of(body.asked))
    answer = answer_schema(body, order)["properties"]["answer"]
    assert answer == {"type": "array", "items": {"type": "string", "enum": ["A", "B", "C"]}}
