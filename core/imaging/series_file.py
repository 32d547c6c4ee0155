"""One series as one file of the media folder: a plain ZIP of the original files in order."""

import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import Final

from core.imaging.dicom import open_dicom
from core.imaging.geometry import Plane
from core.imaging.image import Frame, LoadedImage
from core.imaging.quiet import image_error, translated
from core.imaging.series import Series

SCHEMA: Final = "asclepius-series/1"
MEDIA_TYPE: Final = "application/zip"
MAX_SERIES_BYTES: Final = 2 << 30
_LIST: Final = "asclepius-series.json"
_MAX_FILES: Final = 50_000
_DATE: Final = (1980, 1, 1, 0, 0, 0)
_DAMAGED: Final = "the series file is damaged"
_ERRORS: Final = (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError)


def pack_series(series: Series, *, on_file: Callable[[int], None] = lambda _: None) -> bytes:
    """Return the files of a series as one file; equal files give equal bytes.

    `on_file` gets how many were read. Raises `ImageError` when they are too large together.
    """
    out, total = BytesIO(), 0
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
    return out.getvalue()


def is_series(data: bytes) -> bool:
    """Tell whether bytes start as `pack_series` writes them."""
    return data.startswith(b"PK\3\4") and data[30 : 30 + len(_LIST)] == _LIST.encode()


def series_members(data: bytes, *, name: str) -> Iterator[bytes]:
    """Yield the original files of a packed series, in order."""
    with translated(name, _DAMAGED, *_ERRORS), zipfile.ZipFile(BytesIO(data)) as archive:
        for number in range(_file_count(archive, name)):
            yield _read_member(archive, number)


def open_series(data: bytes, *, name: str) -> LoadedImage:
    """Open a packed series: one frame for each frame of its files."""
    with translated(name, _DAMAGED, *_ERRORS):
        archive = zipfile.ZipFile(BytesIO(data))
        count = _file_count(archive, name)
        first = _read_member(archive, 0)

    @cache
    def plane_of(index: int) -> Plane | None:
        return member(index).geometry.plane_of(0)

    def member(index: int) -> LoadedImage:
        with translated(name, _DAMAGED, *_ERRORS):
            content = _read_member(archive, index)
        return open_dicom(content, name=f"{name}, file {index + 1}")

    def read_frame(index: int) -> Frame:
        opened = member(index)
        if (opened.width, opened.height, opened.is_color) != facts:
            raise image_error(name, f"its file {index + 1} has another size or color")
        return opened.read_frame(0)

    start = open_dicom(first, name=name)
    if count == 1:
        return replace(start, media_type=MEDIA_TYPE)
    facts = (start.width, start.height, start.is_color)
    return replace(
        start,
        media_type=MEDIA_TYPE,
        frame_count=count,
        read_frame=read_frame,
        notes=(*start.notes, *_notes(archive)),
        geometry=replace(start.geometry, plane_of=plane_of),
        read_overlay=(lambda index: member(index).overlay(0)) if start.has_overlay else None,
    )


def open_found(series: Series) -> LoadedImage:
    """Open a series where it lies, without importing it; the first picture reads one file."""
    sources = [one.source for one in series.slices]
    start = open_dicom(sources[0].read(), name=series.title)
    if len(sources) == 1:
        return start

    def member(index: int) -> LoadedImage:
        return open_dicom(sources[index].read(), name=sources[index].name)

    planes: Sequence[Plane | None] = series.planes
    return replace(
        start,
        frame_count=len(sources),
        read_frame=lambda index: member(index).frame(0),
        notes=(*start.notes, *series.notes),
        geometry=replace(start.geometry, plane_of=lambda index: planes[index]),
        read_overlay=(lambda index: member(index).overlay(0)) if start.has_overlay else None,
    )


def _member(number: int) -> str:
    return f"{number + 1:05}.dcm"


def _file_count(archive: zipfile.ZipFile, name: str) -> int:
    facts = json.loads(archive.read(_LIST))
    count = int(facts["files"])
    if facts.get("schema") != SCHEMA or not 1 <= count <= _MAX_FILES:
        raise image_error(name, _DAMAGED)
    return count


def _notes(archive: zipfile.ZipFile) -> tuple[str, ...]:
    return tuple(str(note) for note in json.loads(archive.read(_LIST)).get("notes", ()))


def _read_member(archive: zipfile.ZipFile, number: int) -> bytes:
    info = archive.getinfo(_member(number))
    # Stored as they are: a compressed member is not ours, and could be a bomb.
    if info.compress_type != zipfile.ZIP_STORED or info.file_size != info.compress_size:
        raise ValueError("a compressed member")
    return archive.read(info)
