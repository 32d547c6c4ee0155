"""A stack without a window gets one for all its frames: no flicker, the same for everybody."""

import io

import numpy as np
import pytest
from PIL import Image

from core.domain.ids import MediaId
from core.domain.media import ImageUse, View, Window
from core.imaging.clearing.deidentify import clear
from core.imaging.display import full_window
from core.imaging.load import open_image
from core.imaging.pictures import model_pictures
from core.imaging.series.file import open_found, pack_series
from core.imaging.series.finding import find_series
from core.imaging.shown import show
from tests.core.imaging.imaging_files import as_bytes, make_dataset
from tests.core.imaging.stack_files import make_slices, write_files

COUNT = 40
TISSUE = 1000


def brightening(count=COUNT):
    """Return slices with the same tissue beside something that differs in each of them."""
    planes = np.full((count, 16, 16), TISSUE, np.int16)
    planes[:, :8] = (np.arange(count, dtype=np.int16) * 50)[:, None, None]
    return planes


def cine():
    return as_bytes(make_dataset(brightening()))


@pytest.fixture
def packed(tmp_path):
    write_files(tmp_path, make_slices(brightening(), np.arange(COUNT)))
    return pack_series(find_series([tmp_path]).series[0])


def test_the_same_tissue_has_the_same_gray_in_every_frame(packed):
    for data in (cine(), packed):
        image = open_image(data, name="x")
        grays = {int(show(image, place, View()).picture[-1, 0]) for place in range(COUNT)}

        assert len(grays) == 1
        assert image.frame(0).default_window == image.frame(COUNT - 1).default_window


def test_the_window_covers_what_the_sampled_frames_hold():
    image = open_image(cine(), name="x")

    assert image.frame(3).default_window == full_window(0, (COUNT - 1) * 50)


def test_the_window_does_not_depend_on_which_frame_is_opened_first():
    first, last = open_image(cine(), name="x"), open_image(cine(), name="x")

    assert last.frame(COUNT - 1).default_window == first.frame(0).default_window


def test_a_stack_where_it_lies_has_the_window_of_the_one_taken_in(tmp_path, packed):
    found = open_found(find_series([tmp_path]).series[0])

    kept = open_image(packed, name="x")
    assert found.frame(5).default_window == kept.frame(5).default_window


@pytest.mark.parametrize("kept", [tuple(range(COUNT)), (3, 4, 30)])
def test_the_model_gets_what_the_reader_saw_also_of_a_cleared_part(packed, kept):
    use = ImageUse(MediaId("a"), kept)
    image = open_image(packed, name="x")
    seen = [show(image, place, View()).picture for place in kept]

    cleared = clear(packed, name="x", use=use)
    again = ImageUse(MediaId("b"), tuple(range(len(kept))))
    sent = model_pictures(cleared.data, name="y", use=again)

    for picture, png in zip(seen, sent, strict=True):
        assert np.array_equal(picture, np.asarray(Image.open(io.BytesIO(png))))


def test_a_window_of_the_file_goes_before():
    data = as_bytes(make_dataset(brightening(), WindowCenter=40, WindowWidth=400))

    assert open_image(data, name="x").frame(7).default_window == Window(40, 400)


def test_a_single_picture_keeps_its_own_range():
    data = as_bytes(make_dataset(brightening()[5]))

    assert open_image(data, name="x").frame(0).default_window == full_window(250, TISSUE)


def test_a_damaged_frame_does_not_hide_the_others(tmp_path):
    files = make_slices(brightening(), np.arange(COUNT))
    folder = write_files(tmp_path, files)
    series = find_series([folder]).series[0]
    names = [one.source.name for one in series.slices]
    (folder / names[-1]).write_bytes((folder / names[-1]).read_bytes()[:-200])

    image = open_found(series)

    assert image.frame(0).default_window.width > 1
