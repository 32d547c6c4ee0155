"""Merging: previews, conflicts, undo; the same result in every order, however often."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.body import AnswerFormat
from core.domain.ids import QuestionId
from core.domain.package import PackageKind, RecordKind
from core.domain.people import Person, Role
from core.domain.stage import Stage
from core.errors import ConflictError, ExchangeError, WorkflowError
from core.services.baseline import PlanRequest
from core.services.merging.service import Choice, MergeOptions
from core.workspace import Workspace
from tests.factories import make_body, make_key, make_labels, ticking_clock
from tests.packages_study import (
    answer_all,
    at,
    content,
    copy_of,
    opened_for,
    pack,
    read_all,
    verified,
)
from tests.study import Study

pytestmark = pytest.mark.usefixtures("own_keys_of_module")

LATER = ticking_clock().now().replace(hour=12)


def edit(workspace: Workspace, question: QuestionId, person: Person, stem: str) -> None:
    """Commit a new version."""
    draft = workspace.authoring.draft(question)
    body = replace(draft.body, stem=stem)
    workspace.authoring.save_draft(replace(draft, body=body), person.id)
    workspace.authoring.commit(question, person.id, reason=f"Now: {stem}")


def send_all(workspace: Workspace, target: Path) -> Path:
    return pack(workspace, PackageKind.WORKSPACE, workspace.people.me(), target)


@pytest.fixture
def edited(study: Study, tmp_path: Path) -> tuple[Study, QuestionId, Path]:
    """A question that the lead changed here and the author on a copy; the author's file."""
    question = study.committed().question
    folder = copy_of(study.workspace, tmp_path / "author.asclepius")
    with at(folder, ticking_clock(LATER)) as theirs:
        theirs.people.set_me(study.author.id)
        edit(theirs, question, study.author, "What does the second image show?")
        file = send_all(theirs, tmp_path / "theirs")
    edit(study.workspace, question, study.lead, "What does this image show best?")
    return study, question, file


def test_two_edits_of_one_question_become_a_visible_conflict(
    edited: tuple[Study, QuestionId, Path],
) -> None:
    study, question, file = edited
    merging = study.workspace.merging

    preview = merging.preview([file])
    assert [one.question for one in preview.conflicts] == [question]
    assert merging.conflicts() == []
    merging.merge([file], study.lead.id)

    conflict = merging.conflicts()[0]
    assert conflict.base is not None
    assert {conflict.mine.body.stem, conflict.theirs.body.stem} == {
        "What does the second image show?",
        "What does this image show best?",
    }
    assert [(one.field, one.is_contested) for one in conflict.fields] == [("stem", True)]
    assert len(study.workspace.authoring.revisions(question)) == 3
    assert study.workspace.integrity.check().problems == ()


@pytest.mark.parametrize("choice", [Choice.MINE, Choice.THEIRS])
def test_a_choice_settles_a_conflict_by_a_version_with_both_parents(
    edited: tuple[Study, QuestionId, Path], choice: Choice
) -> None:
    study, question, file = edited
    conflict = study.workspace.merging.preview([file]).conflicts[0]

    study.workspace.merging.merge([file], study.lead.id, MergeOptions({question: choice}))

    current = study.workspace.authoring.current(question)
    assert {current.parent, current.merged_parent} == {conflict.mine, *conflict.theirs}
    expected = {Choice.MINE: "this image", Choice.THEIRS: "second image"}[choice]
    assert expected in current.body.stem
    assert study.workspace.merging.conflicts() == []
    assert [one.number for one in study.workspace.authoring.revisions(question)] == [1, 2, 3, 4]


def test_a_settled_conflict_is_settled_for_everybody(
    edited: tuple[Study, QuestionId, Path], tmp_path: Path
) -> None:
    study, question, file = edited
    study.workspace.merging.merge([file], study.lead.id)
    conflict = study.workspace.merging.conflicts()[0]
    third = replace(conflict.mine, body=replace(conflict.mine.body, stem="A third wording?"))
    study.workspace.merging.resolve(question, study.lead.id, third, reason="Both were unclear.")
    back = send_all(study.workspace, tmp_path / "settled")

    with at(tmp_path / "author.asclepius", ticking_clock(LATER)) as theirs:
        theirs.merging.merge([back], study.author.id)

        assert theirs.merging.conflicts() == []
        assert theirs.authoring.current(question).body.stem == "A third wording?"
        assert content(theirs) == content(study.workspace)


