"""How many tokens a picture takes, by the published rules of the model families."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, sqrt
from typing import Final

from core.llm.tokens import Range

_PNG_SIZE: Final = slice(16, 24)
"""Where the header of a PNG file has width and height, four bytes each."""


@dataclass(frozen=True, slots=True)
class PictureSize:
    """Width and height in pixels."""

    width: int
    height: int

    def within(self, side: float) -> "PictureSize":
        """Return the size scaled down so that no side is longer."""
        return self._scaled(min(1.0, side / max(self.width, self.height)))

    def with_short_side(self, side: float) -> "PictureSize":
        """Return the size scaled down so that the shorter side is not longer than this."""
        return self._scaled(min(1.0, side / min(self.width, self.height)))

    def cells(self, side: int) -> int:
        """Return how many squares of this side cover it."""
        return ceil(self.width / side) * ceil(self.height / side)

    def _scaled(self, factor: float) -> "PictureSize":
        return PictureSize(max(1, round(self.width * factor)), max(1, round(self.height * factor)))


def png_size(data: bytes) -> PictureSize:
    """Return the size that the header of a PNG file tells."""
    header = data[_PNG_SIZE]
    return PictureSize(int.from_bytes(header[:4]), int.from_bytes(header[4:]))


def _tiles(size: PictureSize) -> float:
    """GPT-4o, 4.1 and o-series: within 2048, short side 768, tiles of 512."""
    return 85 + 170 * size.within(2048).with_short_side(768).cells(512)


def _patches(size: PictureSize) -> float:
    """Small GPT models: patches of 32, at most 1536 of them, then a factor up to 2.46."""
    patches = size.cells(32)
    return min(patches, 1536) * 1.62


def _areas(size: PictureSize) -> float:
    """Claude: within 1568, one token for 750 pixels."""
    inside = size.within(1568)
    return inside.width * inside.height / 750


def _gemini(size: PictureSize) -> float:
    """Gemini: 258 for a small picture, else 258 for each tile of 768."""
    return 258.0 if max(size.width, size.height) <= 384 else 258.0 * size.cells(768)


def _qwen(size: PictureSize) -> float:
    """Qwen-VL: patches of 28, within 1,280 of them."""
    most = 1280 * 28 * 28
    scale = min(1.0, sqrt(most / (size.width * size.height)))
    inside = PictureSize(max(1, int(size.width * scale)), max(1, int(size.height * scale)))
    return float(inside.cells(28))


Rule = Callable[[PictureSize], float]
_FAMILIES: Final[tuple[tuple[tuple[str, ...], Rule], ...]] = (
    (("4.1-mini", "4.1-nano", "o4-mini", "gpt-5-mini", "gpt-5-nano"), _patches),
    (("gpt-", "chatgpt", "o1", "o3"), _tiles),
    (("claude",), _areas),
    (("gemini", "gemma"), _gemini),
    (("qwen",), _qwen),
)
_ROUGH: Final = 0.15
"""Families change their rules between versions."""


def picture_tokens(size: PictureSize, llm: str) -> Range:
    """Return the tokens of one picture; of an unknown family what all the rules span."""
    name = llm.lower()
    for words, rule in _FAMILIES:
        if any(word in name for word in words):
            count = rule(size)
            return Range(count * (1 - _ROUGH), count, count * (1 + _ROUGH))
    counts = sorted(rule(size) for _, rule in _FAMILIES)
    return Range(counts[0], counts[len(counts) // 2], counts[-1])
