"""How much waits for a person on pages that are not loaded yet."""

from collections.abc import Callable
from typing import Final

from core.domain.people import Role
from core.domain.stage import Stage
from reviewer_app.context import AppContext


def count_waiting(context: AppContext, pages: frozenset[str]) -> dict[str, int]:
    """Return, for each of `pages` that can have work waiting, how much waits for me."""
    return {name: count(context) for name, count in _COUNTS.items() if name in pages}


def _drafts(context: AppContext) -> int:
    me = context.me().id
    drafts = context.workspace.authoring.library(stage=Stage.DRAFT)
    return sum(1 for one in drafts if one.author == me and one.has_open_draft)


def _to_blind(context: AppContext) -> int:
    me = context.me()
    lines = context.workspace.blinding.waiting()
    return sum(1 for one in lines if one.author == me.id or me.has_role(Role.LEAD))


def _to_verify(context: AppContext) -> int:
    return len(context.workspace.verification.waiting(context.me().id))


def _to_read(context: AppContext) -> int:
    sittings = context.workspace.baseline.sittings(context.me().id)
    return sum(1 for one in sittings if not one.is_finished)


_COUNTS: Final[dict[str, Callable[[AppContext], int]]] = {
    "author": _drafts,
    "blind": _to_blind,
    "verify": _to_verify,
    "baseline": _to_read,
}
