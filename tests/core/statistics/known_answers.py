"""Known answers from the literature and from other programs, kept beside the checkout."""

import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[3].parent / "shared" / "reference"


def known_case(topic: str, case_id: str) -> dict[str, Any]:
    """Return one case; skip the test without the folder, fail it without the case."""
    path = FOLDER / f"{topic}.json"
    if not path.is_file():
        pytest.skip("The folder with known answers is not beside the checkout.")
    cases = {case["id"]: case for case in json.loads(path.read_text("utf-8"))["cases"]}
    return cases[case_id]