def test_a_version_made_beside_an_approval_must_be_approved_itself(
    study: Study, tmp_path: Path
) -> None:
    question = study.committed().question
    folder = copy_of(study.workspace, tmp_path / "author.asclepius")
    with at(folder, ticking_clock(LATER)) as theirs:
        edit(theirs, question, study.author, "A wording that nobody approved?")
        file = send_all(theirs, tmp_path / "theirs")
    study.workspace.blinding.approve(question, study.lead.id)

    study.workspace.merging.merge([file], study.lead.id)

    assert study.workspace.authoring.question(question).stage is Stage.DRAFT
    study.workspace.blinding.approve(question, study.lead.id)
    assert study.workspace.authoring.question(question).stage is Stage.BLINDED


def test_an_approved_version_counts_while_a_conflict_is_open(
    edited: tuple[Study, QuestionId, Path],
) -> None:
    study, question, file = edited
    study.workspace.blinding.approve(question, study.lead.id)
    approved = study.workspace.authoring.current(question)

    study.workspace.merging.merge([file], study.lead.id)

    assert study.workspace.authoring.current(question) == replace(approved, number=3)
    assert study.workspace.authoring.question(question).stage is Stage.BLINDED


def test_merging_again_stores_nothing(edited: tuple[Study, QuestionId, Path]) -> None:
    study, _, file = edited
    study.workspace.merging.merge([file], study.lead.id)
    before = content(study.workspace)
    backups = sorted((study.workspace.path / "backups").iterdir())

    again = study.workspace.merging.merge([file, file], study.lead.id).value

    assert again.new == 0
    assert content(study.workspace) == before
    assert sorted((study.workspace.path / "backups").iterdir()) == backups


def test_a_preview_stores_nothing(edited: tuple[Study, QuestionId, Path]) -> None:
    study, _, file = edited
    before = content(study.workspace)

    preview = study.workspace.merging.preview([file])

    kinds = {one.kind: one for one in preview.counts}
    assert (kinds[RecordKind.REVISION].new, kinds[RecordKind.REVISION].same) == (1, 1)
    assert content(study.workspace) == before


def test_a_merge_is_undone_in_one_step(edited: tuple[Study, QuestionId, Path]) -> None:
    study, _, file = edited
    before = content(study.workspace)
    study.workspace.merging.merge([file], study.lead.id)
    assert content(study.workspace) != before

    study.workspace.merging.undo(study.lead.id)

    assert content(study.workspace) == before
    assert study.workspace.integrity.check().problems == ()
    with pytest.raises(WorkflowError, match="cannot be undone"):
        study.workspace.merging.undo(study.lead.id)


def test_a_merge_is_not_undone_over_later_work(edited: tuple[Study, QuestionId, Path]) -> None:
    study, question, file = edited
    study.workspace.merging.merge([file], study.lead.id)
    draft = study.workspace.authoring.draft(question)
    study.workspace.authoring.save_draft(draft, study.lead.id)

    assert not study.workspace.merging.can_undo()
    with pytest.raises(WorkflowError, match="work was done since"):
        study.workspace.merging.undo(study.lead.id)


def test_records_that_come_too_early_wait_for_what_they_name(study: Study, tmp_path: Path) -> None:
    folder = copy_of(study.workspace, tmp_path / "empty.asclepius")
    study.blinded()
    person = study.verifiers[0]
    file = pack(study.workspace, PackageKind.VERIFY, person, tmp_path / "v")
    with opened_for(file, tmp_path / "v.asclepius", ticking_clock(LATER)) as theirs:
        answer_all(theirs)
        back = pack(theirs, PackageKind.RETURN, person, tmp_path / "back")
    everything = send_all(study.workspace, tmp_path / "all")
    study.workspace.merging.merge([back], study.lead.id)

    with at(folder, ticking_clock(LATER)) as other:
        assert other.merging.merge([back], study.lead.id).value.waiting == 2
        other.merging.merge([everything], study.lead.id)

        assert content(other) == content(study.workspace)
        assert other.authoring.stage_counts()[Stage.IN_VERIFICATION] == 1


def test_a_clock_that_was_wrong_does_not_decide_where_a_question_stands(
    study: Study, tmp_path: Path
) -> None:
    question = study.blinded()
    folder = copy_of(study.workspace, tmp_path / "late.asclepius")
    early = ticking_clock(LATER.replace(year=2001))
    with at(folder, early) as theirs:
        theirs.authoring.return_to_draft(question, study.lead.id, "Unclear.")
        file = send_all(theirs, tmp_path / "theirs")

    study.workspace.merging.merge([file], study.lead.id)

    assert study.workspace.authoring.question(question).stage is Stage.DRAFT


