import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.answer import AnswerState
from core.domain.body import (
    GRADED_FORMATS,
    NO,
    YES,
    AnswerFormat,
    Chosen,
    SeveralChoices,
    SingleChoice,
    YesNo,
)
from core.domain.ids import OptionId
from core.domain.key import Key, SeveralChoicesKey, SingleChoiceKey, YesNoKey
from core.domain.score import ScoreState
from core.scoring.builtin import best_constant, chance_of, constant_response
from core.scoring.scorers import SCORERS, is_current, score
from core.scoring.several_choices import SeveralChoicesScorer
from tests.core.statistics.known_answers import known_case
from tests.factories import (
    ALL_FORMATS,
    llm_respondent,
    make_answer,
    make_asked,
    make_options,
    make_person,
    make_question,
    make_revision,
    make_wrong_response,
)


def score_of(answer_format, **answer):
    revision = make_revision(make_question(make_person()), answer_format)
    given_answer = make_answer(revision, llm_respondent(), **answer)
    return score(given_answer, revision.body.asked, revision.key)


def options(letters: list[str]) -> frozenset[OptionId]:
    return frozenset(OptionId(f"o{'ABCD'.index(letter) + 1}") for letter in letters)


def picked(option: str) -> Chosen:
    return Chosen(frozenset({OptionId(option)}))


def choice(right: str, count: int = 4) -> tuple[SingleChoice, Key]:
    asked = SingleChoice(make_options(*(f"Option {i}" for i in range(count))))
    return asked, Key(SingleChoiceKey(OptionId(right)))


def test_every_format_has_a_scorer():
    assert set(SCORERS) == set(AnswerFormat)


@pytest.mark.parametrize("answer_format", ALL_FORMATS)
def test_right_response_gets_the_full_value(answer_format):
    found = score_of(answer_format)
    expected = ScoreState.PARTIAL if answer_format in GRADED_FORMATS else ScoreState.CORRECT
    assert (found.state, found.value) == (expected, 1.0)
    assert is_current(found, answer_format)


@pytest.mark.parametrize("answer_format", sorted(set(ALL_FORMATS) - set(GRADED_FORMATS)))
def test_wrong_response_gets_nothing(answer_format):
    found = score_of(answer_format, response=make_wrong_response(answer_format))
    assert (found.state, found.value) == (ScoreState.INCORRECT, 0.0)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (AnswerState.REFUSED, ScoreState.REFUSED),
        (AnswerState.NO_ANSWER, ScoreState.NO_ANSWER),
        (AnswerState.CANNOT_TELL, ScoreState.NO_ANSWER),
        (AnswerState.FAILED, ScoreState.FAILED),
        (AnswerState.NOT_APPLICABLE, ScoreState.NOT_APPLICABLE),
        (AnswerState.ANSWERED, ScoreState.UNSCORED),
    ],
)
@pytest.mark.parametrize("answer_format", ALL_FORMATS)
def test_answer_without_a_response_keeps_its_state_and_has_no_value(answer_format, state, expected):
    found = score_of(answer_format, state=state)
    assert (found.state, found.value) == (expected, None)


@pytest.mark.parametrize("answer_format", ALL_FORMATS)
def test_key_of_another_format_leaves_the_answer_unscored(answer_format):
    revision = make_revision(make_question(make_person()), answer_format)
    others = {AnswerFormat.YES_NO: SingleChoiceKey(OptionId("yes"))}
    key = Key(others.get(answer_format, YesNoKey(YES)))
    found = score(make_answer(revision, llm_respondent()), revision.body.asked, key)
    assert found.state is ScoreState.UNSCORED


@pytest.mark.shared_data
def test_several_choices_equal_the_set_arithmetic():
    case = known_case("scoring", "multi_select")
    asked = SeveralChoices(make_options("a", "b", "c", "d"))
    marks = [
        SeveralChoicesScorer().mark(
            Chosen(options(item["answer"])), asked, SeveralChoicesKey(options(item["key"]))
        )
        for item in case["data"]["items"]
    ]
    assert [mark.value for mark in marks] == case["expected"]["exact"]
    for name in ("f1", "jaccard", "partial"):
        found = [mark.details[name] for mark in marks]
        assert found == pytest.approx(case["expected"][name], abs=1e-12)


@given(chosen=st.frozensets(st.sampled_from("ABCD")), right=st.frozensets(st.sampled_from("ABCD")))
def test_f1_lies_between_precision_and_recall(chosen, right):
    asked = SeveralChoices(make_options("a", "b", "c", "d"))
    key = SeveralChoicesKey(options(sorted(right)))
    mark = SeveralChoicesScorer().mark(Chosen(options(sorted(chosen))), asked, key)
    if not right:
        assert mark.state is ScoreState.UNSCORED
        return
    ends = sorted((mark.details["precision"], mark.details["recall"]))
    assert ends[0] - 1e-12 <= mark.details["f1"] <= ends[1] + 1e-12
    assert (mark.value == 1) == (chosen == right)


def test_chance_is_exact_and_only_where_there_are_options():
    found = [chance_of(one) for one in (choice("o1")[0], choice("o1", 5)[0], YesNo())]
    assert found == [0.25, 0.2, 0.5]
    assert chance_of(SeveralChoices(make_options("a", "b", "c"))) == 1 / 7
    assert chance_of(make_asked(AnswerFormat.NUMERIC)) is None


def test_best_constant_answer_is_the_most_frequent_right_place():
    questions = [choice("o2"), choice("o2"), choice("o4"), (YesNo(), Key(YesNoKey(NO)))]
    constant = best_constant(questions)
    assert constant_response(questions[0][0], constant) == picked("o2")
    assert constant_response(YesNo(), constant) == picked("no")


def test_earliest_place_wins_a_tie_whatever_the_order():
    questions = [choice("o3"), choice("o1")]
    assert best_constant(questions) == best_constant(questions[::-1])
    assert constant_response(questions[0][0], best_constant(questions)) == picked("o1")


def test_question_without_the_constant_place_gets_no_constant_answer():
    constant = best_constant([choice("o4"), choice("o4"), choice("o1", 2)])
    assert constant_response(choice("o1", 2)[0], constant) is None
