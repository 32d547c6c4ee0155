"""The right region and the one that was drawn, beside each other on the image."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from core.domain.body import Localization, Marked
from core.domain.key import right_response
from reviewer_app.widgets.answer_widgets.region import on_frames

if TYPE_CHECKING:
    from core.domain.body import BlindQuestion, Response
    from core.domain.region import Region
    from core.services.verification import Revealed
    from reviewer_app.widgets.image_panel import ImagePanel


def show_right_regions(panel: ImagePanel, blind: BlindQuestion, revealed: Revealed) -> None:
    """Draw the key and the answer on the image, named and read-only; other formats show nothing."""
    asked = blind.body.asked
    if not isinstance(asked, Localization) or asked.image >= len(blind.body.images):
        return
    translate = QCoreApplication.translate
    named = (
        (translate("responses", "right"), right_response(revealed.key)),
        (translate("responses", "your answer"), revealed.answer.response),
    )
    regions = [
        replace(region, label=name) for name, response in named for region in _regions(response)
    ]
    panel.ask_for_regions(())
    panel.show_index(asked.image)
    panel.set_regions(asked.image, on_frames(regions, blind.body.images[asked.image].frames))


def _regions(response: Response | None) -> tuple[Region, ...]:
    return response.regions if isinstance(response, Marked) else ()
