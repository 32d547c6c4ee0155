"""Prompt templates: which there are, new ones, live previews; a leak of the key is refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from core.changes import Changes, Kind, Outcome
from core.domain.body import AnswerFormat, BlindQuestion
from core.domain.ids import RevisionId
from core.domain.plain import Plain, sha256_of
from core.domain.run import Condition
from core.domain.setup import AS_AUTHORED, Setup
from core.errors import LeakError, ValidationError
from core.services.prompts.leaks import as_words, leak_in
from core.services.prompts.templates import all_templates, keep_template

if TYPE_CHECKING:
    from core.llm.prompts import Prompt, Template
    from core.services.evaluation.requests import Examples
    from core.services.ports import Database

_PLACE: Final = re.compile(r"\{(\w+)\}")
_TEXT_PLACES: Final = frozenset({"context", "stem"})
_NEEDED: Final = {
    "question": frozenset({"stem", "options", "instruction"}),
    "question_without_text": frozenset({"options", "instruction"}),
}
_ALLOWED: Final = {
    "question": frozenset({"context", "stem", "pictures", "options", "instruction"}),
    "question_without_text": frozenset({"pictures", "options", "instruction"}),
}
_REGION_PLACES: Final = frozenset({"image", "width", "height", "form"})
_NUMBER: Final = re.compile(r"-\d+$")
_ME: Final = "me"


class PromptsService:
    """Keeps templates; it sees keys only to find them where they must not be."""

    def __init__(self, database: Database, examples: Examples) -> None:
        self._database = database
        self._examples = examples

    def templates(self) -> tuple[Template, ...]:
        """Return the shipped templates, then those of this workspace."""
        with self._database.read() as tx:
            return all_templates(tx)

    def save(self, data: Plain) -> Outcome[Template]:
        """Store a template as a new version of its name, or return the equal one that is there.

        Raises `ValidationError` naming what is wrong with it, `LeakError` when its words
        are those of a key.
        """
        from core.llm.prompts import template_from_plain

        template = self.draft(data)
        with self._database.write() as tx:
            known = {one.name: one for one in all_templates(tx)}
            base = _NUMBER.sub("", template.name.strip())
            if not base:
                raise ValidationError("Give the prompt a name.", field="name")
            number = 1
            while (name := f"{base}-{number}") in known:
                if known[name].is_own and known[name].hash == sha256_of(
                    dict(data) | {"name": name}
                ):
                    return Outcome(known[name])
                number += 1
            named = dict(data) | {"name": name}
            keep_template(tx, named)
            person = tx.settings.get(_ME)
            content = sha256_of(named)
            tx.audit.append(person=person, action="prompt.saved", subject=name, content=content)
        return Outcome(template_from_plain(named, is_own=True), Changes.of(Kind.SETTING))

    def draft(self, data: Plain) -> Template:
        """Return a template that is not stored; raises what `save` would."""
        from core.llm.prompts import template_from_plain

        template = template_from_plain(data, is_own=True)
        _check_places(template)
        self._refuse_leak(data)
        return template

    def preview(
        self,
        revision: RevisionId,
        template: Template,
        condition: Condition = Condition.BOTH,
        *,
        setup: Setup = AS_AUTHORED,
        seed: int = 0,
    ) -> Prompt:
        """Return what an endpoint would read; raise `LeakError` when it tells the key."""
        from core.llm.conditions.examples import shots_for
        from core.llm.prompts import render
        from core.llm.variants import variants_of

        with self._database.read() as tx:
            whole = tx.revisions.get(revision)
            number = tx.bodies.get(revision).number
        blind = BlindQuestion(whole.question, whole.id, number, whole.body)
        pool = self._examples.shots(setup, [revision]) if setup.shots else {}
        shots = shots_for(blind, pool, setup.shots, seed=seed)
        order = variants_of(blind.body, setup, revision=revision, seed=seed)[0].order
        prompt = render(blind, condition, template, order=order, setup=setup, shots=shots)
        said = f"{prompt.system}\n{prompt.text}"
        self._examples.refuse_leak(revision, said, has_examples=bool(shots))
        return prompt

    def _refuse_leak(self, data: Plain) -> None:
        words = as_words("\n".join(_texts(data)))
        with self._database.read() as tx:
            shipped = [one for one in all_templates(tx) if not one.is_own]
            known = as_words("\n".join(text for one in shipped for text in _said(one)))
            for revision in tx.revisions.current():
                if leak_in(words, revision, known=known):
                    number = tx.questions.get(revision.question).number
                    raise LeakError(
                        f"The template contains words of the key of question {number}.",
                        hint="A template is sent with every question; take these words out.",
                    )


def _check_places(template: Template) -> None:
    layouts = {
        "question": template.question,
        "question_without_text": template.question_without_text,
    }
    for field, layout in layouts.items():
        places = set(_PLACE.findall(layout))
        missing, strange = _NEEDED[field] - places, places - _ALLOWED[field]
        if missing:
            raise ValidationError(f"The place {{{min(missing)}}} is missing.", field=field)
        if strange & _TEXT_PLACES:
            raise ValidationError(
                "Under the condition image only no text of the question may be given.", field=field
            )
        if strange:
            raise ValidationError(
                f"There is no place {{{min(strange)}}}.",
                field=field,
                hint=f"Use {', '.join(f'{{{one}}}' for one in sorted(_ALLOWED[field]))}.",
            )
    for answer_format, said in template.instructions.items():
        problem = _instruction_problem(answer_format, said)
        if problem:
            raise ValidationError(problem, field=f"instructions.{answer_format.value}")
    if _PLACE.search(template.system):
        raise ValidationError("The system text has no places.", field="system")


def _instruction_problem(answer_format: AnswerFormat, said: str) -> str:
    """Return what is wrong with the instruction of a format, or nothing."""
    known = _REGION_PLACES if answer_format is AnswerFormat.REGION else {"unit"}
    strange = set(_PLACE.findall(said)) - known
    if strange:
        return f"There is no place {{{min(strange)}}}."
    return "" if said.strip() else "Say how to answer."


def _texts(data: Plain) -> list[str]:
    instructions = data.get("instructions", {})
    return [*(str(data.get(one, "")) for one in data), *map(str, instructions.values())]


def _said(template: Template) -> list[str]:
    own = [template.instructions[one] for one in AnswerFormat]
    return [template.system, template.question, template.question_without_text, *own]
