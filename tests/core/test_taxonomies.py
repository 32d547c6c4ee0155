"""Taxonomies: the shipped axes are the paper's, and a damaged file is named."""

import json
import shutil

import pytest

from core.domain.taxonomy import AXES, CAPACITY, SPECIALTY
from core.errors import StorageError
from core.paths import resources_folder
from core.taxonomies import load_axes


def test_axes_come_in_their_fixed_order():
    assert tuple(axis.name for axis in load_axes()) == AXES


def test_specialties_are_the_fifteen_of_the_paper_in_its_order():
    specialties = _axis(SPECIALTY).leaves()

    assert len(specialties) == 15
    assert specialties[0] == "Hematology"
    assert specialties[7:9] == ("Orthopedics", "Neurology")
    assert specialties[-1] == "General Surgery"


def test_eight_capacities_lie_in_three_categories():
    axis = _axis(CAPACITY)
    categories = {term.value: term.parent for term in axis.terms if term.parent}

    assert len(axis.leaves()) == 8
    assert set(categories.values()) == {"Perception", "Diagnosis", "Planning"}
    assert categories["Report generation"] == "Planning"
    assert not axis.is_open


def test_missing_file_is_named(tmp_path):
    with pytest.raises(StorageError, match=r"specialty\.json"):
        load_axes(tmp_path)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": "color"}, "name must be"),
        ({"terms": [{"value": "A"}, {"value": "A"}]}, "same value"),
        ({"terms": [{"value": "A", "parent": "B"}]}, "parent"),
        ({"terms": ["A"]}, "must be an object"),
        ({"terms": "A"}, "must be a list"),
    ],
)
def test_damaged_axis_is_named_with_its_reason(tmp_path, change, words):
    shutil.copytree(resources_folder() / "taxonomies", tmp_path / "axes")
    path = tmp_path / "axes" / "capacity.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(data | change), encoding="utf-8")

    with pytest.raises(StorageError, match=words) as caught:
        load_axes(tmp_path / "axes")

    assert "capacity.json" in caught.value.sentence


def test_file_that_is_no_json_is_named(tmp_path):
    shutil.copytree(resources_folder() / "taxonomies", tmp_path / "axes")
    (tmp_path / "axes" / "anatomy.json").write_bytes(b"\xff{")

    with pytest.raises(StorageError, match=r"anatomy\.json"):
        load_axes(tmp_path / "axes")


def _axis(name):
    return next(axis for axis in load_axes() if axis.name == name)
