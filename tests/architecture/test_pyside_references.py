"""PySide6 keeps its count of None: 6.12.0 on Python 3.11 does not, and kills the process."""

import sys

from PySide6.QtCore import QObject


def test_calls_that_return_nothing_keep_the_count_of_none() -> None:
    thing = QObject()
    before = sys.getrefcount(None)

    for _ in range(2_000):
        thing.setObjectName("x")

    # Immortal from Python 3.12 on; before it, other code may move the count by a few.
    assert abs(sys.getrefcount(None) - before) < 200
