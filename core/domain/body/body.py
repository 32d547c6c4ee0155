"""The body of a revision and the blind form in which answerers get it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Self, TypeVar

from core.domain.body.format_names import AnswerFormat
from core.domain.body.formats import Asked, asked_from_plain
from core.domain.body.localization import Localization
from core.domain.body.yes_no import YesNo
from core.domain.ids import MediaId, QuestionId, RevisionId
from core.domain.links import Links
from core.domain.marks import marks_from_plain, marks_to_plain
from core.domain.media import MAX_IMAGES, ImageRole, ImageUse, View, Window
from core.domain.plain import Plain, list_at, object_at, text_at
from core.errors import ValidationError

T = TypeVar("T")

LAYOUTS: Final = ("1x1", "1x2", "2x2", "2x3", "3x4")
"""Rows by columns."""


@dataclass(frozen=True, slots=True)
class Body:
    """Stem, context, images and what is asked; may be incomplete while a draft.

    `layout` is how images stand side by side, rows by columns ("1x2"); empty leaves it to the
    program. `links` is what they do together there.
    """

    stem: str = ""
    context: str = ""
    images: tuple[ImageUse, ...] = ()
    asked: Asked = YesNo()
    layout: str = ""
    links: Links = Links()

    @property
    def format(self) -> AnswerFormat:
        """The answer format."""
        return self.asked.format

    def problems(self) -> list[tuple[str, str]]:
        """Return what keeps this body from being asked, as (field, sentence) pairs."""
        problems = [] if self.stem.strip() else [("stem", "Write the question first.")]
        if len(self.images) > MAX_IMAGES:
            sentence = f"At most {MAX_IMAGES} images; there are {len(self.images)}."
            problems.append(("images", sentence))
        if any(not use.frames for use in self.images):
            problems.append(("images", "An image is used without any of its frames."))
        if isinstance(self.asked, Localization):
            problems += self._place_problems(self.asked)
        return problems + self.asked.problems()

    def _place_problems(self, asked: Localization) -> list[tuple[str, str]]:
        if asked.image >= len(self.images):
            return [("key", "The image on which the region is to be marked is not there.")]
        if asked.frames != len(self.images[asked.image].frames):
            return [("key", "Other pictures are shown now; look at the right region again.")]
        return []

    def to_plain(self) -> Plain:
        """Return the JSON object of this body."""
        return {
            "format": self.format.value,
            "stem": self.stem,
            "context": self.context,
            "images": [_image_to_plain(use) for use in self.images],
            "asked": self.asked.to_plain(),
            # What is usual is not written: earlier revisions keep their content hash.
            **({"layout": self.layout} if self.layout else {}),
            **({"links": self.links.to_plain()} if self.links != Links() else {}),
        }

    @classmethod
    def from_plain(cls, data: Plain) -> Self:
        """Read a body from its JSON object; raise `ValidationError` naming the field."""
        name = text_at(data, "format")
        if name not in list(AnswerFormat):
            known = ", ".join(AnswerFormat)
            raise ValidationError(
                f"The answer format “{name}” is unknown.", field="format", hint=f"Use {known}."
            )
        return cls(
            stem=text_at(data, "stem"),
            context=text_at(data, "context", ""),
            images=tuple(_image_from_plain(one) for one in list_at(data, "images")),
            asked=asked_from_plain(AnswerFormat(name), dict(object_at(data, "asked"))),
            layout=_layout(text_at(data, "layout", "")),
            links=Links.from_plain(list_at(data, "links")) if "links" in data else Links(),
        )


@dataclass(frozen=True, slots=True)
class BlindQuestion:
    """What a verifier, a reader or an llm gets: nothing else of the question exists for them."""

    question: QuestionId
    revision: RevisionId
    number: int
    body: Body


def _layout(text: str) -> str:
    if text and text not in LAYOUTS:
        raise ValidationError(f"The layout “{text}” is unknown.", field="layout")
    return text


def _image_to_plain(use: ImageUse) -> Plain:
    window = use.view.window
    plain = {
        "media": use.media,
        "frames": list(use.frames),
        # Always floats: 40 and 40.0 are one window and must give one content hash.
        "window": None
        if window is None
        else {"center": float(window.center), "width": float(window.width)},
        "is_inverted": use.view.is_inverted,
        "role": use.role.value,
        "caption": use.caption,
        "date": use.date,
    } | _placing_to_plain(use.view)
    # Earlier revisions had no marks, and keep their content hash.
    return plain | {"marks": marks_to_plain(use.marks)} if use.marks else plain


def _one_of(value: Any, known: Iterable[T]) -> T:  # any JSON value
    """Return a value that is one of those known, as they are written."""
    if isinstance(value, bool) or value not in (allowed := tuple(known)):
        raise ValueError(value)
    return allowed[allowed.index(value)]


def _placing_to_plain(view: View) -> Plain:
    """Return what differs from a picture as it lies in the file.

    What is usual is not written: the content hash of earlier revisions stays what it was.
    """
    facts: Plain = {
        "quarter_turns": view.quarter_turns or None,
        "is_mirrored": view.is_mirrored or None,
        "has_overlay": view.has_overlay or None,
        "voi_table": view.voi_table,
    }
    return {name: value for name, value in facts.items() if value is not None}


def _image_from_plain(data: Plain) -> ImageUse:
    window = data.get("window")
    try:
        return ImageUse(
            media=MediaId(text_at(data, "media")),
            frames=tuple(int(frame) for frame in data.get("frames", (0,))),
            view=View(
                None if window is None else Window(float(window["center"]), float(window["width"])),
                bool(data.get("is_inverted", False)),
                quarter_turns=_one_of(data.get("quarter_turns", 0), range(4)),
                is_mirrored=bool(data.get("is_mirrored", False)),
                has_overlay=bool(data.get("has_overlay", False)),
                voi_table=_one_of(data.get("voi_table"), (None, *range(256))),
            ),
            role=ImageRole(text_at(data, "role", ImageRole.CURRENT.value)),
            caption=text_at(data, "caption", ""),
            date=text_at(data, "date", ""),
            marks=marks_from_plain(data),
        )
    except (TypeError, ValueError, KeyError) as error:
        raise ValidationError("An image entry is not readable.", field="images") from error
