"""The chain of audit events."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.audit import GENESIS, AuditEvent, chain_event, first_broken_link
from tests.factories import NOW


def make_chain(length: int) -> list[AuditEvent]:
    chain: list[AuditEvent] = []
    for number in range(length):
        last = chain[-1] if chain else None
        at = NOW + timedelta(seconds=number)
        event = chain_event(last, at=at, person="p", action="a", subject=f"s{number}", content="c")
        chain.append(event)
    return chain


def test_an_untouched_chain_has_no_broken_link() -> None:
    chain = make_chain(5)

    assert first_broken_link(chain) is None
    assert chain[0].previous == GENESIS
    assert first_broken_link([]) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sequence", 9),
        ("at", NOW - timedelta(seconds=1)),
        ("person", "somebody else"),
        ("action", "other"),
        ("subject", "other"),
        ("content", "other"),
        ("previous", "f" * 64),
        ("hash", "f" * 64),
    ],
)
@given(index=st.integers(0, 4))
def test_any_edit_of_any_event_is_found_where_it_was_made(
    field: str, value: object, index: int
) -> None:
    chain = make_chain(5)
    chain[index] = replace(chain[index], **{field: value})  # type: ignore[arg-type]  # any field

    assert first_broken_link(chain) == index + 1


@given(index=st.integers(0, 3))
def test_a_removed_event_is_found(index: int) -> None:
    chain = make_chain(5)
    del chain[index]

    assert first_broken_link(chain) == index + 1


@given(first=st.integers(0, 4), second=st.integers(0, 4))
def test_swapped_events_are_found(first: int, second: int) -> None:
    chain = make_chain(5)
    chain[first], chain[second] = chain[second], chain[first]

    expected = None if first == second else min(first, second) + 1
    assert first_broken_link(chain) == expected


def test_an_edit_with_a_new_hash_is_found_at_the_event_after_it() -> None:
    chain = make_chain(3)
    forged = chain_event(
        chain[0], at=chain[1].at, person="p", action="a", subject="forged", content="c"
    )

    assert first_broken_link([chain[0], forged, chain[2]]) == 3
