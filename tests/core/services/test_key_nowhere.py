"""The key of an endpoint is in no file, log, crash report, command line or export."""

import io
import logging
import sys
import zipfile
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.cli import main
from core.domain.body import AnswerFormat
from core.domain.package import PackageKind
from core.errors import CoreError
from core.llm.client import Api
from core.services.evaluation.calls import offered_models
from core.services.evaluation.profiles import EndpointProfile, EndpointProfiles
from core.services.evaluation.records import Calling, RunRequest
from reviewer_app.crash import describe_crash
from tests.batch_server import BatchServer, answers_b
from tests.llm_server import LlmServer, Scripted, in_turn
from tests.packages_study import pack
from tests.study import Study

KEY = "sk-very-secret-0123456789"
ECHO = (
    Scripted(f"B, said {KEY}"),
    Scripted(status=400, error_message=f"bad {KEY}"),
    Scripted(None, refusal=f"No, {KEY}."),
    Scripted("B", thinking=f"My key is {KEY}."),
)
CALLING = Calling(api_key=KEY, timeout_s=5, concurrency=1)


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what the user's folders would hold in a folder of the test."""
    monkeypatch.setattr("core.paths.data_folder", lambda: tmp_path / "user")
    monkeypatch.setattr("core.paths.endpoints_file", lambda: tmp_path / "user" / "e.json")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")


def everything_under(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield each file, and each member of those that are archives."""
    for path in folder.rglob("*"):
        if not path.is_file():
            continue
        data = path.read_bytes()
        yield path.name, data
        if zipfile.is_zipfile(io.BytesIO(data)):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                yield from ((f"{path.name}/{one}", archive.read(one)) for one in archive.namelist())


def spoken(data: bytes) -> bool:
    """Tell whether bytes hold the key, plain, in UTF-16 or in base64 at any offset."""
    plain = KEY.encode()
    forms = [plain, KEY.encode("utf-16-le"), KEY.encode("utf-16-be")]
    forms += [b64encode(b"x" * shift + plain)[4:-4] for shift in range(3)]
    return any(form in data for form in forms)


def ask_in_every_way(study: Study) -> None:
    """Run, stream, batch and list, against servers that repeat the key in all they say."""
    service = study.workspace.evaluation
    for number, api in enumerate(Api):
        for is_streaming in (False, True):
            with LlmServer(in_turn(*ECHO)) as server:
                request = RunRequest("m", server.base_url, api=api, seed=number + 1)
                service.start(service.prepare(request), replace(CALLING, is_streaming=is_streaming))
                assert server.seen[0].headers["authorization"] == f"Bearer {KEY}"
    with BatchServer(answers_b) as batches:
        request = RunRequest("m", batches.base_url)
        service.batch(service.prepare(request), CALLING)
        batches.work()
        service.batch(service.prepare(request), CALLING)
    with LlmServer(Scripted(status=500, error_message=KEY)) as server:
        for failing in (
            lambda: offered_models(server.base_url, CALLING),
            lambda: service.check_endpoint(server.base_url, "m", CALLING),
        ):
            with pytest.raises(CoreError) as caught:
                failing()
            assert KEY not in str(caught.value)
            assert KEY not in describe_crash(caught.value)


def test_key_is_nowhere_after_every_way_of_asking_and_sending(
    study: Study, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for one in (AnswerFormat.SINGLE_CHOICE, AnswerFormat.YES_NO, AnswerFormat.REPORT):
        study.committed(one)
    workspace = study.workspace
    EndpointProfiles(tmp_path / "user" / "e.json").put(
        EndpointProfile("Ours", "http://127.0.0.1:9/v1", "m")
    )

    ask_in_every_way(study)
    out = tmp_path / "out"
    out.mkdir()
    pack(workspace, PackageKind.WORKSPACE, study.lead, out / "all")
    workspace.exchange.export(out / "set")
    for number, run in enumerate(workspace.evaluation.runs()):
        workspace.predictions.export(run.run.id, out / f"{number}.xlsx")
    workspace.backups.make()
    workspace.close()

    held = [name for name, data in everything_under(tmp_path) if spoken(data)]
    assert held == []
    assert KEY not in caplog.text
    assert KEY not in " ".join(sys.argv)
    assert any(name.endswith("workspace.db") for name, _ in everything_under(tmp_path))


def test_crash_report_holds_kind_and_places_only() -> None:
    try:
        raise ValueError(f"header {KEY}")
    except ValueError as error:
        said = describe_crash(error)

    assert said.startswith("ValueError")
    assert KEY not in said


def test_no_command_takes_a_key_in_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    """A command line is seen by everybody on the machine; the key comes from elsewhere."""
    for command in (["evaluate"], ["endpoints"], ["judge", "run"], ["preflight"]):
        with pytest.raises(SystemExit):
            main([*command, "--help"])
        options = capsys.readouterr().out.casefold().split()
        assert not [one for one in options if one.startswith("--") and "key" in one]


def test_search_for_the_key_would_find_it(tmp_path: Path) -> None:
    for form in (KEY.encode(), b64encode(f"yy{KEY}".encode()), KEY.encode("utf-16-le")):
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            archive.writestr("inner", form)
        assert [name for name, data in everything_under(tmp_path) if spoken(data)]
