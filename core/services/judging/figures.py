"""The scores of accepted judges beside other scores: one figure for each run and format."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from statistics import fmean
from typing import TYPE_CHECKING

from core.domain.answer import Answer, AnswerState
from core.domain.body import AnswerFormat
from core.domain.ids import AnswerId, RevisionId, RunId
from core.domain.judging import JUDGED_FORMATS, Judge, is_same_family
from core.services.judging.agreement import physicians_value
from core.services.judging.collect import (
    accepted_judges,
    answers_of_run,
    judge_values,
    physician_gradings,
)
from core.services.judging.records import JudgedFigure

if TYPE_CHECKING:
    from core.services.ports import Transaction
    from core.statistics.judged import CorrectedMean

_NOT_ASKED = (AnswerState.FAILED, AnswerState.NOT_APPLICABLE)


def judged_figures(
    tx: Transaction,
    formats: Mapping[RevisionId, AnswerFormat],
    run_names: Mapping[RunId, str],
) -> tuple[JudgedFigure, ...]:
    """Return the figures of every accepted judge over the revisions of `formats`."""
    judges = accepted_judges(tx)
    if not judges:
        return ()
    figures = []
    physicians = {
        answer: physicians_value(of.values()) for answer, of in physician_gradings(tx).items()
    }
    for judge in judges:
        values = judge_values(tx, judge)
        for run, name in run_names.items():
            answers = [one for one in answers_of_run(tx, run) if one.revision in formats]
            if not any(one.id in values for one in answers):
                continue
            for answer_format in JUDGED_FORMATS:
                of_format = [one for one in answers if formats[one.revision] is answer_format]
                if of_format:
                    counted = _Counted(of_format, values, physicians)
                    figures.append(counted.figure(run, name, judge, answer_format))
    return tuple(figures)


class _Counted:
    """The answers of one run in one format with a judge's scores."""

    def __init__(
        self,
        answers: Sequence[Answer],
        values: Mapping[AnswerId, float | None],
        physicians: Mapping[AnswerId, float],
    ) -> None:
        asked = [one for one in answers if one.state not in _NOT_ASKED]
        written = [one.id for one in asked if one.state is AnswerState.ANSWERED]
        self._zeros = len(asked) - len(written)
        self._scored = {one: v for one in written if (v := values.get(one)) is not None}
        self._unscored = len(written) - len(self._scored)
        self._physicians = {one: physicians[one] for one in self._scored if one in physicians}
        self._llm = answers[0].respondent.name

    def figure(
        self, run: RunId, name: str, judge: Judge, answer_format: AnswerFormat
    ) -> JudgedFigure:
        """Return the figure."""
        known = [*self._scored.values(), *[0.0] * self._zeros]
        return JudgedFigure(
            run=run,
            run_name=name,
            judge=judge,
            format=answer_format,
            n=len(known),
            unscored=self._unscored,
            mean=fmean(known) if known else None,
            low=_mean([*known, *[0.0] * self._unscored]),
            high=_mean([*known, *[1.0] * self._unscored]),
            corrected=self._corrected(),
            is_same_family=is_same_family(self._llm, judge.spec.llm),
        )

    def _corrected(self) -> CorrectedMean | None:
        from core.statistics.judged import corrected_mean

        checked: Collection[AnswerId] = self._physicians
        others = [value for one, value in self._scored.items() if one not in checked]
        return corrected_mean(
            list(self._physicians.values()),
            [self._scored[one] for one in checked],
            [*others, *[0.0] * self._zeros],
        )


def _mean(values: Sequence[float]) -> float | None:
    return fmean(values) if values else None
