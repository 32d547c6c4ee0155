"""A question asked several times: which call of a question is which."""

from typing import Final, NamedTuple

_ROTATION: Final = "rotation"
_REPEAT: Final = "repeat"


class Place(NamedTuple):
    """Which rotation and which repeat a call is, from 1."""

    rotation: int = 1
    repeat: int = 1


def variant_name(place: Place, *, rotations: int, repeats: int) -> str:
    """Return the name stored with an answer; empty where a question is asked once."""
    parts = [f"{_ROTATION} {place.rotation}"] if rotations > 1 else []
    parts += [f"{_REPEAT} {place.repeat}"] if repeats > 1 else []
    return ", ".join(parts)


def place_of(name: str) -> Place:
    """Return which call a stored name tells of."""
    found = dict(part.split(" ") for part in name.split(", ") if part)
    return Place(int(found.get(_ROTATION, 1)), int(found.get(_REPEAT, 1)))


def seed_of(seed: int, place: Place) -> int:
    """Return the seed for the endpoint: another one each time, or repeats would not differ."""
    return seed + place.repeat - 1 if seed else 0
