"""The connections to one endpoint.

The library's own aiohttp transport takes a call half the processor time of its usual one.
"""

from ssl import PROTOCOL_TLS_CLIENT, SSLContext
from typing import Final
from urllib.parse import urlsplit

import httpx2
import openai

from core.llm.endpoint import is_loopback

_AS_MANY_AS_CALLS: Final = httpx2.Limits(max_connections=0, max_keepalive_connections=None)
"""Zero is no limit here; how many calls are under way at a time is the caller's to say."""


def connected(base_url: str, key: str, timeout_s: float | None) -> openai.AsyncOpenAI:
    """Return a client that makes each call once.

    `timeout_s` is the longest pause of an endpoint; None leaves it to the caller.
    """
    # Without TLS nothing is verified; the list of authorities takes a while to load.
    has_tls = urlsplit(base_url).scheme == "https"
    # De-identified pictures still go only where the user said: redirects are refused, and a
    # proxy of the network does not stand between this program and a server beside it.
    http = openai.DefaultAioHttpClient(
        verify=httpx2.create_ssl_context() if has_tls else SSLContext(PROTOCOL_TLS_CLIENT),
        limits=_AS_MANY_AS_CALLS,
        follow_redirects=False,
        trust_env=not is_loopback(base_url),
    )
    return openai.AsyncOpenAI(
        base_url=base_url, api_key=key, max_retries=0, timeout=timeout_s, http_client=http
    )
