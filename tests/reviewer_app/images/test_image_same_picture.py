"""The pixels that the viewer paints at 1:1 are those that a language model gets."""

import io

import numpy as np
import pytest
from PIL import Image

from core.domain.ids import MediaId
from core.domain.media import ImageUse, View, Window
from core.imaging.load import open_image
from core.imaging.pictures import model_pictures
from core.imaging.placing import upright_size
from reviewer_app.widgets.images.camera import Camera
from reviewer_app.widgets.images.picture import FramePicture, Sight
from tests.core.imaging.test_imaging_same_picture import FILES

VIEWS = (
    View(),
    View(Window(40, 400), is_inverted=True, quarter_turns=1),
    View(Window(200, 90), quarter_turns=3, is_mirrored=True, has_overlay=True),
)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("data", FILES[-2:] + FILES[::6], ids=lambda data: f"{len(data)} bytes")
def test_painted_pixels_are_those_of_the_sent_picture(qapp, data, view):
    image = open_image(data, name="x")
    width, height = upright_size(image, view)
    camera = Camera(width, height, width, height, width / 2, height / 2, 1.0)
    sight = Sight(image, image.frame(0), 0)

    painted = FramePicture().make(sight, camera, view, is_hasty=False)
    [sent] = model_pictures(data, name="x", use=ImageUse(MediaId("a"), view=view))

    assert (painted.x, painted.y) == (0, 0)
    wanted = Image.open(io.BytesIO(sent))
    assert np.array_equal(rgb_of(painted.pixels()), np.asarray(wanted.convert("RGB")))


def rgb_of(pixels):
    """Return opaque screen pixels as RGB."""
    return np.stack([pixels >> 16, pixels >> 8, pixels], axis=-1).astype(np.uint8)
