"""Words, icons and colors of runs and of what comes back from a language model."""

from PySide6.QtCore import QCoreApplication

from core.domain.answer import AnswerState
from core.domain.run import Condition, Run, RunStatus
from core.secrets import KeyOrigin
from core.services.evaluation_records import Preparation, RunSummary
from reviewer_app.widgets.score_looks import Look
from reviewer_app.wording import moment, question_count


def _tr(text: str) -> str:
    return QCoreApplication.translate("evaluate", text)


def condition_name(condition: Condition) -> str:
    """Return the name of a condition."""
    return {
        Condition.BOTH: _tr("Image and text"),
        Condition.TEXT: _tr("Text only"),
        Condition.IMAGE: _tr("Image only"),
        Condition.BLANK: _tr("Blank image (control)"),
        Condition.SWAPPED: _tr("Swapped image (control)"),
    }[condition]


def run_name(run: Run) -> str:
    """Return what a run is called among others: model, condition, start."""
    return f"{run.spec.llm} · {condition_name(run.spec.condition)} · {moment(run.created_at)}"


def state_look(state: AnswerState) -> Look:
    """Return how a state looks; none of them says right or wrong."""
    return {
        AnswerState.ANSWERED: Look(_tr("Answered"), "mdi6.check", "agreed"),
        AnswerState.CANNOT_TELL: Look(_tr("Cannot tell"), "mdi6.help", "waiting"),
        AnswerState.REFUSED: Look(_tr("Refused"), "mdi6.hand-back-left-outline", "conflict"),
        AnswerState.NO_ANSWER: Look(_tr("No answer found"), "mdi6.help-circle-outline", "waiting"),
        AnswerState.FAILED: Look(_tr("Failed"), "mdi6.close-octagon-outline", "error"),
        AnswerState.NOT_APPLICABLE: Look(_tr("Not applicable"), "mdi6.minus", "text_muted"),
    }[state]


def run_look(summary: RunSummary) -> Look:
    """Return how the standing of a run looks."""
    if summary.is_active:
        return Look(_tr("Running"), "mdi6.progress-clock", "note")
    if summary.run.status is RunStatus.FINISHED:
        return Look(_tr("Finished"), "mdi6.check-decagram", "agreed")
    if summary.run.status is RunStatus.RUNNING:
        # The program ended in the middle of it.
        return Look(_tr("Interrupted"), "mdi6.alert-outline", "conflict")
    return Look(_tr("Paused"), "mdi6.pause", "waiting")


def key_sentence(origin: KeyOrigin) -> str:
    """Return where the key comes from when none is entered."""
    return {
        KeyOrigin.KEYRING: _tr("A key for this address is in this computer's keyring."),
        KeyOrigin.ENVIRONMENT: _tr("The key comes from the environment."),
        KeyOrigin.NOWHERE: _tr("No key found. A server on this computer needs none."),
    }[origin]


def preparation_sentence(preparation: Preparation) -> str:
    """Return what would be sent, or was, in one line."""
    known = preparation.existing
    is_done = known is not None and not known.is_active and known.done == known.total
    asked = _tr("%1: all were sent") if is_done else _tr("%1 to send")
    parts = [asked.replace("%1", question_count(preparation.sendable))]
    if preparation.not_applicable:
        count = str(len(preparation.not_applicable))
        parts.append(_tr("%1 without an image, not applicable").replace("%1", count))
    if preparation.blocked:
        parts.append(_tr("%1 held back").replace("%1", str(len(preparation.blocked))))
    return " · ".join(parts)


def start_caption(preparation: Preparation | None, *, is_running: bool) -> str:
    """Return what the start button does now."""
    known = preparation.existing if preparation is not None else None
    if known is None:
        return _tr("Queue run (Ctrl+Enter)") if is_running else _tr("Start run (Ctrl+Enter)")
    if known.is_active:
        return _tr("Running")
    if known.done == known.total:
        return _tr("Already finished")
    return (
        _tr("Resume run (%1 of %2 done)")
        .replace("%1", str(known.done))
        .replace("%2", str(known.total))
    )


def duration(seconds: float) -> str:
    """Return a time span in words, coarse enough to be true."""
    if seconds < 60:
        return _tr("%1 s").replace("%1", str(round(seconds)))
    if seconds < 3600:
        return _tr("%1 min").replace("%1", str(round(seconds / 60)))
    hours, minutes = divmod(round(seconds / 60), 60)
    return _tr("%1 h %2 min").replace("%1", str(hours)).replace("%2", str(minutes))
