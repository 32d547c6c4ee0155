"""The pure rules of merging."""

from hypothesis import given
from hypothesis import strategies as st

from core.domain.merge import (
    Step,
    Version,
    choose_current,
    common_base,
    derive_stage,
    heads,
    join,
    last_step,
    numbered,
    rivals,
)
from core.domain.package import RecordKind
from core.domain.stage import Stage


def version(name: str, *parents: str, at: str = "1", content: str = "") -> Version:
    return Version(name, parents, at, content or name)


def tree(*versions: Version) -> dict[str, Version]:
    return {one.id: one for one in versions}


def step(name: str, previous: str, end: Stage, *, at: str = "1", reason: str = "") -> Step:
    return Step(name, previous, end, at, reason)


def test_the_newest_head_counts_unless_another_is_approved() -> None:
    found = heads(tree(version("a"), version("b", "a", at="2"), version("c", "a", at="3")))

    assert [one.id for one in found] == ["b", "c"]
    chosen = choose_current(found, ())
    approved = choose_current(found, {"b"})
    assert chosen is not None
    assert approved is not None
    assert (chosen.id, approved.id) == ("c", "b")


def test_heads_of_equal_content_are_no_conflict() -> None:
    same = (version("b", "a", content="x"), version("c", "a", content="x"))

    assert not rivals(same)
    assert rivals((*same, version("d", "a")))


def test_a_version_with_both_parents_ends_a_conflict() -> None:
    found = tree(version("a"), version("b", "a"), version("c", "a"), version("d", "b", "c"))

    assert [one.id for one in heads(found)] == ["d"]


def test_numbers_follow_parents_whatever_the_clocks_say_and_end_with_the_current() -> None:
    found = tree(version("a", at="9"), version("b", "a", at="1"), version("c", "a", at="5"))

    assert numbered(found, "b") == {"a": 1, "c": 2, "b": 3}
    assert numbered(found, "c") == {"a": 1, "b": 2, "c": 3}


def test_the_base_is_the_newest_version_that_both_were_made_from() -> None:
    found = tree(version("a"), version("b", "a"), version("c", "b"), version("d", "b"))

    assert common_base(found, "c", "d") == "b"
    assert common_base(tree(version("x"), version("y")), "x", "y") is None


def test_a_stale_step_beside_a_longer_chain_does_not_count() -> None:
    steps = [
        step("1", "", Stage.BLINDED),
        step("2", "1", Stage.IN_VERIFICATION, at="2"),
        step("2b", "1", Stage.IN_VERIFICATION, at="9"),
        step("3", "2", Stage.DRAFT, at="3", reason="Unclear."),
    ]

    last = last_step(steps)

    assert last is not None
    assert last.id == "3"


def test_between_equal_chains_a_reason_outweighs_a_later_clock() -> None:
    steps = [
        step("1", "", Stage.BLINDED),
        step("2", "1", Stage.DRAFT, at="2", reason="Unclear."),
        step("2b", "1", Stage.IN_VERIFICATION, at="9"),
    ]

    last = last_step(steps)

    assert last is not None
    assert last.id == "2"


def test_between_equal_chains_work_outweighs_the_bin() -> None:
    steps = [
        step("1", "", Stage.IN_BIN, at="9", reason="Asked twice."),
        step("1b", "", Stage.BLINDED, at="2"),
    ]

    last = last_step(steps)

    assert last is not None
    assert last.id == "1b"


def test_forged_steps_in_a_circle_end() -> None:
    steps = [step("1", "2", Stage.BLINDED), step("2", "1", Stage.DRAFT)]

    assert last_step(steps) is not None


def test_a_chain_of_ten_thousand_steps_is_no_recursion() -> None:
    steps = [step(str(n), str(n - 1), Stage.DRAFT) for n in range(10_000)]

    last = last_step(reversed(steps))

    assert last is not None
    assert last.id == "9999"


def test_an_unapproved_version_stands_at_draft() -> None:
    steps = [step("1", "", Stage.BLINDED)]

    assert derive_stage(steps, "b", {"a"}, stored=Stage.DRAFT) is Stage.DRAFT
    assert derive_stage(steps, "a", {"a"}, stored=Stage.DRAFT) is Stage.BLINDED
    assert derive_stage([], "a", (), stored=Stage.VERIFIED) is Stage.VERIFIED
    assert derive_stage(steps, "a", (), stored=Stage.DRAFT) is Stage.BLINDED, "none is known here"


def test_two_versions_are_compared_with_the_newest_that_both_were_made_from() -> None:
    found = tree(
        version("a", at="1"),
        version("b", "a", at="2"),
        version("c", "a", at="3"),
        version("d", "b", "c", at="4"),
        version("e", "c", "b", at="5"),
        version("x", at="6"),
    )

    assert common_base(found, "d", "e") == "c"
    assert common_base(found, "b", "c") == "a"
    assert common_base(found, "d", "b") == "b"
    assert common_base(found, "d", "x") is None


people = st.fixed_dictionaries(
    {
        "id": st.just("p"),
        "name": st.sampled_from("ab"),
        "roles": st.just([]),
        "changed_at": st.sampled_from("12"),
        "specialty": st.sampled_from("xy"),
        "years_in_practice": st.none(),
        "specialty_confidence": st.just({}),
        "profile_at": st.sampled_from("12"),
    }
)
sittings = st.fixed_dictionaries(
    {
        "id": st.just("s"),
        "position": st.integers(0, 2),
        "spent_s": st.sampled_from([0.0, 1.5]),
        "idle_s": st.just(0.0),
        "finished_at": st.none() | st.sampled_from("12"),
    }
)
runs = st.fixed_dictionaries(
    {
        "id": st.just("r"),
        "status": st.sampled_from(["planned", "paused", "finished"]),
        "finished_at": st.none() | st.sampled_from("12"),
    }
)


@given(
    st.one_of(
        st.tuples(st.just(kind), one, one, one)
        for kind, one in (
            (RecordKind.PERSON, people),
            (RecordKind.SITTING, sittings),
            (RecordKind.RUN, runs),
        )
    )
)
def test_joining_is_commutative_associative_and_idempotent(case: tuple) -> None:  # type: ignore[type-arg]
    kind, a, b, c = case

    assert join(a, b, kind) == join(b, a, kind)
    assert join(join(a, b, kind), c, kind) == join(a, join(b, c, kind), kind)
    assert join(a, a, kind) == a
