"""Outlines as DICOM Structured Reports of image measurements (PS3.16 TID 1500), in and out."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from pydicom import Dataset
from pydicom.uid import Comprehensive3DSRStorage, ComprehensiveSRStorage, EnhancedSRStorage

from core.domain.region import Point, Region, RegionKind
from core.errors import ImageError, ValidationError
from core.imaging.dicom.header import Header, read_header
from core.imaging.dicom.writing import code, file_bytes, instances, item, new_object, reference
from core.imaging.marks.measure import Statistics
from core.imaging.marks.shapes import box_of
from core.imaging.quiet import translated

_REPORTS: Final = (ComprehensiveSRStorage, Comprehensive3DSRStorage, EnhancedSRStorage)
_TRACKING: Final = "112039"
_UNITS: Final = {
    "HU": ("[hnsf'U]", "UCUM", "Hounsfield unit"),
    "mm²": ("mm2", "UCUM", "square millimeter"),
}
_NO_UNITS: Final = ("1", "UCUM", "no units")
_MOST_DEPTH: Final = 50


def write_sr(
    sources: Sequence[bytes],
    regions: Sequence[Region],
    *,
    made_at: datetime,
    measured: Sequence[Statistics | None] = (),
) -> bytes:
    """Return a report with one measurement group for each region, with its statistics if given.

    `sources` are the DICOM files that the regions' frames count through. Raises `ImageError` for
    masks, which a Segmentation holds, and for frames without a picture.
    """
    headers = [read_header(data, name=f"picture {n}") for n, data in enumerate(sources, start=1)]
    if not headers or not regions:
        raise ImageError("There are no regions to write.", hint="Mark a region first.")
    made = new_object(headers[0], ComprehensiveSRStorage, "SR", made_at=made_at)
    made.CompletionFlag, made.VerificationFlag = "PARTIAL", "UNVERIFIED"
    made.ReferencedPerformedProcedureStepSequence, made.PerformedProcedureCodeSequence = [], []
    study = item(StudyInstanceUID=made.StudyInstanceUID, ReferencedSeriesSequence=_series(headers))
    made.CurrentRequestedProcedureEvidenceSequence = [study]
    groups = []
    for place, region in enumerate(regions):
        found = measured[place] if place < len(measured) else None
        groups.append(_group(headers, region, found))
    made.ValueType, made.ContinuityOfContent = "CONTAINER", "SEPARATE"
    made.ConceptNameCodeSequence = [code("126000", "DCM", "Imaging Measurement Report")]
    template = item(MappingResource="DCMR", TemplateIdentifier="1500")
    made.ContentTemplateSequence = [template]
    made.ContentSequence = [
        _coded("HAS CONCEPT MOD", ("121049", "DCM", "Language of Content Item and Descendants"),
               ("en-US", "RFC5646", "English (United States)")),
        _coded("HAS CONCEPT MOD", ("121058", "DCM", "Procedure reported"),
               ("363679005", "SCT", "Imaging procedure")),
        _container(("126010", "DCM", "Imaging Measurements"), groups),
    ]  # fmt: skip
    return file_bytes(made)


def _series(headers: Sequence[Header]) -> list[Dataset]:
    found = instances(headers)
    for series in found:
        del series.ReferencedInstanceSequence
    return found


def _group(headers: Sequence[Header], region: Region, measured: Statistics | None) -> Dataset:
    text = item(
        RelationshipType="HAS OBS CONTEXT",
        ValueType="TEXT",
        ConceptNameCodeSequence=[code(_TRACKING, "DCM", "Tracking Identifier")],
        TextValue=region.label or "Region",
    )
    content = [text, _outline(headers, region)]
    if measured is not None:
        unit = _UNITS.get(measured.unit, _NO_UNITS)
        content.append(_number(("373098007", "SCT", "Mean"), measured.mean, unit))
        content.append(_number(("386136009", "SCT", "Standard deviation"), measured.sd, unit))
        if measured.area.unit == "mm²":
            area = ("42798000", "SCT", "Area")
            content.append(_number(area, measured.area.value, _UNITS["mm²"]))
    return _container(("125007", "DCM", "Measurement Group"), content)


def _outline(headers: Sequence[Header], region: Region) -> Dataset:
    kind, points = _graphic(region)
    is_multi = len(headers) == 1
    place = 0 if is_multi else region.frame
    count = headers[0].whole("NumberOfFrames", 1) if is_multi else len(headers)
    if region.frame >= count:
        raise ImageError(
            f"A region lies on frame {region.frame + 1}, for which there is no DICOM picture.",
            hint="Export regions of the original series.",
        )
    image = item(
        RelationshipType="SELECTED FROM",
        ValueType="IMAGE",
        ReferencedSOPSequence=[reference(headers[place], frame=region.frame if is_multi else None)],
    )
    return item(
        RelationshipType="CONTAINS",
        ValueType="SCOORD",
        ConceptNameCodeSequence=[code("111030", "DCM", "Image Region")],
        GraphicType=kind,
        GraphicData=[float(part) for point in points for part in point],
        ContentSequence=[image],
    )


def _graphic(region: Region) -> tuple[str, list[Point]]:
    """Return DICOM's kind and points; its origin, too, is the corner of the first pixel."""
    points = list(region.points)
    match region.kind:
        case RegionKind.POINT:
            return "POINT", points
        case RegionKind.ARROW:
            return "POLYLINE", points
        case RegionKind.BOX:
            (left, top), (right, bottom) = points
            corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
            return "POLYLINE", corners
        case RegionKind.ELLIPSE:
            return "ELLIPSE", _axes(points)
        case RegionKind.MASK:
            raise ImageError(
                "A mask cannot be written into a report.", hint="Export masks as a segmentation."
            )
        case _:
            return "POLYLINE", [*points, points[0]]


