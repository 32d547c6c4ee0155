"""Slices that are read ahead in a helper process are those that are read here."""

import json
from dataclasses import fields, replace
from io import BytesIO

import imagecodecs
import numpy as np
import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import uid
from pydicom.encaps import encapsulate

from core.domain.media import Window
from core.errors import ImageError
from core.imaging.decoding import pool as decoder
from core.imaging.decoding.pool import DecoderPool, child_command
from core.imaging.display import GrayRule, ValueTable, VoiFunction
from core.imaging.geometry import Plane
from core.imaging.image import Frame
from core.imaging.series import slices
from core.imaging.series.file import open_found, open_series, pack_series
from core.imaging.series.finding import find_series
from core.imaging.series.slice_answer import facts_of, frame_of
from tests.core.imaging.imaging_files import as_bytes, item
from tests.core.imaging.stack_files import make_slices, write_files

COUNT = 5
rng = np.random.default_rng(3)
PICTURES = rng.integers(-500, 1500, (COUNT, 48, 64)).astype(np.int16)
numbers = st.floats(allow_nan=False, allow_infinity=False)


def files(syntax=uid.ExplicitVRLittleEndian, **attributes):
    return [packed(one, syntax) for one in make_slices(PICTURES, range(COUNT), **attributes)]


def packed(data, syntax):
    dataset = pydicom.dcmread(BytesIO(data))
    if syntax == uid.JPEGLSLossless:
        dataset.PixelData = encapsulate(
            [imagecodecs.jpegls_encode(dataset.pixel_array.view(np.uint16))]
        )
        dataset["PixelData"].VR = "OB"
        dataset.file_meta.TransferSyntaxUID = syntax
    elif syntax == uid.RLELossless:
        dataset.compress(syntax)
    return as_bytes(dataset)


def opened(tmp_path, made, how="packed"):
    """Open a stack as the window does: from the media folder, or where it lies."""
    [series] = find_series([write_files(tmp_path / "files", made)]).series
    if how == "found":
        return open_found(series)
    path = tmp_path / "series"
    path.write_bytes(pack_series(series))
    return open_series(path, name="stack")


def assert_same_rule(found, wanted):
    for field in fields(GrayRule):
        assert getattr(found, field.name) == getattr(wanted, field.name), field.name


def refuse(*_, **__):
    raise AssertionError("read in this process")


@pytest.mark.parametrize("how", ["packed", "found"])
@pytest.mark.parametrize(
    "syntax", [uid.ExplicitVRLittleEndian, uid.RLELossless, uid.JPEGLSLossless]
)
def test_slice_read_ahead_is_the_slice_read_here_and_costs_no_reading_here(
    tmp_path, monkeypatch, syntax, how
):
    attributes = {
        "WindowCenter": [40, 300.5],
        "WindowWidth": [400, 1500.25],
        "VOILUTFunction": "SIGMOID",
        "PixelPaddingValue": -500,
        "RescaleSlope": "1.25",
    }
    made = files(syntax, **attributes)
    here, ahead = opened(tmp_path / "here", made, how), opened(tmp_path / "ahead", made, how)
    wanted = [here.frame(index) for index in range(COUNT)]
    planes = here.planes
    monkeypatch.setattr(slices, "read_slice", refuse)

    found = [ahead.frame_ahead(index) for index in range(COUNT)]

    for one, other in zip(found, wanted, strict=True):
        assert one.stored.dtype == other.stored.dtype
        assert np.array_equal(one.stored, other.stored)
        assert_same_rule(one.gray, other.gray)
    assert ahead.planes == planes
    assert ahead.missing_frames(range(COUNT)) == []
    assert ahead.frame(2) is found[2]


def test_colors_are_read_ahead_as_well(tmp_path, monkeypatch):
    picture = rng.integers(0, 256, (48, 64, 3)).astype(np.uint8)
    made = []
    for data in make_slices(PICTURES, range(COUNT)):
        dataset = pydicom.dcmread(BytesIO(data))
        dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 3, "RGB"
        dataset.PlanarConfiguration, dataset.PixelRepresentation = 0, 0
        dataset.BitsAllocated = dataset.BitsStored = 8
        dataset.HighBit, dataset.PixelData = 7, picture.tobytes()
        made.append(as_bytes(dataset))
    image = opened(tmp_path, made)
    monkeypatch.setattr(slices, "read_slice", refuse)

    frame = image.frame_ahead(3)

    assert frame.gray is None
    assert np.array_equal(frame.stored, picture)


def test_slice_with_a_table_is_read_here_and_no_helper_is_asked_again(tmp_path, monkeypatch):
    table = item(LUTDescriptor=[4, 0, 8], LUTData=bytes([0, 0, 80, 0, 160, 0, 255, 0]))
    image = opened(tmp_path, files(VOILUTSequence=[table]))
    asked = []

    def watched(part, **how):
        asked.append(part)
        return read_apart(part, **how)

    read_apart = slices.read_apart
    monkeypatch.setattr(slices, "read_apart", watched)

    frames = [image.frame_ahead(index) for index in range(COUNT)]

    assert [len(one.gray.voi_tables) for one in frames] == [1] * COUNT
    assert len(asked) == 1


