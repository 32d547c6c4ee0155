"""Which parts of a body are sent: both, text only, image only, or a control image."""

from collections.abc import Callable

from core.domain.body import Body
from core.domain.run import Condition
from core.llm.conditions.blank_image import blank_like

_NEED_AN_IMAGE = (Condition.IMAGE, Condition.BLANK, Condition.SWAPPED)


def applies(condition: Condition, body: Body) -> bool:
    """Tell whether a condition makes sense for a question; most need an image."""
    return bool(body.images) or condition not in _NEED_AN_IMAGE


def shows_text(condition: Condition) -> bool:
    """Tell whether stem and context are given."""
    return condition is not Condition.IMAGE


def shows_pictures(condition: Condition) -> bool:
    """Tell whether pictures are given."""
    return condition is not Condition.TEXT


def names_pictures(condition: Condition) -> bool:
    """Tell whether the text says which picture is which."""
    return shows_text(condition) and shows_pictures(condition)


def pictures_sent(
    condition: Condition, body: Body, draw: Callable[[Body], list[bytes]]
) -> tuple[bytes, ...]:
    """Return the PNG files that go with a body; `draw` makes its own ones."""
    if not shows_pictures(condition) or not body.images:
        return ()
    pictures = draw(body)
    if condition is Condition.BLANK:
        return tuple(blank_like(picture) for picture in pictures)
    return tuple(pictures)
