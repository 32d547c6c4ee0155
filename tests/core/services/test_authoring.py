"""Writing questions on a real workspace."""

from dataclasses import replace

import pytest

from core.domain.body import AnswerFormat, Body
from core.domain.key import Key, SingleChoiceKey
from core.domain.revision import content_hash
from core.domain.source import Source
from core.domain.stage import Stage
from core.errors import BlindingError, NotFoundError, ValidationError, WorkflowError
from tests.factories import ALL_FORMATS
from tests.study import Study


@pytest.mark.parametrize("answer_format", ALL_FORMATS)
def test_complete_draft_of_every_format_becomes_a_revision(
    study: Study, answer_format: AnswerFormat
) -> None:
    draft = study.drafted(answer_format)

    revision = study.workspace.authoring.commit(draft.question, study.author.id).value

    assert (revision.number, revision.body, revision.key) == (1, draft.body, draft.key)
    assert study.workspace.authoring.question(draft.question).labels == draft.labels


def test_incomplete_draft_is_kept_but_not_committed(study: Study) -> None:
    authoring = study.workspace.authoring
    draft = authoring.create(AnswerFormat.SINGLE_CHOICE, study.author.id).value
    typed = replace(draft, body=replace(draft.body, stem="Half a sen"))
    authoring.save_draft(typed, study.author.id)

    with pytest.raises(ValidationError) as caught:
        authoring.commit(draft.question, study.author.id)

    assert caught.value.field == "options"
    assert authoring.draft(draft.question) == typed


def test_key_that_names_a_missing_option_is_refused(study: Study) -> None:
    draft = study.drafted()
    wrong = replace(draft, key=Key(SingleChoiceKey("o9")))
    study.workspace.authoring.save_draft(wrong, study.author.id)

    with pytest.raises(ValidationError, match="does not exist"):
        study.workspace.authoring.commit(draft.question, study.author.id)


def test_second_commit_makes_a_second_revision_and_keeps_the_first(study: Study) -> None:
    authoring = study.workspace.authoring
    first = study.committed()
    changed = replace(authoring.draft(first.question), body=replace(first.body, stem="Other?"))
    authoring.save_draft(changed, study.author.id)

    second = authoring.commit(first.question, study.author.id, reason="Clearer.").value

    assert authoring.revisions(first.question) == [first, second]
    assert (second.number, second.parent, second.reason) == (2, first.id, "Clearer.")


def test_commit_without_a_change_makes_no_revision(study: Study) -> None:
    first = study.committed()

    again = study.workspace.authoring.commit(first.question, study.author.id).value

    assert again == first


def test_somebody_else_cannot_change_a_question(study: Study) -> None:
    draft = study.drafted()

    with pytest.raises(WorkflowError, match="somebody else"):
        study.workspace.authoring.save_draft(draft, study.verifiers[0].id)


def test_blinded_question_cannot_be_edited_until_returned_with_a_reason(study: Study) -> None:
    authoring = study.workspace.authoring
    question = study.blinded()
    draft = authoring.draft(question)
    with pytest.raises(WorkflowError, match="cannot be changed"):
        authoring.save_draft(draft, study.author.id)
    with pytest.raises(WorkflowError, match="needs a reason"):
        authoring.return_to_draft(question, study.author.id, " ")

    authoring.return_to_draft(question, study.author.id, "The stem is unclear.")

    assert authoring.question(question).stage is Stage.DRAFT
    assert authoring.moves(question)[-1].reason == "The stem is unclear."


def test_question_is_found_by_number_and_by_beginning_of_its_id(study: Study) -> None:
    authoring = study.workspace.authoring
    revision = study.committed()

    assert authoring.find("1").id == revision.question
    assert authoring.find(revision.question).number == 1
    with pytest.raises(NotFoundError, match="no question “99”"):
        authoring.find("99")


def test_source_is_kept_apart_from_body_and_key(study: Study) -> None:
    source = Source("The original wording.", "Textbook, page 3", "CC BY")
    draft = study.drafted(source=source)

    revision = study.workspace.authoring.commit(draft.question, study.author.id).value

    assert study.workspace.authoring.source(draft.question) == source
    assert "original wording" not in str(revision.body.to_plain())


def test_content_hash_changes_with_body_key_and_labels(study: Study) -> None:
    draft = study.drafted()
    base = content_hash(draft.body, draft.key, draft.labels)

    assert content_hash(Body(stem="x"), draft.key, draft.labels) != base
    assert content_hash(draft.body, Key(), draft.labels) != base
    assert content_hash(draft.body, draft.key, frozenset()) != base


def test_library_shows_others_nothing_but_their_own_questions(study: Study) -> None:
    study.committed()
    library = study.workspace.authoring.library

    assert len(library(viewer=study.author.id)) == 1
    assert len(library(viewer=study.lead.id)) == 1
    assert library(viewer=study.verifiers[0].id) == []


def test_draft_with_its_key_opens_for_author_and_lead_only(study: Study) -> None:
    question = study.committed().question
    draft = study.workspace.authoring.draft

    assert draft(question, viewer=study.author.id) == draft(question, viewer=study.lead.id)
    with pytest.raises(BlindingError, match="somebody else"):
        draft(question, viewer=study.verifiers[0].id)
