"""Every record comes back from its repository as it went in."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import assert_never

import pytest

from core.db.database import Database
from core.domain.answer import AnswerState, Occasion
from core.domain.audit import first_broken_link
from core.domain.body import AnswerFormat
from core.domain.ids import MediaId, PersonId, QuestionId, RevisionId
from core.domain.media import Blackout, Clearance
from core.domain.people import Person, Role
from core.domain.run import RunStatus
from core.domain.score import Score, ScoreState
from core.domain.source import Source
from core.domain.stage import Stage, StageMove
from core.domain.taxonomy import LabelRecord
from core.domain.verification import Adjudication, Verdict
from core.errors import ConflictError, NotFoundError
from tests.factories import (
    NOW,
    llm_respondent,
    make_answer,
    make_approval,
    make_blind,
    make_draft,
    make_labels,
    make_media,
    make_person,
    make_plan,
    make_question,
    make_revision,
    make_run,
    make_sitting,
    make_verification,
    person_respondent,
    ticking_clock,
    with_revision,
)
from tests.stored import store_question


def test_a_person_comes_back_and_changes(database: Database) -> None:
    person = Person(PersonId("p1"), "Demo Reader 1", frozenset({Role.READER}), "Urology", 0)
    rated = replace(person, years_in_practice=None, specialty_confidence={"Urology": 4})

    with database.write() as tx:
        tx.people.add(person)
        assert tx.people.get(person.id) == person
        tx.people.update(rated)

    with database.read() as tx:
        assert tx.people.all() == [rated]


@pytest.mark.parametrize("answer_format", AnswerFormat)
def test_a_revision_of_each_format_comes_back_whole_and_blind(
    database: Database, answer_format: AnswerFormat
) -> None:
    with database.write() as tx:
        stored = store_question(tx, answer_format=answer_format)

    with database.read() as tx:
        assert tx.revisions.get(stored.revision.id) == stored.revision
        assert tx.bodies.get(stored.revision.id) == make_blind(stored.question, stored.revision)
        assert tx.questions.get(stored.question.id) == stored.question


def test_revisions_are_listed_by_question_and_number(database: Database) -> None:
    with database.write() as tx:
        first = store_question(tx)
        second = store_question(tx, author=first.author)
        newer = replace(
            make_revision(first.question, number=2), parent=first.revision.id, reason="Clearer."
        )
        tx.revisions.add(newer)
        tx.questions.update(with_revision(first.question, newer))

    with database.read() as tx:
        assert tx.revisions.of_question(first.question.id) == [first.revision, newer]
        assert tx.revisions.current() == [newer, second.revision]
        assert tx.revisions.all() == [first.revision, newer, second.revision]


def test_bodies_come_in_the_order_asked_for_even_a_thousand(database: Database) -> None:
    with database.write() as tx:
        author = make_person()
        tx.people.add(author)
        ids = [store_question(tx, author=author).revision.id for _ in range(3)]
    asked = [ids[2], ids[0], ids[1]] * 400

    with database.read() as tx:
        assert [one.revision for one in tx.bodies.many(asked)] == asked
        with pytest.raises(NotFoundError):
            tx.bodies.many([ids[0], RevisionId("nothing")])


def test_questions_at_some_stages_come_by_number(database: Database) -> None:
    stages = [Stage.VERIFIED, Stage.DRAFT, Stage.IN_BIN, Stage.VERIFIED, Stage.BLINDED]
    with database.write() as tx:
        author = make_person()
        tx.people.add(author)
        for stage in stages:
            stored = store_question(tx, author=author)
            tx.questions.update(replace(stored.question, stage=stage))

    with database.read() as tx:
        verified = list(tx.questions.at_stages([Stage.VERIFIED]))
        both = list(tx.questions.at_stages([Stage.VERIFIED, Stage.DRAFT]))

    assert [one.stage for one in verified] == [Stage.VERIFIED] * 2
    assert [one.stage for one in both] == [Stage.VERIFIED, Stage.DRAFT, Stage.VERIFIED]
    assert [one.number for one in both] == sorted(one.number for one in both)


def test_a_question_is_found_by_number_and_origin(database: Database) -> None:
    author = make_person()
    imported = make_question(author, number=7, origin="vqa_rad:340")

    with database.write() as tx:
        tx.people.add(author)
        tx.questions.add(imported)
        tx.questions.add(make_question(author, number=8))

    with database.read() as tx:
        assert tx.questions.by_number(7) == tx.questions.by_origin("vqa_rad:340") == imported
        assert tx.questions.by_number(1) is tx.questions.by_origin("vqa_rad:1") is None
        assert tx.questions.by_origin("") is None
        assert tx.questions.next_number() == 9


def test_the_same_number_or_origin_cannot_be_stored_twice(database: Database) -> None:
    author = make_person()
    question = make_question(author, number=1, origin="vqa_rad:1")
    with database.write() as tx:
        tx.people.add(author)
        tx.questions.add(question)

    for twin in (
        make_question(author, number=1),
        make_question(author, number=2, origin="vqa_rad:1"),
    ):
        with pytest.raises(ConflictError), database.write() as tx:
            tx.questions.add(twin)


def test_a_question_cannot_name_a_revision_that_is_not_there(database: Database) -> None:
    with database.write() as tx:
        stored = store_question(tx)

    with pytest.raises(ConflictError), database.write() as tx:
        tx.questions.update(replace(stored.question, current_revision=RevisionId("nothing")))

    with database.read() as tx:
        assert tx.questions.get(stored.question.id) == stored.question


@pytest.mark.parametrize("answer_format", AnswerFormat)
def test_a_draft_of_each_format_is_kept_replaced_and_dropped(
    database: Database, answer_format: AnswerFormat
) -> None:
    question = make_question(author := make_person())
    draft = make_draft(question, answer_format)
    later = replace(draft, source=Source("Later."))

    with database.write() as tx:
        tx.people.add(author)
        tx.questions.add(question)
        assert tx.drafts.get(question.id) is None
        tx.drafts.put(draft)
        assert tx.drafts.get(question.id) == draft
        tx.drafts.put(later)
        assert tx.drafts.get(question.id) == later
        tx.drafts.remove(question.id)
        assert tx.drafts.get(question.id) is None


def test_sources_labels_moves_and_approvals_are_appended(database: Database) -> None:
    with database.write() as tx:
        stored = store_question(tx)
        question, person = stored.question.id, stored.author
        assert tx.provenance.source(question) == Source()
        records = [
            LabelRecord(make_labels(one), person.id, NOW) for one in ("Urology", "Cardiology")
        ]
        move = StageMove(question, Stage.DRAFT, Stage.BLINDED, person.id, NOW, "Fine.")
        approval = make_approval(stored.revision, person)
        unknown = replace(approval, similarity=None, override_reason="No source.")
        for text in ("Old.", "New."):
            tx.provenance.set_source(question, Source(text, "Citation", "CC0"))
        for record in records:
            tx.provenance.add_labels(question, record)
        tx.stage_moves.add(move)
        tx.blindings.add(approval)
        tx.blindings.add(unknown)

    with database.read() as tx:
        assert tx.provenance.source(question) == Source("New.", "Citation", "CC0")
        assert tx.provenance.label_history(question) == records
        assert tx.stage_moves.of_question(question) == [move]
        assert tx.blindings.of_question(question) == [approval, unknown]


def full_answer_values(kind: AnswerState) -> dict[str, object]:
    match kind:
        case AnswerState.ANSWERED:
            return {"confidence": 5, "elapsed_s": 12.25, "idle_s": 1.5, "option_order": ("o2",)}
        case AnswerState.FAILED:
            return {"details": {"attempts": 3, "error": "No reply.", "seconds": 0.5}}
        case AnswerState.REFUSED | AnswerState.NO_ANSWER:
            return {"raw_text": "I cannot…\n\0", "reading_rule": "letter"}
        case AnswerState.CANNOT_TELL | AnswerState.NOT_APPLICABLE:
            return {}
        case _:
            assert_never(kind)


@pytest.mark.parametrize("state", AnswerState)
def test_an_answer_of_each_state_comes_back(database: Database, state: AnswerState) -> None:
    with database.write() as tx:
        stored = store_question(tx)
        made = make_answer(
            stored.revision,
            llm_respondent(),
            state=None if state is AnswerState.ANSWERED else state,
            occasion=Occasion.RUN,
            occasion_id="run-1",
        )
        answer = replace(made, **full_answer_values(state))  # type: ignore[arg-type]  # any field
        tx.answers.add(answer)

    with database.read() as tx:
        assert tx.answers.get(answer.id) == answer
        assert tx.answers.of(Occasion.RUN, "run-1") == [answer]
        assert tx.answers.of(Occasion.BASELINE, "run-1") == []


@pytest.mark.parametrize("answer_format", AnswerFormat)
def test_a_response_of_each_format_comes_back(
    database: Database, answer_format: AnswerFormat
) -> None:
    with database.write() as tx:
        stored = store_question(tx, answer_format=answer_format)
        answer = make_answer(stored.revision, llm_respondent())
        tx.answers.add(answer)

        assert answer.response is not None
        assert tx.answers.for_revision(stored.revision.id, Occasion.BASELINE) == [answer]


def test_answers_come_oldest_first(database: Database) -> None:
    with database.write() as tx:
        stored = store_question(tx)
        answers = [
            replace(
                make_answer(stored.revision, llm_respondent()),
                answered_at=NOW + timedelta(milliseconds=ms),
            )
            for ms in (1000, 0, 500)
        ]
        tx.answers.add(*answers)
        tx.answers.add()

        expected = sorted(answers, key=lambda one: one.answered_at)
        assert tx.answers.for_occasion(Occasion.BASELINE) == expected


def test_scores_replace_those_of_the_same_scorer_and_version(database: Database) -> None:
    with database.write() as tx:
        stored = store_question(tx)
        answer = make_answer(stored.revision, llm_respondent())
        tx.answers.add(answer)
        first = Score(answer.id, "choice", "1", ScoreState.INCORRECT, 0.0)
        better = Score(answer.id, "choice", "1", ScoreState.CORRECT, 1.0, {"f1": 0.5})
        other = Score(answer.id, "choice", "2", ScoreState.UNSCORED)
        tx.scores.put(first, other)
        tx.scores.put(better)
        tx.scores.put()

    with database.read() as tx:
        assert tx.scores.all() == {answer.id: [better, other]}


def test_verifications_and_adjudications_come_back(database: Database) -> None:
    with database.write() as tx:
        stored = store_question(tx)
        verifier = make_person("Demo Verifier 1")
        tx.people.add(verifier)
        answer = make_answer(stored.revision, person_respondent(verifier))
        tx.answers.add(answer)
        verification = replace(make_verification(answer, verdict=Verdict.REVISE), comment="Why?")
        decision = Adjudication(
            stored.question.id, stored.revision.id, verifier.id, None, Verdict.ACCEPT, "So.", NOW
        )
        tx.verifications.add(verification)
        tx.verifications.add_adjudication(decision)

    with database.read() as tx:
        assert tx.verifications.for_revision(stored.revision.id) == [verification]
        assert tx.verifications.by_person(verifier.id) == tx.verifications.all() == [verification]
        assert tx.verifications.by_person(stored.author.id) == []
        assert tx.verifications.adjudications() == [decision]


def test_plans_and_sittings_come_back_and_sittings_move_on(database: Database) -> None:
    with database.write() as tx:
        stored = store_question(tx)
        plan = make_plan([stored.revision], [stored.author])
        sitting = make_sitting(plan, stored.author)
        tx.plans.add(plan)
        tx.sittings.add(sitting)
        moved = replace(sitting, position=1, spent_s=2.5, idle_s=0.5, finished_at=NOW)
        assert tx.sittings.all() == [sitting]
        tx.sittings.update(moved)

    with database.read() as tx:
        assert tx.plans.get(plan.id) == plan
        assert tx.plans.all() == [plan]
        assert tx.sittings.get(sitting.id) == moved


def test_a_run_is_found_by_its_specification_and_changes_status_only(database: Database) -> None:
    run = make_run([])
    done = replace(run, status=RunStatus.FINISHED, finished_at=NOW)
    edited = replace(done, spec=replace(run.spec, seed=99))

    with database.write() as tx:
        tx.runs.add(run)
        tx.runs.update(edited)

    with database.read() as tx:
        assert tx.runs.by_spec_hash(run.spec.hash) == tx.runs.get(run.id) == done
        assert tx.runs.by_spec_hash(edited.spec.hash) is None
        assert tx.runs.all() == [done]


def test_an_image_is_recorded_once_and_cleared_by_its_newest_clearance(database: Database) -> None:
    original, cleared = make_media(), make_media()
    with database.write() as tx:
        person = make_person()
        tx.people.add(person)
        for info in (original, cleared, replace(cleared, file_name="other.png")):
            tx.media.add(info)
        older = Clearance(original.id, cleared.id, person.id, NOW)
        newer = replace(older, blackouts=(Blackout(1, 2, 3, 4),), findings=("PatientName",))
        assert tx.media.clearance_of(cleared.id) is None
        tx.media.add_clearance(older)
        tx.media.add_clearance(newer)

    with database.read() as tx:
        assert tx.media.get(cleared.id) == cleared
        assert {one.id for one in tx.media.all()} == {original.id, cleared.id}
        assert tx.media.clearance_of(cleared.id) == newer
        assert tx.media.clearance_of(original.id) is None
        assert tx.media.cleared_among([original.id, cleared.id]) == {cleared.id}
        assert tx.media.clearances() == [older, newer]


def test_settings_keep_the_last_value(database: Database) -> None:
    with database.write() as tx:
        assert tx.settings.get("me", "nobody") == "nobody"
        tx.settings.set("me", "p1")
        tx.settings.set("me", "p2")

    with database.read() as tx:
        assert tx.settings.get("me") == "p2"


def test_the_audit_trail_is_a_whole_chain(database: Database) -> None:
    for number in range(3):
        with database.write() as tx:
            tx.audit.append(person="p", action="test.done", subject=str(number), content="c")

    with database.read() as tx:
        events = tx.audit.all()

    assert [event.subject for event in events] == ["0", "1", "2"]
    assert first_broken_link(events) is None


def test_the_audit_trail_is_whole_in_every_time_zone(database_path: Path) -> None:
    tokyo = NOW.astimezone(timezone(timedelta(hours=9)))
    database = Database(database_path, ticking_clock(tokyo))
    with database.write() as tx:
        event = tx.audit.append(person="p", action="test.done", subject="s")

    with database.read() as tx:
        assert tx.audit.all() == [event]
        assert first_broken_link(tx.audit.all()) is None
    database.close()


def test_moments_come_back_in_utc_whatever_zone_they_had(database: Database) -> None:
    tokyo = datetime(2026, 3, 1, 8, 30, 0, 125, tzinfo=timezone(timedelta(hours=9)))
    person = make_person()
    question = replace(make_question(person), created_at=tokyo)

    with database.write() as tx:
        tx.people.add(person)
        tx.questions.add(question)
        stored = tx.questions.get(question.id).created_at

    assert stored == tokyo
    assert stored.tzinfo == UTC


@pytest.mark.parametrize("kind", ["people", "plans", "sittings", "runs", "answers", "media"])
def test_an_unknown_id_is_named_as_missing(database: Database, kind: str) -> None:
    with database.read() as tx, pytest.raises(NotFoundError, match="this workspace"):
        getattr(tx, kind).get("nothing")


def test_an_update_of_something_unknown_is_refused(database: Database) -> None:
    person = make_person()
    question = make_question(person)

    with pytest.raises(NotFoundError), database.write() as tx:
        tx.people.update(person)
    with pytest.raises(NotFoundError), database.write() as tx:
        tx.questions.update(question)
    with pytest.raises(NotFoundError), database.write() as tx:
        tx.runs.update(make_run([]))


def test_records_of_unknown_people_are_refused(database: Database) -> None:
    with pytest.raises(ConflictError), database.write() as tx:
        tx.questions.add(make_question(make_person()))
    with pytest.raises(ConflictError), database.write() as tx:
        tx.media.add_clearance(
            Clearance(MediaId("a" * 64), MediaId("b" * 64), PersonId("nobody"), NOW)
        )
    with database.read() as tx:
        assert tx.questions.summaries(ids=[QuestionId("nothing")]) == []
