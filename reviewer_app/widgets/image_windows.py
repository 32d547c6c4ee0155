"""Windows to choose from: what the file brings, what a radiologist expects by modality."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.domain.media import Window

if TYPE_CHECKING:
    from core.imaging.image import LoadedImage

DRAG_PX: Final = 300
"""Dragging over so many pixels changes center or width by one whole width."""


@dataclass(frozen=True, slots=True)
class Preset:
    """A named window; None is what the file itself wants."""

    name: str
    window: Window | None


_AS_STORED: Final = Preset("As in the file", None)
_CT: Final = (
    Preset("Brain", Window(40, 80)),
    Preset("Stroke", Window(40, 40)),
    Preset("Subdural", Window(75, 215)),
    Preset("Lung", Window(-600, 1500)),
    Preset("Mediastinum", Window(50, 350)),
    Preset("Abdomen", Window(50, 400)),
    Preset("Liver", Window(30, 150)),
    Preset("Bone", Window(400, 1800)),
)
_LARGEST_COUNT: Final = 9


def presets_for(image: LoadedImage) -> tuple[Preset, ...]:
    """Return at most nine presets in key order; none for color, whose values have no window."""
    if image.is_color:
        return ()
    if image.unit == "HU":
        return (_AS_STORED, *_CT)
    names = dict(enumerate(image.window_names))
    more = (
        Preset(names.get(place) or f"Window {place + 1}", one)
        for place, one in enumerate(image.windows[1:], start=1)
    )
    return (_AS_STORED, *more)[:_LARGEST_COUNT]


def dragged(start: Window, dx: float, dy: float) -> Window:
    """Return a window after a drag: right is wider (softer), up is brighter."""
    step = max(start.width, 2.0) / DRAG_PX
    return Window(round(start.center + dy * step, 2), round(max(1.0, start.width + dx * step), 2))


def number_text(value: float) -> str:
    """Return a number as short as it can be read: “40”, “-600”, “0.83”, “1.2e-05”."""
    if value == int(value) and abs(value) < 1e9:
        return f"{int(value)}"
    return f"{value:.2f}".rstrip("0").rstrip(".") if abs(value) >= 0.05 else f"{value:.2g}"
