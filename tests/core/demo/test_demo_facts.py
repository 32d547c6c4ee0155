"""Every demo answer that is said to follow from a file is worked out from that file again.

Each check below gets its question and the pydicom dataset, returns the answer in the form of the
question, and asserts whatever else its `how` states. Numbers of pixels and regions are chosen by
looking at the pictures; nothing here reads the key.
"""

import math
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO

import numpy as np
import pydicom
import pytest

from core.demo.questions import CheckKind, DemoQuestion, load_questions
from core.domain.body import Chosen, Measured, Ranked, Response, Written, options_of
from core.domain.key import NumericKey, right_response
from core.imaging.samples import sample_bytes

QUESTIONS = {one.slug: one for one in load_questions()}
CHECKABLE = [one for one in QUESTIONS.values() if one.check.kind is not CheckKind.KNOWLEDGE]
Check = Callable[[DemoQuestion, pydicom.Dataset], Response]
CHECKS: dict[str, Check] = {}


def check(slug: str) -> Callable[[Check], Check]:
    """Register the check of one question."""

    def register(function: Check) -> Check:
        CHECKS[slug] = function
        return function

    return register


def test_every_checkable_question_has_its_check_and_no_check_is_left_over():
    assert set(CHECKS) == {one.slug for one in CHECKABLE}


@pytest.mark.parametrize("question", CHECKABLE, ids=lambda one: one.slug)
@pytest.mark.filterwarnings("ignore:.*:UserWarning")  # pydicom remarks on odd test files
def test_answer_follows_from_the_file(question: DemoQuestion):
    dataset = pydicom.dcmread(BytesIO(sample_bytes(question.images[0].sample)))

    found = CHECKS[question.slug](question, dataset)
    keyed = right_response(question.key)

    if isinstance(question.key.right, NumericKey):
        assert isinstance(found, Measured)
        assert isinstance(keyed, Measured)
        tolerance = max(question.key.right.tolerance / 2, Decimal("0.001"))
        assert abs(found.value - keyed.value) <= tolerance
    else:
        assert found == keyed


# --- ways to look at a file ---------------------------------------------------------------------


def values(dataset: pydicom.Dataset) -> np.ndarray:
    """Return modality values (HU for CT) of the first frame."""
    slope, shift = float(dataset.get("RescaleSlope", 1)), float(dataset.get("RescaleIntercept", 0))
    return dataset.pixel_array.astype(float) * slope + shift


def mean(picture: np.ndarray, column: int, row: int, half: int) -> float:
    """Return the mean of a square region."""
    return float(picture[row - half : row + half + 1, column - half : column + half + 1].mean())


def run_through(line: np.ndarray, position: int) -> int:
    """Return the length of the unbroken run of true values through a position."""
    if not line[position]:
        return 0
    left = right = position
    while left > 0 and line[left - 1]:
        left -= 1
    while right + 1 < len(line) and line[right + 1]:
        right += 1
    return right - left + 1


def longest_run(line: np.ndarray) -> int:
    """Return the length of the longest unbroken run of true values."""
    return max((run_through(line, position) for position in np.flatnonzero(line)), default=0)


def smooth(picture: np.ndarray, size: int) -> np.ndarray:
    """Return the mean over squares of `size` pixels."""
    windows = np.lib.stride_tricks.sliding_window_view(picture, (size, size))
    return windows.mean(axis=(2, 3))


def is_conventional(dataset: pydicom.Dataset) -> bool:
    """Tell whether columns run to the patient's left: left of the picture is the right side."""
    return float(dataset.ImageOrientationPatient[0]) > 0.99


def option(question: DemoQuestion, *words: str) -> Chosen:
    """Return the options that contain the words."""
    found = {
        one.id
        for one in options_of(question.asked)
        if any(word.casefold() in one.text.casefold() for word in words)
    }
    assert len(found) == len(words), "each word must name one option"
    return Chosen(frozenset(found))


def yes_no(is_so: bool) -> Chosen:
    return Chosen(frozenset({"yes" if is_so else "no"}))


def number(value: float) -> Measured:
    return Measured(Decimal(str(round(float(value), 3))))


# --- chest CT -----------------------------------------------------------------------------------


def aorta_width_mm(dataset: pydicom.Dataset) -> float:
    """Return the widest run of contrast to the right of the vertebral body, at the top."""
    right_part = values(dataset)[:15, 66:] > 90
    return max(longest_run(row) for row in right_part) * float(dataset.PixelSpacing[1])


