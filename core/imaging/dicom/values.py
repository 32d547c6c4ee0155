"""Numbers and codes of a DICOM header straight from their bytes: a stack asks for very many.

pydicom builds an object of its own for each value, which costs ten times as much as the value.
"""

import struct
from functools import cache
from typing import Final

from pydicom import Dataset
from pydicom.datadict import dictionary_VR
from pydicom.dataelem import RawDataElement
from pydicom.tag import BaseTag

_DECIMALS: Final = ("DS", "IS")
_WORDS: Final = {"US": "H", "SS": "h", "UL": "I", "SL": "i", "FL": "f", "FD": "d"}
_CODE: Final = "CS"


def raw_numbers(dataset: Dataset, tag: BaseTag) -> tuple[float, ...] | None:
    """Return the numbers of a value that nobody has read yet; None where pydicom has to.

    Raises `ValueError` where the bytes are no numbers.
    """
    raw = _raw(dataset, tag)
    if raw is None or not raw.value:
        return None
    kind, content = raw.VR or _usual_kind(tag), raw.value
    if kind in _DECIMALS:
        text = content.decode("ascii").strip(" \0")
        return tuple(float(part) for part in text.split("\\")) if text else None
    word = _WORDS.get(kind)
    if word is None:
        return None
    count = len(content) // struct.calcsize(word)
    order = "<" if raw.is_little_endian else ">"
    return tuple(map(float, struct.unpack(f"{order}{count}{word}", content)))


def raw_code(dataset: Dataset, tag: BaseTag) -> str | None:
    """Return a code string that nobody has read yet; None where pydicom has to."""
    raw = _raw(dataset, tag)
    if raw is None or not raw.value or (raw.VR or _usual_kind(tag)) != _CODE:
        return None
    return raw.value.decode().strip(" \0") if raw.value.isascii() else None


def _raw(dataset: Dataset, tag: BaseTag) -> RawDataElement | None:
    raw = dataset.get_item(tag)
    return raw if isinstance(raw, RawDataElement) else None


@cache
def _usual_kind(tag: BaseTag) -> str:
    """Return the value representation that an implicit data set leaves out."""
    return dictionary_VR(tag)
