"""What a model gets is what the reader saw: window, frame, orientation, overlay, pixel shape."""

import io

import numpy as np
import pytest
from PIL import Image

from core.domain.body import Body
from core.domain.ids import MediaId
from core.domain.media import Clearance, ImageUse, View, Window
from core.imaging.clearing.deidentify import clear
from core.imaging.load import open_image
from core.imaging.pictures import model_pictures, small_picture
from core.imaging.placing import upright, upright_mask
from core.imaging.resample import Viewport, sample
from core.imaging.shown import conversion_of, conversions_told, show, with_overlay
from core.workspace import create_workspace
from tests.core.imaging.imaging_files import FOLDER, as_bytes, item, make_dataset, readable_files
from tests.core.imaging.test_imaging_overlays import RAMP, SQUARE, overlay_dataset
from tests.factories import ticking_clock

VIEWS = (
    View(),
    View(Window(40, 400), is_inverted=True),
    View(quarter_turns=1),
    View(Window(200, 90), quarter_turns=3, is_mirrored=True, has_overlay=True),
)


def odd_files():
    """Pictures with oblong pixels and overlays, which pydicom's package has few of."""
    oblong = overlay_dataset(SQUARE)
    oblong.PixelSpacing = [0.9, 0.4]
    return [as_bytes(oblong), as_bytes(make_dataset(RAMP, PixelAspectRatio=[1, 3]))]


FILES = [(FOLDER / name).read_bytes() for name in readable_files()[::4]] + odd_files()


def on_screen(image, index, view):
    """Return what the viewer paints at one screen pixel for each pixel, by its own steps."""
    frame = image.frame(index)
    values = upright(image, frame.stored, view)
    height, width = values.shape[:2]
    patch = sample(values, Viewport(width, height, 0.0, 0.0, 1.0))
    picture = frame.shade(patch.values, view)
    mask = image.overlay(index) if view.has_overlay else None
    if mask is not None:
        picture = with_overlay(picture, upright_mask(image, mask, view) > 0, view)
    return picture


def decoded(png):
    return np.asarray(Image.open(io.BytesIO(png)))


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("data", FILES, ids=lambda data: f"{len(data)} bytes")
def test_model_gets_what_the_screen_showed(data, view):
    image = open_image(data, name="x")
    frames = tuple({0, image.frame_count - 1})

    sent = model_pictures(data, name="x", use=ImageUse(MediaId("a"), frames, view))

    for index, png in zip(frames, sent, strict=True):
        assert np.array_equal(decoded(png), on_screen(image, index, view))
        facts = conversion_of(image, index, view)
        assert (facts.height, facts.width) == decoded(png).shape[:2]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("data", FILES, ids=lambda data: f"{len(data)} bytes")
def test_cleared_copy_is_sent_as_the_original_was_seen(data, view):
    before = open_image(data, name="x")
    use = ImageUse(MediaId("a"), (before.frame_count - 1,), view)

    cleared = clear(data, name="x", use=use).data
    [sent] = model_pictures(cleared, name="c", use=ImageUse(MediaId("b"), (0,), view))

    seen = show(before, before.frame_count - 1, view).picture
    mask = before.overlay(before.frame_count - 1) if view.has_overlay else None
    if mask is None:
        assert np.array_equal(decoded(sent), seen)
    else:  # the overlay became pixels of the brightest value, which enlarging may soften
        assert decoded(sent).shape == seen.shape
        assert np.median(np.abs(decoded(sent).astype(int) - seen)) <= 1


def test_small_picture_has_the_orientation_of_the_large_one():
    image = open_image(FILES[0], name="x")
    use = ImageUse(MediaId("a"), view=View(quarter_turns=1))

    small = decoded(small_picture(image, use, size_px=10_000))

    assert np.array_equal(small, show(image, 0, use.view).picture)


def test_conversion_is_told_in_words():
    image = open_image(FILES[-2], name="x")
    view = View(Window(40, 400), True, quarter_turns=1, is_mirrored=True, has_overlay=True)

    told = conversions_told(image, (0,), view)

    assert told == (
        "frame 1: 36 × 16 pixels, window 40/400, inverted, mirrored, turned by 90° clockwise, "
        "with overlay, resampled to square pixels (2.25 : 1)"
    )


def test_equal_conversions_of_many_frames_are_told_once():
    stored = np.stack([RAMP + step for step in range(9)])
    own_windows = [
        item(FrameVOILUTSequence=[item(WindowCenter=40 + place, WindowWidth=400)])
        for place in range(9)
    ]
    data = make_dataset(stored, PerFrameFunctionalGroupsSequence=own_windows)
    image = open_image(as_bytes(data), name="x")

    same = conversions_told(image, (0, 1, 2, 5, 7, 8), View(Window(1, 2)))
    own = conversions_told(image, range(9), View())

    assert same == "frames 1–3, 6, 8–9: 16 × 16 pixels, window 1/2"
    assert own == "frames 1–9: each with its own window, 16 × 16 pixels"


def test_workspace_tells_how_the_pictures_of_a_question_are_made(tmp_path):
    path = tmp_path / "x.dcm"
    path.write_bytes(FILES[-1])
    with create_workspace(tmp_path / "w.asclepius", clock=ticking_clock()) as workspace:
        info = workspace.images.import_file(path).value
        use = ImageUse(info.id, view=View(Window(40, 400), quarter_turns=2))
        cleared = clear(FILES[-1], name="x.dcm", use=use)
        media = workspace.media_store.put(cleared.data)
        with workspace._database.write() as tx:
            tx.media.add(describe_as(info, media, cleared))
            me = workspace.people.me().id
            tx.media.add_clearance(Clearance(info.id, media, me, ticking_clock().now()))
        body = Body(images=(ImageUse(media, view=use.view),))

        [sent] = workspace.images.pictures(body)
        told = workspace.images.conversions(body)

        assert workspace.images.open(media).glimpses is not None
        # Of an image that may still name its patient no small copy is left behind.
        assert workspace.images.open(info.id).glimpses is None

    seen = show(open_image(FILES[-1], name="x"), 0, use.view).picture
    assert np.array_equal(decoded(sent), seen)
    assert told == [
        "Image 1, frame 1: 48 × 16 pixels, window 40/400, turned by 180° clockwise, "
        "resampled to square pixels (0.333 : 1)"
    ]


def describe_as(info, media, cleared):
    from dataclasses import replace

    size = len(cleared.data)
    return replace(info, id=media, media_type=cleared.media_type, size_bytes=size)
