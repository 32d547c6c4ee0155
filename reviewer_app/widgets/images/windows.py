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
    """A named window; None is what the file itself wants, by its table of that number if any."""

    name: str
    window: Window | None
    voi_table: int | None = None


_AS_STORED: Final = Preset("As in the file", None)
_WHOLE_RANGE: Final = Preset("Whole range of the values", None)
_CT: Final = {
    "brain": Preset("Brain", Window(40, 80)),
    "stroke": Preset("Stroke", Window(40, 40)),
    "subdural": Preset("Subdural", Window(75, 215)),
    "lung": Preset("Lung", Window(-600, 1500)),
    "mediastinum": Preset("Mediastinum", Window(50, 350)),
    "abdomen": Preset("Abdomen", Window(50, 400)),
    "liver": Preset("Liver", Window(30, 150)),
    "bone": Preset("Bone", Window(400, 1800)),
    "temporal": Preset("Temporal bone", Window(700, 4000)),
    "vessels": Preset("Vessels", Window(250, 700)),
    "soft": Preset("Soft tissue", Window(50, 400)),
}
_USUAL: Final = "brain stroke subdural lung mediastinum abdomen liver bone"
_FIRST: Final = (
    ("brain stroke subdural bone temporal soft vessels", "HEAD BRAIN SKULL CEREBELLUM SCALP"),
    ("temporal bone soft brain", "IAC EAR ORBIT EYE SINUS FACE JAW TMJ ZYGOMA NOSE SELLA"),
    ("soft bone vessels lung", "NECK HEADNECK LARYNX PHARYNX THYROID CAROTID PAROTID NECKCHEST"),
    (
        "lung mediastinum bone vessels soft",
        "CHEST LUNG MEDIASTINUM BRONCHUS TRACHEA RIB STERNUM HEART CORONARYARTERY ESOPHAGUS THYMUS",
    ),
    (
        "abdomen liver bone vessels lung",
        "ABDOMEN ABDOMENPELVIS LIVER KIDNEY PANCREAS SPLEEN ADRENAL STOMACH COLON GALLBLADDER "
        "PELVIS BLADDER PROSTATE RECTUM UTERUS OVARY AORTA DUODENUM JEJUNUM ILEUM",
    ),
    ("lung mediastinum abdomen liver bone vessels", "CHESTABDOMEN CHESTABDPELVIS WHOLEBODY"),
    (
        "bone soft vessels",
        "SPINE CSPINE TSPINE LSPINE SSPINE TLSPINE LSSPINE CTSPINE COCCYX SIJOINT SHOULDER "
        "CLAVICLE SCAPULA HUMERUS ARM ELBOW FOREARM WRIST HAND FINGER THUMB HIP FEMUR THIGH KNEE "
        "PATELLA LEG CALF ANKLE FOOT CALCANEUS TOE EXTREMITY",
    ),
)
"""What is looked at first in a body part (PS3.16 annex L); the other windows follow."""
_UPTAKES: Final = (5, 7, 10, 15, 20)
_LARGEST_COUNT: Final = 9


def presets_for(image: LoadedImage) -> tuple[Preset, ...]:
    """Return at most nine presets in key order; none for color, whose values have no window."""
    if image.is_color:
        return ()
    own = _own_presets(image)
    if image.unit == "HU":
        return (own[0], *_ct_presets(image.body_part), *own[1:])[:_LARGEST_COUNT]
    if image.suv_factor:
        return (own[0], *_uptake_presets(image.suv_factor), *own[1:])[:_LARGEST_COUNT]
    return (*own, *_relative_presets(image))[:_LARGEST_COUNT]


def _own_presets(image: LoadedImage) -> list[Preset]:
    """Return what the file brings: its tables, its windows, else the range of its values."""
    tables = [
        Preset(name or f"Table {place + 1}", None, place)
        for place, name in enumerate(image.voi_table_names)
    ]
    names = dict(enumerate(image.window_names))
    more = [
        Preset(names.get(place) or f"Window {place + 1}", one)
        for place, one in enumerate(image.windows[1:], start=1)
    ]
    first = _AS_STORED if image.windows or tables else _WHOLE_RANGE
    # A window goes before a table (PS3.3 C.11.2), so the first one of them is no choice.
    return [first, *more, *(tables if image.windows else tables[1:])]


def _ct_presets(body_part: str) -> list[Preset]:
    part = body_part.upper().replace(" ", "")
    first = next((names for names, parts in _FIRST if part in parts.split()), "")
    names = dict.fromkeys([*first.split(), *_USUAL.split()])
    return [_CT[name] for name in names]


def _uptake_presets(factor: float) -> list[Preset]:
    """Return windows from no uptake to so many g/ml, in the calibrated values of the file."""
    return [
        Preset(f"SUV 0 – {most}", Window(most / factor / 2, most / factor)) for most in _UPTAKES
    ]


def _relative_presets(image: LoadedImage) -> list[Preset]:
    """Return windows around the file's own: other modalities have no absolute values."""
    if not image.windows:
        return []
    own = image.windows[0]
    return [
        Preset("Softer", Window(own.center, round(own.width * 1.6, 2))),
        Preset("Harder", Window(own.center, round(max(1.0, own.width * 0.6), 2))),
        Preset("Brighter", Window(round(own.center - own.width / 4, 2), own.width)),
        Preset("Darker", Window(round(own.center + own.width / 4, 2), own.width)),
    ]


def dragged(start: Window, dx: float, dy: float) -> Window:
    """Return a window after a drag: right is wider (softer), up is brighter."""
    step = max(start.width, 2.0) / DRAG_PX
    return Window(round(start.center + dy * step, 2), round(max(1.0, start.width + dx * step), 2))


def number_text(value: float) -> str:
    """Return a number as short as it can be read: “40”, “-600”, “0.83”, “1.2e-05”."""
    if value == int(value) and abs(value) < 1e9:
        return f"{int(value)}"
    return f"{value:.2f}".rstrip("0").rstrip(".") if abs(value) >= 0.05 else f"{value:.2g}"
