"""Both protocols, reasoning models, structured output and streaming, over a real connection."""

import asyncio
import json
from base64 import b64decode
from dataclasses import replace

import pytest

from core.domain.body import AnswerFormat
from core.llm.answer_schema import answer_schema
from core.llm.client import Api, CallError, LlmReply, LlmRequest, Shot
from core.llm.openai_client import OpenAiClient
from core.llm.prompts import option_order
from tests.factories import ALL_FORMATS, make_body
from tests.llm_server import LlmServer, Scripted, Seen

PNG = b"\x89PNG\r\n\x1a\n pretend"
PATHS = {Api.CHAT: "chat/completions", Api.RESPONSES: "responses"}
SCHEMA = {"type": "object", "properties": {}, "required": []}


@pytest.fixture
def server():
    with LlmServer() as running:
        yield running


def ask(server: LlmServer, request: LlmRequest, *, is_streaming: bool = False) -> LlmReply:
    async def call() -> LlmReply:
        client = OpenAiClient(server.base_url, None, timeout_s=5, is_streaming=is_streaming)
        try:
            return await client.ask(request)
        finally:
            await client.close()

    return asyncio.run(call())


def responses(**changes: object) -> LlmRequest:
    return LlmRequest(**{"llm": "m", "system": "", "text": "t", "api": Api.RESPONSES} | changes)


def test_responses_api_carries_prompt_pictures_and_parameters(server: LlmServer) -> None:
    ask(server, responses(system="be brief", pictures=(PNG,), temperature=0.5, max_tokens=77))

    seen = server.seen[0]
    assert seen.path == "/v1/responses"
    assert (seen.body["instructions"], seen.text) == ("be brief", "t")
    assert (seen.body["max_output_tokens"], seen.body["temperature"]) == (77, 0.5)
    assert b64decode(seen.picture_urls[0].partition(",")[2]) == PNG
    assert seen.body["store"] is False


@pytest.mark.parametrize(
    ("scripted", "reply"),
    [
        (Scripted("B"), LlmReply("B", "stop", 11, 3)),
        (Scripted("B", finish_reason="length"), LlmReply("B", "length", 11, 3)),
        (Scripted(None, refusal="No."), LlmReply("", "stop", 11, 3, "No.")),
        (
            Scripted(None, finish_reason="content_filter"),
            LlmReply("", "content_filter", 11, 3),
        ),
        (
            Scripted("B", thinking="It is A. No, B."),
            LlmReply("B", "stop", 11, 3, "", "It is A. No, B.", 2),
        ),
    ],
)
def test_responses_api_ends_in_the_same_words_as_chat(
    server: LlmServer, scripted: Scripted, reply: LlmReply
) -> None:
    server.answers(scripted)

    assert ask(server, responses()) == reply


@pytest.mark.parametrize(
    ("raw", "is_retryable"),
    [
        (b'{"choices": []}', False),
        (b'{"output": []}', True),
        (b'{"output": 3}', True),
        (b'{"status": "failed", "output": [{}]}', True),
    ],
)
def test_responses_api_that_brings_no_reply_is_a_failure(
    server: LlmServer, raw: bytes, is_retryable: bool
) -> None:
    server.answers(Scripted(raw=raw))

    with pytest.raises(CallError) as caught:
        ask(server, responses())
    assert caught.value.is_retryable is is_retryable


@pytest.mark.parametrize("api", list(Api))
def test_reasoning_model_gets_effort_and_no_temperature(server: LlmServer, api: Api) -> None:
    ask(server, LlmRequest("m", "", "t", temperature=0.5, max_tokens=9, api=api, effort="low"))

    body = server.seen[0].body
    assert "temperature" not in body
    assert body.get("reasoning_effort", body.get("reasoning", {}).get("effort")) == "low"
    assert body.get("max_completion_tokens", body.get("max_output_tokens")) == 9
    assert "max_tokens" not in body


