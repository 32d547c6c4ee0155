"""One series as one file of the media folder: a plain ZIP of the original files in order."""

import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import IO, Final

from core.imaging.dicom.clip import HELD_BYTES, open_clip
from core.imaging.dicom.opening import open_dicom
from core.imaging.image import LoadedImage
from core.imaging.quiet import image_error, translated
from core.imaging.series.finding import Series
from core.imaging.series.packed_files import FilePart, PackedFiles, Source, open_packed
from core.imaging.series.slices import Slices, stack_of_slices
from core.imaging.series.sources import ZIP_ERRORS, SourceFile
from core.imaging.slides.dicom import open_slide_files
from core.imaging.slides.dicom_file import is_slide

SCHEMA: Final = "asclepius-series/1"
MEDIA_TYPE: Final = "application/zip"
MAX_SERIES_BYTES: Final = 2 << 30
_LIST: Final = "asclepius-series.json"
_MAX_FILES: Final = 50_000
_HEAD: Final = 4096
_DATE: Final = (1980, 1, 1, 0, 0, 0)
_DAMAGED: Final = "the series file is damaged"


def pack_series(series: Series) -> bytes:
    """Return the files of a series as one file; equal files give equal bytes."""
    out = BytesIO()
    write_series(series, out)
    return out.getvalue()


def write_series(
    series: Series, out: IO[bytes], *, on_file: Callable[[int], None] = lambda _: None
) -> None:
    """Write the files of a series as one file.

    `on_file` gets how many were read. Raises `ImageError` when they are too large together.
    """
    total = 0
    facts = {"schema": SCHEMA, "files": len(series.slices), "notes": list(series.notes)}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo(_LIST, _DATE), json.dumps(facts, sort_keys=True))
        for number, one in enumerate(series.slices):
            data = one.source.read()
            total += len(data)
            if total > MAX_SERIES_BYTES:
                raise image_error(series.title, "its files are larger than two gigabytes together")
            archive.writestr(zipfile.ZipInfo(_member(number), _DATE), data)
            on_file(number + 1)


def is_series(data: bytes) -> bool:
    """Tell whether bytes start as `pack_series` writes them."""
    return data.startswith(b"PK\3\4") and data[30 : 30 + len(_LIST)] == _LIST.encode()


def series_members(source: Source, *, name: str) -> Iterator[bytes]:
    """Yield the original files of a packed series, in order."""
    with translated(name, _DAMAGED, *ZIP_ERRORS):
        packed = open_packed(source)
        for number in range(_file_count(packed, name)):
            yield packed.read(_member(number))


def open_series(source: Source, *, name: str) -> LoadedImage:
    """Open a packed series: one frame for each frame of its files.

    Where `source` is a path, to a file that was verified as a whole, its parts are read when they
    are seen, and none stays in memory.
    """
    with translated(name, _DAMAGED, *ZIP_ERRORS):
        packed = open_packed(source)
        count, notes = _file_count(packed, name), _notes(packed)
        if is_slide(packed.extent(_member(0)).read(0, _HEAD)):
            return _packed_slide(packed, count, name)
        start = open_dicom(packed.read(_member(0)), name=name)

    def content(index: int) -> bytes:
        with translated(name, _DAMAGED, *ZIP_ERRORS):
            return packed.read(_member(index))

    def name_of(index: int) -> str:
        return f"{name}, file {index + 1}"

    if count == 1:
        return replace(start, media_type=MEDIA_TYPE)
    files = Slices(content, name_of, lambda index: packed.part(_member(index)))
    stack = stack_of_slices(start, files, {})
    return replace(
        stack,
        media_type=MEDIA_TYPE,
        frame_count=count,
        notes=(*start.notes, *notes),
        source_bytes=0 if isinstance(source, Path) else None,
    )


def open_found(series: Series) -> LoadedImage:
    """Open a series where it lies, without importing it; the first picture reads one file."""
    sources = [one.source for one in series.slices]
    if is_slide(sources[0].head(_HEAD)):
        extents = [(one.name, one.extent()) for one in sources]
        return replace(open_slide_files(extents, name=series.title), source_bytes=0)
    if len(sources) == 1:
        return _open_alone(sources[0], series.title)
    start = open_dicom(sources[0].read(), name=series.title)

    def part_of(index: int) -> FilePart | None:
        path = sources[index].path
        return None if path is None else FilePart(path)

    files = Slices(lambda index: sources[index].read(), lambda index: sources[index].name, part_of)
    stack = stack_of_slices(start, files, dict(enumerate(series.planes)))
    notes = (*start.notes, *series.notes)
    return replace(stack, frame_count=len(sources), notes=notes, source_bytes=0)


def _open_alone(source: SourceFile, name: str) -> LoadedImage:
    """Open the only file of a series, a long clip frame by frame."""
    extent = source.extent() if source.size_bytes() > HELD_BYTES else None
    clip = None if extent is None else open_clip(extent, name=name)
    return open_dicom(source.read(), name=name) if clip is None else clip


def _packed_slide(packed: PackedFiles, count: int, name: str) -> LoadedImage:
    """Open a series whose files are the levels of a slide."""
    files = [
        (f"{name}, file {number + 1}", packed.extent(_member(number))) for number in range(count)
    ]
    slide = open_slide_files(files, name=name)
    held = 0 if isinstance(packed.source, Path) else None
    return replace(slide, media_type=MEDIA_TYPE, source_bytes=held)


def _member(number: int) -> str:
    return f"{number + 1:05}.dcm"


def _file_count(packed: PackedFiles, name: str) -> int:
    facts = json.loads(packed.read(_LIST))
    count = int(facts["files"])
    if facts.get("schema") != SCHEMA or not 1 <= count <= _MAX_FILES:
        raise image_error(name, _DAMAGED)
    return count


def _notes(packed: PackedFiles) -> tuple[str, ...]:
    return tuple(str(note) for note in json.loads(packed.read(_LIST)).get("notes", ()))
