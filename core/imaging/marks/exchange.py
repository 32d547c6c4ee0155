"""Regions as other programs keep them: COCO JSON, Pascal VOC XML, PNG masks of labels."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.domain.plain import Plain
from core.domain.region import Region, RegionKind
from core.errors import ImageError, ValidationError
from core.imaging.display import Mask
from core.imaging.image import MAX_PIXELS
from core.imaging.marks.mask import mask_of, mask_region
from core.imaging.marks.shapes import box_of
from core.imaging.pictures import encode_png
from core.imaging.quiet import image_error, translated

MAX_LABELS: Final = 255
_BROKEN: Final = "its regions are not readable"


@dataclass(frozen=True, slots=True)
class MarkedImage:
    """The regions of one picture, by its file name and size in pixels."""

    file_name: str
    width: int
    height: int
    regions: tuple[Region, ...]


def write_coco(images: Sequence[MarkedImage]) -> str:
    """Return a COCO data set; outlines become polygons, masks uncompressed run lengths."""
    labels = sorted({region.label for image in images for region in image.regions})
    numbers = {label: number for number, label in enumerate(labels, start=1)}
    entries: list[Plain] = []
    marks: list[Plain] = []
    for image_id, image in enumerate(images, start=1):
        entries.append(
            {
                "id": image_id,
                "file_name": image.file_name,
                "width": image.width,
                "height": image.height,
            }
        )
        for region in image.regions:
            facts = _coco_facts(region, image)
            facts |= {"id": len(marks) + 1, "image_id": image_id}
            marks.append(facts | {"category_id": numbers[region.label]})
    categories = [{"id": number, "name": label} for label, number in numbers.items()]
    return json.dumps(
        {"images": entries, "annotations": marks, "categories": categories}, sort_keys=True
    )


def _coco_facts(region: Region, image: MarkedImage) -> Plain:
    mask = mask_of(region, image.width, image.height)
    facts: Plain = {"iscrowd": 0, "area": int(np.count_nonzero(mask)), "frame": region.frame}
    if region.kind in (RegionKind.POINT, RegionKind.ARROW):
        x, y = region.points[-1]
        return facts | {"keypoints": [x, y, 2], "num_keypoints": 1, "bbox": [x, y, 0, 0]}
    facts["bbox"] = _bounds(region, mask)
    if region.kind is RegionKind.BOX:
        return facts | {"segmentation": [[part for point in _corners(region) for part in point]]}
    if region.kind in (RegionKind.POLYGON, RegionKind.FREEHAND):
        return facts | {"segmentation": [[part for point in region.points for part in point]]}
    counts = [int(count) for count in _column_runs(mask)]
    sizes = [image.height, image.width]
    return facts | {"segmentation": {"size": sizes, "counts": counts}, "iscrowd": 1}


def _corners(region: Region) -> list[tuple[float, float]]:
    (left, top), (right, bottom) = region.points
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def _bounds(region: Region, mask: Mask) -> list[float]:
    if region.points:
        points = np.array(region.points)
        low, high = points.min(axis=0), points.max(axis=0)
        return [float(part) for part in (*low, *(high - low))]
    rows, columns = np.nonzero(mask)
    if not len(rows):
        return [0.0, 0.0, 0.0, 0.0]
    left, top = float(columns.min()), float(rows.min())
    return [left, top, float(columns.max()) + 1 - left, float(rows.max()) + 1 - top]


def _column_runs(mask: Mask) -> NDArray[np.intp]:
    """Return COCO's run lengths: column by column, the first run is not marked."""
    flat = np.concatenate(([False], mask.T.reshape(-1), [not mask.T.flat[-1]]))
    return np.diff(np.nonzero(flat[1:] != flat[:-1])[0], prepend=0)


def read_coco(text: str, *, name: str) -> list[MarkedImage]:
    """Read polygons, boxes, points and both kinds of run lengths; raise `ImageError`."""
    with translated(name, _BROKEN, ValidationError, RecursionError):
        data = json.loads(text)
        labels = {one["id"]: str(one["name"]) for one in data.get("categories", ())}
        regions: dict[Any, list[Region]] = defaultdict(list)
        for mark in data["annotations"]:
            regions[mark["image_id"]] += _coco_regions(mark, labels.get(mark["category_id"], ""))
        return [
            MarkedImage(
                str(one["file_name"]),
                int(one["width"]),
                int(one["height"]),
                tuple(regions[one["id"]]),
            )
            for one in data["images"]
        ]


