"""What images side by side do together: scroll, zoom, window."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

from core.errors import ValidationError


@dataclass(frozen=True, slots=True)
class Links:
    """What all images in sight do when a hand does it to one of them."""

    scrolls: bool = True
    zooms: bool = True
    windows: bool = False

    def to_plain(self) -> list[str]:
        """Return the names of what is done together."""
        return [name for name in _names() if getattr(self, name)]

    @classmethod
    def from_plain(cls, names: Sequence[Any]) -> Self:  # JSON values
        """Read the names of what is done together; raise `ValidationError` for an unknown one."""
        for name in names:
            if name not in _names():
                raise ValidationError(
                    f"Images cannot do “{str(name)[:40]}” together.", field="links"
                )
        return cls(**{name: name in names for name in _names()})

    @property
    def words(self) -> str:
        """What is done together, for a person."""
        return ", ".join(name.removesuffix("s") for name in self.to_plain()) or "nothing"


def _names() -> tuple[str, ...]:
    return tuple(one.name for one in fields(Links))