def canal_width_mm(dataset: pydicom.Dataset) -> float:
    """Return the widest run without bone in rows where bone bounds the canal on both sides."""
    soft = values(dataset)[[46, 47, 48, 49, 50, 56, 57, 58]] < 150
    return max(run_through(row, 59) for row in soft) * float(dataset.PixelSpacing[1])


@check("ct-aorta")
def _(question, dataset):
    assert 140 < mean(values(dataset), 90, 12, 6) < 200
    assert "ISOVUE" in dataset.ContrastBolusAgent
    assert is_conventional(dataset)
    return option(question, "aorta")


@check("ct-window-pair")
def _(question, dataset):
    lung = mean(values(dataset), 118, 12, 6)
    gray = {"Center 500 HU": (500, 2000), "Center 40 HU, width 400": (40, 400)}
    gray |= {"Center −600": (-600, 1500), "Center 40 HU, width 80": (40, 80)}
    shown = question.images[1].window
    lit = {name: (lung - (c - w / 2)) / w for name, (c, w) in gray.items()}
    fitting = [name for name, share in lit.items() if 0.2 < share < 0.6]
    assert lung < -700
    assert sum(share > 0 for share in lit.values()) == 1
    assert gray[fitting[0]] == (shown.center, shown.width)
    return option(question, *fitting)


@check("ct-canal-width")
def _(question, dataset):
    return number(canal_width_mm(dataset))


@check("ct-above-100")
def _(question, dataset):
    picture = values(dataset)
    regions = {
        "Lumen": mean(picture, 90, 12, 6),
        "Contents": mean(picture, 59, 52, 6),
        "Spongy": mean(picture, 59, 22, 7),
        "muscle": mean(picture, 30, 85, 8),
        "lung": mean(picture, 118, 12, 6),
    }
    assert len(regions) == len(options_of(question.asked))
    return option(question, *(name for name, value in regions.items() if value > 100))


@check("ct-density-order")
def _(question, dataset):
    picture = values(dataset)
    regions = {
        "Lumen": mean(picture, 90, 12, 6),
        "Spongy": mean(picture, 59, 22, 7),
        "muscle": mean(picture, 30, 85, 8),
        "lung": mean(picture, 118, 12, 6),
    }
    assert len(regions) == len(options_of(question.asked))
    found = [option(question, name) for name in sorted(regions, key=regions.__getitem__)]
    return Ranked(tuple(next(iter(one.options)) for one in found))


@check("ct-aorta-statement")
def _(question, dataset):
    text = question.key.right.response().text
    assert aorta_width_mm(dataset) == pytest.approx(25, abs=2)
    assert 22 <= aorta_width_mm(dataset) <= 28
    assert "about 25 mm" in text
    assert "from 22 to 28 mm" in question.key.rubric
    return Written(text)


@check("ct-aorta-box")
def _(question, dataset):
    picture = values(dataset)
    is_contrast = (picture > 90) & (picture < 260)
    is_contrast[:, :66] = False  # bone
    aorta = np.zeros_like(is_contrast)
    aorta[12, 90] = True
    while True:  # grow to the connected pixels
        near = aorta.copy()
        for axis, step in ((0, 1), (0, -1), (1, 1), (1, -1)):
            near |= np.roll(aorta, step, axis)
        near[-1] = False
        grown = near & is_contrast
        if (grown == aorta).all():
            break
        aorta = grown
    rows, columns = np.nonzero(aorta[:32])
    box = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    (keyed,) = question.key.right.regions
    assert [part for point in keyed.points for part in point] == pytest.approx(box, abs=2)
    return question.key.right.response()


@check("ct-rib-side")
def _(question, dataset):
    bone = values(dataset)[50:76] > 250
    on_the_left, on_the_right = bone[:, :40].sum(), bone[:, 88:].sum()
    assert on_the_right == 0
    return yes_no(on_the_left > 100 and is_conventional(dataset))


@check("ct-report")
def _(question, dataset):
    text = question.key.right.response().text
    assert aorta_width_mm(dataset) == pytest.approx(25, abs=2)
    assert "about 25 mm" in text
    assert canal_width_mm(dataset) == pytest.approx(16, abs=2)
    assert "about 16 mm" in text
    picture = values(dataset)
    for column, row in ((8, 30), (20, 10), (112, 30), (120, 50)):  # lung beside the pleura
        assert mean(picture, column, row, 4) < -600
    return Written(text)


