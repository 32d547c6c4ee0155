"""A small real study for page tests: people, questions about real DICOM files, stages."""

from dataclasses import dataclass, replace
from pathlib import Path

from pydicom.data import get_testdata_file

from core.domain.body import AnswerFormat
from core.domain.ids import PersonId, QuestionId
from core.domain.media import ImageUse
from core.domain.people import Role
from core.domain.source import Source
from core.domain.verification import Gate, GateRating, Rating, Verdict
from core.workspace import Workspace
from tests.factories import make_body, make_key, make_labels, make_right_response

SOURCE = Source("A man of 60 with a cough. What is seen in this image?", "Demo book, page 1", "CC0")


@dataclass(frozen=True)
class Study:
    """People of a workspace in which `lead` sits."""

    workspace: Workspace
    lead: PersonId
    author: PersonId
    verifiers: tuple[PersonId, PersonId]
    reader: PersonId

    def sit_down(self, person: PersonId) -> None:
        self.workspace.people.set_me(person)

    def add_image(self, name: str = "CT_small.dcm") -> ImageUse:
        path = Path(str(get_testdata_file(name, download=False)))
        return ImageUse(self.workspace.images.import_file(path).value.id)

    def write(
        self,
        answer_format: AnswerFormat = AnswerFormat.SINGLE_CHOICE,
        *,
        images: tuple[ImageUse, ...] = (),
        stem: str = "Which finding does this image show?",
        source: Source = SOURCE,
        author: PersonId | None = None,
    ) -> QuestionId:
        """Return a finished draft that waits for blinding."""
        person = author or self.author
        authoring = self.workspace.authoring
        draft = authoring.create(answer_format, person).value
        body = make_body(answer_format, stem=stem, images=images)
        filled = replace(
            draft, body=body, key=make_key(answer_format), labels=make_labels(), source=source
        )
        authoring.save_draft(filled, person)
        authoring.commit(draft.question, person)
        return draft.question

    def blind(self, question: QuestionId) -> QuestionId:
        person = self.workspace.authoring.question(question).author
        for place in range(len(self.workspace.blinding.dossier(question).images)):
            self.workspace.blinding.clear_image(question, place, person)
        self.workspace.blinding.approve(question, person)
        return question

    def verify(
        self,
        question: QuestionId,
        verifier: PersonId,
        *,
        verdict: Verdict = Verdict.ACCEPT,
        answer_format: AnswerFormat = AnswerFormat.SINGLE_CHOICE,
    ) -> None:
        service = self.workspace.verification
        response = make_right_response(answer_format)
        service.lock_answer(question, verifier, response, elapsed_s=12.0)
        rating = Rating.YES if verdict is Verdict.ACCEPT else Rating.NO
        gates = tuple(GateRating(gate, rating) for gate in Gate)
        comment = "" if verdict is Verdict.ACCEPT else "The stem names the finding."
        service.submit(question, verifier, gates=gates, verdict=verdict, comment=comment)

    def verified(
        self,
        answer_format: AnswerFormat = AnswerFormat.SINGLE_CHOICE,
        *,
        images: tuple[ImageUse, ...] = (),
        stem: str = "Which finding does this image show?",
    ) -> QuestionId:
        """Return a verified question."""
        question = self.blind(self.write(answer_format, images=images, stem=stem))
        for verifier in self.verifiers:
            self.verify(question, verifier, answer_format=answer_format)
        self.workspace.adjudication.accept((question,), self.lead)
        return question


def make_study(workspace: Workspace) -> Study:
    """Register people beside the first person, who leads and has every role."""
    people = workspace.people

    def add(name: str, *roles: Role) -> PersonId:
        return people.add(name, frozenset(roles), specialty="Pulmonology").value.id

    return Study(
        workspace,
        lead=people.me().id,
        author=add("Demo Author", Role.AUTHOR),
        verifiers=(add("Demo Verifier 1", Role.VERIFIER), add("Demo Verifier 2", Role.VERIFIER)),
        reader=add("Demo Reader 1", Role.READER),
    )
