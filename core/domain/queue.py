"""Queues: where work waits for somebody."""

from enum import StrEnum


class Queue(StrEnum):
    """One kind of waiting work."""

    DRAFTS = "drafts"
    """To be written, or blinded."""
    VERIFICATION = "verification"
    """To be verified, or decided."""
    READING = "reading"
    GRADING = "grading"
