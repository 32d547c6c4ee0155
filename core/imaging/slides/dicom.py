"""Whole slides in DICOM: the files of a series as the levels of one pyramid (PS3.3 C.8.12)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.imaging.dicom.pixels import lossy_note
from core.imaging.extent import Extent, extent_of
from core.imaging.image import LoadedImage
from core.imaging.slides.dicom_file import Place, SlideFile, read_slide_file
from core.imaging.slides.slide import Level, Slide, slide_image, with_overview

MEDIA_TYPE: Final = "application/dicom"
_SAME_SHAPE: Final = 0.02
_SAME_PX: Final = 2.0
_ONE_OF_MANY: Final = "The slide has several {}; the first is shown."


@dataclass(frozen=True, eq=False)
class _LevelFiles:
    """The files that hold one level: one, or the parts of a concatenation in their order."""

    files: tuple[SlideFile, ...]
    is_one_of_many: bool

    @property
    def first(self) -> SlideFile:
        return self.files[0]

    @cached_property
    def frames(self) -> Mapping[Place, tuple[SlideFile, int]] | None:
        """Where each tile is that is told one by one; None where they lie row by row."""
        if self.first.is_full:
            return None
        parts = [
            {place: (file, frame) for place, frame in file.sparse[0].items()} for file in self.files
        ]
        return dict(chain.from_iterable(part.items() for part in parts))

    def tile(self, row: int, column: int) -> NDArray[np.uint8]:
        """Return RGB of one tile, white where the slide has none."""
        found = self._frame_at(row, column)
        stream = found[0].stream(found[1]) if found else b""
        if not found or not stream:
            return np.full((self.first.tile_height, self.first.tile_width, 3), 255, np.uint8)
        return found[0].decoded(stream)

    def check(self) -> None:
        """Raise `ImageError` when tiles are missing of which all should be there."""
        rows, columns = self.first.grid
        reach = max(file.offset + file.frame_count for file in self.files)
        held = sum(file.frame_count for file in self.files)
        if self.first.is_full and min(reach, held) < rows * columns:
            raise self.first.header.error(
                f"{self.first.width} × {self.first.height} pixels are {rows * columns:,} tiles, "
                f"and {held:,} are there"
            )

    def _frame_at(self, row: int, column: int) -> tuple[SlideFile, int] | None:
        if self.frames is not None:
            return self.frames.get((row, column))
        number = row * self.first.grid[1] + column
        for file in self.files:
            if file.offset <= number < file.offset + file.frame_count:
                return file, number - file.offset
        return None


def open_slide(data: bytes, *, name: str) -> LoadedImage:
    """Open one file of a slide; raise `ImageError` when it is none that can be shown."""
    return open_slide_files([(name, extent_of(data))], name=name)


def open_slide_files(files: Sequence[tuple[str, Extent]], *, name: str) -> LoadedImage:
    """Open the levels of a slide, named files in any order; tiles are read when they are seen.

    Raises `ImageError` naming the file that cannot be shown.
    """
    read = [read_slide_file(extent, name=one) for one, extent in files]
    pyramid = sorted(_levels(read), key=lambda one: -one.first.width)
    whole = pyramid[0].first
    same = [one for one in pyramid if _has_shape_of(one.first, whole)]
    for one in same:
        one.check()

    def read_tile(level: int, row: int, column: int) -> NDArray[np.uint8]:
        return same[level].tile(row, column)

    levels = tuple(_level(one.first, whole) for one in same)
    slide = with_overview(Slide(name, levels, whole.micron, read_tile))
    notes = _notes(same, len(pyramid) - len(same))
    image = slide_image(slide, media_type=MEDIA_TYPE, notes=notes)
    return replace(image, body_part=whole.header.text("BodyPartExamined"))


def _levels(files: Sequence[SlideFile]) -> list[_LevelFiles]:
    """Return files of one size as one level; of several that are no parts the first counts."""
    sizes: dict[tuple[int, int], dict[str, list[SlideFile]]] = defaultdict(dict)
    for file in sorted(files, key=lambda one: one.header.number("InstanceNumber", 0.0)):
        header = file.header
        whole = header.text("ConcatenationUID") or header.text("SOPInstanceUID")
        sizes[file.width, file.height].setdefault(whole, []).append(file)
    found = []
    for wholes in sizes.values():
        parts = sorted(next(iter(wholes.values())), key=lambda one: one.offset)
        found.append(_LevelFiles(tuple(parts), len(wholes) > 1))
    return found


def _has_shape_of(file: SlideFile, whole: SlideFile) -> bool:
    expected = whole.height * file.width / whole.width
    return abs(file.height - expected) <= max(_SAME_PX, _SAME_SHAPE * expected)


def _level(file: SlideFile, whole: SlideFile) -> Level:
    scale = whole.width / file.width
    return Level(file.width, file.height, scale, file.tile_width, file.tile_height)


def _notes(levels: Sequence[_LevelFiles], left_out: int) -> tuple[str, ...]:
    header = levels[0].first.header
    several = [
        what
        for what, keyword in (
            ("optical paths", "NumberOfOpticalPaths"),
            ("focal planes", "TotalPixelMatrixFocalPlanes"),
        )
        if header.whole(keyword, 1) > 1
    ]
    if not several and any(_has_layers(level) for level in levels):
        several = ["layers"]
    notes = [lossy_note(header), *(_ONE_OF_MANY.format(what) for what in several)]
    if left_out:
        what = "level" if left_out == 1 else "levels"
        notes.append(f"Left out: {left_out} {what} of another shape.")
    return tuple(note for note in notes if note)


def _has_layers(level: _LevelFiles) -> bool:
    if level.is_one_of_many:
        return True
    if not level.first.is_full:
        return any(file.sparse[1] > 1 for file in level.files)
    rows, columns = level.first.grid
    return sum(file.frame_count for file in level.files) >= 2 * rows * columns
