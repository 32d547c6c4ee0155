"""Rules for the address of an endpoint."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from core.errors import ValidationError

_FIELD = "base_url"
_CHAT = "/chat/completions"


def normalize_base_url(text: str) -> str:
    """Return the address without what people paste along with it.

    Raises `ValidationError` when it is no http or https address, or carries a secret.
    """
    url = text.strip().rstrip("/").removesuffix(_CHAT)
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise _not_an_address(text) from error
    if parts.scheme not in ("http", "https") or not host or any(map(str.isspace, url)):
        raise _not_an_address(text)
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValidationError(
            "The base URL must not carry a name, a password or parameters.",
            field=_FIELD,
            hint="Put the API key into its own field; it is never stored in the workspace.",
        )
    return url


def is_loopback(base_url: str) -> bool:
    """Tell whether an address stays on this computer."""
    host = urlsplit(base_url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def address_warning(base_url: str) -> str:
    """Return why an address deserves a second look, or an empty string."""
    if urlsplit(base_url).scheme == "http" and not is_loopback(base_url):
        return (
            "The address begins with http://, so questions, images and the API key travel "
            "unencrypted. Use https:// unless this is a server in your own network."
        )
    return ""


def _not_an_address(text: str) -> ValidationError:
    return ValidationError(
        f"“{text.strip()[:80]}” is not the address of an endpoint.",
        field=_FIELD,
        hint="It looks like https://api.example.org/v1 or http://127.0.0.1:8000/v1.",
    )
