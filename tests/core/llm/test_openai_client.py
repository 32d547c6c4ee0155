"""The real openai client against a real server on loopback."""

import asyncio
import traceback
from base64 import b64decode

import pytest

from core.errors import CoreError
from core.llm.client import CallError, EndpointError, LlmReply, LlmRequest
from core.llm.openai_client import OpenAiClient
from core.llm.retry import RetryPolicy, ask_patiently
from tests.llm_server import LlmServer, Scripted, in_turn

KEY = "sk-very-secret-0123456789"
PNG = b"\x89PNG\r\n\x1a\n pretend"
FAST = RetryPolicy(first_pause_s=0.01, longest_pause_s=0.02)


def ask(
    server: LlmServer,
    request: LlmRequest | None = None,
    *,
    timeout_s: float = 5,
    key: str | None = KEY,
) -> LlmReply:
    async def call() -> LlmReply:
        client = OpenAiClient(server.base_url, key, timeout_s=timeout_s)
        try:
            return await client.ask(request or LlmRequest("m", "system", "text"))
        finally:
            await client.close()

    return asyncio.run(call())


@pytest.fixture
def server():
    with LlmServer() as running:
        yield running


def test_request_carries_model_prompt_parameters_and_pictures(server: LlmServer) -> None:
    ask(server, LlmRequest("m-1", "be brief", "Which?", (PNG, PNG), 0.5, 77, 9))

    seen = server.seen[0]
    assert seen.path == "/v1/chat/completions"
    assert seen.headers["authorization"] == f"Bearer {KEY}"
    assert (seen.body["model"], seen.body["temperature"]) == ("m-1", 0.5)
    assert (seen.body["max_tokens"], seen.body["seed"]) == (77, 9)
    assert seen.body["messages"][0] == {"role": "system", "content": "be brief"}
    assert seen.text == "Which?"
    assert [url.partition(",")[0] for url in seen.picture_urls] == ["data:image/png;base64"] * 2
    assert b64decode(seen.picture_urls[0].partition(",")[2]) == PNG


def test_unset_parameters_are_left_to_the_endpoint(server: LlmServer) -> None:
    ask(server, LlmRequest("m", "", "text", temperature=None))

    body = server.seen[0].body
    assert "temperature" not in body
    assert "seed" not in body
    assert body["messages"] == [{"role": "user", "content": "text"}]


def test_reply_carries_text_tokens_and_finish_reason(server: LlmServer) -> None:
    server.answers(Scripted("B", finish_reason="length"))

    assert ask(server) == LlmReply("B", "length", 11, 3, "")


def test_refusal_field_is_kept_apart_from_the_text(server: LlmServer) -> None:
    server.answers(Scripted(None, refusal="I must decline."))

    assert ask(server) == LlmReply("", "stop", 11, 3, "I must decline.")


def test_key_that_an_endpoint_echoes_reaches_no_record(server: LlmServer) -> None:
    server.answers(Scripted(f"A, by {KEY}", refusal=f"not {KEY}", finish_reason=KEY))

    assert ask(server) == LlmReply("A, by …", "…", 11, 3, "not …")


@pytest.mark.parametrize("key", [None, "A"])
def test_without_a_real_key_a_reply_stays_as_it_is(server: LlmServer, key: str | None) -> None:
    server.answers(Scripted("A. It shows none of them."))

    assert ask(server, key=key).text == "A. It shows none of them."


@pytest.mark.parametrize("key", ["sk-sécret-0123456789", "sk-secret\n0123456789", "sk-secret-🔑"])
def test_key_that_no_header_can_carry_has_its_sentence(server: LlmServer, key: str) -> None:
    with pytest.raises(CoreError) as caught:
        ask(server, key=key)

    assert "API key" in str(caught.value)
    assert "secret" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("status", [401, 403])
