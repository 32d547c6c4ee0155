"""Words, icons and colors of runs and of what comes back from a language model."""

from PySide6.QtCore import QCoreApplication

from core.domain.answer import AnswerState
from core.domain.run import Condition, Run, RunSpec, RunStatus
from core.secrets import KeyOrigin
from core.services.evaluation.profiles import AllowedData, Api, EndpointProfile
from core.services.evaluation.records import Preparation, RunSummary
from reviewer_app.pages.evaluate.run_form import RunForm
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
    """Return what a run is called among others: model, condition, setup, start."""
    parts = (run.spec.llm, asked_name(run.spec), moment(run.created_at))
    return " · ".join(parts)


def asked_name(spec: RunSpec) -> str:
    """Return condition and setup of a run in words."""
    return ", ".join((condition_name(spec.condition), *spec.setup.names))


def form_name(form: RunForm) -> str:
    """Return condition and setup of a run to be in words."""
    return ", ".join((condition_name(form.condition), *form.setup.names))


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


def money(value: float) -> str:
    """Return an amount, small ones with more digits."""
    if not value:
        return "0"
    return f"{value:,.2f}" if value >= 1 else f"{value:.4f}"


def span(low: float, high: float) -> str:
    """Return an interval of counts."""
    first, last = f"{round(low):,}", f"{round(high):,}"
    return first if first == last else f"{first} – {last}"


def question_place(number: int, place: int, total: int) -> str:
    """Return which question is shown out of how many; `place` counts from 0."""
    return (
        _tr("Question %1 (%2 of %3)")
        .replace("%1", str(number))
        .replace("%2", str(place + 1))
        .replace("%3", str(total))
    )


def endpoint_words(endpoint: EndpointProfile) -> str:
    """Return what is set up about an endpoint beside its address, in one line."""
    price = endpoint.price
    parts = [
        _tr("Responses API") if endpoint.api is Api.RESPONSES else "",
        _tr("reasoning effort %1").replace("%1", endpoint.effort) if endpoint.effort else "",
        _tr("structured replies") if endpoint.is_structured else "",
        _tr("replies in pieces") if endpoint.is_streaming else "",
        "" if endpoint.takes_pictures else _tr("takes no images"),
        _tr("local data only") if endpoint.allowed is AllowedData.LOCAL_ONLY else "",
        _tr("%1 in, %2 out per million tokens (%3)")
        .replace("%1", money(price.prompt))
        .replace("%2", money(price.completion))
        .replace("%3", price.date)
        if price.is_known
        else "",
    ]
    return " · ".join(part for part in parts if part)
