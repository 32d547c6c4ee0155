"""Whole slides in DICOM: tiles equal the source, levels are one picture, labels stay outside."""

import io
import time
import zipfile

import numpy as np
import pytest
from pydicom import dcmread, uid

from core.domain.ids import MediaId
from core.domain.media import ImageUse, View
from core.errors import ImageError
from core.imaging.choices import find_choices, write_choice
from core.imaging.clearing.bare import is_bare
from core.imaging.clearing.deidentify import clear, scan
from core.imaging.load import open_image
from core.imaging.pictures import shown_frames
from core.imaging.shown import show
from core.imaging.slides.tiles import Area, Tile, magnification, tile_of
from core.workspace import create_workspace
from tests.core.imaging.imaging_files import as_bytes, item
from tests.core.imaging.mutations import look
from tests.dicom_slides import MICRON, PHOTOMETRIC, dicom_levels, level_dataset, place_group
from tests.factories import ticking_clock

WIDTH, HEIGHT = 1300, 900
LOSSLESS = [uid.ExplicitVRLittleEndian, uid.ImplicitVRLittleEndian, uid.JPEG2000Lossless]
MOST_S = 20


def picture(width=WIDTH, height=HEIGHT):
    """Return colors that tell where a pixel is."""
    y, x = np.indices((height, width), np.uint16)
    return np.stack([x % 256, y % 256, (x // 64 + y // 64) * 5 % 256], axis=-1).astype(np.uint8)


def write(folder, files):
    folder.mkdir()
    for number, data in enumerate(reversed(files)):
        (folder / f"{number}").write_bytes(data)
    return folder


@pytest.mark.parametrize("table", ["basic", "none", "extended"])
@pytest.mark.parametrize("sparse", [False, True])
@pytest.mark.parametrize("syntax", LOSSLESS)
def test_every_pixel_is_that_of_the_source(syntax, sparse, table):
    whole = picture()

    [data] = dicom_levels(whole, steps=(1,), syntax=syntax, sparse=sparse, table=table)
    image = open_image(data, name="slide.dcm")

    assert (image.width, image.height, image.modality) == (WIDTH, HEIGHT, "SM")
    assert np.array_equal(image.frame(0).stored, whole)
    part = image.slide.region(0, 200, 300, 500, 400)
    assert np.array_equal(part, whole[300:700, 200:700])
    edge = tile_of(image, Tile(0, 3, 5, 1)).stored
    assert np.array_equal(edge, whole[3 * 256 :, 5 * 256 :])


def test_jpeg_tiles_are_nearly_the_source_and_told_as_lossy():
    y, x = np.indices((HEIGHT, WIDTH), np.uint16)
    soft = np.stack([x // 6, y // 4, (x + y) // 10], axis=-1).astype(np.uint8)

    image = open_image(dicom_levels(soft, steps=(1,), syntax=uid.JPEGBaseline8Bit)[0], name="s")

    apart = np.abs(image.frame(0).stored.astype(int) - soft)
    assert np.median(apart) <= 1
    assert np.percentile(apart, 99) <= 8
    assert "Lossy compression." in image.notes


def test_gray_slide_is_shown_as_gray():
    gray = picture()[..., 2]

    image = open_image(dicom_levels(gray, steps=(1,))[0], name="s")

    assert np.array_equal(image.frame(0).stored, np.repeat(gray[..., None], 3, axis=2))


def test_missing_tiles_of_a_sparse_slide_are_white():
    whole = picture()
    gone = ((0, 0), (2, 3), (3, 5))

    image = open_image(dicom_levels(whole, steps=(1,), sparse=True, missing=gone)[0], name="s")

    for row, column in gone:
        whole[row * 256 : (row + 1) * 256, column * 256 : (column + 1) * 256] = 255
    assert np.array_equal(image.frame(0).stored, whole)


def test_files_of_a_series_are_the_levels_of_one_slide(tmp_path):
    whole = picture(6000, 4100)
    folder = write(tmp_path / "slide", dicom_levels(whole, syntax=uid.JPEG2000Lossless))

    found = find_choices([folder])

    [choice] = found.images
    assert not choice.is_stack
    assert (choice.frame_count, choice.modality, choice.width) == (1, "SM", 1500)
    packed = open_image(bytes_of(choice), name="slide")
    for image in (choice.open(), packed):
        assert [round(level.scale) for level in image.slide.levels] == [1, 4, 16]
        part = image.slide.region(0, 3000, 2000, 700, 600)
        assert np.array_equal(part, whole[2000:2600, 3000:3700])
        assert "6,000 × 4,100 pixels" in image.notes[0]
    assert choice.thumbnail(64).startswith(b"\x89PNG")


def bytes_of(choice):
    out = io.BytesIO()
    write_choice(choice, out)
    return out.getvalue()


def test_zip_of_a_slide_is_opened_like_its_folder(tmp_path):
    whole = picture()
    with zipfile.ZipFile(tmp_path / "s.zip", "w") as archive:
        for number, data in enumerate(dicom_levels(whole)):
            archive.writestr(f"{number}", data)

    [choice] = find_choices([tmp_path / "s.zip"]).images

    assert np.array_equal(choice.open().slide.region(0, 0, 0, WIDTH, HEIGHT), whole)


@pytest.mark.parametrize("kind", ["LABEL", "OVERVIEW", "THUMBNAIL"])
def test_label_and_other_pictures_of_the_glass_are_not_offered(tmp_path, kind):
    files = dicom_levels(picture())
    beside = level_dataset(picture(300, 200), number=7, kind=kind)
    folder = write(tmp_path / "slide", [*files, as_bytes(beside)])

    found = find_choices([folder])

    assert len(found.images) == 1
    [left_out] = found.left_out
    assert "of a slide" in left_out.why or "label" in left_out.why
    assert "of a slide" in look(as_bytes(beside)) or "label" in look(as_bytes(beside))
    assert len(found.images[0].open().slide.levels) == 3


def test_slide_is_kept_shown_and_cut_like_any_image(tmp_path):
    whole = picture(6000, 4100)
    folder = write(tmp_path / "slide", dicom_levels(whole, syntax=uid.JPEG2000Lossless))
    with create_workspace(tmp_path / "x.asclepius", clock=ticking_clock()) as workspace:
        [choice] = workspace.images.find_choices([folder]).images

        kept = workspace.images.import_choice(choice).value
        image = workspace.images.open(kept.id)
        part = workspace.images.import_part(kept.id, Area(100, 50, 400, 250)).value

        assert image.source_bytes == 0  # tiles are read from the disk
        assert (kept.frame_count, kept.modality, kept.media_type) == (1, "SM", "application/zip")
        opened = workspace.images.open(part.id)
        assert np.array_equal(opened.frame(0).stored, whole[200:1000, 400:1600])


def test_slide_leaves_as_its_overview_without_a_word_of_its_header(tmp_path):
    whole = picture()
    [choice] = find_choices([write(tmp_path / "slide", dicom_levels(whole))]).images
    packed = bytes_of(choice)
    for data in (dicom_levels(whole, steps=(1,))[0], packed):
        use = ImageUse(MediaId("0" * 64), view=View(quarter_turns=1))
        cleared = clear(data, name="slide", use=use)
        names = {finding.attribute for finding in scan(data, name="slide").findings}

        assert {"Patient's Name", "Container Identifier"} <= names
        assert b"Zq7Planted" not in cleared.data
        assert is_bare(cleared.data)
        image = open_image(data, name="slide")
        [sent] = shown_frames(image, use)
        seen = show(image, 0, use.view).picture
        assert np.array_equal(open_image(sent, name="sent").frame(0).stored, seen)
        assert np.array_equal(open_image(cleared.data, name="c").frame(0).stored, whole)


def test_size_of_pixels_comes_from_the_level_that_is_shown():
    image = open_image(dicom_levels(picture(), steps=(1,))[0], name="s")
    assert image.spacing_mm == pytest.approx((MICRON / 1000, MICRON / 1000))
    assert image.geometry.mm_refusal == ""
    assert magnification(image.slide, 1.0) == pytest.approx(20)

    volume = {"ImagedVolumeWidth": 1.3, "ImagedVolumeHeight": 0.9}
    told = level_dataset(picture(), SharedFunctionalGroupsSequence=[], **volume)
    assert open_image(as_bytes(told), name="s").spacing_mm == pytest.approx((0.001, 0.001))

    silent = open_image(
        as_bytes(level_dataset(picture(), SharedFunctionalGroupsSequence=[])), name="s"
    )
    assert silent.spacing_mm is None
    assert "does not say how large a pixel is" in silent.geometry.mm_refusal


def test_parts_of_a_concatenation_are_put_together(tmp_path):
    whole = picture()
    full = level_dataset(whole)
    frames, side = full.NumberOfFrames, 256 * 256 * 3
    files, pixels = [], full.PixelData
    for number, (start, end) in enumerate(((0, 10), (10, frames))):
        part = level_dataset(
            whole, ConcatenationUID="1.2.3.4", ConcatenationFrameOffsetNumber=start
        )
        part.NumberOfFrames = end - start
        part.PixelData = pixels[start * side : end * side]
        part.SOPInstanceUID = part.file_meta.MediaStorageSOPInstanceUID = f"1.2.3.9.{number}"
        files.append(as_bytes(part))

    [choice] = find_choices([write(tmp_path / "slide", files)]).images

    assert np.array_equal(choice.open().frame(0).stored, whole)
    with pytest.raises(ImageError, match="24 tiles, and 10 are there"):
        open_image(files[0], name="part")


def test_first_of_several_focal_planes_and_paths_is_shown_and_told():
    whole = picture()
    doubled = level_dataset(whole, TotalPixelMatrixFocalPlanes=2)
    doubled.PixelData += bytes(255 - one for one in doubled.PixelData)
    doubled.NumberOfFrames *= 2
    image = open_image(as_bytes(doubled), name="s")
    assert np.array_equal(image.frame(0).stored, whole)
    assert "The slide has several focal planes; the first is shown." in image.notes

    sparse = level_dataset(whole, sparse=True, NumberOfOpticalPaths=2)
    groups = [*sparse.PerFrameFunctionalGroupsSequence]
    groups += [place_group(row, column, 256, path="2") for row in range(4) for column in range(6)]
    sparse.PerFrameFunctionalGroupsSequence = groups
    sparse.PixelData += bytes(len(sparse.PixelData))
    sparse.NumberOfFrames *= 2
    image = open_image(as_bytes(sparse), name="s")
    assert np.array_equal(image.frame(0).stored, whole)
    assert "The slide has several optical paths; the first is shown." in image.notes


def test_large_single_level_gets_an_overview_of_its_own():
    whole = np.kron(picture(300, 225), np.ones((20, 20, 1), np.uint8))
    image = open_image(dicom_levels(whole, steps=(1,), syntax=uid.JPEG2000Lossless)[0], name="s")

    assert image.width * image.height <= 1 << 24
    assert (image.width, image.height) == (3000, 2250)
    means = whole.reshape(2250, 2, 3000, 2, 3).mean(axis=(1, 3))
    assert np.abs(image.frame(0).stored - means).max() <= 1
    assert np.array_equal(image.slide.region(0, 990, 880, 600, 500), whole[880:1380, 990:1590])


def changed(**attributes):
    dataset = level_dataset(picture(), sparse=attributes.pop("sparse", False))
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    return as_bytes(dataset)


LIES = {
    "giant of full tiles": lambda: changed(
        TotalPixelMatrixColumns=100_000, TotalPixelMatrixRows=100_000),
    "giant of sparse tiles": lambda: changed(
        TotalPixelMatrixColumns=100_000, TotalPixelMatrixRows=100_000, sparse=True),
    "largest numbers": lambda: changed(
        TotalPixelMatrixColumns=2**32 - 1, TotalPixelMatrixRows=2**32 - 1, sparse=True),
    "no size": lambda: changed(TotalPixelMatrixColumns=0),
    "very many frames": lambda: changed(NumberOfFrames=2_000_000_000),
    "too few frames": lambda: changed(NumberOfFrames=3),
    "giant tiles": lambda: changed(Rows=65535, Columns=65535),
    "deep samples": lambda: changed(BitsAllocated=16, BitsStored=16, HighBit=15),
    "signed samples": lambda: changed(PixelRepresentation=1),
    "fewer bits than are there": lambda: changed(BitsStored=7, HighBit=6),
    "places on no grid": lambda: changed(
        PerFrameFunctionalGroupsSequence=[place_group(1, 1, 100)], sparse=True),
    "no places": lambda: changed(PerFrameFunctionalGroupsSequence=[item()], sparse=True),
}  # fmt: skip


@pytest.mark.parametrize("kind", LIES)
def test_lying_numbers_end_in_words_at_once(kind):
    data, started = LIES[kind](), time.perf_counter()

    sentence = look(data)

    assert sentence.startswith("“broken.file” cannot be shown: ")
    assert time.perf_counter() - started < MOST_S


@pytest.mark.parametrize("syntax", PHOTOMETRIC)
def test_damaged_tile_is_told_and_the_others_are_read(syntax):
    [data] = dicom_levels(picture(), steps=(1,), syntax=syntax)
    frames = dcmread(io.BytesIO(data)).PixelData
    middle = data.rindex(frames[-4000:-3000])
    broken = data[:middle] + b"\x55" * 900 + data[middle + 900 :]
    image = open_image(broken, name="broken.file")

    assert tile_of(image, Tile(0, 0, 0, 1)).stored.shape == (256, 256, 3)
    assert look(broken[: len(broken) // 2]) != ""
    assert look(broken) == "" or "a tile of the slide is damaged" in look(broken)
