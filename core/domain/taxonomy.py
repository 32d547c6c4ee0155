"""Axes along which questions are labelled; the shipped trees live in resources/taxonomies."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from core.domain.ids import PersonId

SPECIALTY: Final = "specialty"
CAPACITY: Final = "capacity"
MODALITY: Final = "modality"
ANATOMY: Final = "anatomy"
DIFFICULTY: Final = "difficulty"
LANGUAGE: Final = "language"
TAG: Final = "tag"

AXES: Final = (SPECIALTY, CAPACITY, MODALITY, ANATOMY, DIFFICULTY, LANGUAGE, TAG)
REQUIRED_AXES: Final = (SPECIALTY, CAPACITY)
REPORT_GENERATION: Final = "Report generation"


@dataclass(frozen=True, slots=True, order=True)
class Label:
    """An opinion: on this axis the question belongs to this value."""

    axis: str
    value: str


@dataclass(frozen=True, slots=True)
class LabelRecord:
    """Who or what assigned a question's labels, and when."""

    labels: frozenset[Label]
    assigned_by: PersonId
    assigned_at: datetime


@dataclass(frozen=True, slots=True)
class Term:
    """A node of an axis; `parent` is empty at the root (a capacity's parent is its category)."""

    value: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Axis:
    """A named tree of terms in display order; `is_open` allows values beyond the terms."""

    name: str
    terms: tuple[Term, ...]
    is_open: bool = False

    def leaves(self) -> tuple[str, ...]:
        """Return the values that a question can be labelled with, in order."""
        parents = {term.parent for term in self.terms}
        return tuple(term.value for term in self.terms if term.value not in parents)


def value_on(labels: frozenset[Label], axis: str) -> str:
    """Return the first value on `axis` in alphabetical order, or an empty string."""
    values = sorted(label.value for label in labels if label.axis == axis)
    return values[0] if values else ""
