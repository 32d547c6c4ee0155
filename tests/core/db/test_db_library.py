"""The lines of the library follow every change and are searched quickly."""

from dataclasses import replace

import pytest

from core.db.database import Database
from core.domain.body import AnswerFormat, Body, SingleChoice
from core.domain.media import ImageUse
from core.domain.question import QuestionSummary
from core.domain.source import Source
from core.domain.stage import Stage
from tests.factories import (
    make_answer,
    make_body,
    make_draft,
    make_labels,
    make_media,
    make_options,
    make_person,
    make_question,
    make_revision,
    make_verification,
    person_respondent,
    with_revision,
)
from tests.stored import store_question


def only_line(database: Database) -> QuestionSummary:
    with database.read() as tx:
        (line,) = tx.questions.summaries()
    return line


def store_body(database: Database, body: Body) -> None:
    with database.write() as tx:
        author = make_person(f"Demo Author {tx.questions.next_number()}")
        tx.people.add(author)
        question = make_question(author, number=tx.questions.next_number())
        store_question(
            tx, author=author, question=question, revision=make_revision(question, body=body)
        )


def test_a_line_tells_what_the_current_revision_says(database: Database) -> None:
    image = ImageUse(make_media().id)
    store_body(database, make_body(AnswerFormat.NUMERIC, stem="How wide?", images=(image,) * 2))

    line = only_line(database)

    assert (line.number, line.stage, line.stem) == (1, Stage.DRAFT, "How wide?")
    assert (line.format, line.image_count) == (AnswerFormat.NUMERIC, 2)
    assert (line.revision_number, line.has_open_draft, line.verification_count) == (1, False, 0)
    assert line.labels == make_labels()
    assert line.updated_at.tzinfo is not None


def test_a_line_shows_the_draft_while_it_holds_something_new(database: Database) -> None:
    with database.write() as tx:
        stored = store_question(tx)
        same = make_draft(stored.question)
        tx.provenance.set_source(stored.question.id, same.source)
        tx.drafts.put(same)
    assert not only_line(database).has_open_draft

    changed = replace(same, body=make_body(stem="Which side?"), labels=make_labels("Urology"))
    with database.write() as tx:
        tx.drafts.put(changed)
    line = only_line(database)
    assert (line.has_open_draft, line.stem) == (True, "Which side?")
    assert line.labels == changed.labels

    with database.write() as tx:
        tx.drafts.remove(stored.question.id)
    assert only_line(database).stem == stored.revision.body.stem


def test_a_changed_source_keeps_the_draft_open(database: Database) -> None:
    with database.write() as tx:
        stored = store_question(tx)
        tx.drafts.put(replace(make_draft(stored.question), source=Source("Something else.")))

    assert only_line(database).has_open_draft


def test_a_question_that_is_only_a_draft_has_revision_number_zero(database: Database) -> None:
    author = make_person()
    question = make_question(author, labels=frozenset())
    with database.write() as tx:
        tx.people.add(author)
        tx.questions.add(question)
        tx.drafts.put(make_draft(question, AnswerFormat.REPORT))

    line = only_line(database)

    assert (line.revision_number, line.has_open_draft) == (0, True)
    assert line.format is AnswerFormat.REPORT


def test_verifications_count_for_the_current_revision_only(database: Database) -> None:
    with database.write() as tx:
        stored = store_question(tx)
        answer = make_answer(stored.revision, person_respondent(stored.author))
        tx.answers.add(answer)
        tx.verifications.add(make_verification(answer))
    assert only_line(database).verification_count == 1

    with database.write() as tx:
        newer = make_revision(stored.question, number=2)
        tx.revisions.add(newer)
        tx.questions.update(with_revision(stored.question, newer))
    assert only_line(database).verification_count == 0


def test_lines_are_seen_within_the_unit_of_work_that_makes_them(database: Database) -> None:
    with database.write() as tx:
        stored = store_question(tx)

        assert [line.id for line in tx.questions.summaries()] == [stored.question.id]


@pytest.mark.parametrize(
    ("search", "is_found"),
    [
        ("", True),
        ("COLLAPSED", True),
        ("lung COLLAPSED", True),
        ("lung absent", False),
        ("smoker", True),
        ("pneumothorax", True),
        ("pulmonology", True),
        ("disease analysis", True),
        ("100%", True),
        ("1%0", False),
        ("a_b", False),
        ("strasse", True),
        ("ÉPANCHEMENT", True),
        ("because", False),
    ],
)
def test_search_looks_in_stem_context_options_and_labels(
    database: Database, search: str, is_found: bool
) -> None:
    asked = SingleChoice(make_options("Pneumothorax", "Épanchement", "Straße"))
    body = Body("Is 100% of the lung collapsed?", "A smoker, axb.", (), asked)
    store_body(database, body)

    with database.read() as tx:
        assert bool(tx.questions.summaries(search=search)) is is_found


def test_stage_and_ids_narrow_the_list_and_numbers_order_it(database: Database) -> None:
    with database.write() as tx:
        author = make_person()
        tx.people.add(author)
        stored = [
            store_question(tx, author=author, stage=stage).question
            for stage in (Stage.VERIFIED, Stage.DRAFT, Stage.VERIFIED)
        ]
    reversed_ids = [one.id for one in reversed(stored)]

    with database.read() as tx:
        verified = tx.questions.summaries(stage=Stage.VERIFIED)
        chosen = tx.questions.summaries(ids=reversed_ids[:2] * 400)
        counts = tx.questions.count_by_stage()

    assert [one.number for one in verified] == [1, 3]
    assert [one.number for one in chosen] == [2, 3]
    assert counts == dict.fromkeys(Stage, 0) | {Stage.VERIFIED: 2, Stage.DRAFT: 1}
