"""After runs that went well, failed, crashed and were killed, the key is in no file and no text."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.llm_server import LlmServer, Scripted, Seen

ROOT = Path(__file__).parents[2]
KEY = "sk-secret-of-the-test-0123456789"
CRASHES = """
import logging, sys
from pathlib import Path
from core.logs import logged
from core.services.evaluation.records import Calling, RunRequest
from core.workspace import open_workspace
from reviewer_app.crash import describe_crash

class Broken:
    def __init__(self, key):
        self.key = key
    async def ask(self, request):
        raise RuntimeError(f"broken with {self.key}")
    async def close(self):
        pass

with logged(Path(sys.argv[3]), level=logging.DEBUG), open_workspace(Path(sys.argv[1])) as opened:
    service = opened.evaluation
    preparation = service.prepare(RunRequest("m2", sys.argv[2]))
    try:
        service.start(preparation, Calling(make_client=lambda _, key: Broken(key)))
    except RuntimeError as error:
        assert "sk-secret" in str(error)
        logging.getLogger("core").error("%s", describe_crash(error))
        print(describe_crash(error))
"""


def environment(home: Path) -> dict[str, str]:
    names = ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
    return os.environ | {name: str(home) for name in names} | {"ASCLEPIUS_API_KEY": KEY}


def command(home: Path, *words: object) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "core", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=environment(home),
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads the command line in /proc")
def test_key_is_in_no_file_log_crash_report_command_line_or_export(tmp_path: Path) -> None:
    home, path, said = tmp_path / "home", tmp_path / "study.asclepius", []
    home.mkdir()
    table = tmp_path / "q.csv"
    rows = [f"yes/no,Is {number} even?,yes" for number in range(8)]
    table.write_text("\n".join(["format,stem,key", *rows]), encoding="utf-8")

    def echoes(seen: Seen) -> Scripted:
        turn = len(server.seen) % 3
        if turn == 0:
            return Scripted(status=400, error_message=f"no {seen.headers['authorization']}")
        return Scripted(f"Yes, {KEY}" if turn == 1 else "Yes", delay_s=0.05)

    with LlmServer(echoes) as server:
        address = ("--model", "m", "--base-url", server.base_url)
        assert command(home, "new", path)[0] == 0
        assert command(home, "import", path, table)[0] == 0
        words = [sys.executable, "-m", "core", "evaluate", str(path), *address]
        killed = subprocess.Popen(
            [*words, "--concurrency", "1"],
            cwd=ROOT,
            env=environment(home),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while len(server.seen) < 3 and killed.poll() is None:
            time.sleep(0.01)
        said.append(Path(f"/proc/{killed.pid}/cmdline").read_text())
        killed.kill()
        killed.wait()
        said.append(command(home, "evaluate", path, *address)[1])
        said.append(command(home, "endpoints", "--add", "e", *address)[1])
        said.append(command(home, "evaluate", path, "--endpoint", "e", "--json")[1])
        crashed = subprocess.run(
            [sys.executable, "-c", CRASHES, str(path), server.base_url, str(home / "log")],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
            env=environment(home) | {"QT_QPA_PLATFORM": "offscreen"},
        )
        said.append(crashed.stdout + crashed.stderr)
        said.append(command(home, "results", path, "--json")[1])
        out = tmp_path / "set"
        said.append(command(home, "export", path, "--format", "jsonl", "--out", out)[1])

        assert {seen.headers["authorization"] for seen in server.seen} == {f"Bearer {KEY}"}

    assert "RuntimeError" in crashed.stdout
    files = [one for one in tmp_path.rglob("*") if one.is_file()]
    assert len(files) > 5
    assert any(one.name == "asclepius.log" for one in files)
    assert [one for one in files if b"sk-secret" in one.read_bytes()] == []
    assert "sk-secret" not in "".join(said)
