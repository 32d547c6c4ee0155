"""How long ROUGE takes beside the package rouge-score on the same pairs."""

import time
from collections.abc import Callable
from random import Random
from statistics import median

import pytest
from rouge_score.rouge_scorer import RougeScorer

from core.scoring.rouge import rouge
from core.scoring.text_forms import unicode_tokens

pytestmark = pytest.mark.bench
PAIRS = 40
ROUNDS = 5
WORDS = 150
WANTED_RATIO = 15
SENTENCES = (
    "The lungs are clear without focal consolidation.",
    "No pleural effusion or pneumothorax is seen.",
    "The cardiomediastinal silhouette is normal in size and contour.",
    "There is a small left pleural effusion with adjacent compressive atelectasis.",
    "A 12 mm nodule in the right upper lobe is unchanged since the prior examination.",
    "Degenerative changes of the thoracic spine are noted.",
    "Mild interstitial prominence may represent early pulmonary edema.",
    "The endotracheal tube terminates 4 cm above the carina.",
    "Status post median sternotomy and coronary artery bypass grafting.",
    "No acute osseous abnormality is identified.",
)


def report(random: Random) -> str:
    words: list[str] = []
    while len(words) < WORDS:
        words += random.choice(SENTENCES).split()
    return " ".join(words[:WORDS])


def ms_per_pair(score: Callable[[str, str], object], pairs: list[tuple[str, str]]) -> float:
    start = time.perf_counter()
    for reference, candidate in pairs:
        score(reference, candidate)
    return 1000 * (time.perf_counter() - start) / len(pairs)


def test_rouge_is_15_times_faster_than_rouge_score() -> None:
    random = Random(150)
    pairs = [(report(random), report(random)) for _ in range(PAIRS)]
    package = RougeScorer(["rouge1", "rouge2", "rougeL"])

    def ours(reference: str, candidate: str) -> object:
        return rouge(unicode_tokens(reference), unicode_tokens(candidate))

    # In turn, so that a busy machine slows both down.
    rounds = [(ms_per_pair(package.score, pairs), ms_per_pair(ours, pairs)) for _ in range(ROUNDS)]
    ratio = median(theirs / own for theirs, own in rounds)
    theirs, own = (median(column) for column in zip(*rounds, strict=True))
    print(
        f"\nROUGE-1/2/L, {WORDS}-word pairs, {ROUNDS} rounds of {PAIRS}: rouge-score"
        f" {theirs:.2f} ms, ours {own:.3f} ms a pair, {ratio:.0f} times faster (median)"
    )
    assert ratio >= WANTED_RATIO
