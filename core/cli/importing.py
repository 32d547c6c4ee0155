"""What the commands that import share: how they are run, and how findings in a file are told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from core.cli.commands import open_for_reading, open_for_writing
from core.cli.terminal import cancelled_by_keyboard, count_of

if TYPE_CHECKING:
    from pathlib import Path

    from core.tasks import CancelToken
    from core.workspace import Workspace

MAX_LINES: Final = 40
"""Lines of one kind on a screen; --json gives all."""

Report = TypeVar("Report")


class Found(Protocol):
    """Where something was found in a file, and a sentence on what."""

    @property
    def where(self) -> str:
        """File, row, field."""

    @property
    def sentence(self) -> str:
        """What is wrong."""


def run_import(
    path: Path, work: Callable[[Workspace, CancelToken], Report], *, is_dry_run: bool
) -> Report:
    """Open the workspace, for reading where nothing is to be added, and do the work."""
    opened = open_for_reading if is_dry_run else open_for_writing
    with opened(path) as workspace, cancelled_by_keyboard() as cancel:
        return work(workspace, cancel)


def found_plain(found: Iterable[Found]) -> list[dict[str, str]]:
    """Return findings for JSON."""
    return [{"where": one.where, "sentence": one.sentence} for one in found]


def refusal(problems: Sequence[object]) -> str:
    """Return the sentence for stderr when problems kept everything out; empty without any."""
    if not problems:
        return ""
    more = len(problems) - 1
    ending = f" ({count_of(more, 'more problem')}; nothing was imported.)"
    return f"{problems[0]}{ending if more else ' (Nothing was imported.)'}"


def some(lines: Iterable[object]) -> list[str]:
    """Return as many lines as a screen takes, and how many more there are."""
    texts = [str(line) for line in lines]
    more = len(texts) - MAX_LINES
    return texts if more <= 0 else [*texts[:MAX_LINES], f"… and {more} more (--json lists all)."]
