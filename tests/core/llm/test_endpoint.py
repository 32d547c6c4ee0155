"""Addresses of endpoints."""

import pytest

from core.errors import ValidationError
from core.llm.endpoint import address_warning, is_loopback, normalize_base_url


@pytest.mark.parametrize(
    ("text", "url"),
    [
        (" https://api.example.org/v1/ ", "https://api.example.org/v1"),
        ("http://127.0.0.1:8000/v1", "http://127.0.0.1:8000/v1"),
        ("https://a.b/v1/chat/completions", "https://a.b/v1"),
    ],
)
def test_address_is_trimmed_to_its_base(text: str, url: str) -> None:
    assert normalize_base_url(text) == url


@pytest.mark.parametrize(
    "text", ["", "api.example.org", "ftp://a.b", "https://", "http://a:x/v1", "http://a b/v1"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="not the address") as caught:
        normalize_base_url(text)
    assert caught.value.field == "base_url"


@pytest.mark.parametrize("text", ["https://me:pw@a.b/v1", "https://a.b/v1?key=1", "https://a.b/#x"])
def test_address_with_a_secret_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(ValidationError, match="must not carry") as caught:
        normalize_base_url(text)
    assert text not in str(caught.value)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "[::1]", "x.localhost"])
def test_loopback_is_known_and_needs_no_warning(host: str) -> None:
    assert is_loopback(f"http://{host}:80/v1")
    assert address_warning(f"http://{host}:80/v1") == ""


def test_plain_http_elsewhere_is_warned_about() -> None:
    assert "unencrypted" in address_warning("http://192.168.1.4/v1")
    assert not is_loopback("http://192.168.1.4/v1")
    assert address_warning("https://api.example.org/v1") == ""
