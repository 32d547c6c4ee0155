"""A package that arrives: looked into, opened in the same place again, work counted, merged."""

from pathlib import Path

import pytest

from core.domain.package import PackageKind, is_package
from core.errors import ExchangeError, StorageError
from core.receiving import home_of, place_for_workspaces, receive, safe_name, trust_at
from core.services.baseline import PlanRequest
from core.services.merging.items import Item, ItemKind
from core.services.merging.service import MergeOptions
from core.services.packages.files import Trust
from core.services.packages.look import look_into
from core.services.packages.service import PackageRequest
from core.workspace import open_workspace
from tests.core.services.conftest import study  # noqa: F401 - the fixture
from tests.factories import ticking_clock
from tests.packages_study import answer_all, content, pack, rate_all, read_all, verified
from tests.study import Study

pytestmark = pytest.mark.usefixtures("own_keys")


def test_a_look_says_for_whom_and_how_much_without_a_workspace(study: Study, tmp_path: Path):  # noqa: F811
    study.blinded()
    study.blinded()
    person = study.verifiers[0]
    file = pack(study.workspace, PackageKind.VERIFY, person, tmp_path / "v.asclepius-package")

    look = look_into(file)

    assert (look.addressee, look.questions, look.keys, look.images) == (person.name, 2, 0, 0)
    assert look.facts.sender.name == ""
    assert is_package(file)
    outline = study.workspace.packages.outline(PackageRequest(PackageKind.VERIFY, person.id))
    assert (outline.questions, outline.images) == (2, 0)
    assert outline.size_bytes > 0


def test_the_same_package_again_goes_on_with_the_work(study: Study, tmp_path: Path):  # noqa: F811
    study.blinded()
    person, clock = study.verifiers[0], ticking_clock()
    file = pack(study.workspace, PackageKind.VERIFY, person, tmp_path / "v")
    look = look_into(file)
    folder = home_of(look, tmp_path / "mine")
    assert trust_at(folder, look) is Trust.NEW
    assert receive(look, file, folder, clock=clock) == folder
    with open_workspace(folder, clock=clock) as theirs:
        answer_all(theirs)
        before = content(theirs)

    assert home_of(look, tmp_path / "mine") == folder
    assert trust_at(folder, look) is Trust.KNOWN
    receive(look, file, folder, clock=clock)

    with open_workspace(folder, clock=clock) as theirs:
        assert content(theirs) == before
        assert theirs.limits is PackageKind.VERIFY
        assert theirs.verification.waiting(person.id) == []


def test_the_package_of_keys_opens_where_the_answers_are(study: Study, tmp_path: Path):  # noqa: F811
    study.blinded()
    person, clock, lead = study.verifiers[0], ticking_clock(), study.workspace
    first = pack(lead, PackageKind.VERIFY, person, tmp_path / "v")
    folder = receive(look_into(first), first, home_of(look_into(first), tmp_path / "mine"))
    with open_workspace(folder, clock=clock) as theirs:
        assert not theirs.packages.work(person.id).is_begun
        answer_all(theirs)
        state = theirs.packages.work(person.id)
        assert (state.questions, state.answered, state.rateable, state.unsent) == (1, 1, 0, 1)
        assert state.is_finished
        back = pack(theirs, PackageKind.RETURN, person, tmp_path / "a")
        assert theirs.packages.work(person.id).unsent == 0
        assert theirs.packages.work(person.id).sent_at is not None
    lead.merging.merge([back], study.lead.id)
    keys = pack(lead, PackageKind.RATE, person, tmp_path / "k")

    assert home_of(look_into(keys), tmp_path / "elsewhere", [folder]) == folder
    receive(look_into(keys), keys, folder)
    receive(look_into(first), first, folder)  # an older file takes nothing back

    with open_workspace(folder, clock=clock) as theirs:
        assert theirs.limits is PackageKind.RATE
        assert not theirs.packages.work(person.id).is_finished
        assert len(rate_all(theirs)) == 1
        assert theirs.packages.work(person.id).is_finished


def test_work_that_came_back_has_no_folder_of_its_own(study: Study, tmp_path: Path):  # noqa: F811
    study.blinded()
    person = study.verifiers[0]
    file = pack(study.workspace, PackageKind.VERIFY, person, tmp_path / "v")
    folder = receive(look_into(file), file, tmp_path / "mine.asclepius")
    with open_workspace(folder) as theirs:
        answer_all(theirs)
        back = pack(theirs, PackageKind.RETURN, person, tmp_path / "b")

    with pytest.raises(ExchangeError, match="on its way back"):
        receive(look_into(back), back, tmp_path / "new.asclepius")
    assert not (tmp_path / "new.asclepius").exists()


