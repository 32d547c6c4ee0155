"""A chat-completions server on loopback that does what a test scripts."""

import json
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass(frozen=True)
class Seen:
    """One request as it arrived; header names in lower case."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def text(self) -> str:
        """The user's text, of either protocol."""
        content = self._turns[-1]["content"]
        return content if isinstance(content, str) else content[0]["text"]

    @property
    def picture_urls(self) -> list[str]:
        """The data URLs of the pictures, in order."""
        content = self._turns[-1]["content"]
        found = [part.get("image_url") for part in content if isinstance(part, dict)]
        return [one if isinstance(one, str) else one["url"] for one in found if one]

    @property
    def _turns(self) -> list[dict[str, Any]]:
        return self.body["messages"] if "messages" in self.body else self.body["input"]


@dataclass(frozen=True)
class Scripted:
    """What the server does with one request; by default it answers with `content`.

    Asked for its models, it names the words of `content`.
    """

    content: str | None = "A"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    refusal: str | None = None
    finish_reason: str = "stop"
    error_message: str = "scripted"
    delay_s: float = 0.0
    raw: bytes | None = None
    """Sent instead of a JSON body."""
    announced_bytes: int = 0
    """Content-Length beyond what is sent: the body ends too early."""
    resets: bool = False
    drips_s: float = 0.0
    """Pause between single bytes."""
    content_type: str = "application/json"
    thinking: str = ""
    """What a reasoning model shows of its steps."""
    events: int | None = None
    """A stream ends after so many, as if the server had died."""

    def payload(self, seen: Seen) -> bytes:
        """Return the body to send."""
        if self.raw is not None:
            return self.raw
        if self.status != 200:
            return json.dumps({"error": {"message": self.error_message, "code": None}}).encode()
        if seen.path.endswith("/models"):
            names = (self.content or "").split()
            return json.dumps({"object": "list", "data": [{"id": one} for one in names]}).encode()
        is_response = seen.path.endswith("/responses")
        if seen.body.get("stream"):
            return self._stream(self._events() if is_response else [*self._chunks(), "[DONE]"])
        return json.dumps(self._response() if is_response else self._completion()).encode()

    def _completion(self) -> dict[str, Any]:
        message = {"role": "assistant", "content": self.content, "refusal": self.refusal}
        if self.thinking:
            message["reasoning_content"] = self.thinking
        choice = {"index": 0, "message": message, "finish_reason": self.finish_reason}
        return _whole("chat.completion", [choice]) | {"usage": _USAGE}

    def _stream(self, events: list[Any]) -> bytes:
        lines = []
        for one in events[: self.events]:
            kind = f"event: {one['type']}\n" if "type" in one else ""
            lines.append(f"{kind}data: {one if isinstance(one, str) else json.dumps(one)}\n\n")
        return "".join(lines).encode()

    def _chunks(self) -> list[dict[str, Any]]:
        pieces = [{"role": "assistant", "content": piece} for piece in self.content or ""]
        if self.refusal:
            pieces.append({"refusal": self.refusal})
        if self.thinking:
            pieces.insert(0, {"reasoning_content": self.thinking})
        ends = [None] * len(pieces) + [self.finish_reason]
        chunks = [
            _whole("chat.completion.chunk", [{"index": 0, "delta": one, "finish_reason": end}])
            for one, end in zip([*pieces, {}], ends, strict=True)
        ]
        return [*chunks, _whole("chat.completion.chunk", []) | {"usage": _USAGE}]

    def _events(self) -> list[dict[str, Any]]:
        whole = self._response()
        thought, said = "response.reasoning_summary_text.delta", "response.output_text.delta"
        pieces = [(thought, self.thinking)] if self.thinking else []
        pieces += [(said, letter) for letter in self.content or ""]
        pieces += [("response.refusal.delta", self.refusal)] if self.refusal else []
        begun = {"status": "in_progress", "output": [], "usage": None}
        return [
            {"type": "response.created", "response": whole | begun},
            *({"type": kind, "delta": delta} for kind, delta in pieces),
            {"type": f"response.{whole['status']}", "response": whole},
        ]

    def _response(self) -> dict[str, Any]:
        kind = {"length": "max_output_tokens"}.get(self.finish_reason, self.finish_reason)
        content: list[dict[str, Any]] = []
        if self.content is not None:
            content.append({"type": "output_text", "text": self.content, "annotations": []})
        if self.refusal:
            content.append({"type": "refusal", "refusal": self.refusal})
        steps = {"type": "reasoning", "summary": [{"type": "summary_text", "text": self.thinking}]}
        message = {"type": "message", "role": "assistant", "content": content}
        is_whole = self.finish_reason == "stop"
        return {
            "id": "resp-1",
            "object": "response",
            "status": "completed" if is_whole else "incomplete",
            "incomplete_details": None if is_whole else {"reason": kind},
            "output": [*([steps] if self.thinking else []), message],
            "usage": {
                "input_tokens": 11,
                "output_tokens": 3,
                "output_tokens_details": {"reasoning_tokens": 2 if self.thinking else 0},
            },
        }


