"""Real pictures from the shared data: CT slices, a segmentation, radiographs as JPEG."""

from pathlib import Path

import numpy as np
import pytest

from core.domain.ids import MediaId
from core.domain.media import ImageUse, View, Window
from core.imaging.clearing.deidentify import clear
from core.imaging.load import open_image

DATA = Path(__file__).parents[4] / "shared" / "data"

pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not DATA.is_dir(), reason="needs the shared data beside the checkout"),
]


def opened(path: Path):
    return open_image(path.read_bytes(), name=path.name)


def test_ct_slices_are_calibrated():
    for path in sorted((DATA / "dcmqi_ct" / "ct-3slice").glob("*.dcm")):
        image = opened(path)
        frame = image.frame(0)
        values = frame.gray.calibrate(frame.stored)

        assert (image.modality, image.unit, image.width) == ("CT", "HU", 512)
        assert values.min() <= -1000  # air
        assert 20 < np.median(values[200:300, 200:300]) < 200  # soft tissue


def test_segmentation_is_black_and_white():
    image = opened(DATA / "dcmqi_ct" / "liver.dcm")

    shown = [image.frame(index).render(View()) for index in range(image.frame_count)]

    assert {value for picture in shown for value in np.unique(picture).tolist()} == {0, 255}


def test_every_picture_looks_the_same_after_clearing():
    folders = (DATA / "vqa_rad" / "images", DATA / "bccd" / "images", DATA / "dcmqi_ct")
    paths = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    pictures = [path for path in sorted(paths) if path.suffix in (".dcm", ".jpg", ".jpeg", ".png")]
    assert len(pictures) >= 28

    for path in pictures:
        image = opened(path)
        cleared = clear(path.read_bytes(), name=path.name, use=ImageUse(MediaId("0" * 64)))
        after = open_image(cleared.data, name="cleared").frame(0)
        for view in (View(), View(Window(50, 350), is_inverted=True)):
            assert np.array_equal(after.render(view), image.frame(0).render(view)), path.name
