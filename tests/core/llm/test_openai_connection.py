"""What the connection does with servers that speak no HTTP, proxies and many calls at a time."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Barrier, Thread

import pytest

from core.llm.client import CallError, LlmReply, LlmRequest
from core.llm.openai_client import OpenAiClient
from tests.llm_server import LlmServer, Scripted, Seen

ASKED = LlmRequest("m", "", "text")
KEY = "sk-very-secret-0123456789"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@contextmanager
def bytes_server(sent: bytes) -> Iterator[str]:
    """Answer every connection with these bytes, then close it; yields the base URL."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    taken, _ = listening.accept()
                except OSError:  # closed: the test is over
                    return
                with taken:
                    taken.recv(1 << 16)
                    taken.sendall(sent)

        serving = Thread(target=serve, daemon=True)
        serving.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
        listening.shutdown(socket.SHUT_RDWR)
    serving.join()


def ask(base_url: str, *, calls: int = 1, rounds: int = 1) -> list[LlmReply]:
    """Make calls at the same time, several times in a row; return the replies of the last."""

    async def ask_all() -> list[LlmReply]:
        client = OpenAiClient(base_url, KEY, timeout_s=60)
        try:
            for _ in range(rounds):
                replies = await asyncio.gather(*(client.ask(ASKED) for _ in range(calls)))
            return replies
        finally:
            await client.close()

    return asyncio.run(ask_all())


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"SSH-2.0-OpenSSH\r\n",
        OK + b"Content-Length: abc\r\n\r\nhi",
        OK + b"Content-Length: 100\r\n\r\nhi",
        OK + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
        OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        OK + b"X-Long: " + b"a" * 20_000 + b"\r\n\r\n",
    ],
)
def test_what_is_no_http_is_a_connection_that_was_cut_not_time_that_ran_out(sent: bytes) -> None:
    with bytes_server(sent) as url, pytest.raises(CallError, match="cut the connection") as caught:
        ask(url)

    assert caught.value.is_retryable
    assert caught.value.may_cost


def test_more_calls_than_a_pool_has_by_itself_are_under_way_together() -> None:
    count = 120
    everybody = Barrier(count, timeout=60)

    def wait_for_all(_: Seen) -> Scripted:
        everybody.wait()
        return Scripted("A")

    with LlmServer(wait_for_all) as server:
        replies = ask(server.base_url, calls=count)

    assert [one.text for one in replies] == ["A"] * count


def test_connection_is_kept_for_the_next_call() -> None:
    with LlmServer() as server:
        ask(server.base_url, rounds=5)

        assert len(server.seen) == 5
        assert server.connections == 1


def test_proxy_of_the_network_stands_before_endpoints_elsewhere_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    with LlmServer() as server, LlmServer() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.base_url.removesuffix("/v1"))
        ask(server.base_url)
        ask("http://endpoint.invalid/v1")

        assert len(server.seen) == 1
        assert [one.headers["host"] for one in proxy.seen] == ["endpoint.invalid"]
