"""Derived respondents: the panel of readers, chance, the best constant answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from core.domain.answer import Answer
from core.domain.body import GRADED_FORMATS
from core.domain.ids import AnswerId, RevisionId
from core.domain.score import ScoreState
from core.services.analysis.collect import Collection, CountedQuestion, Graded, Respondent
from core.services.analysis.forms import forms_of
from core.services.analysis.records import ResultKind

PANEL_ID: Final = "panel:majority"
CHANCE_ID: Final = "builtin:chance"
CONSTANT_ID: Final = "builtin:constant"
PANEL_NAME: Final = "Panel (majority)"


def panel_of(collection: Collection) -> Respondent | None:
    """Return the panel of all readers, or None with fewer than two.

    Its answer to a question is what more than half of the readers asked answered; "cannot tell"
    counts among those asked. Without such a majority the panel has no answer: it never draws.
    Reports and long texts have no panel.
    """
    if len(collection.readers) < 2:
        return None
    questions = {one.revision.id: one for one in collection.questions}
    graded: dict[RevisionId, Graded] = {}
    for revision, answers in collection.reader_answers.items():
        question = questions[revision]
        if question.format not in GRADED_FORMATS:
            graded[revision] = _panel_graded(question, answers)
    return Respondent(PANEL_ID, PANEL_NAME, ResultKind.PANEL, graded)


def chance(questions: Sequence[CountedQuestion]) -> Respondent:
    """Return chance: the exact expected accuracy of each question that has options."""
    from core.scoring.builtin import CHANCE, chance_of

    graded = {}
    for question in questions:
        expected = chance_of(question.revision.body.asked)
        if expected is not None:
            graded[question.revision.id] = Graded(question, None, expected)
    return Respondent(CHANCE_ID, CHANCE, ResultKind.BUILT_IN, graded)


def best_constant(questions: Sequence[CountedQuestion]) -> Respondent:
    """Return the best constant answer over these questions (see `core.scoring.builtin`)."""
    from core.scoring import builtin

    pairs = [(one.revision.body.asked, one.revision.key) for one in questions]
    constant = builtin.best_constant(pairs)
    graded = {}
    for question in questions:
        asked, key = question.revision.body.asked, question.revision.key
        if not builtin.right_places(asked, key):
            continue
        response = builtin.constant_response(asked, constant)
        is_right = response is not None and response == key.right.response()
        state = ScoreState.CORRECT if is_right else ScoreState.INCORRECT
        graded[question.revision.id] = Graded(question, state, float(is_right), response)
    return Respondent(CONSTANT_ID, builtin.BEST_CONSTANT, ResultKind.BUILT_IN, graded)


def _panel_graded(question: CountedQuestion, answers: Sequence[Answer]) -> Graded:
    from core.scoring.scorers import score

    answer = _majority(question, answers)
    if answer is None:
        return Graded(question, ScoreState.NO_ANSWER, None)
    body, key = question.revision.body, question.revision.key
    found = score(replace(answer, id=AnswerId("")), body.asked, key)
    return Graded(question, found.state, found.value, answer.response)


def _majority(question: CountedQuestion, answers: Sequence[Answer]) -> Answer | None:
    forms = forms_of(question.revision.body.asked, answers)
    counts = Counter(form for form in forms if form is not None)
    if not counts:
        return None
    form, count = counts.most_common(1)[0]
    return answers[forms.index(form)] if count * 2 > len(answers) else None
