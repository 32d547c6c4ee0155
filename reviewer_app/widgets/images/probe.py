"""What is said of a picture: the value of a pixel and what it means, and how it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from core.domain.media import ImageRole, ImageUse, View, Window
from reviewer_app.widgets.images.windows import number_text

if TYPE_CHECKING:
    from core.imaging.image import Frame, LoadedImage

_CONTEXT = "image_probe"


def value_text(image: LoadedImage, frame: Frame, row: int, column: int) -> str:
    """Return a stored value, its calibrated one with its unit, and the uptake of PET."""
    if frame.gray is None:
        red, green, blue = (int(part) for part in frame.stored[row, column])
        return f"R {red}  G {green}  B {blue}"
    stored = frame.stored[row, column].item()
    text = number_text(stored)
    if bool(frame.gray.is_padding(frame.stored[row, column])):
        return f"{text}  {QCoreApplication.translate(_CONTEXT, 'outside of the picture')}"
    meant = frame.calibrated(row, column)
    if image.unit or meant != stored:
        text = f"{text} → {number_text(meant)} {image.unit}".strip()
    if image.suv_factor is not None:
        text += f"  SUVbw {meant * image.suv_factor:.2f}"
    return text


def head_lines(use: ImageUse, image: LoadedImage | None, *, names_role: bool) -> tuple[str, ...]:
    """Return what stands over an image: whether it is the prior, its date, caption and side."""
    role = _say("Current") if names_role else ""
    if use.role is ImageRole.PRIOR:
        role = _say("Prior")
    side = image.geometry.laterality if image is not None else ""
    return role, use.date, use.caption, _say("Side {0}").format(side) if side else ""


def note_lines(image: LoadedImage | None) -> tuple[str, ...]:
    """Return what is to be known of an image before it is read."""
    return () if image is None else (*image.notes, no_uptake_text(image))


def no_uptake_text(image: LoadedImage) -> str:
    """Return why a PET has no uptake values; empty where it has them and for all others."""
    if image.modality != "PT" or image.suv_factor is not None or not image.suv_refusal:
        return ""
    return QCoreApplication.translate(_CONTEXT, "No SUV: {0}").format(image.suv_refusal)


def view_lines(image: LoadedImage | None, frame: Frame | None, view: View) -> list[str]:
    """Return in words how a frame is shown: its window or table, inverted, mirrored, turned."""
    lines = []
    if image is not None and frame is not None and frame.gray is not None:
        lines.append(_window_line(image, frame.chosen_window(view)))
    if view.is_inverted:
        lines.append(_say("Inverted"))
    if view.is_mirrored:
        lines.append(_say("Mirrored"))
    if view.quarter_turns % 4:
        lines.append(_say("Turned {0}°").format(view.quarter_turns % 4 * 90))
    return lines


def _window_line(image: LoadedImage, window: Window | None) -> str:
    if window is None:
        return _say("Table of the file")
    center, width = number_text(window.center), number_text(window.width)
    return _say("C {0}  W {1} {2}").format(center, width, image.unit).strip()


def _say(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)
