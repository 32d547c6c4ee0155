"""What the hand reads out: stored value, calibrated value, uptake, and why there is none."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from core.domain.ids import MediaId
from core.domain.media import ImageUse
from core.imaging.load import open_image
from reviewer_app.widgets.images.probe import no_uptake_text, value_text
from reviewer_app.widgets.images.view import ImageView
from tests.core.imaging.imaging_files import as_bytes, make_dataset, wheel_bytes
from tests.core.imaging.test_imaging_uptake import pet

VALUES = np.full((10, 10), 24, np.int16)


def told(image, row=0, column=0):
    return value_text(image, image.frame(0), row, column)


def test_ct_tells_stored_value_and_hounsfield_units():
    data = as_bytes(make_dataset(VALUES, RescaleSlope=2, RescaleIntercept=-1024))

    assert told(open_image(data, name="ct")) == "24 → -976 HU"


def test_pet_tells_its_uptake_where_it_is_valid():
    image = pet(RescaleSlope=100, RescaleIntercept=0)

    assert told(image, 2, 5) == f"25 → 2500  SUVbw {2500 * image.suv_factor:.2f}"
    assert no_uptake_text(image) == ""


def test_pet_without_a_weight_says_why_there_is_no_uptake():
    image = pet(PatientWeight=None)

    assert "SUV" not in told(image)
    assert no_uptake_text(image).startswith("No SUV: The weight")


def test_other_modalities_do_not_speak_of_uptake():
    image = open_image(wheel_bytes("CT_small.dcm"), name="ct")

    assert no_uptake_text(image) == ""
    assert "SUV" not in told(image)


def test_padding_is_not_read_out_as_a_value():
    data = make_dataset(VALUES, RescaleSlope=1, RescaleIntercept=-1024, PixelPaddingValue=24)

    assert told(open_image(as_bytes(data), name="ct")) == "24  outside of the picture"


@pytest.mark.parametrize("weight", [70, None])
def test_reason_stands_on_the_image(qtbot, weight):
    view = ImageView()
    qtbot.addWidget(view)
    view.resize(300, 300)
    view.show()
    view.show_image(pet(PatientWeight=weight), ImageUse(MediaId("pet")))
    view._read_out(QPointF(150, 150))

    assert any("No SUV" in note for note in view._corners().top_right) is (weight is None)
    assert ("SUVbw" in view._probe) is (weight is not None)
