"""What in a file could tell who the patient is: header attributes, text, burned-in writing."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import tifffile
from PIL import ExifTags, Image
from pydicom import DataElement, Dataset
from pydicom._uid_dict import UID_dictionary

from core.errors import ImageError
from core.imaging.clearing.facts import SCHEMAS
from core.imaging.clearing.terms import (
    HARMLESS_ATTRIBUTES,
    IDENTIFYING_ATTRIBUTES,
    IDENTIFYING_PREFIX,
    IDENTIFYING_VALUES,
    OFTEN_WRITTEN_ON,
    TIFF_STRUCTURE,
)
from core.imaging.dicom.header import Header, read_header
from core.imaging.extent import Extent, extent_at, extent_of
from core.imaging.load import bytes_of, open_source
from core.imaging.nifti import header_texts
from core.imaging.quiet import FOREIGN_ERRORS, translated
from core.imaging.raster import opened
from core.imaging.series.file import series_members
from core.imaging.series.packed_files import Source
from core.imaging.tiff_file import tiff_file
from core.imaging.whole import WHOLE_BYTES

_LONGEST_VALUE: Final = 200
_PRIVATE: Final = "Private attribute"
"""Told last: a scanner writes a hundred of them, which would bury the name."""


@dataclass(frozen=True, slots=True)
class Finding:
    """An attribute that could identify; `value` is for the author's eyes and never kept."""

    attribute: str
    tag: str
    value: str


@dataclass(frozen=True, slots=True)
class Scan:
    """All findings, and a sentence on writing in the picture itself (empty: none is likely)."""

    findings: tuple[Finding, ...]
    burned_in_risk: str


def scan(source: Source, *, name: str) -> Scan:
    """Look for whatever could identify; raise `ImageError` when the file cannot be read.

    Of a file on the disk no more is in memory at a time than has to be.
    """
    image = open_source(source, name=name)
    match image.media_type:
        case "application/dicom":
            _require_held(source, name)
            data = bytes_of(source, name=name)
            header = read_header(data, name=name)
            found = _in_dicom(data, header)
            risk = _dicom_risk(header)
        case "application/zip":
            return _in_series(source, name)
        case "application/x-nifti":
            texts = header_texts(bytes_of(source, name=name), name=name)
            found = [Finding(f"NIfTI {field}", "", _shown(text)) for field, text in texts]
            risk = _FACE_RISK
        case "image/tiff":
            with translated(name, "the TIFF file is damaged"):
                extent = extent_at(source) if isinstance(source, Path) else extent_of(source)
                found, is_ours = list(_in_tiff(extent)), _is_ours(extent)
            risk = "" if is_ours else _PICTURE_RISK
        case _:
            kind = image.media_type.removeprefix("image/").upper()
            data = bytes_of(source, name=name)
            with translated(name, "the picture file is damaged", Image.DecompressionBombError):
                found = list(_in_picture(data, kind))
            risk = _PICTURE_RISK
    return Scan(tuple(dict.fromkeys(found)), risk)


def _require_held(source: Source, name: str) -> None:
    if isinstance(source, Path) and source.stat().st_size > WHOLE_BYTES:
        raise ImageError(
            f"“{name}” can be looked at, but not cleared of patient data: of a DICOM file that is "
            f"done up to {WHOLE_BYTES >> 20:,} MB.",
            hint="Export fewer frames of it, or of a slide a TIFF pyramid, and use that.",
        )


_PICTURE_RISK: Final = (
    "A picture file does not say whether names or dates are written in it: look at every edge."
)


_FACE_RISK: Final = (
    "A volume of a head shows the face: consider whether the frames in use could be recognized."
)


def _in_series(source: Source, name: str) -> Scan:
    """Look into every file of a series; an attribute that all of them hold is told once."""
    found: dict[tuple[str, str], Finding] = {}
    risk = ""
    for number, member in enumerate(series_members(source, name=name), start=1):
        header = read_header(member, name=f"{name}, file {number}")
        risk = risk or _dicom_risk(header)
        for finding in _in_dicom(member, header):
            found.setdefault((finding.attribute, finding.tag), finding)
    return Scan(tuple(found.values()), risk)


def _in_dicom(data: bytes, header: Header) -> list[Finding]:
    with translated(header.name, "its DICOM header is damaged"):
        found = list(_in_dataset(header.dataset.file_meta, ""))
        found += _in_dataset(header.dataset, "")
    if data[128:132] == b"DICM" and any(data[:128]):
        found.append(Finding("File preamble", "", _shown(data[:128])))
    return sorted(found, key=lambda finding: finding.attribute.startswith(_PRIVATE))


def _in_dataset(dataset: Dataset, place: str) -> Iterator[Finding]:
    for tag in sorted(dataset.keys()):
        try:
            element = dataset[tag]
        except FOREIGN_ERRORS:
            yield Finding(f"Unreadable attribute{place}", str(tag), "")
            continue
        if element.VR == "SQ":
            inside = f" in {element.name}{place}"
            if _is_identifying(element):
                yield Finding(f"{_name(element)}{place}", str(tag), _shown(element.value))
            for item in element.value or ():
                yield from _in_dataset(item, inside)
        elif not _is_empty(element.value) and _is_identifying(element):
            yield Finding(f"{_name(element)}{place}", str(tag), _shown(element.value))


