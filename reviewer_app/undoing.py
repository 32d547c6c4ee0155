"""Ctrl+Z and Ctrl+Shift+Z for decisions: what was undone is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.domain.decision import Decision
    from reviewer_app.context import AppContext

_CONTEXT = "Undoing"


def add_undo_keys(
    page: QWidget, undo: Callable[[], object], redo: Callable[[], object]
) -> list[QShortcut]:
    """Give a page the keys of undo and redo; a text with the focus keeps them for itself."""
    made = []
    for keys, slot in (("Ctrl+Z", undo), ("Ctrl+Shift+Z", redo), ("Ctrl+Y", redo)):
        shortcut = QShortcut(QKeySequence(keys), page)  # also of images in their own window
        shortcut.activated.connect(lambda slot=slot: slot())
        made.append(shortcut)
    return made


def undo_decision(context: AppContext) -> bool:
    """Take my newest decision back and say which; False when there was none or it was refused."""
    service, me = context.workspace.undo, context.me().id
    if context.operations.ask(_tr("Undoing"), lambda: service.next_undo(me)) is None:
        context.messages.note(_tr("There is no decision of yours to undo."))
        return False
    done = context.operations.perform(_tr("Undoing"), lambda: service.undo(me))
    if done is None:
        return False
    text = _tr("Undone: %1. Ctrl+Shift+Z makes it again.")
    context.messages.done(text.replace("%1", _describe(context, done)))
    return True


def redo_decision(context: AppContext) -> bool:
    """Make the decision undone last again and say which; False like `undo_decision`."""
    service, me = context.workspace.undo, context.me().id
    if context.operations.ask(_tr("Making it again"), lambda: service.next_redo(me)) is None:
        context.messages.note(_tr("There is nothing to make again."))
        return False
    done = context.operations.perform(_tr("Making it again"), lambda: service.redo(me))
    if done is None:
        return False
    text = _tr("Made again: %1. Ctrl+Z takes it back.")
    context.messages.done(text.replace("%1", _describe(context, done)))
    return True


def _describe(context: AppContext, decision: Decision) -> str:
    from core.domain.decision import DecisionKind

    whats = {
        DecisionKind.ACCEPT: _tr("accepting %1"),
        DecisionKind.ADJUDICATE: _tr("the decision on %1"),
        DecisionKind.RETURN: _tr("returning %1 to draft"),
        DecisionKind.RETIRE: _tr("retiring %1"),
        DecisionKind.APPROVE: _tr("the approval of %1"),
        DecisionKind.BIN: _tr("deleting %1"),
        DecisionKind.RESTORE: _tr("restoring %1 from the bin"),
    }
    if len(decision.moves) == 1:
        question = context.workspace.authoring.question(decision.moves[0].question)
        which = _tr("question %1").replace("%1", str(question.number))
    else:
        which = _tr("%1 questions").replace("%1", str(len(decision.moves)))
    return whats[decision.kind].replace("%1", which)


def _tr(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)
