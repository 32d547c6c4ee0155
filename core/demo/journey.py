"""The whole journey on real images, through the same services that the window uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, Final

from core.demo.endpoint import MODEL, known_questions, serve
from core.demo.place import free_place
from core.demo.questions import DemoQuestion, Goal, load_questions
from core.demo.records import DemoVerification, Records, load_records, load_replies, response_to
from core.demo.summary import DemoSummary, agreement_figures, score_lines
from core.domain.ids import MediaId, PersonId, QuestionId, SittingId
from core.domain.run import Condition
from core.errors import LlmError
from core.workspace import Workspace, create_workspace

if TYPE_CHECKING:
    from core.services.exchange.service import ExportReport

Say = Callable[[str], None]
_UNBLINDED: Final = (Goal.UNFINISHED, Goal.WAITING)
_SEED: Final = 7
_LEAD, _AUTHOR = "lead", "author"


def run_demo(folder: Path, *, progress: Say) -> DemoSummary:
    """Make F/demo.asclepius and F/demo-export, telling each step; replace a former demo.

    Raises `StorageError` when something else is in the way.
    """
    started = perf_counter()
    place = free_place(folder)
    questions, records = load_questions(), load_records()
    with create_workspace(place.workspace, owner_name=records.people[0].name) as workspace:
        place.mark()
        journey = _Journey(workspace, questions, records, _add_people(workspace, records), progress)
        ids = journey.write()
        journey.blind(ids)
        journey.verify(ids)
        journey.adjudicate(ids)
        journey.read(ids)
        journey.evaluate()
        exported = journey.export(place.export)
        return _summary(workspace, exported, progress, started)


def _add_people(workspace: Workspace, records: Records) -> dict[str, PersonId]:
    people = workspace.people
    owner = people.me()
    ids = {}
    for person in records.people:
        known = owner if person.slug == _LEAD else people.add(person.name, person.roles).value
        full = replace(
            known,
            roles=person.roles,
            specialty=person.specialty,
            years_in_practice=person.years_in_practice,
            specialty_confidence=person.specialty_confidence,
        )
        ids[person.slug] = people.update(full).value.id
    return ids


@dataclass(frozen=True, slots=True)
class _Journey:
    """One walk through the stages; `people` maps the slugs of the records to ids."""

    workspace: Workspace
    questions: tuple[DemoQuestion, ...]
    records: Records
    people: Mapping[str, PersonId]
    say: Say

    def write(self) -> dict[str, QuestionId]:
        """Write all questions; commit all but the unfinished one."""
        media = self._import_images()
        self.say(f"Writing {len(self.questions)} questions.")
        author, authoring = self.people[_AUTHOR], self.workspace.authoring
        ids = {}
        for one in self.questions:
            empty = authoring.create(one.asked.format, author, labels=one.labels).value
            draft = replace(empty, body=one.body(media), key=one.key, source=one.source)
            authoring.save_draft(draft, author)
            if one.goal is not Goal.UNFINISHED:
                authoring.commit(draft.question, author)
            ids[one.slug] = draft.question
        return ids

    def _import_images(self) -> dict[str, MediaId]:
        from core.imaging.samples import sample_bytes

        samples = sorted({image.sample for one in self.questions for image in one.images})
        self.say(f"Taking in {len(samples)} images that the pydicom package carries.")
        media = {}
        with TemporaryDirectory(prefix="asclepius-demo-") as folder:
            for sample in samples:
                path = Path(folder) / PurePosixPath(sample).name
                path.write_bytes(sample_bytes(sample))
                imported = self.workspace.images.import_file(path, person=self.people[_AUTHOR])
                media[sample] = imported.value.id
        return media

    def blind(self, ids: Mapping[str, QuestionId]) -> None:
        """Clear every image of patient data and approve the blinding."""
        blinded = [one for one in self.questions if one.goal not in _UNBLINDED]
        count = sum(len(one.images) for one in blinded)
        self.say(f"Clearing {count} images of patient data, blinding {len(blinded)} questions.")
        author, blinding = self.people[_AUTHOR], self.workspace.blinding
        for one in blinded:
            for place, image in enumerate(one.images):
                blinding.clear_image(ids[one.slug], place, author, blackouts=image.blackouts)
            blinding.approve(ids[one.slug], author, notes=one.notes)

    def verify(self, ids: Mapping[str, QuestionId]) -> None:
        """Let the verifiers answer blind, see the key, rate the gates and decide."""
        verifications = self.records.verifications
        count = sum(len(by_person) for by_person in verifications.values())
        self.say(f"Verifying: {count} blind answers, locked before the key is revealed.")
        for one in self.questions:
            for who, given in verifications.get(one.slug, {}).items():
                self._verify_one(ids[one.slug], one, self.people[who], given)

    def _verify_one(
        self, question: QuestionId, one: DemoQuestion, person: PersonId, given: DemoVerification
    ) -> None:
        desk = self.workspace.verification
        desk.lock_answer(
            question,
            person,
            response_to(one.asked, given.response),
            elapsed_s=given.elapsed_s,
            confidence=given.confidence,
        )
        desk.reveal(question, person)
        desk.submit(
            question, person, gates=given.gates, verdict=given.verdict, comment=given.comment
        )

    def adjudicate(self, ids: Mapping[str, QuestionId]) -> None:
        """Accept what is unanimous; decide the recorded disagreements."""
        lead, desk = self.people[_LEAD], self.workspace.adjudication
        unanimous = [line.summary.id for line in desk.board() if line.is_unanimous]
        decided = self.records.adjudications
        self.say(f"Accepting {len(unanimous)} questions, adjudicating {len(decided)}.")
        desk.accept(unanimous, lead)
        for one in self.questions:
            given = decided.get(one.slug)
            if given is None:
                continue
            question, response = ids[one.slug], response_to(one.asked, given.response)
            desk.lock_answer(question, lead, response, elapsed_s=given.elapsed_s)
            desk.decide(question, lead, verdict=given.verdict, reason=given.reason)

    def read(self, ids: Mapping[str, QuestionId]) -> None:
        """Let the readers answer every verified question, each in an own order."""
        from core.services.baseline import PlanRequest

        readers = {slug: self.people[slug] for slug in self._reader_slugs()}
        request = PlanRequest("Demo reading", _SEED, tuple(readers.values()))
        plan = self.workspace.baseline.make_plan(request, self.people[_LEAD]).value
        self.say(f"Reading: {len(readers)} readers, {len(plan.revisions)} questions each.")
        by_id = {question: slug for slug, question in ids.items()}
        for slug, reader in readers.items():
            sitting = self.workspace.baseline.start(plan.id, reader).value
            self._sit(slug, sitting.id, by_id)

    def _reader_slugs(self) -> list[str]:
        return sorted({who for one in self.records.readings.values() for who in one})

    def _sit(self, reader: str, sitting: SittingId, by_id: Mapping[QuestionId, str]) -> None:
        from core.services.baseline import Reading

        while (page := self.workspace.baseline.page(sitting)) is not None:
            given = self.records.readings[by_id[page.blind.question]][reader]
            asked = page.blind.body.asked
            response = None if given.response is None else response_to(asked, given.response)
            reading = Reading(response, given.confidence, given.elapsed_s)
            self.workspace.baseline.answer(sitting, reading)

    def evaluate(self) -> None:
        """Ask the demo model with and without the images, over HTTP on this computer."""
        from core.services.evaluation.records import Calling, RunRequest

        evaluation = self.workspace.evaluation
        # Any word will do: the endpoint on this computer looks at no key.
        calling = Calling(concurrency=4, api_key="demo")
        with serve(known_questions(self.questions, load_replies())) as base_url:
            for condition in (Condition.BOTH, Condition.TEXT):
                prepared = evaluation.prepare(RunRequest(MODEL, base_url, condition))
                with_images = "with" if condition is Condition.BOTH else "without"
                self.say(f"Asking {MODEL} {prepared.sendable} questions {with_images} images.")
                summary = evaluation.start(prepared, calling).value
                if summary.failures:
                    raise LlmError(f"The demo model failed: {summary.failures[0][0]}")

    def export(self, folder: Path) -> ExportReport:
        """Score every answer, then let the verified set leave with its results."""
        from core.services.exchange.results import plain_results

        scored = self.workspace.analysis.rescore().value
        self.say(f"Scoring {scored} answers, exporting the verified questions.")
        results = plain_results(self.workspace.analysis.results(), names_people=False)
        return self.workspace.exchange.export(folder, results=results)


def _summary(workspace: Workspace, exported: ExportReport, say: Say, started: float) -> DemoSummary:
    say("Checking database, images, versions and audit trail.")
    check = workspace.integrity.check()
    results, agreement = workspace.analysis.results(), workspace.analysis.agreement()
    left_out = map(str, exported.left_out)
    return DemoSummary(
        workspace=workspace.path,
        export=exported.folder,
        stages=tuple((stage, count) for stage, count in workspace.authoring.stage_counts().items()),
        agreement_questions=agreement.verdicts.agreement.questions,
        agreement=agreement_figures(agreement),
        agreement_reading=agreement.reading,
        scores=score_lines(results),
        statements=tuple(one.statement for one in results.readers_differences),
        exported_questions=exported.questions,
        exported_images=exported.media,
        export_differences=(*left_out, *workspace.exchange.verify(exported.folder)),
        check_counts=tuple(check.counts.items()),
        check_problems=tuple(f"{one.where}: {one.sentence}" for one in check.problems),
        seconds=perf_counter() - started,
    )