def test_refused_key_is_an_endpoint_error_with_a_sentence(server: LlmServer, status: int) -> None:
    server.answers(Scripted(status=status, error_message=f"Incorrect API key: {KEY}"))

    with pytest.raises(EndpointError, match="refused the API key") as caught:
        ask(server)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    ("scripted", "sentence", "is_retryable"),
    [
        (Scripted(status=400, error_message=f"no seed for {KEY}."), "no seed for …”", False),
        (Scripted(status=404, error_message="no such model"), "does not know", False),
        (Scripted(status=422, raw=b"nonsense"), "did not accept", False),
        (Scripted(status=307, headers={"Location": "http://127.0.0.1:9/v1"}), "HTTP 307", False),
        (Scripted(status=408), "busy or failing", True),
        (Scripted(status=429), "HTTP 429", True),
        (Scripted(status=500), "HTTP 500", True),
        (Scripted(status=503), "HTTP 503", True),
        (Scripted(raw=b'{"choices": ['), "not a chat completion", True),
        (Scripted(raw=b"[1, 2]"), "not a chat completion", False),
        (Scripted(raw=b'{"choices": []}'), "not a chat completion", True),
        (Scripted(raw=b'{"choices": [{}]}'), "not a chat completion", True),
        (Scripted(raw=b"<html>", content_type="text/html"), "not a chat completion", False),
        (Scripted(announced_bytes=50), "cut the connection", True),
        (Scripted(resets=True), "cut the connection", True),
        (Scripted(delay_s=0.6), "within 0.4 seconds", True),
        (Scripted(drips_s=0.02), "within 0.4 seconds", True),
    ],
)
def test_every_failure_has_its_sentence(
    server: LlmServer, scripted: Scripted, sentence: str, is_retryable: bool
) -> None:
    server.answers(scripted)

    with pytest.raises(CallError) as caught:
        ask(server, timeout_s=0.4)
    assert sentence in str(caught.value)
    assert caught.value.is_retryable is is_retryable
    assert KEY not in str(caught.value)
    assert len(server.seen) == 1, "the library must not retry by itself"


def test_endpoint_that_is_not_there_is_retryable(server: LlmServer) -> None:
    server.close()

    with pytest.raises(CallError, match="cannot be reached") as caught:
        ask(server)
    assert caught.value.is_retryable


def patiently(server: LlmServer, policy: RetryPolicy = FAST):
    async def call():
        client = OpenAiClient(server.base_url, KEY, timeout_s=5)
        try:
            return await ask_patiently(client, LlmRequest("m", "", "t"), policy)
        finally:
            await client.close()

    return asyncio.run(call())


def test_busy_endpoint_is_asked_again_until_it_answers(server: LlmServer) -> None:
    server.answers(in_turn(Scripted(status=429), Scripted(status=503), Scripted("C")))

    got = patiently(server)

    assert got.reply is not None
    assert (got.reply.text, got.attempts, len(server.seen)) == ("C", 3, 3)


def test_attempts_are_bounded(server: LlmServer) -> None:
    server.answers(Scripted(status=500))

    got = patiently(server, RetryPolicy(attempts=3, first_pause_s=0.01))

    assert got.reply is None
    assert got.error is not None
    assert (got.attempts, len(server.seen)) == (3, 3)


def test_request_that_is_not_accepted_is_not_repeated(server: LlmServer) -> None:
    server.answers(Scripted(status=400))

    assert patiently(server).attempts == 1
    assert len(server.seen) == 1


def test_pause_asked_for_by_the_endpoint_is_obeyed(server: LlmServer) -> None:
    server.answers(in_turn(Scripted(status=429, headers={"Retry-After": "0.3"}), Scripted()))
    loop_time: list[float] = []

    async def call() -> None:
        client = OpenAiClient(server.base_url, KEY)
        started = asyncio.get_running_loop().time()
        await ask_patiently(client, LlmRequest("m", "", "t"), FAST)
        loop_time.append(asyncio.get_running_loop().time() - started)
        await client.close()

    asyncio.run(call())
    assert loop_time[0] >= 0.3


def test_pauses_double_with_jitter_up_to_a_limit() -> None:
    policy = RetryPolicy(first_pause_s=1, longest_pause_s=5, longest_wait_s=9, jitter=lambda: 1.0)

    assert [policy.pause_s(n, None) for n in (1, 2, 3, 4)] == [1, 2, 4, 5]
    assert policy.pause_s(1, 600) == pytest.approx(9.1)
    assert RetryPolicy(first_pause_s=1, jitter=lambda: 0.0).pause_s(1, None) == 0.5
