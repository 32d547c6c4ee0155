"""Clearing an image: a new picture from bare numbers and listed facts; never a cleaned copy."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

import numpy as np
import tifffile

from core.domain.media import Blackout, ImageUse, View
from core.errors import ImageError
from core.imaging.display import GrayRule, Values, VoiFunction
from core.imaging.findings import Finding, Scan, scan
from core.imaging.image import Frame, LoadedImage
from core.imaging.load import open_image
from core.imaging.pictures import encode_png
from core.imaging.quiet import image_error, translated
from core.imaging.terms import BODY_PARTS, MODALITIES
from core.imaging.tiff import MEDIA_TYPE, SCHEMA

__all__ = ["Cleared", "Finding", "Scan", "clear", "scan"]

_UNITS: Final = ("", "HU")
_KEPT_NOTE: Final = re.compile(r"Lossy compression(, \d+ : 1)?\.")
_LARGEST_BYTES: Final = 2 << 30


@dataclass(frozen=True, slots=True)
class Cleared:
    """A picture without patient data; `removed` names attributes, never their values."""

    data: bytes
    media_type: str
    file_name: str
    removed: tuple[str, ...]


def clear(data: bytes, *, name: str, use: ImageUse, blackouts: Sequence[Blackout] = ()) -> Cleared:
    """Return a new picture of the frames in `use`, blackouts painted; equal input, equal bytes.

    Shown without blackouts it looks the same as before. Where stored values are already the
    picture it is a PNG, else a TIFF with one page per frame and the facts that showing needs.
    """
    removed = tuple(dict.fromkeys(finding.attribute for finding in scan(data, name=name).findings))
    image = open_image(data, name=name)
    if not use.frames:
        raise image_error(name, "no frame of it was chosen", hint="Choose at least one frame.")
    frames = [_cleared_frame(image.frame(index), blackouts) for index in use.frames]
    if len(frames) == 1 and _is_picture(frames[0]):
        return Cleared(encode_png(frames[0].stored), "image/png", "cleared.png", removed)
    return Cleared(_tiff(image, frames), MEDIA_TYPE, "cleared.tif", removed)


def _cleared_frame(frame: Frame, blackouts: Sequence[Blackout]) -> Frame:
    """Return a frame that shows the same from simpler means: its window is written down."""
    if frame.gray is None:
        return Frame(_painted(frame.stored, blackouts, 0), None)
    rule, stored = frame.gray, frame.stored
    table = None if rule.windows else rule.voi_table
    simple = GrayRule(
        slope=1.0 if rule.modality_table else rule.slope,
        intercept=0.0 if rule.modality_table else rule.intercept,
        windows=() if table else (frame.default_window,),
        function=rule.function,
        voi_table=table,
        is_inverse=rule.is_inverse,
    )
    if rule.modality_table is not None:
        stored = rule.modality_table.look_up(stored)
    return Frame(_painted(stored, blackouts, _darkest(Frame(stored, simple))), simple)


def _darkest(frame: Frame) -> int | float:
    ends = np.array([frame.lowest, frame.highest], frame.stored.dtype)
    grays = frame.shade(ends, View())
    return frame.highest if grays[1] < grays[0] else frame.lowest


def _painted(stored: Values, blackouts: Sequence[Blackout], value: int | float) -> Values:
    if not blackouts:
        return stored
    painted = stored.copy()
    for area in blackouts:
        rows = slice(max(0, area.top), max(0, area.top + area.height))
        columns = slice(max(0, area.left), max(0, area.left + area.width))
        painted[rows, columns] = value
    return painted


def _is_picture(frame: Frame) -> bool:
    """Tell whether stored values are already what is shown, now and under any window."""
    if frame.gray is None:
        return True
    if frame.stored.dtype != np.uint8 or (frame.gray.slope, frame.gray.intercept) != (1.0, 0.0):
        return False
    return np.array_equal(frame.render(View()), frame.stored)


def _tiff(image: LoadedImage, frames: Sequence[Frame]) -> bytes:
    if sum(frame.stored.nbytes for frame in frames) > _LARGEST_BYTES:
        raise ImageError(
            f"The chosen frames of “{image.name}” are too large to clear at once.",
            hint="Choose fewer frames.",
        )
    out = BytesIO()
    damaged = "it could not be written as TIFF"
    with translated(image.name, damaged), tifffile.TiffWriter(out) as writer:
        for frame in frames:
            writer.write(
                frame.stored,
                photometric="minisblack" if frame.gray else "rgb",
                compression="zlib",
                description=page_facts(image, frame.gray),
                metadata=None,
                software=False,
                contiguous=False,
            )
    return out.getvalue()


def page_facts(image: LoadedImage, rule: GrayRule | None) -> str:
    """Return the facts that showing a page needs; nothing that is not listed here leaves."""
    body_part = image.body_part.upper()
    facts: dict[str, Any] = {  # a JSON object
        "schema": SCHEMA,
        "modality": image.modality if image.modality in MODALITIES else "",
        "body_part": body_part if body_part in BODY_PARTS else "",
        "spacing_mm": list(image.spacing_mm) if image.spacing_mm else None,
        "unit": image.unit if image.unit in _UNITS else "",
        "notes": [note for note in image.notes if _KEPT_NOTE.fullmatch(note)],
    }
    if rule is not None:
        facts |= _rule_facts(rule)
    return json.dumps(facts, sort_keys=True)


def _rule_facts(rule: GrayRule) -> dict[str, Any]:  # a JSON object
    facts: dict[str, Any] = {
        "rescale": {"slope": rule.slope, "intercept": rule.intercept},
        "window": None,
        "monochrome1": rule.is_inverse,
    }
    if rule.windows:
        window = rule.windows[0]
        facts["window"] = {"center": window.center, "width": window.width}
    if rule.function is not VoiFunction.LINEAR:
        facts["function"] = rule.function.value
    if rule.voi_table is not None:
        table = rule.voi_table
        values = [int(value) for value in table.values]
        facts["voi_table"] = {"first": table.first, "bits": table.bits, "values": values}
    return facts
