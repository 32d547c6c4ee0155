"""Undo of writing: bursts, order, limits, what a store has to hold, logs that no longer fit."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.body import AnswerFormat, Body, empty_asked
from core.domain.edit_log import MAX_STEPS, EditLog, EditStep, apply, make_step
from core.domain.ids import QuestionId
from core.domain.key import Key, empty_key_part
from core.domain.revision import Draft
from core.domain.source import Source
from tests.factories import make_body, make_draft, make_key, make_labels, make_person, make_question


def with_stem(draft: Draft, stem: str) -> Draft:
    return replace(draft, body=replace(draft.body, stem=stem))


def with_source(draft: Draft, text: str) -> Draft:
    return replace(draft, source=replace(draft.source, text=text))


@pytest.fixture
def draft() -> Draft:
    return with_stem(make_draft(make_question(make_person())), "")


class Store:
    """Holds what a log says a store has to hold."""

    def __init__(self) -> None:
        self.steps: list[EditStep] = []

    def take(self, log: EditLog) -> None:
        first, steps = log.unstored()
        kept = [one for one in self.steps if log.oldest <= one.number < first]
        self.steps = [*kept, *steps]
        log.mark_stored()


def test_a_burst_of_typing_in_one_field_is_one_step(draft: Draft) -> None:
    log, now = EditLog(), draft
    for count, letter in enumerate("Heart"):
        after = with_stem(now, now.body.stem + letter)
        log.note(now, after, "stem", 1.9 * count)
        now = after

    assert log.undo(now) == (draft, "stem")
    assert not log.can_undo


def test_a_pause_of_two_seconds_or_another_field_begins_a_step(draft: Draft) -> None:
    log = EditLog()
    first, second = with_stem(draft, "a"), with_stem(draft, "ab")
    third = with_source(second, "x")
    log.note(draft, first, "stem", 0.0)
    log.note(first, second, "stem", 2.0)
    log.note(second, third, "source_text", 2.1)

    assert log.undo(third)[0] == second
    assert log.undo(second)[0] == first
    assert log.undo(first)[0] == draft


def test_typed_and_deleted_again_leaves_nothing_to_undo(draft: Draft) -> None:
    log = EditLog()
    log.note(draft, with_stem(draft, "a"), "stem", 0.0)
    log.note(with_stem(draft, "a"), draft, "stem", 0.5)

    assert not log.can_undo


def test_a_new_edit_after_an_undo_drops_what_was_undone_also_from_the_store(draft: Draft) -> None:
    log, store = EditLog(), Store()
    a, b = with_stem(draft, "a"), with_stem(draft, "b")
    log.note(draft, a, "stem", 0.0)
    store.take(log)
    log.undo(a)
    store.take(log)
    assert [one.is_undone for one in store.steps] == [True]
    log.note(draft, b, "stem", 9.0)
    store.take(log)

    again = EditLog(store.steps)
    assert not again.can_redo
    assert again.undo(b)[0] == draft


def test_at_most_five_hundred_steps_are_kept_and_stored(draft: Draft) -> None:
    log, store, now = EditLog(), Store(), draft
    for count in range(MAX_STEPS + 30):
        after = with_stem(now, str(count))
        log.note(now, after, "stem", 10.0 * count)
        now = after
        store.take(log)

    assert len(store.steps) == MAX_STEPS
    again = EditLog(store.steps)
    for _ in range(MAX_STEPS):
        now = again.undo(now)[0]
    assert now.body.stem == "29"
    assert not again.can_undo


def test_a_step_holds_only_the_parts_that_changed(draft: Draft) -> None:
    step = make_step(1, "stem", draft, with_stem(draft, "New"))

    assert step.before == {"body.stem": ""}
    assert step.after == {"body.stem": "New"}


@pytest.mark.parametrize("wanted", AnswerFormat)
def test_another_answer_format_is_undone_with_its_options_and_key(
    draft: Draft, wanted: AnswerFormat
) -> None:
    other = replace(
        draft,
        body=Body(asked=empty_asked(wanted)),
        key=Key(empty_key_part(wanted)),
        labels=frozenset(),
    )
    step = make_step(1, "format", draft, other)

    assert apply(draft, step.after) == other
    assert apply(other, step.before) == draft


def test_a_log_does_not_fit_a_draft_that_was_changed_elsewhere(draft: Draft) -> None:
    log = EditLog()
    log.note(draft, with_stem(draft, "a"), "stem", 0.0)

    assert log.fits(with_stem(draft, "a"))
    assert not log.fits(with_stem(draft, "somebody else's"))


def test_a_log_made_anew_replaces_all_stale_steps(draft: Draft) -> None:
    stale, store = EditLog(), Store()
    stale.note(draft, with_stem(draft, "a"), "stem", 0.0)
    store.take(stale)

    fresh = EditLog.anew(store.steps)
    store.take(fresh)
    assert store.steps == []


_ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("type"), st.text("ab ", max_size=3)),
        st.tuples(st.just("source"), st.text("xy", max_size=2)),
        st.tuples(st.sampled_from(["undo", "redo", "reopen", "pause"]), st.just("")),
    ),
    max_size=40,
)


@given(_ACTIONS)
def test_any_order_of_edits_undo_redo_and_reopening_comes_back_to_the_start(
    actions: list[tuple[str, str]],
) -> None:
    start = Draft(QuestionId("q"), make_body(stem=""), make_key(), make_labels(), Source())
    log, store, now, now_s = EditLog(), Store(), start, 0.0
    for name, text in actions:
        now_s += 5.0 if name == "pause" else 0.3
        if name in ("type", "source"):
            after = with_stem(now, text) if name == "type" else with_source(now, text)
            if after != now:
                log.note(now, after, name, now_s)
                now = after
        elif name == "undo" and log.can_undo:
            undone = log.undo(now)[0]
            assert log.redo(undone)[0] == now
            now = log.undo(now)[0]
        elif name == "redo" and log.can_redo:
            now = log.redo(now)[0]
        elif name == "reopen":
            store.take(log)
            log = EditLog(store.steps)
            assert log.fits(now)
    end = now
    store.take(log)
    log = EditLog(store.steps)
    count = 0
    while log.can_undo:
        now, count = log.undo(now)[0], count + 1
    assert now == start
    for _ in range(count):
        now = log.redo(now)[0]
    assert now == end
