"""Clearing an image: a new picture from bare numbers and listed facts; never a cleaned copy."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Final

import numpy as np
import tifffile

from core.domain.media import Blackout, ImageUse, View
from core.errors import ImageError
from core.imaging.clearing.facts import page_facts
from core.imaging.clearing.findings import Finding, Scan, scan
from core.imaging.display import Mask, Values
from core.imaging.geometry import Letters
from core.imaging.image import Frame, LoadedImage
from core.imaging.load import open_source
from core.imaging.pictures import encode_png
from core.imaging.quiet import image_error, translated
from core.imaging.series.packed_files import Source
from core.imaging.tiff import MEDIA_TYPE

__all__ = ["Cleared", "Finding", "Scan", "clear", "scan"]

_LARGEST_BYTES: Final = 2 << 30


@dataclass(frozen=True, slots=True)
class Cleared:
    """A picture without patient data; `removed` names attributes, never their values."""

    data: bytes
    media_type: str
    file_name: str
    removed: tuple[str, ...]


def clear(
    source: Source, *, name: str, use: ImageUse, blackouts: Sequence[Blackout] = ()
) -> Cleared:
    """Return a new picture of the frames in `use`, blackouts painted; equal input, equal bytes.

    Shown without blackouts it looks the same as before. Where stored values are already the
    picture it is a PNG, else a TIFF with one page per frame and the facts that showing needs.
    """
    removed = tuple(
        dict.fromkeys(finding.attribute for finding in scan(source, name=name).findings)
    )
    image = open_source(source, name=name)
    if not use.frames:
        raise image_error(name, "no frame of it was chosen", hint="Choose at least one frame.")
    frames = [_cleared_frame(image, index, use.view, blackouts) for index in use.frames]
    if len(frames) == 1 and _is_picture(frames[0]) and not _has_geometry(image):
        return Cleared(encode_png(frames[0].stored), "image/png", "cleared.png", removed)
    return Cleared(_tiff(image, frames, use.frames), MEDIA_TYPE, "cleared.tif", removed)


def bare_picture(image: LoadedImage, frame: Frame) -> bytes:
    """Return one picture with the facts of `image` that showing needs, and nothing else."""
    return _tiff(image, [frame], [0])


def _cleared_frame(
    image: LoadedImage, index: int, view: View, blackouts: Sequence[Blackout]
) -> Frame:
    """Return a frame that shows the same from simpler means: its window is written down.

    An overlay that belongs to the view becomes pixels: the layer itself may hold a name, and
    whoever looked for writing has seen it.
    """
    frame = image.frame(index)
    mask = image.overlay(index) if view.has_overlay else None
    if frame.gray is None:
        return Frame(_painted(_marked(frame.stored, mask, 255), blackouts, 0), None)
    rule, stored = frame.gray, frame.stored
    if rule.modality_table is not None:
        stored = rule.modality_table.look_up(stored)
    simple = replace(
        rule,
        slope=1.0 if rule.modality_table else rule.slope,
        intercept=0.0 if rule.modality_table else rule.intercept,
        modality_table=None,
        windows=rule.windows or (() if rule.voi_tables else (frame.default_window,)),
        padding=None if rule.modality_table else rule.padding,
    )
    dark, bright = _ends(Frame(stored, simple))
    return Frame(_painted(_marked(stored, mask, bright), blackouts, dark), simple)


def _ends(frame: Frame) -> tuple[int | float, int | float]:
    """Return the darkest and the brightest value."""
    lowest, highest = frame.lowest, frame.highest
    grays = frame.shade(np.array([lowest, highest], frame.stored.dtype), View())
    return (highest, lowest) if grays[1] < grays[0] else (lowest, highest)


def _marked(stored: Values, mask: Mask | None, value: int | float) -> Values:
    if mask is None:
        return stored
    marked = stored.copy()
    marked[mask] = value
    return marked


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


def _has_geometry(image: LoadedImage) -> bool:
    """Tell whether a picture without facts would lose its size, shape or sides."""
    geometry = image.geometry
    is_measured = image.spacing_mm is not None and not geometry.mm_refusal
    return is_measured or geometry.pixel_aspect != 1 or geometry.letters(0, View()) != Letters()


def _tiff(image: LoadedImage, frames: Sequence[Frame], numbers: Sequence[int]) -> bytes:
    if sum(frame.stored.nbytes for frame in frames) > _LARGEST_BYTES:
        raise ImageError(
            f"The chosen frames of “{image.name}” are too large to clear at once.",
            hint="Choose fewer frames.",
        )
    out = BytesIO()
    damaged = "it could not be written as TIFF"
    with translated(image.name, damaged), tifffile.TiffWriter(out) as writer:
        for number, frame in zip(numbers, frames, strict=True):
            writer.write(
                frame.stored,
                photometric="minisblack" if frame.gray else "rgb",
                compression="zlib",
                description=page_facts(image, frame.gray, number, first=numbers[0]),
                metadata=None,
                software=False,
                contiguous=False,
            )
    return out.getvalue()