@pytest.mark.parametrize(
    ("scripted", "text", "thinking"),
    [
        (Scripted("B", thinking="A or B."), "B", "A or B."),
        (Scripted("<think>A or B.</think>\n\nB"), "B", "A or B."),
        (Scripted("<thinking>A\nor B.</thinking>B"), "B", "A\nor B."),
        (Scripted("B, for <think> is a word"), "B, for <think> is a word", ""),
        (Scripted("A or B. So B.</think>\n\nB"), "B", "A or B. So B."),
        (Scripted("<think>The answer is A. No, wait"), "", "The answer is A. No, wait"),
        (
            Scripted("B, for <think> and </think> are words"),
            "B, for <think> and </think> are words",
            "",
        ),
    ],
)
def test_thinking_is_kept_apart_from_the_answer(
    server: LlmServer, scripted: Scripted, text: str, thinking: str
) -> None:
    server.answers(scripted)

    reply = ask(server, LlmRequest("m", "", "t"))

    assert (reply.text, reply.thinking) == (text, thinking)


@pytest.mark.parametrize("api", list(Api))
@pytest.mark.parametrize(
    ("error", "is_retryable", "is_busy"),
    [
        ({"message": "upstream is full", "code": 429}, True, True),
        ({"message": "upstream is full", "code": 502}, True, False),
        ({"message": "upstream is full", "code": "internal"}, True, False),
        ({"message": "upstream is full", "code": 400}, False, False),
    ],
)
def test_failure_told_with_status_200_is_a_failure_in_its_words(
    server: LlmServer, error: dict[str, object], is_retryable: bool, is_busy: bool, api: Api
) -> None:
    server.answers(Scripted(raw=json.dumps({"error": error}).encode()))

    with pytest.raises(CallError, match="gave up this reply: “upstream is full”") as caught:
        ask(server, LlmRequest("m", "", "t", api=api))
    assert (caught.value.is_retryable, caught.value.is_busy) == (is_retryable, is_busy)


@pytest.mark.parametrize("api", list(Api))
def test_schema_and_examples_travel_in_both_protocols(server: LlmServer, api: Api) -> None:
    shots = (Shot("2 and 2?", "4", (PNG,)),)

    ask(server, LlmRequest("m", "s", "3 and 3?", api=api, schema=SCHEMA, shots=shots))

    body = server.seen[0].body
    turns = [one for one in body.get("messages", body.get("input")) if one["role"] != "system"]
    assert [one["role"] for one in turns] == ["user", "assistant", "user"]
    assert turns[1]["content"] == "4"
    form = (
        body["text"]["format"] if api is Api.RESPONSES else body["response_format"]["json_schema"]
    )
    assert (form["schema"], form["strict"]) == (SCHEMA, True)


def test_identity_changes_with_every_part_that_is_sent() -> None:
    base = LlmRequest("m", "s", "t", (PNG,))
    others = [
        LlmRequest("m", "s!", "t", (PNG,)),
        LlmRequest("m", "s", "t!", (PNG,)),
        LlmRequest("m", "s", "t", (PNG, PNG)),
        LlmRequest("m", "s", "t", (PNG + b"!",)),
        LlmRequest("m", "s", "t", (PNG,), schema=SCHEMA),
        LlmRequest("m", "s", "t", (PNG,), shots=(Shot("a", "b"),)),
        LlmRequest("m", "s", "t", (PNG,), shots=(Shot("a", "b", (PNG,)),)),
    ]

    assert len({one.hash for one in (base, *others)}) == len(others) + 1


@pytest.mark.parametrize("answer_format", ALL_FORMATS)
def test_schema_of_a_format_is_strict(answer_format: AnswerFormat) -> None:
    body = make_body(answer_format)

    schema = answer_schema(body, option_order(body))

    assert schema["required"] == ["answer"] == list(schema["properties"])
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize("api", list(Api))
def test_streamed_reply_is_put_together_and_timed(server: LlmServer, api: Api) -> None:
    server.answers(Scripted("Answer: B", thinking="Hm."))

    reply = ask(server, LlmRequest("m", "", "t", api=api), is_streaming=True)

    assert server.seen[0].body["stream"] is True
    assert (reply.text, reply.finish_reason, reply.thinking) == ("Answer: B", "stop", "Hm.")
    assert (reply.prompt_tokens, reply.completion_tokens) == (11, 3)
    assert reply.first_byte_s is not None
    assert reply.first_byte_s > 0


