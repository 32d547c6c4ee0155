"""Agreement of verifiers on verdicts, gates and blind answers."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TYPE_CHECKING

from core.domain.answer import Answer, AnswerState, Occasion
from core.domain.body import Asked, Chosen, Ranked, Ranking, SingleChoice, YesNo, options_of
from core.domain.ids import PersonId, RevisionId
from core.domain.revision import Revision
from core.domain.verification import WANTED_AGREEMENT, Gate, Rating, Verdict, Verification
from core.services.analysis.agreement_regions import region_agreement
from core.services.analysis.records import AgreementLine, AgreementSummary

if TYPE_CHECKING:
    from core.services.ports import Transaction
    from core.statistics.agreement import Agreement

_First = dict[tuple[RevisionId, PersonId], Verification]


def summarize(tx: Transaction, *, seed: int) -> AgreementSummary:
    """Return agreement over the current revisions that were verified at least once."""
    revisions = {one.id: one for one in tx.revisions.current()}
    first: _First = {}
    for one in tx.verifications.all():
        if one.revision in revisions:
            first.setdefault((one.revision, one.verifier), one)
    blind = [
        one for one in tx.answers.for_occasion(Occasion.VERIFICATION) if one.revision in revisions
    ]
    verdicts = _line("Verdicts", first, tuple(Verdict), lambda one: one.verdict, seed)
    wanted = _wanted_level(tx.settings.get("wanted_agreement"))
    return AgreementSummary(
        verdicts=verdicts,
        gates=tuple(
            _line(gate.display_name, first, tuple(Rating), _rating_of(gate), seed) for gate in Gate
        ),
        answers=_answer_lines(blind, revisions, seed),
        regions=region_agreement(blind, revisions, seed),
        wanted=wanted,
        verifier_count=len({verifier for _, verifier in first}),
        reading=_reading(verdicts.agreement, wanted),
    )


def _line(
    name: str,
    first: _First,
    categories: Sequence[Hashable],
    rating: Callable[[Verification], Hashable | None],
    seed: int,
) -> AgreementLine:
    rated = {place: rating(one) for place, one in first.items()}
    return AgreementLine(name, _assess(rated, categories, seed))


def _assess(
    rated: dict[tuple[RevisionId, PersonId], Hashable | None],
    categories: Sequence[Hashable],
    seed: int,
) -> Agreement:
    from core.statistics.agreement import assess

    revisions = list(dict.fromkeys(revision for revision, _ in rated))
    raters = sorted({rater for _, rater in rated})
    table = [[rated.get((revision, rater)) for rater in raters] for revision in revisions]
    return assess(table, categories, seed=seed)


def _rating_of(gate: Gate) -> Callable[[Verification], Hashable | None]:
    def rating(one: Verification) -> Hashable | None:
        return next((rated.rating for rated in one.gates if rated.gate is gate), None)

    return rating


def _answer_lines(
    answers: Sequence[Answer], revisions: dict[RevisionId, Revision], seed: int
) -> tuple[AgreementLine, ...]:
    lines = []
    for name, part in (("Single choice", SingleChoice), ("Yes/no", YesNo)):
        of_format = [one for one in answers if isinstance(_asked(revisions, one), part)]
        if of_format:
            agreement = _assess_answers(of_format, revisions, seed)
            lines.append(AgreementLine(f"Blind answers: {name.lower()}", agreement))
    orders = [one for one in answers if isinstance(_asked(revisions, one), Ranking)]
    if orders:
        agreement = _assess_orders(orders, revisions, seed)
        lines.append(AgreementLine("Blind answers: ranking", agreement))
    return tuple(lines)


def _assess_orders(
    answers: Iterable[Answer], revisions: dict[RevisionId, Revision], seed: int
) -> Agreement:
    """Assess whole orders, as letters in the author's order; those given are the categories.

    There are k! orders of k options, and most are never given.
    """
    rated: dict[tuple[RevisionId, PersonId], Hashable | None] = {}
    for one in answers:
        order = _order(_asked(revisions, one), one)
        rated.setdefault((one.revision, PersonId(one.respondent.id)), order)
    given = {str(order) for order in rated.values() if order is not None}
    return _assess(rated, sorted(given), seed)


def _order(asked: Asked, answer: Answer) -> str | None:
    response = answer.response
    if answer.state is not AnswerState.ANSWERED or not isinstance(response, Ranked):
        return None
    ids = [option.id for option in options_of(asked)]
    return "".join(chr(ord("A") + ids.index(one)) for one in response.order if one in ids)


def _assess_answers(
    answers: Iterable[Answer], revisions: dict[RevisionId, Revision], seed: int
) -> Agreement:
    """Assess the places of the chosen options, as letters in the author's order."""
    rated: dict[tuple[RevisionId, PersonId], Hashable | None] = {}
    places: set[str] = set()
    for one in answers:
        asked = _asked(revisions, one)
        places.update(_letters(asked))
        rated.setdefault((one.revision, PersonId(one.respondent.id)), _letter(asked, one))
    return _assess(rated, sorted(places), seed)


def _asked(revisions: dict[RevisionId, Revision], answer: Answer) -> Asked:
    return revisions[answer.revision].body.asked


def _letters(asked: Asked) -> list[str]:
    if isinstance(asked, YesNo):
        return [option.text for option in asked.options]
    return [chr(ord("A") + place) for place in range(len(options_of(asked)))]


def _letter(asked: Asked, answer: Answer) -> str | None:
    response = answer.response
    if answer.state is not AnswerState.ANSWERED or not isinstance(response, Chosen):
        return None
    ids = [option.id for option in options_of(asked)]
    chosen = [ids.index(one) for one in response.options if one in ids]
    return _letters(asked)[chosen[0]] if len(chosen) == 1 else None


def _wanted_level(stored: str) -> float:
    try:
        return float(stored) if stored else WANTED_AGREEMENT
    except ValueError:
        return WANTED_AGREEMENT


def _reading(agreement: Agreement, wanted: float) -> str:
    """Say which measures reach the wanted level; no single one decides."""
    measures = {
        "percent agreement": agreement.percent.value,
        "Krippendorff's alpha": agreement.krippendorff_alpha.value,
        "Gwet's AC1": agreement.gwet_ac1.value,
    }
    if agreement.percent.value is None:
        return "No question has two verdicts yet."
    reached = [name for name, value in measures.items() if value is not None and value >= wanted]
    missed = [name for name, value in measures.items() if value is not None and value < wanted]
    undefined = [name for name, value in measures.items() if value is None]
    sentences = [
        f"{words}: {', '.join(names)}."
        for words, names in (
            (f"At the wanted {wanted:.2f} or above", reached),
            (f"Below the wanted {wanted:.2f}", missed),
            ("Not defined, for every rating is the same", undefined),
        )
        if names
    ]
    return " ".join(sentences)
