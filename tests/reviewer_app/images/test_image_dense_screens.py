"""On screens of any density, marks lie on the image where they were drawn."""

import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from core.domain.region import Region, RegionKind
from tests.reviewer_app.images.dense_screens import RATIOS

WIDTH, HEIGHT = 400, 300
LEFT, TOP, RIGHT, BOTTOM = 150, 120, 250, 170
MARKS = (Region(RegionKind.BOX, ((LEFT, TOP), (RIGHT, BOTTOM))),)
BESIDE = 30
"""So far the bright cross goes on beyond the box whose edges it has."""
NEAR_PX = 20
MOST_APART = 1.5
"""Pixels of the screen; soft edges take one."""
ROOT = Path(__file__).parents[3]


def picture() -> np.ndarray:
    """Return a cross whose arms are as wide and as high as the box that is marked."""
    grays = np.full((HEIGHT, WIDTH), 30, np.uint8)
    grays[TOP - BESIDE : BOTTOM + BESIDE, LEFT:RIGHT] = 190
    grays[TOP:BOTTOM, LEFT - BESIDE : RIGHT + BESIDE] = 190
    return grays


@pytest.fixture(scope="module")
def shown(tmp_path_factory) -> Path:
    """The folder with what was painted on each screen."""
    folder = tmp_path_factory.mktemp("screens")
    command = [sys.executable, "-m", "tests.reviewer_app.images.dense_screens", str(folder)]
    subprocess.run(command, check=True, cwd=ROOT, timeout=120)
    return folder


def ends(line: np.ndarray, wanted: tuple[float, float]) -> tuple[float, float]:
    """Return where what is seen in a line begins and ends, apart from texts far away."""
    places = np.flatnonzero(line)
    near = places[(places > wanted[0] - NEAR_PX) & (places < wanted[1] + NEAR_PX)]
    return near[0], near[-1] + 1


@pytest.mark.parametrize("state", ["fitted", "moving", "moved", "resting"])
@pytest.mark.parametrize("screen", RATIOS)
def test_a_mark_lies_on_the_edges_that_it_was_drawn_on(shown, screen, state):
    name = f"{screen}-{state}"
    left, top, scale, ratio = json.loads((shown / "told.json").read_text())[name]
    colors = cv2.imread(str(shown / f"{name}.png")).astype(int)
    yellow, bright = colors[..., 2] - colors[..., 0] > 40, colors[..., 1] > 110

    def on_screen(place: float, start: float) -> float:
        return (place - start) * scale

    wide = on_screen(LEFT, left), on_screen(RIGHT, left)
    high = on_screen(TOP, top), on_screen(BOTTOM, top)
    arm = on_screen(RIGHT + BESIDE / 2, left), on_screen(BOTTOM + BESIDE / 2, top)
    middle = sum(wide) / 2, sum(high) / 2
    marked = ends(yellow[int(middle[1])], wide), ends(yellow[:, int(middle[0])], high)
    seen = ends(bright[int(arm[1])], wide), ends(bright[:, int(arm[0])], high)

    assert ratio == RATIOS[screen]
    assert colors.shape[:2] == (260 * ratio, 360 * ratio)
    for (first, last), edges, wanted in zip(marked, seen, (wide, high), strict=True):
        middles = first + ratio, last - ratio  # of lines that are two of our pixels wide
        assert middles == pytest.approx(wanted, abs=MOST_APART)
        assert edges == pytest.approx(wanted, abs=MOST_APART)
        assert middles == pytest.approx(edges, abs=MOST_APART)
