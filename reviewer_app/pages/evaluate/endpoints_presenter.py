"""What the Evaluate page knows about endpoints: the named ones of this user, their keys, a test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeVar

from PySide6.QtCore import QObject, Signal

from core import secrets
from core.errors import CoreError, ValidationError
from core.secrets import KeyOrigin
from core.services.evaluation.calls import offered_models
from core.services.evaluation.profiles import AllowedData, EndpointProfile
from core.services.evaluation.records import EndpointCheck
from reviewer_app.pages.evaluate.background import while_alive

if TYPE_CHECKING:
    from core.tasks import CancelToken, ProgressCallback
    from reviewer_app.context import AppContext

Value = TypeVar("Value")
_LOCAL: Final = AllowedData.LOCAL_ONLY

PRESETS: Final = (
    EndpointProfile("Ollama", "http://127.0.0.1:11434/v1", "", allowed=_LOCAL, concurrency=2),
    EndpointProfile("LM Studio", "http://127.0.0.1:1234/v1", "", allowed=_LOCAL, concurrency=2),
    EndpointProfile("vLLM", "http://127.0.0.1:8000/v1", "", allowed=_LOCAL, concurrency=32),
    EndpointProfile("llama.cpp", "http://127.0.0.1:8080/v1", "", allowed=_LOCAL, concurrency=2),
    EndpointProfile("OpenAI", "https://api.openai.com/v1", ""),
)
"""Addresses at which servers listen unless told otherwise; the model is for a person to name."""


@dataclass(frozen=True, slots=True)
class Tested:
    """How the test of an endpoint ended."""

    sentence: str
    has_answered: bool
    check: EndpointCheck | None = None


@dataclass(frozen=True, slots=True)
class Offered:
    """The models that an endpoint has, or why they are not known."""

    base_url: str
    names: tuple[str, ...] = ()
    trouble: str = ""


def models_of(profile: EndpointProfile, key: str) -> Offered:
    """Ask an endpoint which models it has; blocks."""
    try:
        calling = replace(profile.calling(), api_key=key.strip() or None)
        return Offered(profile.base_url, offered_models(profile.base_url, calling))
    except CoreError as error:
        return Offered(profile.base_url, trouble=str(error))


class EndpointsPresenter(QObject):
    """State of the named endpoints.

    Signals: `profiles_changed()`; `stored(str)`, a name; `refused(ValidationError)`, which field
    is wrong; `tested(Tested)`; `offered(Offered)`; `key_found(str, KeyOrigin)`, an address and
    where its key is.
    """

    profiles_changed = Signal()
    stored = Signal(str)
    refused = Signal(object)
    tested = Signal(object)
    offered = Signal(object)
    key_found = Signal(str, object)

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._evaluation = context.workspace.evaluation
        self.profiles: tuple[EndpointProfile, ...] = ()

    def refresh(self) -> None:
        """Read the list; a damaged one is told and counts as empty."""
        doing = self.tr("Reading the list of endpoints")
        found = self._context.operations.ask(doing, self._evaluation.profiles.all)
        self.profiles = tuple(found or ())
        self.profiles_changed.emit()

    def profile(self, name: str) -> EndpointProfile | None:
        """Return a profile by its name."""
        return next((one for one in self.profiles if one.name == name), None)

    def store(self, profile: EndpointProfile, key: str, *, before: str = "") -> None:
        """Keep a profile and put its key into the keyring; `before` is the name it had."""

        def work(
            _token: CancelToken, _report: ProgressCallback
        ) -> EndpointProfile | ValidationError:
            profiles = self._evaluation.profiles
            try:
                kept = profiles.put(profile)
            except ValidationError as error:
                return error  # said beside the field, not in the message bar
            if before and before != kept.name:
                profiles.remove(before)
            if key.strip():
                secrets.store_key(kept.base_url, key)
            return kept

        # A keyring may ask for its own password, and that takes a while.
        self._context.operations.ask_later(
            self.tr("Keeping the endpoint"),
            work,
            on_done=while_alive(self, self._take_stored),
            on_error=while_alive(self, lambda _: self.refresh()),
        )

    def _take_stored(self, result: EndpointProfile | ValidationError) -> None:
        self.refresh()
        if isinstance(result, ValidationError):
            self.refused.emit(result)
        else:
            self.stored.emit(result.name)
            self.find_key(result.base_url)

    def remove(self, name: str) -> None:
        """Drop a profile; its key stays in the keyring."""
        self._context.operations.ask(
            self.tr("Removing the endpoint"), lambda: self._evaluation.profiles.remove(name)
        )
        self.refresh()

    def find_key(self, base_url: str) -> None:
        """Find out where the key for an address would come from; it is never read out."""
        address = base_url.strip().rstrip("/")
        self._later(
            lambda _token, _report: secrets.key_origin(address) if address else KeyOrigin.NOWHERE,
            lambda origin: self.key_found.emit(address, origin),
        )

    def forget_key(self, base_url: str) -> None:
        """Remove the key for an address from the keyring."""
        address = base_url.strip().rstrip("/")
        self._context.operations.ask_later(
            self.tr("Removing the key"),
            lambda _token, _report: secrets.delete_key(address),
            on_done=while_alive(self, lambda _: self.find_key(address)),
        )

    def test(self, profile: EndpointProfile, key: str) -> None:
        """Ask the endpoint for one word, and whether it takes a picture."""

        def work(_token: CancelToken, _report: ProgressCallback) -> Tested:
            try:
                calling = replace(profile.calling(), api_key=key.strip() or None)
                check = self._evaluation.check_request(
                    profile.request(), calling, shows_picture=profile.takes_pictures
                )
            except CoreError as error:
                return Tested(str(error), has_answered=False)
            return Tested(self._test_words(check), has_answered=True, check=check)

        self._later(work, self.tested.emit)

    def find_models(self, profile: EndpointProfile, key: str) -> None:
        """Ask the endpoint which models it has."""
        self._later(lambda _token, _report: models_of(profile, key), self.offered.emit)

    def _test_words(self, check: EndpointCheck) -> str:
        words = self.tr("%1 answered in %2 s").replace("%1", check.llm)
        words = words.replace("%2", f"{check.elapsed_s:.1f}")
        if check.takes_pictures is None:
            return f"{words}."
        if check.takes_pictures:
            return self.tr("%1 and takes images.").replace("%1", words)
        return self.tr("%1 but refused an image: switch off “Takes images”.").replace("%1", words)

    def _later(
        self,
        work: Callable[[CancelToken, ProgressCallback], Value],
        take: Callable[[Value], object],
    ) -> None:
        self._context.operations.ask_later("", work, on_done=while_alive(self, take))
