"""Prompts: a versioned template in, what an endpoint gets to read out."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from core.domain.body import (
    AnswerFormat,
    BlindQuestion,
    Body,
    Localization,
    Numeric,
    Option,
    options_of,
)
from core.domain.ids import OptionId
from core.domain.media import ImageRole, ImageUse
from core.domain.places import turned_size
from core.domain.plain import Plain, object_at, sha256_of, text_at
from core.domain.run import Condition
from core.domain.setup import AS_AUTHORED, Setup
from core.errors import LlmError, ValidationError
from core.llm.conditions.context import first_part
from core.llm.conditions.examples import Shot, answer_words
from core.llm.conditions.parts import names_pictures, shows_pictures, shows_text
from core.llm.conditions.wording import Wording, load_wording
from core.llm.reading_regions import FORMS
from core.paths import resources_folder

DEFAULT_TEMPLATE: Final = "default-1"
_PLACE: Final = re.compile(r"\{(\w+)\}")
_CURRENT: Final = "current examination"
_BLANK_LINES: Final = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Template:
    """The wording of one prompt version; `hash` covers all of it.

    Places: {context}, {stem}, {pictures}, {options}, {instruction}; in instructions {unit}, and
    for regions {image}, {width}, {height} and {form}.
    """

    name: str
    system: str
    question: str
    question_without_text: str
    instructions: Mapping[AnswerFormat, str]
    hash: str
    about: str = ""
    is_own: bool = False
    """Written in this workspace: its instructions stay in the language they are written in."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What an endpoint gets to read."""

    system: str
    text: str


def load_template(name: str = DEFAULT_TEMPLATE) -> Template:
    """Return a shipped template; raise `LlmError` when it is missing or unreadable."""
    path = resources_folder() / "prompts" / f"{name}.json"
    try:
        return template_from_plain(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, ValidationError) as error:
        raise LlmError(
            f"The prompt “{name}” cannot be read.", hint="Choose another prompt, or reinstall."
        ) from error


def shipped_templates() -> tuple[Template, ...]:
    """Return every shipped template, the default first."""
    names = sorted(path.stem for path in (resources_folder() / "prompts").glob("*.json"))
    names.sort(key=lambda name: name != DEFAULT_TEMPLATE)
    return tuple(load_template(name) for name in names)


def template_from_plain(data: Plain, *, is_own: bool = False) -> Template:
    """Read a template from its JSON object; raise `ValidationError` naming the field."""
    return Template(
        name=text_at(data, "name"),
        system=text_at(data, "system"),
        question=text_at(data, "question"),
        question_without_text=text_at(data, "question_without_text"),
        instructions={one: _instruction_of(data, one) for one in AnswerFormat},
        hash=sha256_of(data),
        about=text_at(data, "about", ""),
        is_own=is_own,
    )


def _instruction_of(data: Plain, wanted: AnswerFormat) -> str:
    """Return what a template says of a format; of a later one it may say nothing.

    Templates keep their hash, by which a run knows its prompt: what is asked of formats that came
    after them is kept beside them, by their names.
    """
    said = object_at(data, "instructions")
    later = _later_instructions().get(wanted.value, {})
    if wanted.value in said or not later:
        return text_at(said, wanted.value)
    return later.get(text_at(data, "name"), later[DEFAULT_TEMPLATE])


@cache
def _later_instructions() -> Mapping[str, Mapping[str, str]]:
    path = resources_folder() / "prompts" / "formats" / "formats-1.json"
    try:
        said = json.loads(path.read_text(encoding="utf-8"))["instructions"]
        return {name: {one: str(text) for one, text in by.items()} for name, by in said.items()}
    except (OSError, ValueError, KeyError) as error:
        raise LlmError("The words of prompts cannot be read.", hint="Reinstall.") from error


def option_order(body: Body) -> tuple[OptionId, ...]:
    """Return the order in which options are shown: as authored."""
    return tuple(option.id for option in options_of(body.asked))


def letters(order: tuple[OptionId, ...]) -> dict[str, OptionId]:
    """Return the option behind each letter A, B, C… of this order."""
    return {chr(ord("A") + index): option for index, option in enumerate(order)}


def render(
    blind: BlindQuestion,
    condition: Condition,
    template: Template,
    *,
    order: tuple[OptionId, ...] | None = None,
    setup: Setup = AS_AUTHORED,
    shots: Sequence[Shot] = (),
) -> Prompt:
    """Return the prompt for one question; under the condition image without its text.

    Pictures of examples go before those of the question, and are counted through.
    """
    wording = load_wording(setup.language)
    layout = _Layout(condition, template, setup, has_examples=bool(shots))
    examples, first = [], 1
    for number, shot in enumerate(shots, start=1):
        body = shot.blind.body
        parts = {
            "number": str(number),
            "question": layout.fill(body, option_order(body), "", first),
            "answer": answer_words(body, shot.response),
        }
        examples.append(_fill(wording.example, parts))
        first += _picture_count(body) if shows_pictures(condition) else 0
    body = blind.body
    instruction = wording.added(_instruction(body, template, wording), body.format, setup)
    asked = layout.fill(body, option_order(body) if order is None else order, instruction, first)
    whole = [wording.examples, *examples, wording.asked, asked] if examples else [asked]
    return Prompt(template.system, "\n\n".join(whole))


