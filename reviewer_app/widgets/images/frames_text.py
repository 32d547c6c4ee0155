"""Frames as people write them: "all" or "1, 5, 10-12", counted from 1."""

from PySide6.QtCore import QCoreApplication

_CONTEXT = "frames"


class FramesError(ValueError):
    """The text names no frames; its message is a sentence for the user."""


def frames_to_text(frames: tuple[int, ...], count: int) -> str:
    """Return frames, which count from 0, as a text that counts from 1."""
    if frames == tuple(range(count)) and count > 1:
        return "all"
    parts: list[str] = []
    start = 0
    while start < len(frames):
        end = start
        while end + 1 < len(frames) and frames[end + 1] == frames[end] + 1:
            end += 1
        if end - start >= 2:
            parts.append(f"{frames[start] + 1}-{frames[end] + 1}")
        else:
            parts += [str(one + 1) for one in frames[start : end + 1]]
        start = end + 1
    return ", ".join(parts)


def frames_from_text(text: str, count: int) -> tuple[int, ...]:
    """Return the frames of a text in its order; raise `FramesError` when it names none."""
    words = text.strip().lower()
    if words == "all":
        return tuple(range(count))
    frames: list[int] = []
    for part in (one.strip() for one in words.split(",")):
        first, dash, last = part.replace("–", "-").partition("-")
        if not first.strip().isdecimal() or (dash and not last.strip().isdecimal()):
            raise FramesError(_say("Write frames as “1, 5, 10-12” or “all”."))
        start, end = int(first), int(last) if dash else int(first)
        if not 1 <= start <= end <= count:
            raise FramesError(_say("This image has the frames 1 to %1.").replace("%1", str(count)))
        frames.extend(range(start - 1, end))
    return tuple(dict.fromkeys(frames))


def _say(sentence: str) -> str:
    return QCoreApplication.translate(_CONTEXT, sentence)
