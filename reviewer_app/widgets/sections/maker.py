"""Makes the sections of one direction beside the UI thread; the newest wish wins."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Final, NamedTuple

from PySide6.QtCore import QObject, QTimer

from core.errors import Cancelled, CoreError
from core.imaging.mpr.sections import Direction, Section, Slab, section
from core.imaging.mpr.volume import Volume
from core.tasks import CancelToken
from reviewer_app.widgets.images.loader import ImageLoader, Urgency

_REST_MS: Final = 80
"""A hand that has not moved for so long gets the fine picture."""
_QUICK_MS: Final = 15.0
_SLOW_MS: Final = 100.0
_COARSE: Final = (1, 2, 3, 4)
"""Twice as coarse are four times fewer pixels, and in a slab half as many samples of each."""


class Wish(NamedTuple):
    """A section to make."""

    at_mm: float
    slab_mm: float
    slab: Slab


class Made(NamedTuple):
    """A section, how many times coarser than fine, and how long it took."""

    section: Section
    coarse: int
    spent_ms: float


class SectionMaker(QObject):
    """Answers `wish` by `on_made`, coarse ones first where fine ones are slow and a hand moves."""

    def __init__(
        self,
        direction: Direction,
        on_made: Callable[[Made], None],
        on_error: Callable[[CoreError], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._direction = direction
        self._on_made = on_made
        self._on_error = on_error
        self._loader = ImageLoader(self)
        self._volume: Volume | None = None
        self._wish: Wish | None = None
        self._asked: tuple[Wish, int] | None = None
        self._stop = CancelToken()
        self._under_way = 0
        self._number = self._newest = 0
        self._costs_ms: dict[bool, float] = {False: 0.0, True: _SLOW_MS}
        """What a fine section took, thin ones and slabs; slabs are slow until proven quick."""
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._ask)

    def set_volume(self, volume: Volume | None) -> None:
        """Make sections of another volume from now on; None forgets everything."""
        self._loader.forget()
        self._stop.cancel()
        self._volume = volume
        self._wish = self._asked = None
        self._under_way = 0
        self._newest = self._number
        self._rest.stop()

    def wish(self, wish: Wish) -> None:
        """Ask for a section; what was asked before and not begun is dropped."""
        if wish == self._wish:
            return
        if self._wish is not None:
            self._rest.start()
        self._wish = wish
        self._ask()

    def is_settled(self) -> bool:
        """Tell whether the fine section of the last wish was made."""
        return self._under_way == 0 and (self._wish is None or self._asked == (self._wish, 1))

    def _ask(self) -> None:
        if self._volume is None or self._wish is None:
            return
        wanted = self._wish, self._coarseness()
        if wanted == self._asked:
            return
        if self._under_way:
            # A fine section that takes long does not hold up the coarse ones of a moving hand.
            if self._asked is not None and self._asked[1] < wanted[1]:
                self._stop.cancel()
            return
        self._asked, self._stop = wanted, CancelToken()
        self._under_way += 1
        self._number += 1
        work = partial(_made, self._volume, self._direction, *wanted, self._stop)
        # Two sections follow a moving hand at once: the window waits for neither.
        self._loader.ask(
            work, partial(self._on_ready, self._number), self._on_refused, Urgency.OTHER_IMAGE
        )

    def _coarseness(self) -> int:
        assert self._wish is not None  # noqa: S101 - asked only with a wish
        is_thick = self._wish.slab_mm > 0
        cost, saves = self._costs_ms[is_thick], 3 if is_thick else 2
        if not self._rest.isActive():
            return 1
        return next((one for one in _COARSE if cost / one**saves < _QUICK_MS), _COARSE[-1])

    def _on_ready(self, number: int, made: Made | None) -> None:
        self._under_way -= 1
        if made is None:
            self._ask()
            return
        if made.coarse == 1 and self._wish is not None:
            self._costs_ms[self._wish.slab_mm > 0] = made.spent_ms
        if number > self._newest:
            self._newest = number
            self._on_made(made)
        self._ask()

    def _on_refused(self, error: CoreError) -> None:
        self._under_way -= 1
        self._on_error(error)


def _made(
    volume: Volume, direction: Direction, wish: Wish, coarse: int, stop: CancelToken
) -> Made | None:
    """Make one section, None when it was stopped; runs beside the UI thread."""
    started = time.perf_counter()
    try:
        found = section(
            volume,
            direction,
            wish.at_mm,
            slab_mm=wish.slab_mm,
            slab=wish.slab,
            coarse=coarse,
            on_part=stop.raise_if_cancelled,
        )
    except Cancelled:
        return None
    return Made(found, coarse, (time.perf_counter() - started) * 1000)
