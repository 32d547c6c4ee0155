"""The images of another question: what a model answers when the image does not belong."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from core.domain.body import BlindQuestion
from core.domain.ids import RevisionId
from core.domain.media import ImageUse
from core.domain.sampling import shuffled

Images = tuple[ImageUse, ...]


def donors(blinds: Iterable[BlindQuestion], *, seed: int) -> dict[RevisionId, Images]:
    """Return for each question with images those of another one, drawn by seed.

    Nobody keeps an image of their own; a question for which no stranger's image is left gets
    none. The draw depends on the set of questions, not on their order.
    """
    images = {blind.revision: blind.body.images for blind in blinds if blind.body.images}
    circle = shuffled(images, seed=seed, salt="swapped")
    found: dict[RevisionId, Images] = {}
    for place, own in enumerate(circle):
        others = (*circle[place + 1 :], *circle[:place])
        stranger = next((one for one in others if _are_strange(images[own], images[one])), None)
        if stranger is not None:
            found[own] = images[stranger]
    return found


def with_donor(blind: BlindQuestion, given: Mapping[RevisionId, Images]) -> BlindQuestion:
    """Return the question with the images of its donor; without one it has no image."""
    return replace(blind, body=replace(blind.body, images=given.get(blind.revision, ())))


def _are_strange(own: Images, other: Images) -> bool:
    return not {use.media for use in own} & {use.media for use in other}
