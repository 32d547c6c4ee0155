"""Regions as DICOM Segmentation objects, in and out (PS3.3 A.51)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import numpy as np
from pydicom import Dataset
from pydicom.uid import SegmentationStorage, generate_uid

from core.domain.region import Region
from core.errors import ImageError
from core.imaging.dicom.geometry import read_plane
from core.imaging.dicom.header import Header, read_header
from core.imaging.dicom.pixels import decode, frame_count
from core.imaging.dicom.writing import code, file_bytes, instances, item, new_object, reference
from core.imaging.display import Mask
from core.imaging.geometry import Plane
from core.imaging.marks.mask import mask_of, mask_region

_HALF: Final = 0.5
_SAME_PLACE_MM: Final = 0.5
_TISSUE: Final = ("85756007", "SCT", "Tissue")


def write_seg(sources: Sequence[bytes], regions: Sequence[Region], *, made_at: datetime) -> bytes:
    """Return a binary Segmentation: one segment for each label, one frame for each marked slice.

    `sources` are the DICOM files that the regions' frames count through: one for each frame, or
    one multi-frame file. Raises `ImageError` where they do not hold a region's frame.
    """
    headers = [read_header(data, name=f"picture {n}") for n, data in enumerate(sources, start=1)]
    if not headers or not regions:
        raise ImageError("There are no regions to write.", hint="Mark a region first.")
    first = headers[0]
    rows, columns = first.whole("Rows"), first.whole("Columns")
    labels = list(dict.fromkeys(region.label or "Region" for region in regions))
    masks: dict[tuple[int, int], Mask] = {}
    for region in regions:
        key = (labels.index(region.label or "Region") + 1, region.frame)
        mask = mask_of(region, columns, rows)
        masks[key] = masks[key] | mask if key in masks else mask
    made = new_object(first, SegmentationStorage, "SEG", made_at=made_at)
    _describe(made, first, (rows, columns, len(masks)), labels)
    made.ReferencedSeriesSequence = instances(headers)
    for series in made.ReferencedSeriesSequence:
        del series.ReferencedSOPSequence
    bits = [masks[key].reshape(-1) for key in sorted(masks)]
    packed = np.packbits(np.concatenate(bits), bitorder="little").tobytes()
    made.PixelData = packed + b"\0" * (len(packed) % 2)
    made["PixelData"].VR = "OB"
    groups = [_frame_group(_source_of(headers, frame), number) for number, frame in sorted(masks)]
    _fill_dimensions(made, groups)
    return file_bytes(made)


def _describe(made: Dataset, first: Header, size: tuple[int, int, int], labels: list[str]) -> None:
    made.ImageType = ["DERIVED", "PRIMARY"]
    made.Rows, made.Columns, made.NumberOfFrames = size
    made.SamplesPerPixel, made.PhotometricInterpretation = 1, "MONOCHROME2"
    made.BitsAllocated = made.BitsStored = 1
    made.HighBit = made.PixelRepresentation = 0
    made.LossyImageCompression = "00"
    made.SegmentationType, made.SegmentsOverlap = "BINARY", "UNDEFINED"
    made.ContentLabel, made.ContentDescription = "REGIONS", "Regions marked by a reader"
    made.ContentCreatorName = ""
    made.FrameOfReferenceUID = first.text("FrameOfReferenceUID") or generate_uid()
    made.PositionReferenceIndicator = ""
    made.SegmentSequence = [
        item(
            SegmentNumber=number,
            SegmentLabel=label[:64],
            SegmentAlgorithmType="MANUAL",
            SegmentedPropertyCategoryCodeSequence=[code(*_TISSUE)],
            SegmentedPropertyTypeCodeSequence=[code(*_TISSUE)],
        )
        for number, label in enumerate(labels, start=1)
    ]


def _source_of(headers: Sequence[Header], frame: int) -> tuple[Header, int]:
    """Return the file of a frame and the frame's number in it."""
    if len(headers) == 1 and frame < frame_count(headers[0]):
        return headers[0], frame
    if len(headers) > 1 and frame < len(headers):
        return headers[frame], 0
    raise ImageError(
        f"A region lies on frame {frame + 1}, for which there is no DICOM picture.",
        hint="Export regions of the original series.",
    )


def _frame_group(source: tuple[Header, int], segment: int) -> Dataset:
    header, frame = source
    group = item(
        SegmentIdentificationSequence=[item(ReferencedSegmentNumber=segment)],
        DerivationImageSequence=[
            item(
                DerivationCodeSequence=[code("113076", "DCM", "Segmentation")],
                SourceImageSequence=[_source_item(header, frame)],
            )
        ],
    )
    plane = read_plane(header, frame)
    if plane is not None:
        _place(group, plane, header)
    return group


