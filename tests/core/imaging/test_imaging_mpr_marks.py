"""Sections show a mark where its voxels are, in tilted and unevenly spaced stacks."""

import numpy as np
import pytest

from core.domain.region import Region, RegionKind
from core.imaging.marks.mask import mask_of, pixels_of
from core.imaging.mpr.marks import shows_slices, traces
from core.imaging.mpr.sections import Direction, grid_of
from core.imaging.mpr.volume import volume_of
from core.imaging.series.file import open_found
from core.imaging.series.finding import find_series
from tests.core.imaging.stack_files import (
    COLUMNS,
    ROWS,
    UNEVEN,
    blank,
    make_slices,
    write_files,
)

EVEN = tuple(np.arange(24) * 1.5)
SLICE = 9
ELLIPSE = Region(RegionKind.ELLIPSE, ((6.2, 8.1), (27.4, 22.0)), label="nodule")


def stack(folder, places, degrees):
    write_files(folder, make_slices(blank(len(places)), places, degrees=degrees))
    [series] = find_series([folder]).series
    return volume_of(open_found(series))


def on_slice(volume, mark, place=SLICE):
    """Return a mark moved to the frame of a slice."""
    return Region(mark.kind, mark.points, volume.frames[place], mark.label)


def section_points(volume, direction, at_mm):
    """Return the patient point of every pixel of a section."""
    plane, (rows, columns) = grid_of(volume, direction, at_mm)
    return [
        [plane.patient_mm((column + 0.5, row + 0.5)) for column in range(columns)]
        for row in range(rows)
    ]


@pytest.mark.parametrize("places", [EVEN, UNEVEN], ids=["even", "uneven"])
@pytest.mark.parametrize("degrees", [0.0, 17.0])
@pytest.mark.parametrize("direction", Direction)
def test_a_pixel_shows_a_mark_exactly_where_its_nearest_voxel_is_marked(
    tmp_path, places, degrees, direction
):
    volume = stack(tmp_path, places, degrees)
    mark = on_slice(volume, ELLIPSE)
    marked = mask_of(mark, COLUMNS, ROWS)
    middle = volume.planes[SLICE].patient_mm((17.0, 15.0))
    at = middle["xyz".index({"axial": "z", "coronal": "y", "sagittal": "x"}[direction])] + 0.2

    [trace] = traces(volume, [mark], direction, at)

    wanted = [
        [
            (voxel := volume.nearest(point)) is not None
            and voxel[0] == SLICE
            and bool(marked[voxel[1], voxel[2]])
            for point in row
        ]
        for row in section_points(volume, direction, at)
    ]
    assert trace.label == "nodule"
    assert np.array_equal(pixels_of(trace.mask), np.array(wanted))


def test_a_section_beside_a_mark_shows_nothing_of_it(tmp_path):
    volume = stack(tmp_path, EVEN, 0.0)
    mark = on_slice(volume, ELLIPSE)
    _, outside, _ = volume.planes[SLICE].patient_mm((17.0, 30.0))

    assert traces(volume, [mark], Direction.CORONAL, outside) == ()
    assert traces(volume, [mark], Direction.AXIAL, volume.planes[SLICE + 1].origin_mm[2]) == ()


def test_a_slab_shows_what_lies_within_it(tmp_path):
    volume = stack(tmp_path, EVEN, 0.0)
    mark = on_slice(volume, ELLIPSE)
    at = volume.planes[SLICE + 3].origin_mm[2]

    assert traces(volume, [mark], Direction.AXIAL, at, slab_mm=4) == ()
    [seen] = traces(volume, [mark], Direction.AXIAL, at, slab_mm=8)
    [alone] = traces(volume, [mark], Direction.AXIAL, volume.planes[SLICE].origin_mm[2])
    assert seen == alone


@pytest.mark.parametrize("kind", [RegionKind.POINT, RegionKind.ARROW])
def test_a_point_stays_the_point_it_means(tmp_path, kind):
    volume = stack(tmp_path, UNEVEN, 17.0)
    points = ((3.0, 3.0), (20.5, 12.5))[-1 if kind is RegionKind.POINT else 0 :]
    mark = Region(kind, points, volume.frames[SLICE], "here")
    meant = volume.planes[SLICE].patient_mm((20.5, 12.5))

    [seen] = traces(volume, [mark], Direction.SAGITTAL, meant[0])

    plane, _ = grid_of(volume, Direction.SAGITTAL, meant[0])
    thick = 2.5 / min(volume.planes[0].spacing_mm)  # half of the thickest slice, in pixels
    (x, y), _ = plane.image_point(meant)
    assert (seen.kind, seen.label) == (RegionKind.POINT, "here")
    assert seen.points[0] == pytest.approx((x, y), abs=thick)


def test_an_arrow_that_lies_in_a_section_is_an_arrow_there(tmp_path):
    volume = stack(tmp_path, EVEN, 0.0)
    tail, tip = (3.5, 12.5), (20.5, 12.5)
    mark = Region(RegionKind.ARROW, (tail, tip), volume.frames[SLICE], "here")
    at = volume.planes[SLICE].patient_mm(tip)[1]

    [seen] = traces(volume, [mark], Direction.CORONAL, at)

    plane, _ = grid_of(volume, Direction.CORONAL, at)
    ends = [plane.image_point(volume.planes[SLICE].patient_mm(one))[0] for one in (tail, tip)]
    assert (seen.kind, seen.label) == (RegionKind.ARROW, "here")
    assert np.array(seen.points) == pytest.approx(np.array(ends))


def test_a_slab_shows_the_part_of_an_arrow_that_it_holds_together_with_the_tip(tmp_path):
    volume = stack(tmp_path, EVEN, 0.0)
    tail, tip = (3.5, 30.5), (23.5, 10.5)  # 16 mm deep: half of it lies within 8 mm of the tip
    mark = Region(RegionKind.ARROW, (tail, tip), volume.frames[SLICE])
    at = volume.planes[SLICE].patient_mm(tip)[1]

    [seen] = traces(volume, [mark], Direction.CORONAL, at, slab_mm=16)

    half = (16 + min(volume.planes[SLICE].spacing_mm)) / 2
    share = half / (20 * volume.planes[SLICE].spacing_mm[0])
    plane, _ = grid_of(volume, Direction.CORONAL, at)
    (from_x, _), (to_x, _) = seen.points
    per_pixel = volume.planes[SLICE].spacing_mm[1] / plane.spacing_mm[1]
    assert seen.kind is RegionKind.ARROW
    assert to_x - from_x == pytest.approx(20 * share * per_pixel)
    [crossed] = traces(volume, [mark], Direction.CORONAL, at)
    assert crossed.kind is RegionKind.POINT


def test_marks_on_other_frames_are_left_out(tmp_path):
    volume = stack(tmp_path, EVEN, 0.0)
    elsewhere = Region(RegionKind.BOX, ((2, 2), (30, 30)), frame=99)

    assert traces(volume, [elsewhere], Direction.CORONAL, volume.box_mm[0][1] + 5) == ()


def test_only_sections_parallel_to_the_slices_show_whole_slices(tmp_path):
    straight, tilted = stack(tmp_path / "a", EVEN, 0.0), stack(tmp_path / "b", EVEN, 17.0)

    assert [shows_slices(straight, one) for one in Direction] == [True, False, False]
    assert not any(shows_slices(tilted, one) for one in Direction)
