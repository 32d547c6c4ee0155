"""A real workspace with the people of a small study."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Generic, Self, TypeVar

from pydicom.data import get_testdata_file

from core.domain.body import AnswerFormat
from core.domain.ids import MediaId, QuestionId
from core.domain.media import ImageUse
from core.domain.people import Person, Role
from core.domain.revision import Draft, Revision
from core.domain.source import Source
from core.domain.verification import Verdict
from core.workspace import Workspace, create_workspace, open_workspace
from tests.factories import (
    make_body,
    make_gates,
    make_key,
    make_labels,
    make_right_response,
    ticking_clock,
)

Made = TypeVar("Made")


@dataclass(frozen=True)
class Kept(Generic[Made]):
    """A closed workspace that was made once; each test opens a copy of its own."""

    path: Path
    moment: datetime
    """What its clock had come to; that of a copy goes on from there."""
    made: Made
    """What the filling returned."""

    @classmethod
    def filled(cls, path: Path, fill: Callable[[Workspace], Made]) -> Self:
        """Make and fill the workspace."""
        clock = ticking_clock()
        with create_workspace(path, clock=clock) as workspace:
            made = fill(workspace)
        return cls(path, clock.now(), made)

    def copied_to(self, path: Path) -> Workspace:
        """Open a copy."""
        shutil.copytree(self.path, path)
        return open_workspace(path, clock=ticking_clock(self.moment))


@dataclass(frozen=True)
class Study:
    """A workspace, its people and shortcuts through the stages."""

    workspace: Workspace
    lead: Person
    author: Person
    verifiers: tuple[Person, Person]
    reader: Person

    def drafted(
        self,
        answer_format: AnswerFormat = AnswerFormat.SINGLE_CHOICE,
        *,
        image: str = "",
        source: Source | None = None,
    ) -> Draft:
        """Store a complete draft; `image` names a DICOM file of pydicom's package."""
        authoring = self.workspace.authoring
        draft = authoring.create(answer_format, self.author.id).value
        images = (ImageUse(self.imported(image)),) if image else ()
        whole = Draft(
            draft.question,
            make_body(answer_format, images=images),
            make_key(answer_format),
            make_labels(),
            source or Source(),
        )
        authoring.save_draft(whole, self.author.id)
        return whole

    def imported(self, name: str) -> MediaId:
        """Bring a DICOM file of pydicom's package into the store."""
        path = Path(str(get_testdata_file(name)))
        return self.workspace.images.import_file(path).value.id

    def committed(
        self, answer_format: AnswerFormat = AnswerFormat.SINGLE_CHOICE, *, image: str = ""
    ) -> Revision:
        """Commit a draft."""
        draft = self.drafted(answer_format, image=image)
        return self.workspace.authoring.commit(draft.question, self.author.id).value

    def blinded(self, answer_format: AnswerFormat = AnswerFormat.SINGLE_CHOICE) -> QuestionId:
        """Bring a question to stage blinded."""
        revision = self.committed(answer_format)
        self.workspace.blinding.approve(revision.question, self.author.id)
        return revision.question

    def verify(
        self, question: QuestionId, person: Person, verdict: Verdict = Verdict.ACCEPT
    ) -> None:
        """Answer a single choice rightly, rate every gate yes, and give a verdict."""
        service = self.workspace.verification
        right = make_right_response(AnswerFormat.SINGLE_CHOICE)
        service.lock_answer(question, person.id, right, elapsed_s=10)
        comment = "" if verdict is Verdict.ACCEPT else "The stem needs an age."
        service.submit(question, person.id, gates=make_gates(), verdict=verdict, comment=comment)


def with_people(workspace: Workspace) -> Study:
    """Register the people of a small study beside the first person, who leads."""

    def add(name: str, role: Role) -> Person:
        return workspace.people.add(name, frozenset({role})).value

    return Study(
        workspace,
        lead=workspace.people.me(),
        author=add("Demo Author", Role.AUTHOR),
        verifiers=(add("Demo Verifier 1", Role.VERIFIER), add("Demo Verifier 2", Role.VERIFIER)),
        reader=add("Demo Reader 1", Role.READER),
    )
