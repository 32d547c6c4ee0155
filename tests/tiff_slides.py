"""Made whole slides in TIFF as scanners write them: Aperio SVS, Hamamatsu NDPI, OME-TIFF."""

import base64
import io
import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import cv2
import imagecodecs
import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image
from pydicom.pixels.processing import convert_color_space

Colors = NDArray[np.uint8]
LEFT_COLOR, RIGHT_COLOR = (226, 160, 190), (92, 62, 140)
J2K_422 = (
    "eNr77/8/kEGfAQQ+QDEMoPKZ2RkZ2ZlA6H8QAw9QgJGBlYWFgfF/DIOwg4OHRwAy+p/CoMrA6FyUmliSmqKQVKngX5Ca"
    "5xXg6q5QllpUnJmfp2CkZ6pn8H8CAxfIbMaJQHMmn9+wRkny3hbrix6StQvuOlxJXVBRN/+h+TH+jrPzq7g1p9tNYZfh"
    "W88u49eq977R9/glByXZp3wSwRYp89l/WiTe8eQ/filE/EbefR3NG2VamxempsiuK3vW1WLXe/yGCIOS5KnyPVZSs/cy"
    "HPzMwSCuc4StZ3oy44EfhxvEb6z+zLvuxMHPwgymn7TcF7h6BadoMmg6Kjo/buSvP/iZh0Ex98x5j4sMCWlVm/Yf+HGk"
    "QUnyvJ+xlsbV5sMvtRiiWqdv/u9l+WehksjJHduffXjAzMlZf+DHsQazeTqJvJ/fXTtzaaY5/4EaFpDpiX8ynLMPvzRh"
    "6HQwPP/fcVHu6S0zGRgkPDx0ZhQnz7234JBT/MHPQgyRN6du/i/HYxT7t0mBSVGwamP8gR8nIDbV/5Xhe6vmwMAmJPTw"
    "l+d+T4WV+kCTVOu5JBgYDjl5+YFsBwn9i9x+VYGBmZNjr7SEh/eDOsb/DAWdoob+/31VwBRPPlQM5JB6XTBVx/z/JgCk"
    "PMwa"
)
"""A tile of 240 × 240 pixels, left and right of one color each: YCbCr with half the columns of
color (4:2:2), made by OpenJPEG's `opj_compress -F 240,240,3,8,u@1x1:2x1:2x1 -mct 0 -r 4`."""
APERIO = (
    "Aperio Image Library v11.2.1\r\n{width}x{height} (240x240) {kind} Q=70"
    "|AppMag = 20|ScanScope ID = Zq7Planted|Filename = Zq7Planted|MPP = 0.4990|Left = 25.6"
)
PHILIPS = (
    '<DataObject><Attribute Name="DICOM_PIXEL_SPACING" Group="0x0028">&quot;0.00025&quot;'
    ' &quot;0.00025&quot;</Attribute><Attribute Name="DICOM_PIXEL_SPACING" Group="0x0028">'
    "&quot;0.0005&quot; &quot;0.0005&quot;</Attribute></DataObject>"
)
WHITE_LABEL = np.full((300, 200, 3), 250, np.uint8)
PACKINGS = {
    "jpeg_rgb": ("jpeg", "rgb"),
    "jpeg_ybr": ("jpeg", "ycbcr"),
    "jpeg_jfif": ("jpeg", "rgb"),
    "jpeg_tables": ("jpeg", "ycbcr"),
    "jp2k_rgb": (33005, "rgb"),
    "jp2k_ybr": (33003, "rgb"),
}


def half_colored_tile() -> bytes:
    """Return a JPEG 2000 stream as older Aperio scanners write it."""
    return zlib.decompress(base64.b64decode(J2K_422))


