"""Named endpoints of this user: address, model, price and limits in a file; the key is not there.

The file belongs to the user and not to a workspace, which travels to others. The key stays in
the system keyring, under the base URL.
"""

from __future__ import annotations

import json
import os
import socket
import tempfile
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from core.domain.plain import Plain, object_at, text_at
from core.domain.run import Condition
from core.errors import LlmError, NotFoundError, StorageError, ValidationError
from core.llm.budget import Price
from core.llm.client import Api
from core.llm.endpoint import is_loopback, normalize_base_url
from core.llm.pace import RateLimit
from core.services.evaluation.records import Calling, RunRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["AllowedData", "Api", "EndpointProfile", "EndpointProfiles", "Price", "RateLimit"]

_MOST_CALLS: Final = 256


class AllowedData(StrEnum):
    """Where an endpoint may be, so that it may be sent questions and images."""

    ANY = "any"
    LOCAL_ONLY = "local_only"
    """On this computer or in a private network."""


@dataclass(frozen=True, slots=True)
class EndpointProfile:
    """A named endpoint and how it is asked."""

    name: str
    base_url: str
    llm: str
    api: Api = Api.CHAT
    effort: str = ""
    is_structured: bool = False
    takes_pictures: bool = True
    allowed: AllowedData = AllowedData.ANY
    concurrency: int = 8
    price: Price = Price()
    rate: RateLimit = RateLimit()
    is_streaming: bool = False
    """Whether replies come in pieces, which times the first one."""

    def request(self, condition: Condition = Condition.BOTH) -> RunRequest:
        """Return a run of this endpoint."""
        return RunRequest(
            self.llm,
            self.base_url,
            condition,
            temperature=None if self.effort else 0.0,
            api=self.api,
            effort=self.effort,
            is_structured=self.is_structured,
            takes_pictures=self.takes_pictures,
        )

    def calling(self) -> Calling:
        """Return how to reach it; raise `LlmError` when data must not go there."""
        self.require_allowed()
        return Calling(
            concurrency=self.concurrency,
            price=self.price,
            rate=self.rate,
            is_streaming=self.is_streaming,
        )

    def require_allowed(self) -> None:
        """Raise `LlmError` when the address is not where data may go."""
        if self.allowed is AllowedData.LOCAL_ONLY and not is_local(self.base_url):
            raise LlmError(
                f"The endpoint “{self.name}” is not in this network, and it was set up for "
                "local data only.",
                hint="Check its base URL, or allow any address in its settings.",
            )


class EndpointProfiles:
    """The profiles in one JSON file; it is written whole or not at all."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def all(self) -> list[EndpointProfile]:
        """Return all profiles by name; raise `StorageError` when the file is damaged."""
        try:
            data = json.loads(self._file.read_text(encoding="utf-8"))
            profiles = [_profile(one) for one in data["endpoints"]]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, TypeError, KeyError, ValidationError) as error:
            raise StorageError(
                f"The list of endpoints in {self._file} cannot be read.",
                hint="Rename the file; the endpoints can be entered again.",
            ) from error
        return sorted(profiles, key=lambda one: one.name.casefold())

    def get(self, name: str) -> EndpointProfile:
        """Return one profile; raise `NotFoundError` naming those that are there."""
        known = self.all()
        for one in known:
            if one.name == name:
                return one
        names = ", ".join(one.name for one in known)
        raise NotFoundError(
            f"There is no endpoint “{name}”.",
            hint=f"There are: {names}." if names else "Add one with `asclepius endpoints`.",
        )

    def put(self, profile: EndpointProfile) -> EndpointProfile:
        """Store a profile, replacing the one of its name; return it as it was stored."""
        kept = _checked(profile)
        self._write([*(one for one in self.all() if one.name != kept.name), kept])
        return kept

    def remove(self, name: str) -> None:
        """Drop a profile; its key stays in the keyring."""
        self.get(name)
        self._write([one for one in self.all() if one.name != name])

    def _write(self, profiles: Sequence[EndpointProfile]) -> None:
        text = json.dumps({"endpoints": [asdict(one) for one in profiles]}, indent=2)
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            handle, aside = tempfile.mkstemp(prefix=".writing-", dir=self._file.parent)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text + "\n")
            os.replace(aside, self._file)
        except OSError as error:
            raise StorageError(
                f"The list of endpoints could not be written to {self._file}: "
                f"{error.strerror or error}.",
                hint="Check that the disk is not full and that you may write there.",
            ) from error


def is_local(base_url: str) -> bool:
    """Tell whether an address is on this computer or in a private network."""
    if is_loopback(base_url):
        return True
    host = urlsplit(base_url).hostname or ""
    try:
        found = {str(one[4][0]) for one in socket.getaddrinfo(host, None)}
    except OSError:
        return False
    return bool(found) and all(ip_address(one.split("%")[0]).is_private for one in found)


def _checked(profile: EndpointProfile) -> EndpointProfile:
    kept = replace(
        profile,
        name=profile.name.strip(),
        llm=profile.llm.strip(),
        base_url=normalize_base_url(profile.base_url),
    )
    if not kept.name:
        raise ValidationError("Name the endpoint.", field="name")
    if not kept.llm:
        raise ValidationError("Name the language model to ask.", field="llm")
    if not 1 <= kept.concurrency <= _MOST_CALLS:
        raise ValidationError(f"Calls at a time: 1 to {_MOST_CALLS}.", field="concurrency")
    if min(kept.price.prompt, kept.price.completion) < 0:
        raise ValidationError("A price is not below 0.", field="price")
    if min(kept.rate.requests, kept.rate.tokens) < 0:
        raise ValidationError("A limit is not below 0.", field="rate")
    return kept


def _profile(data: Plain) -> EndpointProfile:
    price, rate = object_at(data, "price"), object_at(data, "rate")
    return EndpointProfile(
        name=text_at(data, "name"),
        base_url=text_at(data, "base_url"),
        llm=text_at(data, "llm"),
        api=Api(data["api"]),
        effort=text_at(data, "effort"),
        is_structured=bool(data["is_structured"]),
        takes_pictures=bool(data["takes_pictures"]),
        allowed=AllowedData(data["allowed"]),
        concurrency=int(data["concurrency"]),
        price=Price(float(price["prompt"]), float(price["completion"]), text_at(price, "date")),
        rate=RateLimit(int(rate["requests"]), int(rate["tokens"])),
        is_streaming=bool(data.get("is_streaming", False)),
    )
