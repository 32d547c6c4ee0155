"""Sharing questions among verifiers: enough for each question, alike in load, by specialty."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.ids import PersonId, QuestionId


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question that still needs verifiers.

    `holders` have it already: they answered it, or it was sent to them. `barred` may not get it.
    """

    id: QuestionId
    specialty: str
    needed: int
    holders: frozenset[PersonId] = frozenset()
    barred: frozenset[PersonId] = frozenset()


@dataclass(frozen=True, slots=True)
class Sharer:
    """A verifier among whom questions are shared; `load` is what they hold already."""

    id: PersonId
    specialty: str = ""
    load: int = 0


@dataclass(frozen=True, slots=True)
class Share:
    """Who gets which questions anew, and the questions for which there are too few people."""

    given: dict[PersonId, tuple[QuestionId, ...]]
    short: tuple[QuestionId, ...]


def share(questions: Sequence[OpenQuestion], people: Sequence[Sharer], *, seed: int) -> Share:
    """Deal each question to as many people as it still needs.

    Nobody gets more than an even part while others can take it; within that, a question goes to
    people of its specialty first. The result depends on seed and records only, not on their
    order.
    """
    table = _Table(questions, people, seed)
    for question in table.by_choice():
        for _ in range(question.needed - len(question.holders)):
            table.give(question)
    table.level()
    return table.result()


class _Table:
    def __init__(
        self, questions: Sequence[OpenQuestion], people: Sequence[Sharer], seed: int
    ) -> None:
        self._seed = seed
        self._questions = {one.id: one for one in questions}
        self._people = {one.id: one for one in people}
        self._load = Counter({one.id: one.load for one in people})
        self._given: dict[QuestionId, set[PersonId]] = {one.id: set() for one in questions}
        self._short: set[QuestionId] = set()
        wanted = sum(max(0, one.needed - len(one.holders)) for one in questions)
        self._even = -(-(wanted + self._load.total()) // max(1, len(people)))

    def by_choice(self) -> list[OpenQuestion]:
        """Return the questions, those that the fewest people can take first."""
        return sorted(
            self._questions.values(),
            key=lambda one: (len(self._able(one)), self._rank(one.id)),
        )

    def give(self, question: OpenQuestion) -> None:
        able = self._able(question)
        if not able:
            self._short.add(question.id)
            return
        chosen = min(
            able,
            key=lambda one: (
                self._load[one] >= self._even,
                not self._fits(one, question),
                self._load[one],
                self._rank(one, question.id),
            ),
        )
        self._given[question.id].add(chosen)
        self._load[chosen] += 1

    def level(self) -> None:
        """Move questions from those who hold most to those who hold two less, or still less."""
        while (move := self._move()) is not None:
            question, giver, taker = move
            self._given[question].remove(giver)
            self._given[question].add(taker)
            self._load[giver] -= 1
            self._load[taker] += 1

    def result(self) -> Share:
        given = {
            person: tuple(sorted(one for one, who in self._given.items() if person in who))
            for person in sorted(self._people)
        }
        return Share(given, tuple(sorted(self._short)))

    def _move(self) -> tuple[QuestionId, PersonId, PersonId] | None:
        moves = [
            (self._loss(question, giver, taker), question, giver, taker)
            for question, holders in self._given.items()
            for giver in holders
            for taker in self._able(self._questions[question])
            if self._load[giver] - self._load[taker] >= 2
        ]
        if not moves:
            return None
        _, question, giver, taker = min(moves)
        return question, giver, taker

    def _loss(
        self, question: QuestionId, giver: PersonId, taker: PersonId
    ) -> tuple[bool, int, bytes]:
        known = self._questions[question]
        loses = self._fits(giver, known) and not self._fits(taker, known)
        return (
            loses,
            self._load[taker] - self._load[giver],
            self._rank(question, giver, taker),
        )

    def _able(self, question: OpenQuestion) -> list[PersonId]:
        taken = question.holders | question.barred | self._given[question.id]
        return [one for one in self._people if one not in taken]

    def _fits(self, person: PersonId, question: OpenQuestion) -> bool:
        own = self._people[person].specialty
        return bool(own) and own == question.specialty

    def _rank(self, *names: str) -> bytes:
        return hashlib.sha256("\0".join((str(self._seed), *names)).encode()).digest()