def _axes(corners: Sequence[Point]) -> list[Point]:
    """Return the ends of the major axis, then of the minor one."""
    (x, y), (u, v) = corners
    across = [(min(x, u), (y + v) / 2), (max(x, u), (y + v) / 2)]
    down = [((x + u) / 2, min(y, v)), ((x + u) / 2, max(y, v))]
    return across + down if abs(u - x) >= abs(v - y) else down + across


def _container(concept: tuple[str, str, str], content: list[Dataset]) -> Dataset:
    return item(
        RelationshipType="CONTAINS",
        ValueType="CONTAINER",
        ConceptNameCodeSequence=[code(*concept)],
        ContinuityOfContent="SEPARATE",
        ContentSequence=content,
    )


def _coded(relation: str, concept: tuple[str, str, str], value: tuple[str, str, str]) -> Dataset:
    return item(
        RelationshipType=relation,
        ValueType="CODE",
        ConceptNameCodeSequence=[code(*concept)],
        ConceptCodeSequence=[code(*value)],
    )


def _number(concept: tuple[str, str, str], value: float, unit: tuple[str, str, str]) -> Dataset:
    measured = item(NumericValue=f"{value:.10g}", MeasurementUnitsCodeSequence=[code(*unit)])
    return item(
        RelationshipType="CONTAINS",
        ValueType="NUM",
        ConceptNameCodeSequence=[code(*concept)],
        MeasuredValueSequence=[measured],
    )


def read_sr(data: bytes, sources: Sequence[bytes], *, name: str) -> list[Region]:
    """Return the outlines of a report that lie on the given pictures.

    Raises `ImageError` where the file is no report, is damaged or belongs to other pictures.
    """
    header = read_header(data, name=name)
    if header.text("SOPClassUID") not in _REPORTS:
        raise header.error(f"it is no report of measurements ({header.kind() or 'DICOM object'})")
    frames: dict[tuple[str, int], int] = {}
    for number, source in enumerate(sources, start=1):
        picture = read_header(source, name=f"picture {number}")
        for own in range(picture.whole("NumberOfFrames", 1)):
            frames[picture.text("SOPInstanceUID"), own] = len(frames)
    with translated(name, "its regions are not readable", ValidationError):
        found = list(_regions(header, header.dataset, frames, ""))
    known = [region for region in found if region is not None]
    if found and not known:
        raise header.error("it belongs to other pictures")
    return known


def _regions(
    header: Header, node: Dataset, frames: dict[tuple[str, int], int], label: str, depth: int = 0
) -> Iterator[Region | None]:
    if depth > _MOST_DEPTH:
        raise ValueError("a report of bottomless depth")
    content = header.items("ContentSequence", node)
    for child in content:
        if child.get("ValueType") == "TEXT" and _concept(header, child) == _TRACKING:
            label = header.text("TextValue", child)
    for child in content:
        if child.get("ValueType") == "SCOORD":
            yield _region(header, child, frames, label)
        yield from _regions(header, child, frames, label, depth + 1)


def _concept(header: Header, node: Dataset) -> str:
    found = header.items("ConceptNameCodeSequence", node)
    return header.text("CodeValue", found[0]) if found else ""


def _region(
    header: Header, node: Dataset, frames: dict[tuple[str, int], int], label: str
) -> Region | None:
    for child in header.items("ContentSequence", node):
        for source in header.items("ReferencedSOPSequence", child):
            own = int(header.number("ReferencedFrameNumber", 1, source)) - 1
            frame = frames.get((header.text("ReferencedSOPInstanceUID", source), own))
            if frame is not None:
                return _shape(header, node, frame, label)
    return None


def _shape(header: Header, node: Dataset, frame: int, label: str) -> Region:
    numbers = header.numbers("GraphicData", node)
    points = tuple(zip(numbers[::2], numbers[1::2], strict=True))
    match header.text("GraphicType", node):
        case "POINT":
            return Region(RegionKind.POINT, points, frame, label)
        case "CIRCLE":
            (x, y), edge = points
            radius = ((edge[0] - x) ** 2 + (edge[1] - y) ** 2) ** 0.5
            corners = ((x - radius, y - radius), (x + radius, y + radius))
            return Region(RegionKind.ELLIPSE, corners, frame, label)
        case "ELLIPSE":
            xs, ys = [x for x, _ in points], [y for _, y in points]
            corners = ((min(xs), min(ys)), (max(xs), max(ys)))
            return Region(RegionKind.ELLIPSE, corners, frame, label)
        case "POLYLINE" if len(points) == 2:
            return Region(RegionKind.ARROW, points, frame, label)
        case "POLYLINE":
            return _closed(points[:-1] if points[0] == points[-1] else points, frame, label)
        case other:
            raise ValueError(other)


def _closed(points: tuple[Point, ...], frame: int, label: str) -> Region:
    if corners := box_of(points):
        return Region(RegionKind.BOX, corners, frame, label)
    return Region(RegionKind.POLYGON, points, frame, label)
