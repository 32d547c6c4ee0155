"""Every way of reading a section gives what dense trilinear sampling gives, slabs included."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.imaging.display import GrayRule
from core.imaging.geometry import Plane
from core.imaging.mpr.sampling import lone_axes
from core.imaging.mpr.sections import Direction, Slab, range_mm, section
from core.imaging.mpr.slab import reduced
from core.imaging.mpr.volume import Volume
from core.imaging.series.stack import stack_normal

SHAPE = (14, 18, 16)
SPACING = (0.8, 0.6)
UNEVEN = (0.0, 1.5, 1.5, 3.0, 1.0, 1.5, 2.5, 1.5, 1.5, 1.0, 1.5, 2.0, 1.5, 1.5)
AXIS = {Direction.AXIAL: 2, Direction.CORONAL: 1, Direction.SAGITTAL: 0}


def turn(axis, degrees):
    """Return a rotation about one of the patient's axes."""
    angle = np.radians(degrees)
    first, second = [one for one in range(3) if one != axis]
    made = np.eye(3)
    made[[first, second], [first, second]] = np.cos(angle)
    made[first, second], made[second, first] = -np.sin(angle), np.sin(angle)
    return made


def smooth_values(seed=3):
    """Return soft hills, so that dense and denser sampling hardly differ."""
    rng = np.random.default_rng(seed)
    slices, rows, columns = np.indices(SHAPE) / 6
    phase = rng.uniform(0, 6, 3)
    waves = np.sin(slices + phase[0]) + np.cos(rows + phase[1]) * np.sin(columns + phase[2])
    return (500 * waves).astype(np.float32)


def made_volume(kind, gaps=(1.5,) * 14):
    rotation = {
        "upright": np.eye(3),
        "gantry": np.eye(3),
        "pitch": turn(0, 17),
        "roll": turn(1, -14),
        "yaw": turn(2, 21),
        "oblique": turn(0, 17) @ turn(1, 11) @ turn(2, 8),
        "sagittal": np.array([[0, 0, 1], [1, 0, 0], [0, -1, 0]]).astype(float),
    }[kind]
    across, down, way = rotation.T
    if kind == "gantry":
        down, way = turn(0, 17)[:, 1], np.array([0.0, 0.0, 1.0])
    places = np.cumsum((0.0, *gaps[1:]))
    planes = [
        Plane(tuple(way * at + (3.0, -4.0, 50.0)), tuple(across), tuple(down), SPACING)
        for at in places
    ]
    return Volume(smooth_values(), tuple(planes), GrayRule(), stack_normal(planes[0]))


def sampled(volume, points):
    """Return plain trilinear values, not a number outside."""
    found, is_inside = [], True
    for places, length in zip(volume.indices(points), volume.values.shape, strict=True):
        is_inside = is_inside & (places >= -0.5) & (places <= length - 0.5)
        found.append(np.clip(places, 0, length - 1))
    total = np.zeros(points.shape[:-1])
    low = [
        np.minimum(one.astype(int), length - 2) for one, length in zip(found, SHAPE, strict=True)
    ]
    for corner in np.ndindex(2, 2, 2):
        weight = np.ones(points.shape[:-1])
        for one, below, side in zip(found, low, corner, strict=True):
            weight = weight * (one - below if side else 1 - (one - below))
        index = tuple(below + side for below, side in zip(low, corner, strict=True))
        total += weight * volume.values[index]
    return np.where(is_inside, total, np.nan)


