"""How much waits for a person on pages that are not loaded yet."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from core.domain.ids import PersonId
from core.domain.people import Role
from core.domain.queue import Queue
from core.domain.stage import Stage
from reviewer_app.context import AppContext


def count_waiting(context: AppContext, pages: Iterable[str]) -> dict[str, int]:
    """Return, for each of `pages` that can have work waiting, how much waits for me."""
    count = _counter(context)
    return {name: count(name) for name in pages if name in _COUNTS}


def landing_page(context: AppContext, pages: Sequence[str]) -> str:
    """Return the first of `pages` where work waits for me, else the way back or the first."""
    count = _counter(context)
    idle = "sendback" if "sendback" in pages else pages[0]
    return next((name for name in pages if name != "sendback" and count(name)), idle)


def _counter(context: AppContext) -> Callable[[str], int]:
    # Counting loads the service of a page, which would slow down every start.
    in_use = context.workspace.queues_in_use()

    def count(page: str) -> int:
        if page not in _COUNTS or (page in _QUEUES and _QUEUES[page] not in in_use):
            return 0
        return _COUNTS[page](context)

    return count


def _drafts(context: AppContext) -> int:
    me = context.me().id
    drafts = context.workspace.authoring.library(stage=Stage.DRAFT)
    return sum(1 for one in drafts if one.author == me and one.has_open_draft)


def _to_blind(context: AppContext) -> int:
    me = context.me()
    lines = context.workspace.blinding.waiting()
    return sum(1 for one in lines if one.author == me.id or me.has_role(Role.LEAD))


def _to_verify(context: AppContext) -> int:
    me = context.me()
    queue = len(context.workspace.verification.waiting(me.id))
    return queue + (_to_decide(context, me.id) if me.has_role(Role.ADJUDICATOR, Role.LEAD) else 0)


def _to_decide(context: AppContext, me: PersonId) -> int:
    lines = context.workspace.adjudication.board()
    return sum(
        1 for line in lines if line.is_unanimous or (line.is_complete and line.summary.author != me)
    )


def _to_read(context: AppContext) -> int:
    sittings = context.workspace.baseline.sittings(context.me().id)
    return sum(1 for one in sittings if not one.is_finished)


def _to_grade(context: AppContext) -> int:
    me = context.me()
    if not me.has_role(Role.VERIFIER, Role.ADJUDICATOR, Role.LEAD):
        return 0
    return sum(task.met is None for task in context.workspace.judging.tasks(me.id))


def _to_send(context: AppContext) -> int:
    return context.workspace.packages.work(context.me().id).unsent


_COUNTS: Final[dict[str, Callable[[AppContext], int]]] = {
    "author": _drafts,
    "blind": _to_blind,
    "verify": _to_verify,
    "baseline": _to_read,
    "judge": _to_grade,
    "sendback": _to_send,
}

_QUEUES: Final = {
    "author": Queue.DRAFTS,
    "blind": Queue.DRAFTS,
    "verify": Queue.VERIFICATION,
    "baseline": Queue.READING,
    "judge": Queue.GRADING,
}
