"""A response in words, as a reader would say it."""

from typing import assert_never

from core.domain.body import (
    Asked,
    Chosen,
    Marked,
    Measured,
    Numeric,
    Ranked,
    Response,
    Written,
    options_of,
)
from core.domain.marks import regions_text


def response_words(asked: Asked, response: Response) -> str:
    """Return a response in words; options by their text, in the author's order."""
    match response:
        case Chosen(options):
            texts = [option.text for option in options_of(asked) if option.id in options]
            return "; ".join(texts) or "nothing chosen"
        case Ranked(order):
            names = {option.id: option.text for option in options_of(asked)}
            return " > ".join(names.get(one, "?") for one in order)
        case Marked(regions):
            return regions_text(regions)
        case Written(text):
            return text
        case Measured(value, unit):
            asked_unit = asked.unit if isinstance(asked, Numeric) else ""
            return f"{value} {unit or asked_unit}".strip()
        case _:
            assert_never(response)
