"""How far a judge agrees with physicians on the sample, and with itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import fmean
from typing import TYPE_CHECKING, Final

from core.domain.ids import AnswerId, PersonId
from core.domain.judging import (
    Grading,
    GradingState,
    Judge,
    Quality,
    is_same_family,
    quality_of,
)
from core.services.judging.collect import by_answer, judge_values, physician_gradings
from core.services.judging.records import (
    MIN_CHECKED,
    WANTED_CHECKED,
    JudgeAgreement,
    LlmAgreement,
)

if TYPE_CHECKING:
    from core.services.ports import Transaction
    from core.statistics.agreement import Agreement

SEED: Final = 20250701
"""Any fixed number: the same gradings give the same interval on every machine."""

_Physicians = dict[AnswerId, dict[PersonId, Grading]]


def agreement_of(tx: Transaction, judge: Judge) -> JudgeAgreement:
    """Return the judge beside physicians on the newest sample."""
    sample = tx.judging.newest_sample()
    answers = () if sample is None else sample.answers
    values = judge_values(tx, judge)
    everybody = physician_gradings(tx)
    physicians = {one: everybody[one] for one in answers if one in everybody}
    majority = {one: _majority(of.values()) for one, of in physicians.items()}
    both = [one for one in physicians if values.get(one) is not None]
    pairs = [(majority[one], _quality(values[one])) for one in both if majority[one] is not None]
    people = sorted({person for of in physicians.values() for person in of})
    agreement = _assess(pairs)
    return JudgeAgreement(
        sample_size=len(answers),
        physicians=len(people),
        checked=len(pairs),
        undecided=sum(one is None for one in majority.values()),
        unscored=sum(one in values and values[one] is None for one in answers),
        judge=agreement,
        among_physicians=_among(physicians, people) if len(people) > 1 else None,
        judge_mean=_mean([value for one in both if (value := values[one]) is not None]),
        physicians_mean=_mean([physicians_value(physicians[one].values()) for one in both]),
        by_llm=_by_llm(tx, judge, both, values, physicians),
        consistency=_consistency(tx.judging.gradings(judge=judge.id)),
        statement=_statement(len(pairs), len(people), agreement),
    )


def physicians_value(gradings: Iterable[Grading]) -> float:
    """Return the mean score that physicians gave one answer."""
    return fmean(one.rubric.value(one.met) for one in gradings)


def _majority(gradings: Iterable[Grading]) -> Quality | None:
    counts = Counter(quality_of(one.rubric.value(one.met)) for one in gradings)
    quality, count = counts.most_common(1)[0]
    return quality if 2 * count > counts.total() else None


def _quality(value: float | None) -> Quality | None:
    return None if value is None else quality_of(value)


def _assess(table: Sequence[Sequence[Quality | None]]) -> Agreement:
    from core.statistics.agreement import assess

    return assess(table, tuple(Quality), seed=SEED)


def _among(physicians: _Physicians, people: Sequence[PersonId]) -> Agreement:
    rows = [
        [quality_of(of[one].rubric.value(of[one].met)) if one in of else None for one in people]
        for of in physicians.values()
    ]
    return _assess(rows)


def _mean(values: Sequence[float]) -> float | None:
    return fmean(values) if values else None


def _by_llm(
    tx: Transaction,
    judge: Judge,
    answers: Sequence[AnswerId],
    values: dict[AnswerId, float | None],
    physicians: _Physicians,
) -> tuple[LlmAgreement, ...]:
    groups: dict[str, list[AnswerId]] = {}
    for one in answers:
        groups.setdefault(tx.answers.get(one).respondent.name, []).append(one)
    return tuple(
        LlmAgreement(
            llm=llm,
            answers=len(group),
            judge_mean=fmean(values[one] or 0.0 for one in group),
            physicians_mean=fmean(physicians_value(physicians[one].values()) for one in group),
            is_same_family=is_same_family(llm, judge.spec.llm),
        )
        for llm, group in sorted(groups.items())
    )


def _consistency(gradings: Iterable[Grading]) -> float | None:
    """Return the share of points on which all readable turns of an answer agree."""
    agreed = total = 0
    for turns in by_answer(gradings).values():
        readable = [one for one in turns.values() if one.state is GradingState.GRADED]
        if len(readable) < 2:
            continue
        for votes in zip(*(one.met for one in readable), strict=True):
            agreed += len(set(votes)) == 1
            total += 1
    return agreed / total if total else None


def _statement(checked: int, physicians: int, agreement: Agreement) -> str:
    if checked < MIN_CHECKED:
        return (
            f"Physicians and the judge both graded {checked} answers; at least {MIN_CHECKED} are"
            " needed before its scores can count."
        )
    ac1 = agreement.gwet_ac1
    figure = "not defined" if ac1.value is None else f"{ac1.value:.2f}"
    within = "" if ac1.interval is None else f" ({ac1.interval.low:.2f} to {ac1.interval.high:.2f})"
    rough = "" if checked >= WANTED_CHECKED else f" Fewer than {WANTED_CHECKED}: rough intervals."
    graders = "one physician" if physicians == 1 else f"{physicians} physicians"
    return f"On {checked} answers graded by {graders}, AC1 is {figure}{within}.{rough}"
