"""Seeded draws."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from core.domain.sampling import shuffled, stratified_sample


@given(st.sets(st.text(max_size=5)), st.integers(), st.text(max_size=3))
def test_order_depends_on_seed_and_elements_only(elements: set[str], seed: int, salt: str) -> None:
    order = shuffled(sorted(elements), seed=seed, salt=salt)

    assert sorted(order) == sorted(elements)
    assert shuffled(sorted(elements, reverse=True), seed=seed, salt=salt) == order


def test_known_order_never_changes_between_versions() -> None:
    assert shuffled("abcdef", seed=7) == ("a", "c", "e", "b", "d", "f")


@given(
    st.dictionaries(st.text(max_size=4), st.sampled_from("xyz")),
    st.integers(0, 12),
    st.integers(),
)
def test_strata_differ_by_at_most_one_until_used_up(
    strata: dict[str, str], count: int, seed: int
) -> None:
    chosen = stratified_sample(strata, count, seed=seed)

    assert len(chosen) == len(set(chosen)) == min(count, len(strata))
    sizes = Counter(strata.values())
    taken = Counter(strata[one] for one in chosen)
    unfinished = [taken[name] for name in sizes if taken[name] < sizes[name]]
    assert all(most <= least + 1 for least in unfinished for most in taken.values())
