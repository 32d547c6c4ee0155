"""Marks on images: kept with the question, told in words, taken along when an image is cleared."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.body import Body
from core.domain.ids import MediaId
from core.domain.marks import MAX_MARKS, cleared_use, mark_fits, mark_text, marks_told
from core.domain.media import ImageUse, MediaInfo
from core.domain.region import MaskRuns, Region, RegionKind
from core.domain.revision import Revision
from core.domain.revision_diff import compare
from core.domain.three_way import Side, assemble, suggested
from core.domain.three_way import compare as compare_three
from core.errors import ValidationError
from tests.domain_strategies import images
from tests.factories import make_body, make_person, make_question, make_revision

BOX = Region(RegionKind.BOX, ((1, 2), (30, 40)), label="nodule")
POINT = Region(RegionKind.POINT, ((5, 6),))


def marked(*marks: Region, **facts: str) -> Revision:
    made = make_revision(make_question(make_person()))
    use = ImageUse(MediaId("ab" * 32), marks=marks, **facts)  # type: ignore[arg-type]  # texts
    return replace(made, body=replace(make_body(), images=(use,)))


def test_an_image_without_marks_is_written_as_before_there_were_any() -> None:
    plain = marked().body.to_plain()

    assert set(plain["images"][0]) == {
        "media", "frames", "window", "is_inverted", "role", "caption", "date",
    }  # fmt: skip
    assert Body.from_plain(plain).images[0].marks == ()


@pytest.mark.parametrize(
    "wrong",
    [
        "text",
        [{"kind": "box"}],
        [{"kind": "star", "points": [[1, 2]]}],
        [{"kind": "point", "points": [[1e300, 2]]}],
        [{"kind": "point", "points": [[float("nan"), 2]]}],
        [{"kind": "mask", "points": [], "mask": {"width": 60_000, "height": 60_000, "runs": [1]}}],
        [{"kind": "mask", "points": [], "mask": {"width": 2, "height": 2, "runs": [3, -1, 2]}}],
        [BOX.to_plain()] * (MAX_MARKS + 1),
    ],
)
def test_marks_of_strangers_that_cannot_be_are_refused(wrong: object) -> None:
    plain = marked().body.to_plain()
    plain["images"][0]["marks"] = wrong

    with pytest.raises(ValidationError):
        Body.from_plain(plain)


@pytest.mark.parametrize(
    ("width", "height", "runs"),
    [
        (65_536, 1, (65_536,)),
        (1, 65_536, (65_536,)),
        (0, 5, (0,)),
        (60_000, 60_000, (60_000 * 60_000,)),
        (2_000, 2_000, (1,) * 1_000_001 + (2_999_999,)),
    ],
)
def test_a_mask_larger_than_any_picture_or_as_ragged_as_noise_is_refused(
    width: int, height: int, runs: tuple[int, ...]
) -> None:
    with pytest.raises(ValidationError, match="too large or too ragged"):
        MaskRuns(width, height, runs)


@pytest.mark.parametrize(
    ("mark", "fits"),
    [
        (replace(BOX, frame=2), True),
        (replace(BOX, frame=3), False),
        (Region(RegionKind.MASK, mask=MaskRuns(20, 10, (200,))), True),
        (Region(RegionKind.MASK, mask=MaskRuns(10, 20, (200,))), False),
    ],
)
def test_a_mark_fits_an_image_that_has_its_frame_and_the_pixels_of_its_mask(
    mark: Region, fits: bool
) -> None:
    image = MediaInfo(MediaId("ab" * 32), "x.dcm", "application/dicom", 9, 20, 10, frame_count=3)

    assert mark_fits(mark, image) is fits


def test_marks_drawn_in_are_told_of_the_frames_that_are_sent() -> None:
    use = ImageUse(MediaId("ab" * 32), frames=(0, 2), marks=(BOX, replace(BOX, frame=1)))

    assert marks_told(use) == "; 1 mark drawn in"
    assert marks_told(replace(use, frames=(0, 1))) == "; 2 marks drawn in"
    assert marks_told(replace(use, frames=(5,))) == ""


def test_a_mark_before_the_first_frame_is_refused() -> None:
    with pytest.raises(ValidationError, match="a frame that does not exist"):
        replace(BOX, frame=-1)


@given(images, st.data())
def test_a_cleared_copy_shows_every_mark_on_the_same_picture(
    use: ImageUse, data: st.DataObject
) -> None:
    use = replace(use, frames=tuple(dict.fromkeys(use.frames)))
    cleared = cleared_use(use, MediaId("cd" * 32))

    assert cleared.frames == tuple(range(len(use.frames)))
    for new, old in enumerate(use.frames):
        before = [replace(one, frame=0) for one in use.marks if one.frame == old]
        assert [replace(one, frame=0) for one in cleared.marks if one.frame == new] == before


def test_history_tells_which_mark_went_and_which_came() -> None:
    [found] = compare(marked(BOX), marked(BOX, POINT), with_key=True)

    assert found.field == "marks"
    assert "Image 1: point on frame 1 5.00, 6.00" in "".join(one.text for one in found.spans)


@pytest.mark.parametrize(
    "other",
    [
        replace(BOX, label="cyst"),
        replace(BOX, frame=1),
        replace(BOX, is_locked=True),
        replace(BOX, points=((1, 2), (30, 41))),
        replace(BOX, kind=RegionKind.ELLIPSE),
    ],
)
def test_marks_that_look_different_are_told_differently(other: Region) -> None:
    assert mark_text(BOX) != mark_text(other)


def test_masks_of_one_size_and_other_pixels_are_told_differently() -> None:
    one, other = (
        Region(RegionKind.MASK, mask=MaskRuns(4, 1, runs)) for runs in ((0, 2, 2), (1, 2, 1))
    )

    assert "of 2 pixels" in mark_text(one)
    assert mark_text(one) != mark_text(other)


def test_marks_of_one_side_and_a_caption_of_the_other_come_together() -> None:
    base, mine, theirs = marked(BOX), marked(BOX, caption="Axial"), marked(BOX, POINT)

    picks = suggested(compare_three(base, mine, theirs))

    assert picks == {"image 1": Side.MINE, "marks 1": Side.THEIRS}
    [use] = assemble(mine, theirs, picks).body.images
    assert (use.caption, use.marks) == ("Axial", (BOX, POINT))


def test_marks_stay_on_the_image_that_they_were_drawn_on() -> None:
    mine, theirs = marked(BOX), marked(POINT)
    other = replace(theirs.body.images[0], media=MediaId("cd" * 32))
    theirs = replace(theirs, body=replace(theirs.body, images=(other,)))

    third = assemble(mine, theirs, {"image 1": Side.THEIRS, "marks 1": Side.MINE})

    assert third.body.images == (other,)
