"""The one table of steps between stages."""

from itertools import product

import pytest

from core.domain.people import Person, Role
from core.domain.stage import TRANSITIONS, Stage, require_transition
from core.errors import WorkflowError
from tests.factories import make_person

ALLOWED = {(step.start, step.end): step for step in TRANSITIONS}
PAIRS = list(product(Stage, Stage))


def only(role: Role) -> Person:
    return make_person("Demo Person", role)


@pytest.mark.parametrize(("start", "end"), PAIRS)
def test_a_lead_with_a_reason_may_take_exactly_the_steps_of_the_table(
    start: Stage, end: Stage
) -> None:
    lead = only(Role.LEAD)

    if (start, end) in ALLOWED:
        require_transition(start, end, lead, reason="Because.")
    else:
        with pytest.raises(WorkflowError, match="cannot become"):
            require_transition(start, end, lead, reason="Because.")


@pytest.mark.parametrize(("pair", "role"), list(product(ALLOWED, Role)))
def test_only_the_named_roles_may_take_a_step(pair: tuple[Stage, Stage], role: Role) -> None:
    if role in ALLOWED[pair].roles:
        require_transition(*pair, only(role), reason="Because.")
    else:
        with pytest.raises(WorkflowError, match="may not move"):
            require_transition(*pair, only(role), reason="Because.")


def test_a_verified_question_cannot_return_to_draft_without_a_reason() -> None:
    with pytest.raises(WorkflowError, match="needs a reason"):
        require_transition(Stage.VERIFIED, Stage.DRAFT, only(Role.LEAD), reason="  ")


def test_every_step_backwards_needs_a_reason() -> None:
    backwards = [step for step in TRANSITIONS if step.end is Stage.DRAFT]

    assert backwards
    assert all(step.needs_reason for step in backwards)


def steps_of(role: Role) -> set[tuple[Stage, Stage]]:
    return {(step.start, step.end) for step in TRANSITIONS if role in step.roles}


def test_who_reads_moves_nothing_and_who_verifies_only_begins_verification() -> None:
    assert steps_of(Role.READER) == set()
    assert steps_of(Role.VERIFIER) == {(Stage.BLINDED, Stage.IN_VERIFICATION)}


def test_an_author_moves_nothing_that_others_work_on() -> None:
    assert {start for start, _ in steps_of(Role.AUTHOR)} == {Stage.DRAFT, Stage.BLINDED}
    assert Stage.IN_VERIFICATION not in {end for _, end in steps_of(Role.AUTHOR)}


def test_an_adjudicator_ends_verification_and_does_nothing_else() -> None:
    assert steps_of(Role.ADJUDICATOR) == {
        (Stage.IN_VERIFICATION, end) for end in (Stage.VERIFIED, Stage.DRAFT, Stage.REJECTED)
    }


def test_no_step_jumps_over_verification() -> None:
    into_verified = {step.start for step in TRANSITIONS if step.end is Stage.VERIFIED}

    assert into_verified == {Stage.IN_VERIFICATION}


def test_a_retired_question_stays_retired_and_the_hint_says_so() -> None:
    with pytest.raises(WorkflowError) as caught:
        require_transition(Stage.RETIRED, Stage.DRAFT, only(Role.LEAD), reason="Because.")

    assert caught.value.hint == "This stage is final."


def test_nothing_but_restoring_leads_out_of_the_bin() -> None:
    assert all(step.start is not Stage.IN_BIN for step in TRANSITIONS)
    with pytest.raises(WorkflowError) as caught:
        require_transition(Stage.IN_BIN, Stage.DRAFT, only(Role.LEAD), reason="Because.")
    assert caught.value.hint == "Restore it from the bin first."
