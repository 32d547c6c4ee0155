"""What a folder, a ZIP or dropped files offer as images, told without any description."""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import numpy as np

from core.domain.ids import MediaId
from core.domain.media import ImageUse
from core.errors import ImageError
from core.imaging.dicom.header import looks_like_dicom
from core.imaging.image import LoadedImage
from core.imaging.load import knows, open_file, open_image
from core.imaging.pictures import small_picture
from core.imaging.series.file import open_found, write_series
from core.imaging.series.finding import LeftOut, Series, find_series
from core.imaging.series.sources import SourceFile
from core.imaging.series.stack import distances_mm, stack_normal

_HEAD: Final = 4096
_MOST_SLICES: Final = 5_000


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """One image that may be taken: a series, or a single file.

    `name` is a path, never the description in a series, which may name the patient. `pixel_mm` is
    (between rows, between columns), `slice_mm` the usual way from one slice to the next.
    """

    name: str
    modality: str
    frame_count: int
    width: int
    height: int
    pixel_mm: tuple[float, float] | None
    slice_mm: float | None
    notes: tuple[str, ...]
    origin: Series | SourceFile

    @property
    def is_stack(self) -> bool:
        """Whether it is put together from several files; the levels of a slide are no stack."""
        return self.file_count > 1 and self.frame_count > 1

    @property
    def file_count(self) -> int:
        """How many files are read when it is taken."""
        return len(self.origin.slices) if isinstance(self.origin, Series) else 1

    @property
    def single_file(self) -> SourceFile | None:
        """The only file that it is made of, None where there are several."""
        if not isinstance(self.origin, Series):
            return self.origin
        return self.origin.slices[0].source if len(self.origin.slices) == 1 else None

    def open(self) -> LoadedImage:
        """Open it where it lies; raise `ImageError` when that is not possible."""
        return _opened(self.origin)

    def thumbnail(self, size_px: int) -> bytes:
        """Return a PNG of the frame in the middle; raise `ImageError` when it is damaged."""
        use = ImageUse(MediaId(""), (self.frame_count // 2,))
        return small_picture(self.open(), use, size_px=size_px)


@dataclass(frozen=True, slots=True)
class Choices:
    """All that may be taken, and what cannot be and why."""

    images: tuple[Choice, ...]
    left_out: tuple[LeftOut, ...]


def find_choices(
    paths: Iterable[Path], *, on_file: Callable[[int], None] = lambda _: None
) -> Choices:
    """Sort DICOM files into series by geometry and add pictures of other formats.

    `on_file` gets how many files were looked at, and may raise to stop. Raises `ImageError` where
    a path itself cannot be read.
    """
    found = find_series(paths, on_file=on_file)
    count = sum(len(one.slices) for one in found.series) + len(found.left_out)
    pictures = [one.source for one in found.left_out if _is_picture(one.source)]
    images = list[Choice]()
    left_out = [one for one in found.left_out if one.source not in pictures]
    origins: tuple[Series | SourceFile, ...] = (*found.series, *pictures)
    for origin in origins:
        try:
            images.append(_choice_of(origin))
        except ImageError as error:
            source = origin.slices[0].source if isinstance(origin, Series) else origin
            left_out.append(LeftOut(source.name, error.sentence, source))
        on_file(count)
    return Choices(tuple(images), tuple(left_out))


def write_choice(
    choice: Choice,
    out: IO[bytes],
    *,
    on_file: Callable[[int], None] = lambda _: None,
    on_bytes: Callable[[int], None] = lambda _: None,
) -> None:
    """Write a single file as it is, several packed into one.

    `on_file` counts the files that were read, `on_bytes` what was written of a single one.
    """
    source = choice.single_file
    if source is not None:
        source.copy(out, on_bytes=on_bytes)
    elif isinstance(choice.origin, Series):
        write_series(choice.origin, out, on_file=on_file)


def _is_picture(source: SourceFile) -> bool:
    try:
        head = source.head(_HEAD)
    except ImageError:
        return False
    return knows(head) and not looks_like_dicom(head)


def _choice_of(origin: Series | SourceFile) -> Choice:
    """Open the first file only, which tells what no decoder will take."""
    image = _opened(origin)
    return Choice(
        name=_name_of(origin),
        modality=image.modality,
        frame_count=image.frame_count,
        width=image.width,
        height=image.height,
        pixel_mm=None if image.geometry.mm_refusal else image.spacing_mm,
        slice_mm=_slice_mm(image),
        notes=image.notes,
        origin=origin,
    )


def _opened(origin: Series | SourceFile) -> LoadedImage:
    if isinstance(origin, Series):
        return open_found(origin)
    if origin.path is not None:
        return open_file(origin.path, name=origin.name)
    return open_image(origin.read(), name=origin.name)


def _name_of(origin: Series | SourceFile) -> str:
    """Return the file's name, or the folder that holds all files of a series."""
    if not isinstance(origin, Series):
        return origin.name
    sources = [one.source for one in origin.slices]
    if len(sources) == 1:
        return sources[0].name
    folder = os.path.commonpath([os.path.dirname(one.name) for one in sources])
    return folder or os.path.basename(os.path.dirname(sources[0].place))


def _slice_mm(image: LoadedImage) -> float | None:
    if not 1 < image.frame_count <= _MOST_SLICES:
        return None
    planes = [plane for plane in image.planes if plane is not None]
    if len(planes) != image.frame_count:
        return None
    gaps = np.abs(np.diff(distances_mm(planes, stack_normal(planes[0]))))
    return round(float(np.median(gaps)), 4) or None
