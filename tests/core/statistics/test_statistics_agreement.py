import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.statistics.agreement import (
    assess,
    cohen_kappa,
    count_table,
    fleiss_kappa,
    gwet_ac1,
    gwet_standard_error,
    krippendorff_alpha,
    percent_agreement,
    prevalence_sentence,
)
from tests.core.statistics.known_answers import known_case

CATEGORIES = ("accept", "revise", "reject")
RATINGS = st.lists(
    st.lists(st.sampled_from([*CATEGORIES, None]), min_size=3, max_size=3), min_size=1, max_size=25
)


def pairs_of(table: list[list[int]]) -> list[tuple[int, int]]:
    return [
        (row, column)
        for row, counts in enumerate(table)
        for column, count in enumerate(counts)
        for _ in range(count)
    ]


def close(case: dict, name: str, value: float | None) -> bool:
    expected = case["expected"][name]
    tolerance = case["tolerance"].get(name, case["tolerance"]["*"])
    return value is None if expected is None else value == pytest.approx(expected, abs=tolerance)


@pytest.mark.shared_data
@pytest.mark.parametrize(
    "case_id", ["fleiss_kappa_encyclopedia_10x5", "fleiss_1971_psychiatric_diagnoses"]
)
def test_fleiss_kappa_equals_the_published_one(case_id):
    case = known_case("agreement", case_id)
    counts = np.array(case["data"]["counts"], float)
    assert close(case, "kappa", fleiss_kappa(counts))
    if "krippendorff_alpha_nominal" in case["expected"]:
        assert close(case, "krippendorff_alpha_nominal", krippendorff_alpha(counts))
    else:
        assert close(case, "p_observed", percent_agreement(counts))


@pytest.mark.shared_data
@pytest.mark.parametrize(
    "case_id", ["krippendorff_2011_missing", "krippendorff_encyclopedia_missing"]
)
def test_alpha_with_missing_ratings_equals_the_published_one(case_id):
    case = known_case("agreement", case_id)
    counts = count_table(case["data"]["ratings"], [1, 2, 3, 4, 5])
    assert close(case, "nominal", krippendorff_alpha(counts))


@pytest.mark.shared_data
def test_gwets_missing_data_set_gives_his_values_errors_and_intervals():
    case = known_case("agreement", "gwet_raw4raters_unweighted")
    counts = count_table(case["data"]["ratings"], [1, 2, 3, 4, 5])
    found = assess(case["data"]["ratings"], [1, 2, 3, 4, 5])
    assert close(case, "gwet_ac1", found.gwet_ac1.value)
    assert close(case, "gwet_ac1_se", gwet_standard_error(counts, found.gwet_ac1.value))
    ends = [found.gwet_ac1.interval.low, found.gwet_ac1.interval.high]
    assert close(case, "gwet_ac1_ci95", ends)
    assert close(case, "fleiss_kappa", found.fleiss_kappa.value)
    ends = [found.fleiss_kappa.interval.low, found.fleiss_kappa.interval.high]
    assert close(case, "fleiss_kappa_ci95", ends)
    assert close(case, "krippendorff_alpha", found.krippendorff_alpha.value)
    assert close(case, "percent_agreement", found.percent.value)
    assert found.cohen_kappa is None


@pytest.mark.shared_data
def test_two_raters_give_all_published_values():
    case = known_case("agreement", "gwet_cont3x3abstractors_unweighted")
    found = assess(pairs_of(case["data"]["table"]), [0, 1, 2])
    assert close(case, "cohen_kappa", found.cohen_kappa.value)
    assert close(case, "gwet_ac", found.gwet_ac1.value)
    assert close(case, "krippendorff_alpha", found.krippendorff_alpha.value)
    assert close(case, "percent_agreement", found.percent.value)


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("case_id", "name"),
    [
        ("cohen_1960_1968", "kappa"),
        ("cohen_kappa_encyclopedia_grants_a", "kappa"),
        ("stuart_1955_vision", "cohen_kappa"),
    ],
)
def test_cohens_kappa_of_a_table_equals_the_published_one(case_id, name):
    case = known_case("agreement", case_id)
    table = case["data"]["table"]
    assert close(case, name, cohen_kappa(pairs_of(table), range(len(table))))


