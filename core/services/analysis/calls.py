"""Makes one graded answer of the several calls in which a run put a question."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import TYPE_CHECKING

from core.domain.answer import Answer, AnswerState
from core.domain.body import GRADED_FORMATS, Body
from core.domain.revision import Revision
from core.domain.run import RunSpec
from core.domain.score import Score, ScoreState
from core.llm.conditions.repeats import place_of
from core.llm.variants import variants_of
from core.services.analysis.forms import forms_of, most_frequent

if TYPE_CHECKING:
    from core.domain.body import Response

Grade = Callable[[Answer], Score]


@dataclass(frozen=True, slots=True)
class Combined:
    """How a question ended over all its calls.

    `share` is the plain mean of the credit of single calls: for rotations the figure beside the
    strict one, which gives credit only when every rotation is right.
    """

    score: Score
    response: Response | None
    share: float | None = None


def combine(
    spec: RunSpec, revision: Revision, answers: Mapping[str, Answer], grade: Grade
) -> Combined | None:
    """Return how a question ended; None while some of its calls were never made.

    `answers` are the last answers by name of the variant.
    """
    if not_put := answers.get(""):
        score = grade(not_put)
        return Combined(score, not_put.response)
    body = revision.body
    variants = variants_of(body, spec.setup, revision=revision.id, seed=spec.seed)
    names = [one.name for one in variants]
    if not all(name in answers for name in names):
        return None
    calls = [answers[name] for name in names]
    graded = [grade(one) for one in calls]
    share = _share(graded)
    rotations = [_repeated(body, group, grade) for group in _by_rotation(names, calls)]
    response = rotations[0][1] if len(rotations) == 1 else None
    return Combined(_over_rotations([one for one, _ in rotations]), response, share)


def credit_of(score: Score) -> float:
    """Return 1 for right, the value of a partly right answer, and 0 for anything else."""
    if score.state is ScoreState.PARTIAL:
        return score.value or 0.0
    return float(score.state is ScoreState.CORRECT)


def _share(graded: Sequence[Score]) -> float | None:
    left_out = (ScoreState.FAILED, ScoreState.UNSCORED)
    single = [credit_of(one) for one in graded if one.state not in left_out]
    return fmean(single) if single and len(graded) > 1 else None


def _by_rotation(names: Sequence[str], calls: Sequence[Answer]) -> list[list[Answer]]:
    groups: dict[int, list[Answer]] = {}
    for name, answer in zip(names, calls, strict=True):
        groups.setdefault(place_of(name).rotation, []).append(answer)
    return list(groups.values())


def _repeated(body: Body, answers: Sequence[Answer], grade: Grade) -> tuple[Score, Response | None]:
    """Grade the answer given most often; a tie is no answer, for nothing is drawn."""
    if len(answers) == 1:
        return grade(answers[0]), answers[0].response
    if any(one.state is AnswerState.FAILED for one in answers):
        return replace(grade(answers[0]), state=ScoreState.FAILED, value=None), None
    if body.format in GRADED_FORMATS:
        return _mean_report([grade(one) for one in answers]), None
    forms = forms_of(body.asked, answers)
    most = most_frequent(forms)
    silent = sum(form is None for form in forms)
    if most is not None and most[1] > silent:
        chosen = answers[forms.index(most[0])]
        return grade(chosen), chosen.response
    refused = sum(one.state is AnswerState.REFUSED for one in answers)
    state = ScoreState.REFUSED if refused * 2 > len(answers) else ScoreState.NO_ANSWER
    return replace(grade(answers[0]), state=state, value=None, details={}), None


def _mean_report(graded: Sequence[Score]) -> Score:
    """Return the mean over written answers to one question; texts have no majority."""
    values = [one.value or 0.0 for one in graded if one.state is not ScoreState.UNSCORED]
    if not values:
        return graded[0]
    return replace(graded[0], state=ScoreState.PARTIAL, value=fmean(values), details={})


def _over_rotations(graded: Sequence[Score]) -> Score:
    """Give credit only when every rotation is right."""
    states = {one.state for one in graded}
    first = graded[0]
    if len(states) == 1:
        return first
    for state in (ScoreState.FAILED, ScoreState.UNSCORED):
        if state in states:
            return replace(first, state=state, value=None, details={})
    return replace(first, state=ScoreState.INCORRECT, value=0.0, details={})
