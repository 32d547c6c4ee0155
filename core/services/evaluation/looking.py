"""Looks at what a run would send: its questions, its prompts and every picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from core import VERSION
from core.domain.ids import RevisionId
from core.domain.run import Condition, RunSpec
from core.domain.setup import AS_AUTHORED, Setup
from core.domain.stage import Stage
from core.errors import NotFoundError
from core.llm.conditions.examples import shots_for
from core.llm.conditions.parts import shows_pictures
from core.llm.conditions.swapped_image import donors
from core.llm.endpoint import address_warning
from core.llm.prompts import Template, render
from core.llm.variants import variants_of
from core.services.evaluation.preparing import (
    Look,
    checked,
    current_revisions,
)
from core.services.evaluation.records import (
    Blocked,
    Preparation,
    PromptPreview,
    RunRequest,
)
from core.services.evaluation.requests import (
    Examples,
    Material,
    Pictures,
    RequestMaker,
)
from core.services.prompts.templates import find_template
from core.tasks import CancelToken, Progress, ProgressCallback, ignore_progress

if TYPE_CHECKING:
    from core.domain.body import BlindQuestion
    from core.llm.client import LlmRequest
    from core.services.blind_ports import BlindDatabase

_CHUNK: Final = 100
_REPORT_EACH: Final = 10
_UNVERIFIED: Final = (Stage.DRAFT, Stage.BLINDED, Stage.IN_VERIFICATION)


class Looking:
    """Finds questions and makes requests out of them; nothing is stored or sent."""

    def __init__(self, database: BlindDatabase, images: Pictures, examples: Examples) -> None:
        self._database = database
        self._images = images
        self._examples = examples

    def questions(self, setup: Setup = AS_AUTHORED) -> tuple[tuple[RevisionId, ...], bool]:
        """Return the verified questions by number, and False.

        While none is verified: every question that has a version, and True. Examples and other
        languages than that of `setup` are left out.
        """
        language, shown = setup.language, set(setup.examples)
        with self._database.read() as tx:
            is_verified = tx.questions.count_by_stage()[Stage.VERIFIED] > 0
            stages = (Stage.VERIFIED,) if is_verified else _UNVERIFIED
            found = current_revisions(tx, stages, language=language)
        return tuple(one for one in found if one not in shown), not is_verified

    def revisions_of(self, numbers: Sequence[int]) -> tuple[RevisionId, ...]:
        """Return the current versions of questions by number; raise `NotFoundError` naming one."""
        found = []
        with self._database.read() as tx:
            for number in numbers:
                question = tx.questions.by_number(number)
                if question is None or question.current_revision is None:
                    raise NotFoundError(f"There is no question {number} that could be asked.")
                found.append(question.current_revision)
        return tuple(found)

    def preview(
        self,
        revision: RevisionId,
        condition: Condition,
        prompt: str,
        *,
        setup: Setup = AS_AUTHORED,
        seed: int = 0,
    ) -> PromptPreview:
        """Return what an endpoint would read about one question."""
        with self._database.read() as tx:
            blind = tx.bodies.get(revision)
            template = find_template(tx, prompt)
        pool = self._examples.shots(setup, [revision]) if setup.shots else {}
        shots = shots_for(blind, pool, setup.shots, seed=seed)
        first = variants_of(blind.body, setup, revision=revision, seed=seed)[0]
        rendered = render(blind, condition, template, order=first.order, setup=setup, shots=shots)
        bodies = [blind.body, *(shot.blind.body for shot in shots)]
        pictures = sum(len(use.frames) for body in bodies for use in body.images)
        return PromptPreview(blind.number, rendered, pictures if shows_pictures(condition) else 0)

    def look(
        self,
        request: RunRequest,
        tally: Callable[[BlindQuestion, LlmRequest], None] | None = None,
        *,
        cancel: CancelToken | None = None,
        progress: ProgressCallback = ignore_progress,
    ) -> Preparation:
        """Return what would be sent, without an existing run; `tally` is told of each request."""
        request = checked(request)
        template = self.template(request.prompt)
        revisions, is_unverified = (
            self.questions(request.setup)
            if request.revisions is None
            else (request.revisions, False)
        )
        spec = _spec_of(request, template)
        known_blocked: tuple[Blocked, ...] = ()
        if spec.condition is Condition.SWAPPED:
            revisions, known_blocked = self._fit_to_be_swapped(spec, revisions)
        is_risky = template.is_own or bool(spec.setup.shots)
        guard = partial(self._refuse_leak, spec.setup) if is_risky else None
        looked = Look(self.requests(spec, revisions), tally, guard)
        for number, blind in enumerate(self._bodies(revisions), start=1):
            if cancel is not None:
                cancel.raise_if_cancelled()
            looked.at(blind)
            if number % _REPORT_EACH == 0:
                progress(Progress(number, len(revisions), "Looking at questions"))
        spec = looked.completed(spec)
        return Preparation(
            spec=spec,
            sendable=len(looked.revisions) - len(looked.not_applicable),
            not_applicable=tuple(looked.not_applicable),
            blocked=(*known_blocked, *looked.blocked),
            asks=tuple(looked.asks),
            is_unverified=is_unverified,
            warning=address_warning(spec.base_url),
            existing=None,
            has_pictures=looked.has_pictures,
        )

    def _refuse_leak(self, setup: Setup, blind: BlindQuestion, request: LlmRequest) -> None:
        said = f"{request.system}\n{request.text}"
        self._examples.refuse_leak(blind.revision, said, has_examples=bool(setup.shots))

    def template(self, name: str) -> Template:
        """Return a prompt by its name."""
        with self._database.read() as tx:
            return find_template(tx, name)

    def requests(self, spec: RunSpec, revisions: Sequence[RevisionId]) -> RequestMaker:
        """Return the maker of a run's requests with all that they are made of."""
        is_swapped = spec.condition is Condition.SWAPPED
        material = Material(
            shots=self._examples.shots(spec.setup, revisions) if spec.setup.shots else {},
            donors=donors(self._bodies(revisions), seed=spec.seed) if is_swapped else {},
        )
        template = self.template(spec.prompt_name)
        return RequestMaker.for_spec(spec, template, self._images, material)

    def _fit_to_be_swapped(
        self, spec: RunSpec, revisions: Sequence[RevisionId]
    ) -> tuple[tuple[RevisionId, ...], tuple[Blocked, ...]]:
        """Return the questions whose images may go, for only these may go with another one."""
        looked = Look(self.requests(replace(spec, condition=Condition.BOTH), revisions))
        for blind in self._bodies(revisions):
            looked.at(blind)
        return tuple(looked.revisions), tuple(looked.blocked)

    def _bodies(self, revisions: Sequence[RevisionId]) -> Iterator[BlindQuestion]:
        for start in range(0, len(revisions), _CHUNK):
            with self._database.read() as tx:
                bodies = tx.bodies.many(revisions[start : start + _CHUNK])
            yield from bodies


def _spec_of(request: RunRequest, template: Template) -> RunSpec:
    """Return what is known of a run before its questions are looked at."""
    return RunSpec(
        llm=request.llm,
        base_url=request.base_url,
        condition=request.condition,
        prompt_name=template.name,
        prompt_hash=template.hash,
        revisions=(),
        requests_hash="",
        temperature=request.temperature,
        max_tokens=request.max_tokens,
        seed=request.seed,
        program_version=VERSION,
        api=request.api,
        effort=request.effort,
        is_structured=request.is_structured,
        takes_pictures=request.takes_pictures,
        setup=request.setup,
    )
