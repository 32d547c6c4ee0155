"""All that the sheet of keys tells beside the keys of the window."""

from dataclasses import dataclass
from typing import Final

from reviewer_app.key_bindings import noop
from reviewer_app.widgets.answer_keys import AnswerKey
from reviewer_app.widgets.images.keys import PRESETS, ImageKey, preset_key


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A line of the sheet: keys that are fixed, and the chosen keys of some actions."""

    text: str
    fixed: str = ""
    chosen: tuple[str, ...] = ()
    joiner: str = ", "


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """Keys that work in one place."""

    title: str
    lines: tuple[KeyLine, ...]


WIDGET_KEYS: Final = (
    KeyGroup(
        noop("Writing"),
        (
            KeyLine(noop("Undo"), "Ctrl+Z"),
            KeyLine(noop("Redo"), "Ctrl+Shift+Z"),
            KeyLine(noop("Move an option up or down"), "Alt+Up / Alt+Down"),
            KeyLine(noop("Add an option below"), "Enter"),
            KeyLine(noop("Finish the draft"), "Ctrl+Enter"),
            KeyLine(noop("Save now, my drafts"), "Ctrl+S, Ctrl+D"),
        ),
    ),
    KeyGroup(
        noop("Clearing images of patient data"),
        (
            KeyLine(noop("Add a box, select the next"), "B, Tab"),
            KeyLine(noop("Move, resize, remove it"), "Arrows, Shift+arrows, Del"),
            KeyLine(noop("Through the frames"), "Wheel, PgUp / PgDn"),
            KeyLine(noop("Zoom, pan"), "+, -, Ctrl+arrows"),
            KeyLine(noop("Clear the image"), "L"),
            KeyLine(noop("Approve, reword"), "Ctrl+Enter, E"),
        ),
    ),
    KeyGroup(
        noop("Library"),
        (
            KeyLine(noop("Choose several questions, or all"), "Shift+Up / Down, Ctrl+A"),
            KeyLine(noop("Move what is chosen to the bin"), "Delete"),
            KeyLine(noop("Choose none"), "Esc"),
        ),
    ),
    KeyGroup(
        noop("Answering"),
        (
            KeyLine(noop("Choose an option"), "1 … 9"),
            KeyLine(noop("Submit the answer"), "Enter"),
            KeyLine(noop("Go on to the next question"), "Space"),
            KeyLine(noop("Cannot tell, pause"), "Ctrl+T, Ctrl+P"),
            KeyLine(
                noop("In a sitting: flag, comment"), chosen=(AnswerKey.FLAG, AnswerKey.COMMENT)
            ),
        ),
    ),
    KeyGroup(
        noop("Rating a question"),
        (
            KeyLine(noop("Yes, no, not sure"), "Y / N / U"),
            KeyLine(noop("Comment"), "C"),
            KeyLine(noop("Accept, revise, reject"), "1 … 3"),
        ),
    ),
    KeyGroup(
        noop("Grading"),
        (
            KeyLine(noop("True or not true of the answer"), "Y / N"),
            KeyLine(noop("Another point"), "Up / Down"),
            KeyLine(noop("Save and go on"), "Enter"),
            KeyLine(noop("Previous or next answer"), "B / G"),
        ),
    ),
    KeyGroup(
        noop("Images"),
        (
            KeyLine(noop("Scroll slices"), "Up / Down, wheel, Ctrl+drag"),
            KeyLine(noop("Window: width across, level up, down"), "Left drag"),
            KeyLine(noop("Window from a region"), "Shift+left drag"),
            KeyLine(noop("Window as numbers: center, width"), chosen=(ImageKey.TYPE_WINDOW,)),
            KeyLine(
                noop("Window presets"),
                chosen=tuple(map(preset_key, (0, PRESETS - 1))),
                joiner=" … ",
            ),
            KeyLine(noop("Automatic window"), chosen=(ImageKey.AUTO,)),
            KeyLine(noop("Invert"), chosen=(ImageKey.INVERT,)),
            KeyLine(noop("Reset the view"), chosen=(ImageKey.RESET,)),
            KeyLine(noop("Zoom"), "Ctrl+wheel, pinch", (ImageKey.ZOOM_IN, ImageKey.ZOOM_OUT)),
            KeyLine(noop("Pan"), "Right drag, Ctrl+arrows"),
            KeyLine(
                noop("1:1, fit, true size"),
                chosen=(ImageKey.ONE_TO_ONE, ImageKey.FIT, ImageKey.TRUE_SIZE),
            ),
            KeyLine(
                noop("Turn, mirror"),
                chosen=(ImageKey.TURN_RIGHT, ImageKey.TURN_LEFT, ImageKey.MIRROR),
            ),
            KeyLine(noop("Pixels or smooth"), chosen=(ImageKey.SMOOTH,)),
            KeyLine(noop("Overlay of the file"), chosen=(ImageKey.OVERLAY,)),
        ),
    ),
    KeyGroup(
        noop("Layout, clips, measures"),
        (
            KeyLine(
                noop("Next layout, one alone (double click)"),
                chosen=(ImageKey.LAYOUT, ImageKey.ALONE),
            ),
            KeyLine(noop("Current beside prior"), chosen=(ImageKey.COMPARE,)),
            KeyLine(noop("Image before, after"), chosen=(ImageKey.BEFORE, ImageKey.AFTER)),
            KeyLine(
                noop("Play or stop the slices, faster"), chosen=(ImageKey.PLAY, ImageKey.FASTER)
            ),
            KeyLine(
                noop("Measure length, angle, Cobb angle"),
                chosen=(ImageKey.LENGTH, ImageKey.ANGLE, ImageKey.COBB),
            ),
            KeyLine(
                noop("Values in an ellipse, in an outline"),
                chosen=(ImageKey.ELLIPSE, ImageKey.OUTLINE),
            ),
            KeyLine(noop("Hide marks, measures and text"), chosen=(ImageKey.HIDE,)),
            KeyLine(noop("Axial, coronal and sagittal sections"), chosen=(ImageKey.SECTIONS,)),
        ),
    ),
    KeyGroup(
        noop("Marks on images"),
        (
            KeyLine(
                noop("Point, arrow, box, ellipse"),
                chosen=(
                    ImageKey.MARK_POINT,
                    ImageKey.MARK_ARROW,
                    ImageKey.MARK_BOX,
                    ImageKey.MARK_ELLIPSE,
                ),
            ),
            KeyLine(
                noop("Polygon, freehand, brush"),
                chosen=(ImageKey.MARK_POLYGON, ImageKey.MARK_FREEHAND, ImageKey.MARK_MASK),
            ),
            KeyLine(noop("New in the middle, next handle"), "Enter"),
            KeyLine(noop("Next mark"), "Tab"),
            KeyLine(noop("Move it by one, by ten"), "Arrows, Shift+arrows"),
            KeyLine(noop("Name the mark, remove it"), "Del", (ImageKey.MARK_NAME,)),
            KeyLine(
                noop("Lock it, copy to next frame"), chosen=(ImageKey.MARK_LOCK, ImageKey.MARK_COPY)
            ),
            KeyLine(
                noop("Smaller or larger brush, erase"),
                chosen=(ImageKey.BRUSH_SMALLER, ImageKey.BRUSH_LARGER, ImageKey.BRUSH_ERASE),
                joiner=" / ",
            ),
            KeyLine(noop("Leave the mark, then the tool"), "Esc"),
        ),
    ),
    KeyGroup(
        noop("Sections of a volume"),
        (
            KeyLine(noop("Move the point where they meet"), "Left drag, arrows"),
            KeyLine(noop("Through the sections"), "Wheel, PgUp / PgDn"),
            KeyLine(noop("Window"), "Right or Shift+left drag"),
            KeyLine(
                noop("Thinner, thicker slab"),
                chosen=(ImageKey.THINNER, ImageKey.THICKER),
                joiner=" / ",
            ),
            KeyLine(noop("Brightest, mean, darkest"), chosen=(ImageKey.SLAB_KIND,)),
            KeyLine(noop("One section alone (double click)"), chosen=(ImageKey.ALONE,)),
            KeyLine(noop("Back to the frames"), "Esc"),
        ),
    ),
)
"""Keys that belong to widgets, as the sheet tells them; those of images can be chosen."""
