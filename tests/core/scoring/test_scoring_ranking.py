"""Rankings: exactly right or not, Kendall's tau beside it, chance and the best constant order."""

from math import factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.body import Chosen, Ranked, Ranking, neutral_order, options_of
from core.domain.ids import OptionId
from core.domain.key import Key, RankingKey
from core.domain.score import ScoreState
from core.scoring.builtin import best_constant, chance_of, constant_response
from core.scoring.ranking import RankingScorer, kendall_tau
from tests.factories import make_options


def ids(letters: str) -> tuple[OptionId, ...]:
    return tuple(OptionId(letter) for letter in letters)


def mark(given_order: str, wanted: str):
    asked = Ranking(make_options(*wanted))
    return RankingScorer().mark(Ranked(ids(given_order)), asked, RankingKey(ids(wanted)))


@pytest.mark.parametrize(
    ("given_order", "tau"),
    [
        ("ABCD", 1.0),
        ("DCBA", -1.0),
        ("BACD", 2 / 3),  # one of six pairs is turned: (5 - 1) / 6
        ("BADC", 1 / 3),  # two of six: (4 - 2) / 6
        ("DABC", 0.0),  # three of six
        ("CDBA", -2 / 3),  # five of six
    ],
)
def test_kendall_tau_is_what_counting_pairs_by_hand_gives(given_order, tau):
    assert kendall_tau(ids(given_order), ids("ABCD")) == pytest.approx(tau)


def test_kendall_tau_is_the_mean_sign_over_all_pairs_of_ten_ranks():
    ranks = (4, 7, 2, 10, 3, 6, 8, 1, 5, 9)
    signs = [1 if b > a else -1 for n, a in enumerate(ranks) for b in ranks[n + 1 :]]
    order = tuple(OptionId(str(rank)) for rank in ranks)
    wanted = tuple(OptionId(str(rank)) for rank in range(1, 11))
    assert sum(signs) == 5  # 25 pairs in order, 20 turned
    assert kendall_tau(order, wanted) == pytest.approx(5 / 45)


def test_only_the_right_order_counts_and_agreement_stands_beside_it():
    right, near = mark("ABCD", "ABCD"), mark("ABDC", "ABCD")
    assert (right.state, right.value) == (ScoreState.CORRECT, 1.0)
    assert (near.state, near.value) == (ScoreState.INCORRECT, 0.0)
    assert right.details == {"kendall_tau": 1.0, "in_place": 1.0}
    assert near.details == {"kendall_tau": pytest.approx(2 / 3), "in_place": 0.5}


@pytest.mark.parametrize(("given_order", "wanted"), [("AB", "ABC"), ("ABA", "ABC"), ("A", "A")])
def test_order_that_is_not_whole_cannot_be_scored(given_order, wanted):
    assert mark(given_order, wanted).state is ScoreState.UNSCORED


def test_choice_is_no_answer_to_a_ranking():
    asked = Ranking(make_options("a", "b"))
    response = Chosen(frozenset({OptionId("o1")}))
    found = RankingScorer().mark(response, asked, RankingKey(ids("ab")))
    assert found.state is ScoreState.UNSCORED


@given(st.permutations("ABCDE"), st.permutations("ABCDE"))
def test_tau_is_symmetric_and_turns_its_sign_with_the_order(one, other):
    first, second = ids("".join(one)), ids("".join(other))
    tau = kendall_tau(first, second)
    assert tau == pytest.approx(kendall_tau(second, first))
    assert kendall_tau(first[::-1], second) == pytest.approx(-tau)


def ranking(*right: int) -> tuple[Ranking, Key]:
    asked = Ranking(make_options(*"abc"[: len(right)]))
    return asked, Key(RankingKey(tuple(asked.options[place].id for place in right)))


def test_chance_of_a_ranking_is_one_of_all_orders():
    for count in (2, 3, 5):
        assert chance_of(Ranking(make_options(*"abcdefg"[:count]))) == 1 / factorial(count)


def test_best_constant_order_is_the_most_frequent_one():
    questions = [ranking(2, 0, 1), ranking(2, 0, 1), ranking(0, 1, 2), ranking(1, 0)]
    constant = best_constant(questions)
    asked = questions[0][0]
    o1, o2, o3 = (one.id for one in asked.options)
    assert constant_response(asked, constant) == Ranked((o3, o1, o2))
    assert constant_response(questions[3][0], constant) is None


@given(st.permutations(["first step", "second step", "third step", "fourth step"]))
def test_order_of_a_body_does_not_depend_on_the_order_of_writing(texts):
    written = make_options(*texts)
    shown = [one.text for one in neutral_order(written)]
    assert shown == [one.text for one in neutral_order(make_options(*sorted(texts)))]
    assert sorted(shown) == sorted(texts)
    assert options_of(Ranking(written)) == written
