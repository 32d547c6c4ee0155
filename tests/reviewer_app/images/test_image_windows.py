"""Windows to choose from: by modality and body part, and what the file brings."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt

from core.domain.ids import MediaId
from core.domain.media import ImageUse, Window
from core.imaging.load import open_image
from reviewer_app.widgets.images.view import ImageView
from reviewer_app.widgets.images.windows import presets_for
from tests.core.imaging.imaging_files import as_bytes, item, make_dataset, wheel_bytes
from tests.core.imaging.test_imaging_uptake import pet

VALUES = np.arange(100, dtype=np.int16).reshape(10, 10)


def names(image):
    return [one.name for one in presets_for(image)]


def ct(body_part=""):
    return replace(open_image(wheel_bytes("CT_small.dcm"), name="ct"), body_part=body_part)


@pytest.mark.parametrize(
    ("body_part", "first"),
    [
        ("HEAD", ["Brain", "Stroke", "Subdural"]),
        ("CHEST", ["Lung", "Mediastinum", "Bone"]),
        ("ABDOMEN", ["Abdomen", "Liver", "Bone"]),
        ("LSPINE", ["Bone", "Soft tissue", "Vessels"]),
        ("IAC", ["Temporal bone", "Bone", "Soft tissue"]),
        ("", ["Brain", "Stroke", "Subdural"]),
    ],
)
def test_ct_begins_with_the_windows_of_the_body_part(body_part, first):
    assert names(ct(body_part))[1:4] == first


def test_every_body_part_has_nine_different_windows():
    for body_part in ("", "HEAD", "CHEST", "ABDOMEN", "LSPINE", "NECK", "KNEE", "WHOLEBODY"):
        presets = presets_for(ct(body_part))
        assert len({one.window for one in presets}) == len(presets) == 9


def test_pet_has_windows_of_uptake():
    image = pet()
    window = presets_for(image)[1].window

    assert names(image)[1] == "SUV 0 – 5"
    assert (window.center + window.width / 2) * image.suv_factor == pytest.approx(5)


def test_other_modalities_have_windows_around_their_own():
    image = open_image(wheel_bytes("MR_small.dcm"), name="mr")
    softer = presets_for(image)[1]

    assert names(image) == ["As in the file", "Softer", "Harder", "Brighter", "Darker"]
    assert softer.window == Window(600, 2560)


def test_without_a_window_of_the_file_nothing_is_claimed_to_be_in_it():
    image = open_image(as_bytes(make_dataset(VALUES, Modality="MR")), name="mr")

    assert names(image) == ["Whole range of the values"]


def two_tables():
    table = item(LUTDescriptor=[100, 0, 8], LUTData=list(range(100)))
    table["LUTDescriptor"].VR = table["LUTData"].VR = "US"
    other = item(LUTDescriptor=[100, 0, 8], LUTData=list(range(99, -1, -1)))
    other["LUTDescriptor"].VR = other["LUTData"].VR = "US"
    other.LUTExplanation = "NEGATIVE"
    data = make_dataset(VALUES, Modality="CR", VOILUTSequence=[table, other])
    return open_image(as_bytes(data), name="cr")


def test_a_table_of_the_file_can_be_chosen_and_is_called_one(qtbot):
    view = ImageView()
    qtbot.addWidget(view)
    view.resize(300, 300)
    view.show()
    view.show_image(two_tables(), ImageUse(MediaId("cr")))
    assert view._corners().bottom_right[0] == "Table of the file"
    before = view._frame.render(view.view())
    qtbot.keyClick(view, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)

    assert view.presets()[1].name == "NEGATIVE"
    assert view.view().voi_table == 1
    assert not np.array_equal(view._frame.render(view.view()), before)
