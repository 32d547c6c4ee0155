"""The facts beside a cleared picture: a closed list, written and read back word for word.

`asclepius-picture/2` adds geometry, all windows and tables, and padding; /3, written where there is
one of them, the factor to uptake values and the rate of a clip. Files of earlier schemas are read
as before.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from core.domain.media import Window
from core.imaging.clearing.terms import BODY_PARTS, MODALITIES, PROJECTIONS
from core.imaging.display import GrayRule, ValueTable, VoiFunction
from core.imaging.geometry import MM_REFUSALS, Geometry, Plane
from core.imaging.image import LoadedImage

FIRST: Final = "asclepius-picture/1"
SECOND: Final = "asclepius-picture/2"
THIRD: Final = "asclepius-picture/3"
SCHEMAS: Final = (FIRST, SECOND, THIRD)
Facts = Mapping[str, Any]
"""A JSON object."""

_UNITS: Final = ("", "HU")
_KEPT_NOTE: Final = re.compile(r"Lossy compression(, \d+ : 1)?\.")
_LETTERS: Final = re.compile(r"[LRAPHF]{0,3}")
_MAX_WINDOWS: Final = 32


def page_facts(
    image: LoadedImage, rule: GrayRule | None, frame: int, *, first: int = 0, schema: str = ""
) -> str:
    """Return the facts that showing a page needs; nothing that is not listed here leaves.

    Positions are told from that of frame `first`: where in the scanner somebody lay is nobody's
    business. Without `schema` it is the least that holds the facts.
    """
    is_more = image.suv_factor is not None or image.frames_per_s is not None
    schema = schema or (THIRD if is_more else SECOND)
    body_part = image.body_part.upper()
    facts: dict[str, Any] = {  # a JSON object
        "schema": schema,
        "modality": image.modality if image.modality in MODALITIES else "",
        "body_part": body_part if body_part in BODY_PARTS else "",
        "spacing_mm": list(image.spacing_mm) if image.spacing_mm else None,
        "unit": image.unit if image.unit in _UNITS else "",
        "notes": [note for note in image.notes if _KEPT_NOTE.fullmatch(note)],
    }
    if schema == THIRD:
        facts |= {"suv_factor": image.suv_factor, "frames_per_s": image.frames_per_s}
    if schema != FIRST:
        facts["geometry"] = _geometry_facts(image.geometry, frame, first)
    if rule is not None:
        facts |= _rule_facts_1(rule) if schema == FIRST else _rule_facts_2(rule)
    return json.dumps(facts, sort_keys=True)


def _geometry_facts(geometry: Geometry, frame: int, first: int) -> dict[str, Any]:  # JSON
    start, plane = geometry.plane_of(first), geometry.plane_of(frame)
    words = {sentence: word for word, sentence in MM_REFUSALS.items()}
    letters = geometry.patient_orientation
    return {
        "pixel_aspect": geometry.pixel_aspect,
        "millimeters": words.get(geometry.mm_refusal, "unknown"),
        "plane": None if plane is None or start is None else _plane_facts(plane, start),
        "letters": list(letters) if all(map(_LETTERS.fullmatch, letters)) else ["", ""],
        "laterality": geometry.laterality if geometry.laterality in ("L", "R", "B") else "",
    }


def _plane_facts(plane: Plane, start: Plane) -> dict[str, Any]:  # a JSON object
    offset = np.subtract(plane.origin_mm, start.origin_mm)
    return {
        "offset_mm": [round(float(part), 6) for part in offset],
        "across": [round(part, 9) for part in plane.across],
        "down": [round(part, 9) for part in plane.down],
        "spacing_mm": list(plane.spacing_mm),
    }


def _rule_facts_1(rule: GrayRule) -> dict[str, Any]:  # a JSON object
    facts: dict[str, Any] = {
        "rescale": {"slope": rule.slope, "intercept": rule.intercept},
        "window": _window_facts(rule.windows[0]) if rule.windows else None,
        "monochrome1": rule.is_inverse,
    }
    if rule.function is not VoiFunction.LINEAR:
        facts["function"] = rule.function.value
    if rule.voi_tables:
        facts["voi_table"] = _table_facts(rule.voi_tables[0])
    return facts


def _rule_facts_2(rule: GrayRule) -> dict[str, Any]:  # a JSON object
    return {
        "rescale": {"slope": rule.slope, "intercept": rule.intercept},
        "windows": [_window_facts(one) for one in rule.windows[:_MAX_WINDOWS]],
        "monochrome1": rule.is_inverse,
        "function": rule.function.value,
        "voi_tables": [_table_facts(one) for one in rule.voi_tables],
        "padding": list(rule.padding) if rule.padding else None,
    }


def _window_facts(window: Window) -> dict[str, Any]:  # a JSON object
    return {"center": window.center, "width": window.width}


def _table_facts(table: ValueTable) -> dict[str, Any]:  # a JSON object
    values = [int(value) for value in table.values]
    return {"first": table.first, "bits": table.bits, "values": values}


def read_facts(text: str) -> Facts:
    """Return our own description of a page; empty for files of other programs."""
    if not text.startswith("{") or not any(schema in text for schema in SCHEMAS):
        return {}
    facts = json.loads(text)
    if not isinstance(facts, dict) or facts.get("schema") not in SCHEMAS:
        return {}
    return facts


def rule_of(facts: Facts) -> GrayRule:
    """Return how a page's values become grays."""
    rescale = facts["rescale"]
    if facts["schema"] == FIRST:
        windows = [facts["window"]] if facts["window"] else []
        tables = [facts["voi_table"]] if facts.get("voi_table") else []
    else:
        windows, tables = facts["windows"], facts["voi_tables"]
    padding = facts.get("padding")
    return GrayRule(
        slope=float(rescale["slope"]),
        intercept=float(rescale["intercept"]),
        windows=tuple(Window(float(one["center"]), float(one["width"])) for one in windows),
        function=VoiFunction(facts.get("function", VoiFunction.LINEAR)),
        voi_tables=tuple(
            ValueTable(float(one["first"]), np.array(one["values"], np.uint16), int(one["bits"]))
            for one in tables
        ),
        is_inverse=bool(facts["monochrome1"]),
        padding=(float(padding[0]), float(padding[1])) if padding else None,
    )


