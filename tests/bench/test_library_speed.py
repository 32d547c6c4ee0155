"""How long a library of 100,000 questions takes to list and to search."""

import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from core.db.database import Database
from core.db.schema import create_schema
from core.domain.revision import Draft
from core.domain.stage import Stage
from tests.factories import (
    make_body,
    make_key,
    make_labels,
    make_person,
    make_question,
    ticking_clock,
)

QUESTIONS = 100_000
ROUNDS = 5
LIST_LIMIT_S = 1.0
SEARCH_LIMIT_S = 0.2

CONTEXT = "A patient with cough, fever and pain on the left side since three days. " * 3


def fill(path: Path) -> None:
    create_schema(path)
    database = Database(path, ticking_clock())
    author, labels, body, key = make_person(), make_labels(), make_body(), make_key()
    with database.write() as tx:
        tx.people.add(author)
        for number in range(1, QUESTIONS + 1):
            stage = Stage.VERIFIED if number % 2 else Stage.DRAFT
            question = make_question(author, number=number, stage=stage, labels=labels)
            stem = f"What does image {number} of this study show?"
            tx.questions.add(question)
            tx.drafts.put(
                Draft(question.id, replace(body, stem=stem, context=CONTEXT), key, labels)
            )
    database.close()


def median_s(call: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


@pytest.mark.bench
@pytest.mark.timeout(900)
def test_a_hundred_thousand_questions_are_listed_and_searched_quickly(tmp_path: Path) -> None:
    path = tmp_path / "workspace.db"
    start = time.perf_counter()
    fill(path)
    print(f"\nfill {QUESTIONS}: {time.perf_counter() - start:.1f} s")
    database = Database(path, ticking_clock())

    def look(search: str) -> Callable[[], int]:
        def count() -> int:
            with database.read() as tx:
                return len(tx.questions.summaries(search=search))

        return count

    assert look("image 54321")() == 1
    searches = {"one": "image 54321", "none": "nothing like it", "ten": "image 5432"}
    listed = median_s(look(""))
    searched = {name: median_s(look(words)) for name, words in searches.items()}
    database.close()

    print(f"list all {QUESTIONS}: {listed:.3f} s (n = {ROUNDS}, limit {LIST_LIMIT_S})")
    for name, seconds in searched.items():
        print(f"search, {name} found: {seconds:.3f} s (n = {ROUNDS}, limit {SEARCH_LIMIT_S})")
    assert listed < LIST_LIMIT_S
    assert max(searched.values()) < SEARCH_LIMIT_S
