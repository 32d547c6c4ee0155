"""Regions go out and come back as COCO, Pascal VOC and PNG masks."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.domain.region import MAX_POINTS, Region, RegionKind
from core.errors import ImageError
from core.imaging.load import open_image
from core.imaging.marks.exchange import (
    MarkedImage,
    read_coco,
    read_label_png,
    read_voc,
    write_coco,
    write_label_png,
    write_voc,
)
from core.imaging.marks.mask import mask_of, mask_region, pixels_of
from core.imaging.marks.shapes import box_of

SHARED = Path(__file__).parents[4] / "shared" / "data" / "bccd"
BLOB = np.zeros((30, 40), bool)
BLOB[4:9, 5:30] = BLOB[12:25, 33:39] = True
REGIONS = (
    Region(RegionKind.POINT, ((3.5, 4.25),), frame=2, label="nodule"),
    Region(RegionKind.BOX, ((1, 2), (11, 22)), label="lung"),
    Region(RegionKind.POLYGON, ((1, 1), (20, 3), (12.5, 28)), label="lung"),
    mask_region(BLOB, label="liver"),
)


def test_coco_brings_back_every_kind():
    text = write_coco([MarkedImage("a.png", 40, 30, REGIONS), MarkedImage("b.png", 5, 6, ())])

    first, second = read_coco(text, name="x.json")

    assert first == MarkedImage("a.png", 40, 30, REGIONS)
    assert second == MarkedImage("b.png", 5, 6, ())


def test_coco_ellipse_and_freehand_keep_their_pixels():
    regions = (
        Region(RegionKind.ELLIPSE, ((3, 4), (33, 20))),
        Region(RegionKind.FREEHAND, ((1, 1), (9, 3), (5, 15), (2, 9))),
    )

    [image] = read_coco(write_coco([MarkedImage("a", 40, 30, regions)]), name="x")

    for before, after in zip(regions, image.regions, strict=True):
        assert np.array_equal(mask_of(before, 40, 30), mask_of(after, 40, 30))


def test_coco_facts_are_what_its_definition_says():
    mark = json.loads(write_coco([MarkedImage("a", 4, 3, (mask_region(np.eye(3, 4) > 0),))]))

    # Column by column: (0,0) is marked, then 3 rows on (1,1), (2,2); the last column is empty.
    assert mark["annotations"][0]["segmentation"] == {
        "size": [3, 4],
        "counts": [0, 1, 3, 1, 3, 1, 3],
    }
    assert mark["annotations"][0]["bbox"] == [0, 0, 3, 3]
    assert mark["annotations"][0]["area"] == 3


def test_coco_numbers_are_unique_and_name_the_picture_and_the_label():
    images = [MarkedImage("a", 40, 30, REGIONS), MarkedImage("b", 40, 30, REGIONS[:1])]
    data = json.loads(write_coco(images))

    marks = data["annotations"]
    assert [mark["id"] for mark in marks] == [1, 2, 3, 4, 5]
    assert [mark["image_id"] for mark in marks] == [1, 1, 1, 1, 2]
    labels = {one["id"]: one["name"] for one in data["categories"]}
    assert labels == {1: "liver", 2: "lung", 3: "nodule"}
    assert [labels[mark["category_id"]] for mark in marks[:4]] == [one.label for one in REGIONS]
    assert [mark["iscrowd"] for mark in marks] == [0, 0, 0, 1, 0]  # 1 demands run lengths


def test_coco_holds_of_an_arrow_the_point_that_it_shows():
    arrow = Region(RegionKind.ARROW, ((1, 2), (9.5, 8)), label="this")

    [image] = read_coco(write_coco([MarkedImage("a", 40, 30, (arrow,))]), name="x")

    assert image.regions == (Region(RegionKind.POINT, ((9.5, 8),), label="this"),)


def test_coco_mark_of_several_outlines_becomes_as_many_marks():
    [image] = read_coco(
        json.dumps(json.loads(coco_of([[1, 1, 9, 1, 5, 9], [20, 1, 29, 1, 25, 9, 21, 8]])) | PLACE),
        name="x",
    )

    assert [len(region.points) for region in image.regions] == [3, 4]


@pytest.mark.parametrize(
    "points",
    [
        ((1, 1), (9, 8), (9, 1), (1, 8)),  # crosses itself
        ((1, 1), (9, 1), (9, 8), (1, 1)),
        ((1, 1), (9, 1), (5, 1), (2, 1)),
    ],
)
def test_four_points_that_are_no_box_stay_an_outline(points):
    outline = Region(RegionKind.POLYGON, points)

    [image] = read_coco(write_coco([MarkedImage("a", 40, 30, (outline,))]), name="x")

    assert image.regions == (outline,)


@pytest.mark.parametrize("start", range(4))
@pytest.mark.parametrize("step", [1, -1])
def test_a_box_is_known_from_whatever_corner_and_side_it_was_drawn(start, step):
    ring = ((1, 2), (9, 2), (9, 8), (1, 8))
    points = [ring[(start + step * number) % 4] for number in range(4)]

    assert box_of(points) == ((1, 2), (9, 8))


def test_an_outline_of_more_points_than_are_kept_is_refused_and_never_cut():
    points = [1.0, 2.0] * (MAX_POINTS + 1)

    with pytest.raises(ImageError, match=r"x\.json"):
        read_coco(coco_of([points]), name="x.json")


def test_packed_run_lengths_of_coco_are_read():
    # Written by hand from the format: 5 bits a letter plus 48, the fourth count as a difference.
    counts, letters = [6, 1, 40, 4, 5, 1, 3], []
    for place, count in enumerate(counts):
        value = count - counts[place - 2] if place > 2 else count
        is_more = True
        while is_more:
            part, value = value & 0x1F, value >> 5
            is_more = value != (-1 if part & 0x10 else 0)
            letters.append(chr(48 + (part | (0x20 if is_more else 0))))
    mark = {
        "image_id": 1,
        "category_id": 1,
        "segmentation": {"size": [6, 10], "counts": "".join(letters)},
    }
    data = {
        "images": [{"id": 1, "file_name": "a", "width": 10, "height": 6}],
        "annotations": [mark],
    }

    [image] = read_coco(json.dumps(data), name="x")

    pixels = pixels_of(image.regions[0].mask).T.reshape(-1)
    assert np.array_equal(pixels, np.repeat(np.arange(7) % 2 == 1, counts))


PLACE = {"images": [{"id": 1, "file_name": "a", "width": 40, "height": 30}]}


def coco_of(segmentation):
    mark = {"image_id": 1, "category_id": 1, "segmentation": segmentation}
    return json.dumps({"images": [], "annotations": [mark]})


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"images": [], "annotations": [{}]}',
        coco_of({"size": [99999, 99999], "counts": [1]}),
        coco_of({"size": [2, 2], "counts": "~~~"}),
        coco_of([[1, 2, 3]]),
    ],
)
def test_broken_coco_is_refused_in_words(text):
    with pytest.raises(ImageError, match=r"marks\.json"):
        read_coco(text, name="marks.json")


def test_voc_box_keeps_its_pixels():
    box = Region(RegionKind.BOX, ((3, 4), (10, 20)), label="RBC")

    text = write_voc(MarkedImage("a.jpg", 40, 30, (box,)))

    assert "<xmin>4</xmin><ymin>5</ymin><xmax>10</xmax><ymax>20</ymax>" in text
    assert read_voc(text, name="a.xml") == MarkedImage("a.jpg", 40, 30, (box,))


def test_voc_with_entities_or_broken_is_refused():
    bomb = '<!DOCTYPE a [<!ENTITY b "xxxxxxxx">]><annotation>&b;</annotation>'
    plain = "<!DOCTYPE annotation><annotation></annotation>"
    for text in (bomb, plain, "<annotation>", "<a><object><bndbox/></object></a>"):
        with pytest.raises(ImageError, match=r"b\.xml"):
            read_voc(text, name="b.xml")


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the shared data beside the checkout")
def test_boxes_of_blood_cells_lie_on_dark_cells():
    paths = sorted(SHARED.rglob("*.xml"))
    assert paths
    for path in paths:
        image = read_voc(path.read_text(), name=path.name)
        again = read_voc(write_voc(image), name=path.name)
        assert again == image
        assert image.regions
        picture = next(SHARED.rglob(f"{path.stem}.jp*g"))
        opened = open_image(picture.read_bytes(), name=picture.name)
        assert (opened.width, opened.height) == (image.width, image.height)


def test_label_png_comes_back_and_names_its_values():
    data, labels = write_label_png(REGIONS[1:], 40, 30)

    regions = read_label_png(data, labels, name="mask.png")

    assert labels == ["lung", "liver"]
    assert [region.label for region in regions] == labels
    assert np.array_equal(pixels_of(regions[1].mask), BLOB)
    lung = mask_of(REGIONS[1], 40, 30) | mask_of(REGIONS[2], 40, 30)
    assert np.array_equal(pixels_of(regions[0].mask), lung & ~BLOB)


def test_mask_pictures_in_color_or_broken_are_refused():
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "PNG")
    for data in (out.getvalue(), b"\x89PNG\r\n\x1a\n", b""):
        with pytest.raises(ImageError, match=r"m\.png"):
            read_label_png(data, name="m.png")
    with pytest.raises(ImageError, match="255"):
        write_label_png(
            [Region(RegionKind.POINT, ((1, 1),), label=str(n)) for n in range(256)], 4, 4
        )