def test_items_left_out_stay_in_the_file_and_can_come_later(study: Study, tmp_path: Path):  # noqa: F811
    lead, reader = study.workspace, study.reader
    verified(study, 3)
    lead.baseline.make_plan(PlanRequest("Plan", 7, (reader.id,)), study.lead.id)
    file = pack(lead, PackageKind.READ, reader, tmp_path / "read")
    folder = receive(look_into(file), file, tmp_path / "reader.asclepius")
    with open_workspace(folder) as theirs:
        read_all(theirs)
        back = pack(theirs, PackageKind.RETURN, reader, tmp_path / "back")
    before = content(lead)

    lines = lead.merging.preview([back]).items
    sitting = next(one for one in lines if one.item.kind is ItemKind.SITTING)
    assert sitting.name == f"Plan · {reader.name}"
    assert not sitting.is_here
    left = frozenset(one.item for one in lines)
    assert lead.merging.preview([back], MergeOptions(left_out=left)).new == _chain_only(lead, back)
    lead.merging.merge([back], study.lead.id, MergeOptions(left_out=left))
    assert content(lead) == before
    with lead._database.read() as tx:
        assert tx.records.waiting() == []

    lead.merging.merge([back], study.lead.id)
    assert lead.baseline.sittings(reader.id)[0].is_finished
    last = lead.merging.last()
    assert last is not None
    assert (last.names, last.can_undo) == (("back",), True)


def _chain_only(lead, back) -> int:
    preview = lead.merging.preview([back])
    return sum(one.new for one in preview.counts if one.kind.value == "audit")


def test_an_item_takes_along_what_names_it(study: Study, tmp_path: Path):  # noqa: F811
    from tests.packages_study import at, copy_of

    folder = copy_of(study.workspace, tmp_path / "copy.asclepius")
    with at(folder, ticking_clock()) as theirs:
        other = Study(theirs, study.lead, study.author, study.verifiers, study.reader)
        questions = verified(other, 2)
        theirs.baseline.make_plan(PlanRequest("Plan", 7, (study.reader.id,)), study.lead.id)
        file = pack(theirs, PackageKind.WORKSPACE, study.lead, tmp_path / "all")
    lead = study.workspace

    lead.merging.merge(
        [file],
        study.lead.id,
        MergeOptions(left_out=frozenset({Item(ItemKind.QUESTION, questions[0])})),
    )

    assert [one.id for one in lead.authoring.library()] == [questions[1]]
    with lead._database.read() as tx:
        assert tx.records.waiting() == []
    lead.merging.merge([file], study.lead.id)
    assert len(lead.authoring.library()) == 2
    assert lead.integrity.check().problems == ()


def test_looking_around_after_a_merge_does_not_keep_from_undoing_it(study: Study, tmp_path: Path):  # noqa: F811
    from core.services.journal import Unsent

    study.blinded()
    lead, person = study.workspace, study.verifiers[0]
    file = pack(lead, PackageKind.VERIFY, person, tmp_path / "v")
    folder = receive(look_into(file), file, tmp_path / "mine.asclepius")
    with open_workspace(folder) as theirs:
        answer_all(theirs)
        back = pack(theirs, PackageKind.RETURN, person, tmp_path / "b")
    before = content(lead)
    lead.merging.merge([back], study.lead.id)
    lead.analysis.rescore()
    lead.people.set_me(study.author.id)
    lead.journal.write(study.author.id, [Unsent("author.note", "", {"text": "half a word"})])
    assert lead.merging.can_undo()

    lead.merging.undo(study.lead.id)

    assert content(lead) == before
    assert lead.journal.entries(study.author.id) == {("author.note", ""): {"text": "half a word"}}
    assert lead.merging.last() is None


def test_folders_have_names_that_every_system_takes(tmp_path: Path) -> None:
    assert safe_name('Dr. A/B: "C"?') == "Dr. A B C"
    assert safe_name("...") == "work"
    nowhere = tmp_path / "file"
    nowhere.write_text("")
    assert place_for_workspaces(nowhere / "x", tmp_path / "y") == tmp_path / "y"


def test_a_folder_that_cannot_be_made_is_named(study: Study, tmp_path: Path):  # noqa: F811
    study.blinded()
    file = pack(study.workspace, PackageKind.VERIFY, study.verifiers[0], tmp_path / "v")
    (tmp_path / "file").write_text("")

    with pytest.raises(StorageError, match="could not be made"):
        receive(look_into(file), file, tmp_path / "file" / "new.asclepius")
