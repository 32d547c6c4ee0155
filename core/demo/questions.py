"""The questions of the demo, read from resources/demo/questions.json."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from core.demo.files import read_object
from core.domain.body import AnswerFormat, Asked, Body, asked_from_plain
from core.domain.ids import MediaId
from core.domain.key import Key, key_part_from_plain
from core.domain.media import Blackout, ImageUse, View, Window
from core.domain.plain import Plain, list_at, object_at, text_at
from core.domain.source import Source
from core.domain.taxonomy import Label


class Goal(StrEnum):
    """How far a demo question goes, so that every stage has something to look at."""

    VERIFIED = "verified"
    ADJUDICATED = "adjudicated"
    """Verified by the adjudicator after the verifiers disagreed."""
    UNFINISHED = "unfinished"
    """A draft that lacks a label."""
    WAITING = "waiting"
    """Written, its image not yet cleared."""
    BLINDED = "blinded"
    HALF = "half"
    """One of two verifications is there."""
    CONFLICT = "conflict"
    """Both verifications are there and disagree; the adjudicator has not decided."""
    RETURNED = "returned"
    REJECTED = "rejected"


class CheckKind(StrEnum):
    """How the right answer can be checked."""

    PIXELS = "pixels"
    ATTRIBUTE = "attribute"
    KNOWLEDGE = "knowledge"


@dataclass(frozen=True, slots=True)
class Check:
    """How the right answer follows from the file, or that it is medical knowledge."""

    kind: CheckKind
    how: str


@dataclass(frozen=True, slots=True)
class DemoImage:
    """One image by the name of its sample file, and what to paint black before it leaves."""

    sample: str
    frames: tuple[int, ...]
    window: Window | None
    caption: str
    blackouts: tuple[Blackout, ...]

    def use(self, media: MediaId) -> ImageUse:
        """Return this image as part of a body, once its bytes are stored as `media`."""
        return ImageUse(media, self.frames, View(self.window), caption=self.caption)


@dataclass(frozen=True, slots=True)
class DemoQuestion:
    """One question with everything its author knows; `slug` names it in the other files."""

    slug: str
    goal: Goal
    context: str
    stem: str
    asked: Asked
    key: Key
    labels: frozenset[Label]
    images: tuple[DemoImage, ...]
    source: Source
    notes: tuple[str, ...]
    check: Check

    def body(self, media: Mapping[str, MediaId]) -> Body:
        """Return the body, given the stored media of every sample file."""
        images = tuple(image.use(media[image.sample]) for image in self.images)
        return Body(self.stem, self.context, images, self.asked)


def load_questions() -> tuple[DemoQuestion, ...]:
    """Return all questions of the demo in the order of the file."""
    data = read_object("questions.json")
    citation, rights = text_at(data, "citation"), text_at(data, "rights")
    return tuple(_question(one, citation, rights) for one in list_at(data, "questions"))


def _question(data: Plain, citation: str, rights: str) -> DemoQuestion:
    answer_format = AnswerFormat(text_at(data, "format"))
    check = object_at(data, "check")
    right = key_part_from_plain(answer_format, _right_part(answer_format, data))
    return DemoQuestion(
        slug=text_at(data, "slug"),
        goal=Goal(text_at(data, "goal")),
        context=text_at(data, "context", ""),
        stem=text_at(data, "stem"),
        asked=asked_from_plain(answer_format, _asked_part(data)),
        key=Key(right, text_at(data, "explanation"), text_at(data, "rubric", "")),
        labels=frozenset(Label(axis, value) for axis, value in object_at(data, "labels").items()),
        images=tuple(_image(one) for one in list_at(data, "images")),
        source=Source(text_at(data, "source", ""), citation, rights),
        notes=tuple(str(note) for note in list_at(data, "notes")),
        check=Check(CheckKind(text_at(dict(check), "kind")), text_at(dict(check), "how")),
    )


def _asked_part(data: Plain) -> Plain:
    if "marked" in data:
        return dict(object_at(data, "marked"))
    options = data.get("options", {})
    return {
        "options": [{"id": key, "text": text} for key, text in options.items()],
        "unit": data.get("unit", ""),
    }


def _right_part(answer_format: AnswerFormat, data: Plain) -> Plain:
    answer: Any = data.get("answer")  # a JSON value whose type the format decides
    match answer_format:
        case AnswerFormat.SINGLE_CHOICE | AnswerFormat.YES_NO:
            return {"option": answer}
        case AnswerFormat.SEVERAL_CHOICES:
            return {"options": answer}
        case AnswerFormat.REGION:
            return dict(answer)
        case AnswerFormat.RANKING:
            return {"order": answer}
        case AnswerFormat.NUMERIC:
            return {"value": Decimal(answer), "tolerance": Decimal(data["tolerance"])}
        case AnswerFormat.SHORT_TEXT | AnswerFormat.LONG_TEXT | AnswerFormat.REPORT:
            return {"reference": answer, "variants": data.get("variants", [])}


def _image(data: Plain) -> DemoImage:
    window = data.get("window")
    return DemoImage(
        sample=text_at(data, "sample"),
        frames=tuple(data.get("frames", (0,))),
        window=None if window is None else Window(window["center"], window["width"]),
        caption=text_at(data, "caption", ""),
        blackouts=tuple(Blackout(*one) for one in list_at(data, "blackouts")),
    )
