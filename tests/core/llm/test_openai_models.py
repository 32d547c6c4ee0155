"""The list of models of a real server on loopback: in every shape, and where there is none."""

import asyncio
import json

import pytest

from core.errors import CoreError, LlmError
from core.llm.client import CallError, EndpointError
from core.llm.openai_models import NoModelListError, offered_models
from tests.llm_server import LlmServer, Scripted

KEY = "sk-very-secret-0123456789"


def ask(server: LlmServer, *, timeout_s: float = 5.0) -> tuple[str, ...]:
    return asyncio.run(offered_models(server.base_url, KEY, timeout_s=timeout_s))


@pytest.fixture
def server():
    with LlmServer() as running:
        yield running


def test_models_come_by_alphabet_each_once(server: LlmServer) -> None:
    server.answers(Scripted("vision-2 Llava vision-1 vision-2"))

    assert ask(server) == ("Llava", "vision-1", "vision-2")
    assert server.seen[0].path == "/v1/models"
    assert server.seen[0].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("data", "names"),
    [
        ([{"id": "b"}, {"id": "a"}], ("a", "b")),
        ({"data": [{"name": "a"}]}, ("a",)),
        ({"data": [{"id": "a"}, {}, 3, None, {"id": 4}]}, ("a",)),
        ({"data": []}, ()),
        ({"data": [{"id": f"a-{KEY}"}]}, ("a-…",)),
    ],
)
def test_lists_of_other_servers_are_read(
    server: LlmServer, data: object, names: tuple[str, ...]
) -> None:
    server.answers(Scripted(raw=json.dumps(data).encode()))

    assert ask(server) == names


@pytest.mark.parametrize(
    "scripted",
    [
        Scripted(status=404),
        Scripted(status=405),
        Scripted(status=501),
        Scripted(raw=b"<html>", content_type="text/html"),
        Scripted(raw=b'{"models": 3}'),
        Scripted(raw=b"\xff\xfe"),
    ],
)
def test_endpoint_without_a_list_says_so(server: LlmServer, scripted: Scripted) -> None:
    server.answers(scripted)

    with pytest.raises(NoModelListError, match="does not tell which models it has") as caught:
        ask(server)
    assert "Type the name" in caught.value.hint


@pytest.mark.parametrize(
    ("scripted", "kind", "sentence"),
    [
        (Scripted(status=401, error_message=f"bad {KEY}"), EndpointError, "refused the API key"),
        (Scripted(status=503), CallError, "HTTP 503"),
        (Scripted(resets=True), CallError, "cut the connection"),
        (Scripted(delay_s=0.6), CallError, "within 0.3 seconds"),
    ],
)
def test_endpoint_that_cannot_be_asked_has_its_sentence(
    server: LlmServer, scripted: Scripted, kind: type[LlmError], sentence: str
) -> None:
    server.answers(scripted)

    with pytest.raises(kind, match=sentence) as caught:
        ask(server, timeout_s=0.3)
    assert isinstance(caught.value, CoreError)
    assert KEY not in str(caught.value)
    # To read a list costs nothing, so a broken connection is tried once more.
    assert len(server.seen) == (2 if scripted.resets else 1)
