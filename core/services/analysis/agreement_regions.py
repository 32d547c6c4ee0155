"""Agreement of verifiers on regions: how far what they marked overlaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from statistics import fmean
from typing import TYPE_CHECKING

from core.domain.body import Localization, Marked
from core.services.analysis.records import REGIONS_AGREE, RegionAgreement

if TYPE_CHECKING:
    from core.domain.answer import Answer
    from core.domain.body import Asked
    from core.domain.ids import RevisionId
    from core.domain.region import Region
    from core.domain.revision import Revision

_Marks = dict[str, Sequence["Region"]]
"""The regions of each verifier, those of the first answer."""


def region_agreement(
    answers: Sequence[Answer], revisions: Mapping[RevisionId, Revision], seed: int
) -> RegionAgreement | None:
    """Return how far regions of the same question overlap; None where nobody was asked for any."""
    from core.statistics.agreement import mean_agreement

    marks: dict[RevisionId, _Marks] = {}
    for one in answers:
        if not isinstance(revisions[one.revision].body.asked, Localization):
            continue
        of_question = marks.setdefault(one.revision, {})
        if isinstance(one.response, Marked) and one.response.regions:
            of_question.setdefault(one.respondent.id, one.response.regions)
    if not marks:
        return None
    pairs = [
        found
        for revision, given in marks.items()
        if (found := _overlaps(given, revisions[revision].body.asked))
    ]
    return RegionAgreement(
        questions=len(pairs),
        answers=sum(map(len, marks.values())),
        meeting=mean_agreement(
            [fmean(iou >= REGIONS_AGREE for iou, _ in one) for one in pairs], seed=seed
        ),
        iou=mean_agreement([fmean(iou for iou, _ in one) for one in pairs], seed=seed),
        dice=mean_agreement([fmean(dice for _, dice in one) for one in pairs], seed=seed),
    )


def _overlaps(given: _Marks, asked: Asked) -> list[tuple[float, float]]:
    """Return IoU and Dice of every pair of verifiers."""
    from core.scoring.localization import overlap

    if not isinstance(asked, Localization) or not asked.width or not asked.height:
        return []
    figures = (overlap(first, second, asked) for first, second in combinations(given.values(), 2))
    return [(one["iou"], one["dice"]) for one in figures if one is not None]
