"""Files become images of a workspace, or the reason is told and nothing was added."""

import io
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.changes import Kind
from core.domain.ids import MediaId
from core.domain.media import Clearance, ImageUse, View, Window
from core.domain.people import Role
from core.errors import BlindingError, ImageError, NotFoundError
from core.imaging.clearing.deidentify import clear
from core.imaging.pictures import describe
from core.services import images as images_service
from core.services.images import ImagesService
from tests.core.imaging.imaging_files import wheel_bytes
from tests.factories import make_body, ticking_clock


@pytest.fixture
def workspace(tmp_path, new_workspace):
    with new_workspace.copied_to(tmp_path / "images.asclepius") as opened:
        yield opened


@pytest.fixture
def ct_file(tmp_path) -> Path:
    path = tmp_path / "ct.dcm"
    path.write_bytes(wheel_bytes("CT_small.dcm"))
    return path


def test_imported_file_can_be_opened_and_is_on_record(workspace, ct_file):
    outcome = workspace.images.import_file(ct_file)

    info = outcome.value
    assert workspace.images.info(info.id) == info
    assert outcome.changes.concerns(Kind.MEDIA)
    assert workspace.images.open(info.id).unit == "HU"
    assert workspace.media_store.read(info.id) == ct_file.read_bytes()
    [event] = [e for e in events(workspace) if e.action == "media.imported"]
    assert (event.subject, event.person) == (info.id, workspace.people.me().id)


def events(workspace):
    with workspace._database.read() as tx:
        return tx.audit.all()


def test_same_bytes_under_another_name_are_kept_once(workspace, ct_file):
    first = workspace.images.import_file(ct_file).value
    copy = ct_file.with_name("copy.dcm")
    copy.write_bytes(ct_file.read_bytes())

    assert workspace.images.import_file(copy).value.id == first.id
    assert list(workspace.media_store.ids()) == [first.id]


def test_file_that_is_missing_a_folder_empty_too_big_or_unreadable_is_told(workspace, tmp_path):
    empty, text = tmp_path / "empty.png", tmp_path / "notes.txt"
    empty.write_bytes(b"")
    text.write_text("not a picture")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path, words in (
        (tmp_path / "gone.dcm", "“gone.dcm” is not there any more."),
        (tmp_path, "is a folder, not an image."),
        (empty, "“empty.png” is empty."),
        (text, "“notes.txt” cannot be shown: it is no picture of a known format."),
        (pipe, "“pipe” is not a file."),
        (Path("nul\0name"), "cannot be read"),
    ):
        with pytest.raises(ImageError) as caught:
            workspace.images.import_file(path)
        assert words in caught.value.sentence

    assert list(workspace.media_store.ids()) == []


def test_file_beyond_the_limit_is_refused_before_it_is_read(workspace, ct_file):
    size = ct_file.stat().st_size

    for limit in (1000, size - 1):
        with pytest.raises(ImageError, match=r"“ct\.dcm” is too large"):
            workspace.images.import_file(ct_file, max_bytes=limit)
    assert list(workspace.media_store.ids()) == []
    assert workspace.images.import_file(ct_file, max_bytes=size).value.size_bytes == size


def test_found_image_beyond_the_limit_is_refused_before_it_is_read(workspace, ct_file, monkeypatch):
    [choice] = workspace.images.find_choices([ct_file]).images

    monkeypatch.setattr(images_service, "MAX_FILE_BYTES", ct_file.stat().st_size - 1)
    with pytest.raises(ImageError, match="is too large"):
        workspace.images.import_choice(choice)
    monkeypatch.setattr(images_service, "MAX_FILE_BYTES", ct_file.stat().st_size)
    assert workspace.images.import_choice(choice).value.modality == "CT"


def test_whoever_brings_an_image_stands_in_the_record(workspace, ct_file):
    other = workspace.people.add("Demo Helper", roles=frozenset({Role.AUTHOR})).value.id

    workspace.images.import_file(ct_file, person=other)

    assert [one.person for one in events(workspace) if one.action == "media.imported"] == [other]


def test_damaged_image_adds_nothing(workspace, tmp_path):
    path = tmp_path / "broken.dcm"
    path.write_bytes(wheel_bytes("JPEG2000-embedded-sequence-delimiter.dcm"))

    with pytest.raises(ImageError, match=r"“broken\.dcm”"):
        workspace.images.import_file(path)
    assert list(workspace.media_store.ids()) == []


