"""Checks a request for a judge and looks at what is still to be asked; nothing is sent here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.domain.answer import Answer
from core.domain.body import Written
from core.domain.ids import RunId
from core.domain.judging import Grading, GradingState, JudgeSpec, is_same_family
from core.errors import ValidationError, WorkflowError
from core.judge.contract import RubricContract
from core.llm.endpoint import address_warning, normalize_base_url
from core.services.judging.collect import answers_of_run, by_answer, gradables
from core.services.judging.records import GradingCall, JudgePreparation, JudgeRequest

if TYPE_CHECKING:
    from core.services.ports import Transaction


def prepared(tx: Transaction, spec: JudgeSpec, run: RunId | None) -> JudgePreparation:
    """Return what a judge would be asked about a run, or about the sample without one."""
    answers = _answers(tx, run)
    known = tx.judging.by_spec_hash(spec.hash)
    done = by_answer(tx.judging.gradings(judge=known.id)) if known else {}
    found = gradables(tx, answers)
    calls = tuple(
        GradingCall(one.answer.id, turn)
        for one in found
        for turn in spec.turns
        if _is_open(done.get(one.answer.id, {}).get(turn))
    )
    return JudgePreparation(
        spec=spec,
        run=run,
        answers=tuple(one.answer.id for one in found),
        calls=calls,
        skipped=sum(isinstance(one.response, Written) for one in answers) - len(found),
        warnings=_warnings(spec, {one.answer.respondent.name for one in found}),
    )


def spec_of(request: JudgeRequest) -> JudgeSpec:
    """Return the judge asked for; raise `ValidationError` naming a wrong field."""
    if not request.llm.strip():
        raise ValidationError("Name the language model that grades.", field="llm")
    if not 1 <= request.repeats <= 9:
        raise ValidationError("A judge grades each answer 1 to 9 times.", field="repeats")
    if request.temperature is not None and not 0 <= request.temperature <= 2:
        raise ValidationError("The temperature lies between 0 and 2.", field="temperature")
    if request.max_tokens < 1:
        raise ValidationError("A reply needs at least one token.", field="max_tokens")
    if request.sees_images and not request.takes_pictures:
        raise ValidationError(
            "This endpoint takes no images, so its judge cannot see any.",
            field="sees_images",
            hint="Let the judge grade without images, or choose another endpoint.",
        )
    contract = RubricContract()
    return JudgeSpec(
        llm=request.llm.strip(),
        base_url=normalize_base_url(request.base_url),
        contract=contract.version,
        instruction_hash=contract.hash,
        sees_images=request.sees_images,
        repeats=request.repeats,
        swaps_order=request.swaps_order,
        temperature=None if request.effort else request.temperature,
        max_tokens=request.max_tokens,
        api=request.api,
        effort=request.effort,
    )


def _answers(tx: Transaction, run: RunId | None) -> list[Answer]:
    if run is not None:
        tx.runs.get(run)
        return answers_of_run(tx, run)
    sample = tx.judging.newest_sample()
    if sample is None:
        raise WorkflowError("No sample has been drawn yet.", hint="Draw one, or name a run.")
    return [tx.answers.get(one) for one in sample.answers]


def _is_open(grading: Grading | None) -> bool:
    return grading is None or grading.state is GradingState.FAILED


def _warnings(spec: JudgeSpec, llms: set[str]) -> tuple[str, ...]:
    address = address_warning(spec.base_url)
    related = [
        f"The judge {spec.llm} and {llm} are of one family; judges favor their own kind."
        for llm in sorted(llms)
        if is_same_family(llm, spec.llm)
    ]
    return (*([address] if address else []), *related)
