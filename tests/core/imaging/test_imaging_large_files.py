"""Files as large as real slides: taken in piece by piece, or refused in words."""

import hashlib
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
import tifffile

from core.domain.ids import MediaId
from core.domain.media import ImageUse
from core.errors import Cancelled, ImageError, StorageError
from core.imaging import whole as whole_files
from core.imaging.clearing import findings
from core.imaging.clearing.deidentify import clear, scan
from core.imaging.dicom import clip as dicom_clip
from core.imaging.load import open_file
from core.imaging.series import sources
from core.imaging.series.file import pack_series
from core.imaging.series.finding import find_series
from core.imaging.store import MediaStore
from core.workspace import create_workspace
from tests.core.imaging.imaging_files import as_bytes, make_dataset
from tests.core.imaging.stack_files import make_slices, write_files
from tests.factories import ticking_clock
from tests.large_files import MEASURED, write_large_slide
from tests.slides import slide_bytes, tissue

USE = ImageUse(MediaId("0" * 64))
ROOT = Path(__file__).parents[3]


@pytest.fixture
def workspace(tmp_path):
    with create_workspace(tmp_path / "large.asclepius", clock=ticking_clock()) as workspace:
        yield workspace


@pytest.fixture(scope="module")
def slide():
    return slide_bytes(tissue(2048, 1536))


@pytest.fixture
def slide_file(tmp_path, slide):
    path = tmp_path / "slide.tif"
    path.write_bytes(slide)
    return path


def files_in(workspace):
    return [one for one in workspace.media_store._folder.rglob("*") if one.is_file()]


@pytest.mark.skipif(sys.platform == "win32", reason="the peak of memory is asked of Unix")
def test_slide_of_300_megabytes_is_taken_in_and_opened_with_a_third_of_that(tmp_path):
    write_large_slide(tmp_path / "small.tif", 2048)
    write_large_slide(tmp_path / "large.tif", 10240)
    names = [str(tmp_path / name) for name in ("large.tif", "x.asclepius", "small.tif")]

    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *names], cwd=ROOT, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr
    size, grown, width, media = done.stdout.split()
    with (tmp_path / "large.tif").open("rb") as file:
        assert hashlib.file_digest(file, "sha256").hexdigest() == media
    assert int(size) > 300e6
    assert int(width) == 2560
    assert int(grown) < int(size) / 3


def test_progress_counts_writing_and_reading_back(workspace, slide_file, slide):
    steps = []

    info = workspace.images.import_file(
        slide_file, on_bytes=lambda done, total: steps.append((done, total))
    ).value

    assert steps[0] == (len(slide), 2 * len(slide))
    assert steps[-1] == (2 * len(slide), 2 * len(slide))
    assert workspace.media_store.read(info.id) == slide


@pytest.mark.parametrize("stop_at", [1, 2])
def test_taking_in_one_large_file_can_be_stopped_and_then_nothing_is_kept(
    workspace, slide_file, stop_at
):
    [choice] = workspace.images.find_choices([slide_file]).images
    steps = []

    def stop(done, _):
        steps.append(done)
        if len(steps) == stop_at:
            raise Cancelled

    with pytest.raises(Cancelled):
        workspace.images.import_choice(choice, on_bytes=stop)

    assert files_in(workspace) == []


def test_what_is_no_image_leaves_nothing_aside(workspace, tmp_path):
    path = tmp_path / "broken.tif"
    path.write_bytes(b"II*\0" + bytes(100))

    with pytest.raises(ImageError, match=r"broken\.tif"):
        workspace.images.import_file(path)

    assert files_in(workspace) == []


def test_file_that_is_written_aside_appears_whole_or_not_at_all(tmp_path):
    store, seen = MediaStore(tmp_path / "media"), []

    def check(path, media):
        seen.append(path.read_bytes())
        assert not store.has(media)
        return media

    media = store.put_file(lambda out: out.write(b"slide"), check, name="s")

    assert seen == [b"slide"]
    assert media == hashlib.sha256(b"slide").hexdigest()
    assert store.read(media) == b"slide"
    assert [one.name for one in (tmp_path / "media").rglob("*") if one.is_file()] == [media]


def test_large_file_replaces_its_damaged_copy_and_leaves_a_whole_one(tmp_path):
    store = MediaStore(tmp_path)
    media = store.put(b"slide")
    before = store.path(media).stat().st_ino
    store.put_file(lambda out: out.write(b"slide"), lambda *_: None, name="s")
    assert store.path(media).stat().st_ino == before

    store.path(media).write_bytes(b"slipe")
    store.put_file(lambda out: out.write(b"slide"), lambda *_: None, name="s")

    assert store.read(media) == b"slide"


def test_what_a_killed_program_left_aside_goes_with_the_next_large_file(tmp_path):
    old, new = tmp_path / ".writing-old", tmp_path / ".writing-new"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (1, 1))
    store = MediaStore(tmp_path)

    store.put_file(lambda out: out.write(b"slide"), lambda *_: None, name="s")

    assert not old.exists()
    assert new.exists()  # another window may be writing it
    assert len(list(store.ids())) == 1


