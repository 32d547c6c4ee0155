"""Files become series by geometry: folders, ZIPs, DICOMDIRs, phases, tilt, uneven spacing."""

import io
import shutil
import zipfile

import numpy as np
import pytest

from core.domain.ids import MediaId
from core.domain.media import ImageUse, View, Window
from core.errors import ImageError
from core.imaging.clearing.bare import is_bare
from core.imaging.clearing.deidentify import clear, scan
from core.imaging.load import open_image
from core.imaging.mpr.volume import volume_of
from core.imaging.series import file as series_file
from core.imaging.series.file import open_found, pack_series
from core.imaging.series.finding import find_series
from core.imaging.series.stack import stack_of
from core.workspace import create_workspace
from tests.core.imaging.imaging_files import FOLDER, as_bytes, item, make_dataset, wheel_bytes
from tests.core.imaging.stack_files import (
    COLUMNS,
    ROWS,
    SPACING,
    UNEVEN,
    blank,
    make_slices,
    numbered,
    write_files,
)
from tests.factories import ticking_clock

COUNT = len(UNEVEN)


@pytest.fixture
def workspace(tmp_path):
    with create_workspace(tmp_path / "series.asclepius", clock=ticking_clock()) as opened:
        yield opened


def order_of(image):
    return [int(image.frame(index).stored[0, 0]) - 1024 for index in range(image.frame_count)]


def test_folder_is_sorted_along_the_normal_and_not_by_name_or_number(tmp_path):
    places = np.arange(COUNT) * 2.5
    write_files(tmp_path / "deep" / "er", make_slices(numbered(COUNT), places))

    found = find_series([tmp_path])

    [series] = found.series
    assert order_of(open_found(series)) == list(range(COUNT))
    assert (series.title, series.modality, series.notes) == ("Series 1", "CT", ())
    assert found.left_out == ()


@pytest.mark.parametrize("degrees", [0.0, 12.5, -20.0])
def test_uneven_spacing_and_tilt_are_told_in_words(tmp_path, degrees):
    write_files(tmp_path, make_slices(numbered(COUNT), UNEVEN, degrees=degrees))

    [series] = find_series([tmp_path]).series

    assert order_of(open_found(series)) == list(range(COUNT))
    expected = ["The slices are unevenly spaced: 2 to 4.5 mm apart."]
    if degrees:
        expected.append(f"The gantry was tilted by {abs(degrees):.3g}°.")
    assert list(series.notes) == expected


