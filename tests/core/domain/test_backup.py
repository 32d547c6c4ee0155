from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.domain.backup import ALL_FOR, DAILY_FOR, Backup, BackupReason, is_due, superfluous
from tests.factories import NOW


def taken(hours_ago: float, reason: BackupReason = BackupReason.HOURLY) -> Backup:
    at = NOW - timedelta(hours=hours_ago)
    return Backup(f"workspace-{at:%Y%m%dT%H%M%SZ}-{reason.value}.db", reason, at, 1)


def kept(backups: list[Backup], now: datetime = NOW) -> list[Backup]:
    removed = superfluous(backups, now)
    return [one for one in backups if one not in removed]


def test_everything_of_the_last_day_is_kept() -> None:
    backups = [taken(hours) for hours in range(24)]

    assert kept(backups) == backups


def test_one_backup_a_day_is_kept_for_a_month_and_it_is_the_newest() -> None:
    backups = [taken(hours) for hours in range(24 * 29)]

    days = [one.taken_at.date() for one in kept(backups) if NOW - one.taken_at >= ALL_FOR]

    assert len(days) == len(set(days))
    assert 28 <= len(days) <= 29
    newest = [one.taken_at.hour for one in kept(backups) if NOW - one.taken_at >= 2 * ALL_FOR]
    assert set(newest) == {23}


def test_one_backup_a_week_is_kept_for_ever() -> None:
    backups = [taken(hours) for hours in range(24 * 30, 24 * 365, 6)]

    weeks = [one.taken_at.isocalendar()[:2] for one in kept(backups)]

    assert len(weeks) == len(set(weeks))
    assert 48 <= len(weeks) <= 50


def test_backups_before_a_migration_or_a_restore_stay_for_a_month() -> None:
    for reason in (BackupReason.MIGRATION, BackupReason.RESTORE, BackupReason.BY_HAND):
        backups = [taken(24 * 20 + minutes / 60, reason) for minutes in range(5)]
        assert kept(backups) == backups

        old = [taken(24 * 35 + minutes / 60, reason) for minutes in range(5)]
        assert len(kept(old)) == 1


@given(
    st.lists(
        st.builds(
            taken,
            st.floats(-48, 24 * 400).map(lambda hours: round(hours, 2)),
            st.sampled_from(BackupReason),
        ),
        max_size=60,
    ),
    st.lists(st.integers(1, 24 * 40), max_size=6),
)
def test_thinning_again_and_again_never_takes_all_of_a_time(
    backups: list[Backup], pauses: list[int]
) -> None:
    backups = list({one.name: one for one in backups}.values())
    weeks = {one.taken_at.isocalendar()[:2] for one in backups}
    now, left = NOW, backups
    for pause in (0, *pauses):
        now += timedelta(hours=pause)
        left = kept(left, now)
        assert superfluous(left, now) == ()
        protected = {BackupReason.MIGRATION, BackupReason.RESTORE}
        young = [one for one in backups if now - one.taken_at < DAILY_FOR]
        assert all(one in left for one in young if one.reason in protected)
        assert {one.taken_at.isocalendar()[:2] for one in left} == weeks


def test_a_backup_is_due_after_an_hour_also_when_the_clock_was_set_back() -> None:
    assert is_due([], NOW)
    assert not is_due([taken(0.9), taken(5)], NOW)
    assert is_due([taken(1.0)], NOW)
    assert is_due([taken(-3)], NOW)
