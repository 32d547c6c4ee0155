"""Packages travel in rounds: bodies out, answers back, keys out, verdicts back."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.domain.links import Links
from core.domain.package import PackageKind
from core.domain.stage import Stage
from core.errors import BlindingError, ExchangeError, WorkflowError
from core.services.baseline import PlanRequest
from core.services.merging.service import MergeOptions
from tests.factories import ticking_clock
from tests.packages_study import (
    answer_all,
    at,
    content,
    opened_for,
    pack,
    rate_all,
    read_all,
    verified,
)
from tests.study import Study

pytestmark = pytest.mark.usefixtures("own_keys")


def test_a_question_is_verified_by_two_people_with_files_only(study: Study, tmp_path: Path) -> None:
    lead, clock = study.workspace, ticking_clock()
    question = study.blinded()
    for number, person in enumerate(study.verifiers):
        folder = tmp_path / f"verifier{number}.asclepius"
        bodies = pack(lead, PackageKind.VERIFY, person, tmp_path / f"v{number}.asclepius-package")
        with opened_for(bodies, folder, clock) as theirs:
            assert theirs.people.me().name == person.name
            answer_all(theirs)
            with pytest.raises(BlindingError, match="key of this question is not"):
                theirs.verification.reveal(question, person.id)
            back = pack(theirs, PackageKind.RETURN, person, tmp_path / f"a{number}")
        lead.merging.merge([back], study.lead.id)
        keys = pack(lead, PackageKind.RATE, person, tmp_path / f"k{number}")
        with at(folder, clock) as theirs:
            theirs.packages.fill(keys)
            assert rate_all(theirs) == [question]
            assert theirs.integrity.check().problems == ()
            back = pack(theirs, PackageKind.RETURN, person, tmp_path / f"b{number}")
        preview = lead.merging.merge([back], study.lead.id).value
        assert preview.new > 0
        assert preview.conflicts == ()

    assert lead.authoring.question(question).stage is Stage.IN_VERIFICATION
    line = lead.adjudication.board()[0]
    assert (line.is_complete, line.is_unanimous) == (True, True)
    lead.adjudication.accept([question], study.lead.id)
    assert lead.integrity.check().problems == ()
    assert lead.merging.broken_chains() == []


def test_keys_leave_only_for_answers_that_came_back(study: Study, tmp_path: Path) -> None:
    study.blinded()

    with pytest.raises(WorkflowError, match="nothing to rate"):
        pack(study.workspace, PackageKind.RATE, study.verifiers[0], tmp_path / "keys")


def test_a_reader_works_from_a_file_and_sends_one_back(study: Study, tmp_path: Path) -> None:
    lead, reader = study.workspace, study.reader
    verified(study, 3)
    lead.baseline.make_plan(PlanRequest("Plan", 7, (reader.id,)), study.lead.id)
    file = pack(lead, PackageKind.READ, reader, tmp_path / "read")

    with opened_for(file, tmp_path / "reader.asclepius", ticking_clock()) as theirs:
        assert theirs.packages.limits() is PackageKind.READ
        assert read_all(theirs) == 3
        with pytest.raises(WorkflowError, match="only your own work"):
            pack(theirs, PackageKind.WORKSPACE, reader, tmp_path / "stolen")
        back = pack(theirs, PackageKind.RETURN, reader, tmp_path / "back")
    lead.merging.merge([back], study.lead.id)

    assert lead.baseline.sittings(reader.id)[0].is_finished
    results = lead.integrity.check()
    assert results.problems == ()


def test_a_package_with_a_passphrase_opens_with_it_only(study: Study, tmp_path: Path) -> None:
    study.blinded()
    person, folder = study.verifiers[0], tmp_path / "v.asclepius"
    file = pack(
        study.workspace, PackageKind.VERIFY, person, tmp_path / "v", passphrase="horse battery"
    )
    from core.workspace import open_package

    for wrong, sentence in (("", "protected by a passphrase"), ("horse", "did not open")):
        with pytest.raises(ExchangeError, match=sentence):
            open_package(file, folder, passphrase=wrong)
        assert not folder.exists()
    with open_package(file, folder, passphrase="horse battery") as theirs:
        assert len(theirs.verification.waiting(person.id)) == 1


def test_a_whole_workspace_opens_elsewhere_with_the_same_content(
    study: Study, tmp_path: Path
) -> None:
    from tests.packages_study import content

    verified(study, 2)
    study.committed()
    file = pack(study.workspace, PackageKind.WORKSPACE, study.lead, tmp_path / "all")

    with opened_for(file, tmp_path / "other.asclepius", ticking_clock()) as other:
        assert content(other) == content(study.workspace)
        assert other.integrity.check().problems == ()
        assert other.people.me().name == study.lead.name


def test_somebody_elses_key_is_refused_until_it_is_accepted(study: Study, tmp_path: Path) -> None:
    lead, person = study.workspace, study.verifiers[0]
    study.blinded()
    file = pack(lead, PackageKind.VERIFY, person, tmp_path / "v")
    backs = []
    for number in range(2):
        with opened_for(file, tmp_path / f"{number}.asclepius", ticking_clock()) as theirs:
            answer_all(theirs)
            backs.append(pack(theirs, PackageKind.RETURN, person, tmp_path / f"b{number}"))
        (tmp_path / "data" / "signing" / f"{person.id}.pem").unlink()  # as on another computer
    lead.merging.merge([backs[0]], study.lead.id)

    with pytest.raises(ExchangeError, match="another key than before"):
        lead.merging.merge([backs[1]], study.lead.id)

    lead.merging.merge([backs[1]], study.lead.id, MergeOptions(accepts_new_key=True))


def test_a_second_package_of_a_sender_with_another_key_is_not_opened_until_it_is_accepted(
    study: Study, tmp_path: Path
) -> None:
    lead, person = study.workspace, study.verifiers[0]
    study.blinded()
    first = pack(lead, PackageKind.VERIFY, person, tmp_path / "first")
    study.blinded()
    (tmp_path / "data" / "signing" / f"{study.lead.id}.pem").unlink()  # as on another computer
    second = pack(lead, PackageKind.VERIFY, person, tmp_path / "second")

    with opened_for(first, tmp_path / "theirs.asclepius", ticking_clock()) as theirs:
        for _ in range(2):  # refusing it does not make it known
            with pytest.raises(ExchangeError, match="another key than before"):
                theirs.packages.fill(second)
        assert len(theirs.verification.waiting(person.id)) == 1
        theirs.packages.fill(second, accepts_new_key=True)
        assert len(theirs.verification.waiting(person.id)) == 2


def test_a_package_for_somebody_else_needs_a_workspace_of_its_own(
    study: Study, tmp_path: Path
) -> None:
    lead, (person, other) = study.workspace, study.verifiers
    study.blinded()
    first, second = (
        pack(lead, PackageKind.VERIFY, one, tmp_path / one.name) for one in (person, other)
    )
    whole = pack(lead, PackageKind.WORKSPACE, study.lead, tmp_path / "whole")

    with opened_for(first, tmp_path / "theirs.asclepius", ticking_clock()) as theirs:
        before = content(theirs)
        for file in (second, whole):
            with pytest.raises(ExchangeError, match="for a workspace of its own"):
                theirs.packages.fill(file)
        assert content(theirs) == before


def test_a_package_that_was_opened_before_changes_nothing_any_more(
    study: Study, tmp_path: Path
) -> None:
    lead, person = study.workspace, study.verifiers[0]
    study.blinded()
    first = pack(lead, PackageKind.VERIFY, person, tmp_path / "first")
    study.blinded()
    second = pack(lead, PackageKind.VERIFY, person, tmp_path / "second")

    with opened_for(first, tmp_path / "theirs.asclepius", ticking_clock()) as theirs:
        assert theirs.packages.fill(second).changes.touched
        before = content(theirs)
        assert not theirs.packages.fill(first).changes.touched
        assert not theirs.packages.fill(second).changes.touched
        assert content(theirs) == before
        with theirs._database.read() as tx:
            assert [one.action for one in tx.audit.all()].count("package.opened") == 2


def test_layout_and_links_of_images_reach_verifiers_and_readers_as_they_were_chosen(
    study: Study, tmp_path: Path
) -> None:
    links = Links(scrolls=False, windows=True)
    draft = study.drafted()
    arranged = replace(draft, body=replace(draft.body, layout="1x2", links=links))
    study.workspace.authoring.save_draft(arranged, study.author.id)
    study.workspace.authoring.commit(draft.question, study.author.id)
    study.workspace.blinding.approve(draft.question, study.author.id)
    person = study.verifiers[0]
    bodies = pack(study.workspace, PackageKind.VERIFY, person, tmp_path / "v.asclepius-package")

    with opened_for(bodies, tmp_path / "theirs.asclepius", ticking_clock()) as theirs:
        body = theirs.verification.open(draft.question, person.id).blind.body

    assert (body.layout, body.links) == ("1x2", links)
