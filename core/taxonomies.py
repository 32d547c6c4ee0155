"""The shipped axes along which questions are labelled, read from resources/taxonomies."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from core.domain.plain import list_at, text_at
from core.domain.taxonomy import AXES, Axis, Term
from core.errors import StorageError, ValidationError
from core.paths import resources_folder

if TYPE_CHECKING:
    from pathlib import Path


def load_axes(folder: Path | None = None) -> tuple[Axis, ...]:
    """Return all axes in the order of `AXES`; read anew at every call.

    `folder` holds one NAME.json for each axis and defaults to the shipped one. Raises
    `StorageError` naming the file that is missing or damaged.
    """
    place = folder or resources_folder() / "taxonomies"
    return tuple(_load_axis(place / f"{name}.json", name) for name in AXES)


def _load_axis(path: Path, name: str) -> Axis:
    try:
        return _axis(json.loads(path.read_text(encoding="utf-8")), name)
    except (OSError, ValueError, ValidationError) as error:
        raise StorageError(
            f"The list of labels in {path} cannot be read: {error}",
            hint="Install the program again, or correct this file.",
        ) from error


def _axis(data: Any, name: str) -> Axis:  # parsed JSON; checked here
    if not isinstance(data, dict):
        raise ValidationError("It must hold an object.", field=name)
    if text_at(data, "name") != name:
        raise ValidationError(f"Its name must be “{name}”.", field="name")
    terms = tuple(_term(one) for one in list_at(data, "terms"))
    known = {term.value for term in terms}
    if len(known) != len(terms):
        raise ValidationError("Two terms have the same value.", field="terms")
    if any(term.parent and term.parent not in known for term in terms):
        raise ValidationError("A parent is not among the terms.", field="terms")
    return Axis(name, terms, is_open=bool(data.get("is_open", False)))


def _term(data: Any) -> Term:  # parsed JSON; checked here
    if not isinstance(data, dict):
        raise ValidationError("A term must be an object with a value.", field="terms")
    return Term(text_at(data, "value"), text_at(data, "parent", ""))
