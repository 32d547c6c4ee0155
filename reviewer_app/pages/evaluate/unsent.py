"""What was entered on the Evaluate page and is kept until it is submitted; never a key."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from core.errors import CoreError
from reviewer_app.pages.evaluate.run_form import RunForm, endpoint_from_plain, form_from_plain

if TYPE_CHECKING:
    from core.domain.plain import Plain
    from reviewer_app.pages.evaluate.endpoints_view import EndpointsView
    from reviewer_app.pages.evaluate.form import FormPanel
    from reviewer_app.pages.evaluate.prompts_view import PromptsView
    from reviewer_app.pages.evaluate.queue_presenter import QueuePresenter

_FORM: Final = ("evaluate", "form")
_QUEUE: Final = ("evaluate", "queue")
_PROMPTS: Final = ("evaluate", "prompts")
_ENDPOINTS: Final = ("evaluate", "endpoints")
_UNREADABLE: Final = (CoreError, AttributeError, KeyError, TypeError, ValueError)
"""An older version may have kept it otherwise."""


def unsent_form(form: RunForm, given: RunForm) -> dict[tuple[str, str], Plain]:
    """Return a form that differs from the one `given` by the program."""
    entered = form.without_key()
    return {} if entered == given else {_FORM: entered.to_plain()}


def unsent_rest(
    queue: QueuePresenter, prompts: PromptsView, endpoints: EndpointsView
) -> dict[tuple[str, str], Plain]:
    """Return waiting runs, prompts and endpoints that are not saved."""
    kept: dict[tuple[str, str], Plain] = {}
    waiting = queue.to_plain()
    if waiting is not None:
        kept[_QUEUE] = waiting
    if prompts.drafts:
        kept[_PROMPTS] = prompts.drafts
    if endpoints.drafts:
        kept[_ENDPOINTS] = {name: asdict(one) for name, one in endpoints.drafts.items()}
    return kept


def take_form(unsent: Mapping[tuple[str, str], Plain], form: FormPanel) -> None:
    """Fill in the form that was kept."""
    with suppress(*_UNREADABLE):
        if _FORM in unsent:
            form.show_form(form_from_plain(unsent[_FORM]))


def take_rest(
    unsent: Mapping[tuple[str, str], Plain],
    queue: QueuePresenter,
    prompts: PromptsView,
    endpoints: EndpointsView,
) -> None:
    """Take what `unsent_rest` told."""
    with suppress(*_UNREADABLE):
        if _PROMPTS in unsent:
            prompts.take_drafts(dict(unsent[_PROMPTS]))
    with suppress(*_UNREADABLE):
        if _ENDPOINTS in unsent:
            kept = unsent[_ENDPOINTS].items()
            endpoints.take_drafts({name: endpoint_from_plain(one) for name, one in kept})
    if _QUEUE in unsent:
        queue.take_plain(unsent[_QUEUE])
