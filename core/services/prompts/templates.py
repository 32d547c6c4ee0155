"""Prompt templates: the shipped ones, and those that a workspace keeps."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from core.errors import LlmError, ValidationError
from core.llm.prompts import Template, load_template, shipped_templates, template_from_plain

if TYPE_CHECKING:
    from core.domain.plain import Plain
    from core.services.blind_ports import BlindTransaction

_KNOWN: Final = "prompts"
_PREFIX: Final = "prompt:"


def find_template(tx: BlindTransaction, name: str) -> Template:
    """Return a template of this workspace or a shipped one; raise `LlmError` for no such name."""
    stored = tx.settings.get(_PREFIX + name)
    if not stored:
        return load_template(name)
    try:
        return template_from_plain(json.loads(stored), is_own=True)
    except (ValueError, ValidationError) as error:
        raise LlmError(
            f"The prompt “{name}” of this workspace cannot be read.", hint="Choose another prompt."
        ) from error


def all_templates(tx: BlindTransaction) -> tuple[Template, ...]:
    """Return the shipped templates, then those of this workspace, oldest first."""
    own = (find_template(tx, name) for name in own_names(tx))
    return (*shipped_templates(), *own)


def own_names(tx: BlindTransaction) -> tuple[str, ...]:
    """Return the names of the templates that this workspace keeps."""
    return tuple(tx.settings.get(_KNOWN).split("\n")) if tx.settings.get(_KNOWN) else ()


def keep_template(tx: BlindTransaction, data: Plain) -> None:
    """Store a template under its name, which must be free."""
    name = str(data["name"])
    tx.settings.set(_PREFIX + name, json.dumps(data, ensure_ascii=False))
    tx.settings.set(_KNOWN, "\n".join((*own_names(tx), name)))
