"""Regions written in a table: their question gets the size of its image, mistakes are named."""

import json
import shutil

import numpy as np
import pytest
from pydicom.data import get_testdata_file

from core.domain.body import AnswerFormat, Localization
from core.domain.key.localization import RegionMeasure
from core.domain.region import RegionKind
from core.services.exchange.service import ImportOptions
from tests.core.imaging.imaging_files import as_bytes, make_dataset

SMALL = {"width": 4, "height": 3, "runs": [5, 2, 5]}
BOX = {"kind": "box", "points": [[10, 20], [60, 50.5]]}


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "in"
    place.mkdir()
    for name in ("CT_small.dcm", "examples_ybr_color.dcm"):
        shutil.copy(str(get_testdata_file(name)), place / name)
    return place


def take_in(study, folder, key, *, images="CT_small.dcm", frames="", measure="", threshold=""):
    cell = json.dumps(key).replace('"', '""')
    row = f'1,region,Where is it?,"{cell}",{images},{frames},{measure},{threshold}'
    path = folder / "questions.csv"
    path.write_text(f"id,format,stem,key,images,frames,measure,threshold\n{row}\n", "utf-8")
    return study.workspace.exchange.import_file(path, study.author.id, ImportOptions()).value


def stored(study, report):
    assert report.problems == ()
    revision = study.workspace.authoring.current(report.questions[0])
    return revision.body.asked, revision.key.right


def test_region_of_a_table_is_a_question_about_its_image(study, folder):
    asked, key = stored(study, take_in(study, folder, BOX))

    assert asked == Localization(RegionKind.BOX, 0, 128, 128, 128, 128, 1)
    assert key.regions[0].points == ((10, 20), (60, 50.5))
    assert (key.measure, key.threshold) == (RegionMeasure.IOU, 0.5)


def test_measure_threshold_and_chosen_frames_are_read(study, folder):
    shape = {"kind": "freehand", "points": [[1, 1], [9, 1], [9, 9]], "image": 2, "frame": 3}
    asked, key = stored(
        study,
        take_in(
            study,
            folder,
            [shape],
            images="CT_small.dcm;examples_ybr_color.dcm",
            frames="1;5-8",
            measure="DICE",
            threshold="0.7",
        ),
    )

    assert (asked.kind, asked.image, asked.frames) == (RegionKind.POLYGON, 1, 4)
    assert (key.regions[0].frame, key.measure, key.threshold) == (2, RegionMeasure.DICE, 0.7)


def test_image_of_pixels_that_are_no_squares_is_asked_about_as_it_is_looked_at(study, folder):
    dataset = make_dataset(np.zeros((40, 60), np.uint16), PixelSpacing=[2, 1])
    (folder / "tall.dcm").write_bytes(as_bytes(dataset))
    asked, _ = stored(
        study, take_in(study, folder, BOX | {"points": [[5, 5], [20, 20]]}, images="tall.dcm")
    )

    assert (asked.width, asked.height) == (60, 40)
    assert (asked.shown_width, asked.shown_height) == (60, 80)


def test_ellipse_is_asked_for_as_a_mask(study, folder):
    asked, _ = stored(study, take_in(study, folder, BOX | {"kind": "ellipse"}))

    assert asked.kind is RegionKind.MASK


@pytest.mark.parametrize(
    ("change", "options", "sentence"),
    [
        ({"points": [[10, 20], [160, 50]]}, {}, "Region 1 reaches beyond the 128 × 128 pixels"),
        ({"frame": 2}, {}, "a picture that is not shown"),
        ({"image": 2}, {}, "The region lies on image 2 of 1"),
        ({"kind": "point", "points": [[5, 5]]}, {}, "as an area, not as a point"),
        (
            {"kind": "mask", "points": [], "mask": SMALL},
            {},
            "mask of region 1 has not the 128 × 128",
        ),
        ({"kind": "circle"}, {}, "The kind is none of"),
        ({}, {"measure": "overlap"}, "measured by one of iou, dice, hit"),
        ({}, {"threshold": "half"}, "Write the threshold as 0.5"),
        ({}, {"threshold": "nan"}, "The threshold must be"),
        ({}, {"images": ""}, "The region lies on image 1 of 0"),
    ],
)
def test_mistakes_in_a_region_are_named_with_their_row(study, folder, change, options, sentence):
    report = take_in(study, folder, BOX | change, **options)

    [problem] = report.problems
    assert problem.where.startswith("questions.csv, row 2")
    assert sentence in problem.sentence
    assert study.workspace.authoring.library() == []


def test_region_on_a_damaged_image_tells_of_the_image_only(study, folder):
    (folder / "CT_small.dcm").write_bytes(b"no picture")

    [problem] = take_in(study, folder, BOX).problems

    assert "CT_small.dcm" in problem.where


def test_importing_a_region_twice_adds_nothing(study, folder):
    take_in(study, folder, BOX)
    report = take_in(study, folder, BOX)

    assert (report.added, report.same, report.conflicting) == (0, 1, ())


def test_region_question_of_a_table_is_one_of_the_library(study, folder):
    take_in(study, folder, BOX)

    [summary] = study.workspace.authoring.library()
    assert summary.format is AnswerFormat.REGION
