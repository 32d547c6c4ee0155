"""A Batch API on loopback: takes files, works on them when told, gives results back."""

import json
import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from tests.llm_server import Scripted, Seen

Answer = Callable[[dict[str, Any]], tuple[int, dict[str, Any]]]
"""Takes the body of a request; gives HTTP status and body of its reply."""


def answers_b(body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Answer B, in the protocol in which it was asked."""
    path = "/v1/responses" if "input" in body else "/v1/chat/completions"
    return 200, json.loads(Scripted("B").payload(Seen(path, {}, body)))


class BatchServer:
    """Serves until it is closed; batches wait until `work` is called."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.files: dict[str, bytes] = {}
        self.batches: dict[str, dict[str, Any]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    @property
    def base_url(self) -> str:
        """The address to hand to a client."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Every request that was handed in."""
        inputs = [self.files[one["input_file_id"]] for one in self.batches.values()]
        return [json.loads(line) for data in inputs for line in data.splitlines()]

    def work(self, *, status: str = "completed", share: float = 1.0) -> None:
        """Answer the first `share` of every waiting batch, in reverse order."""
        for batch in self.batches.values():
            if batch["status"] != "in_progress":
                continue
            lines = self.files[batch["input_file_id"]].splitlines()
            done = [self._line(json.loads(one)) for one in lines[: round(len(lines) * share)]]
            good = [one for one in done if one["response"]["status_code"] == 200]
            bad = [one for one in done if one["response"]["status_code"] != 200]
            batch["status"] = status
            batch["output_file_id"] = self._keep(reversed(good))
            batch["error_file_id"] = self._keep(bad)
            batch["request_counts"] |= {"completed": len(good), "failed": len(bad)}

    def close(self) -> None:
        """Stop serving and wait for the thread."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add_file(self, data: bytes) -> str:
        """Keep a file and return its id."""
        name = f"file-{len(self.files) + 1}"
        self.files[name] = data
        return name

    def add_batch(self, body: dict[str, Any]) -> dict[str, Any]:
        """Begin a batch."""
        name = f"batch-{len(self.batches) + 1}"
        count = len(self.files[body["input_file_id"]].splitlines())
        self.batches[name] = body | {
            "id": name,
            "object": "batch",
            "status": "in_progress",
            "created_at": 1,
            "request_counts": {"total": count, "completed": 0, "failed": 0},
        }
        return self.batches[name]

    def _line(self, request: dict[str, Any]) -> dict[str, Any]:
        status, body = self.answer(request["body"])
        response = {"status_code": status, "body": body}
        return {"custom_id": request["custom_id"], "response": response, "error": None}

    def _keep(self, lines: Any) -> str | None:
        text = "".join(json.dumps(one) + "\n" for one in lines)
        return self.add_file(text.encode()) if text else None


def _handler_of(owner: BatchServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.path == "/v1/files":
                file = _file_in(data, self.headers["Content-Type"])
                name = owner.add_file(file)
                self._send({"id": name, "object": "file", "bytes": len(file), "purpose": "batch"})
            elif self.path == "/v1/batches":
                self._send(owner.add_batch(json.loads(data)))
            elif self.path.endswith("/cancel"):
                batch = owner.batches[self.path.split("/")[3]]
                batch["status"] = "cancelled"
                self._send(batch)
            else:
                self.send_error(404)

        def do_GET(self) -> None:
            _, _, kind, name, *more = self.path.split("/")
            if kind == "batches" and name in owner.batches:
                self._send(owner.batches[name])
            elif kind == "files" and more == ["content"]:
                self._send_bytes(owner.files[name])
            else:
                self.send_error(404)

        def _send(self, value: dict[str, Any]) -> None:
            self._send_bytes(json.dumps(value).encode())

        def _send_bytes(self, data: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Say nothing on stderr."""

    return Handler


def _file_in(data: bytes, content_type: str) -> bytes:
    """Return the part of a multipart form that has a file name."""
    boundary = b"--" + content_type.split("boundary=")[1].encode()
    for part in data.split(boundary):
        head, _, body = part.partition(b"\r\n\r\n")
        if re.search(rb'filename="', head):
            return body.removesuffix(b"\r\n")
    raise ValueError("no file in the form")
