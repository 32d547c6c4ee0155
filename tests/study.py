"""A real workspace with the people of a small study."""

from dataclasses import dataclass
from pathlib import Path

from pydicom.data import get_testdata_file

from core.domain.body import AnswerFormat
from core.domain.ids import MediaId, QuestionId
from core.domain.media import ImageUse
from core.domain.people import Person
from core.domain.revision import Draft, Revision
from core.domain.source import Source
from core.domain.verification import Verdict
from core.workspace import Workspace
from tests.factories import make_body, make_gates, make_key, make_labels, make_right_response


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
