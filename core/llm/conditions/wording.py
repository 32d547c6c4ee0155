"""Words for reasoning, examples and other languages, added to any prompt template."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from core.domain.body import AnswerFormat
from core.domain.plain import Plain, object_at, text_at
from core.domain.setup import Reasoning, Setup
from core.errors import LlmError, ValidationError
from core.paths import resources_folder

WORDING: Final = "wording-1"
ENGLISH: Final = "English"


@dataclass(frozen=True, slots=True)
class Wording:
    """What one language says; `instructions` are empty in English, where a template has its own.

    Places: {number}, {question} and {answer} in `example`.
    """

    reasoning: str
    report_reasoning: str
    text_reasoning: str
    examples: str
    example: str
    asked: str
    instructions: Mapping[AnswerFormat, str]

    def added(self, instruction: str, answer_format: AnswerFormat, setup: Setup) -> str:
        """Return an instruction with what the setup adds to it."""
        if setup.reasoning is not Reasoning.CHAIN:
            return instruction
        reasoning = {
            AnswerFormat.REPORT: self.report_reasoning,
            AnswerFormat.LONG_TEXT: self.text_reasoning,
        }.get(answer_format, self.reasoning)
        return f"{instruction}\n{reasoning}"


def load_wording(language: str = "") -> Wording:
    """Return the words in a language; raise `ValidationError` where there are none."""
    known = _all_wordings()
    name = language or ENGLISH
    if name not in known:
        raise ValidationError(
            f"There are no instructions in “{name}”.",
            field="language",
            hint=f"There are some in {', '.join(sorted(known))}.",
        )
    return known[name]


@cache
def _all_wordings() -> dict[str, Wording]:
    path = resources_folder() / "prompts" / "wording" / f"{WORDING}.json"
    try:
        known = json.loads(path.read_text(encoding="utf-8"))["languages"]
    except (OSError, ValueError, KeyError) as error:
        raise LlmError("The words of prompts cannot be read.", hint="Reinstall.") from error
    return {name: _wording(data) for name, data in known.items()}


def _wording(data: Plain) -> Wording:
    said = object_at(data, "instructions") if "instructions" in data else {}
    return Wording(
        reasoning=text_at(data, "reasoning"),
        report_reasoning=text_at(data, "report_reasoning"),
        text_reasoning=text_at(data, "text_reasoning"),
        examples=text_at(data, "examples"),
        example=text_at(data, "example"),
        asked=text_at(data, "asked"),
        instructions={AnswerFormat(name): text_at(said, name) for name in said},
    )
