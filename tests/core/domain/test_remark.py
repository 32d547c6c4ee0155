"""What a reader says in the end is the same in whatever order remarks came together."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.domain.ids import PersonId, QuestionId, RemarkId, RevisionId, SittingId
from core.domain.remark import Remark, Said, said
from tests.factories import NOW

COMMENTS = st.none() | st.sampled_from(["", "Two options are right.", "The image is cropped."])


def remark(number: int, *, minute: int = 0, **parts: object) -> Remark:
    return Remark(
        RemarkId(f"n{number}"),
        QuestionId("q"),
        RevisionId("r"),
        SittingId("s"),
        PersonId("p"),
        NOW + timedelta(minutes=minute),
        **parts,  # type: ignore[arg-type]  # a flag or a comment
    )


@st.composite
def logs(draw: st.DrawFn) -> list[Remark]:
    """Return remarks, some of them of the same moment."""
    return [
        remark(
            number,
            minute=draw(st.integers(0, 3)),
            is_flagged=draw(st.none() | st.booleans()),
            comment=draw(COMMENTS),
        )
        for number in range(draw(st.integers(0, 6)))
    ]


def test_nothing_was_said_without_a_remark() -> None:
    assert said([]) == Said()
    assert said([]).is_empty


def test_a_later_change_of_one_part_leaves_the_other() -> None:
    words = said(
        [
            remark(1, minute=1, is_flagged=True),
            remark(2, minute=2, comment="Two options are right."),
        ]
    )

    assert (words.is_flagged, words.comment) == (True, "Two options are right.")
    assert words.flagged_at == NOW + timedelta(minutes=1)
    assert words.at == words.commented_at == NOW + timedelta(minutes=2)


def test_what_is_taken_back_is_gone_and_has_no_time() -> None:
    words = said(
        [
            remark(1, minute=1, is_flagged=True, comment="Cropped."),
            remark(2, minute=2, is_flagged=False),
            remark(3, minute=3, comment=""),
        ]
    )

    assert words.is_empty
    assert words.at is None


@given(logs().flatmap(lambda log: st.tuples(st.just(log), st.permutations(log))))
def test_the_order_in_which_remarks_arrive_does_not_matter(
    both: tuple[list[Remark], list[Remark]],
) -> None:
    log, shuffled = both

    assert said(log) == said(shuffled)


@given(logs(), st.data())
def test_remarks_that_arrive_twice_change_nothing(log: list[Remark], data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(log), max_size=6)) if log else []

    assert said([*log, *again]) == said(log)


@given(logs())
def test_each_part_is_that_of_its_own_last_change(log: list[Remark]) -> None:
    ordered = sorted(log, key=lambda one: (one.noted_at, one.id))
    flags = [one.is_flagged for one in ordered if one.is_flagged is not None]
    comments = [one.comment for one in ordered if one.comment is not None]

    words = said(log)

    assert words.is_flagged == (flags[-1] if flags else False)
    assert words.comment == (comments[-1] if comments else "")
