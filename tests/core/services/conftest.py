"""A real workspace with the people of a small study."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.study import Kept, Study


@pytest.fixture
def study(tmp_path: Path, kept_study: Kept[Study]) -> Iterator[Study]:
    with kept_study.copied_to(tmp_path / "study.asclepius") as workspace:
        yield replace(kept_study.made, workspace=workspace)