def test_steps_stay_in_their_order_when_the_clock_was_set_back(
    study: Study, tmp_path: Path
) -> None:
    question = study.blinded()
    path = study.workspace.path
    study.workspace.close()
    with at(path, ticking_clock(LATER.replace(year=1999))) as workspace:
        workspace.authoring.return_to_draft(question, study.lead.id, "Unclear.")
        workspace.blinding.approve(question, study.lead.id)

        ends = [one.end for one in workspace.authoring.moves(question)]
        assert ends == [Stage.BLINDED, Stage.DRAFT, Stage.BLINDED]
        assert workspace.integrity.check().problems == ()


def test_a_changed_fact_is_refused(study: Study, tmp_path: Path) -> None:
    import sqlite3
    from contextlib import closing

    question = study.committed().question
    folder = copy_of(study.workspace, tmp_path / "forger.asclepius")
    with closing(sqlite3.connect(folder / "workspace.db")) as plain, plain:
        plain.execute("UPDATE revisions SET reason = 'forged'")
    with at(folder, ticking_clock(LATER)) as theirs:
        file = send_all(theirs, tmp_path / "theirs")
    before = content(study.workspace)

    with pytest.raises(ConflictError, match="another version of a record"):
        study.workspace.merging.merge([file], study.lead.id)

    assert content(study.workspace) == before
    assert study.workspace.authoring.current(question).reason == ""


def test_a_package_to_open_is_not_merged(study: Study, tmp_path: Path) -> None:
    study.blinded()
    file = pack(study.workspace, PackageKind.VERIFY, study.verifiers[0], tmp_path / "v")

    with pytest.raises(ExchangeError, match="not merged but opened"):
        study.workspace.merging.merge([file], study.lead.id)


def test_one_imported_row_on_two_machines_stays_two_questions(study: Study, tmp_path: Path) -> None:
    folder = copy_of(study.workspace, tmp_path / "other.asclepius")
    table = tmp_path / "rows.csv"
    table.write_text("id,stem,format,key\nrow1,Is there air?,yes_no,yes\n", encoding="utf-8")
    with at(folder, ticking_clock(LATER)) as theirs:
        theirs.exchange.import_file(table, study.lead.id)
        file = send_all(theirs, tmp_path / "theirs")
    study.workspace.exchange.import_file(table, study.lead.id)

    study.workspace.merging.merge([file], study.lead.id)

    assert [one.number for one in study.workspace.authoring.library()] == [1, 2]


# --- any order, any repetition -----------------------------------------------------------------


@dataclass(frozen=True)
class Five:
    """A base workspace, the files of five people who worked on copies of it, their merge."""

    base: Path
    files: list[Path]
    expected: bytes


@pytest.fixture(scope="module")
def five(own_keys_of_module: None, tmp_path_factory: pytest.TempPathFactory) -> Five:
    base, files = _worked(tmp_path_factory.mktemp("five"))
    return Five(base, files, merged(base, tmp_path_factory.mktemp("merged"), [files]))


