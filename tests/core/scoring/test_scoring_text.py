import string

import pytest
import rouge_score.tokenize
from hypothesis import given
from hypothesis import strategies as st

from core.domain.body import Report, ShortText, Written
from core.domain.key import ReportKey, ShortTextKey
from core.domain.score import ScoreState
from core.scoring.report import ReportScorer
from core.scoring.short_text import ShortTextScorer
from core.scoring.text_forms import normalized_answer, unicode_tokens
from tests.core.statistics.known_answers import known_case

ASCII_TEXT = st.text(string.printable, max_size=200)


def rouge(reference: str, candidate: str) -> dict[str, float]:
    return ReportScorer().mark(Written(candidate), Report(), ReportKey(reference)).details


def short_text(answer: str, reference: str, *variants: str) -> ScoreState:
    key = ShortTextKey(reference, variants)
    return ShortTextScorer().mark(Written(answer), ShortText(), key).state


@pytest.mark.shared_data
@pytest.mark.parametrize(
    "case_id",
    [
        "rouge_lin2004_s2",
        "rouge_lin2004_s3",
        "rouge_google_1",
        "rouge_empty_candidate",
        "rouge_radiology",
    ],
)
def test_rouge_equals_the_published_values(case_id):
    case = known_case("text", case_id)
    found = rouge(case["data"]["reference"], case["data"]["candidate"])
    for name in ("rouge1", "rouge2", "rougeL"):
        assert found[f"{name}_f"] == pytest.approx(case["expected"][name][2], abs=1e-12)
    precision, recall, _ = case["expected"]["rougeL"]
    ends = [found["rougeL_precision"], found["rougeL_recall"]]
    assert ends == pytest.approx([precision, recall], abs=1e-12)


@pytest.mark.shared_data
@pytest.mark.parametrize(
    "case_id",
    [
        "unicode_chinese_unrelated",
        "unicode_chinese_fullwidth",
        "unicode_arabic_negation",
        "unicode_russian_side",
        "unicode_german_umlaut",
        "unicode_french_nfd",
        "unicode_english",
    ],
)
def test_text_of_any_script_is_tokenized_never_dropped(case_id):
    case = known_case("text", case_id)
    reference, candidate = case["data"]["reference"], case["data"]["candidate"]
    assert unicode_tokens(reference) == case["expected"]["tokens_reference"]
    assert unicode_tokens(candidate) == case["expected"]["tokens_candidate"]
    found = rouge(reference, candidate)
    assert found["rouge1_f"] == pytest.approx(case["expected"]["rouge1_f_unicode"])
    assert found["rougeL_f"] == pytest.approx(case["expected"]["rougeL_f_unicode"])


@pytest.mark.parametrize(
    "sentence",
    [
        "ปอดทั้งสองข้างปกติ",
        "फेफड़े सामान्य हैं",
        "양쪽 폐는 정상입니다",
        "兩肺清晰",
        "肺野は清明です",
        "ທັງສອງ",
    ],
)
def test_identical_text_of_any_script_scores_one(sentence):
    assert rouge(sentence, sentence)["rougeL_f"] == 1.0


def test_unit_prefix_is_not_lost():
    assert rouge("nodule of 5 µm", "nodule of 5 m")["rouge1_f"] == pytest.approx(0.75)
    assert unicode_tokens("5 µm") == unicode_tokens("5 μm")


@given(text=ASCII_TEXT)
def test_ascii_text_has_exactly_the_tokens_of_rouge_score(text):
    assert unicode_tokens(text) == rouge_score.tokenize.tokenize(text, None)


def test_empty_report_scores_zero_and_empty_reference_is_unscored():
    mark = ReportScorer().mark(Written(" … "), Report(), ReportKey("Clear lungs."))
    assert (mark.state, mark.value) == (ScoreState.PARTIAL, 0.0)
    mark = ReportScorer().mark(Written("Clear lungs."), Report(), ReportKey("…"))
    assert (mark.state, mark.value) == (ScoreState.UNSCORED, None)


@pytest.mark.parametrize(
    ("answer", "reference"),
    [
        ("The Left  Ventricle.", "left ventricle"),
        ("Crohn’s disease", "crohn's disease"),
        ("T2-weighted", "T2 weighted"),
        ("ｐｎｅｕｍｏｎｉａ", "Pneumonia"),
        ("e\u0301panchement", "épanchement"),
        ("5 µm", "5 μm"),
        ("“Pneumothorax”!", "pneumothorax"),
        ("10³", "10^3"),
        ("−5", "-5"),
    ],
)
def test_wording_that_means_the_same_is_right(answer, reference):
    assert short_text(answer, reference) is ScoreState.CORRECT


@pytest.mark.parametrize(
    ("answer", "reference"),
    [
        ("hepatitis", "hepatitis A"),
        ("-5", "5"),
        ("35", "3.5"),
        ("103", "10³"),
        ("HER2-", "HER2"),
        ("HER2-", "HER2+"),
        ("50%", "50"),
        ("<5", ">5"),
        ("12080", "120/80"),
        ("left", "right"),
        ("the", "a mass"),
        ("", "mass"),
    ],
)
def test_wording_that_means_something_else_is_wrong(answer, reference):
    assert short_text(answer, reference) is ScoreState.INCORRECT


def test_accepted_variant_is_right_and_a_key_of_dots_is_unscored():
    assert short_text("l.v.", "left ventricle", "L V") is ScoreState.CORRECT
    assert short_text("anything", " … ") is ScoreState.UNSCORED


@given(text=st.text(max_size=60))
def test_blanks_around_and_case_never_matter(text):
    assert normalized_answer(f"  {text}\n") == normalized_answer(text)
    assert normalized_answer(text.casefold()) == normalized_answer(text)
