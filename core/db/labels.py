"""Labels as plain values."""

from core.domain.taxonomy import Label


def labels_to_plain(labels: frozenset[Label]) -> list[list[str]]:
    """Return labels as sorted pairs of axis and value."""
    return sorted([label.axis, label.value] for label in labels)


def labels_from_plain(data: list[list[str]]) -> frozenset[Label]:
    """Read labels from pairs of axis and value."""
    return frozenset(Label(axis, value) for axis, value in data)
