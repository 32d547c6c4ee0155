"""Marks of an image in and out of files: DICOM SEG and SR, COCO, Pascal VOC, PNG masks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePath
from typing import Final

from core.domain.marks import MAX_MARKS, MarkFormat
from core.domain.region import Region, RegionKind
from core.errors import ImageError
from core.imaging.dicom.header import looks_like_dicom, read_header
from core.imaging.marks.exchange import (
    MarkedImage,
    read_coco,
    read_label_png,
    read_voc,
    write_coco,
    write_label_png,
    write_voc,
)
from core.imaging.marks.seg import read_seg, write_seg
from core.imaging.marks.sr import read_sr, write_sr
from core.imaging.series.file import is_series, series_members

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_KNOWN: Final = (
    "Choose a DICOM segmentation or report, COCO JSON, Pascal VOC XML or a PNG mask "
    "that was made for this image."
)


def _error(name: str, reason: str, *, hint: str = _KNOWN) -> ImageError:
    return ImageError(f"“{name}” cannot be taken over: {reason}.", hint=hint)


@dataclass(frozen=True, slots=True)
class MarkTarget:
    """The image that marks belong to; `frame` is the one in sight, `data` the image's bytes."""

    file_name: str
    width: int
    height: int
    frame_count: int
    frame: int
    data: bytes


def read_marks(data: bytes, target: MarkTarget, *, name: str) -> list[Region]:
    """Return the marks in a file; those of a file without frames lie on the frame in sight.

    Raises `ImageError` where it is none of the known kinds, damaged, or made for another image.
    """
    try:
        found = _read(data, target, name)
    except ImageError as error:
        # Readers of pictures say “shown”, which marks are not.
        sentence = error.sentence.replace("cannot be shown", "cannot be taken over")
        raise ImageError(sentence, hint=error.hint) from error
    if not found:
        raise _error(name, "there is no region in it")
    if len(found) > MAX_MARKS:
        raise _error(name, f"it holds {len(found)} regions, more than {MAX_MARKS}")
    for region in found:
        _check_fits(region, target, name)
    return found


def _read(data: bytes, target: MarkTarget, name: str) -> list[Region]:
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if data.startswith(_PNG):
        masks = read_label_png(data, name=name)
        if len(masks) > 1:
            masks = [replace(one, label=str(number)) for number, one in enumerate(masks, start=1)]
        return _on_frame(masks, target)
    if looks_like_dicom(data):
        return _read_dicom(data, target, name)
    if start not in (b"{", b"<"):
        raise _error(name, "it is no file of regions that is known")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _error(name, "its text is not UTF-8") from error
    if start == b"<":
        return _on_frame(_only([read_voc(text, name=name)], target, name), target)
    return _only(read_coco(text, name=name), target, name)


def _read_dicom(data: bytes, target: MarkTarget, name: str) -> list[Region]:
    sources = _sources(target)
    if read_header(data, name=name).text("Modality") == "SR":
        return read_sr(data, sources, name=name)
    return read_seg(data, sources, name=name)


def _sources(target: MarkTarget) -> list[bytes]:
    if is_series(target.data):
        return list(series_members(target.data, name=target.file_name))
    if looks_like_dicom(target.data):
        return [target.data]
    raise ImageError(
        f"“{target.file_name}” is no DICOM image, so DICOM regions have nothing to point at.",
        hint="Use COCO JSON, Pascal VOC XML or a PNG mask, or the image before it was cleared.",
    )


def _on_frame(regions: Iterable[Region], target: MarkTarget) -> list[Region]:
    return [replace(region, frame=target.frame) for region in regions]


def _only(images: Sequence[MarkedImage], target: MarkTarget, name: str) -> list[Region]:
    """Return the regions of the picture in a file that is the target, by name or by size."""
    size = (target.width, target.height)
    stem = PurePath(target.file_name).stem
    named = [one for one in images if PurePath(one.file_name).stem == stem]
    fitting = [one for one in named or images if (one.width, one.height) == size]
    if len(fitting) == 1:
        return list(fitting[0].regions)
    if fitting:
        reason = f"it holds {len(fitting)} pictures of this size, none of them named “{stem}”"
        raise _error(name, reason, hint="Name the picture in the file as this image is named.")
    sizes = sorted({f"{one.width} × {one.height}" for one in named or images})
    reason = f"its regions are for pictures of {' or '.join(sizes[:3]) or 'no size'} pixels"
    raise _error(name, f"{reason}, and this image has {target.width} × {target.height}")


def _check_fits(region: Region, target: MarkTarget, name: str) -> None:
    if region.frame >= target.frame_count:
        raise _error(name, f"a region lies on frame {region.frame + 1} of {target.frame_count}")
    if region.mask is not None:
        size = (region.mask.width, region.mask.height)
        if size != (target.width, target.height):
            raise _error(
                name,
                f"a mask has {size[0]} × {size[1]} pixels, "
                f"and this image has {target.width} × {target.height}",
            )
        return
    xs, ys = zip(*region.points, strict=True)
    is_across = max(xs) >= 0 and min(xs) <= target.width
    if not (is_across and max(ys) >= 0 and min(ys) <= target.height):
        raise _error(name, "a region lies outside of this image")


def write_marks(
    marks: Sequence[Region], target: MarkTarget, wanted: MarkFormat, *, made_at: datetime
) -> bytes:
    """Return marks as a file; Pascal VOC and PNG hold those of the frame in sight only.

    Raises `ImageError` where there are none, or where a format cannot hold them.
    """
    if wanted in (MarkFormat.VOC, MarkFormat.PNG):
        marks = [mark for mark in marks if mark.frame == target.frame]
    if not marks:
        raise ImageError("There is no mark to export here.", hint="Draw one first.")
    match wanted:
        case MarkFormat.COCO:
            return write_coco([_marked(marks, target)]).encode()
        case MarkFormat.VOC:
            return write_voc(_marked(marks, target)).encode()
        case MarkFormat.PNG:
            return write_label_png(_without_points(marks), target.width, target.height)[0]
        case MarkFormat.SEG:
            return write_seg(_sources(target), _without_points(marks), made_at=made_at)
        case MarkFormat.SR:
            return write_sr(_sources(target), marks, made_at=made_at)


def _marked(marks: Sequence[Region], target: MarkTarget) -> MarkedImage:
    return MarkedImage(target.file_name, target.width, target.height, tuple(marks))


def _without_points(marks: Sequence[Region]) -> list[Region]:
    """Return the marks that cover pixels; a single pixel would not say what was meant."""
    found = [mark for mark in marks if mark.kind not in (RegionKind.POINT, RegionKind.ARROW)]
    if not found:
        raise ImageError(
            "Points and arrows cannot be exported as a mask.",
            hint="Choose COCO JSON or a DICOM report.",
        )
    return found
