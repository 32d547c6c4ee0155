"""Reading DICOM headers: bounded, without warnings, with sentences for what is wrong."""

import math
import zlib
from collections.abc import Iterator, Sequence
from functools import cache
from io import BytesIO
from typing import IO, Any, Final

import pydicom
from pydicom import Dataset
from pydicom._uid_dict import UID_dictionary
from pydicom.config import settings
from pydicom.datadict import dictionary_description, tag_for_keyword
from pydicom.multival import MultiValue
from pydicom.tag import BaseTag, Tag
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)
from pydicom.valuerep import BYTES_VR, STR_VR

from core.errors import ImageError
from core.imaging.dicom.values import raw_code, raw_numbers
from core.imaging.quiet import image_error, silence_logger, translated

MAX_INFLATED_BYTES: Final = 1 << 30
_META_START: Final = 132
_DAMAGED_HEADER: Final = "its DICOM header is damaged"

silence_logger("pydicom")


class Header:
    """A data set whose values are read one by one, with the file's name in every error.

    `notes` are sentences about what had to be assumed.
    """

    def __init__(self, dataset: Dataset, name: str, syntax: UID, notes: tuple[str, ...]) -> None:
        self.dataset = dataset
        self.name = name
        self.syntax = syntax
        self.notes = notes
        self._numbers: dict[str, tuple[float, ...]] = {}

    @property
    def is_little_endian(self) -> bool:
        """Whether numbers lie with their low byte first."""
        return self.syntax != ExplicitVRBigEndian

    def error(self, reason: str) -> ImageError:
        """Return the error for this file."""
        return image_error(self.name, reason)

    def value(self, keyword: str, within: Dataset | None = None) -> Any:  # DICOM's own value types
        """Return a raw value, None when absent or empty; raise `ImageError` naming its tag."""
        dataset = self.dataset if within is None else within
        tag = _tag_of(keyword)
        if tag is None or tag not in dataset:  # most are absent, and a stack asks very often
            return None
        with translated(self.name, f"its {tag_name(keyword)} cannot be read"):
            value = dataset[tag].value
        return None if value is None or value == "" else value

    def numbers(self, keyword: str, within: Dataset | None = None) -> tuple[float, ...]:
        """Return all numbers of a value; empty when absent."""
        if within is None and keyword in self._numbers:
            return self._numbers[keyword]
        dataset, tag = self.dataset if within is None else within, _tag_of(keyword)
        if tag is None or tag not in dataset:  # most are absent
            return ()
        with translated(self.name, f"its {tag_name(keyword)} is no number"):
            plain = raw_numbers(dataset, tag)
            numbers = self._converted(keyword, within) if plain is None else plain
        if not all(math.isfinite(number) for number in numbers):
            raise self.error(f"its {tag_name(keyword)} is no number")
        if within is None:
            self._numbers[keyword] = numbers
        return numbers

    def _converted(self, keyword: str, within: Dataset | None) -> tuple[float, ...]:
        value = self.value(keyword, within)
        if value is None:
            return ()
        many = [value] if isinstance(value, str | int | float) else list(value)
        return tuple(float(one) for one in many)

    def number(self, keyword: str, default: float, within: Dataset | None = None) -> float:
        """Return the first number of a value."""
        return (self.numbers(keyword, within) or (default,))[0]

    def whole(self, keyword: str, default: int | None = None) -> int:
        """Return a whole number; without a default it must be there."""
        numbers = self.numbers(keyword)
        if not numbers and default is not None:
            return default
        if not numbers or numbers[0] != int(numbers[0]):
            raise self.error(f"its {tag_name(keyword)} is missing or no whole number")
        return int(numbers[0])

    def text(self, keyword: str, within: Dataset | None = None) -> str:
        """Return a value as text, its parts joined by a backslash; empty when absent."""
        dataset, tag = self.dataset if within is None else within, _tag_of(keyword)
        if tag is None or tag not in dataset:
            return ""
        with translated(self.name, f"its {tag_name(keyword)} cannot be read"):
            code = raw_code(dataset, tag)
        if code is not None:
            return code
        value = self.value(keyword, within)
        if value is None:
            return ""
        if isinstance(value, MultiValue):
            return "\\".join(str(one) for one in value)
        return str(value).strip()

    def kind(self) -> str:
        """Return what sort of object the file says it is; empty when it does not say."""
        stated = self.text("SOPClassUID") or self.text(
            "MediaStorageSOPClassUID", self.dataset.file_meta
        )
        return UID(stated).name if UID(stated) in UID_dictionary else ""

    def items(self, keyword: str, within: Dataset | None = None) -> tuple[Dataset, ...]:
        """Return the items of a sequence; empty when absent."""
        value = self.value(keyword, within)
        if value is None:
            return ()
        if not isinstance(value, pydicom.Sequence):
            raise self.error(f"its {tag_name(keyword)} is no sequence")
        return tuple(value)

    def groups(self, frame: int, keyword: str) -> Iterator[Dataset]:
        """Yield what may hold a frame's values: its own group, the shared group, the top level."""
        own = self.items("PerFrameFunctionalGroupsSequence")
        shared = self.items("SharedFunctionalGroupsSequence")
        for group in (*own[frame : frame + 1], *shared[:1]):
            yield from self.items(keyword, group)[:1]
        yield self.dataset