@check("ct-aorta-grade")
def _(question, dataset):
    assert 20 < aorta_width_mm(dataset) < 30
    return option(question, "under 30 mm")


# --- head CT ------------------------------------------------------------------------------------


@check("head-tilt")
def _(question, dataset):
    tilt = math.degrees(math.asin(abs(float(dataset.ImageOrientationPatient[5]))))
    assert abs(float(dataset.GantryDetectorTilt)) == pytest.approx(tilt, abs=0.1)
    return number(tilt)


def hemispheres(picture: np.ndarray) -> list[np.ndarray]:
    """Return the interior of both cerebellar hemispheres after a 7 × 7 mean."""
    smoothed = smooth(picture, 7)
    return [smoothed[335:365, 180:230], smoothed[335:365, 270:335]]


@check("head-ventricle")
def _(question, dataset):
    picture = values(dataset)
    fluid = mean(picture, 252, 327, 3)
    assert all(fluid < part.mean() - 8 for part in hemispheres(picture))
    assert 327 / dataset.Rows == pytest.approx(2 / 3, abs=0.05)
    return Written("Fourth ventricle")


@check("head-air")
def _(question, dataset):
    picture = values(dataset) < -300
    share = {
        "Frontal": min(mean(picture, 205, 62, 6), mean(picture, 310, 62, 8)),
        "Right mastoid": mean(picture, 125, 300, 8),
        "Left mastoid": mean(picture, 398, 322, 6),
        "middle cranial": mean(picture, 160, 240, 8),
        "Posterior fossa": max(mean(picture, 190, 370, 8), mean(picture, 320, 370, 8)),
    }
    assert is_conventional(dataset)
    assert all(value > 0.5 or value == 0 for value in share.values())
    return option(question, *(name for name, value in share.items() if value > 0.5))


@check("head-hemorrhage")
def _(question, dataset):
    parts = hemispheres(values(dataset))
    assert all(37 < part.mean() < 42 for part in parts)
    return yes_no(any(part.max() >= 50 for part in parts))


@check("head-shift")
def _(question, dataset):
    interior = values(dataset)[240:360, 200:300]
    assert interior.std() < 2, "the picture must be too flat to answer"
    assert float(dataset.LossyImageCompressionRatio) > 300
    return yes_no(False)


# --- liver MR -----------------------------------------------------------------------------------

LIVER = ((85, 140, 3), (90, 110, 3))


def darkest_liver(picture: np.ndarray) -> float:
    return min(mean(picture, *region) for region in LIVER)


def has_fluid(picture: np.ndarray) -> bool:
    """Tell whether three places around the liver have one signal that is neither liver nor fat."""
    places = [mean(picture, *region) for region in ((45, 180, 3), (70, 205, 3), (165, 70, 3))]
    noise = picture[202:209, 67:74].std()
    suppressed_fat = mean(picture, 108, 252, 2)
    return (
        max(places) - min(places) < 10
        and noise < 15
        and max(places) < darkest_liver(picture) / 2
        and min(places) > 2 * suppressed_fat
    )


@check("mr-sequence")
def _(question, dataset):
    picture = values(dataset)
    assert (dataset.Modality, dataset.ScanningSequence) == ("MR", "GR")
    assert float(dataset.RepetitionTime) < 10
    assert float(dataset.EchoTime) < 5
    assert dataset.ContrastBolusAgent
    assert mean(picture, 70, 205, 3) < darkest_liver(picture) < mean(picture, 255, 168, 3)
    return option(question, "gradient echo after contrast")


@check("mr-brighter")
def _(question, dataset):
    picture = values(dataset)
    brightest_liver = max(mean(picture, *region) for region in LIVER)
    signal = {
        "Fluid": mean(picture, 70, 205, 3),
        "aorta": mean(picture, 255, 168, 3),
        "Vertebral": mean(picture, 230, 200, 3),
        "Spleen": mean(picture, 380, 150, 3),
        "kidney": mean(picture, 128, 235, 3),
    }
    assert all(abs(one - brightest_liver) > 100 for one in signal.values())
    return option(question, *(name for name, one in signal.items() if one > brightest_liver))


