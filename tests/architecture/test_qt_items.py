"""Items of layouts are never handed to Python: it crashes the program, later and elsewhere."""

import ast
from pathlib import Path

import pytest

APP = Path(__file__).parents[2] / "reviewer_app"
FORBIDDEN = {"itemAt", "takeAt", "itemAtPosition", "takeRow"}


@pytest.mark.parametrize("file", sorted(APP.rglob("*.py")), ids=lambda one: one.stem)
def test_no_layout_item_is_asked_for(file):
    called = {
        node.func.attr
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }

    assert not called & FORBIDDEN
