"""A run whose process is killed loses nothing that was answered."""

import subprocess
import sys
import time
from pathlib import Path

from core.domain.run import RunStatus
from core.services.evaluation.records import RunRequest
from core.workspace import create_workspace, open_workspace
from tests.factories import make_body, make_key, make_labels
from tests.llm_server import LlmServer, Scripted

QUESTIONS = 30
CONCURRENCY = 4
PROGRAM = """
import sys
from pathlib import Path
from core.services.evaluation.records import Calling, RunRequest
from core.workspace import open_workspace

with open_workspace(Path(sys.argv[1])) as workspace:
    service = workspace.evaluation
    preparation = service.prepare(RunRequest("m", sys.argv[2]))
    service.start(preparation, Calling(concurrency=4))
"""


def filled(path: Path) -> None:
    with create_workspace(path) as workspace:
        me = workspace.people.me().id
        for _ in range(QUESTIONS):
            draft = workspace.authoring.create("single_choice", me).value
            whole = type(draft)(draft.question, make_body(), make_key(), make_labels())
            workspace.authoring.save_draft(whole, me)
            workspace.authoring.commit(draft.question, me)


def test_killed_run_repeats_at_most_the_calls_in_flight(tmp_path: Path) -> None:
    path = tmp_path / "study.asclepius"
    filled(path)
    with LlmServer(Scripted("B", delay_s=0.05)) as server:
        command = [sys.executable, "-c", PROGRAM, str(path), server.base_url]
        process = subprocess.Popen(command, cwd=Path(__file__).parents[3])
        deadline = time.monotonic() + 60
        while len(server.seen) < QUESTIONS // 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        process.kill()
        process.wait()
        asked = len(server.seen)
        assert QUESTIONS // 2 <= asked < QUESTIONS

        with open_workspace(path) as workspace:
            service = workspace.evaluation
            left = service.runs()[0]
            assert left.run.status is RunStatus.RUNNING
            # A call keeps its place until its answer is written.
            assert asked - left.done <= CONCURRENCY
            summary = service.start(service.prepare(RunRequest("m", server.base_url))).value

        assert summary.run.id == left.run.id
        assert summary.done == QUESTIONS
        assert len(server.seen) == asked + QUESTIONS - left.done
