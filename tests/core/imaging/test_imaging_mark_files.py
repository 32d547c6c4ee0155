"""Marks leave as files of other programs and come back; what does not fit is refused in words."""

import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pydicom
import pytest
from PIL import Image

from core.domain.marks import MAX_MARKS, MarkFormat
from core.domain.media import ImageUse
from core.domain.region import Region, RegionKind
from core.errors import CoreError, ExchangeError, ImageError
from core.imaging.marks.mask import mask_of, mask_region
from core.imaging.pictures import encode_png
from core.workspace import Workspace, create_workspace
from tests.core.imaging.imaging_files import FOLDER
from tests.core.imaging.stack_files import blank, make_slices, write_files

BOX = Region(RegionKind.BOX, ((20, 30), (50, 60)), label="nodule")
POLYGON = Region(RegionKind.POLYGON, ((5, 5), (40, 8), (20, 50)), label="cyst")
ARROW = Region(RegionKind.ARROW, ((20, 10), (80, 70)), label="this")
POINT = Region(RegionKind.POINT, ((100, 90),), label="tip")
MASK = mask_region(mask_of(Region(RegionKind.ELLIPSE, ((60, 60), (90, 100))), 128, 128), label="m")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return create_workspace(tmp_path / "w.asclepius", owner_name="Demo Author")


def use_of(workspace: Workspace, name: str, *marks: Region) -> ImageUse:
    path = FOLDER / "test_files" / name
    return ImageUse(workspace.images.import_file(path).value.id, marks=marks)


@pytest.fixture
def ct(workspace: Workspace) -> ImageUse:
    return use_of(workspace, "CT_small.dcm")


def pixels(marks: tuple[Region, ...]) -> dict[str, bytes]:
    return {mark.label: mask_of(mark, 128, 128).tobytes() for mark in marks}


@pytest.mark.parametrize("wanted", [MarkFormat.COCO, MarkFormat.SEG])
def test_areas_come_back_pixel_by_pixel(
    workspace: Workspace, ct: ImageUse, tmp_path: Path, wanted: MarkFormat
) -> None:
    marks = (BOX, POLYGON, MASK)
    path = tmp_path / "marks"
    workspace.mark_files.write(path, replace(ct, marks=marks), 0, wanted)

    assert pixels(workspace.mark_files.read(path, ct, 0)) == pixels(marks)


def test_a_report_brings_outlines_and_points_back(
    workspace: Workspace, ct: ImageUse, tmp_path: Path
) -> None:
    path = tmp_path / "report.dcm"
    workspace.mark_files.write(path, replace(ct, marks=(BOX, POLYGON, POINT)), 0, MarkFormat.SR)

    assert workspace.mark_files.read(path, ct, 0) == (BOX, POLYGON, POINT)


def test_boxes_and_label_pictures_lie_on_the_frame_in_sight(
    workspace: Workspace, tmp_path: Path
) -> None:
    cine = use_of(workspace, "examples_ybr_color.dcm")
    marked = replace(cine, marks=(replace(BOX, frame=2), replace(POLYGON, frame=1)))
    workspace.mark_files.write(tmp_path / "a.xml", marked, 2, MarkFormat.VOC)
    workspace.mark_files.write(tmp_path / "a.png", marked, 1, MarkFormat.PNG)

    assert workspace.mark_files.read(tmp_path / "a.xml", cine, 4) == (replace(BOX, frame=4),)
    [mask] = workspace.mark_files.read(tmp_path / "a.png", cine, 4)
    assert (mask.kind, mask.frame) == (RegionKind.MASK, 4)


def test_marks_of_frames_come_back_on_their_frames(workspace: Workspace, tmp_path: Path) -> None:
    cine = use_of(workspace, "examples_ybr_color.dcm")
    marks = (replace(BOX, frame=2), replace(POLYGON, frame=1))
    for wanted in (MarkFormat.COCO, MarkFormat.SR):
        path = tmp_path / wanted
        workspace.mark_files.write(path, replace(cine, marks=marks), 0, wanted)
        assert workspace.mark_files.read(path, cine, 0) == marks