def abdominal_aorta_mm(dataset: pydicom.Dataset) -> float:
    bright = values(dataset)[:, 255] > 400
    return run_through(bright, 168) * float(dataset.PixelSpacing[0])


@check("mr-aorta-width")
def _(question, dataset):
    return number(abdominal_aorta_mm(dataset))


@check("mr-fluid")
def _(question, dataset):
    return yes_no(has_fluid(values(dataset)))


@check("mr-child-pugh")
def _(question, dataset):
    points_of_text = 1 + 2 + 1 + 1  # bilirubin 1.4, albumin 3.1, INR 1.4, no encephalopathy
    sums = [points_of_text + (points if has_fluid(values(dataset)) else 1) for points in (2, 3)]
    classes = {"A" if one <= 6 else "B" if one <= 9 else "C" for one in sums}
    assert len(classes) == 1
    return option(question, f"Class {classes.pop()}")


@check("mr-report")
def _(question, dataset):
    picture = values(dataset)
    text = question.key.right.response().text
    dark = flood(picture < 270, column=140, row=130)
    rows, columns = np.nonzero(dark)
    height = np.ptp(rows) * float(dataset.PixelSpacing[0])
    width = np.ptp(columns) * float(dataset.PixelSpacing[1])
    assert (width, height) == pytest.approx((25, 35), abs=4)
    assert "about 25 × 35 mm" in text
    assert abdominal_aorta_mm(dataset) == pytest.approx(20, abs=2)
    assert has_fluid(picture)
    marked_rows, marked_columns = np.nonzero(dataset.overlay_array(0x6000)[:, :100])
    assert marked_columns.min() < 61 < marked_columns.max()
    assert marked_rows.min() < 158 < marked_rows.max()
    assert mean(picture, 61, 158, 3) > darkest_liver(picture) + 50  # enhancing nodule
    assert mean(picture, 140, 130, 3) < 0.6 * darkest_liver(picture)
    return Written(text)


def flood(mask: np.ndarray, *, column: int, row: int) -> np.ndarray:
    """Return the connected part of a mask around a pixel."""
    part = np.zeros_like(mask)
    part[row, column] = True
    while True:
        grown = part.copy()
        grown[1:] |= part[:-1]
        grown[:-1] |= part[1:]
        grown[:, 1:] |= part[:, :-1]
        grown[:, :-1] |= part[:, 1:]
        grown &= mask
        if (grown == part).all():
            return part
        part = grown


# --- liver mask ---------------------------------------------------------------------------------


@check("mask-organ")
def _(question, dataset):
    columns = np.nonzero(dataset.pixel_array)[1]
    assert columns.mean() < dataset.Columns / 2
    return Written(dataset.SegmentSequence[0].SegmentLabel)


@check("mask-width")
def _(question, dataset):
    groups = dataset.SharedFunctionalGroupsSequence[0]
    spacing = float(groups.PixelMeasuresSequence[0].PixelSpacing[1])
    columns = np.nonzero(dataset.pixel_array)[1]
    return number((columns.max() - columns.min() + 1) * spacing / 10)


# --- echocardiography ---------------------------------------------------------------------------


def weakest_point(dataset: pydicom.Dataset, frame: int) -> float:
    """Return how bright the faintest point of a line across the mitral orifice is."""
    orifice = dataset.pixel_array[frame, 112:142, 158:186, 0]
    return float(orifice.max(axis=0).min())


def is_closed(dataset: pydicom.Dataset, frame: int) -> bool:
    weakest = weakest_point(dataset, frame)
    assert weakest < 12 or weakest > 60, "open or closed beyond doubt"
    return weakest > 60


@check("echo-valve")
def _(question, dataset):
    frames = question.images[0].frames
    strength = [weakest_point(dataset, frame) for frame in frames]
    assert (dataset.Modality, int(dataset.NumberOfFrames)) == ("US", 30)
    assert len(frames) == 12
    assert max(strength) > 5 * min(strength)
    return Written("Mitral valve")


@check("echo-phase")
def _(question, dataset):
    first, second = (image.frames[0] for image in question.images)
    assert not is_closed(dataset, first)
    assert is_closed(dataset, second)
    return option(question, "systole")


@check("echo-count")
def _(question, dataset):
    frames = question.images[0].frames
    assert len(frames) == 7
    return number(sum(is_closed(dataset, frame) for frame in frames))


# --- lymph node ---------------------------------------------------------------------------------