def test_unknown_image_is_not_found(workspace):
    with pytest.raises(NotFoundError):
        workspace.images.open(MediaId("0" * 64))


def test_opened_image_is_kept_until_memory_is_needed(workspace, tmp_path):
    ids = []
    for number in range(3):
        path = tmp_path / f"{number}.png"
        noise = np.random.default_rng(number).integers(0, 255, (100, 100), np.uint8)
        Image.fromarray(noise).save(path)  # some 10 KB
        ids.append(workspace.images.import_file(path).value.id)
    small = ImagesService(workspace._database.blind(), workspace.media_store, opened_bytes=45_000)

    first = small.open(ids[0])
    assert small.open(ids[0]) is first
    small.open(ids[1])
    small.open(ids[2])

    assert small.open(ids[2]) is small.open(ids[2])
    assert small.open(ids[0]) is not first


def kept_ids(workspace, tmp_path, count):
    found = []
    for number in range(count):
        path = tmp_path / f"{number}.png"
        Image.fromarray(np.full((10, 10), number, np.uint8)).save(path)
        found.append(workspace.images.import_file(path).value.id)
    return found


def test_images_that_were_looked_at_last_stay_open(workspace, tmp_path, monkeypatch):
    monkeypatch.setattr(images_service, "_MOST_OPENED", 2)
    one, two, three = kept_ids(workspace, tmp_path, 3)
    first, second = workspace.images.open(one), workspace.images.open(two)

    assert workspace.images.open(one) is first
    workspace.images.open(three)

    assert workspace.images.open(one) is first
    assert workspace.images.open(two) is not second


def test_frames_have_a_quarter_of_the_memory_however_large_the_files_are():
    assert images_service._for_frames(1000, 0) == 900
    assert images_service._for_frames(1000, 300) == 600
    assert images_service._for_frames(1000, 800) == 250


def test_frames_of_all_images_share_one_memory(workspace, tmp_path):
    ids = []
    for number in range(12):
        path = tmp_path / f"{number}.png"
        Image.fromarray(np.full((100, 100), number, np.uint8)).save(path)
        ids.append(workspace.images.import_file(path).value.id)
    small = ImagesService(workspace._database.blind(), workspace.media_store, opened_bytes=62_000)
    images = [small.open(media) for media in ids]
    seen = images[0].frame(0)
    held = images[0].hold(0, seen)

    for image in images[1:]:
        image.frame(0)

    assert held.place[1] == 0
    assert images[0].memory is images[11].memory
    assert images[0].memory.used_bytes <= 62_000
    assert images[0].ready_frame(0) is seen
    assert [one.ready_frame(0) is None for one in images[1:]] == [True] * 7 + [False] * 4


def test_thumbnail_is_a_small_png(workspace, ct_file):
    media = workspace.images.import_file(ct_file).value.id

    png = workspace.images.thumbnail(ImageUse(media, view=View(Window(40, 400))), 32)

    assert Image.open(io.BytesIO(png)).size == (32, 32)


def test_model_gets_pictures_of_cleared_images_only(workspace, ct_file):
    media = workspace.images.import_file(ct_file).value.id
    use = ImageUse(media, view=View(Window(40, 400)))
    with pytest.raises(BlindingError, match="Image 1 has not been cleared"):
        workspace.images.pictures(make_body(images=(use,)))

    cleared = clear(ct_file.read_bytes(), name="ct", use=use)
    with workspace._database.write() as tx:
        info = describe(cleared.data, name=cleared.file_name)
        workspace.media_store.put(cleared.data)
        tx.media.add(info)
        me = tx.settings.get("me")
        clock = ticking_clock()
        tx.media.add_clearance(Clearance(media, info.id, me, clock.now()))
    shown = ImageUse(info.id, view=use.view)

    [png] = workspace.images.pictures(make_body(images=(shown,)))

    later = workspace.images.at_once([])  # of a question that came after the look

    assert later.pictures(make_body(images=(shown,))) == [png]
    with pytest.raises(BlindingError, match="Image 2 has not been cleared"):
        later.pictures(make_body(images=(shown, use)))
    expected = workspace.images.open(media).frame(0).render(use.view)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(png))), expected)
