"""A part of a slide is a bare picture of the right pixels and size, the same for everybody."""

import numpy as np
import pytest

from core.domain.ids import MediaId
from core.domain.media import ImageUse, View
from core.errors import ImageError
from core.imaging.clearing.bare import is_bare
from core.imaging.load import open_image
from core.imaging.pictures import shown_frames
from core.imaging.shown import show
from core.imaging.slides.part import part_of
from core.imaging.slides.slide import OVERVIEW_PIXELS
from core.imaging.slides.tiles import Area, overview_of
from core.workspace import create_workspace
from tests.core.imaging.imaging_files import wheel_bytes
from tests.factories import ticking_clock
from tests.slides import MICRON, slide_bytes

WIDTH, HEIGHT = 6400, 4800


@pytest.fixture(scope="module")
def data():
    y, x = np.indices((HEIGHT, WIDTH), np.uint16)
    return slide_bytes(np.stack([x // 26, y // 21, (x + y) // 50], axis=-1).astype(np.uint8))


@pytest.fixture
def image(data):
    return open_image(data, name="slide")


def test_part_has_the_finest_pixels_and_their_size(image):
    part = open_image(part_of(image, Area(100, 50, 400, 250)), name="part")

    assert np.array_equal(part.frame(0).stored, image.slide.region(0, 400, 200, 1200, 800))
    assert part.spacing_mm == pytest.approx((MICRON / 1000, MICRON / 1000))
    assert part.modality == "SM"
    assert part.slide is None


def test_large_part_is_as_large_as_an_overview_and_its_millimeters_stay_right(image):
    part = open_image(part_of(image, Area(-50, -50, 9000, 9000)), name="part")

    assert part.width * part.height <= OVERVIEW_PIXELS
    assert part.width * part.height > OVERVIEW_PIXELS * 0.99
    assert part.spacing_mm[0] * part.width == pytest.approx(WIDTH * MICRON / 1000, rel=1e-3)
    overview = overview_of(image.slide)
    assert part.width / part.height == pytest.approx(overview.width / overview.height, rel=1e-3)


def test_part_holds_nothing_but_the_picture(image):
    assert is_bare(part_of(image, Area(0, 0, 60, 40)))


def test_model_gets_the_part_that_a_reader_sees(image):
    part = open_image(part_of(image, Area(10, 10, 90, 60)), name="part")
    use = ImageUse(MediaId("0" * 64), view=View(is_inverted=True, quarter_turns=3))

    [sent] = shown_frames(part, use)

    seen = show(part, 0, use.view).picture
    assert np.array_equal(open_image(sent, name="sent").frame(0).stored, seen)


def test_what_is_no_part_of_a_slide_is_refused_in_words(image):
    with pytest.raises(ImageError, match="Nothing of “slide” is in sight"):
        part_of(image, Area(-100, 0, -10, 50))
    with pytest.raises(ImageError, match="is no slide"):
        part_of(open_image(wheel_bytes("CT_small.dcm"), name="ct"), Area(0, 0, 9, 9))


def test_part_is_kept_as_an_image_of_the_workspace(tmp_path, data):
    file = tmp_path / "slide.tif"
    file.write_bytes(data)
    with create_workspace(tmp_path / "x.asclepius", clock=ticking_clock()) as workspace:
        whole = workspace.images.import_file(file).value

        info = workspace.images.import_part(whole.id, Area(0, 0, 100, 80)).value

        assert (info.width, info.height, info.modality) == (400, 320, "SM")
        assert info.file_name == "slide.tif, part"
        assert workspace.images.open(info.id).frame_count == 1
