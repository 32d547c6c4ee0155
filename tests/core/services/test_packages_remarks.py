"""Flags and comments come back with the answers, once and in any order, and go to nobody else."""

import json
import zipfile
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

import pytest

from core.domain.ids import SittingId
from core.domain.package import PackageKind, Record, RecordKind
from core.domain.people import Person, Role
from core.domain.remark import Said
from core.errors import ExchangeError
from core.packages.schema import check_record
from core.services.baseline import PlanRequest
from core.services.merging.plan import Incoming, require_own
from core.services.packages.files import opened
from core.tasks import CancelToken, ignore_progress
from core.workspace import Workspace
from tests.factories import ticking_clock
from tests.packages_study import at, content, copy_of, opened_for, pack, read_all, verified
from tests.study import Study

pytestmark = pytest.mark.usefixtures("own_keys")

WORDS = "Zinnober: two options can be defended."


@pytest.fixture
def read_file(study: Study, tmp_path: Path) -> Path:
    """A reader's package with two questions."""
    verified(study, 2)
    request = PlanRequest("Plan", 7, (study.reader.id,))
    study.workspace.baseline.make_plan(request, study.lead.id)
    return pack(study.workspace, PackageKind.READ, study.reader, tmp_path / "read")


def begun(workspace: Workspace) -> SittingId:
    me = workspace.people.me().id
    return workspace.baseline.start(workspace.baseline.plans()[0].id, me).value.id


def remark(workspace: Workspace, *, is_flagged: bool | None = None, comment: str | None = None):
    return workspace.baseline.remark(begun(workspace), is_flagged=is_flagged, comment=comment)


def version_of(file: Path) -> int:
    with zipfile.ZipFile(file) as container:
        return int(json.loads(container.read("manifest.json"))["version"])


def whole(file: Path) -> bytes:
    with zipfile.ZipFile(file) as container:
        return b"\0".join(container.read(name) for name in container.namelist())


def words_of(study: Study) -> list[Said]:
    """Return what the lead is told about all questions."""
    remarks, lead = study.workspace.remarks, study.lead.id
    lines = study.workspace.authoring.library()
    return [line.said for one in lines for line in remarks.of_question(one.id, lead).lines]


def test_flags_and_comments_come_back_with_the_answers(
    study: Study, read_file: Path, tmp_path: Path
) -> None:
    with opened_for(read_file, tmp_path / "r.asclepius", ticking_clock()) as theirs:
        remark(theirs, is_flagged=True, comment=WORDS)
        read_all(theirs)
        assert theirs.packages.work(study.reader.id).remarked == 1
        back = pack(theirs, PackageKind.RETURN, study.reader, tmp_path / "back")
    preview = study.workspace.merging.preview([back])
    assert any(RecordKind.REMARK in dict(line.new) for line in preview.items)
    study.workspace.merging.merge([back], study.lead.id)

    (said,) = words_of(study)
    assert (said.is_flagged, said.comment) == (True, WORDS)
    assert study.workspace.merging.merge([back], study.lead.id).value.new == 0
    assert words_of(study) == [said]
    assert study.workspace.integrity.check().problems == ()


def test_a_flag_alone_can_be_sent_and_one_more_counts_as_unsent(
    study: Study, read_file: Path, tmp_path: Path
) -> None:
    with opened_for(read_file, tmp_path / "r.asclepius", ticking_clock()) as theirs:
        assert not theirs.packages.work(study.reader.id).is_begun
        remark(theirs, is_flagged=True)
        assert theirs.packages.work(study.reader.id).is_begun
        pack(theirs, PackageKind.RETURN, study.reader, tmp_path / "back")
        assert theirs.packages.work(study.reader.id).unsent == 0
        remark(theirs, comment=WORDS)
        assert theirs.packages.work(study.reader.id).unsent == 1


def test_a_reply_needs_a_newer_program_only_where_it_holds_remarks(
    study: Study, read_file: Path, tmp_path: Path
) -> None:
    with opened_for(read_file, tmp_path / "r.asclepius", ticking_clock()) as theirs:
        begun(theirs)
        plain = pack(theirs, PackageKind.RETURN, study.reader, tmp_path / "plain")
        remark(theirs, is_flagged=True)
        flagged = pack(theirs, PackageKind.RETURN, study.reader, tmp_path / "flagged")

    assert (version_of(plain), version_of(flagged)) == (1, 3)


def test_own_remarks_go_along_to_a_second_computer(
    study: Study, read_file: Path, tmp_path: Path
) -> None:
    with opened_for(read_file, tmp_path / "r.asclepius", ticking_clock()) as theirs:
        remark(theirs, is_flagged=True, comment=WORDS)
        back = pack(theirs, PackageKind.RETURN, study.reader, tmp_path / "back")
    study.workspace.merging.merge([back], study.lead.id)
    again = pack(study.workspace, PackageKind.READ, study.reader, tmp_path / "again")

    with opened_for(again, tmp_path / "second.asclepius", ticking_clock()) as second:
        page = second.baseline.page(begun(second))
        assert page is not None
        assert (page.said.is_flagged, page.said.comment) == (True, WORDS)


