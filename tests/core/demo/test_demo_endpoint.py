"""The demo endpoint: recorded replies over real HTTP, and clear refusals of anything else."""

import asyncio
import json
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from core.demo.endpoint import MODEL, known_questions, serve
from core.demo.questions import load_questions
from core.demo.records import load_replies
from core.domain.body import BlindQuestion
from core.domain.ids import MediaId, QuestionId, RevisionId
from core.domain.run import Condition
from core.llm.client import LlmReply, LlmRequest
from core.llm.openai_client import OpenAiClient
from core.llm.prompts import load_template, render

KNOWN = known_questions(load_questions(), load_replies())
PICTURE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,"}}


@pytest.fixture
def base_url():
    with serve(KNOWN) as url:
        yield url


def _post(url: str, body: bytes) -> dict:
    # No proxy of this machine stands between a test and its own loopback server.
    with build_opener(ProxyHandler({})).open(Request(url, data=body), timeout=10) as answer:
        return json.load(answer)


def _chat(content: object) -> bytes:
    return json.dumps({"messages": [{"role": "user", "content": content}]}).encode()


def _prompt(slug: str) -> str:
    question = next(one for one in load_questions() if one.slug == slug)
    media = {image.sample: MediaId("0" * 64) for image in question.images}
    blind = BlindQuestion(QuestionId(slug), RevisionId(slug), 1, question.body(media))
    return render(blind, Condition.BOTH, load_template()).text


def test_reply_depends_on_whether_pictures_came_along(base_url):
    replies = load_replies()["ct-aorta-grade"]
    prompt = _prompt("ct-aorta-grade")

    seeing = _post(
        f"{base_url}/chat/completions", _chat([{"type": "text", "text": prompt}, PICTURE])
    )
    blind = _post(f"{base_url}/chat/completions", _chat(prompt))

    assert seeing["choices"][0]["message"]["content"] == replies.both
    assert blind["choices"][0]["message"]["content"] == replies.text
    assert replies.both != replies.text


@pytest.mark.parametrize("slug", load_replies())
def test_prompt_is_recognized_as_one_question_only(slug):
    prompt = _prompt(slug)

    assert [known.replies for known in KNOWN if known.is_asked_in(prompt)] == [load_replies()[slug]]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/chat/completions", _chat("What is the capital of France?"), 404),
        ("/embeddings", _chat("x"), 404),
        ("/chat/completions", b"{", 400),
        ("/chat/completions", b"[]", 400),
        ("/chat/completions", b'{"messages": []}', 400),
    ],
)
def test_anything_else_is_refused_with_a_status(base_url, path, body, status):
    with pytest.raises(HTTPError) as caught:
        _post(base_url + path, body)

    with caught.value:
        assert caught.value.code == status
        assert json.load(caught.value)["error"]["message"]


def test_proxy_of_the_network_is_not_asked_for_the_endpoint_on_this_computer(base_url, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)

    reply = asyncio.run(_ask(base_url, _prompt("mask-organ")))

    assert reply.text == load_replies()["mask-organ"].text


async def _ask(base_url: str, prompt: str) -> LlmReply:
    client = OpenAiClient(base_url, "demo", timeout_s=10)
    try:
        return await client.ask(LlmRequest(MODEL, "", prompt))
    finally:
        await client.close()


def test_server_is_gone_afterwards():
    with serve(KNOWN) as url:
        pass

    with pytest.raises(OSError, match="refused"):
        _post(f"{url}/chat/completions", _chat("x"))