def _source_item(header: Header, frame: int) -> Dataset:
    found = reference(header, frame=frame)
    purpose = code("121322", "DCM", "Source image for image processing operation")
    found.PurposeOfReferenceCodeSequence = [purpose]
    return found


def _place(group: Dataset, plane: Plane, header: Header) -> None:
    position = [round(float(part), 6) for part in plane.origin_mm]
    cosines = [round(float(part), 9) for part in (*plane.across, *plane.down)]
    thickness = header.number("SliceThickness", 1.0) or 1.0
    group.PlanePositionSequence = [item(ImagePositionPatient=position)]
    group.PlaneOrientationSequence = [item(ImageOrientationPatient=cosines)]
    measures = item(PixelSpacing=list(plane.spacing_mm), SliceThickness=thickness)
    group.PixelMeasuresSequence = [measures]


def _fill_dimensions(made: Dataset, groups: list[Dataset]) -> None:
    organization = generate_uid()
    made.DimensionOrganizationSequence = [item(DimensionOrganizationUID=organization)]
    made.DimensionIndexSequence = [
        item(
            DimensionOrganizationUID=organization,
            DimensionIndexPointer=0x0062000B,
            FunctionalGroupPointer=0x0062000A,
            DimensionDescriptionLabel="ReferencedSegmentNumber",
        )
    ]
    for group in groups:
        number = group.SegmentIdentificationSequence[0].ReferencedSegmentNumber
        group.FrameContentSequence = [item(DimensionIndexValues=[number])]
    made.SharedFunctionalGroupsSequence = [Dataset()]
    made.PerFrameFunctionalGroupsSequence = groups


def read_seg(data: bytes, sources: Sequence[bytes], *, name: str) -> list[Region]:
    """Return the masks of a Segmentation, bound to the frames of its source pictures.

    A frame is found by the picture it points at, else by its place in the patient. Raises
    `ImageError` where the file is damaged or belongs to other pictures.
    """
    header = read_header(data, name=name)
    if header.text("SOPClassUID") != SegmentationStorage:
        raise header.error(f"it is no segmentation ({header.kind() or 'DICOM object'})")
    pictures = [read_header(one, name=f"picture {n}") for n, one in enumerate(sources, start=1)]
    places = _Places(pictures)
    labels = {
        int(header.number("SegmentNumber", 0, one)): header.text("SegmentLabel", one)
        for one in header.items("SegmentSequence")
    }
    size = {(one.whole("Rows"), one.whole("Columns")) for one in pictures}
    if size != {(header.whole("Rows"), header.whole("Columns"))}:
        raise header.error("its masks have another size than the pictures")
    masks: dict[tuple[int, int], Mask] = {}
    for index in range(frame_count(header)):
        frame = places.frame_of(header, index)
        mask = _mask(header, index)
        if frame is None:
            raise header.error("it belongs to other pictures")
        key = (_segment(header, index), frame)
        masks[key] = masks[key] | mask if key in masks else mask
    return [
        mask_region(mask, frame=frame, label=labels.get(segment, ""))
        for (segment, frame), mask in sorted(masks.items(), key=lambda pair: pair[0])
        if mask.any()
    ]


def _mask(header: Header, index: int) -> Mask:
    values = decode(header, index)
    if header.text("SegmentationType") == "FRACTIONAL":
        most = header.number("MaximumFractionalValue", 255.0)
        return np.asarray(values >= _HALF * most)
    return np.asarray(values > 0)


def _segment(header: Header, index: int) -> int:
    for group in header.groups(index, "SegmentIdentificationSequence"):
        numbers = header.numbers("ReferencedSegmentNumber", group)
        if numbers:
            return int(numbers[0])
    return 1


class _Places:
    """Finds the frame of a source picture by reference or by place."""

    def __init__(self, pictures: Sequence[Header]) -> None:
        self._by_uid: dict[tuple[str, int], int] = {}
        self._by_plane: list[tuple[Plane, int]] = []
        total = 0
        for picture in pictures:
            for own in range(frame_count(picture)):
                self._by_uid[picture.text("SOPInstanceUID"), own] = total
                plane = read_plane(picture, own)
                if plane is not None:
                    self._by_plane.append((plane, total))
                total += 1

    def frame_of(self, header: Header, index: int) -> int | None:
        for group in header.groups(index, "DerivationImageSequence"):
            for source in header.items("SourceImageSequence", group):
                own = int(header.number("ReferencedFrameNumber", 1, source)) - 1
                found = self._by_uid.get((header.text("ReferencedSOPInstanceUID", source), own))
                if found is not None:
                    return found
        plane = read_plane(header, index)
        if plane is None:
            return None
        for known, frame in self._by_plane:
            apart = np.subtract(plane.origin_mm, known.origin_mm)
            if float(np.linalg.norm(apart)) < _SAME_PLACE_MM:
                return frame
        return None