@cache
def _tag_of(keyword: str) -> BaseTag | None:
    tag = tag_for_keyword(keyword)
    return None if tag is None else Tag(tag)


@cache
def tag_name(keyword: str) -> str:
    """Return an attribute as a person looks it up: “Rows (0028,0010)”."""
    tag = tag_for_keyword(keyword)
    if tag is None:
        return keyword
    return f"{dictionary_description(tag)} ({tag >> 16:04X},{tag & 0xFFFF:04X})"


def read_header(data: bytes, *, name: str) -> Header:
    """Parse a DICOM file, also one without preamble or transfer syntax; pixels stay encoded."""
    _check_inflated_size(data, name)
    with translated(name, _DAMAGED_HEADER):
        settings.reading_validation_mode = pydicom.config.IGNORE
        dataset = pydicom.dcmread(BytesIO(data), force=not _has_preamble(data))
        stated = dataset.file_meta.get("TransferSyntaxUID")
        if stated:
            return Header(dataset, name, UID(str(stated)), ())
        syntax = _guessed_syntax(dataset)
        dataset.file_meta.TransferSyntaxUID = syntax
    return Header(
        dataset, name, syntax, (f"The file names no transfer syntax; {syntax.name} was assumed.",)
    )


def read_first_part(
    file: IO[bytes], head: bytes, *, name: str, keywords: Sequence[str] | None = None
) -> Header:
    """Parse an open file without its pixels, or some attributes; `head` is its first kilobytes."""
    if DeflatedExplicitVRLittleEndian.encode() in head[_META_START : _META_START + 1024]:
        return read_header(file.read(), name=name)
    with translated(name, _DAMAGED_HEADER):
        settings.reading_validation_mode = pydicom.config.IGNORE
        dataset = pydicom.dcmread(
            file,
            force=not _has_preamble(head),
            stop_before_pixels=True,
            specific_tags=None if keywords is None else list(keywords),
        )
        stated = dataset.file_meta.get("TransferSyntaxUID")
        return Header(dataset, name, UID(str(stated)) if stated else _guessed_syntax(dataset), ())


def looks_like_dicom(data: bytes) -> bool:
    """Tell whether bytes start as DICOM: with the preamble, or with group 0002 or 0008.

    Without the preamble an explicit value representation or a short even length must follow.
    """
    if _has_preamble(data):
        return True
    group, element = data[:2], data[2:4]
    if len(data) < 8 or b"\0" not in (element[:1], element[1:]):
        return False
    has_vr = data[4:6].decode("latin-1") in STR_VR | BYTES_VR | {"SQ", "UL", "US"}
    length = int.from_bytes(data[4:8], "little")
    if group in (b"\2\0", b"\x08\0"):
        return has_vr or (length < 1024 and length % 2 == 0)
    return group in (b"\0\2", b"\0\x08") and has_vr


def _has_preamble(data: bytes) -> bool:
    return data[128:_META_START] == b"DICM"


def _guessed_syntax(dataset: Dataset) -> UID:
    is_implicit, is_little_endian = dataset.original_encoding
    if is_implicit:
        return ImplicitVRLittleEndian
    return ExplicitVRLittleEndian if is_little_endian else ExplicitVRBigEndian


def _check_inflated_size(data: bytes, name: str) -> None:
    """Refuse a deflated data set that would fill the memory; pydicom inflates without a limit."""
    if DeflatedExplicitVRLittleEndian.encode() not in data[_META_START : _META_START + 1024]:
        return
    with translated(name, _DAMAGED_HEADER):
        # Group length (0002,0000) is the first element: tag, VR, length, then four bytes.
        start = (
            _META_START + 12 + int.from_bytes(data[_META_START + 8 : _META_START + 12], "little")
        )
        inflater, total, rest = zlib.decompressobj(-zlib.MAX_WBITS), 0, data[start:]
        while rest and total <= MAX_INFLATED_BYTES and not inflater.eof:
            total += len(inflater.decompress(rest, 1 << 24))
            rest = inflater.unconsumed_tail
    if total > MAX_INFLATED_BYTES:
        raise image_error(name, "inflated, it is larger than one gigabyte")
