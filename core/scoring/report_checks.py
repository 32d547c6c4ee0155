"""What metrics of shared words cannot see: another negation, the other side, another number.

“No pleural effusion” and “pleural effusion” share most words and say the opposite.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

NEGATION: Final = "negations_differ"
SIDE: Final = "sides_differ"
NUMBER: Final = "numbers_differ"

WARNINGS: Final = {NEGATION: "negations", SIDE: "sides", NUMBER: "numbers"}
"""What to look at beside the score of a report."""

_NEGATIONS: Final = """
no not without absent absence neither nor never none free negative cannot
kein keine keinen keiner keines keinem nicht ohne weder noch fehlt
sans pas aucun aucune ni absence sin ningún ninguna ningun ausencia
sem não nenhum nenhuma ausência non senza nessun nessuna assenza
geen niet zonder нет не без отсутствует لا ليس بدون دون لم
无 無 未 没 沒 不 非 नहीं 없음 없다 없이
"""
_LEFT: Final = """
left leftsided links linke linken linker linkes linksseitig gauche izquierdo izquierda
esquerdo esquerda sinistro sinistra левый левая левое левого левой левом слева
الأيسر اليسرى يسار 左 बाएं 좌측 왼쪽
"""
_RIGHT: Final = """
right rightsided rechts rechte rechten rechter rechtes rechtsseitig droit droite derecho
derecha direito direita destro destra правый правая правое правого правой правом справа
الأيمن اليمنى يمين 右 दाएं 우측 오른쪽
"""


def differences(reference: Sequence[str], candidate: Sequence[str]) -> dict[str, float]:
    """Return 1 for each kind of word that the two tokenized texts do not name alike, else 0."""
    return {
        NEGATION: float(_count(reference, _NEGATIONS) != _count(candidate, _NEGATIONS)),
        SIDE: float(_sides(reference) != _sides(candidate)),
        NUMBER: float(_numbers(reference) != _numbers(candidate)),
    }


def _count(tokens: Iterable[str], words: str) -> int:
    wanted = frozenset(words.split())
    return sum(token in wanted for token in tokens)


def _sides(tokens: Sequence[str]) -> tuple[int, int]:
    return _count(tokens, _LEFT), _count(tokens, _RIGHT)


def _numbers(tokens: Iterable[str]) -> Counter[str]:
    return Counter(token for token in tokens if any(one.isdigit() for one in token))