@pytest.mark.parametrize("api", list(Api))
@pytest.mark.parametrize(
    "scripted",
    [
        Scripted("B"),
        Scripted("B", finish_reason="length"),
        Scripted(None, refusal="No."),
        Scripted("", finish_reason="content_filter"),
        Scripted("Antwort: ß – 🫀", thinking="Hm."),
    ],
)
def test_streamed_reply_is_the_one_that_comes_whole(
    server: LlmServer, scripted: Scripted, api: Api
) -> None:
    server.answers(scripted)
    request = LlmRequest("m", "", "t", api=api)

    streamed = ask(server, request, is_streaming=True)

    assert replace(streamed, first_byte_s=None, thinking_tokens=0) == replace(
        ask(server, request), thinking_tokens=0
    )


@pytest.mark.parametrize("api", list(Api))
@pytest.mark.parametrize(
    "raw",
    [b"data: {", b"data: [DONE]\n\n", b"", b"data: 3\n\n", b'data: {"choices": [3]}\n\n'],
)
def test_streamed_reply_that_ends_early_is_a_failure_to_repeat(
    server: LlmServer, raw: bytes, api: Api
) -> None:
    server.answers(Scripted(raw=raw, content_type="text/event-stream"))

    with pytest.raises(CallError) as caught:
        ask(server, LlmRequest("m", "", "t", api=api), is_streaming=True)
    assert caught.value.is_retryable


@pytest.mark.parametrize("api", list(Api))
def test_streamed_error_has_its_status(server: LlmServer, api: Api) -> None:
    server.answers(Scripted(status=503))

    with pytest.raises(CallError, match="HTTP 503"):
        ask(server, LlmRequest("m", "", "t", api=api), is_streaming=True)


FAILED = '{"type": "response.failed", "response": {"status": "failed", "output": [], "error": %s}}'


@pytest.mark.parametrize(
    ("api", "event", "is_retryable"),
    [
        (Api.CHAT, '{"error": {"message": "out of order", "code": 500}}', True),
        (Api.RESPONSES, '{"type": "error", "code": "", "message": "out of order"}', True),
        (Api.RESPONSES, FAILED % '{"code": "server_error", "message": "out of order"}', True),
        (Api.RESPONSES, FAILED % '{"code": "invalid_image", "message": "out of order"}', False),
    ],
)
def test_failure_in_the_middle_of_a_stream_is_told_in_its_words(
    server: LlmServer, api: Api, event: str, is_retryable: bool
) -> None:
    server.answers(Scripted(raw=f"data: {event}\n\n".encode(), content_type="text/event-stream"))

    with pytest.raises(CallError, match="gave up this reply: “out of order”") as caught:
        ask(server, LlmRequest("m", "", "t", api=api), is_streaming=True)
    assert caught.value.is_retryable is is_retryable


def test_last_event_without_the_text_is_filled_from_the_pieces(server: LlmServer) -> None:
    events = (
        '{"type": "response.reasoning_text.delta", "delta": "Hm."}',
        '{"type": "response.output_text.delta", "delta": "Answer: "}',
        '{"type": "response.output_text.delta", "delta": "B"}',
        '{"type": "response.completed", "response": {"status": "completed", "output": []}}',
    )
    raw = "".join(f"data: {one}\n\n" for one in events).encode()
    server.answers(Scripted(raw=raw, content_type="text/event-stream"))

    reply = ask(server, responses(), is_streaming=True)

    assert (reply.text, reply.thinking) == ("Answer: B", "Hm.")


@pytest.mark.parametrize("api", list(Api))
def test_server_that_cannot_stream_is_read_all_the_same(server: LlmServer, api: Api) -> None:
    whole = Scripted("B").payload(Seen("/v1/" + PATHS[api], {}, {}))
    server.answers(Scripted(raw=whole))

    reply = ask(server, LlmRequest("m", "", "t", api=api), is_streaming=True)

    assert (reply.text, reply.first_byte_s) == ("B", None)