def coco(**facts: object) -> bytes:
    image = {"id": 1, "file_name": "other.png", "width": 128, "height": 128}
    mark = {"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4]}
    whole = {"images": [image | facts], "annotations": [mark], "categories": []}
    return json.dumps(whole).encode()


def two_pictures() -> bytes:
    data = json.loads(coco())
    data["images"].append(data["images"][0] | {"id": 2, "file_name": "third.png"})
    return json.dumps(data).encode()


def named_like_this_image(**facts: object) -> bytes:
    """Return two pictures, the second named like the CT; each has a mark."""
    data = json.loads(two_pictures())
    data["images"][1] |= {"file_name": "CT_small.png"} | facts
    data["annotations"].append({"image_id": 2, "category_id": 1, "bbox": [20, 30, 30, 30]})
    return json.dumps(data).encode()


def with_marks(count: int) -> bytes:
    data = json.loads(coco())
    data["annotations"] *= count
    return json.dumps(data).encode()


def of_frame(frame: int, **facts: object) -> bytes:
    data = json.loads(coco())
    data["annotations"][0] |= {"frame": frame} | facts
    return json.dumps(data).encode()


def seg_of_another_picture(workspace: Workspace, folder: Path) -> bytes:
    other = use_of(workspace, "MR_small.dcm", replace(BOX, points=((5, 5), (20, 20))))
    workspace.mark_files.write(folder / "seg", other, 0, MarkFormat.SEG)
    return (folder / "seg").read_bytes()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no file of regions"),
        (b"\x00\x01\x02", "no file of regions"),
        (b"{", "its regions are not readable"),
        (b"{}", "its regions are not readable"),
        (b"<annotation", "its regions are not readable"),
        (b"{\xff\xfe", "not UTF-8"),
        (coco(width=512, height=512), "for pictures of 512 × 512 pixels, and this image has 128"),
        (two_pictures(), "holds 2 pictures of this size"),
        (of_frame(1), "a region lies on frame 2 of 1"),
        (of_frame(0, bbox=[500, 500, 4, 4]), "outside of this image"),
        (of_frame(0, bbox=[-9, 5, 4, 4]), "outside of this image"),
        (of_frame(0, bbox=[5, -9, 4, 4]), "outside of this image"),
        (named_like_this_image(width=512), "for pictures of 512 × 128 pixels"),
        (with_marks(MAX_MARKS + 1), "it holds 5001 regions, more than 5000"),
        (of_frame(0, segmentation={"size": [2, 2], "counts": [0, 4]}), "a mask has 2 × 2 pixels"),
        (encode_png(np.ones((9, 9), np.uint8)), "a mask has 9 × 9 pixels"),
        (encode_png(np.zeros((128, 128), np.uint8)), "there is no region in it"),
        (encode_png(np.zeros((9, 9, 3), np.uint8)), "one value of 8 bits"),
    ],
    ids=lambda one: one if isinstance(one, str) else "file",
)
def test_a_file_that_does_not_fit_is_refused_in_words(
    workspace: Workspace, ct: ImageUse, tmp_path: Path, data: bytes, words: str
) -> None:
    path = tmp_path / "strange"
    path.write_bytes(data)

    with pytest.raises(ImageError) as error:
        workspace.mark_files.read(path, ct, 0)

    assert error.value.sentence.startswith("“strange” cannot be taken over: ")
    assert words in error.value.sentence


def test_the_picture_named_like_the_image_is_taken_whatever_its_suffix(
    workspace: Workspace, ct: ImageUse, tmp_path: Path
) -> None:
    (tmp_path / "x.json").write_bytes(named_like_this_image())

    assert workspace.mark_files.read(tmp_path / "x.json", ct, 0) == (replace(BOX, label=""),)


def test_a_mark_that_reaches_over_the_edge_is_taken_as_it_is(
    workspace: Workspace, ct: ImageUse, tmp_path: Path
) -> None:
    (tmp_path / "x.json").write_bytes(of_frame(0, bbox=[-2, 120, 5, 20]))

    [mark] = workspace.mark_files.read(tmp_path / "x.json", ct, 0)

    assert mark.points == ((-2, 120), (3, 140))


def test_the_values_of_a_mask_picture_become_the_names_of_its_marks(
    workspace: Workspace, ct: ImageUse, tmp_path: Path
) -> None:
    for marks, names in (((BOX, MASK), ["1", "2"]), ((BOX,), [""])):
        path = tmp_path / "mask.png"
        workspace.mark_files.write(path, replace(ct, marks=marks), 0, MarkFormat.PNG)
        assert [mark.label for mark in workspace.mark_files.read(path, ct, 0)] == names


