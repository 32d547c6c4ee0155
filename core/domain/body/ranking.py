"""Options to be put in order."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import ClassVar

from core.domain.body.format_names import AnswerFormat
from core.domain.body.options import Option, OptionsPart


@dataclass(frozen=True, slots=True)
class Ranking(OptionsPart):
    """2 to 26 options that an answerer puts in order; the stem says by what."""

    format: ClassVar[AnswerFormat] = AnswerFormat.RANKING


def neutral_order(options: Iterable[Option]) -> tuple[Option, ...]:
    """Return options in an order that tells nothing about the right one.

    Authors write steps as they follow each other; a body in that order would give its key away.
    The order depends on the texts alone, so that the same question always has the same content.
    """
    return tuple(sorted(options, key=lambda one: sha256(one.text.strip().encode()).digest()))
