"""Rows of a run as other engines want them; keys only if they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.domain.answer import Answer, Occasion
from core.domain.body import (
    Asked,
    Chosen,
    Marked,
    Measured,
    Numeric,
    Ranked,
    Response,
    Written,
    options_of,
)
from core.domain.ids import OptionId
from core.domain.marks import regions_text
from core.domain.prediction_row import PredictionRow
from core.services.evaluation.records import ask_of, last_answers

if TYPE_CHECKING:
    from core.domain.body import BlindQuestion
    from core.domain.run import Run
    from core.services.ports import Transaction


def export_rows(tx: Transaction, run: Run, *, with_keys: bool) -> list[PredictionRow]:
    """Return the last reply to each question; what a condition asks again is another epoch."""
    answers = list(last_answers(tx.answers.of(Occasion.RUN, run.id)).values())
    blinds = tx.bodies.many([one.revision for one in answers])
    epochs: dict[str, int] = {}
    rows = []
    for answer, blind in zip(answers, blinds, strict=True):
        epochs[blind.revision] = epochs.get(blind.revision, 0) + 1
        key = _key(tx, answer, blind) if with_keys else ""
        rows.append(_row(answer, blind, run, epochs[blind.revision], key))
    return sorted(rows, key=lambda row: (row.number, row.epoch))


def _row(answer: Answer, blind: BlindQuestion, run: Run, epoch: int, key: str) -> PredictionRow:
    asked = blind.body.asked
    texts = {option.id: option.text for option in options_of(asked)}
    order = [OptionId(one) for one in answer.option_order if one in texts] or list(texts)
    response = answer.response
    return PredictionRow(
        question_id=blind.question,
        revision_id=blind.revision,
        number=blind.number,
        epoch=epoch,
        variant=ask_of(answer).variant,
        format=blind.body.format.value,
        stem=blind.body.stem,
        context=blind.body.context,
        options=tuple(texts[one] for one in order),
        llm=run.spec.llm,
        condition=run.spec.condition.value,
        state=answer.state.value,
        reply=answer.raw_text,
        answer="" if response is None else _words(asked, response, order),
        key=key,
        error=str(answer.details.get("error", "")),
        seconds=answer.elapsed_s,
    )


def _key(tx: Transaction, answer: Answer, blind: BlindQuestion) -> str:
    asked = blind.body.asked
    right = tx.revisions.get(blind.revision).key.right.response()
    order = [OptionId(one) for one in answer.option_order] or [
        option.id for option in options_of(asked)
    ]
    return "" if right is None else _words(asked, right, order)


def _words(asked: Asked, response: Response, order: list[OptionId]) -> str:
    """Return letters in the order shown, the words, or the number with its unit."""
    match response:
        case Chosen(options):
            if asked.format == "yes_no":
                return ", ".join(o.text for o in options_of(asked) if o.id in options)
            return ", ".join(
                chr(ord("A") + place) for place, one in enumerate(order) if one in options
            )
        case Ranked(ranked):
            return ", ".join(chr(ord("A") + order.index(one)) for one in ranked if one in order)
        case Marked(regions):
            return regions_text(regions)
        case Written(text):
            return text
        case Measured(value, unit):
            asked_unit = asked.unit if isinstance(asked, Numeric) else ""
            return f"{value} {unit or asked_unit}".strip()
