"""The Batch API: many requests in one file, answered within a day, at a lower price.

A batch is made, asked about and collected; what it is for stays with the caller, who gives each
request a name.
"""

import json
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Protocol

from core.llm.client import LlmReply

MOST_REQUESTS: Final = 50_000
MOST_BYTES: Final = 190 << 20
"""The published limit is 200 MB a file."""


class BatchState(StrEnum):
    """Where a batch stands."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    """It will bring nothing more; what it brought can be collected."""


_STATES: Final = {
    "completed": BatchState.DONE,
    "failed": BatchState.FAILED,
    "expired": BatchState.FAILED,
    "cancelled": BatchState.FAILED,
}


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as its endpoint tells of it."""

    id: str
    state: BatchState
    done: int = 0
    total: int = 0
    output_file: str = ""
    error_file: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Collected:
    """What came back for one name: a reply, or a sentence that says why there is none."""

    name: str
    reply: LlmReply | None
    sentence: str = ""


class BatchClient(Protocol):
    """An endpoint that takes batches; raises `LlmError` when it cannot be reached."""

    async def submit(self, file: bytes) -> Batch:
        """Hand in a file of requests."""

    async def look(self, batch: str) -> Batch:
        """Return where a batch stands."""

    async def cancel(self, batch: str) -> None:
        """Ask for nothing more of a batch."""

    def collect(self, batch: Batch) -> AsyncIterator[Collected]:
        """Yield what came back, in any order."""

    async def close(self) -> None:
        """Give back connections."""


def batch_state(status: str) -> BatchState:
    """Return the state behind an endpoint's word; what is unknown is still waiting."""
    return _STATES.get(status, BatchState.WAITING)


def request_line(name: str, body: bytes, path: str) -> bytes:
    """Return one request, whose JSON is `body`, as a line of a file."""
    head = json.dumps({"custom_id": name, "method": "POST", "url": f"/v1{path}"})
    return head.encode()[:-1] + b', "body": ' + body + b"}\n"


def in_files(
    lines: Iterable[bytes], *, most_bytes: int = MOST_BYTES, most_requests: int = MOST_REQUESTS
) -> Iterator[list[bytes]]:
    """Yield groups of lines, each small enough for a file."""
    group: list[bytes] = []
    size = 0
    for line in lines:
        if group and (size + len(line) > most_bytes or len(group) >= most_requests):
            yield group
            group, size = [], 0
        group.append(line)
        size += len(line)
    if group:
        yield group


def parsed_line(line: str) -> tuple[str, int, Any]:
    """Return name, HTTP status and body of a line that came back; raise `ValueError`."""
    data = json.loads(line)
    if not isinstance(data, dict) or not isinstance(data.get("custom_id"), str):
        raise ValueError("no line of a batch")
    response = data.get("response")
    if not isinstance(response, dict):
        return data["custom_id"], 0, data.get("error")
    status = response.get("status_code")
    return data["custom_id"], status if isinstance(status, int) else 0, response.get("body")