def _worked(place: Path) -> tuple[Path, list[Path]]:
    from core.workspace import create_workspace

    base = place / "base.asclepius"
    with create_workspace(base, clock=ticking_clock()) as workspace:
        people = workspace.people
        verifiers = tuple(
            people.add(f"Demo Verifier {n}", frozenset({Role.VERIFIER})).value for n in (1, 2)
        )
        author = people.add("Demo Author", frozenset({Role.AUTHOR})).value
        reader = people.add("Demo Reader 1", frozenset({Role.READER})).value
        study = Study(workspace, people.me(), author, verifiers, reader)  # type: ignore[arg-type]
        blinded = [study.blinded() for _ in range(3)]
        drafts = [study.committed().question for _ in range(3)]
        verified(study, 2)
        workspace.baseline.make_plan(PlanRequest("Plan", 7, (reader.id,)), study.lead.id)
        sent = [
            pack(workspace, PackageKind.VERIFY, one, place / f"v{n}")
            for n, one in enumerate(verifiers)
        ]
        to_read = pack(workspace, PackageKind.READ, reader, place / "read")
    files = []
    for number, person in enumerate(verifiers):
        with opened_for(sent[number], place / f"v{number}.asclepius", ticking_clock(LATER)) as own:
            answer_all(own)
            files.append(pack(own, PackageKind.RETURN, person, place / f"back{number}"))
    with opened_for(to_read, place / "r.asclepius", ticking_clock(LATER)) as own:
        # The reader sends twice: half-way and at the end.
        for number in range(2):
            read_all(own, at_most=1)
            files.append(pack(own, PackageKind.RETURN, reader, place / f"read{number}"))
    for number in range(3):
        folder = place / f"w{number}.asclepius"
        with at(base, ticking_clock()) as closed:
            copy_of(closed, folder)
        # Clocks hours and years apart, two of them equal.
        start = LATER.replace(year=2026 - 12 * (number == 2))
        with at(folder, ticking_clock(start)) as own:
            me = study.lead if number else study.author
            own.people.set_me(me.id)
            edit(own, drafts[0], study.author, f"Wording of machine {number}?")
            edit(own, drafts[number], me, f"Second wording of machine {number}?")
            if number:
                own.authoring.return_to_draft(blinded[number], study.lead.id, "Unclear.")
                edit(own, blinded[number], study.lead, f"Reworded on machine {number}?")
                own.blinding.approve(blinded[number], study.lead.id)
                # Both machines of the lead change the same things differently.
                own.people.update(replace(study.author, name=f"Demo Author {number}"))
                step = own.authoring.return_to_draft if number == 1 else own.authoring.retire
                step(blinded[0], study.lead.id, f"Machine {number} has a reason.")
            # One deletes what another approves; one takes it out of the bin again.
            if number == 1:
                own.authoring.return_to_draft(blinded[2], study.lead.id, "Unclear.")
                own.bin.delete([blinded[2], drafts[2]], me.id, "Asked twice.")
            elif number == 2:
                own.bin.delete([drafts[1]], me.id)
                own.bin.restore([drafts[1]], me.id)
            new = own.authoring.create(AnswerFormat.YES_NO, me.id).value
            body = make_body(AnswerFormat.YES_NO)
            whole = replace(
                new, body=body, key=make_key(AnswerFormat.YES_NO), labels=make_labels("Urology")
            )
            own.authoring.save_draft(whole, me.id)
            own.authoring.commit(new.question, me.id)
            changed = replace(own.people.me(), specialty=f"Urology {number}")
            own.people.update(changed)
            files.append(send_all(own, place / f"all{number}"))
    return base, files


def merged(base: Path, place: Path, groups: Sequence[Sequence[Path]]) -> bytes:
    with at(base, ticking_clock(LATER)) as closed:
        folder = copy_of(closed, place / f"m{len(list(place.iterdir()))}.asclepius")
    with at(folder, ticking_clock(LATER)) as workspace:
        lead = next(one for one in workspace.people.all() if one.has_role(Role.LEAD))
        workspace.people.set_me(lead.id)
        for group in groups:
            workspace.merging.merge(list(group), lead.id)
        result = content(workspace)
        assert workspace.integrity.check().problems == ()
    return result


@pytest.mark.timeout(600)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_any_order_and_repetition_of_five_files_gives_equal_content(
    five: Five, data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(7)))
    again = data.draw(st.lists(st.integers(0, 6), max_size=4))
    places = [*order, *again]
    cuts = sorted(data.draw(st.sets(st.integers(1, len(places) - 1), max_size=4)))
    groups = [places[a:b] for a, b in pairwise([0, *cuts, len(places)])]
    with TemporaryDirectory() as name:
        some = [[five.files[one] for one in group] for group in groups]
        found = merged(five.base, Path(name), some)
    assert found == five.expected


def test_the_merge_of_five_holds_what_all_of_them_did(five: Five) -> None:
    said = five.expected.decode()

    assert said.count('["derived",') == 11
    assert all(f"Wording of machine {number}?" in said for number in range(3))
    assert said.count('"occasion":"verification"') == 2 * (3 + 2)
    assert said.count('"occasion":"baseline"') == 2
    assert '"name":"Demo Author 1"' in said
    derived = [line for line in said.splitlines() if line.startswith('["derived",')]
    assert sum('"in_bin"' in line for line in derived) == 1  # work outweighed the other one
    assert "Demo Author 2" not in said  # that machine's clock was years behind


@pytest.mark.timeout(600)
@settings(max_examples=6, deadline=None)
@given(order=st.permutations(range(7)), cut=st.integers(1, 6))
def test_merging_through_somebody_else_gives_equal_content(
    five: Five, order: list[int], cut: int
) -> None:
    with TemporaryDirectory() as name:
        place = Path(name)
        with at(five.base, ticking_clock(LATER)) as closed:
            middle = copy_of(closed, place / "middle.asclepius")
        with at(middle, ticking_clock(LATER)) as workspace:
            me = workspace.people.me()
            workspace.merging.merge([five.files[one] for one in order[:cut]], me.id)
            between = send_all(workspace, place / "between")
        rest = [five.files[one] for one in order[cut:]]
        assert merged(five.base, place, [[between], rest]) == five.expected
        assert merged(five.base, place, [rest, [between], rest[:1]]) == five.expected
