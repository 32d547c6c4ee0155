"""The rules by which replies are read, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from core.services.readings.records import REASON, is_corrected

if TYPE_CHECKING:
    from core.domain.answer import Answer


def _tr(text: str) -> str:
    return QCoreApplication.translate("readings", text)


def reading_sentence(answer: Answer, corrector: str = "") -> str:
    """Return by which rule or by whom an answer was read; empty without a reply."""
    rule = answer.reading_rule
    if not rule:
        return ""
    if is_corrected(answer):
        words = _tr("Read by %1, because: %2") if corrector else _tr("Read by a person: %2")
        reason = str(answer.details.get(REASON, ""))
        return words.replace("%1", corrector).replace("%2", reason)
    known = {
        "whole reply": _tr("Rule: the reply is nothing but the answer."),
        "final line": _tr("Rule: the last line is the answer."),
        "first line": _tr("Rule: the first line is the answer."),
        "stated answer": _tr("Rule: words such as “the answer is” stand before it."),
        "stated final answer": _tr("Rule: “final answer” stands before it."),
        "under the heading": _tr("Rule: it stands under the heading for the answer."),
        "named as correct": _tr("Rule: one option is called correct."),
        "only number": _tr("Rule: it is the only number in the reply."),
        "structured answer": _tr("Rule: the field “answer” of the JSON in the reply."),
        "refusal": _tr("The reply begins with a refusal and holds no answer."),
        "refusal field": _tr("The endpoint marked the reply as a refusal."),
        "content filter": _tr("The endpoint withheld the reply (content filter)."),
        "cut off": _tr("The reply was cut off in the middle of its answer."),
        "empty reply": _tr("The reply was empty."),
        "no rule fits": _tr("No rule found one clear answer; nothing is guessed."),
    }
    return known.get(rule) or _tr("Rule: %1.").replace("%1", rule)
