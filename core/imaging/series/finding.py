"""Files sorted into series by geometry, never by name or image number."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from core.errors import ImageError
from core.imaging.dicom.geometry import read_plane
from core.imaging.dicom.header import Header, looks_like_dicom, read_first_part
from core.imaging.dicom.pixels import SUPPORTED, syntax_name
from core.imaging.geometry import Plane
from core.imaging.quiet import image_error, translated, without_warnings
from core.imaging.series.sources import ZIP_ERRORS, SourceFile, source_files
from core.imaging.series.stack import Stack, distances_mm, stack_normal, stack_of
from core.imaging.slides.dicom_file import STORAGE, check_is_level

_TAGS: Final = [
    "SOPClassUID", "SOPInstanceUID", "Modality", "SeriesInstanceUID", "SeriesDescription",
    "SeriesNumber", "InstanceNumber", "Rows", "Columns", "SamplesPerPixel", "BitsAllocated",
    "PhotometricInterpretation", "NumberOfFrames", "ImageOrientationPatient", "PixelSpacing",
    "ImagePositionPatient", "AcquisitionNumber", "TemporalPositionIdentifier", "EchoTime",
    "TriggerTime", "DiffusionBValue", "ImageType", "AcquisitionTime", "ContentTime", "PyramidUID",
    "TotalPixelMatrixColumns",
]  # fmt: skip
_PHASES: Final = (
    "TemporalPositionIdentifier", "EchoTime", "DiffusionBValue", "TriggerTime", "ImageType",
    "AcquisitionNumber", "AcquisitionTime", "ContentTime",
)  # fmt: skip
"""What may tell apart pictures of one place, the most telling first."""
_UNSORTED: Final = (
    "The files do not say where their pictures lie; they are in the order of their image numbers."
)


@dataclass(frozen=True, slots=True, eq=False)
class Slice:
    """One file of a series and where its picture lies."""

    source: SourceFile
    header: Header
    plane: Plane | None

    @property
    def number(self) -> float:
        """The image number, which is only used where there is nothing better."""
        return self.header.number("InstanceNumber", 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Files that make one image, in order; `notes` are sentences for a person."""

    title: str
    modality: str
    width: int
    height: int
    slices: tuple[Slice, ...]
    notes: tuple[str, ...]

    @property
    def planes(self) -> tuple[Plane | None, ...]:
        """Where each file's picture lies."""
        return tuple(one.plane for one in self.slices)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that is in no series, and why; `syntax` is its transfer syntax where that is known."""

    name: str
    reason: str
    source: SourceFile
    syntax: str = ""

    @property
    def why(self) -> str:
        """The reason without the name, for a table that has a column for it."""
        short = self.reason.removeprefix(f"“{self.name}” cannot be shown: ")
        return short[:1].upper() + short[1:]


@dataclass(frozen=True, slots=True)
class Found:
    """All series of what a person chose, and what was left out."""

    series: tuple[Series, ...]
    left_out: tuple[LeftOut, ...]


def find_series(paths: Iterable[Path], *, on_file: Callable[[int], None] = lambda _: None) -> Found:
    """Read headers only and sort files into series; `on_file` gets how many were read.

    Folders, ZIP files, DICOMDIRs and single files may be mixed; names do not matter. Raises
    `ImageError` where a path itself cannot be read.
    """
    groups: dict[tuple[object, ...], list[Slice]] = defaultdict(list)
    left_out, seen = list[LeftOut](), set[str]()
    with without_warnings():
        for count, source in enumerate(source_files(paths), start=1):
            header: Header | None = None
            try:
                header = _header_of(source)
                found = _slice_of(source, header)
                instance = header.text("SOPInstanceUID") or source.place
                if instance in seen:
                    raise image_error(source.name, "the same picture is there twice")
                seen.add(instance)
                groups[_group_of(found)].append(found)
            except ImageError as error:
                syntax = "" if header is None else syntax_name(header)
                left_out.append(LeftOut(source.name, error.sentence, source, syntax))
            on_file(count)
        series = [one for group in groups.values() for one in _series_of(group)]
    return Found(tuple(sorted(series, key=lambda one: -len(one.slices))), tuple(left_out))


def _header_of(source: SourceFile) -> Header:
    with translated(source.name, "it cannot be read", *ZIP_ERRORS), source.open() as file:
        head = file.read(4096)
        if not looks_like_dicom(head):
            raise image_error(source.name, "it is no DICOM file")
        file.seek(0)
        return read_first_part(file, head, name=source.name, keywords=_TAGS)


def _slice_of(source: SourceFile, header: Header) -> Slice:
    if not header.numbers("Rows") or not header.numbers("Columns"):
        raise header.error(f"it holds no picture ({header.kind() or 'DICOM object'})")
    if header.syntax not in SUPPORTED:
        raise header.error(f"its transfer syntax “{syntax_name(header)}” is not supported")
    if _is_slide(header):
        check_is_level(header)
        return Slice(source, header, None)
    plane = read_plane(header, 0) if header.whole("NumberOfFrames", 1) <= 1 else None
    return Slice(source, header, plane)


def _group_of(found: Slice) -> tuple[object, ...]:
    header = found.header
    if _is_slide(header):  # all levels together are one picture
        return (STORAGE, header.text("SeriesInstanceUID"), header.text("PyramidUID"))
    alone = header.text("SOPInstanceUID") if header.whole("NumberOfFrames", 1) > 1 else ""
    place = None if found.plane is None else _rounded(found.plane)
    texts = (
        header.text(keyword)
        for keyword in ("SeriesInstanceUID", "SOPClassUID", "PhotometricInterpretation", "Modality")
    )
    return (alone, *texts, header.whole("Rows"), header.whole("Columns"), place)


def _is_slide(header: Header) -> bool:
    return header.text("SOPClassUID") == STORAGE


def _level_order(found: Slice) -> tuple[float, float]:
    """Sort the largest level of a slide first."""
    return -found.header.number("TotalPixelMatrixColumns", 0.0), found.number


def _rounded(plane: Plane) -> tuple[float, ...]:
    numbers = (*plane.across, *plane.down, *plane.spacing_mm)
    return tuple(round(number, 2) + 0.0 for number in numbers)  # + 0.0 turns -0.0 into 0.0


def _series_of(group: Sequence[Slice]) -> list[Series]:
    """Return one series, or one for each phase where pictures lie in one place."""
    if _is_slide(group[0].header):
        return [_series(sorted(group, key=_level_order), None)]
    stack = stack_of([one.plane for one in group])
    if stack is not None:
        return [_series([group[place] for place in stack.order], stack)]
    if any(one.plane is None for one in group):
        notes = (_UNSORTED,) if len(group) > 1 else ()
        return [replace(_series(sorted(group, key=lambda one: one.number), None), notes=notes)]
    return [
        _series([phase[place] for place in stack.order], stack)
        for phase in _phases(group)
        if (stack := stack_of([one.plane for one in phase])) is not None
    ]


def _series(slices: Sequence[Slice], stack: Stack | None) -> Series:
    header = slices[0].header
    return Series(
        title=header.text("SeriesDescription") or slices[0].source.name,
        modality=header.text("Modality"),
        width=header.whole("Columns"),
        height=header.whole("Rows"),
        slices=tuple(slices),
        notes=stack.notes() if stack else (),
    )


def _phases(group: Sequence[Slice]) -> list[list[Slice]]:
    """Return pictures of several phases apart, by the first attribute that does it."""
    for keyword in _PHASES:
        apart: dict[str, list[Slice]] = defaultdict(list)
        for one in group:
            apart[one.header.text(keyword)].append(one)
        if all(stack_of([one.plane for one in phase]) is not None for phase in apart.values()):
            return list(apart.values())
    return _rounds(group)


def _rounds(group: Sequence[Slice]) -> list[list[Slice]]:
    """Return the first picture of each place, then the second ones, by image number."""
    planes = [one.plane for one in group if one.plane is not None]
    places = distances_mm(planes, stack_normal(planes[0]))
    rounds: list[list[Slice]] = []
    taken: dict[float, int] = defaultdict(int)
    for one, place in sorted(zip(group, places, strict=True), key=lambda pair: pair[0].number):
        key = round(float(place), 1)
        if taken[key] == len(rounds):
            rounds.append([])
        rounds[taken[key]].append(one)
        taken[key] += 1
    return rounds
