"""Identities: time-ordered UUIDs, made outside the database."""

from typing import NewType

QuestionId = NewType("QuestionId", str)
RevisionId = NewType("RevisionId", str)
OptionId = NewType("OptionId", str)
MediaId = NewType("MediaId", str)
"""SHA-256 of the bytes, 64 lower-case hexadecimal digits."""
PersonId = NewType("PersonId", str)
AnswerId = NewType("AnswerId", str)
VerificationId = NewType("VerificationId", str)
PlanId = NewType("PlanId", str)
SittingId = NewType("SittingId", str)
RunId = NewType("RunId", str)
JudgeId = NewType("JudgeId", str)
GradingId = NewType("GradingId", str)
SampleId = NewType("SampleId", str)
RemarkId = NewType("RemarkId", str)


def uuid7(unix_ms: int, randomness: bytes) -> str:
    """Return an RFC 9562 version 7 UUID.

    `unix_ms` is milliseconds since 1970, `randomness` ten bytes.
    """
    value = (unix_ms & 0xFFFFFFFFFFFF) << 80 | int.from_bytes(randomness[:10], "big")
    value = value & ~(0xF << 76) | (0x7 << 76)
    value = value & ~(0x3 << 62) | (0x2 << 62)
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
