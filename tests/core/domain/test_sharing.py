"""Sharing questions among verifiers."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from core.domain.ids import PersonId, QuestionId
from core.domain.sharing import OpenQuestion, Share, Sharer, share

PEOPLE = [PersonId(f"p{number}") for number in range(5)]
SPECIALTIES = ("", "Cardiology", "Neurology")


def question(number: int, specialty: str = "", author: int | None = None) -> OpenQuestion:
    barred = frozenset() if author is None else frozenset({PEOPLE[author]})
    return OpenQuestion(QuestionId(f"q{number:03}"), specialty, 2, barred=barred)


def sharers(count: int) -> list[Sharer]:
    return [Sharer(one) for one in PEOPLE[:count]]


def holders(found: Share, one: OpenQuestion) -> set[PersonId]:
    return {person for person, got in found.given.items() if one.id in got}


questions = st.lists(
    st.tuples(st.sampled_from(SPECIALTIES), st.sampled_from([None, 0, 1, 2, 3, 4])), max_size=25
).map(lambda rows: [question(number, *row) for number, row in enumerate(rows)])
people = st.lists(
    st.tuples(st.sampled_from(SPECIALTIES), st.integers(0, 4)), min_size=1, max_size=5
).map(lambda rows: [Sharer(PEOPLE[place], *row) for place, row in enumerate(rows)])


@given(questions, people, st.integers(0, 99))
def test_each_question_goes_to_two_people_who_may_have_it_or_is_named_as_short(
    shared: list[OpenQuestion], among: list[Sharer], seed: int
) -> None:
    found = share(shared, among, seed=seed)

    for one in shared:
        able = {person.id for person in among} - one.barred
        got = holders(found, one)
        assert got <= able
        assert len(got) == min(2, len(able))
        assert (one.id in found.short) == (len(able) < 2)


@given(questions, people, st.integers(0, 99), st.randoms(use_true_random=False))
def test_the_order_of_the_records_does_not_matter(
    shared: list[OpenQuestion], among: list[Sharer], seed: int, random: object
) -> None:
    mixed, others = list(shared), list(among)
    random.shuffle(mixed)  # type: ignore[attr-defined] # a Random of hypothesis
    random.shuffle(others)  # type: ignore[attr-defined]

    assert share(mixed, others, seed=seed) == share(shared, among, seed=seed)


@given(questions, people, st.integers(0, 99))
def test_nobody_holds_two_more_than_somebody_who_could_take_one(
    shared: list[OpenQuestion], among: list[Sharer], seed: int
) -> None:
    found = share(shared, among, seed=seed)

    load = Counter({one.id: one.load + len(found.given[one.id]) for one in among})
    for one in shared:
        got = holders(found, one)
        for giver in got:
            for taker in {person.id for person in among} - one.barred - got:
                assert load[giver] - load[taker] < 2


def test_without_authors_among_them_all_get_alike() -> None:
    found = share([question(number) for number in range(11)], sharers(4), seed=3)

    assert sorted(len(one) for one in found.given.values()) == [5, 5, 6, 6]


def test_a_question_goes_to_people_of_its_specialty_first() -> None:
    among = [
        Sharer(PEOPLE[0], "Cardiology"),
        Sharer(PEOPLE[1], "Neurology"),
        Sharer(PEOPLE[2], "Cardiology"),
        Sharer(PEOPLE[3], "Neurology"),
    ]
    shared = [question(number, SPECIALTIES[1 + number % 2]) for number in range(8)]

    found = share(shared, among, seed=1)

    own = {one.id: one.specialty for one in among}
    assert all(own[person] == one.specialty for one in shared for person in holders(found, one))


def test_who_holds_much_already_gets_less() -> None:
    among = [Sharer(PEOPLE[0], load=4), Sharer(PEOPLE[1]), Sharer(PEOPLE[2])]

    found = share([question(number) for number in range(4)], among, seed=1)

    assert [len(found.given[one.id]) for one in among] == [0, 4, 4]


def test_who_has_a_question_already_counts() -> None:
    held = OpenQuestion(QuestionId("q"), "", 2, holders=frozenset({PEOPLE[0]}))

    found = share([held], sharers(3), seed=1)

    assert found.given[PEOPLE[0]] == ()
    assert len(holders(found, held)) == 1


def test_another_seed_deals_otherwise() -> None:
    shared = [question(number) for number in range(12)]

    assert share(shared, sharers(4), seed=1) != share(shared, sharers(4), seed=2)
