"""A small endpoint on this computer that answers demo questions from recorded replies."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Final

from core.demo.questions import DemoQuestion
from core.demo.records import DemoReplies

MODEL: Final = "demo-model"
_CHAT: Final = "/v1/chat/completions"
_MAX_REQUEST_BYTES: Final = 64 << 20
_LOOK_EVERY_S: Final = 0.05


@dataclass(frozen=True, slots=True)
class Known:
    """One question the endpoint can answer: found by its own words, never by its key."""

    context: str
    stem: str
    replies: DemoReplies

    def is_asked_in(self, prompt: str) -> bool:
        """Tell whether a prompt asks this question."""
        return self.stem in prompt and self.context in prompt


def known_questions(
    questions: Sequence[DemoQuestion], replies: dict[str, DemoReplies]
) -> tuple[Known, ...]:
    """Return what the endpoint needs of the questions that have recorded replies."""
    return tuple(
        Known(one.context, one.stem, replies[one.slug]) for one in questions if one.slug in replies
    )


@contextmanager
def serve(known: Sequence[Known]) -> Iterator[str]:
    """Answer chat completions on a free port of 127.0.0.1; give the base URL."""
    server = _Server(tuple(known))
    thread = Thread(target=server.serve_forever, args=(_LOOK_EVERY_S,), name="demo-endpoint")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True

    def __init__(self, known: tuple[Known, ...]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.known = known


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    # One connection for each call, so that shutting down never waits for an idle one.
    protocol_version = "HTTP/1.0"

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if self.path != _CHAT:
            self._fail(404, "Unknown address.")
            return
        if not length.isdecimal() or int(length) > _MAX_REQUEST_BYTES:
            self._fail(413, "The request has no length or is too long.")
            return
        try:
            prompt, picture_count = _asked(json.loads(self.rfile.read(int(length))))
        except (ValueError, TypeError, KeyError, StopIteration):
            self._fail(400, "This is not a chat completion request.")
            return
        for known in self.server.known:
            if known.is_asked_in(prompt):
                reply = known.replies.both if picture_count else known.replies.text
                self._send(200, _completion(prompt, reply))
                return
        self._fail(404, "The demo model knows the questions of the demo only.")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Say nothing: the terminal belongs to the demo."""

    def _fail(self, status: int, sentence: str) -> None:
        self._send(status, {"error": {"message": sentence, "type": "demo"}})

    def _send(self, status: int, value: dict[str, Any]) -> None:  # a JSON object
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _asked(request: Any) -> tuple[str, int]:  # parsed JSON; a wrong shape raises
    """Return the text of the user's message and the number of its pictures."""
    content = next(one["content"] for one in request["messages"] if one["role"] == "user")
    if isinstance(content, str):
        return content, 0
    text = "\n".join(part["text"] for part in content if part["type"] == "text")
    return text, sum(part["type"] == "image_url" for part in content)


def _completion(prompt: str, reply: str) -> dict[str, Any]:  # a JSON object
    asked, said = len(prompt.split()), len(reply.split())
    return {
        "id": "demo",
        "object": "chat.completion",
        "created": 0,
        "model": MODEL,
        "choices": [
            {
                "index": 0,
                "finish_reason": "stop",
                "message": {"role": "assistant", "content": reply},
            }
        ],
        "usage": {
            "prompt_tokens": asked,
            "completion_tokens": said,
            "total_tokens": asked + said,
        },
    }