@pytest.mark.parametrize("step", ["write", "check"])
def test_program_killed_while_it_takes_in_a_large_file_leaves_no_image(tmp_path, step):
    die = "lambda *_: os._exit(9)"
    write = die if step == "write" else "lambda out: out.write(bytes(9_000_000))"
    code = (
        "import os\nfrom pathlib import Path\nfrom core.imaging.store import MediaStore\n"
        f"MediaStore(Path({str(tmp_path)!r})).put_file({write}, {die}, name='s')"
    )

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT)

    assert done.returncode == 9
    store = MediaStore(tmp_path)
    assert list(store.ids()) == []
    assert store.damaged() == []
    media = store.put_file(lambda out: out.write(bytes(9)), lambda _, media: media, name="s")
    assert store.read(media) == bytes(9)


def test_disk_without_room_is_told_before_anything_is_written(tmp_path):
    written = []

    with pytest.raises(StorageError, match=r"“big\.svs” has [\d,]+ MB, and the disk"):
        MediaStore(tmp_path).put_file(
            written.append, lambda *_: None, name="big.svs", size_bytes=1 << 60
        )

    assert written == []


def test_large_picture_without_tiles_is_refused_in_words(workspace, tmp_path, monkeypatch):
    monkeypatch.setattr(whole_files, "WHOLE_BYTES", 10_000)
    path = tmp_path / "scan.tif"
    tifffile.imwrite(path, np.zeros((200, 200), np.uint8))

    found = workspace.images.find_choices([path])

    assert found.images == ()
    assert "“scan.tif” cannot be shown: it is larger than" in found.left_out[0].reason
    with pytest.raises(ImageError) as caught:
        workspace.images.import_file(path)
    assert "only slides in tiles and DICOM files of many frames" in caught.value.sentence
    assert "TIFF pyramid" in caught.value.hint
    assert files_in(workspace) == []


def test_large_file_out_of_a_zip_is_refused_in_words(tmp_path, slide, monkeypatch):
    monkeypatch.setattr(sources, "MAX_MEMBER_BYTES", 10_000)
    with zipfile.ZipFile(tmp_path / "s.zip", "w") as archive:
        archive.writestr("slide.tif", slide)
    [source] = sources.source_files([tmp_path / "s.zip"])

    with pytest.raises(ImageError) as caught:
        source.extent()

    assert "out of a ZIP only files of at most" in caught.value.sentence
    assert "Unpack the ZIP" in caught.value.hint


def test_single_long_clip_is_looked_at_and_kept_frame_by_frame(workspace, tmp_path, monkeypatch):
    monkeypatch.setattr(dicom_clip, "HELD_BYTES", 1000)
    monkeypatch.setattr("core.imaging.series.file.HELD_BYTES", 1000)
    monkeypatch.setattr(whole_files, "WHOLE_BYTES", 2000)
    monkeypatch.setattr(sources, "MAX_MEMBER_BYTES", 2000)
    frames = np.arange(5 * 33 * 41, dtype=np.uint16).reshape(5, 33, 41)
    (tmp_path / "clip.dcm").write_bytes(as_bytes(make_dataset(frames)))

    [choice] = workspace.images.find_choices([tmp_path / "clip.dcm"]).images
    info = workspace.images.import_choice(choice).value
    image = workspace.images.open(info.id)

    assert [int(image.frame(index).stored[0, 0]) for index in range(5)] == [
        int(one[0, 0]) for one in frames
    ]


def test_clearing_from_the_disk_is_clearing_from_memory(tmp_path, slide_file):
    stack = write_files(tmp_path / "ct", make_slices(np.zeros((3, 20, 30), np.int16), range(3)))
    packed, single = tmp_path / "packed", tmp_path / "one.dcm"
    packed.write_bytes(pack_series(find_series([stack]).series[0]))
    single.write_bytes(as_bytes(make_dataset(np.zeros((2, 33, 41), np.uint16))))
    for path in (slide_file, packed, single):
        held = path.read_bytes()

        assert scan(path, name="x") == scan(held, name="x")
        assert clear(path, name="x", use=USE) == clear(held, name="x", use=USE)


def test_dicom_too_large_to_be_cleared_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(findings, "WHOLE_BYTES", 1000)
    path = tmp_path / "clip.dcm"
    path.write_bytes(as_bytes(make_dataset(np.zeros((5, 33, 41), np.uint16))))

    assert open_file(path, name="clip.dcm").frame_count == 5
    with pytest.raises(ImageError, match="looked at, but not cleared of patient data"):
        clear(path, name="clip.dcm", use=USE)


def test_what_is_larger_than_memory_is_not_read_as_a_whole(tmp_path, monkeypatch):
    monkeypatch.setattr("core.imaging.store.MOST_HELD_BYTES", 4)
    store = MediaStore(tmp_path)
    media = store.put(b"slide")

    with pytest.raises(ImageError, match="needs it in memory as a whole"):
        store.read(media)
    assert store.verified_path(media).read_bytes() == b"slide"
    assert store.damaged() == []
