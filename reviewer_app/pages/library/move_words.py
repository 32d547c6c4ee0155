"""The words of each move: its button, what is asked before it, what it needs."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from reviewer_app.pages.library.moves import Move


def _tr(text: str) -> str:
    return QCoreApplication.translate("library", text)


@dataclass(frozen=True, slots=True)
class MoveWords:
    """What a screen says about a move; `question` and `hint` are empty where nothing is asked."""

    button: str
    icon: str
    tip: str
    confirm: str
    question: str = ""
    hint: str = ""


def words_of(move: Move) -> MoveWords:
    """Return the words of a move."""
    match move:
        case Move.RETURN:
            return MoveWords(
                _tr("Return to draft…"),
                "mdi6.undo-variant",
                _tr("Asks for a reason first"),
                _tr("Return to draft"),
                _tr("The author gets the question back with your reason. Why?"),
                _tr("One sentence the author can act on"),
            )
        case Move.RETIRE:
            return MoveWords(
                _tr("Retire…"),
                "mdi6.archive-outline",
                _tr("Asks for a reason first"),
                _tr("Retire"),
                _tr("A retired question is no longer used; its records stay. Why?"),
                _tr("For example: out of date"),
            )
        case Move.DELETE:
            return MoveWords(
                _tr("Delete… (Del)"),
                "mdi6.delete-outline",
                _tr("Moves it to the bin, from where it can be restored as it is"),
                _tr("Move to the bin"),
                _tr(
                    "In the bin it stays as it is until you restore it; no result changes. Why? "
                    "(You may leave this empty.)"
                ),
                _tr("For example: written twice"),
            )
        case Move.RESTORE:
            return MoveWords(
                _tr("Restore"),
                "mdi6.delete-restore",
                _tr("Puts it back to where it stood"),
                _tr("Restore"),
            )