def aperio(whole: Colors, *, packing: str, tile: int = 240, is_big: bool = False) -> bytes:
    """Return a slide as Aperio writes it: thumbnail, levels, label and a picture of the glass."""
    out = io.BytesIO()
    compression, photometric = PACKINGS[packing]
    with tifffile.TiffWriter(out, bigtiff=is_big) as writer:
        for step in (1, 0, 4, 16):
            if not step:
                writer.write(smaller(whole, 20), photometric="rgb", compression="jpeg")
                continue
            level = smaller(whole, step)
            height, width = level.shape[:2]
            streams = [packed(one, packing) for one in tiles_of(level, tile)]
            writer.write(
                iter(streams),
                shape=level.shape,
                dtype=np.uint8,
                photometric=photometric,
                tile=(tile, tile),
                compression=compression,
                subsampling=(1, 1) if photometric == "ycbcr" else None,
                jpegtables=tables_of(whole) if packing == "jpeg_tables" else None,
                description=APERIO.format(width=width, height=height, kind=packing),
                metadata=None,
            )
        writer.write(WHITE_LABEL, photometric="rgb", compression="lzw", subfiletype=1)
        writer.write(WHITE_LABEL[:, ::-1], photometric="rgb", compression="jpeg", subfiletype=9)
    if packing in ("jpeg_rgb", "jpeg_jfif"):  # the writer calls every JPEG YCbCr
        _call_rgb(out)
    return out.getvalue()


def aperio_half_colored() -> bytes:
    """Return a slide of two by two tiles of half the columns of color."""
    out = io.BytesIO()
    with tifffile.TiffWriter(out) as writer:
        writer.write(
            iter([half_colored_tile()] * 4),
            shape=(480, 480, 3),
            dtype=np.uint8,
            photometric="rgb",
            tile=(240, 240),
            compression=33003,
            description=APERIO.format(width=480, height=480, kind="J2K/YUV16"),
            metadata=None,
        )
    return out.getvalue()


def _call_rgb(written: io.BytesIO) -> None:
    written.seek(0)
    with tifffile.TiffFile(written) as file:
        for page in file.pages:
            if page.is_tiled:
                page.tags["PhotometricInterpretation"].overwrite(2)


