"""Small JSON files that carry their own checksum, so that a changed byte shows."""

import json
from typing import Final

from core.domain.plain import Plain, canonical_json, sha256_of
from core.errors import ValidationError

SEAL: Final = "seal"


def sealed_text(facts: Plain) -> str:
    """Return the text of a file that holds these facts and their checksum."""
    return canonical_json(facts | {SEAL: sha256_of(facts)}) + "\n"


def read_sealed(data: bytes) -> Plain:
    """Return the facts; raise `ValidationError` when any byte differs from what was written."""
    try:
        facts = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise ValidationError("It is no readable JSON.", field=SEAL) from error
    if not isinstance(facts, dict):
        raise ValidationError("It is no JSON object.", field=SEAL)
    facts.pop(SEAL, None)
    try:
        is_whole = sealed_text(facts).encode() == data
    except (ValueError, RecursionError) as error:  # a lone surrogate, spelled as an escape
        raise ValidationError("It holds a broken character.", field=SEAL) from error
    if not is_whole:
        raise ValidationError("It was changed after it was written.", field=SEAL)
    return facts
