"""Packages between people: their kinds, the records they may hold, what a record refers to."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from typing import Final

from core.domain.ids import PersonId
from core.domain.plain import Plain, sha256_of

HIDDEN_PERSON: Final = PersonId("00000000-0000-7000-8000-000000000000")
"""Stands for the author in a workspace that must not know them."""


class PackageKind(StrEnum):
    """What a package is for."""

    VERIFY = "verify"
    """Bodies to answer blind; keys follow in `rate`, once the answers are back and locked."""
    RATE = "rate"
    """Keys of exactly those revisions that this person has answered."""
    READ = "read"
    """Bodies, rules and plan of a reader."""
    RETURN = "return"
    """One person's own new records on their way back."""
    WORKSPACE = "workspace"
    """Everything but images with patient data."""

    @property
    def is_blind(self) -> bool:
        """Whether it goes to somebody who must not know author and source."""
        return self in (PackageKind.VERIFY, PackageKind.RATE, PackageKind.READ)


PACKAGE_SUFFIX: Final = ".asclepius-package"


def is_package(path: PurePath) -> bool:
    """Tell by its name whether a file is a package."""
    return path.suffix.casefold() == PACKAGE_SUFFIX


class RecordKind(StrEnum):
    """Kinds of records, in the order in which they can be stored."""

    PERSON = "person"
    PROFILE = "profile"
    """What a person says of themselves; the only part of them that a return may change."""
    MEDIA = "media"
    QUESTION = "question"
    BLIND_QUESTION = "blind_question"
    REVISION = "revision"
    KEY = "key"
    DRAFT = "draft"
    SOURCE = "source"
    LABELS = "labels"
    STAGE_MOVE = "stage_move"
    APPROVAL = "approval"
    ANSWER = "answer"
    VERIFICATION = "verification"
    ADJUDICATION = "adjudication"
    CLEARANCE = "clearance"
    PLAN = "plan"
    SITTING = "sitting"
    REMARK = "remark"
    RUN = "run"
    JUDGE = "judge"
    GRADING_SAMPLE = "grading_sample"
    GRADING = "grading"
    JUDGE_DECISION = "judge_decision"
    AUDIT = "audit"


K = RecordKind

ALLOWED: Final = {
    PackageKind.VERIFY: frozenset({K.PERSON, K.MEDIA, K.BLIND_QUESTION, K.ANSWER}),
    PackageKind.RATE: frozenset(
        {K.PERSON, K.MEDIA, K.BLIND_QUESTION, K.KEY, K.LABELS, K.ANSWER, K.VERIFICATION}
    ),
    PackageKind.READ: frozenset(
        {K.PERSON, K.MEDIA, K.BLIND_QUESTION, K.PLAN, K.SITTING, K.ANSWER, K.REMARK}
    ),
    PackageKind.RETURN: frozenset(
        {
            K.PROFILE,
            K.STAGE_MOVE,
            K.ANSWER,
            K.VERIFICATION,
            K.SITTING,
            K.REMARK,
            K.GRADING,
            K.AUDIT,
        }
    ),
    PackageKind.WORKSPACE: frozenset(K) - {K.PROFILE, K.BLIND_QUESTION},
}
"""Kinds of records by kind of package; anything else is refused."""

REFERENCES: Final[dict[RecordKind, dict[str, RecordKind]]] = {
    K.PROFILE: {"id": K.PERSON},
    K.QUESTION: {"author": K.PERSON},
    K.REVISION: {
        "question": K.QUESTION,
        "author": K.PERSON,
        "parent": K.REVISION,
        "merged_parent": K.REVISION,
    },
    K.KEY: {"revision": K.REVISION},
    K.DRAFT: {"question": K.QUESTION},
    K.SOURCE: {"question": K.QUESTION},
    K.LABELS: {"question": K.QUESTION, "assigned_by": K.PERSON},
    K.STAGE_MOVE: {"question": K.QUESTION, "person": K.PERSON},
    K.APPROVAL: {"question": K.QUESTION, "revision": K.REVISION, "approved_by": K.PERSON},
    K.ANSWER: {"question": K.QUESTION, "revision": K.REVISION},
    K.VERIFICATION: {
        "question": K.QUESTION,
        "revision": K.REVISION,
        "verifier": K.PERSON,
        "answer": K.ANSWER,
    },
    K.ADJUDICATION: {
        "question": K.QUESTION,
        "revision": K.REVISION,
        "adjudicator": K.PERSON,
        "answer": K.ANSWER,
    },
    K.CLEARANCE: {"cleared": K.MEDIA, "cleared_by": K.PERSON},
    K.SITTING: {"plan": K.PLAN, "reader": K.PERSON},
    K.REMARK: {
        "question": K.QUESTION,
        "revision": K.REVISION,
        "sitting": K.SITTING,
        "reader": K.PERSON,
    },
    K.GRADING_SAMPLE: {"answers": K.ANSWER, "created_by": K.PERSON},
    K.GRADING: {"answer": K.ANSWER, "judge": K.JUDGE, "person": K.PERSON},
    K.JUDGE_DECISION: {"judge": K.JUDGE, "person": K.PERSON},
}
"""Fields that name another record, or several; an empty value names none."""

IDENTIFIED_BY: Final = {
    K.KEY: "revision",
    K.DRAFT: "question",
    K.BLIND_QUESTION: "revision",
}
"""The field that is a record's identity where it is not `id`."""

CONTENT_NAMED: Final = frozenset(
    {K.SOURCE, K.LABELS, K.APPROVAL, K.ADJUDICATION, K.CLEARANCE, K.JUDGE_DECISION}
)
"""Appended rows without an id of their own: equal content is one record on every machine."""

MERGED: Final = tuple(
    kind for kind in K if kind not in (K.PROFILE, K.BLIND_QUESTION, K.DRAFT, K.AUDIT)
)
"""Kinds that make up what a workspace says; drafts and audit chains stay local."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record as plain values, as it travels."""

    kind: RecordKind
    data: Plain

    @property
    def id(self) -> str:
        """The identity within its kind."""
        if self.kind in CONTENT_NAMED:
            return sha256_of(self.data)
        if self.kind is RecordKind.AUDIT:
            return f"{self.data['workspace']}:{self.data['hash']}"
        return str(self.data[IDENTIFIED_BY.get(self.kind, "id")])

    def references(self) -> list[tuple[RecordKind, str]]:
        """Return the records that must be there before this one."""
        found: list[tuple[RecordKind, str]] = []
        for field, kind in REFERENCES.get(self.kind, {}).items():
            named = self.data.get(field) or []
            found += [(kind, one) for one in (named if isinstance(named, list) else [named])]
        return found


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed a package; `public_key` is hexadecimal Ed25519."""

    id: PersonId
    name: str
    public_key: str


@dataclass(frozen=True, slots=True)
class PackageFacts:
    """What the signed manifest says; `addressee` is empty where anybody may open it."""

    id: str
    kind: PackageKind
    created_at: str
    program: str
    sender: Signer
    workspace: str
    addressee: PersonId | None = None