def expected(volume, made, direction, slab_mm, slab):
    rows, columns = np.indices(made.frame.stored.shape)
    plane = made.plane
    points = (
        np.asarray(plane.origin_mm)
        + rows[..., None] * plane.spacing_mm[0] * np.asarray(plane.down)
        + columns[..., None] * plane.spacing_mm[1] * np.asarray(plane.across)
    )
    depths = np.linspace(-slab_mm / 2, slab_mm / 2, 201 if slab_mm else 1)
    found = np.stack([sampled(volume, points + d * np.eye(3)[AXIS[direction]]) for d in depths])
    is_inside = np.isfinite(found)
    reduce = {Slab.MEAN: np.nanmean, Slab.MAXIMUM: np.nanmax, Slab.MINIMUM: np.nanmin}[slab]
    seen = is_inside.any(axis=0)
    result = np.full(seen.shape, np.nan)
    result[seen] = reduce(found[:, seen], axis=0)
    return result, is_inside.all(axis=0)


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize(
    ("kind", "alone"),
    [("upright", 3), ("gantry", 1), ("pitch", 1), ("roll", 1), ("yaw", 1), ("oblique", 0)],
)
@pytest.mark.parametrize("gaps", [(1.5,) * 14, UNEVEN], ids=["even", "uneven"])
def test_sections_equal_dense_sampling(direction, kind, alone, gaps):
    volume = made_volume(kind, gaps)
    low, high = range_mm(volume, direction)
    at = low + 0.47 * (high - low)
    assert len(lone_axes(volume)) == alone

    for slab_mm, slab in [(0.0, Slab.MEAN), *((5.0, one) for one in Slab)]:
        made = section(volume, direction, at, slab_mm=slab_mm, slab=slab)
        wanted, is_whole = expected(volume, made, direction, slab_mm, slab)
        stored = made.frame.stored
        tolerance = 0.5 if slab_mm == 0 else 30  # of hills 2,000 high
        assert is_whole.sum() > 40
        assert np.abs(stored - wanted)[is_whole].max() <= tolerance
        assert (stored[np.isnan(wanted)] == volume.lowest).all()


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("slab_mm", [0.0, 5.0])
def test_volume_of_sagittal_slices_stands_upright(direction, slab_mm):
    volume = made_volume("sagittal")
    low, high = range_mm(volume, direction)
    at = low + 0.3 * (high - low)

    made = section(volume, direction, at, slab_mm=slab_mm)

    wanted, is_whole = expected(volume, made, direction, slab_mm, Slab.MEAN)
    assert len(lone_axes(volume)) == 3
    assert is_whole.sum() > 40
    assert np.abs(made.frame.stored - wanted)[is_whole].max() <= (2 if slab_mm else 0.5)


@settings(max_examples=60, deadline=None)
@given(
    axis=st.integers(0, 2),
    middle=st.floats(-3, 25),
    thickness=st.floats(0, 30),
    slab=st.sampled_from(Slab),
    is_falling=st.booleans(),
)
def test_slab_along_voxels_is_exact(axis, middle, thickness, slab, is_falling):
    values = smooth_values()
    centers = np.cumsum(UNEVEN + (1.0,) * 4)[: SHAPE[axis]] * (-1 if is_falling else 1)
    span = (middle - thickness / 2, middle + thickness / 2)
    span = (-span[1], -span[0]) if is_falling else span
    found = reduced(values, axis, centers, span, slab)
    order = np.argsort(centers)
    places = centers[order]
    ends = places[0] - (places[1] - places[0]) / 2, places[-1] + (places[-1] - places[-2]) / 2
    low, high = max(span[0], ends[0]), min(span[1], ends[1])
    if found is None:
        assert low > high
        return
    line = np.moveaxis(values, axis, 0)[order][:, 3, 5]
    dense = np.interp(np.linspace(low, high, 4001), places, line)
    wanted = {Slab.MEAN: dense.mean(), Slab.MAXIMUM: dense.max(), Slab.MINIMUM: dense.min()}[slab]
    assert found[3, 5] == pytest.approx(wanted, abs=4)


def test_coarse_section_shows_the_same_place_with_fewer_pixels():
    volume = made_volume("gantry")
    at = float(np.mean(range_mm(volume, Direction.CORONAL)))

    fine = section(volume, Direction.CORONAL, at)
    coarse = section(volume, Direction.CORONAL, at, coarse=2)

    assert coarse.plane.spacing_mm == (1.2, 1.2)
    assert coarse.plane.origin_mm == fine.plane.origin_mm
    rows, columns = coarse.frame.stored.shape
    assert np.abs(coarse.frame.stored - fine.frame.stored[::2, ::2][:rows, :columns]).max() < 1


@pytest.mark.parametrize("kind", ["gantry", "oblique"])
def test_slow_section_can_be_stopped(kind):
    def stop():
        raise InterruptedError

    volume = made_volume(kind)
    at = float(np.mean(range_mm(volume, Direction.CORONAL)))

    with pytest.raises(InterruptedError):
        section(volume, Direction.CORONAL, at, slab_mm=9, on_part=stop)