def number_of(facts: Facts, name: str) -> float | None:
    """Return a number above 0 that not every page has; None where it is not there."""
    number = facts.get(name)
    return None if number is None else _finite(number)


def geometry_of(pages: Sequence[Facts]) -> Geometry:
    """Return size and place of the pages of one picture."""
    facts = pages[0] if pages else {}
    if facts.get("schema") in (SECOND, THIRD):
        own = facts["geometry"]
        planes = [_plane_of(page) for page in pages]
        return Geometry(
            pixel_aspect=_finite(own["pixel_aspect"]),
            mm_refusal=MM_REFUSALS[str(own["millimeters"])],
            plane_of=lambda frame: planes[frame] if 0 <= frame < len(planes) else None,
            patient_orientation=(str(own["letters"][0]), str(own["letters"][1])),
            laterality=str(own["laterality"]),
        )
    spacing = facts.get("spacing_mm")
    if not spacing:
        return Geometry()
    is_shadow = facts.get("modality") in PROJECTIONS
    aspect = _finite(spacing[0]) / _finite(spacing[1])
    return Geometry(
        pixel_aspect=1.0 if math.isclose(aspect, 1, rel_tol=1e-3) else aspect,
        mm_refusal=MM_REFUSALS["detector" if is_shadow else "patient"],
    )


def _plane_of(facts: Facts) -> Plane | None:
    own = facts["geometry"]["plane"] if facts.get("schema") in (SECOND, THIRD) else None
    if own is None:
        return None
    offset, across, down = (
        tuple(map(float, own[name])) for name in ("offset_mm", "across", "down")
    )
    spacing = own["spacing_mm"]
    if not len(offset) == len(across) == len(down) == 3:
        raise ValueError("no plane")
    return Plane(
        (offset[0], offset[1], offset[2]),
        (across[0], across[1], across[2]),
        (down[0], down[1], down[2]),
        (_finite(spacing[0]), _finite(spacing[1])),
    )


def _finite(number: Any) -> float:  # any JSON value
    value = float(number)
    if not math.isfinite(value) or value <= 0:
        raise ValueError("no length")
    return value
