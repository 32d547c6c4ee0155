"""Solved examples for prompts: the one place where a right answer leaves for an endpoint.

Only questions chosen as examples are opened, and never one that is asked.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final

from core.domain.body import AnswerFormat, BlindQuestion
from core.domain.ids import QuestionId, RevisionId
from core.domain.key import right_response
from core.domain.revision import Revision
from core.domain.setup import Setup
from core.domain.stage import Stage
from core.errors import BlindingError, LeakError, NotFoundError, ValidationError
from core.services.prompt_leaks import as_words, body_words, leak_in

if TYPE_CHECKING:
    from core.llm.conditions.examples import Shot
    from core.services.ports import Database, Transaction

_GONE: Final = (Stage.REJECTED, Stage.RETIRED)


class ExamplesService:
    """Chooses sets of examples and hands out their answers; it may see keys."""

    def __init__(self, database: Database) -> None:
        self._database = database

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
