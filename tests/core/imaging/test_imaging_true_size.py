"""Pictures of long pixels: shown as squares, and never larger than a picture may be."""

import nibabel
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.media import View
from core.imaging.image import MAX_PIXELS
from core.imaging.load import open_image
from core.imaging.shown import show, true_size


@given(
    st.integers(1, 1 << 27),
    st.integers(1, 1 << 27),
    st.floats(min_value=0) | st.just(float("nan")),
)
def test_size_on_square_pixels_is_bounded_whatever_a_file_says(width, height, aspect):
    height = max(1, min(height, MAX_PIXELS // width))

    size = true_size(width, height, aspect)

    assert min(size) >= 1
    assert size[0] * size[1] <= MAX_PIXELS


@given(st.integers(1, 500), st.integers(1, 500), st.floats(1 / 8, 8))
def test_pixels_become_squares(width, height, aspect):
    grown = true_size(width, height, aspect)

    assert grown[0] >= width
    assert grown[1] >= height
    assert grown[0] / width * aspect == pytest.approx(grown[1] / height, abs=max(1, aspect))


@pytest.mark.parametrize("length", [1e-22, 1e30, 3e-39])
def test_volume_of_impossibly_long_voxels_is_shown_as_it_is_stored(length):
    volume = nibabel.Nifti1Image(np.arange(336, dtype=np.int16).reshape(6, 7, 8), np.eye(4))
    volume.header.set_zooms((length, 1, 1))
    volume.set_sform(np.diag([length, 1, 1, 1]), 1)

    image = open_image(volume.to_bytes(), name="long")

    assert show(image, 0, View()).picture.shape == (7, 6)