@dataclass(frozen=True, slots=True)
class _Layout:
    """How questions are written down in one prompt."""

    condition: Condition
    template: Template
    setup: Setup
    has_examples: bool

    def fill(
        self, body: Body, order: tuple[OptionId, ...], instruction: str, first_picture: int
    ) -> str:
        parts = {
            "context": first_part(body.context, self.setup.context_percent),
            "stem": body.stem.strip(),
            "pictures": self._pictures(body, first_picture),
            "options": _option_list(body, order),
            "instruction": instruction,
        }
        has_text = shows_text(self.condition)
        layout = self.template.question if has_text else self.template.question_without_text
        if not has_text and self.has_examples:
            layout = "{pictures}\n\n" + layout
        said = (one for one in layout.split("\n\n") if _says_something(one, parts))
        return _BLANK_LINES.sub("\n\n", _fill("\n\n".join(said), parts)).strip()

    def _pictures(self, body: Body, first: int) -> str:
        if names_pictures(self.condition):
            return _picture_list(body, first, is_needed=self.has_examples)
        if self.has_examples and shows_pictures(self.condition):
            return _bare_picture_list(body, first)
        return ""


def _says_something(paragraph: str, parts: Mapping[str, str]) -> bool:
    """Tell whether a paragraph has something to say: a heading over nothing is left out."""
    places = _PLACE.findall(paragraph)
    return not places or any(parts.get(place, place) for place in places)


def _fill(layout: str, parts: Mapping[str, str]) -> str:
    # One pass, so that braces inside a question are never taken for a place.
    return _PLACE.sub(lambda place: parts.get(place[1], place[0]), layout)


def _instruction(body: Body, template: Template, wording: Wording) -> str:
    unit = body.asked.unit.strip() if isinstance(body.asked, Numeric) else ""
    places = _region_places(body)
    if template.is_own or not wording.instructions:
        said = f" in {unit}" if unit else ""
        return _fill(template.instructions[body.format], {"unit": said} | places)
    said = f" ({unit})" if unit else ""
    return _fill(wording.instructions[body.format], {"unit": said} | places)


def _region_places(body: Body) -> dict[str, str]:
    """Return what an instruction says of a region: the image, its size, the form of a reply."""
    asked = body.asked
    if not isinstance(asked, Localization) or asked.image >= len(body.images):
        return {}
    shown = (asked.shown_width, asked.shown_height)
    width, height = turned_size(shown, body.images[asked.image].view)
    slice_ = '"slice": n, ' if asked.frames > 1 else ""
    return {
        "image": str(asked.image + 1),
        "width": str(width),
        "height": str(height),
        "form": f'{{"answer": {{{slice_}{FORMS[asked.kind]}}}}}',
    }


def _option_list(body: Body, order: tuple[OptionId, ...]) -> str:
    if body.format is AnswerFormat.YES_NO:
        return ""
    by_id: dict[OptionId, Option] = {option.id: option for option in options_of(body.asked)}
    return "\n".join(
        f"{letter}. {by_id[option].text.strip()}" for letter, option in letters(order).items()
    )


def _picture_list(body: Body, first: int, *, is_needed: bool) -> str:
    """Say which pictures belong together, unless there is one picture with nothing to say."""
    if not is_needed and _picture_count(body) == 1 and _about(body.images[0]) == _CURRENT:
        return ""
    return "\n".join(f"{name}: {_about(use)}." for name, use in _named_images(body, first))


def _bare_picture_list(body: Body, first: int) -> str:
    return "\n".join(f"{name}." for name, _ in _named_images(body, first))


def _named_images(body: Body, first: int) -> Iterator[tuple[str, ImageUse]]:
    for number, use in enumerate(body.images, start=1):
        last = first + len(use.frames) - 1
        yield f"Image {number} ({_range(first, last)})", use
        first = last + 1


def _picture_count(body: Body) -> int:
    return sum(len(use.frames) for use in body.images)


def _range(first: int, last: int) -> str:
    return f"picture {first}" if first == last else f"pictures {first} to {last}, in order"


def _about(use: ImageUse) -> str:
    role = "prior examination" if use.role is ImageRole.PRIOR else _CURRENT
    facts = (role, use.date.strip(), use.caption.strip().rstrip("."))
    return ", ".join(fact for fact in facts if fact)
