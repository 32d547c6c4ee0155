"""One DICOM file of a whole slide: which level it is, and the tile at a place of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset, uid

from core.imaging.dicom.frames import FramePlaces
from core.imaging.dicom.geometry import spacing_mm
from core.imaging.dicom.header import Header, read_first_part, tag_name
from core.imaging.dicom.pixels import (
    SUPPORTED,
    decode_stream,
    frame_bytes,
    frame_count,
    is_native,
    stated_of,
    syntax_name,
)
from core.imaging.extent import Extent
from core.imaging.slides.slide import LEAST_TILE, MAX_TILE

STORAGE: Final = uid.VLWholeSlideMicroscopyImageStorage
_HEAD: Final = 2048
_STARTS: Final = tuple(
    tag + form + STORAGE.encode()
    for tag in (b"\2\0\2\0", b"\x08\0\x16\0")
    for form in (b"UI\x1e\0", b"\x1e\0\0\0")
)
"""How (Media Storage) SOP Class UID lies in a file: others only refer to a slide."""
_TAGS: Final = [
    "SOPClassUID", "SOPInstanceUID", "SeriesInstanceUID", "Modality", "BodyPartExamined",
    "ImageType", "InstanceNumber", "Rows", "Columns", "SamplesPerPixel", "BitsAllocated",
    "BitsStored", "PixelRepresentation", "PlanarConfiguration", "PhotometricInterpretation",
    "NumberOfFrames", "LossyImageCompression", "LossyImageCompressionRatio", "ConcatenationUID",
    "ConcatenationFrameOffsetNumber", "DimensionOrganizationType", "TotalPixelMatrixColumns",
    "TotalPixelMatrixRows", "TotalPixelMatrixFocalPlanes", "NumberOfOpticalPaths",
    "ImagedVolumeWidth", "ImagedVolumeHeight", "SharedFunctionalGroupsSequence",
    "PerFrameFunctionalGroupsSequence", "ExtendedOffsetTable",
]  # fmt: skip
_BESIDE: Final = {
    "LABEL": "the label of a slide, which may name the patient",
    "OVERVIEW": "a picture of a whole glass with its label, which may name the patient",
    "LOCALIZER": "a picture of a whole glass with its label, which may name the patient",
    "THUMBNAIL": "the thumbnail of a slide",
}
"""What lies beside the levels of a slide (PS3.3 C.8.12.4.1.1), in words."""
_COLORS: Final = ("RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT")
_FULL: Final = "TILED_FULL"
_SQUARE: Final = 0.01
Place = tuple[int, int]
"""Row and column of a tile."""


@dataclass(frozen=True, eq=False)
class SlideFile:
    """The level or the part of a level that one file holds."""

    header: Header
    places: FramePlaces
    width: int
    height: int
    frame_count: int

    @property
    def tile_width(self) -> int:
        """How many columns a tile has."""
        return self.header.whole("Columns")

    @property
    def tile_height(self) -> int:
        """How many rows a tile has."""
        return self.header.whole("Rows")

    @property
    def grid(self) -> Place:
        """How many rows and columns of tiles the whole level has."""
        return -(-self.height // self.tile_height), -(-self.width // self.tile_width)

    @property
    def is_full(self) -> bool:
        """Whether its tiles lie row by row without a gap (TILED_FULL)."""
        stated = self.header.text("DimensionOrganizationType")
        return stated == _FULL or not (stated or self._groups)

    @property
    def offset(self) -> int:
        """How many frames of its level lie in files before this one."""
        return max(0, self.header.whole("ConcatenationFrameOffsetNumber", 0))

    @cached_property
    def spacing_mm(self) -> tuple[float, float] | None:
        """Height and width of a pixel of this level."""
        told = spacing_mm(self.header)
        if told is not None:
            return told
        width = self.header.number("ImagedVolumeWidth", 0.0) / self.width
        height = self.header.number("ImagedVolumeHeight", 0.0) / self.height
        return (height, width) if width > 0 and height > 0 else None

    @property
    def micron(self) -> float | None:
        """The size of a pixel; None where it is not told or pixels are not square."""
        spacing = self.spacing_mm
        if spacing is None or abs(spacing[0] / spacing[1] - 1) > _SQUARE:
            return None
        return spacing[1] * 1000

    @cached_property
    def sparse(self) -> tuple[Mapping[Place, int], int]:
        """Where tiles are told one by one: their frames, and how many layers lie on each other.

        Of several optical paths and focal planes the first one counts.
        """
        layers: dict[tuple[str, float], dict[Place, int]] = {}
        for frame, group in enumerate(self._groups[: self.frame_count]):
            place = _first_item(self.header, group, "PlanePositionSlideSequence")
            path = _first_item(self.header, group, "OpticalPathIdentificationSequence")
            name = "" if path is None else self.header.text("OpticalPathIdentifier", path)
            depth = 0.0
            if place is not None:
                depth = self.header.number("ZOffsetInSlideCoordinateSystem", 0.0, place)
            layers.setdefault((name, depth), {})[self._tile_at(place, frame)] = frame
        if not layers:
            raise self.header.error("it does not say where its tiles lie")
        return next(iter(layers.values())), len(layers)

    def stream(self, frame: int) -> bytes:
        """Return the packed bytes of a frame."""
        return self.places.read(frame)

    def decoded(self, stream: bytes) -> NDArray[np.uint8]:
        """Return RGB of a tile's bytes; raises what the codecs raise."""
        pixels = np.asarray(decode_stream(self.header, stream, stated_of(self.header)))
        if pixels.dtype != np.uint8 or pixels.shape[:2] != (self.tile_height, self.tile_width):
            raise ValueError("a tile of another kind")
        return pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2)

    @cached_property
    def _groups(self) -> tuple[Dataset, ...]:
        return self.header.items("PerFrameFunctionalGroupsSequence")

    def _tile_at(self, place: Dataset | None, frame: int) -> Place:
        numbers = []
        for axis, side in (("Row", self.tile_height), ("Column", self.tile_width)):
            keyword = f"{axis}PositionInTotalImagePixelMatrix"
            found = () if place is None else self.header.numbers(keyword, place)
            if not found or found[0] < 1 or (found[0] - 1) % side:
                reason = f"its {tag_name(keyword)} of frame {frame + 1} is missing or on no grid"
                raise self.header.error(reason)
            numbers.append(int(found[0] - 1) // side)
        return numbers[0], numbers[1]


def is_slide(head: bytes) -> bool:
    """Tell by the start of a file whether it belongs to a whole slide."""
    return any(start in head[:_HEAD] for start in _STARTS)


def beside_a_slide(header: Header) -> str:
    """Return what a file is that lies beside the levels of a slide; empty for a level."""
    kinds = header.text("ImageType").upper().split("\\")
    return next((words for kind, words in _BESIDE.items() if kind in kinds), "")


def check_is_level(header: Header) -> None:
    """Raise `ImageError` for labels and for what else lies beside the levels of a slide."""
    if words := beside_a_slide(header):
        raise header.error(f"it is {words}")


def read_slide_file(extent: Extent, *, name: str) -> SlideFile:
    """Read a file's description, not its tiles; raise `ImageError` when it cannot be shown."""
    with extent.file() as file:
        head = file.read(4096)
        file.seek(0)
        header = read_first_part(file, head, name=name, keywords=_TAGS)
        start = file.tell()
    if header.syntax == uid.DeflatedExplicitVRLittleEndian:
        raise header.error("slides in a deflated file are not supported")
    check_is_level(header)
    _check_samples(header)
    width, height = header.whole("TotalPixelMatrixColumns"), header.whole("TotalPixelMatrixRows")
    rows, columns, frames = header.whole("Rows"), header.whole("Columns"), frame_count(header)
    if min(width, height, rows, columns) < 1:
        raise header.error(f"it states a size of {width} × {height} pixels")
    is_tiny = rows < min(LEAST_TILE, height) or columns < min(LEAST_TILE, width)
    if is_tiny or rows * columns > MAX_TILE:
        raise header.error(f"tiles of {columns} × {rows} pixels cannot be shown")
    size = frame_bytes(stated_of(header)) if is_native(header) else 0
    try:
        places = FramePlaces(header, extent, start, frames, frame_bytes=size)
    except ValueError as error:
        raise header.error(f"it states {frames} frames, but {error}") from error
    found = SlideFile(header, places, width, height, frames)
    _ = found.is_full or found.sparse
    return found


def _check_samples(header: Header) -> None:
    if header.syntax not in SUPPORTED or header.syntax == uid.ExplicitVRBigEndian:
        raise header.error(f"its transfer syntax “{syntax_name(header)}” is not supported")
    samples, bits = header.whole("SamplesPerPixel", 1), header.whole("BitsAllocated")
    photometric = header.text("PhotometricInterpretation")
    known = ("MONOCHROME2",) if samples == 1 else _COLORS
    is_short = photometric == "YBR_FULL_422" and is_native(header)
    if samples not in (1, 3) or photometric not in known or is_short:
        what = tag_name("PhotometricInterpretation")
        raise header.error(f"its {what} with {samples} samples a pixel is not supported")
    stored = header.whole("BitsStored", 8)
    if (bits, stored) != (8, 8):
        raise header.error(f"{stored} of {bits} bits a sample are not supported in slides")
    if header.whole("PixelRepresentation", 0) != 0:
        raise header.error("its pixels are signed, which colors never are")


def _first_item(header: Header, group: Dataset, keyword: str) -> Dataset | None:
    return next(iter(header.items(keyword, group)), None)
