"""Any flipped byte is named; what backups, packages and folders still hold is restored."""

import json
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from core.cli import main
from core.db.salvage import MUTABLE
from core.db.tables.all import METADATA
from core.domain.people import Role
from core.errors import CoreError, StorageError
from core.repairing import repair_workspace
from core.services.integrity.service import CheckReport
from core.services.outside import check_outside
from core.workspace import Workspace, create_workspace, open_workspace
from tests.factories import ticking_clock
from tests.study import Study

FLIPS = 60


def fill(workspace: Workspace, *, questions: int = 6) -> Study:
    people = workspace.people
    study = Study(
        workspace,
        people.me(),
        people.add("Demo Author", frozenset({Role.AUTHOR})).value,
        (
            people.add("Demo Verifier 1", frozenset({Role.VERIFIER})).value,
            people.add("Demo Verifier 2", frozenset({Role.VERIFIER})).value,
        ),
        people.add("Demo Reader 1", frozenset({Role.READER})).value,
    )
    ids = [study.blinded() for _ in range(questions)]
    study.drafted(image="CT_small.dcm")
    for one in ids:
        for verifier in study.verifiers:
            study.verify(one, verifier)
    workspace.adjudication.accept(ids, study.lead.id)
    return study


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed workspace with one backup before some of its work, and an exported set."""
    folder = tmp_path_factory.mktemp("made")
    with create_workspace(folder / "a.asclepius", clock=ticking_clock()) as workspace:
        study = fill(workspace)
        workspace.backups.make()
        later = study.blinded()
        study.verify(later, study.verifiers[0])
        workspace.exchange.export(folder / "set")
    return folder


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made / "a.asclepius", tmp_path / "a.asclepius"))


def check(path: Path) -> CheckReport:
    with open_workspace(path, read_only=True) as workspace:
        return workspace.integrity.check()


def is_named(path: Path) -> bool:
    """Tell whether the check, or opening already, says in a sentence that something is wrong."""
    try:
        return not check(path).is_clean
    except StorageError:
        return True


def flip(file: Path, place: int, bits: int) -> Callable[[], None]:
    """Flip bits of one byte and return what puts it back."""
    before = file.read_bytes()
    data = bytearray(before)
    data[place] ^= bits
    file.write_bytes(data)
    return lambda: file.write_bytes(before) and None


def backup_file(path: Path, suffix: str) -> Path:
    return next((path / "backups").glob(f"*{suffix}"))


def files_of(path: Path) -> dict[str, Path]:
    return {
        "database": path / "workspace.db",
        "seal": path / "seal",
        "media": next((path / "media").glob("??/*")),
        "backup": backup_file(path, ".db"),
        "facts": backup_file(path, ".json"),
    }


def count(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path / "workspace.db")) as plain:
        return int(plain.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_the_untouched_workspace_is_clean(path: Path, made: Path) -> None:
    assert check(path).problems == ()
    assert check(path).counts["backups"] == 1
    assert check_outside(made / "set") == []


@pytest.mark.parametrize("kind", ["database", "seal", "media", "backup", "facts"])
def test_any_flipped_byte_of_a_closed_workspace_is_named(path: Path, kind: str) -> None:
    file = files_of(path)[kind]
    chance = random.Random(20260105)
    size = file.stat().st_size
    for _ in range(FLIPS if kind == "database" else FLIPS // 3):
        put_back = flip(file, chance.randrange(size), chance.randrange(1, 256))
        assert is_named(path)
        put_back()
    assert check(path).is_clean


def test_any_flipped_byte_of_an_exported_set_is_named(made: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(made / "set", tmp_path / "set"))
    files = sorted(one for one in folder.rglob("*") if one.is_file())
    chance = random.Random(20260105)
    for _ in range(FLIPS):
        file = chance.choice(files)
        put_back = flip(file, chance.randrange(file.stat().st_size), chance.randrange(1, 256))
        assert check_outside(folder), file.name
        put_back()
    assert check_outside(folder) == []


def rows(path: Path) -> dict[str, object]:
    with closing(sqlite3.connect(f"file:{path / 'workspace.db'}?mode=ro", uri=True)) as plain:
        plain.text_factory = bytes
        return {name: _rows(plain, name) for name in METADATA.tables}


def _rows(plain: sqlite3.Connection, name: str) -> object:
    try:
        return plain.execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall()
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        return str(error)


def test_without_a_seal_every_change_of_what_never_changes_is_named(path: Path) -> None:
    """A program that was killed leaves no seal; then rows, chains and the backup tell."""
    with open_workspace(path) as workspace:
        workspace.backups.make()
    (path / "seal").unlink()
    file, before = path / "workspace.db", rows(path)
    chance = random.Random(7)
    size, named, changed = file.stat().st_size, 0, 0
    for _ in range(2 * FLIPS):
        put_back = flip(file, chance.randrange(size), chance.randrange(1, 256))
        now = rows(path)
        touched = {name for name in before if before[name] != now[name]}
        is_told = is_named(path)
        assert is_told or touched <= MUTABLE | {"library_lines", "media"}, touched
        changed += bool(touched)
        named += bool(touched) and is_told
        put_back()
    print(f"{2 * FLIPS} flips, {changed} changed a row, {named} of them named")
    assert named >= 0.8 * changed > 8


def test_a_changed_answer_is_told_by_the_backup(path: Path) -> None:
    (path / "seal").unlink()
    with closing(sqlite3.connect(path / "workspace.db")) as plain, plain:
        plain.execute("UPDATE verifications SET verdict = 'reject' WHERE rowid = 1")

    told = [one for one in check(path).problems if "newest backup" in one.sentence]

    assert [one.where for one in told] == ["question 1"]
    assert told[0].sentence.startswith("Verification ")


def test_after_a_restore_what_was_given_up_is_no_contradiction(path: Path) -> None:
    with open_workspace(path) as workspace:
        (first,) = workspace.backups.all()
        workspace.backups.restore(first, workspace.people.me().id)
        lead = workspace.people.me()
        workspace.people.add("Demo Reader 7", frozenset({Role.READER}))
        assert lead
    assert check(path).problems == ()


@pytest.mark.parametrize(
    ("damage", "table"),
    [
        ("UPDATE answers SET answered_at = 'yesterday' WHERE rowid = 2", "answers"),
        ("UPDATE answers SET response = '{' WHERE rowid = 2", "answers"),
        ("UPDATE people SET roles = '[ ' WHERE rowid = 2", "people"),
        ("UPDATE label_records SET labels = '[ '", "label_records"),
        ("UPDATE questions SET stage = x'ff' WHERE rowid = 2", "questions"),
        ("UPDATE questions SET stage = 'dragt' WHERE rowid = 2", "questions"),
        ("UPDATE people SET roles = '[\"leae\"]' WHERE rowid = 2", "people"),
        ("UPDATE answers SET state = 'answeree' WHERE rowid = 2", "answers"),
    ],
)
def test_rows_without_valid_values_are_named(path: Path, damage: str, table: str) -> None:
    with closing(sqlite3.connect(path / "workspace.db")) as plain, plain:
        assert plain.execute(damage).rowcount > 0

    assert f"table {table}" in [one.where for one in check(path).problems]


def test_a_changed_step_through_the_stages_is_named(path: Path) -> None:
    with closing(sqlite3.connect(path / "workspace.db")) as plain, plain:
        plain.execute("UPDATE stage_moves SET reason = 'another' WHERE rowid = 1")

    assert ("question 1", "A step through its stages was changed.") in [
        (one.where, one.sentence) for one in check(path).problems
    ]


def test_a_whole_workspace_needs_no_repair(path: Path) -> None:
    before = count(path, "audit_events")

    report = repair_workspace(path)

    assert report.done == ()
    assert report.left.is_clean
    assert count(path, "audit_events") == before


def break_pages(path: Path, table: str, *, how_many: int = 1) -> None:
    """Overwrite leaf pages of a table with nonsense."""
    file = path / "workspace.db"
    with closing(sqlite3.connect(file)) as plain:
        size = plain.execute("PRAGMA page_size").fetchone()[0]
        root = plain.execute(
            "SELECT rootpage FROM sqlite_master WHERE type = 'table' AND name = ?", [table]
        ).fetchone()[0]
    data = bytearray(file.read_bytes())
    pages = [root]
    start = (root - 1) * size
    if data[start] == 5:  # an interior page: its children are named by the cells
        cells = int.from_bytes(data[start + 3 : start + 5], "big")
        offsets = [
            int.from_bytes(data[start + 12 + 2 * one : start + 14 + 2 * one], "big")
            for one in range(cells)
        ]
        pages = [int.from_bytes(data[start + one : start + one + 4], "big") for one in offsets]
    for page in pages[:how_many]:
        data[(page - 1) * size : page * size] = b"\xaa" * size
    file.write_bytes(data)


def test_a_broken_page_is_repaired_from_the_backup_and_newer_work_is_saved(path: Path) -> None:
    answers, verifications = count(path, "answers"), count(path, "verifications")
    break_pages(path, "revision_keys")
    assert is_named(path)

    report = repair_workspace(path)

    assert "put together anew from the backup" in report.done[0]
    assert any("in “answers”: 1." in one for one in report.done)
    assert any("Not everything was saved of “revision_keys”" in one for one in report.done)
    assert count(path, "answers") == answers
    assert count(path, "verifications") == verifications
    left = [one.sentence for one in report.left.problems]
    assert all("has no key" in one or "differs" in one for one in left)
    kept = backup_file(path, ".damaged")
    assert any(kept.name in one for one in report.done)
    with closing(sqlite3.connect(path / "workspace.db")) as plain:
        last = plain.execute(
            "SELECT action FROM audit_events ORDER BY sequence DESC LIMIT 1"
        ).fetchone()
    assert last == ("workspace.repaired",)


def test_a_changed_row_is_put_right_from_the_backup(path: Path) -> None:
    with closing(sqlite3.connect(path / "workspace.db")) as plain, plain:
        plain.execute("UPDATE verifications SET verdict = 'reject' WHERE rowid = 1")

    report = repair_workspace(path)

    assert report.left.is_clean
    with closing(sqlite3.connect(path / "workspace.db")) as plain:
        assert plain.execute("SELECT verdict FROM verifications WHERE rowid = 1").fetchone() == (
            "accept",
        )


@pytest.mark.parametrize("damage", ["header", "nothing", "half"])
def test_a_file_that_is_no_database_any_more_is_replaced_by_the_backup(
    path: Path, damage: str
) -> None:
    file = path / "workspace.db"
    data = file.read_bytes()
    file.write_bytes(
        {
            "header": b"\xff" * 4096 + data[4096:],
            "nothing": b"\x01" * 100,
            "half": data[: len(data) // 2],
        }[damage]
    )

    report = repair_workspace(path)

    assert report.left.is_clean, report.left.problems
    with open_workspace(path) as workspace:
        assert len(workspace.authoring.library()) >= 7


def test_without_a_backup_what_can_be_read_is_kept(path: Path) -> None:
    shutil.rmtree(path / "backups")
    answers = count(path, "answers")
    break_pages(path, "scores")
    with closing(sqlite3.connect(path / "workspace.db")) as plain, plain:
        plain.execute("UPDATE people SET roles = '[ ' WHERE name = 'Demo Reader 1'")

    report = repair_workspace(path)

    assert report.done[0].startswith("There is no whole backup")
    assert count(path, "answers") == answers
    assert count(path, "people") == 4


def test_random_damage_of_the_database_is_repaired_or_told_and_never_crashes(path: Path) -> None:
    original = path / "workspace.db"
    whole = original.read_bytes()
    questions = count(path, "questions")
    chance = random.Random(11)
    for _ in range(12):
        data = bytearray(whole)
        start = chance.randrange(len(data) - 600)
        data[start : start + 600] = chance.randbytes(600)
        original.write_bytes(data)
        try:
            report = repair_workspace(path)
        except CoreError as error:
            raise AssertionError(str(error)) from error
        if report.done:
            assert count(path, "questions") >= questions - 1
        for one in (*(path / "backups").glob("*.damaged*"), path / "seal"):
            one.unlink(missing_ok=True)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE audit_events SET person = 'somebody' WHERE sequence = 3",
        "UPDATE audit_events SET hash = 'x' || substr(hash, 2) WHERE sequence = 4",
        "DELETE FROM audit_events WHERE sequence = 5",
        "DELETE FROM verifications WHERE rowid = 1",
        "UPDATE questions SET stage = 'draft' WHERE number = 1",
        "UPDATE bodies SET content = replace(content, 'a', 'b') WHERE rowid = 1",
    ],
)
def test_records_and_audit_events_that_the_backup_holds_are_repaired(
    path: Path, damage: str
) -> None:
    later = count(path, "audit_events")
    with closing(sqlite3.connect(path / "workspace.db")) as plain, plain:
        assert plain.execute(damage).rowcount == 1
    assert not check(path).is_clean

    report = repair_workspace(path)

    assert report.done
    assert report.left.is_clean
    assert count(path, "audit_events") >= later
    assert count(path, "verifications") == 2 * 6 + 1


def test_an_event_that_no_backup_holds_is_told_and_what_follows_it_is_kept(path: Path) -> None:
    last = count(path, "audit_events")
    with closing(sqlite3.connect(path / "workspace.db")) as plain, plain:
        plain.execute("UPDATE audit_events SET person = 'x' WHERE sequence = ?", [last - 1])
    before = rows(path)

    report = repair_workspace(path)

    assert report.done == ()
    assert [one.where for one in report.left.problems] == ["audit trail"]
    assert rows(path) == before
    assert not list((path / "backups").glob("*.damaged"))


def test_a_lost_image_comes_back_from_an_exported_set_a_workspace_or_a_package(
    path: Path, made: Path, tmp_path: Path
) -> None:
    (file,) = (path / "media").glob("??/*")
    data = file.read_bytes()
    packed = tmp_path / "sent.zip"
    import zipfile

    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("media/anything", data)
    for source in (made / "a.asclepius", packed):
        file.write_bytes(data[:-1] + b"\x00\x01")
        assert is_named(path)
        report = repair_workspace(path, sources=[tmp_path / "nothing", source])
        assert report.left.is_clean
        assert any("was brought back from" in one for one in report.done)
        assert any("There is no " in one for one in report.done)
        assert file.read_bytes() == data
    file.unlink()
    report = repair_workspace(path)
    assert not report.left.is_clean
    assert any("could not be brought back" in one for one in report.done)


def test_nobody_repairs_what_somebody_has_open(path: Path) -> None:
    with closing(sqlite3.connect(path / "workspace.db")) as plain, plain:
        plain.execute("UPDATE label_records SET labels = '[ '")
    with open_workspace(path), pytest.raises(StorageError, match="already open for writing"):
        repair_workspace(path)


def test_the_command_names_repairs_and_says_what_is_left(
    path: Path, made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    break_pages(path, "verifications")
    assert main(["check", str(path)]) == 1
    said = capsys.readouterr()
    assert said.err.count("\n") == 1

    assert main(["check", str(path), "--repair", "--json"]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert plain["is_clean"]
    assert any("put together anew" in one for one in plain["done"])
    assert main(["check", str(path)]) == 0
    assert main(["check", str(made / "set")]) == 0
    assert "is as it was written" in capsys.readouterr().out


def test_a_damaged_package_is_named_by_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "sent.asclepius-package"
    file.write_bytes(b"PK no package")

    assert main(["check", str(file)]) == 1
    assert capsys.readouterr().err.count("\n") == 1
