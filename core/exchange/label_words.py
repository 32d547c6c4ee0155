"""Labels of imported questions: the shipped spelling where there is one, a note where none is."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from core.domain.taxonomy import REQUIRED_AXES, Axis, Label, value_on
from core.exchange.imported import ImportedQuestion, ReadFile


def spell_labels(read: ReadFile, axes: Sequence[Axis]) -> None:
    """Give labels the case that the axes have; content with a hash of its own stays as it is."""
    known = {(axis.name, value.casefold()): value for axis in axes for value in axis.leaves()}

    def spelled(label: Label) -> Label:
        return Label(label.axis, known.get((label.axis, label.value.casefold()), label.value))

    read.questions = [
        one if one.id else replace(one, labels=frozenset(map(spelled, one.labels)))
        for one in read.questions
    ]


def label_notes(questions: Sequence[ImportedQuestion], axes: Sequence[Axis]) -> list[str]:
    """Return sentences on labels that are missing or that a closed axis does not know."""
    notes = []
    for axis in REQUIRED_AXES:
        count = sum(not value_on(one.labels, axis) for one in questions)
        if count:
            notes.append(f"{count} of the questions have no {axis}; give it before blinding.")
    closed = {axis.name: set(axis.leaves()) for axis in axes if not axis.is_open}
    unknown = Counter(
        label
        for one in questions
        for label in one.labels
        if label.axis in closed and label.value not in closed[label.axis]
    )
    return notes + [
        f"The {label.axis} “{label.value}” ({count} of the questions) is not on the list."
        for label, count in sorted(unknown.items())
    ]
