"""Time-ordered identities."""

import uuid

from hypothesis import given
from hypothesis import strategies as st

from core.domain.ids import uuid7

moments = st.integers(0, 2**48 - 1)
random_bytes = st.binary(min_size=10, max_size=10)


@given(moments, random_bytes)
def test_an_id_is_a_version_7_uuid_of_the_rfc_variant(unix_ms: int, randomness: bytes) -> None:
    parsed = uuid.UUID(uuid7(unix_ms, randomness))

    assert parsed.version == 7
    assert parsed.variant == uuid.RFC_4122
    assert parsed.int >> 80 == unix_ms
    assert str(parsed) == uuid7(unix_ms, randomness)


@given(moments, moments, random_bytes, random_bytes)
def test_ids_sort_as_text_by_their_time(first: int, second: int, one: bytes, other: bytes) -> None:
    if first < second:
        assert uuid7(first, one) < uuid7(second, other)


def test_the_example_of_rfc_9562_appendix_a6() -> None:
    randomness = (0xCC3 << 64 | 0x18C4DC0C0C07398F).to_bytes(10, "big")

    assert uuid7(0x017F22E279B0, randomness) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
