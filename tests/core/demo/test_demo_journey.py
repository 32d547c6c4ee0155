"""The demo as a whole: every stage is there, all is whole, and nothing of others is lost."""

import json
import shutil

import numpy as np
import pytest

from core.demo.journey import run_demo
from core.demo.questions import Goal, load_questions
from core.demo.records import load_records
from core.domain.answer import AnswerState
from core.domain.body import GRADED_FORMATS
from core.domain.media import View
from core.domain.people import Role
from core.domain.revision import content_hash
from core.domain.score import ScoreState
from core.domain.stage import Stage
from core.imaging.samples import sample_bytes
from core.workspace import create_workspace, open_workspace

VERIFIED = [one for one in load_questions() if one.goal in (Goal.VERIFIED, Goal.ADJUDICATED)]


GRADED = [one for one in VERIFIED if one.asked.format in GRADED_FORMATS]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Run the demo once; return its summary, its lines of progress and its folder."""
    folder, said = tmp_path_factory.mktemp("demo") / "new folder", []
    return run_demo(folder, progress=said.append), said, folder


@pytest.fixture
def workspace(made):
    with open_workspace(made[0].workspace) as opened:
        yield opened


def test_every_stage_but_retired_has_questions(made):
    stages = dict(made[0].stages)

    assert stages == {
        "draft": 3,
        "blinded": 1,
        "in_verification": 2,
        "verified": len(VERIFIED),
        "rejected": 1,
        "retired": 0,
    }


def test_workspace_and_export_are_whole(made, workspace):
    summary = made[0]

    assert summary.is_clean
    assert workspace.integrity.check().is_clean
    assert workspace.exchange.verify(summary.export) == []
    assert summary.exported_questions == len(VERIFIED)


def test_progress_tells_each_step(made):
    assert len(made[1]) == 10
    assert any("Verifying" in line for line in made[1])


def test_scores_of_people_and_model_come_with_n_and_interval(made):
    scores = {line.name: line for line in made[0].scores}
    readers = [line for name, line in scores.items() if name.startswith("Demo Reader")]
    runs = [line for name, line in scores.items() if name.startswith("demo-model")]

    assert (len(readers), len(runs)) == (3, 2)
    for line in (*readers, *runs):
        assert (line.n, line.reports) == (len(VERIFIED) - len(GRADED), len(GRADED))
        assert line.accuracy.low < line.accuracy.value < line.accuracy.high
        assert 0.5 < line.accuracy.value < 0.9
    assert runs[0].accuracy.value > runs[1].accuracy.value, "images must help"
    assert scores["Chance"].accuracy.value == pytest.approx(0.278, abs=0.001)
    assert scores["Best constant answer"].accuracy.value > scores["Chance"].accuracy.value


def test_one_reply_is_a_refusal_and_one_cannot_be_read(workspace):
    with_images = workspace.evaluation.runs()[1]

    assert with_images.counts[AnswerState.REFUSED] == 1
    assert with_images.counts[AnswerState.NO_ANSWER] == 1
    assert AnswerState.FAILED not in with_images.counts


def test_demo_replaces_a_former_demo_and_gives_equal_figures(made, tmp_path):
    shutil.copytree(made[2], tmp_path / "copy")
    with open_workspace(tmp_path / "copy" / "demo.asclepius") as former:
        before = {line.id for line in former.authoring.library()}

    again = run_demo(tmp_path / "copy", progress=lambda _: None)

    with open_workspace(again.workspace) as replaced:
        assert not before & {line.id for line in replaced.authoring.library()}
    assert again.scores == made[0].scores
    assert again.agreement == made[0].agreement
    assert again.stages == made[0].stages


def test_summary_lines_align_and_name_what_was_made(made):
    lines = made[0].lines()
    text = "\n".join(lines)
    table = [line for line in lines if line.startswith("  Demo Reader")]

    assert len({line.index(" to ") for line in table}) == 1
    for words in ("Verified", "Gwet's AC1", "Best constant answer", str(made[0].export), "clean"):
        assert words in text
    assert max(map(len, lines[: lines.index("Scores (95 % interval)")])) < 120


def test_summary_can_be_written_as_json(made):
    plain = json.loads(json.dumps(made[0].to_plain()))

    assert plain["check"]["is_clean"] is True
    assert plain["stages"]["verified"] == len(VERIFIED)
    assert len(plain["scores"]) == 8


def test_export_comes_back_equal_by_content_hash(made, workspace, tmp_path):
    with create_workspace(tmp_path / "other.asclepius") as other:
        report = other.exchange.import_file(made[0].export, other.people.me().id).value

        assert (report.added, report.problems) == (len(VERIFIED), ())
        assert _hashes(other, Stage.DRAFT) == _hashes(workspace, Stage.VERIFIED)


def test_painted_areas_are_black_in_what_leaves(workspace):
    lines = {line.stem: line for line in workspace.authoring.library()}
    painted = [one for one in load_questions() if any(image.blackouts for image in one.images)]

    assert len(painted) == 9
    for one in painted:
        for image, use in zip(
            one.images, workspace.authoring.current(lines[one.stem].id).body.images, strict=True
        ):
            shown = workspace.images.open(use.media).frame(0).render(View())
            for area in image.blackouts:
                rows = slice(area.top, area.top + area.height)
                assert np.all(shown[rows, area.left : area.left + area.width] == 0)


def test_patient_name_of_the_header_is_nowhere_in_the_export(made):
    assert b"CompressedSamples" in sample_bytes("JPEG2000.dcm")

    for path in made[0].export.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert b"CompressedSamples" not in data
            assert b"BAPTIST" not in data


def test_people_have_only_their_recorded_roles(workspace):
    roles = {person.name: person.roles for person in workspace.people.all()}

    assert len(roles) == len(load_records().people)
    assert roles["Demo Lead"] == {Role.LEAD, Role.ADJUDICATOR}
    assert workspace.people.me().name == "Demo Lead"


def test_disagreement_waits_on_the_board_and_a_returned_question_has_its_reason(workspace):
    conflicts = [line for line in workspace.adjudication.board() if line.is_complete]
    drafts = workspace.authoring.library(stage=Stage.DRAFT)
    reasons = [move.reason for line in drafts for move in workspace.authoring.moves(line.id)]

    assert [line.is_unanimous for line in conflicts] == [False]
    assert any("picture" in reason for reason in reasons)


def _hashes(workspace, stage):
    found = {}
    for line in workspace.authoring.library(stage=stage):
        current = workspace.authoring.current(line.id)
        found[line.id] = content_hash(current.body, current.key, line.labels)
    return found


def test_every_reader_answered_every_question_and_one_cannot_tell_once(workspace):
    rows = [one for one in workspace.analysis.results().respondents if "Reader" in one.name]

    assert [sum(row.overall.states.values()) for row in rows] == [len(VERIFIED)] * 3
    assert [row.overall.count(ScoreState.NO_ANSWER) for row in rows] == [1, 0, 0]
