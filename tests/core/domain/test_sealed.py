import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.sealed import read_sealed, sealed_text
from core.errors import ValidationError

FACTS = {"reason": "opened", "counts": {"answers": 3}, "note": "größer"}


def test_what_was_sealed_is_read_back() -> None:
    assert read_sealed(sealed_text(FACTS).encode()) == FACTS


@given(st.data())
def test_any_changed_byte_shows(data: st.DataObject) -> None:
    whole = bytearray(sealed_text(FACTS).encode())
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= data.draw(st.integers(1, 255))

    with pytest.raises(ValidationError):
        read_sealed(bytes(whole))


@pytest.mark.parametrize("end", [0, 1, 20, -2, -1])
def test_a_shortened_file_shows(end: int) -> None:
    with pytest.raises(ValidationError):
        read_sealed(sealed_text(FACTS).encode()[:end])


@pytest.mark.parametrize("data", [b"[" * 100_000, b"[1]", b"\xff\xfe", b'{"a":"\\ud800"}'])
def test_other_bytes_are_refused_without_a_crash(data: bytes) -> None:
    with pytest.raises(ValidationError):
        read_sealed(data)