def test_nobody_else_gets_the_words_of_a_reader(study: Study, tmp_path: Path) -> None:
    workspace = study.workspace
    verified(study, 1)
    open_question = study.blinded()
    other = workspace.people.add("Demo Reader 2", frozenset({Role.READER})).value
    request = PlanRequest("Plan", 7, (study.reader.id, other.id))
    plan = workspace.baseline.make_plan(request, study.lead.id).value
    sitting = workspace.baseline.start(plan.id, study.reader.id).value.id
    workspace.baseline.remark(sitting, is_flagged=True, comment=WORDS)
    kinds: list[tuple[PackageKind, Person]] = [
        (PackageKind.READ, other),
        (PackageKind.VERIFY, study.verifiers[0]),
    ]
    for kind, person in kinds:
        blob = whole(pack(workspace, kind, person, tmp_path / kind.value))
        assert WORDS.encode() not in blob
        assert b"is_flagged" not in blob
    folder = tmp_path / "set"
    workspace.exchange.export(folder)

    assert not [one for one in folder.rglob("*") if one.is_file() and b"Zinno" in one.read_bytes()]
    assert WORDS.encode() in whole(
        pack(workspace, PackageKind.WORKSPACE, study.lead, tmp_path / "all")
    )
    assert workspace.authoring.question(open_question).current_revision is not None


@dataclass(frozen=True)
class Devices:
    """The lead's workspace, and what one reader sent from three copies of a sitting."""

    base: Path
    files: list[Path]


@pytest.fixture
def devices(study: Study, read_file: Path, tmp_path: Path) -> Devices:
    clock = ticking_clock()
    first, files = tmp_path / "first.asclepius", []
    with opened_for(read_file, first, clock) as theirs:
        remark(theirs, comment="First thoughts.")
    changes = ({"is_flagged": True}, {"comment": WORDS}, {"is_flagged": False, "comment": ""})
    folders = [copy_of(theirs, tmp_path / f"d{number}.asclepius") for number in range(len(changes))]
    for number, (folder, change) in enumerate(zip(folders, changes, strict=True)):
        with at(folder, ticking_clock(clock.now())) as device:
            for _ in range(number):  # the third is the last to speak
                device.baseline.remark(begun(device), is_flagged=True)
                device.baseline.remark(begun(device), is_flagged=False)
            device.baseline.remark(begun(device), **change)
            files.append(pack(device, PackageKind.RETURN, study.reader, tmp_path / f"b{number}"))
    study.workspace.close()
    return Devices(study.workspace.path, files)


def test_devices_merge_to_the_same_in_every_order(devices: Devices, tmp_path: Path) -> None:
    found = set()
    for number, order in enumerate(permutations(devices.files)):
        folder = tmp_path / f"lead{number}.asclepius"
        with at(devices.base, ticking_clock()) as workspace:
            pass
        with at(copy_of(workspace, folder), ticking_clock()) as lead:
            me = lead.people.me().id
            for file in (*order, order[0]):
                lead.merging.merge([file], me)
            told = [
                line.said
                for one in lead.authoring.library()
                for line in lead.remarks.of_question(one.id, me).lines
            ]
            found.add((content(lead), repr(told)))

    assert len(found) == 1


def test_a_remark_in_the_name_of_somebody_else_is_refused(
    study: Study, read_file: Path, tmp_path: Path
) -> None:
    with opened_for(read_file, tmp_path / "r.asclepius", ticking_clock()) as theirs:
        remark(theirs, is_flagged=True)
        back = pack(theirs, PackageKind.RETURN, study.reader, tmp_path / "back")
    with opened([back], passphrase="", cancel=CancelToken(), progress=ignore_progress) as files:
        incoming = files[0].incoming
    (own,) = incoming.records[RecordKind.REMARK]
    forged = Record(own.kind, own.data | {"reader": study.author.id})

    require_own(incoming)
    with pytest.raises(ExchangeError, match="somebody else"):
        require_own(Incoming(incoming.facts, incoming.records | {RecordKind.REMARK: [forged]}))


@pytest.mark.parametrize(
    "change",
    [
        {"is_flagged": 1},
        {"comment": 3},
        {"comment": "x" * 2001},
        {"is_flagged": None, "comment": None},
        {"noted_at": "yesterday"},
        {"extra": ""},
    ],
)
def test_a_remark_of_another_form_is_refused(change: dict[str, object]) -> None:
    names = ("id", "question", "revision", "sitting", "reader")
    whole_one = dict.fromkeys(names, "x") | {
        "noted_at": "2026-01-05T09:00:00.000000+00:00",
        "is_flagged": True,
        "comment": None,
    }
    assert check_record(RecordKind.REMARK, whole_one).id == "x"

    with pytest.raises(ValueError, match="field"):
        check_record(RecordKind.REMARK, whole_one | change)
