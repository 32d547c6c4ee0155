"""The demo questions as a set: coverage, form, rights, and no hint against their wording."""

from collections import Counter

import pytest

from core.demo.questions import CheckKind, DemoQuestion, Goal, load_questions
from core.domain.body import AnswerFormat
from core.domain.ids import MediaId, QuestionId
from core.domain.revision import Draft, find_problems
from core.domain.taxonomy import CAPACITY, LANGUAGE, SPECIALTY, Label, value_on
from core.domain.writing_hints import find_hints, find_set_hints
from core.paths import resources_folder
from core.taxonomies import load_axes

QUESTIONS = load_questions()
FINISHED = [one for one in QUESTIONS if one.goal is not Goal.UNFINISHED]
VERIFIED = [one for one in QUESTIONS if one.goal in (Goal.VERIFIED, Goal.ADJUDICATED)]


def _draft(question: DemoQuestion) -> Draft:
    media = {image.sample: MediaId("0" * 64) for image in question.images}
    return Draft(QuestionId(question.slug), question.body(media), question.key, question.labels)


def test_verified_set_covers_all_formats_and_capacities_and_many_specialties():
    specialties = {value_on(one.labels, SPECIALTY) for one in VERIFIED}
    capacities = {value_on(one.labels, CAPACITY) for one in VERIFIED}
    capacity_axis = next(axis for axis in load_axes() if axis.name == CAPACITY)

    assert len(VERIFIED) >= 26
    assert {one.asked.format for one in VERIFIED} == set(AnswerFormat)
    assert capacities == set(capacity_axis.leaves())
    assert len(specialties) >= 9


def test_every_stage_has_its_question_and_slugs_are_unique():
    assert {one.goal for one in QUESTIONS} == set(Goal)
    assert len({one.slug for one in QUESTIONS}) == len(QUESTIONS)
    assert len({(one.context, one.stem) for one in QUESTIONS}) == len(QUESTIONS)


def test_some_questions_have_two_images_and_some_have_several_frames():
    assert any(len(one.images) == 2 for one in VERIFIED)
    assert any(len(image.frames) > 1 for one in VERIFIED for image in one.images)


@pytest.mark.parametrize("question", FINISHED, ids=lambda one: one.slug)
def test_question_is_complete_and_free_of_writing_hints(question: DemoQuestion):
    draft = _draft(question)

    assert find_problems(draft) == ()
    assert find_hints(draft.body, draft.key) == ()
    assert question.key.explanation
    assert question.source.text
    assert "CC0-1.0" in question.source.rights
    assert question.images


def test_unfinished_question_lacks_its_specialty_only():
    unfinished = next(one for one in QUESTIONS if one.goal is Goal.UNFINISHED)

    assert [problem.field for problem in find_problems(_draft(unfinished))] == [SPECIALTY]


def test_right_answers_are_balanced_over_the_set():
    pairs = [(_draft(one).body, one.key) for one in VERIFIED]
    right = Counter(
        next(iter(one.key.right.response().options))
        for one in VERIFIED
        if one.asked.format is AnswerFormat.YES_NO
    )

    assert find_set_hints(pairs) == ()
    assert right["yes"] == right["no"]


def test_labels_are_leaves_of_the_shipped_axes():
    leaves = {axis.name: set(axis.leaves()) for axis in load_axes()}

    for question in QUESTIONS:
        for label in question.labels:
            assert label.value in leaves[label.axis], question.slug
        assert Label(LANGUAGE, "English") in question.labels


def test_answers_that_the_file_itself_proves_dominate():
    kinds = Counter(one.check.kind for one in VERIFIED)

    assert kinds[CheckKind.KNOWLEDGE] < len(VERIFIED) / 4
    assert all(len(one.check.how) > 30 for one in QUESTIONS)


def test_license_grants_the_text_and_excludes_the_pictures():
    text = (resources_folder() / "demo" / "LICENSE").read_text(encoding="utf-8")

    assert "CC0 1.0 Universal" in text
    assert "pictures are not included" in text