@pytest.mark.shared_data
def test_cohens_kappa_of_ratings_equals_two_programs():
    case = known_case("agreement", "irr_anxiety_unweighted")
    ratings = list(zip(case["data"]["rater1"], case["data"]["rater2"], strict=True))
    assert close(case, "kappa", cohen_kappa(ratings, case["params"]["categories"]))


@pytest.mark.shared_data
def test_kappa_paradox_is_shown_with_a_warning():
    case = known_case("agreement", "kappa_paradox_gwet")
    found = assess(pairs_of(case["data"]["table"]), [0, 1])
    assert close(case, "percent_agreement", found.percent.value)
    assert close(case, "cohen_kappa", found.cohen_kappa.value)
    assert close(case, "gwet_ac1", found.gwet_ac1.value)
    assert close(case, "krippendorff_alpha", found.krippendorff_alpha.value)
    assert "Kappa and alpha can be low" in found.prevalence


@pytest.mark.shared_data
@pytest.mark.parametrize(
    "case_id",
    ["contract_all_ratings_identical", "contract_no_unit_with_two_ratings", "contract_empty"],
)
def test_edges_are_not_defined_rather_than_zero(case_id):
    case = known_case("agreement", case_id)
    found = assess(case["data"]["ratings"], case["data"]["categories_on_offer"])
    assert close(case, "percent_agreement", found.percent.value)
    assert close(case, "fleiss_kappa", found.fleiss_kappa.value)
    assert close(case, "krippendorff_alpha", found.krippendorff_alpha.value)
    assert close(case, "gwet_ac1", found.gwet_ac1.value)


def test_two_raters_who_only_ever_accept_have_no_kappa():
    found = assess([("accept", "accept")] * 12, CATEGORIES)
    assert found.cohen_kappa.value is None
    assert (found.percent.value, found.percent.interval) == (1.0, None)


def test_rating_that_is_not_on_offer_is_refused():
    with pytest.raises(ValueError, match="not on offer"):
        count_table([("accept", "perhaps")], CATEGORIES)


def test_few_questions_are_called_rough():
    counts = count_table([("accept", "revise")] * 3, CATEGORIES)
    assert prevalence_sentence(counts, CATEGORIES).endswith("the intervals are rough.")


def test_same_seed_gives_the_same_interval():
    ratings = [("accept", "revise"), ("accept", "accept"), ("reject", "reject")] * 5
    assert assess(ratings, CATEGORIES, seed=4) == assess(ratings, CATEGORIES, seed=4)


@settings(deadline=None, max_examples=60)
@given(ratings=RATINGS)
def test_no_measure_exceeds_one_and_analytic_intervals_hold_their_value(ratings):
    found = assess(ratings, CATEGORIES)
    assert found.percent.value is None or 0 <= found.percent.value <= 1
    for one in (found.fleiss_kappa, found.krippendorff_alpha, found.gwet_ac1):
        assert one.value is None or one.value <= 1 + 1e-9
    for one in (found.fleiss_kappa, found.gwet_ac1):
        if one.interval is not None:
            assert one.interval.low <= one.value <= one.interval.high


@settings(deadline=None, max_examples=60)
@given(ratings=RATINGS, random=st.randoms(use_true_random=False))
def test_order_of_questions_raters_and_categories_does_not_matter(ratings, random):
    def measures(rows, categories):
        counts = count_table(rows, categories)
        functions = (percent_agreement, fleiss_kappa, krippendorff_alpha, gwet_ac1)
        return [function(counts) for function in functions]

    before = measures(ratings, CATEGORIES)
    shuffled = [random.sample(row, len(row)) for row in random.sample(ratings, len(ratings))]
    after = measures(shuffled, random.sample(CATEGORIES, 3))
    assert [value is None for value in before] == [value is None for value in after]
    assert [v for v in before if v is not None] == pytest.approx(
        [v for v in after if v is not None]
    )


@given(ratings=st.lists(st.tuples(*[st.sampled_from(CATEGORIES)] * 2), max_size=30))
def test_cohens_kappa_is_the_same_either_way_round(ratings):
    here = cohen_kappa(ratings, CATEGORIES)
    there = cohen_kappa([(second, first) for first, second in ratings], CATEGORIES)
    assert here == (None if there is None else pytest.approx(there))