_USAGE = {"prompt_tokens": 11, "completion_tokens": 3, "total_tokens": 14}


def _whole(kind: str, choices: list[dict[str, Any]]) -> dict[str, Any]:
    return {"id": "1", "object": kind, "created": 1, "model": "test", "choices": choices}


Script = Callable[[Seen], Scripted]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent: tests cut connections on purpose."""


class LlmServer:
    """Serves until it is closed; `script` decides every reply, `seen` keeps every request."""

    def __init__(self, script: Script | Scripted | None = None) -> None:
        self.seen: list[Seen] = []
        self.peak_in_flight = 0
        self.connections = 0
        self._in_flight = 0
        self._lock = threading.Lock()
        self.script: Script = _always(script or Scripted())
        self._server = _Server(("127.0.0.1", 0), _handler_of(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def answers(self, script: Script | Scripted) -> None:
        """Change what the server does from now on."""
        self.script = _always(script)

    @property
    def base_url(self) -> str:
        """The address to hand to a client."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    @property
    def in_flight(self) -> int:
        """How many requests are being answered."""
        return self._in_flight

    def close(self) -> None:
        """Stop serving and wait for the thread."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def enter(self) -> None:
        """Note a new connection."""
        with self._lock:
            self.connections += 1

    def take(self, seen: Seen) -> Scripted:
        """Record a request and return what to do with it."""
        with self._lock:
            self.seen.append(seen)
            self._in_flight += 1
            self.peak_in_flight = max(self.peak_in_flight, self._in_flight)
        return self.script(seen)

    def leave(self) -> None:
        """Note that a request was answered."""
        with self._lock:
            self._in_flight -= 1


def in_turn(*replies: Scripted) -> Script:
    """Return a script that gives each reply once and then the last one for ever."""
    left = list(replies)
    lock = threading.Lock()

    def script(_: Seen) -> Scripted:
        with lock:
            return left.pop(0) if len(left) > 1 else left[0]

    return script


def _always(script: Script | Scripted) -> Script:
    if isinstance(script, Scripted):
        return lambda _: script
    return script


def _handler_of(owner: LlmServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            owner.enter()
            super().setup()

        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self._answer(json.loads(body))

        def _answer(self, body: dict[str, Any]) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            seen = Seen(self.path, headers, body)
            todo = owner.take(seen)
            try:
                self._send(todo, seen)
            finally:
                owner.leave()

        def _send(self, todo: Scripted, seen: Seen) -> None:
            time.sleep(todo.delay_s)
            if todo.resets:
                self._reset()
                return
            payload = todo.payload(seen)
            self.send_response(todo.status)
            is_stream = bool(seen.body.get("stream")) and todo.raw is None
            kind = "text/event-stream" if is_stream else todo.content_type
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(payload) + todo.announced_bytes))
            for name, value in todo.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if todo.drips_s:
                for byte in payload:
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    time.sleep(todo.drips_s)
                return
            self.wfile.write(payload)
            if todo.announced_bytes:
                self.close_connection = True

        def _reset(self) -> None:
            # Lingering 0 seconds makes the kernel send RST instead of FIN.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()

        def log_message(self, *_: object) -> None:
            """Say nothing on stderr."""

    return Handler
