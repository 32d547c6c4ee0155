"""A request with pictures is sent in pieces that are, together, the JSON it says it is."""

import asyncio
import json
from base64 import b64encode
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.llm.client import Api, LlmRequest, Shot
from core.llm.openai_client import OpenAiClient, written
from core.llm.wire import Pictures
from tests.llm_server import LlmServer, Scripted

LARGE = 500_001
"""More than is made into text at once, and not divisible by three."""


@pytest.fixture
def server() -> Iterator[LlmServer]:
    with LlmServer(Scripted("B")) as running:
        yield running


def urls(pictures: list[bytes]) -> list[str]:
    return [f"data:image/png;base64,{b64encode(one).decode()}" for one in pictures]


@given(
    text=st.text(max_size=40),
    pictures=st.lists(
        st.one_of(
            st.binary(max_size=9),
            st.integers(0, LARGE).map(lambda size: b"\xfe\x01\x80" * (size // 3) + b"x"),
        ),
        max_size=4,
    ),
)
def test_pieces_are_together_the_json_of_the_length_that_is_told(
    text: str, pictures: list[bytes]
) -> None:
    found = Pictures()
    body = found.written({"text": text, "urls": [found.url(one) for one in pictures], "end": text})

    assert json.loads(body.whole()) == {"text": text, "urls": urls(pictures), "end": text}
    assert b"".join(body.pieces()) == body.whole()
    assert len(body.whole()) == body.size


def test_no_piece_is_much_larger_than_the_limit_however_large_a_picture_is() -> None:
    found = Pictures()
    body = found.written([found.url(bytes(20 << 20)) for _ in range(2)])

    assert max(map(len, body.pieces())) < 2 << 20


@pytest.mark.parametrize("api", list(Api))
@pytest.mark.parametrize("is_streaming", [False, True])
def test_server_gets_large_pictures_of_question_and_examples_whole(
    server: LlmServer, api: Api, is_streaming: bool
) -> None:
    shown, example = b"\x89PNG" + bytes(range(256)) * 2000, b"\x89PNG small"
    request = LlmRequest(
        "m", "Be short.", "Why?", (shown,), api=api, shots=(Shot("How?", "So.", (example,)),)
    )
    client = OpenAiClient(server.base_url, None, is_streaming=is_streaming)

    async def ask() -> str:
        try:
            return (await client.ask(request)).text
        finally:
            await client.close()

    assert asyncio.run(ask()) == "B"
    assert server.seen[0].body == json.loads(
        written(request, server.base_url, is_streamed=is_streaming).whole()
    )
    assert all(one in json.dumps(server.seen[0].body) for one in urls([shown, example]))
