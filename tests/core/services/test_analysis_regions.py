"""Agreement of verifiers on regions, against areas counted by hand."""

import pytest

from core.domain.answer import AnswerState
from core.domain.body import AnswerFormat, Marked
from reviewer_app.pages.results.figures import agreement_rows
from tests.core.services.analysis_study import Study
from tests.factories import make_box

SQUARE = Marked((make_box(10, 10, 30, 30),))  # 400 pixels
HALF_BESIDE = Marked((make_box(20, 10, 40, 30),))  # 200 of them in both: IoU 1/3, Dice 1/2
HALF_OF_IT = Marked((make_box(10, 10, 30, 20),))  # 200 of 400: IoU 1/2
FAR = Marked((make_box(80, 80, 90, 90),))


@pytest.fixture
def study(tmp_path):
    study = Study(tmp_path)
    yield study
    study.database.close()


@pytest.fixture
def verifiers(study):
    return [study.person(f"Demo Verifier {number}") for number in range(3)]


def marked(study, verifiers, *given):
    revision = study.question(AnswerFormat.REGION)
    for person, one in zip(verifiers, given, strict=False):
        study.verify(person, revision, given=one)
    return revision


def test_overlap_is_averaged_over_pairs_and_then_over_questions(study, verifiers):
    marked(study, verifiers, SQUARE, SQUARE)
    marked(study, verifiers, SQUARE, HALF_BESIDE)
    marked(study, verifiers, SQUARE, SQUARE, FAR)

    found = study.service.agreement().regions

    assert (found.questions, found.answers) == (3, 7)
    assert found.iou.value == pytest.approx((1 + 1 / 3 + 1 / 3) / 3)
    assert found.dice.value == pytest.approx((1 + 1 / 2 + 1 / 3) / 3)
    assert found.meeting.value == pytest.approx((1 + 0 + 1 / 3) / 3)
    assert found.iou.interval.low < found.iou.value < found.iou.interval.high


def test_pair_agrees_from_half_of_the_area_of_both_on(study, verifiers):
    marked(study, verifiers, SQUARE, HALF_OF_IT)

    found = study.service.agreement().regions

    assert (found.iou.value, found.meeting.value) == (0.5, 1.0)


def test_answers_without_a_region_and_questions_with_one_answer_make_no_pair(study, verifiers):
    marked(study, verifiers, SQUARE)
    marked(study, verifiers, SQUARE, AnswerState.CANNOT_TELL)

    found = study.service.agreement().regions

    assert (found.questions, found.answers) == (0, 2)
    assert (found.iou.value, found.iou.interval) == (None, None)


def test_regions_on_different_pictures_do_not_overlap(study, verifiers):
    marked(study, verifiers, SQUARE, Marked((make_box(10, 10, 30, 30, frame=1),)))

    assert study.service.agreement().regions.iou.value == 0


def test_first_answer_of_a_verifier_counts(study, verifiers):
    revision = marked(study, verifiers, SQUARE, SQUARE)
    study.verify(verifiers[1], revision, given=FAR)

    assert study.service.agreement().regions.iou.value == 1


def test_study_without_regions_has_no_line_of_them(study, verifiers):
    study.verify(verifiers[0], study.question())

    assert study.service.agreement().regions is None


def test_table_says_what_agreeing_means_and_leaves_kappas_out(study, verifiers):
    marked(study, verifiers, SQUARE, SQUARE)
    marked(study, verifiers, SQUARE, HALF_BESIDE)

    name, questions, agree, *kappas, ratings, meaning = agreement_rows(study.service.agreement())[
        -1
    ]

    assert (name, questions) == ("Blind answers: region", "2")
    assert agree.startswith("50%")
    assert kappas == ["–"] * 4
    assert ratings.startswith("IoU 0.67")
    assert ratings.endswith("4 answers")
    assert "0.50" in meaning