def test_stack_without_windows_has_one_common_window_however_it_was_read(tmp_path):
    here, ahead = (opened(tmp_path / name, files()) for name in ("here", "ahead"))

    assert here.frame(1).default_window == ahead.frame_ahead(1).default_window
    assert ahead.frame(1).common == ahead.common_window


def test_damaged_slice_is_not_kept_and_its_reason_is_told_when_it_is_looked_at(tmp_path):
    made = files()
    broken = pydicom.dcmread(BytesIO(made[2]))
    broken.PixelData = broken.PixelData[:100]
    made[2] = as_bytes(broken)
    image = opened(tmp_path, made)

    with pytest.raises(ImageError):
        image.frame_ahead(2)

    assert image.missing_frames(range(COUNT)) == list(range(COUNT))
    with pytest.raises(ImageError, match=r"file 3.*pixel data end too early"):
        image.frame(2)


def test_slice_of_another_size_is_refused_ahead_as_here(tmp_path):
    made = files()
    image = opened(tmp_path, made, "found")
    other = make_slices(np.zeros((COUNT, 24, 64), np.int16), range(COUNT))
    for path in (tmp_path / "files").iterdir():
        path.write_bytes(other[0])

    with pytest.raises(ImageError, match="another size"):
        image.frame_ahead(1)


def test_file_that_is_gone_is_an_error_ahead_as_here(tmp_path):
    image = opened(tmp_path, files(), "found")
    for path in (tmp_path / "files").iterdir():
        path.unlink()

    for read in (image.frame_ahead, image.frame):
        with pytest.raises(ImageError):
            read(1)


@pytest.mark.parametrize(
    "answer",
    [
        "child.Told(np.zeros((48, 64), np.int16), {'plane': None, 'gray': {}})",
        "child.Told(np.zeros((48, 64), np.int16), {})",
        "child.Told(np.zeros((480, 640), np.int16), {'plane': None})",
        "child.Told(np.zeros((48, 64), np.int16), {'plane': [[1]]})",
        "os._exit(0)",
    ],
)
def test_helper_that_ends_or_talks_nonsense_costs_nothing_that_is_looked_at(
    tmp_path, monkeypatch, answer
):
    image = opened(tmp_path, files())
    code = (
        "import os; import numpy as np; from core.imaging.decoding import child; "
        f"child.serve({{'slice': lambda *_: {answer}}})"
    )
    pool = DecoderPool(child_command(code))
    monkeypatch.setattr("core.imaging.series.slice_answer.POOL", pool)
    try:
        with pytest.raises(ImageError):
            image.frame_ahead(2)
    finally:
        pool.close()

    assert image.missing_frames(range(COUNT)) == list(range(COUNT))
    assert image.frame(2).stored.shape == (48, 64)


def test_what_is_asked_for_does_not_wait_behind_what_is_decoded_ahead():
    from reviewer_app.widgets.images.ahead import AHEAD

    free = DecoderPool()._free
    for _ in range(AHEAD._limit):
        assert free.acquire(blocking=False)

    assert free.acquire(blocking=False)


def test_bytes_that_are_only_in_memory_are_read_here(tmp_path, monkeypatch):
    [series] = find_series([write_files(tmp_path / "files", files())]).series
    image = open_series(pack_series(series), name="stack")
    monkeypatch.setattr(decoder.POOL, "ask", refuse)

    assert image.frame_ahead(1).stored.shape == (48, 64)


vectors = st.tuples(numbers, numbers, numbers)
planes = st.builds(Plane, vectors, vectors, vectors, st.tuples(numbers, numbers))
rules = st.builds(
    GrayRule,
    slope=numbers,
    intercept=numbers,
    windows=st.lists(st.builds(Window, numbers, numbers), max_size=3).map(tuple),
    function=st.sampled_from(VoiFunction),
    is_inverse=st.booleans(),
    padding=st.none() | st.tuples(numbers, numbers),
)


@given(rules | st.none(), planes | st.none())
def test_facts_of_a_slice_survive_the_way_through_json_exactly(rule, plane):
    frame = Frame(np.zeros((2, 3), np.uint8), rule)

    facts = json.loads(json.dumps(facts_of(frame, plane)))
    again, place = frame_of(frame.stored, facts)

    assert place == plane
    assert again.stored is frame.stored
    if rule is None:
        assert again.gray is None
    else:
        assert_same_rule(again.gray, rule)


def test_tables_are_more_than_facts_can_tell():
    table = ValueTable(0, np.arange(4), 8)
    rule = GrayRule(modality_table=table)

    assert facts_of(Frame(np.zeros((2, 3)), rule), None) is None
    assert facts_of(Frame(np.zeros((2, 3)), replace(rule, modality_table=None)), None) is not None
    assert facts_of(Frame(np.zeros((2, 3)), GrayRule(voi_tables=(table,))), None) is None


def test_slice_with_more_windows_than_an_answer_holds_is_read_here(tmp_path):
    image = opened(tmp_path, files(WindowCenter=[40.125] * 200, WindowWidth=[400.125] * 200))

    assert len(image.frame_ahead(1).gray.windows) == 200
