"""Images as records: their bytes are named by SHA-256, a view says how they are shown."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from core.domain.ids import MediaId, PersonId
from core.domain.region import Region

MAX_IMAGES: Final = 12


class ImageRole(StrEnum):
    """Whether an image belongs to the present or an earlier examination."""

    CURRENT = "current"
    PRIOR = "prior"


@dataclass(frozen=True, slots=True)
class Window:
    """Center and width in modality units (HU for CT); width is at least 1."""

    center: float
    width: float


@dataclass(frozen=True, slots=True)
class View:
    """How an image is shown first and sent to an llm; `window` None means the file's own.

    A mirrored picture has left and right swapped before it is turned, `quarter_turns` are
    clockwise (0 to 3). `has_overlay` draws the file's overlay, `voi_table` (from 0) shows the
    file's table of that number while there is no window.
    """

    window: Window | None = None
    is_inverted: bool = False
    quarter_turns: int = 0
    is_mirrored: bool = False
    has_overlay: bool = False
    voi_table: int | None = None


@dataclass(frozen=True, slots=True)
class ImageUse:
    """An image within a body.

    `frames` lists the frames (from 0) that belong to the question, in order: a reader scrolls
    exactly these and an llm gets one picture for each. `marks` are what the author drew on the
    image for whoever answers; they count frames of the file, as `frames` does.
    """

    media: MediaId
    frames: tuple[int, ...] = (0,)
    view: View = View()
    role: ImageRole = ImageRole.CURRENT
    caption: str = ""
    date: str = ""
    marks: tuple[Region, ...] = ()


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """What is known about stored bytes without opening them."""

    id: MediaId
    file_name: str
    media_type: str
    size_bytes: int
    width: int
    height: int
    frame_count: int
    modality: str = ""


@dataclass(frozen=True, slots=True)
class Blackout:
    """A rectangle painted black before clearing: left, top, width, height in image pixels."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Clearance:
    """A person's word that `cleared` carries no patient data; `original` stays with the author."""

    original: MediaId
    cleared: MediaId
    cleared_by: PersonId
    cleared_at: datetime
    blackouts: tuple[Blackout, ...] = ()
    findings: tuple[str, ...] = ()
    """Names of the header attributes that were removed; never their values."""
