"""Judges, samples and gradings between machines: the same result in every order, however often."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.ids import JudgeId
from core.domain.judging import JudgeVerdict, judge_id
from core.domain.package import PackageKind, RecordKind
from core.domain.people import Person, Role
from core.errors import ExchangeError
from core.packages.schema import check_record
from core.services.merging.items import Item, ItemKind
from core.services.merging.plan import Incoming, require_own
from core.services.merging.service import MergeOptions
from core.services.packages.files import opened
from core.tasks import CancelToken, ignore_progress
from core.workspace import Workspace, create_workspace
from tests.factories import ticking_clock
from tests.judging_study import Judged, grader, same_words
from tests.llm_server import LlmServer
from tests.packages_study import at, content, copy_of, pack

pytestmark = pytest.mark.usefixtures("own_keys_of_module")

START = ticking_clock().now()
MACHINES = 4


@dataclass(frozen=True)
class Four:
    """A base workspace and what four people sent who judged and graded on copies of it."""

    base: Path
    files: list[Path]
    expected: bytes
    physicians: tuple[Person, ...]


@pytest.fixture(scope="module")
def four(own_keys_of_module: None, tmp_path_factory: pytest.TempPathFactory) -> Four:
    place = tmp_path_factory.mktemp("four")
    base = place / "base.asclepius"
    with create_workspace(base, clock=ticking_clock()) as workspace:
        judged = Judged(workspace)
        workspace.judging.draw_sample(judged.lead.id, 12, seed=3)
        physicians = judged.physicians
    with LlmServer(grader()) as server:
        files = [_worked(base, place, number, physicians, server) for number in range(MACHINES)]
    expected = merged(base, tmp_path_factory.mktemp("merged"), [files])
    return Four(base, files, expected, physicians)


def _worked(
    base: Path, place: Path, number: int, physicians: tuple[Person, ...], server: LlmServer
) -> Path:
    """Grade or judge on a copy; the clocks of two machines are equal, one is years behind."""
    with at(base, ticking_clock()) as closed:
        folder = copy_of(closed, place / f"w{number}.asclepius")
    start = START.replace(year=START.year - 5 * (number == 2), hour=12)
    with at(folder, ticking_clock(start)) as own:
        if number < len(physicians):
            me = physicians[number]
            own.people.set_me(me.id)
            grade(own, me, at_most=12 - 2 * number)
            return pack(own, PackageKind.RETURN, me, place / f"back{number}")
        lead = next(one for one in own.people.all() if one.has_role(Role.LEAD))
        own.people.set_me(lead.id)
        grade(own, lead, at_most=12)
        # Both machines of the lead set up the same judge; one has another one, too.
        for name in ("gpt-judge", *(["other-judge"] if number == 3 else [])):
            judging = own.judging
            spec = Judged.request(None, server, llm=name)  # type: ignore[arg-type]
            judge = judging.start(judging.prepare(spec)).value.judge.id
            judging.decide(judge, lead.id, JudgeVerdict.ACCEPTED)
        if number == 2:
            judging.decide(judge, lead.id, JudgeVerdict.WITHDRAWN)  # years before the other's word
        if number == 3:
            own.judging.decide(
                judge_id(judging.prepare(spec).spec), lead.id, JudgeVerdict.WITHDRAWN
            )
            own.judging.draw_sample(lead.id, 5, seed=9)
        return pack(own, PackageKind.WORKSPACE, lead, place / f"all{number}")


def grade(workspace: Workspace, person: Person, *, at_most: int) -> None:
    for task in workspace.judging.tasks(person.id)[:at_most]:
        reference = "\n".join((task.reference, *task.variants))
        met = [same_words(one.text, reference, task.text) for one in task.rubric.points]
        workspace.judging.grade(person.id, task.answer, met, comment="by hand")


def merged(base: Path, place: Path, groups: list[list[Path]]) -> bytes:
    with at(base, ticking_clock()) as closed:
        folder = copy_of(closed, place / f"m{len(list(place.iterdir()))}.asclepius")
    with at(folder, ticking_clock(START.replace(hour=20))) as workspace:
        me = workspace.people.me().id
        for group in groups:
            workspace.merging.merge(group, me)
        # The study was stored past the services, so its versions are in no audit trail.
        problems = [one.sentence for one in workspace.integrity.check().problems]
        assert all("does not know revision" in one for one in problems)
        return content(workspace) + _figures(workspace)


def _figures(workspace: Workspace) -> bytes:
    """What screens say of judges; it follows from the records."""
    judging = workspace.judging
    said = [
        (
            one.judge.spec.name,
            one.graded,
            one.is_accepted,
            judging.agreement(one.judge.id).statement,
        )
        for one in judging.judges()
    ]
    sample = judging.sample()
    return json.dumps([sorted(said), sample and sample.answers]).encode()


@pytest.mark.timeout(600)
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_any_order_and_repetition_of_four_files_gives_equal_content_and_figures(
    four: Four, data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(MACHINES)))
    again = data.draw(st.lists(st.integers(0, MACHINES - 1), max_size=3))
    places = [*order, *again]
    cut = data.draw(st.integers(1, len(places) - 1))
    groups = [[four.files[one] for one in part] for part in (places[:cut], places[cut:])]
    with TemporaryDirectory() as name:
        assert merged(four.base, Path(name), groups) == four.expected


def test_merge_brings_judges_gradings_sample_and_decisions_together(
    four: Four, tmp_path: Path
) -> None:
    with at(four.base, ticking_clock()) as closed:
        folder = copy_of(closed, tmp_path / "m.asclepius")
    with at(folder, ticking_clock(START.replace(hour=20))) as workspace:
        me = workspace.people.me().id
        preview = workspace.merging.merge(four.files, me).value
        judging = workspace.judging

        judges = {one.judge.spec.llm: one for one in judging.judges()}
        assert set(judges) == {"gpt-judge", "other-judge"}
        assert judges["gpt-judge"].graded == 12
        assert judges["gpt-judge"].is_accepted
        assert not judges["other-judge"].is_accepted, "withdrawn after it was accepted"
        found = judging.agreement(judges["gpt-judge"].judge.id)
        assert found.physicians == 3
        sample = judging.sample()
        assert sample is not None
        assert sample.seed == 9, "the one drawn last counts"
        counts = {one.kind: one.new for one in preview.counts}
        assert (counts[RecordKind.JUDGE], counts[RecordKind.GRADING_SAMPLE]) == (2, 1)
        assert counts[RecordKind.JUDGE_DECISION] == 5
        assert len(judging.gradings(judges["gpt-judge"].judge.id, sample.answers[0])) == 4
        assert workspace.merging.merge(four.files, me).value.new == 0


def test_judge_can_be_left_in_its_file_with_all_it_said(four: Four, tmp_path: Path) -> None:
    with at(four.base, ticking_clock()) as closed:
        folder = copy_of(closed, tmp_path / "m.asclepius")
    with at(folder, ticking_clock(START.replace(hour=20))) as workspace:
        lines = workspace.merging.preview([four.files[3]]).items
        titles = {one.item.kind: one.name for one in lines}
        assert titles[ItemKind.SAMPLE] == "5"
        left = frozenset(one.item for one in lines if one.item.kind is ItemKind.JUDGE)
        assert len(left) == 2

        workspace.merging.merge(
            [four.files[3]], workspace.people.me().id, MergeOptions({}, left_out=left)
        )

        assert workspace.judging.judges() == []
        assert workspace.judging.sample() is not None
        assert {one.kind for one in left} == {ItemKind.JUDGE}
        assert Item(ItemKind.PERSON, "nobody") not in left


def test_gradings_of_an_answer_that_is_not_here_yet_wait_for_it(four: Four, tmp_path: Path) -> None:
    with create_workspace(tmp_path / "empty.asclepius", clock=ticking_clock()) as empty:
        me = empty.people.me().id

        early = empty.merging.merge([four.files[0]], me).value
        assert early.waiting >= 12
        empty.merging.merge([four.files[3]], me)

        said = empty.judging.agreement(empty.judging.judges()[0].judge.id)
        assert said.physicians == 2


def test_return_tells_what_was_graded_and_when_it_was_sent(four: Four, tmp_path: Path) -> None:
    me = four.physicians[0]
    with at(four.base, ticking_clock()) as closed:
        folder = copy_of(closed, tmp_path / "m.asclepius")
    with at(folder, ticking_clock(START.replace(hour=20))) as own:
        own.people.set_me(me.id)
        assert not own.packages.work(me.id).is_begun
        grade(own, me, at_most=2)
        before = own.packages.work(me.id)
        pack(own, PackageKind.RETURN, me, tmp_path / "back")
        after = own.packages.work(me.id)

    assert (before.graded, before.unsent, before.is_begun) == (2, 2, True)
    assert after.unsent == 0


def test_nobody_can_send_the_gradings_of_others(four: Four) -> None:
    with opened(
        [four.files[0]], passphrase="", cancel=CancelToken(), progress=ignore_progress
    ) as files:
        sent = files[0].incoming
        foreign = [
            replace(one, data=one.data | {"person": four.physicians[1].id})
            for one in sent.records[RecordKind.GRADING]
        ]
        require_own(sent)
        with pytest.raises(ExchangeError, match="somebody else"):
            require_own(Incoming(sent.facts, sent.records | {RecordKind.GRADING: foreign}))


@pytest.fixture
def grading(four: Four) -> dict[str, object]:
    with opened(
        [four.files[0]], passphrase="", cancel=CancelToken(), progress=ignore_progress
    ) as files:
        return dict(files[0].incoming.records[RecordKind.GRADING][0].data)


@pytest.mark.parametrize(
    "wrong",
    [
        {"person": None},
        {"judge": "judge-1"},
        {"met": []},
        {"met": [1]},
        {"met": [True] * 40},
        {"state": "failed"},
        {"state": "right"},
        {"rubric": {"points": [], "all_or_nothing": True}, "met": []},
        {
            "rubric": {"points": [{"text": "x", "weight": -1}], "all_or_nothing": True},
            "met": [True],
        },
        {"rubric": {"points": [{"text": 3, "weight": 1}], "all_or_nothing": True}, "met": [True]},
        {"rubric": 3},
        {"details": {"a": [1]}},
        {"graded_at": "today"},
        {"more": 1},
    ],
)
def test_grading_that_is_none_is_refused(
    grading: dict[str, object], wrong: dict[str, object]
) -> None:
    check_record(RecordKind.GRADING, dict(grading))

    with pytest.raises(ValueError, match="field"):
        check_record(RecordKind.GRADING, grading | wrong)


def judge_in(file: Path) -> dict[str, object]:
    with opened([file], passphrase="", cancel=CancelToken(), progress=ignore_progress) as files:
        return dict(files[0].incoming.records[RecordKind.JUDGE][0].data)


@pytest.mark.parametrize("wrong", [{"spec_hash": "0" * 64}, {"spec": {}}, {"spec": 3}, {"id": ""}])
def test_judge_that_is_none_is_refused(four: Four, wrong: dict[str, object]) -> None:
    judge = judge_in(four.files[3])
    check_record(RecordKind.JUDGE, dict(judge))

    with pytest.raises(ValueError, match="field"):
        check_record(RecordKind.JUDGE, judge | wrong)


@pytest.mark.parametrize(
    "change",
    [
        {"repeats": 0},
        {"repeats": True},
        {"llm": 3},
        {"temperature": "0"},
        {"sees_images": 1},
        {"unknown": 1},
        {"api": 1},
    ],
)
def test_judge_with_an_odd_specification_is_refused(four: Four, change: dict[str, object]) -> None:
    judge = judge_in(four.files[3])
    spec = dict(judge["spec"]) | change  # type: ignore[call-overload]

    with pytest.raises(ValueError, match="field"):
        check_record(RecordKind.JUDGE, judge | {"spec": spec})


def test_one_judge_set_up_by_an_older_program_twice_is_two_judges_after_merging(
    four: Four, tmp_path: Path
) -> None:
    """Their ids were drawn by chance; both keep what they said, and the older one goes on."""
    import sqlite3
    from contextlib import closing

    with at(four.base, ticking_clock()) as closed:
        first, second = (copy_of(closed, tmp_path / f"{n}.asclepius") for n in (1, 2))
    with LlmServer(grader()) as server:
        files = []
        for number, folder in enumerate((first, second)):
            with at(folder, ticking_clock(START.replace(hour=12 + number))) as own:
                request = Judged.request(None, server)  # type: ignore[arg-type]
                own.judging.start(own.judging.prepare(request))
            with closing(sqlite3.connect(folder / "workspace.db")) as plain, plain:
                plain.execute(
                    "UPDATE gradings SET judge = ? WHERE judge IS NOT NULL", [f"old{number}"]
                )
                plain.execute("UPDATE judges SET id = ?", [f"old{number}"])
        with at(second, ticking_clock(START.replace(hour=15))) as own:
            files.append(pack(own, PackageKind.WORKSPACE, own.people.me(), tmp_path / "sent"))
        with at(first, ticking_clock(START.replace(hour=16))) as workspace:
            workspace.merging.merge(files, workspace.people.me().id)

            assert {one.judge.id for one in workspace.judging.judges()} == {"old0", "old1"}
            again = workspace.judging.prepare(Judged.request(None, server))  # type: ignore[arg-type]
            assert again.calls == ()
            assert workspace.judging.summary(JudgeId("old1")).graded == 12
