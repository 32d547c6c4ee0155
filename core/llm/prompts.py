"""Prompts: a versioned template in, what an endpoint gets to read out."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from core.domain.body import AnswerFormat, BlindQuestion, Body, Numeric, Option, options_of
from core.domain.ids import OptionId
from core.domain.media import ImageRole, ImageUse
from core.domain.plain import Plain, object_at, sha256_of, text_at
from core.domain.run import Condition
from core.errors import LlmError, ValidationError
from core.paths import resources_folder

DEFAULT_TEMPLATE: Final = "default-1"
_PLACE: Final = re.compile(r"\{(\w+)\}")
_BLANK_LINES: Final = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Template:
    """The wording of one prompt version; `hash` covers all of it.

    Places: {context}, {stem}, {pictures}, {options}, {instruction}, and {unit} in instructions.
    """

    name: str
    system: str
    question: str
    question_without_text: str
    instructions: Mapping[AnswerFormat, str]
    hash: str


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


def template_from_plain(data: Plain) -> Template:
    """Read a template from its JSON object; raise `ValidationError` naming the field."""
    instructions = object_at(data, "instructions")
    return Template(
        name=text_at(data, "name"),
        system=text_at(data, "system"),
        question=text_at(data, "question"),
        question_without_text=text_at(data, "question_without_text"),
        instructions={one: text_at(instructions, one.value) for one in AnswerFormat},
        hash=sha256_of(data),
    )


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
) -> Prompt:
    """Return the prompt for one question; under the condition image without its text."""
    body = blind.body
    has_text = condition is not Condition.IMAGE
    parts = {
        "context": body.context.strip(),
        "stem": body.stem.strip(),
        "pictures": _picture_list(body) if condition is Condition.BOTH else "",
        "options": _option_list(body, option_order(body) if order is None else order),
        "instruction": _instruction(body, template),
    }
    layout = template.question if has_text else template.question_without_text
    text = _BLANK_LINES.sub("\n\n", _fill(layout, parts)).strip()
    return Prompt(template.system, text)


def _fill(layout: str, parts: Mapping[str, str]) -> str:
    # One pass, so that braces inside a question are never taken for a place.
    return _PLACE.sub(lambda place: parts.get(place[1], place[0]), layout)


def _instruction(body: Body, template: Template) -> str:
    unit = body.asked.unit.strip() if isinstance(body.asked, Numeric) else ""
    return _fill(template.instructions[body.format], {"unit": f" in {unit}" if unit else ""})


def _option_list(body: Body, order: tuple[OptionId, ...]) -> str:
    if body.format is AnswerFormat.YES_NO:
        return ""
    by_id: dict[OptionId, Option] = {option.id: option for option in options_of(body.asked)}
    return "\n".join(
        f"{letter}. {by_id[option].text.strip()}" for letter, option in letters(order).items()
    )


def _picture_list(body: Body) -> str:
    """Say which pictures belong together, unless there is one picture with nothing to say."""
    lines, first = [], 1
    for number, use in enumerate(body.images, start=1):
        last = first + len(use.frames) - 1
        lines.append(f"Image {number} ({_range(first, last)}): {_about(use)}.")
        first = last + 1
    says_nothing = first == 2 and _about(body.images[0]) == "current examination"
    return "" if says_nothing else "\n".join(lines)


def _range(first: int, last: int) -> str:
    return f"picture {first}" if first == last else f"pictures {first} to {last}, in order"


def _about(use: ImageUse) -> str:
    role = "prior examination" if use.role is ImageRole.PRIOR else "current examination"
    facts = (role, use.date.strip(), use.caption.strip().rstrip("."))
    return ", ".join(fact for fact in facts if fact)
