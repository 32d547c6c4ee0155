"""However the machine's clock jumps, order among records stays the order of their making."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from core.clock import WORTH_TELLING, Clock, SteadyClock
from core.domain.backup import BackupReason
from core.domain.body import AnswerFormat
from core.domain.revision import Draft
from core.domain.source import Source
from core.services.journal import Unsent
from core.workspace import Workspace, create_workspace, open_workspace
from tests.factories import NOW, make_body, make_key, make_labels, new_id

HOURS = st.lists(st.integers(-100_000, 100_000), min_size=1, max_size=30)


class JumpingClock:
    """A machine whose clock is set by hand."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def clock(self) -> Clock:
        return Clock(lambda: self.at, new_id)

    def jump(self, **time: float) -> None:
        self.at += timedelta(**time)


@given(HOURS)
def test_moments_never_go_back(jumps: list[int]) -> None:
    machine = JumpingClock()
    steady = SteadyClock(machine.clock(), lambda: NOW)
    given_moments = [steady.now()]
    for hours in jumps:
        machine.at = NOW + timedelta(hours=hours)
        given_moments.append(steady.now())

    assert given_moments == sorted(given_moments)


@given(HOURS)
def test_ids_made_while_the_clock_is_behind_sort_after_those_before(jumps: list[int]) -> None:
    machine = JumpingClock()
    steady = SteadyClock(machine.clock(), lambda: None)
    for hours in jumps:
        machine.at = NOW + timedelta(hours=hours)
        moment = steady.now()
        if moment > machine.at:
            milliseconds = int(steady.new_id().replace("-", "")[:12], 16)
            assert milliseconds >= int(moment.timestamp() * 1000)


def test_a_clock_that_is_right_is_left_alone() -> None:
    machine = JumpingClock()
    steady = SteadyClock(machine.clock(), lambda: None)

    assert [steady.now(), steady.now()] == [NOW, NOW]
    assert steady.trouble() is None


def test_a_small_difference_between_two_computers_is_not_worth_a_word() -> None:
    machine = JumpingClock()
    steady = SteadyClock(machine.clock(), lambda: NOW + WORTH_TELLING - timedelta(seconds=1))

    assert steady.trouble() is None


def test_what_came_in_later_is_looked_at_again() -> None:
    stored = [NOW]
    steady = SteadyClock(JumpingClock().clock(), lambda: stored[0])
    assert steady.now() == NOW

    stored[0] = NOW + timedelta(hours=5)
    assert steady.now() == NOW
    steady.catch_up()

    assert steady.now() > NOW + timedelta(hours=5)
    trouble = steady.trouble()
    assert trouble is not None
    assert trouble.machine == NOW


def written(workspace: Workspace, *stems: str) -> Draft:
    """Return a draft that was stored with each of these stems."""
    me = workspace.people.me().id
    question = workspace.authoring.create(AnswerFormat.SINGLE_CHOICE, me).value.question
    draft = Draft(question, make_body(), make_key(), make_labels())
    for stem in stems:
        draft = replace(draft, body=make_body(stem=stem), source=Source(stem, "Book", "CC0"))
        log = workspace.authoring.edit_log(draft)
        workspace.authoring.save_draft(draft, me, log=log)
    return draft


def test_revisions_labels_sources_and_decisions_keep_their_order(tmp_path: Path) -> None:
    machine = JumpingClock()
    path = tmp_path / "a.asclepius"
    with create_workspace(path, clock=machine.clock()) as workspace:
        me = workspace.people.me().id
        draft = written(workspace, "First")
        workspace.authoring.commit(draft.question, me)
    machine.jump(days=-400)
    with open_workspace(path, clock=machine.clock()) as workspace:
        later = replace(
            draft, body=make_body(stem="Second"), source=Source("Newer", "Atlas", "CC0")
        )
        workspace.authoring.save_draft(later, me)
        workspace.authoring.commit(draft.question, me, reason="Better")
        workspace.blinding.approve(draft.question, me, override_reason="Made here.")

        first, second = workspace.authoring.revisions(draft.question)
        assert first.created_at < second.created_at
        assert workspace.authoring.draft(draft.question, viewer=me).source.text == "Newer"
        moved = [one.moved_at for one in workspace.authoring.moves(draft.question)]
        assert moved == sorted(moved)
        assert workspace.integrity.check().is_clean
        assert workspace.undo.undo(me).value is not None
        assert workspace.undo.redo(me).value is not None


def test_the_journal_tells_what_was_entered_last(tmp_path: Path) -> None:
    machine = JumpingClock()
    with create_workspace(tmp_path / "a.asclepius", clock=machine.clock()) as workspace:
        me = workspace.people.me().id
        for text in ("one", "two", "three"):
            workspace.journal.write(me, [Unsent("place", text, {"text": text})])
            machine.jump(hours=-1)

        assert [record for _, record in workspace.journal.entries(me)] == ["one", "two", "three"]


def test_backups_go_on_after_the_clock_was_set_back(tmp_path: Path) -> None:
    machine = JumpingClock(datetime.now(UTC))
    with create_workspace(tmp_path / "a.asclepius", clock=machine.clock()) as workspace:
        written(workspace, "First")
        before = workspace.backups.make_if_due(BackupReason.OPENED)
        machine.jump(days=-3)
        written(workspace, "Second")
        after = workspace.backups.make_if_due(BackupReason.HOURLY)
        written(workspace, "Third")

        assert before is not None
        assert after is not None
        assert workspace.backups.make_if_due(BackupReason.HOURLY) is None
        machine.jump(hours=2)
        assert workspace.backups.make_if_due(BackupReason.HOURLY) is not None
        assert {before.name, after.name} <= {one.name for one in workspace.backups.all()}


def test_an_unbelievable_date_moves_no_clock(tmp_path: Path) -> None:
    machine = JumpingClock(datetime(2300, 1, 1, tzinfo=UTC))
    path = tmp_path / "a.asclepius"
    create_workspace(path, clock=machine.clock()).close()
    machine.at = NOW
    with open_workspace(path, clock=machine.clock()) as workspace:
        assert workspace.clock_behind() is None
        written(workspace, "First")
