"""Who verifies what: open questions shared among verifiers, and what was sent to whom before."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.domain.answer import Occasion
from core.domain.ids import PersonId, QuestionId, RevisionId
from core.domain.plain import canonical_json
from core.domain.sharing import OpenQuestion, Sharer, share
from core.domain.stage import OPEN_STAGES
from core.domain.taxonomy import SPECIALTY, value_on
from core.domain.verification import NEEDED_VERIFICATIONS

if TYPE_CHECKING:
    from core.services.ports import Transaction

SENT: Final = "package.sent"
"""The setting that tells to whom each open revision was sent to be verified."""


@dataclass(frozen=True, slots=True)
class Shares:
    """What each person is to verify, with what they hold already; questions short of people."""

    questions: Mapping[PersonId, frozenset[QuestionId]]
    short: int


def shares_of(tx: Transaction, people: Collection[PersonId], *, seed: int) -> Shares:
    """Share the open questions among `people`; what was sent or answered before stays there."""
    open_questions = _open_questions(tx)
    held = {
        person: frozenset(one.id for one in open_questions if person in one.holders)
        for person in people
    }
    sharers = [
        Sharer(one.id, one.specialty, len(held[one.id]))
        for one in tx.people.all()
        if one.id in held
    ]
    found = share(open_questions, sharers, seed=seed)
    return Shares(
        {person: held[person] | frozenset(found.given.get(person, ())) for person in people},
        len(found.short),
    )


def remember_sent(tx: Transaction, questions: Mapping[PersonId, Collection[QuestionId]]) -> None:
    """Note who has which questions, in their revision of now; forget what is settled."""
    revisions = {
        line.id: revision
        for stage in OPEN_STAGES
        for line in tx.questions.summaries(stage=stage)
        if (revision := tx.questions.get(line.id).current_revision) is not None
    }
    still_open = set(revisions.values())
    sent = {one: set(who) for one, who in _sent(tx).items() if one in still_open}
    for person, some in questions.items():
        for question in some:
            if question in revisions:
                sent.setdefault(revisions[question], set()).add(person)
    tx.settings.set(SENT, canonical_json({one: sorted(who) for one, who in sent.items()}))


def _open_questions(tx: Transaction) -> list[OpenQuestion]:
    sent, answered = _sent(tx), _answered(tx)
    found = []
    for stage in OPEN_STAGES:
        for line in tx.questions.summaries(stage=stage):
            revision = tx.questions.get(line.id).current_revision
            if revision is None:
                continue
            holders = frozenset(sent.get(revision, ())) | answered.get(revision, frozenset())
            found.append(
                OpenQuestion(
                    line.id,
                    value_on(line.labels, SPECIALTY),
                    NEEDED_VERIFICATIONS,
                    holders - {line.author},
                    frozenset({line.author}),
                )
            )
    return found


def _sent(tx: Transaction) -> dict[RevisionId, list[PersonId]]:
    stored: dict[RevisionId, list[PersonId]] = json.loads(tx.settings.get(SENT, "{}"))
    return stored


def _answered(tx: Transaction) -> dict[RevisionId, frozenset[PersonId]]:
    found: dict[RevisionId, frozenset[PersonId]] = {}
    for one in tx.answers.for_occasion(Occasion.VERIFICATION):
        who = frozenset({PersonId(one.respondent.id)})
        found[one.revision] = found.get(one.revision, frozenset()) | who
    return found