def _coco_regions(mark: Mapping[str, Any], label: str) -> list[Region]:
    frame, shape = int(mark.get("frame", 0)), mark.get("segmentation")
    if mark.get("keypoints"):
        x, y = mark["keypoints"][:2]
        return [Region(RegionKind.POINT, ((float(x), float(y)),), frame, label)]
    if isinstance(shape, Mapping):
        height, width = (int(side) for side in shape["size"])
        if not 0 < height * width <= MAX_PIXELS:
            raise ValueError("a giant mask")
        counts = shape["counts"]
        runs = _unpacked_counts(counts) if isinstance(counts, str) else [int(c) for c in counts]
        if min(runs) < 0 or sum(runs) != height * width:
            raise ValueError("runs that do not fill the picture")
        marks = np.repeat(np.arange(len(runs)) % 2 == 1, runs)
        return [mask_region(marks.reshape(width, height).T.copy(), frame=frame, label=label)]
    if shape:
        return [_outline(numbers, frame, label) for numbers in shape]
    left, top, across, down = (float(part) for part in mark["bbox"])
    corners = ((left, top), (left + across, top + down))
    return [Region(RegionKind.BOX, corners, frame, label)]


def _outline(numbers: Sequence[Any], frame: int, label: str) -> Region:
    flat = [float(part) for part in numbers]
    points = tuple(zip(flat[::2], flat[1::2], strict=True))
    if corners := box_of(points):
        return Region(RegionKind.BOX, corners, frame, label)
    return Region(RegionKind.POLYGON, points, frame, label)


def _unpacked_counts(text: str) -> list[int]:
    """Undo COCO's text of run lengths: 5 bits a letter, from the third on differences."""
    counts: list[int] = []
    place = 0
    while place < len(text):
        value = shift = 0
        is_more = True
        while is_more:
            letter = ord(text[place]) - 48
            value |= (letter & 0x1F) << shift
            is_more, shift, place = bool(letter & 0x20), shift + 5, place + 1
            if not is_more and letter & 0x10:
                value |= -1 << shift
        counts.append(value + (counts[-2] if len(counts) > 2 else 0))
    return counts


def write_voc(image: MarkedImage) -> str:
    """Return Pascal VOC boxes; its pixels count from 1 and the last one belongs to the box."""
    root = ElementTree.Element("annotation")
    ElementTree.SubElement(root, "filename").text = image.file_name
    size = ElementTree.SubElement(root, "size")
    for tag, value in (("width", image.width), ("height", image.height), ("depth", 1)):
        ElementTree.SubElement(size, tag).text = str(value)
    for region in image.regions:
        left, top, width, height = _bounds(region, mask_of(region, image.width, image.height))
        thing = ElementTree.SubElement(root, "object")
        ElementTree.SubElement(thing, "name").text = region.label
        box = ElementTree.SubElement(thing, "bndbox")
        ends = (round(left) + 1, round(top) + 1, round(left + width), round(top + height))
        for tag, end in zip(("xmin", "ymin", "xmax", "ymax"), ends, strict=True):
            ElementTree.SubElement(box, tag).text = str(end)
    return ElementTree.tostring(root, encoding="unicode")


def read_voc(text: str, *, name: str) -> MarkedImage:
    """Read the boxes of one picture; raise `ImageError` where they are not readable."""
    if "<!DOCTYPE" in text:  # its entities can grow without bound
        raise image_error(name, "it declares document types, which regions do not need")
    with translated(name, _BROKEN, ValidationError, ElementTree.ParseError):
        root = ElementTree.fromstring(text)
        size = [int(root.findtext(f"size/{side}", "0")) for side in ("width", "height")]
        regions = []
        for thing in root.iter("object"):
            left, top, right, bottom = (
                float(thing.findtext(f"bndbox/{tag}", ""))
                for tag in ("xmin", "ymin", "xmax", "ymax")
            )
            corners = ((left - 1, top - 1), (right, bottom))
            regions.append(Region(RegionKind.BOX, corners, label=thing.findtext("name", "")))
        return MarkedImage(root.findtext("filename", ""), size[0], size[1], tuple(regions))


def write_label_png(regions: Iterable[Region], width: int, height: int) -> tuple[bytes, list[str]]:
    """Return a PNG with 0 for nothing and 1, 2, … for labels, and the labels in that order.

    Where regions overlap the later one is seen. Raises `ImageError` beyond 255 labels.
    """
    known = list(regions)
    labels = list(dict.fromkeys(region.label for region in known))
    if len(labels) > MAX_LABELS:
        raise ImageError(f"A mask picture holds at most {MAX_LABELS} labels, not {len(labels)}.")
    picture = np.zeros((height, width), np.uint8)
    for region in known:
        picture[mask_of(region, width, height)] = labels.index(region.label) + 1
    return encode_png(picture), labels


def read_label_png(data: bytes, labels: Sequence[str] = (), *, name: str) -> list[Region]:
    """Return one mask for each value but 0 of a gray or palette PNG."""
    damaged = "the mask picture is damaged"
    with (
        translated(name, damaged, Image.DecompressionBombError),
        Image.open(BytesIO(data), formats=("PNG",)) as picture,
    ):
        if picture.mode not in ("1", "L", "P") or picture.width * picture.height > MAX_PIXELS:
            raise image_error(name, "a mask must have one value of 8 bits a pixel")
        values = np.asarray(picture).astype(np.uint8)
    return [
        mask_region(values == value, label=labels[value - 1] if value <= len(labels) else "")
        for value in np.unique(values)
        if value
    ]
