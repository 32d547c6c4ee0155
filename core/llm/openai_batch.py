"""The Batch API of an OpenAI-compatible endpoint."""

from collections.abc import AsyncIterator
from typing import Final

from openai.types import Batch as TheirBatch

from core.errors import LlmError
from core.llm.batch import Batch, Collected, batch_state, parsed_line
from core.llm.client import Api
from core.llm.openai_client import TIMEOUT_S, protocol_of, without_key
from core.llm.openai_connection import connected
from core.llm.openai_failures import Failures, usable_key
from core.llm.wire import ReplyShapeError, object_in, text_in

_WITHIN: Final = "24h"
_FILE: Final = "requests.jsonl"


class OpenAiBatch:
    """Batches of one endpoint in one protocol."""

    def __init__(
        self, base_url: str, api_key: str | None, api: Api, *, timeout_s: float = TIMEOUT_S
    ) -> None:
        key = usable_key(api_key)
        self._path, self._read = protocol_of(api)
        self._timeout_s = timeout_s
        self._failures = Failures(base_url, key)
        self._client = connected(base_url, key, timeout_s)

    async def submit(self, file: bytes) -> Batch:
        """Hand in a file of requests."""
        with self._failures.translated(self._timeout_s):
            kept = await self._client.files.create(file=(_FILE, file), purpose="batch")
            made = await self._client.batches.create(
                input_file_id=kept.id,
                endpoint="/v1/responses" if "responses" in self._path else "/v1/chat/completions",
                completion_window=_WITHIN,
            )
            return self._batch(made)

    async def look(self, batch: str) -> Batch:
        """Return where a batch stands."""
        with self._failures.translated(self._timeout_s):
            return self._batch(await self._client.batches.retrieve(batch))

    async def cancel(self, batch: str) -> None:
        """Ask for nothing more of a batch."""
        with self._failures.translated(self._timeout_s):
            await self._client.batches.cancel(batch)

    async def collect(self, batch: Batch) -> AsyncIterator[Collected]:
        """Yield what came back, in any order."""
        for file in filter(None, (batch.output_file, batch.error_file)):
            with self._failures.translated(self._timeout_s):
                content = await self._client.files.content(file)
                lines = content.text.splitlines()
            for line in filter(str.strip, lines):
                yield self._collected(line)

    async def close(self) -> None:
        """Give back connections."""
        await self._client.close()

    def _collected(self, line: str) -> Collected:
        try:
            name, status, body = parsed_line(line)
        except ValueError as error:
            raise LlmError("The endpoint sent a result file that cannot be read.") from error
        if status != 200:
            said = text_in(object_in(body, "error"), "message") or text_in(body, "message")
            words = f": “{self._failures.without_key(said)[:240].rstrip('.')}”" if said else ""
            return Collected(name, None, f"The endpoint failed (HTTP {status}){words}.")
        try:
            return Collected(name, without_key(self._read(body), self._failures))
        except ReplyShapeError:
            return Collected(name, None, "The endpoint sent something that is not a reply.")

    def _batch(self, their: TheirBatch) -> Batch:
        # The library checks nothing: a server that knows no batches can answer anything.
        if not isinstance(their, TheirBatch) or not isinstance(their.id, str):
            raise LlmError(
                "This endpoint does not take batches.", hint="Run without a batch instead."
            )
        counts = their.request_counts
        errors = their.errors.data if their.errors and their.errors.data else []
        return Batch(
            id=their.id,
            state=batch_state(their.status),
            done=counts.completed + counts.failed if counts else 0,
            total=counts.total if counts else 0,
            output_file=their.output_file_id or "",
            error_file=their.error_file_id or "",
            trouble=self._failures.without_key(" ".join(one.message or "" for one in errors)),
        )
