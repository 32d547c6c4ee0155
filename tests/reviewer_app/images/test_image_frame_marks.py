"""Marks of many frames are found as a search through all of them finds them."""

from hypothesis import given
from hypothesis import strategies as st

from core.domain.region import Region, RegionKind
from core.imaging.marks.shapes import label_colors
from reviewer_app.widgets.marks.frames import FrameMarks

MARKS = st.lists(
    st.builds(
        lambda frame, label: Region(RegionKind.POINT, ((1, 2),), label=label, frame=frame),
        st.integers(0, 4),
        st.sampled_from(["", "nodule", "cyst"]),
    )
)


@given(MARKS)
def test_marks_of_a_frame_are_found_in_their_order(marks):
    found = FrameMarks(marks)

    for frame in range(6):
        assert list(found.on(frame)) == [mark for mark in marks if mark.frame == frame]
        assert all(any(one is mark for mark in marks) for one in found.on(frame))
    assert found.all == tuple(marks)
    assert found.colors == label_colors(marks)
