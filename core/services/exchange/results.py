"""Results as JSON: what `asclepius results --json` prints and what leaves with an exported set."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.domain.plain import Plain
    from core.services.analysis.records import Cell, RespondentResult, Results
    from core.services.judging.records import JudgedFigure
    from core.statistics.proportions import Interval


def plain_results(results: Results, *, names_people: bool) -> Plain:
    """Return results as a JSON object; without names people are "Reader 1", "Reader 2", …."""
    people = [one.id for one in results.respondents if one.kind.value == "person"]
    return {
        "questions": results.question_count,
        "note": results.note,
        "respondents": [
            _row(one, "" if names_people or one.id not in people else _place(people, one.id))
            for one in results.respondents
        ],
        "judged": [plain_judged(one) for one in results.judged],
    }


def plain_judged(figure: JudgedFigure) -> Plain:
    """Return a judge's figure as a JSON object, with the whole judge beside it."""
    corrected = figure.corrected
    return {
        "run": figure.run,
        "name": figure.run_name,
        "format": figure.format.value,
        "judge": figure.judge.spec.name,
        "judge_specification": figure.judge.spec.to_plain(),
        "same_family": figure.is_same_family,
        "n": figure.n,
        "unscored": figure.unscored,
        "mean": figure.mean,
        "bounds": [figure.low, figure.high],
        "corrected": None if corrected is None else corrected.value,
        "corrected_interval": None if corrected is None else _interval(corrected.interval),
        "checked_by_physicians": 0 if corrected is None else corrected.checked,
    }


def _place(people: list[str], person: str) -> str:
    return f"Reader {people.index(person) + 1}"


def _row(row: RespondentResult, alias: str) -> Plain:
    identity = {"name": alias} if alias else {"id": row.id, "name": row.name}
    return identity | {
        "kind": row.kind.value,
        "overall": _cell(row.overall),
        "cells": [
            {"axis": axis.value, "value": value} | _cell(cell)
            for (axis, value), cell in row.cells.items()
        ],
    }


def _cell(cell: Cell) -> Plain:
    return {
        "n": cell.n,
        "correct": cell.correct,
        "accuracy": cell.accuracy,
        "interval": _interval(cell.interval),
        "states": {state.value: count for state, count in cell.states.items()},
        "reports": cell.report_count,
        "rouge_l": cell.rouge_l,
        "rouge_interval": _interval(cell.rouge_interval),
        "chance": cell.chance,
        "best_constant": cell.best_constant,
        "bounds": None if cell.bounds is None else list(cell.bounds),
        "mean_over_calls": cell.mean_credit,
        "beside": {name: {"mean": one.mean, "n": one.n} for name, one in cell.beside.items()},
    }


def _interval(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [interval.low, interval.high]