def test_a_text_with_the_mark_of_its_encoding_in_front_is_read(
    workspace: Workspace, ct: ImageUse, tmp_path: Path
) -> None:
    (tmp_path / "x.json").write_bytes(b"\xef\xbb\xbf" + coco())

    assert len(workspace.mark_files.read(tmp_path / "x.json", ct, 0)) == 1


def test_regions_of_another_dicom_picture_are_refused(
    workspace: Workspace, ct: ImageUse, tmp_path: Path
) -> None:
    (tmp_path / "other.dcm").write_bytes(seg_of_another_picture(workspace, tmp_path))

    with pytest.raises(ImageError, match="another size than the pictures"):
        workspace.mark_files.read(tmp_path / "other.dcm", ct, 0)


def test_dicom_regions_need_a_dicom_image(workspace: Workspace, tmp_path: Path) -> None:
    Image.new("L", (128, 128)).save(tmp_path / "plain.png")
    media = workspace.images.import_file(tmp_path / "plain.png").value.id

    with pytest.raises(ImageError, match=r"“plain\.png” is no DICOM image"):
        workspace.mark_files.write(
            tmp_path / "x.dcm", ImageUse(media, marks=(BOX,)), 0, MarkFormat.SEG
        )
    assert not (tmp_path / "x.dcm").exists()


def test_dicom_regions_for_a_picture_say_what_to_use_instead(
    workspace: Workspace, ct: ImageUse, tmp_path: Path
) -> None:
    Image.new("L", (128, 128)).save(tmp_path / "plain.png")
    plain = ImageUse(workspace.images.import_file(tmp_path / "plain.png").value.id)
    workspace.mark_files.write(tmp_path / "x.dcm", replace(ct, marks=(BOX,)), 0, MarkFormat.SEG)

    with pytest.raises(ImageError, match="have nothing to point at") as error:
        workspace.mark_files.read(tmp_path / "x.dcm", plain, 0)
    assert error.value.hint.startswith("Use COCO JSON")


@pytest.mark.parametrize("wanted", [MarkFormat.SEG, MarkFormat.SR])
def test_marks_of_a_series_point_at_the_file_of_their_slice(
    workspace: Workspace, tmp_path: Path, wanted: MarkFormat
) -> None:
    files = make_slices(blank(4), range(4), FrameOfReferenceUID="1.2.9", StudyInstanceUID="1.2.8")
    series = workspace.images.import_series([write_files(tmp_path / "in", files)]).value
    mark = replace(BOX, points=((5, 5), (20, 30)), frame=1)
    use = ImageUse(series.id, frames=(0, 1, 2, 3), marks=(mark,))

    workspace.mark_files.write(tmp_path / "x.dcm", use, 0, wanted)

    names = [pydicom.dcmread(io.BytesIO(data)).SOPInstanceUID for data in files]
    made = pydicom.dcmread(tmp_path / "x.dcm")
    for group in ("CurrentRequestedProcedureEvidenceSequence", "ReferencedSeriesSequence"):
        if group in made:
            del made[group]  # all files are listed there
    told = str(made)
    assert [name for name in names if name in told] == [names[1]]
    [read] = workspace.mark_files.read(tmp_path / "x.dcm", use, 0)
    assert read.frame == 1


@pytest.mark.parametrize(
    ("marks", "wanted", "words"),
    [
        ((), MarkFormat.COCO, "no mark to export"),
        ((replace(BOX, frame=1),), MarkFormat.VOC, "no mark to export"),
        ((POINT,), MarkFormat.PNG, "Points and arrows"),
        ((POINT, ARROW), MarkFormat.SEG, "Points and arrows"),
        ((MASK,), MarkFormat.SR, "A mask cannot be written into a report"),
    ],
)
def test_what_a_format_cannot_hold_is_said(
    workspace: Workspace, ct: ImageUse, tmp_path: Path, marks, wanted: MarkFormat, words: str
) -> None:
    with pytest.raises(CoreError, match=words):
        workspace.mark_files.write(tmp_path / "x", replace(ct, marks=marks), 0, wanted)


def test_a_place_that_cannot_be_read_or_written_is_named(
    workspace: Workspace, ct: ImageUse, tmp_path: Path
) -> None:
    with pytest.raises(ExchangeError, match="does not exist"):
        workspace.mark_files.read(tmp_path / "gone.json", ct, 0)
    path = tmp_path / "nowhere" / "x.json"
    with pytest.raises(ImageError, match=r"“x\.json” could not be written"):
        workspace.mark_files.write(path, replace(ct, marks=(BOX,)), 0, MarkFormat.COCO)