def test_zip_with_two_series_and_other_files_is_sorted(tmp_path):
    files = make_slices(blank(5), np.arange(5)) + make_slices(blank(3), np.arange(3), series="2")
    with zipfile.ZipFile(tmp_path / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number, data in enumerate(files):
            archive.writestr(f"export/{number * 5 % 8:X}", data)
        archive.writestr("export/readme.txt", "hello")
        archive.writestr("__MACOSX/junk", "x")
    seen = []

    found = find_series([tmp_path / "all.zip"], on_file=seen.append)

    assert [len(one.slices) for one in found.series] == [5, 3]
    assert [one.name for one in found.left_out] == ["export/readme.txt"]
    assert "no DICOM file" in found.left_out[0].reason
    assert seen == list(range(1, 10))


def test_phases_in_one_place_become_series_of_their_own(tmp_path):
    for phase in (1, 2):
        files = make_slices(numbered(4), np.arange(4), TemporalPositionIdentifier=phase)
        write_files(tmp_path / str(phase), files)

    found = find_series([tmp_path])

    assert [order_of(open_found(one)) for one in found.series] == [[0, 1, 2, 3]] * 2


def test_the_same_picture_twice_is_left_out_once(tmp_path):
    files = make_slices(numbered(4), np.arange(4))
    write_files(tmp_path / "a", files)
    write_files(tmp_path / "b", files[:1])

    found = find_series([tmp_path])

    assert [len(one.slices) for one in found.series] == [4]
    assert "twice" in found.left_out[0].reason


def test_pictures_without_a_place_are_sorted_by_number_and_say_so(tmp_path):
    for number in (2, 0, 1):
        data = make_dataset(
            np.full((4, 4), 1024 + number, np.int16),
            InstanceNumber=number,
            SeriesInstanceUID="1.2",
            SOPInstanceUID=f"1.2.{number}",
        )
        (tmp_path / f"x{5 - number}").write_bytes(as_bytes(data))

    [series] = find_series([tmp_path]).series

    assert order_of(open_found(series)) == [0, 1, 2]
    assert "do not say where" in series.notes[0]


def test_dicomdir_of_pydicom_is_found_with_all_its_series():
    root = FOLDER / "test_files" / "dicomdirtests"

    found = find_series([root / "DICOMDIR"])

    assert sum(len(one.slices) for one in found.series) == 31
    assert {one.modality for one in found.series} == {"CR", "CT", "MR"}
    assert all(open_found(one).frame(0) for one in found.series)
    for one in found.series:
        stack = stack_of(one.planes)
        assert stack is None or stack.order == tuple(range(len(one.slices)))


def test_dicomdir_that_lists_a_file_outside_its_folder_reads_nothing_there(tmp_path):
    shutil.copytree(FOLDER / "test_files" / "dicomdirtests", tmp_path / "disc")
    (tmp_path / "SECRET1").write_bytes(wheel_bytes("CT_small.dcm"))
    path = tmp_path / "disc" / "DICOMDIR"
    data = path.read_bytes()
    assert b"77654033\\CT2\\17106" in data
    path.write_bytes(data.replace(b"77654033\\CT2\\17106", b"..\\SECRET1".ljust(18)))

    found = find_series([path])

    assert sum(len(one.slices) for one in found.series) == 30


def test_broken_and_missing_paths_are_told(tmp_path):
    (tmp_path / "bad.zip").write_bytes(b"PK\3\4 and no more")

    with pytest.raises(ImageError, match=r"bad\.zip.*ZIP file is damaged"):
        find_series([tmp_path / "bad.zip"])
    with pytest.raises(ImageError, match="not there"):
        find_series([tmp_path / "nothing"])


def test_packed_series_opens_as_one_image_of_many_frames(tmp_path):
    write_files(tmp_path, make_slices(numbered(COUNT), UNEVEN, degrees=10))
    [series] = find_series([tmp_path]).series

    data = pack_series(series)
    image = open_image(data, name="packed")

    assert pack_series(series) == data
    assert (image.width, image.height, image.frame_count) == (COLUMNS, ROWS, COUNT)
    assert order_of(image) == list(range(COUNT))
    assert image.planes == series.planes
    assert image.notes[-2:] == series.notes


def test_imported_series_is_one_image_and_leaves_without_identifiers(workspace, tmp_path):
    folder = write_files(tmp_path / "in", make_slices(numbered(COUNT), UNEVEN, degrees=10))

    info = workspace.images.import_series([folder]).value
    data = workspace.media_store.read(info.id)
    use = ImageUse(info.id, tuple(range(2, COUNT)))
    cleared = clear(data, name=info.file_name, use=use)
    after = open_image(cleared.data, name="cleared")

    assert (info.frame_count, info.modality, info.media_type) == (COUNT, "CT", "application/zip")
    assert "Patient's Name" in {one.attribute for one in scan(data, name="x").findings}
    assert b"Zq7Planted" in data
    assert b"Zq7Planted" not in cleared.data
    assert scan(cleared.data, name="y").findings == ()
    assert is_bare(cleared.data)
    assert order_of(after) == list(range(2, COUNT))
    before = workspace.images.open(info.id)
    stack, kept = stack_of(before.planes[2:]), stack_of(after.planes)
    assert kept.gaps_mm == pytest.approx(stack.gaps_mm, abs=1e-5)
    assert kept.tilt_degrees == pytest.approx(stack.tilt_degrees, abs=1e-4)
    assert after.planes[0].origin_mm == (0, 0, 0)
    assert after.spacing_mm == SPACING
    assert after.geometry.letters(0, View()) == before.geometry.letters(2, View())
    assert "unevenly" in " ".join(after.notes)
    assert "tilted" in " ".join(after.notes)


def test_paths_with_several_series_or_none_are_refused_with_what_to_do(workspace, tmp_path):
    write_files(tmp_path / "two", make_slices(blank(2), [0, 1]))
    write_files(tmp_path / "two" / "b", make_slices(blank(2), [0, 1], series="2"))
    (tmp_path / "none").mkdir()

    with pytest.raises(ImageError, match="2 series, not one"):
        workspace.images.import_series([tmp_path / "two"])
    with pytest.raises(ImageError, match="No series was found"):
        workspace.images.import_series([tmp_path / "none"])
    assert list(workspace.media_store.ids()) == []


def test_packed_series_with_a_missing_or_odd_file_says_so(tmp_path):
    write_files(tmp_path, make_slices(numbered(3), [0, 1, 2]))
    [series] = find_series([tmp_path]).series
    data = pack_series(series)

    with pytest.raises(ImageError, match="series file is damaged"):
        open_image(data[: len(data) // 2], name="half")
    for place in range(0, 3000, 37):
        broken = bytearray(data)
        broken[place] ^= 255
        try:
            open_image(bytes(broken), name="broken").frame(2)
        except ImageError as error:
            assert "broken" in error.sentence  # noqa: PT017 - either outcome is right


def test_packed_series_whose_pixels_were_changed_is_refused_where_they_are_seen(tmp_path):
    write_files(tmp_path, make_slices(numbered(3), [0, 1, 2]))
    [series] = find_series([tmp_path]).series
    data = bytearray(pack_series(series))
    data[data.index(b"\2\4\2\4\2\4") + 100] ^= 1  # 1026, in the last slice

    image = open_image(bytes(data), name="x.series")

    assert image.frame(1).stored[0, 0] == 1025
    with pytest.raises(ImageError, match=r"x\.series.*series file is damaged"):
        image.frame(2)


def packed_otherwise(folder, put):
    """Return a series of two slices whose members `put` packs again: target, place, name, bytes."""
    write_files(folder, make_slices(numbered(2), [0, 1]))
    [series] = find_series([folder]).series
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(pack_series(series))) as packed,
        zipfile.ZipFile(out, "w") as other,
    ):
        for place, one in enumerate(packed.namelist()):
            put(other, place, one, packed.read(one))
    return out.getvalue()


def test_packed_series_of_a_newer_program_is_not_guessed_at(tmp_path):
    def as_newer(target, _place, name, content):
        target.writestr(name, content.replace(b"asclepius-series/1", b"series/2"))

    with pytest.raises(ImageError, match="series file is damaged"):
        open_image(packed_otherwise(tmp_path, as_newer), name="x")


def test_packed_series_with_a_compressed_file_is_refused_for_it_could_be_a_bomb(tmp_path):
    def one_compressed(target, place, name, content):
        target.writestr(name, content, zipfile.ZIP_DEFLATED if place == 2 else None)

    with pytest.raises(ImageError, match="series file is damaged"):
        open_image(packed_otherwise(tmp_path, one_compressed), name="x")


def test_packed_series_that_is_packed_again_as_it_was_opens(tmp_path):
    def as_it_was(target, _place, name, content):
        target.writestr(name, content)

    assert open_image(packed_otherwise(tmp_path, as_it_was), name="x").frame_count == 2


def test_series_larger_than_can_be_kept_is_refused_with_its_name(tmp_path, monkeypatch):
    write_files(tmp_path, make_slices(numbered(3), [0, 1, 2]))
    [series] = find_series([tmp_path]).series
    size = sum(one.source.size_bytes() for one in series.slices)

    monkeypatch.setattr(series_file, "MAX_SERIES_BYTES", size)
    assert pack_series(series)
    monkeypatch.setattr(series_file, "MAX_SERIES_BYTES", size - 1)
    with pytest.raises(ImageError, match=r"“Series 1”.*larger than two gigabytes"):
        pack_series(series)


def enhanced(places):
    """Return an enhanced CT whose frames lie at `places` mm, in this order."""
    groups = [
        item(
            PlanePositionSequence=[item(ImagePositionPatient=[-10, -20, place])],
            FrameVOILUTSequence=[item(WindowCenter=40 + place, WindowWidth=400)],
        )
        for place in places
    ]
    shared = item(
        PlaneOrientationSequence=[item(ImageOrientationPatient=[1, 0, 0, 0, 1, 0])],
        PixelMeasuresSequence=[item(PixelSpacing=list(SPACING), SliceThickness=1)],
    )
    values = np.stack([np.full((ROWS, COLUMNS), place, np.int16) for place in places])
    return as_bytes(
        make_dataset(
            values,
            PerFrameFunctionalGroupsSequence=groups,
            SharedFunctionalGroupsSequence=[shared],
            SeriesInstanceUID="1.2.7",
        )
    )


def test_enhanced_multi_frame_is_sorted_by_place_and_told_uneven(tmp_path):
    places = [6, 0, 2, 10, 4]
    (tmp_path / "enhanced").write_bytes(enhanced(places))

    [series] = find_series([tmp_path]).series
    image = open_found(series)
    volume = volume_of(image)

    assert [int(image.frame(index).stored[0, 0]) for index in range(5)] == places  # as in the file
    assert stack_of(image.planes).order == (1, 2, 4, 0, 3)
    assert volume.values[:, 0, 0].tolist() == [0, 2, 4, 6, 10]
    assert image.notes[-1] == "The slices are unevenly spaced: 2 to 4 mm apart."
    assert image.frame(3).default_window == Window(50, 400)
    assert pack_series(series)
    assert open_image(pack_series(series), name="packed").frame_count == 5


def test_cleared_use_of_a_missing_frame_is_refused(tmp_path):
    write_files(tmp_path, make_slices(numbered(3), [0, 1, 2]))
    [series] = find_series([tmp_path]).series

    with pytest.raises(ImageError, match="has 3 frames; frame 4"):
        clear(pack_series(series), name="x", use=ImageUse(MediaId("0" * 64), (3,)))
