"""How calls ended is counted without loading a reply, and as if every reply were loaded."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.domain.answer import Answer, AnswerEnd, AnswerState, Occasion, person_respondent
from core.domain.revision import Revision
from core.llm.variants import Ask
from core.services.evaluation.records import (
    COST,
    ERROR,
    VARIANT,
    Watch,
    ask_of,
    count_states,
    group_failures,
    last_answers,
    last_ends,
)
from core.services.evaluation.watch import Watcher
from core.services.readings.records import BY_RULES, READ_BY
from core.tasks import ignore_progress
from tests.factories import (
    make_answer,
    make_blind,
    make_person,
    make_question,
    make_revision,
    make_run,
)
from tests.study import Study

PERSON = make_person()
QUESTION = make_question(PERSON)
REVISION = make_revision(QUESTION)
BLIND = make_blind(QUESTION, REVISION)


def ended(revision: Revision, state: AnswerState, details: dict[str, str | int | float]) -> Answer:
    answer = make_answer(revision, person_respondent(PERSON), state=state, occasion=Occasion.RUN)
    return replace(answer, details=details)


@st.composite
def replies(draw: st.DrawFn) -> Answer:
    """Return how one of three calls ended; one may end more than once."""
    states = [AnswerState.ANSWERED, AnswerState.NO_ANSWER, AnswerState.FAILED]
    state = draw(st.sampled_from(states))
    details: dict[str, str | int | float] = {VARIANT: draw(st.sampled_from("abc"))}
    if state is AnswerState.FAILED:
        details[ERROR] = draw(st.sampled_from(["Busy.", "Cut."]))
    return ended(REVISION, state, details)


def ends_of(answers: Sequence[Answer]) -> dict[Ask, AnswerEnd]:
    return last_answers(AnswerEnd(one.revision, one.state, one.details) for one in answers)


def test_ends_of_a_run_are_those_of_its_last_answers(study: Study) -> None:
    revision, run = study.committed(), make_run([]).id
    made = [
        ended(revision, AnswerState.ANSWERED, {VARIANT: "a", "thinking": "long", COST: 0.5}),
        ended(revision, AnswerState.FAILED, {VARIANT: "b", ERROR: "Busy."}),
        ended(revision, AnswerState.REFUSED, {VARIANT: "a", READ_BY: PERSON.id}),
        ended(revision, AnswerState.ANSWERED, {VARIANT: "a", READ_BY: BY_RULES}),
        ended(revision, AnswerState.NO_ANSWER, {VARIANT: "b"}),
        ended(revision, AnswerState.FAILED, {}),
    ]
    in_order = [
        replace(one, occasion_id=run, answered_at=one.answered_at + timedelta(seconds=number))
        for number, one in enumerate(made)
    ]
    with study.workspace._database.write() as tx:
        tx.answers.add(*in_order)

    with study.workspace._database.read() as tx:
        ends = last_ends(tx, run)
        answers = last_answers(tx.answers.of(Occasion.RUN, run))

    found = {ask.variant: end.state for ask, end in ends.items()}
    assert found == {
        "": AnswerState.FAILED,
        "a": AnswerState.REFUSED,
        "b": AnswerState.NO_ANSWER,
    }
    assert list(ends) == list(answers)
    assert "thinking" not in {name for end in ends.values() for name in end.details}


@given(before=st.lists(replies(), max_size=6), now=st.lists(replies(), max_size=9))
def test_counts_of_a_running_run_are_those_of_its_last_answers(
    before: list[Answer], now: list[Answer]
) -> None:
    seen: list[Watch] = []
    watcher = Watcher(3, ends_of(before), ignore_progress, seen.append)
    left = set(watcher.left([Ask(REVISION.id, variant) for variant in "abc"]))
    # A run asks a call again only while it has failed.
    asked: list[Answer] = []
    for one in now:
        if ask_of(one) in left:
            asked.append(one)
            if one.state is not AnswerState.FAILED:
                left.discard(ask_of(one))

    watcher.note([(BLIND, one) for one in asked])
    watcher.report()

    assert seen[-1].counts == count_states(ends_of([*before, *asked]))
    known_failures = group_failures(
        {ask: end for ask, end in ends_of(asked).items() if end.state is AnswerState.FAILED}
    )
    assert seen[-1].failures == known_failures
