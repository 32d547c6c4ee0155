"""Solved examples for prompts: the one place where a right answer leaves for an endpoint.

Only questions chosen as examples are opened, and never one that is asked.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.domain.body import AnswerFormat, BlindQuestion
from core.domain.ids import QuestionId, RevisionId
from core.domain.key import right_response
from core.domain.revision import Revision
from core.domain.setup import Setup
from core.domain.stage import Stage
from core.errors import BlindingError, LeakError, NotFoundError, ValidationError
from core.services.prompts.leaks import as_words, body_words, leak_in

if TYPE_CHECKING:
    from core.llm.conditions.examples import Shot
    from core.services.ports import Database, Transaction

_GONE: Final = (Stage.REJECTED, Stage.RETIRED, Stage.IN_BIN)
_NUMBERS: Final = re.compile(r"\d{1,7}(\s*-\s*\d{1,7})?(\s*[,;]\s*\d{1,7}(\s*-\s*\d{1,7})?)*")
_MOST: Final = 1_000


@dataclass(frozen=True, slots=True)
class ExampleLine:
    """A question that can serve as an example."""

    number: int
    format: AnswerFormat
    stem: str


def numbers_in(text: str) -> tuple[int, ...]:
    """Return the numbers of a text such as “3, 7-9”, each once; nothing for any other text."""
    if not _NUMBERS.fullmatch(text.strip()):
        return ()
    found: list[int] = []
    for part in re.split(r"[,;]", text):
        first, _, last = part.partition("-")
        ends = sorted((int(first), int(last or first)))
        if ends[1] - ends[0] >= _MOST:
            raise ValidationError(f"At most {_MOST:,} examples can be chosen.", field="examples")
        found += range(ends[0], ends[1] + 1)
    return tuple(dict.fromkeys(found))


class ExamplesService:
    """Chooses sets of examples and hands out their answers; it may see keys."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def named(self, said: str) -> tuple[RevisionId, ...]:
        """Return the questions of these numbers, such as “3, 7-9”, or of a label.

        Raises `NotFoundError` for a number or a label that is not there.
        """
        numbers = numbers_in(said)
        return self._numbered(numbers) if numbers else self.labeled(said.strip())

    def offered(self) -> list[ExampleLine]:
        """Return the questions that can serve as examples, by number."""
        with self._database.read() as tx:
            stems = {one.id: one for one in tx.questions.summaries() if one.stage not in _GONE}
            chosen = _current(tx, list(stems))
            whole = [tx.revisions.get(one) for one in chosen]
        lines = [
            ExampleLine(stems[one.question].number, one.body.format, one.body.stem)
            for one in whole
            if right_response(one.key) is not None
        ]
        return sorted(lines, key=lambda line: line.number)

    def _numbered(self, numbers: Sequence[int]) -> tuple[RevisionId, ...]:
        found = []
        with self._database.read() as tx:
            for number in numbers:
                question = tx.questions.by_number(number)
                if question is None or question.current_revision is None or question.stage in _GONE:
                    raise NotFoundError(f"There is no question {number} that could be an example.")
                found.append(question.current_revision)
        return tuple(found)

    def labeled(self, value: str) -> tuple[RevisionId, ...]:
        """Return the questions that carry a label of this value, by number."""
        with self._database.read() as tx:
            found = [
                one.id
                for one in tx.questions.summaries()
                if one.stage not in _GONE and value in {label.value for label in one.labels}
            ]
            chosen = _current(tx, found)
        if not chosen:
            raise NotFoundError(
                f"No question is labeled “{value}”.",
                hint="Give the questions that serve as examples a tag of their own.",
            )
        return chosen

    def shots(
        self, setup: Setup, asked: Collection[RevisionId]
    ) -> dict[AnswerFormat, tuple[Shot, ...]]:
        """Return the examples of a setup by format.

        Raises `BlindingError` when one of them is asked itself, in whatever version.
        """
        from core.llm.conditions.examples import Shot

        found: dict[AnswerFormat, tuple[Shot, ...]] = {}
        for revision, number in self._opened(setup.examples, frozenset(asked)):
            response = right_response(revision.key)
            if response is None:
                raise ValidationError(
                    f"Question {number} has no right answer yet, so it is no example.",
                    field="examples",
                )
            body = revision.body
            blind = BlindQuestion(revision.question, revision.id, number, body)
            found[body.format] = (*found.get(body.format, ()), Shot(blind, response))
        return found

    def refuse_leak(self, revision: RevisionId, prompt: str, *, has_examples: bool) -> None:
        """Raise `LeakError` when a prompt tells what only the key of its question says."""
        with self._database.read() as tx:
            whole = tx.revisions.get(revision)
            number = tx.bodies.get(revision).number
        if leak_in(as_words(prompt), whole, known=body_words(whole), has_examples=has_examples):
            raise LeakError(
                f"This prompt would tell what only the key of question {number} says.",
                hint="Take these words out of the template, or the example out of the set.",
            )

    def _opened(
        self, examples: Sequence[RevisionId], asked: frozenset[RevisionId]
    ) -> list[tuple[Revision, int]]:
        opened = []
        with self._database.read() as tx:
            for one in examples:
                blind = tx.bodies.get(one)
                versions = {own.id for own in tx.revisions.of_question(blind.question)}
                if versions & asked:
                    raise BlindingError(
                        f"Question {blind.number} is asked, so its answer cannot be shown.",
                        hint="Take it out of the examples or out of the run.",
                    )
                opened.append((tx.revisions.get(one), blind.number))
        return opened


def _current(tx: Transaction, questions: Sequence[QuestionId]) -> tuple[RevisionId, ...]:
    current = (tx.questions.get(one).current_revision for one in questions)
    return tuple(revision for revision in current if revision is not None)
