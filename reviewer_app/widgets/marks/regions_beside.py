"""Regions of several responses beside each other on the image they were asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from core.domain.body import Localization, Marked
from reviewer_app.widgets.answer_widgets.region import on_frames

if TYPE_CHECKING:
    from core.domain.body import Body, Response
    from reviewer_app.widgets.images.panel import ImagePanel


def show_regions(
    panel: ImagePanel, body: Body, named: Sequence[tuple[str, Response | None]]
) -> None:
    """Draw what responses marked, each under its name, read-only; other formats draw nothing.

    The panel shows the images of the body already. A name gives a region its color; one of them
    is better left empty, for regions that agree would write their names over each other.
    """
    asked = body.asked
    if not isinstance(asked, Localization) or asked.image >= len(body.images):
        return
    regions = [
        replace(region, label=name)
        for name, response in named
        if isinstance(response, Marked)
        for region in response.regions
    ]
    use = body.images[asked.image]
    panel.draw_marks(())
    panel.show_index(asked.image)
    panel.set_regions(asked.image, (*use.marks, *on_frames(regions, use.frames)))