def smaller(whole: Colors, step: int) -> Colors:
    """Return a picture so many times smaller."""
    size = (whole.shape[1] // step, whole.shape[0] // step)
    return np.asarray(cv2.resize(whole, size, interpolation=cv2.INTER_AREA)) if step > 1 else whole


def tiles_of(level: Colors, tile: int) -> Iterator[Colors]:
    """Yield tiles row by row; the last ones are filled up with black."""
    for top in range(0, level.shape[0], tile):
        for left in range(0, level.shape[1], tile):
            part = level[top : top + tile, left : left + tile]
            whole = np.zeros((tile, tile, 3), np.uint8)
            whole[: part.shape[0], : part.shape[1]] = part
            yield whole


def packed(tile: Colors, packing: str) -> bytes:
    """Return a tile as a scanner packs it."""
    if packing == "jp2k_rgb":
        return imagecodecs.jpeg2k_encode(tile, 90, codecformat="j2k")
    if packing == "jp2k_ybr":
        ybr = convert_color_space(tile, "RGB", "YBR_FULL")
        return imagecodecs.jpeg2k_encode(ybr, 90, codecformat="j2k", mct=False)
    if packing == "jpeg_rgb":
        rgb = {"colorspace": "RGB", "outcolorspace": "RGB"}
        return imagecodecs.jpeg8_encode(tile, 95, subsampling="444", **rgb)
    stream = imagecodecs.jpeg8_encode(tile, 95, subsampling="444")
    if packing == "jpeg_tables":
        return (
            b"\xff\xd8"
            + b"".join(b for m, b in segments(stream) if m not in _TABLES)
            + _rest(stream)
        )
    if packing == "jpeg_ybr":
        return b"\xff\xd8" + b"".join(b for m, b in segments(stream) if m != 0xE0) + _rest(stream)
    return stream


_TABLES = (0xDB, 0xC4, 0xE0)


def tables_of(whole: Colors) -> bytes:
    """Return the tables that all tiles share."""
    stream = imagecodecs.jpeg8_encode(whole[:240, :240], 95, subsampling="444")
    shared = b"".join(b for m, b in segments(stream) if m in (0xDB, 0xC4))
    return b"\xff\xd8" + shared + b"\xff\xd9"


def segments(stream: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the marker segments of a JPEG stream before its scan."""
    place = 2
    while stream[place + 1] != 0xDA:
        length = 2 + int.from_bytes(stream[place + 2 : place + 4], "big")
        yield stream[place + 1], stream[place : place + length]
        place += length


def _rest(stream: bytes) -> bytes:
    return stream[2 + sum(len(body) for _, body in segments(stream)) :]


def hamamatsu(whole: Colors, *, interval: int = 32, has_marks: bool = True) -> bytes:
    """Return a slide as Hamamatsu writes it: one JPEG a level, cut by restart markers."""
    out = io.BytesIO()
    with tifffile.TiffWriter(out) as writer:
        for step, lens in ((1, 20.0), (4, 5.0), (16, 1.25), (0, -1.0)):
            level = WHITE_LABEL if lens < 0 else smaller(whole, step)
            is_marked = has_marks and step in (1, 4)
            stream = jpeg_of(level, interval if is_marked else 0)
            writer.write(
                iter([stream]),
                shape=level.shape,
                dtype=np.uint8,
                photometric="ycbcr",
                compression="jpeg",
                rowsperstrip=level.shape[0],
                subsampling=(1, 1),
                resolution=(10_000 / 0.46 / max(1, step),) * 2,
                resolutionunit="CENTIMETER",
                metadata=None,
                extratags=[
                    (271, 2, 0, "Hamamatsu", True),
                    (65420, 4, 1, 1, True),
                    (65421, 11, 1, lens, True),
                    *([_starts(stream)] if is_marked else []),
                ],
            )
    return out.getvalue()


def write_wide(path: Path, slide: bytes, *, gap: int) -> None:
    """Write a slide of Hamamatsu with its pixels and lists so far apart that places need 64 bits.

    All that is not in the first kilobytes lies behind a hole of `gap` bytes. Upper halves of
    values stand behind the list of entries; those of restart markers have a tag of their own.
    """
    with tifffile.TiffFile(io.BytesIO(slide)) as file, path.open("wb") as out:
        out.write(b"II*\0" + bytes(8))
        out.seek(gap)
        link = 4
        for page in file.pages:
            entries = [_wide_entry(tag, slide, page, out) for tag in page.tags]
            marks = page.tags.get(65426)
            if marks is not None:  # as if more than 4 GB lay before them
                entries.append(_packed_at_end(65432, 4, bytes(4 * marks.count), out))
            entries.sort()
            begin = out.tell()
            out.write(struct.pack("<H", len(entries)))
            out.writelines(struct.pack("<HHII", *one[:3], one[3] & 0xFFFFFFFF) for one in entries)
            following = out.tell()
            out.write(bytes(8))
            out.writelines(struct.pack("<I", one[3] >> 32) for one in entries)
            end = out.tell()
            out.seek(link)
            out.write(struct.pack("<Q", begin))
            out.seek(end)
            link = following


Entry = tuple[int, int, int, int]
"""Number, type, count, and value or place."""


def _wide_entry(
    tag: tifffile.TiffTag, slide: bytes, page: tifffile.TiffPage, out: BinaryIO
) -> Entry:
    """Write what an entry points to, and return the entry."""
    size = tag.valuebytecount
    if tag.code == 273:
        (start,), (count,) = page.tags.valueof(273), page.tags.valueof(279)
        place = out.tell()
        out.write(slide[start : start + count])
        return tag.code, 4, 1, place
    content = slide[tag.valueoffset : tag.valueoffset + size]
    if size <= 4:
        return tag.code, int(tag.dtype), tag.count, int.from_bytes(content, "little")
    return _packed_at_end(tag.code, int(tag.dtype), content, out, tag.count)


def _packed_at_end(
    code: int, kind: int, content: bytes, out: BinaryIO, count: int | None = None
) -> Entry:
    place = out.tell()
    out.write(content)
    return code, kind, len(content) // 4 if count is None else count, place


def jpeg_of(level: Colors, interval: int) -> bytes:
    """Return a JPEG with a restart marker after so many blocks."""
    out = io.BytesIO()
    Image.fromarray(level).save(
        out, "JPEG", quality=95, subsampling=0, restart_marker_blocks=interval
    )
    return out.getvalue()


def _starts(stream: bytes) -> tuple[int, int, int, list[int], bool]:
    """Return the tag that says where the stretches between restart markers begin."""
    begin = len(stream) - len(_rest(stream))
    places = [begin + 2 + int.from_bytes(stream[begin + 2 : begin + 4], "big")]
    marks = re.finditer(rb"\xff[\xd0-\xd7]", stream[places[0] :])
    places += [places[0] + mark.end() for mark in marks]
    return (65426, 4, len(places), places, True)


def ome(
    whole: Colors, *, is_in_planes: bool = False, unit: str = "µm", size: float = 0.25
) -> bytes:
    """Return an OME-TIFF whose smaller levels lie below the first page (SubIFDs)."""
    out = io.BytesIO()
    facts = {
        "PhysicalSizeX": size,
        "PhysicalSizeXUnit": unit,
        "PhysicalSizeY": size,
        "PhysicalSizeYUnit": unit,
    }

    def shaped(level: Colors) -> Colors:
        return np.moveaxis(level, 2, 0) if is_in_planes else level

    options = {
        "photometric": "rgb",
        "tile": (256, 256),
        "compression": "zlib",
        "planarconfig": "separate" if is_in_planes else "contig",
    }
    with tifffile.TiffWriter(out, bigtiff=True, ome=True) as writer:
        axes = "CYX" if is_in_planes else "YXS"
        writer.write(shaped(whole), subifds=2, metadata={"axes": axes, **facts}, **options)
        for step in (4, 16):
            writer.write(shaped(smaller(whole, step)), subfiletype=1, metadata=None, **options)
    return out.getvalue()


def pages_of(
    pages: list[Colors],
    *,
    tile: tuple[int, int] | None = None,
    micron: float | None = None,
    unit: str = "CENTIMETER",
    stretch: float = 1.0,
    description: str = "",
    software: str = "",
    xmp: bytes = b"",
) -> bytes:
    """Return pages one after the other; all say the same of their size and where they come from."""
    out = io.BytesIO()
    per_unit = (25_400 if unit == "INCH" else 10_000) / micron if micron else 0
    resolution = {"resolution": (per_unit, per_unit / stretch), "resolutionunit": unit}
    with tifffile.TiffWriter(out) as writer:
        for page in pages:
            is_label = page is WHITE_LABEL
            writer.write(
                page,
                photometric="rgb" if page.shape[-1] == 3 else "minisblack",
                tile=None if is_label else tile,
                compression="zlib",
                description=description.encode() or None,
                software=software or None,
                metadata=None,
                extratags=[(700, 1, len(xmp), xmp, True)] if xmp else [],
                **(resolution if micron else {}),
            )
    return out.getvalue()


def philips(whole: Colors, *, tile: int = 512) -> bytes:
    """Return a slide as Philips writes it: each level half as large, filled up to whole tiles."""
    level, pages = whole, []
    for _ in range(5):
        height, width = (-(-side // tile) * tile for side in level.shape[:2])
        page = np.full((height, width, 3), 255, np.uint8)
        page[: level.shape[0], : level.shape[1]] = level
        pages.append(page)
        level = smaller(page if len(pages) == 1 else level, 2)
    return pages_of(pages, tile=(tile, tile), description=PHILIPS, software="Philips DP v1.0")
