"""Puts small studies into a database for tests."""

from dataclasses import dataclass

from core.domain.body import AnswerFormat
from core.domain.people import Person
from core.domain.question import Question
from core.domain.revision import Revision
from core.domain.stage import Stage
from core.services.ports import Transaction
from tests.factories import make_person, make_question, make_revision, with_revision


@dataclass(frozen=True, slots=True)
class Stored:
    """A question with its one revision and its author."""

    author: Person
    question: Question
    revision: Revision


def store_question(
    tx: Transaction,
    *,
    author: Person | None = None,
    answer_format: AnswerFormat = AnswerFormat.SINGLE_CHOICE,
    stage: Stage = Stage.DRAFT,
    revision: Revision | None = None,
    question: Question | None = None,
) -> Stored:
    """Store a question with a revision; without an author given, a new one."""
    writer = author
    if writer is None:
        writer = make_person(f"Demo Author {tx.questions.next_number()}")
        tx.people.add(writer)
    made = question or make_question(writer, number=tx.questions.next_number(), stage=stage)
    first = revision or make_revision(made, answer_format)
    tx.questions.add(made)
    tx.revisions.add(first)
    known = with_revision(made, first)
    tx.questions.update(known)
    return Stored(writer, known, first)
