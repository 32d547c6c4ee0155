"""ROUGE against the package rouge-score, bit for bit, and what stands beside it."""

import string
from importlib.metadata import version
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rouge_score.rouge_scorer import RougeScorer

from core.domain.body import Report, Written
from core.domain.key import ReportKey
from core.scoring.report import ROUGE_VERSION, ReportScorer
from core.scoring.report_checks import WARNINGS
from core.scoring.rouge import common_length, rouge, stemmed
from core.scoring.text_forms import unicode_tokens
from core.scoring.translation import bleu, bleu_tokenizer, chrf
from tests.core.statistics.known_answers import known_case

VARIANTS = ("rouge1", "rouge2", "rougeL")
PAIRS = 3_000
WORDS = """
No pleural effusion or pneumothorax is seen; the heart size is normal. Opacity in the left
lower lobe (12 mm), unchanged since 2019, T2-weighted consolidations and effusions noted
"""


def ours(reference, candidate, *, is_stemmed=False):
    tokens = [unicode_tokens(reference), unicode_tokens(candidate)]
    found = rouge(*(stemmed(one) for one in tokens)) if is_stemmed else rouge(*tokens)
    return [tuple(found.rouge1), tuple(found.rouge2), tuple(found.rouge_l)]


def theirs(scorer, reference, candidate):
    found = scorer.score(reference, candidate)
    return [(one.precision, one.recall, one.fmeasure) for one in map(found.get, VARIANTS)]


def random_text(random: Random) -> str:
    length = random.choice((0, 1, 2, 5, 20, 60))
    if random.random() < 0.3:
        return "".join(random.choices(string.printable, k=length))
    return random.choice((" ", "  ", "\n", "-")).join(random.choices(WORDS.split(), k=length))


@pytest.mark.parametrize("is_stemmed", [False, True])
def test_random_ascii_pairs_equal_rouge_score_bit_for_bit(is_stemmed):
    random = Random(712)
    scorer = RougeScorer(list(VARIANTS), use_stemmer=is_stemmed)
    for _ in range(PAIRS):
        reference, candidate = random_text(random), random_text(random)
        expected = theirs(scorer, reference, candidate)
        assert ours(reference, candidate, is_stemmed=is_stemmed) == expected, (reference, candidate)


@pytest.mark.shared_data
@pytest.mark.parametrize(
    "case_id",
    [
        *("rouge_lin2004_s2", "rouge_lin2004_s3", "rouge_google_1", "rouge_empty_candidate"),
        "rouge_radiology",
    ],
)
def test_known_answers_are_met_in_precision_recall_and_f(case_id):
    case = known_case("text", case_id)
    found = ours(case["data"]["reference"], case["data"]["candidate"])
    assert found == [tuple(case["expected"][name]) for name in VARIANTS]


@pytest.mark.shared_data
def test_known_answers_with_and_without_the_stemmer_are_met():
    case = known_case("text", "rouge_stemmer")
    texts = case["data"]["reference"], case["data"]["candidate"]
    for kind, is_stemmed in (("plain", False), ("stem", True)):
        expected = [tuple(case["expected"][f"{name}_{kind}"]) for name in VARIANTS]
        assert ours(*texts, is_stemmed=is_stemmed) == expected
    figures = figures_of(*texts)
    assert figures["rougeL_f"] == case["expected"]["rougeL_plain"][2]
    assert figures["rougeL_f_stemmed"] == case["expected"]["rougeL_stem"][2]


@given(st.lists(st.sampled_from("abcde")), st.lists(st.sampled_from("abcde")))
def test_longest_common_subsequence_equals_the_table(first, second):
    table = [[0] * (len(second) + 1) for _ in range(len(first) + 1)]
    for i, one in enumerate(first):
        for j, other in enumerate(second):
            longer = max(table[i][j + 1], table[i + 1][j])
            table[i + 1][j + 1] = table[i][j] + 1 if one == other else longer
    assert common_length(first, second) == table[-1][-1]


@settings(deadline=None)
@given(st.text(max_size=60))
def test_text_of_any_script_equals_itself_wholly_or_has_no_word(text):
    tokens = unicode_tokens(text)
    assert rouge(tokens, tokens).rouge_l.f == (1.0 if tokens else 0.0)


def figures_of(reference, candidate):
    return ReportScorer().mark(Written(candidate), Report(), ReportKey(reference)).details


def test_variant_tokenizer_and_version_are_stored_with_the_value():
    assert version("rouge-score") == ROUGE_VERSION
    assert f"rouge-score {ROUGE_VERSION}; no stemmer; Unicode tokenizer" in ReportScorer().version
    english, russian = figures_of("Clear lungs.", "Clear."), figures_of("Лёгкие чистые", "чистые")
    assert (english["unicode_tokenizer"], russian["unicode_tokenizer"]) == (0, 1)
    assert "bleu_13a" in english
    assert "bleu_intl" in russian
    assert "rougeL_f_stemmed" not in russian


@pytest.mark.parametrize(
    ("text", "tokenizer"),
    [
        ("Clear lungs.", "13a"),
        ("Épanchement pleural à gauche.", "13a"),
        ("右肺下叶见一枚结节", "zh"),
        ("肺野は清明です", "char"),
        ("ปอดทั้งสองข้างปกติ", "char"),
        ("Очаг в правом лёгком", "intl"),
        ("لا يوجد انصباب جنبي", "intl"),
        ("… µ", "13a"),
    ],
)
def test_bleu_uses_the_tokenizer_of_the_script(text, tokenizer):
    assert bleu_tokenizer(text) == tokenizer
    assert bleu(text, text)[0] == tokenizer


def test_nearly_the_same_chinese_text_is_not_scored_zero():
    name, value = bleu("右肺下叶见一枚结节", "右肺下叶见一枚结节,")
    assert (name, round(value)) == ("zh", 88)


@pytest.mark.shared_data
def test_chrf_equals_the_known_answer():
    case = known_case("text", "chrf_sentence")
    found = chrf(case["data"]["reference"], case["data"]["candidate"])
    assert found == pytest.approx(case["expected"]["chrf"], abs=1e-3)


@pytest.mark.parametrize(
    ("reference", "candidate", "flags"),
    [
        ("No pleural effusion.", "Pleural effusion.", "negations"),
        ("Nodule in the left lung.", "Nodule in the right lung.", "sides"),
        ("Nodule of 5 mm.", "Nodule of 6 mm.", "numbers"),
        ("Kein Erguss links.", "Erguss rechts.", "negations sides"),
        ("Очаг в правом лёгком", "Очаг в левом лёгком", "sides"),
        ("لا يوجد انصباب جنبي", "يوجد انصباب جنبي", "negations"),
        ("左肺未见结节", "右肺见结节", "negations sides"),
        ("Clear lungs.", "The lungs are clear.", ""),
    ],
)
def test_opposite_meaning_that_shared_words_hide_is_said_beside_the_score(
    reference, candidate, flags
):
    figures = figures_of(reference, candidate)
    found = [name.removesuffix("_differ") for name in WARNINGS if figures[name]]
    assert " ".join(found) == flags
