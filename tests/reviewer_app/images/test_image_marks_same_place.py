"""Marks on the screen and in the picture that a language model gets lie in the same place."""

import io
from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image

from core.domain.ids import MediaId
from core.domain.media import ImageUse, View
from core.domain.region import Region, RegionKind
from core.imaging.geometry import Geometry
from core.imaging.image import LoadedImage
from core.imaging.load import open_image
from core.imaging.marks.mask import mask_region
from core.imaging.pictures import encode_png, shown_frames, small_picture
from core.imaging.placing import upright_size
from reviewer_app.widgets.marks.marking import MarkingView
from tests.reviewer_app.images.hands import colors_of

WIDTH, HEIGHT = 700, 400
"""At this size lines in the sent picture are as wide as on the screen."""
VIEWS = [View(quarter_turns=turns, is_mirrored=flip) for turns in range(4) for flip in (0, 1)]


def painted_mask():
    mask = np.zeros((HEIGHT, WIDTH), np.bool_)
    mask[150:190, 200:290] = True
    return mask_region(mask)


MARKS = {
    RegionKind.POINT: Region(RegionKind.POINT, ((140.25, 151.5),)),
    RegionKind.ARROW: Region(RegionKind.ARROW, ((130, 140), (220.5, 180.25))),
    RegionKind.BOX: Region(RegionKind.BOX, ((130.5, 140), (270, 188.75))),
    RegionKind.ELLIPSE: Region(RegionKind.ELLIPSE, ((130, 140), (270, 190))),
    RegionKind.POLYGON: Region(RegionKind.POLYGON, ((130, 140), (280, 150), (200, 200))),
    RegionKind.FREEHAND: Region(RegionKind.FREEHAND, ((130, 140), (280, 150), (200, 200))),
    RegionKind.MASK: painted_mask(),
}


def image(aspect: float = 1.0) -> LoadedImage:
    """Return a dark gray picture, so that only marks are yellow."""
    frame = open_image(encode_png(np.full((HEIGHT, WIDTH), 40, np.uint8)), name="x").frame(0)
    shape = Geometry(pixel_aspect=aspect)
    facts = ("x", "image/png", WIDTH, HEIGHT, 2, False)
    return LoadedImage(*facts, lambda _: frame, geometry=shape)


def painted(on_screen, loaded, use):
    """Return the colors that the widget paints with one screen pixel for one of the picture."""
    view = on_screen(MarkingView(), *upright_size(loaded, use.view))
    view.show_image(loaded, use)
    return colors_of(view)


def sent(loaded, use):
    [data] = shown_frames(loaded, use)
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def colored(pixels):
    """Return where the first color is, however strongly it is mixed."""
    red, green, blue = (pixels[..., place].astype(int) for place in range(3))
    return (red - blue > 40) & (green - blue > 40)


def grown(mask):
    """Return a mask with all pixels around its own."""
    return cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0


@pytest.mark.parametrize("aspect", [1.0, 1.5])
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("kind", RegionKind)
def test_a_mark_is_sent_where_it_is_seen(on_screen, kind, view, aspect):
    loaded = image(aspect)
    use = ImageUse(MediaId("a"), view=view, marks=(MARKS[kind],))
    screen = colored(painted(on_screen, loaded, use))
    picture = colored(sent(loaded, use))

    assert screen.sum() > 20
    assert not (screen & ~grown(picture)).any()
    assert not (picture & ~grown(screen)).any()


def test_a_picture_without_marks_stays_gray_and_one_with_them_has_their_color():
    loaded = image()
    bare = ImageUse(MediaId("a"))
    [gray] = shown_frames(loaded, bare)
    [other] = shown_frames(loaded, replace(bare, marks=(replace(MARKS[RegionKind.BOX], frame=1),)))
    marked = sent(loaded, replace(bare, marks=(MARKS[RegionKind.BOX],)))

    assert Image.open(io.BytesIO(gray)).mode == "L"
    assert gray == other
    assert colored(marked).any()


def test_a_name_is_written_beside_its_mark_in_any_script():
    loaded = image()
    box = MARKS[RegionKind.BOX]
    without = colored(sent(loaded, ImageUse(MediaId("a"), marks=(box,))))
    for label in ("nodule", "Läsion", "病変", "узел"):
        named = replace(box, label=label)
        written = colored(sent(loaded, ImageUse(MediaId("a"), marks=(named,))))
        assert written.sum() > without.sum() + 20
        assert not written[:120].any()
        assert written[120:135].any()


def test_a_thumbnail_shows_its_marks_in_their_place_without_names():
    loaded = image()
    box = replace(MARKS[RegionKind.BOX], label="nodule")
    small = colored(
        np.asarray(
            Image.open(
                io.BytesIO(small_picture(loaded, ImageUse(MediaId("a"), marks=(box,)), size_px=100))
            ).convert("RGB")
        )
    )
    rows, columns = np.nonzero(small)

    assert small.shape == (57, 100)
    assert (columns.min(), columns.max()) == pytest.approx((130.5 / 7, 270 / 7), abs=1.5)
    assert (rows.min(), rows.max()) == pytest.approx((140 / 7, 188.75 / 7), abs=1.5)
