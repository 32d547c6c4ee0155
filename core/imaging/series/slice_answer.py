"""A slice of a stack read in a helper process: its grays and its place go beside the samples.

The process with the window has one thread that runs Python at a time: whoever parses headers
there makes the hand wait, however many threads there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from core.domain.media import Window
from core.imaging.decoding.pool import POOL, DecoderError
from core.imaging.dicom.geometry import read_plane
from core.imaging.dicom.gray import gray_rule
from core.imaging.dicom.opening import read_slice
from core.imaging.dicom.pixels import Plain
from core.imaging.display import GrayRule, Values, VoiFunction
from core.imaging.geometry import Plane, Vector
from core.imaging.image import Frame
from core.imaging.quiet import image_error, without_warnings
from core.imaging.series.slice_place import Lying, find_plain, read_plain
from core.imaging.series.sources import MAX_MEMBER_BYTES

if TYPE_CHECKING:
    from core.imaging.series.packed_files import FilePart

Facts = dict[str, Any]  # JSON
_NONSENSE: Final = (KeyError, TypeError, ValueError)
_MOST_WINDOWS: Final = 16
"""More do not fit into an answer, and no slice has them."""


def read_apart(part: FilePart, *, name: str, most_bytes: int) -> tuple[Frame, Plane | None] | None:
    """Return what `read_slice` makes of a file, read in a helper process.

    None where that does not know all that such a slice needs. Plain samples are read here: a pipe
    would copy them twice more. Raises `ImageError` without the true reason: who wants to tell it
    reads the slice here.
    """
    member = None if part.member is None else tuple(part.member)
    try:
        answer = POOL.ask("slice", str(part.path.absolute()), member, most_bytes=most_bytes)
        if answer.facts is None:
            return None
        samples = answer.samples
        if "lies" in answer.facts:
            samples = read_plain(part.path, _lying(answer.facts["lies"], most_bytes))
        return frame_of(samples, answer.facts)
    except (DecoderError, OSError, *_NONSENSE) as error:
        raise image_error(name, "a helper process could not read it") from error


def answer_of(part: FilePart) -> tuple[Values, Facts | None]:
    """Return what a helper process answers: samples, unless they lie plain in the file, and facts.

    Raises `ImageError` as `read_slice` does.
    """
    nothing = np.zeros(0, np.uint8)
    with without_warnings():
        plain = find_plain(part)
        if plain is None:
            frame, plane = read_slice(part.read(MAX_MEMBER_BYTES), name="slice")
            facts = facts_of(frame, plane)
            return (nothing if facts is None else frame.stored), facts
        header, lying = plain
        facts = facts_of(Frame(nothing, gray_rule(header, 0)), read_plane(header, 0))
    return nothing, None if facts is None else facts | {"lies": [lying.start, *lying.kind]}


def facts_of(frame: Frame, plane: Plane | None) -> Facts | None:
    """Return as JSON what belongs to a frame beside its samples; None where that is too much."""
    rule = frame.gray
    if rule is None:
        return {"plane": _plane_facts(plane)}
    has_tables = rule.modality_table is not None or bool(rule.voi_tables)
    if has_tables or frame.common is not None or len(rule.windows) > _MOST_WINDOWS:
        return None
    return {
        "plane": _plane_facts(plane),
        "gray": {
            "slope": rule.slope,
            "intercept": rule.intercept,
            "windows": [[one.center, one.width] for one in rule.windows],
            "function": rule.function.value,
            "is_inverse": rule.is_inverse,
            "padding": rule.padding,
        },
    }


def frame_of(samples: Values, facts: Mapping[str, Any]) -> tuple[Frame, Plane | None]:
    """Return what `facts_of` was given; raise as Python does where that is nonsense."""
    gray = facts.get("gray")
    return Frame(samples, None if gray is None else _rule(gray)), _plane(facts["plane"])


def _lying(facts: Sequence[int], most_bytes: int) -> Lying:
    start, rows, columns, bits, stored_bits, is_signed = facts
    if not 0 < rows * columns * bits // 8 <= most_bytes:
        raise ValueError("more samples than there may be")
    return Lying(start, Plain(rows, columns, bits, stored_bits, bool(is_signed)))


def _rule(facts: Mapping[str, Any]) -> GrayRule:
    return GrayRule(
        slope=float(facts["slope"]),
        intercept=float(facts["intercept"]),
        windows=tuple(Window(float(center), float(width)) for center, width in facts["windows"]),
        function=VoiFunction(facts["function"]),
        is_inverse=bool(facts["is_inverse"]),
        padding=None if facts["padding"] is None else _pair(facts["padding"]),
    )


def _plane_facts(plane: Plane | None) -> list[Sequence[float]] | None:
    if plane is None:
        return None
    return [plane.origin_mm, plane.across, plane.down, plane.spacing_mm]


def _plane(facts: Sequence[Sequence[float]] | None) -> Plane | None:
    if facts is None:
        return None
    origin, across, down, spacing = facts
    return Plane(_vector(origin), _vector(across), _vector(down), _pair(spacing))


def _vector(numbers: Sequence[float]) -> Vector:
    x, y, z = map(float, numbers)
    return x, y, z


def _pair(numbers: Sequence[float]) -> tuple[float, float]:
    first, second = map(float, numbers)
    return first, second
