"""What DICOM objects made here share: who made them, and for whose pictures."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Final

import pydicom
from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian, generate_uid

from core.imaging.dicom.header import Header

_COPIED: Final = (
    "PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyInstanceUID", "StudyDate",
    "StudyTime", "StudyID", "AccessionNumber", "ReferringPhysicianName", "SpecificCharacterSet",
)  # fmt: skip
"""Patient and study are those of the pictures: an object without them belongs to nobody."""
_EMPTY: Final = (
    "PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime",
    "StudyID", "AccessionNumber", "ReferringPhysicianName",
)  # fmt: skip
"""Must be there, and may be empty."""


def new_object(source: Header, kind: UID, modality: str, *, made_at: datetime) -> Dataset:
    """Return an object of the same study as `source`, in a series of its own."""
    made = Dataset()
    for keyword in _EMPTY:
        setattr(made, keyword, "")
    for keyword in _COPIED:
        if keyword in source.dataset:
            made[keyword] = source.dataset[keyword]
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made.file_meta.MediaStorageSOPClassUID = made.SOPClassUID = kind
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID = generate_uid()
    made.SeriesInstanceUID = generate_uid()
    made.SeriesNumber, made.InstanceNumber, made.Modality = 1, 1, modality
    made.Manufacturer, made.ManufacturerModelName = "", "Asclepius"
    made.DeviceSerialNumber, made.SoftwareVersions = "0", "0"
    made.ContentDate, made.ContentTime = f"{made_at:%Y%m%d}", f"{made_at:%H%M%S}"
    made.SeriesDate, made.SeriesTime = made.ContentDate, made.ContentTime
    return made


def reference(source: Header, *, frame: int | None = None) -> Dataset:
    """Return an item that points at a picture, or at one of its frames (counted from 0)."""
    found = item(
        ReferencedSOPClassUID=source.text("SOPClassUID"),
        ReferencedSOPInstanceUID=source.text("SOPInstanceUID"),
    )
    if frame is not None and source.whole("NumberOfFrames", 1) > 1:
        found.ReferencedFrameNumber = frame + 1
    return found


def item(**attributes: object) -> Dataset:
    """Return a sequence item."""
    made = Dataset()
    for keyword, value in attributes.items():
        setattr(made, keyword, value)
    return made


def code(value: str, scheme: str, meaning: str) -> Dataset:
    """Return a coded concept."""
    return item(CodeValue=value, CodingSchemeDesignator=scheme, CodeMeaning=meaning)


def file_bytes(made: Dataset) -> bytes:
    """Return an object as a file."""
    out = BytesIO()
    pydicom.dcmwrite(out, made, enforce_file_format=True)
    return out.getvalue()


def instances(sources: Sequence[Header]) -> list[Dataset]:
    """Return items that point at every picture, grouped by series."""
    series: dict[str, list[Dataset]] = {}
    for source in sources:
        series.setdefault(source.text("SeriesInstanceUID"), []).append(reference(source))
    return [
        item(SeriesInstanceUID=uid, ReferencedInstanceSequence=found, ReferencedSOPSequence=found)
        for uid, found in series.items()
    ]