def _is_identifying(element: DataElement) -> bool:
    if element.tag.is_private:
        return element.VR != "SQ"
    if element.keyword in HARMLESS_ATTRIBUTES:
        return False
    if element.VR == "UI":
        many = [element.value] if isinstance(element.value, str) else list(element.value)
        return any(str(one) not in UID_dictionary for one in many)
    return (
        element.VR in IDENTIFYING_VALUES
        or element.keyword in IDENTIFYING_ATTRIBUTES
        or element.keyword.startswith(IDENTIFYING_PREFIX)
        or not element.keyword  # unknown, or of an overlay or a curve
    )


def _is_empty(value: Any) -> bool:  # DICOM's own value types
    return value is None or (hasattr(value, "__len__") and len(value) == 0)


def _name(element: DataElement) -> str:
    if element.tag.is_private:
        known = element.name.startswith("[")
        return f"{_PRIVATE} {element.name[1:-1] if known else element.tag}"
    return str(element.name)


def _shown(value: Any) -> str:  # DICOM's own value types
    if isinstance(value, bytes):
        text = value[:_LONGEST_VALUE].decode("latin-1").strip("\0 ")
        return text if text.isprintable() else f"{len(value):,} bytes"
    return str(value)[:_LONGEST_VALUE]


def _dicom_risk(header: Header) -> str:
    kind, modality = header.text("ImageType").upper(), header.text("Modality")
    if header.text("SpecimenLabelInImage").upper() == "YES":
        return "The file itself says that the label of the slide is in the picture."
    if header.text("BurnedInAnnotation").upper() == "YES":
        return "The file itself says that text is burned into the picture."
    if header.items("SequenceOfUltrasoundRegions"):
        return "Ultrasound: names and dates often stand outside the scanned region."
    if "SCREEN" in kind or "SECONDARY" in kind or modality == "SC":
        return "A captured or derived picture: names and dates may be written in it."
    if modality in OFTEN_WRITTEN_ON or not modality:
        return f"{modality or 'This kind of'} pictures often carry writing: look at every edge."
    return ""


def _in_picture(data: bytes, kind: str) -> Iterator[Finding]:
    with opened(data, kind) as picture:
        if kind == "PNG":  # texts may stand behind the pixels; other formats have them in front
            picture.load()
        for number, value in picture.getexif().items():
            if number != 0x0112:  # the orientation is applied, not kept
                yield Finding(_exif_name(number), f"EXIF {number:#06x}", _shown(value))
        for block in (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo):
            for number, value in picture.getexif().get_ifd(block).items():
                yield Finding(_exif_name(number, block), f"EXIF {number:#06x}", _shown(value))
        for key, value in picture.info.items():
            if isinstance(value, str | bytes) and value and key not in ("exif", "transparency"):
                yield Finding(_INFO_NAMES.get(str(key), f"Text “{key}”"), "", _shown(value))
    end = _end_of(data, kind)
    if data[end:].strip(b"\0"):
        yield Finding("Bytes after the picture", "", f"{len(data) - end:,} bytes")


def _end_of(data: bytes, kind: str) -> int:
    """Return where a file should end; what lies behind is no picture."""
    match kind:
        case "PNG":
            return data.rfind(b"IEND") + 8
        case "WEBP":
            return int.from_bytes(data[4:8], "little") + 8
        case "BMP":
            return int.from_bytes(data[2:6], "little") or len(data)
        case _:
            return data.rfind(b"\xff\xd9") + 2


_INFO_NAMES: Final = {
    "icc_profile": "Color profile",
    "comment": "Comment",
    "xmp": "XMP description",
    "photoshop": "IPTC description",
}


def _exif_name(number: int, block: int = 0) -> str:
    names = ExifTags.GPSTAGS if block == ExifTags.IFD.GPSInfo else ExifTags.TAGS
    return str(names.get(number, f"EXIF tag {number}"))


def _in_tiff(extent: Extent) -> Iterator[Finding]:
    with tiff_file(extent) as file:
        for page in file.pages:
            if not isinstance(page, tifffile.TiffPage):
                continue
            for tag in page.tags:
                is_ours = tag.code == 270 and _has_schema(str(tag.value))
                if tag.code not in TIFF_STRUCTURE and not is_ours and not _is_empty(tag.value):
                    yield Finding(tag.name, f"TIFF {tag.code}", _shown(tag.value))


def _is_ours(extent: Extent) -> bool:
    with tiff_file(extent) as file:
        page = file.pages[0]
        return isinstance(page, tifffile.TiffPage) and _has_schema(page.description)


def _has_schema(text: str) -> bool:
    return any(schema in text for schema in SCHEMAS)
