"""Verification: gates and verdict after a locked blind answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from core.domain.ids import AnswerId, PersonId, QuestionId, RevisionId, VerificationId

NEEDED_VERIFICATIONS: Final = 2
WANTED_AGREEMENT: Final = 0.78


class Gate(StrEnum):
    """What a verifier rates once the key is revealed."""

    SELF_CONTAINED = "self_contained"
    ONE_BEST_ANSWER = "one_best_answer"
    KEY_RIGHT = "key_right"
    CLINICALLY_VALID = "clinically_valid"
    IMAGE_TEXT_AGREE = "image_text_agree"
    IMAGE_NEEDED = "image_needed"
    LABELS_RIGHT = "labels_right"
    WORDING_FAR = "wording_far"
    NO_IDENTIFIERS = "no_identifiers"
    RIGHTS_CLEARED = "rights_cleared"

    @property
    def display_name(self) -> str:
        """The statement a verifier says yes or no to."""
        return _GATE_STATEMENTS[self]


_GATE_STATEMENTS: Final = {
    Gate.SELF_CONTAINED: "The question is self-contained",
    Gate.ONE_BEST_ANSWER: "There is one best answer",
    Gate.KEY_RIGHT: "The key is right",
    Gate.CLINICALLY_VALID: "It is clinically valid",
    Gate.IMAGE_TEXT_AGREE: "Image and text agree",
    Gate.IMAGE_NEEDED: "The image is needed to answer",
    Gate.LABELS_RIGHT: "The labels are right",
    Gate.WORDING_FAR: "The wording is far enough from its source",
    Gate.NO_IDENTIFIERS: "There are no patient identifiers",
    Gate.RIGHTS_CLEARED: "The rights are cleared",
}


class Rating(StrEnum):
    """An answer to a gate."""

    YES = "yes"
    NO = "no"
    NOT_SURE = "not_sure"


class Verdict(StrEnum):
    """A verifier's decision."""

    ACCEPT = "accept"
    REVISE = "revise"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class GateRating:
    """One gate with its rating and comment."""

    gate: Gate
    rating: Rating
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """One verifier's finished verification of one revision."""

    id: VerificationId
    question: QuestionId
    revision: RevisionId
    verifier: PersonId
    answer: AnswerId
    gates: tuple[GateRating, ...]
    verdict: Verdict
    comment: str
    verified_at: datetime


@dataclass(frozen=True, slots=True)
class Adjudication:
    """An adjudicator's decision with its reason; the verifications stay untouched."""

    question: QuestionId
    revision: RevisionId
    adjudicator: PersonId
    answer: AnswerId | None
    verdict: Verdict
    reason: str
    decided_at: datetime


def in_force(verifications: Iterable[Verification]) -> tuple[Verification, ...]:
    """Return, of one revision's, the newest verification of each verifier, oldest first.

    Whoever changes their mind adds a record; the first one stays for the statistics.
    """
    newest: dict[PersonId, Verification] = {}
    for one in sorted(verifications, key=_age):
        newest[one.verifier] = one
    return tuple(sorted(newest.values(), key=_age))


def is_unanimous(verifications: Iterable[Verification]) -> bool:
    """Tell whether enough verifiers accept and no gate was denied, by what they say now."""
    found = in_force(verifications)
    return (
        len(found) >= NEEDED_VERIFICATIONS
        and all(one.verdict is Verdict.ACCEPT for one in found)
        and not any(r.rating is Rating.NO for one in found for r in one.gates)
    )


def _age(verification: Verification) -> tuple[datetime, VerificationId]:
    return verification.verified_at, verification.id