def colored(dataset: pydicom.Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Return the pixels inside both boxes and which of them carry color."""
    boxes = dataset.pixel_array[150:292, 90:545].astype(int)
    return boxes, boxes.max(axis=2) - boxes.min(axis=2) > 60


@check("node-color")
def _(question, dataset):
    boxes, mask = colored(dataset)
    red, green, blue = boxes[mask].T
    assert mask.sum() > 5000
    assert ((red >= green) & (green >= blue)).all()
    return option(question, "Amplitude")


@check("node-diagnosis")
def _(question, dataset):
    rows, columns = np.nonzero(colored(dataset)[1])
    middle = (rows + 150 > 165 + 115 / 4) & (rows + 150 < 280 - 115 / 4)
    assert np.ptp(columns) > 3 * np.ptp(rows)
    assert middle.mean() > 0.6
    return option(question, "Reactive")


# --- obstetric ultrasound -----------------------------------------------------------------------


def caliper_centers(indices: np.ndarray) -> list[tuple[float, float]]:
    """Return the centers (column, row) of the two crosses."""
    bright = indices > 200
    centers = []
    for left, right, top, bottom in ((453, 468, 284, 300), (493, 508, 296, 310)):
        rows, columns = np.nonzero(bright[top:bottom, left:right])
        middle = ((columns.min() + columns.max()) / 2, (rows.min() + rows.max()) / 2)
        centers.append((middle[0] + left, middle[1] + top))
    return centers


@check("ob-calipers")
def _(question, dataset):
    indices = dataset.pixel_array
    (x1, y1), (x2, y2) = caliper_centers(indices)
    region = dataset.SequenceOfUltrasoundRegions[0]
    ticks = np.flatnonzero(indices[90:340, 795] > 200) + 90
    starts = ticks[np.diff(ticks, prepend=0) > 1]
    assert set(np.diff(starts)) <= {37, 38, 39}
    assert float(region.PhysicalDeltaX) == pytest.approx(1 / 38, abs=0.001)
    return number(math.hypot(x2 - x1, y2 - y1) * float(region.PhysicalDeltaX))


@check("ob-bands")
def _(question, dataset):
    indices = dataset.pixel_array
    depth = indices[185:330, 180:740].copy()
    depth[95:128, 265:335] = 0  # the calipers and the line between them
    assert indices[100:150, 400:520].mean() > 60
    assert (depth > 30).mean() < 0.005
    return option(question, "Reverberation")


@check("ob-cisterna")
def _(question, dataset):
    around = dataset.pixel_array[255:340, 425:535].copy()
    around[28:54, 24:85] = 0  # the calipers and the line between them
    return yes_no((around > 30).mean() >= 0.01)


# --- bone scan, radiograph, slide ---------------------------------------------------------------


@check("scan-bladder")
def _(question, dataset):
    counts = dataset.pixel_array
    rows, columns = np.nonzero(counts[:460] > 150)
    body_rows = np.flatnonzero((counts > 15).any(axis=1))
    height = (rows.mean() - body_rows.min()) / np.ptp(body_rows)
    assert dataset.Modality == "NM"
    assert np.unravel_index(counts.argmax(), counts.shape)[0] in range(395, 436)
    assert 0.4 < height < 0.5
    assert 256 / 3 < columns.min() <= columns.max() < 2 * 256 / 3
    return option(question, "bladder")


@check("scan-detail")
def _(question, dataset):
    assert dataset.LossyImageCompression == "01"
    return yes_no(float(dataset.LossyImageCompressionRatio) > 1000)


@check("spine-field")
def _(question, dataset):
    return number(dataset.Columns * float(dataset.ImagerPixelSpacing[1]))


@check("spine-dens")
def _(question, dataset):
    spacing = [float(one) for one in dataset.ImagerPixelSpacing]
    assert (dataset.Modality, dataset.BodyPartExamined) == ("CR", "CSPINE")
    return yes_no(dataset.Rows * spacing[0] > 2 or dataset.Columns * spacing[1] > 2)


@check("tile-background")
def _(question, dataset):
    assert (dataset.pixel_array.min(axis=2) > 225).mean() > 0.99
    return option(question, "debris")


@check("mr-weighting")
def _(question, dataset):
    assert dataset.ScanningSequence == "SE"
    assert (float(dataset.RepetitionTime), float(dataset.EchoTime)) == (4000, 240)
    return option(question, "T2")
