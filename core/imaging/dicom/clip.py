"""DICOM files of many frames, read frame by frame where they lie: none has to be in memory."""

import struct
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np
from pydicom import uid

from core.errors import ImageError
from core.imaging.dicom.frames import FramePlaces
from core.imaging.dicom.gray import gray_rule
from core.imaging.dicom.header import Header, read_first_part
from core.imaging.dicom.opening import MEDIA_TYPE, checked_picture, frame_of, image_of
from core.imaging.dicom.overlay import has_overlay
from core.imaging.dicom.pixels import (
    GRAY,
    Plain,
    damaged,
    decode,
    frame_bytes,
    is_native,
    plain_kind,
    plain_values,
    stated_of,
)
from core.imaging.display import GrayRule
from core.imaging.extent import Extent
from core.imaging.image import Frame, LoadedImage, settled
from core.imaging.slides.dicom import open_slide_files
from core.imaging.slides.dicom_file import is_slide

__all__ = ["HELD_BYTES", "MEDIA_TYPE", "open_clip"]

HELD_BYTES: Final = 32 << 20
"""Smaller files are read at once and stay in memory: their frames are there the sooner."""
_HEAD: Final = 4096
_HALF_A_PIXEL: Final = "YBR_FULL_422"
_WHOLE: Final = (uid.DeflatedExplicitVRLittleEndian, uid.ExplicitVRBigEndian)
"""Transfer syntaxes whose frames do not lie each for itself, or are as good as extinct."""


def open_clip(extent: Extent, *, name: str) -> LoadedImage | None:
    """Open a file that stays where it is; None for what has to be read as a whole.

    That is told by `open_dicom` then, with the reason where it cannot be shown.
    """
    try:
        return _opened(extent, name)
    except (ImageError, OSError, ValueError, struct.error):
        return None


def _opened(extent: Extent, name: str) -> LoadedImage | None:
    head = extent.read(0, _HEAD)
    if extent.held is not None or uid.DeflatedExplicitVRLittleEndian.encode() in head:
        return None
    if is_slide(head):
        return replace(open_slide_files([(name, extent)], name=name), source_bytes=0)
    with extent.file() as file:
        header = read_first_part(file, head, name=name)
        start = file.tell()
    frames = checked_picture(header)
    if frames == 1 or not _lies_apart(header):
        return None
    length = frame_bytes(stated_of(header)) if is_native(header) else 0
    places = FramePlaces(header, extent, start, frames, frame_bytes=length)
    places.find()
    return replace(image_of(header, frames, _reader(header, places)), source_bytes=0)


def _lies_apart(header: Header) -> bool:
    """Tell whether each frame has bytes of its own, and all that belongs to it goes before them."""
    has_syntax = bool(header.dataset.file_meta.get("TransferSyntaxUID"))
    if not has_syntax or header.syntax in _WHOLE or has_overlay(header):
        return False
    is_shared = header.text("PhotometricInterpretation") == _HALF_A_PIXEL
    return not is_native(header) or (header.whole("BitsAllocated") >= 8 and not is_shared)


def _reader(header: Header, places: FramePlaces) -> Callable[[int], Frame]:
    """Return what reads a frame; all that plain grays need is looked up once, not for each."""
    kind = plain_kind(header)
    if kind is None or header.text("PhotometricInterpretation") not in GRAY:
        return partial(_read, header, places)
    if header.items("PerFrameFunctionalGroupsSequence"):
        return partial(_read_plain, header, places, kind, partial(gray_rule, header))
    rule = gray_rule(header, 0)
    return partial(_read_plain, header, places, kind, lambda _: rule)


def _read_plain(
    header: Header,
    places: FramePlaces,
    kind: Plain,
    rule_of: Callable[[int], GrayRule],
    index: int,
) -> Frame:
    with damaged(header, index):
        values = np.frombuffer(places.read(index), kind.dtype)
        stored = plain_values(values, kind, is_shared=False)
    return settled(Frame(stored, rule_of(index)))


def _read(header: Header, places: FramePlaces, index: int) -> Frame:
    return settled(frame_of(header, index, decode(header, index, places.read)))
