"""What merging settles by a rule: which profile counts, which number a new question gets."""

from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from core.domain.package import PackageKind
from core.domain.people import Person, Role
from core.workspace import Workspace
from tests.factories import ticking_clock
from tests.packages_study import answer_all, at, copy_of, opened_for, pack
from tests.study import Study

pytestmark = pytest.mark.usefixtures("own_keys")

LATER = ticking_clock().now().replace(hour=12)


def verifier_in(workspace: Workspace, study: Study) -> Person:
    """Return what a workspace knows of the first verifier."""
    return next(one for one in workspace.people.all() if one.id == study.verifiers[0].id)


def returned_twice(study: Study, place: Path) -> list[Path]:
    """Return what a verifier sent as a urologist, then what they sent as a radiologist."""
    person = study.verifiers[0]
    study.blinded()
    file = pack(study.workspace, PackageKind.VERIFY, person, place / "sent")
    with opened_for(file, place / "v.asclepius", ticking_clock(LATER)) as theirs:
        answer_all(theirs)
        returned = []
        for number, specialty in enumerate(("Urology", "Radiology")):
            theirs.people.update(replace(theirs.people.me(), specialty=specialty))
            returned.append(pack(theirs, PackageKind.RETURN, person, place / f"back{number}"))
    return returned


@pytest.mark.parametrize(
    "groups", [[[0], [1]], [[1], [0]], [[0, 1]], [[1, 0]], [[1], [0, 1]]], ids=str
)
def test_the_newest_profile_counts_in_whatever_order_it_comes(
    study: Study, tmp_path: Path, groups: list[list[int]]
) -> None:
    files = returned_twice(study, tmp_path)

    for group in groups:
        study.workspace.merging.merge([files[one] for one in group], study.lead.id)

    assert verifier_in(study.workspace, study).specialty == "Radiology"


def test_a_profile_changed_here_outlasts_an_older_one_that_comes(
    study: Study, tmp_path: Path
) -> None:
    files = returned_twice(study, tmp_path)
    folder = copy_of(study.workspace, tmp_path / "later.asclepius")

    with at(folder, ticking_clock(LATER.replace(year=LATER.year + 1))) as workspace:
        workspace.people.update(replace(verifier_in(workspace, study), specialty="Surgery"))
        workspace.merging.merge(files, study.lead.id)

        assert verifier_in(workspace, study).specialty == "Surgery"


def test_a_profile_and_a_new_name_that_come_together_both_count(
    study: Study, tmp_path: Path
) -> None:
    files = returned_twice(study, tmp_path)
    folder = copy_of(study.workspace, tmp_path / "named.asclepius")
    with at(folder, ticking_clock(LATER)) as other:
        other.people.update(replace(verifier_in(other, study), name="Demo Verifier 9"))
        named = pack(other, PackageKind.WORKSPACE, study.lead, tmp_path / "named")

    study.workspace.merging.merge([named, files[1]], study.lead.id)

    found = verifier_in(study.workspace, study)
    assert (found.name, found.specialty) == ("Demo Verifier 9", "Radiology")


def test_an_older_profile_does_not_undo_the_person_it_comes_with(
    study: Study, tmp_path: Path
) -> None:
    base = copy_of(study.workspace, tmp_path / "base.asclepius")
    added = study.workspace.people.add("Demo Verifier 3", frozenset({Role.VERIFIER})).value
    known = replace(study, verifiers=(added, *study.verifiers))
    files = returned_twice(known, tmp_path)
    study.workspace.merging.merge(files, study.lead.id)
    everything = pack(study.workspace, PackageKind.WORKSPACE, study.lead, tmp_path / "all")

    with at(base, ticking_clock(LATER)) as workspace:
        workspace.merging.merge([everything, files[0]], study.lead.id)
        assert verifier_in(workspace, known).specialty == "Radiology"


def test_new_questions_get_the_same_free_numbers_in_whatever_order_their_files_come(
    study: Study, tmp_path: Path
) -> None:
    base = copy_of(study.workspace, tmp_path / "base.asclepius")
    files, made = [], []
    for name, count in (("one", 1), ("two", 2), ("three", 3)):
        with at(base, ticking_clock(LATER)) as closed:
            folder = copy_of(closed, tmp_path / f"{name}.asclepius")
        with at(folder, ticking_clock(LATER)) as theirs:
            own = replace(study, workspace=theirs)
            made.append([own.committed().question for _ in range(count)])
            files.append(pack(theirs, PackageKind.WORKSPACE, study.lead, tmp_path / name))
    study.committed()
    (a1,), (b1, b2), (c1, c2, c3) = made

    found = []
    for place, order in enumerate(permutations(files)):
        folder = copy_of(study.workspace, tmp_path / f"merged{place}.asclepius")
        with at(folder, ticking_clock(LATER)) as workspace:
            workspace.merging.merge(list(order), study.lead.id)
            numbers = {line.id: line.number for line in workspace.authoring.library()}
            found.append({one: numbers[one] for some in made for one in some})

    # All machines counted from 1. Here 1 is taken; 2 and 3 stay with the first who had them.
    numbered = [min(b2, c2), c3, *sorted([a1, b1, c1]), max(b2, c2)]
    assert found == [{one: number for number, one in enumerate(numbered, 2)}] * 6
