"""Connections to one endpoint: as many as there are calls at a time, each with its own client.

In one pool the library looks at every connection before and after each call; with 64 calls in
flight that is a third of the work of a run.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from heapq import heappop, heappush
from ssl import PROTOCOL_TLS_CLIENT, SSLContext
from urllib.parse import urlsplit

import httpx2
import openai

from core.llm.endpoint import is_loopback


class Lanes:
    """Lends a client to one call at a time; the first ones are used most."""

    def __init__(self, base_url: str, key: str, timeout_s: float | None) -> None:
        """`timeout_s` is the longest pause of an endpoint; None leaves it to the caller."""
        self._base_url = base_url
        self._key = key
        self._timeout_s = timeout_s
        # Without TLS nothing is verified; the list of authorities takes a while to load.
        has_tls = urlsplit(base_url).scheme == "https"
        self._verify = httpx2.create_ssl_context() if has_tls else SSLContext(PROTOCOL_TLS_CLIENT)
        self._clients: list[openai.AsyncOpenAI] = []
        self._free: list[int] = []

    @contextmanager
    def client(self) -> Iterator[openai.AsyncOpenAI]:
        """Give a client that nobody else has."""
        if self._free:
            number = heappop(self._free)
        else:
            number = len(self._clients)
            self._clients.append(self._make())
        try:
            yield self._clients[number]
        finally:
            heappush(self._free, number)

    async def close(self) -> None:
        """Give back connections."""
        for client in self._clients:
            await client.close()

    def _make(self) -> openai.AsyncOpenAI:
        # De-identified pictures still go only where the user said: redirects are refused, and a
        # proxy of the network does not stand between this program and a server beside it.
        http = openai.DefaultAsyncHttpxClient(
            verify=self._verify,
            follow_redirects=False,
            trust_env=not is_loopback(self._base_url),
        )
        return openai.AsyncOpenAI(
            base_url=self._base_url,
            api_key=self._key,
            max_retries=0,
            timeout=self._timeout_s,
            http_client=http,
        )
