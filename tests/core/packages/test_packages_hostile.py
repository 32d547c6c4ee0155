"""Files that strangers made to harm: refused with the reason, the workspace untouched."""

import hashlib
import json
import struct
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.domain.ids import PersonId
from core.domain.package import PackageFacts, PackageKind, Record, RecordKind, Signer
from core.domain.plain import canonical_json, sha256_of
from core.errors import ExchangeError, StorageError
from core.packages.limits import STANDARD, Limits
from core.packages.manifest import VERSION, Member, records_name, write_manifest
from core.packages.reader import reading
from core.packages.signing import new_private_key, public_key_of, sign
from core.packages.writer import writing
from core.workspace import Workspace, open_package
from tests.factories import new_id, ticking_clock
from tests.study import Kept

MOMENT = "2026-01-05T09:00:00.000000+00:00"
PERSON = {
    "id": new_id(),
    "name": "Demo Reader 1",
    "roles": ["reader"],
    "specialty": "",
    "years_in_practice": None,
    "specialty_confidence": {},
    "changed_at": MOMENT,
    "profile_at": MOMENT,
}
KEY = new_private_key()


def facts(kind: PackageKind = PackageKind.WORKSPACE) -> PackageFacts:
    return PackageFacts(
        id=new_id(),
        kind=kind,
        created_at=MOMENT,
        program="asclepius test",
        sender=Signer(PERSON["id"], "Demo Reader 1", public_key_of(KEY)),  # type: ignore[arg-type]
        workspace=new_id(),
        addressee=PERSON["id"] if kind.is_blind else None,  # type: ignore[arg-type]
    )


def forged(
    path: Path,
    members: dict[str, bytes],
    *,
    listed: dict[str, Member] | None = None,
    change: Callable[[dict[str, Any]], object] = lambda _: None,
    info: Callable[[zipfile.ZipInfo], object] = lambda _: None,
    kind: PackageKind = PackageKind.WORKSPACE,
) -> Path:
    """Write a container as a skilled stranger would: signed, with whatever is inside."""
    names = listed
    if names is None:
        names = {
            name: Member(hashlib.sha256(data).hexdigest(), len(data))
            for name, data in members.items()
        }
    manifest = json.loads(write_manifest(facts(kind), names))
    change(manifest)
    data = canonical_json(manifest).encode()
    every = members | {"manifest.json": data, "signature.json": sign(data, KEY)}
    with zipfile.ZipFile(path, "w") as container:
        for name, content in every.items():
            one = zipfile.ZipInfo(name)
            is_media = name.startswith("media/")
            one.compress_type = zipfile.ZIP_STORED if is_media else zipfile.ZIP_DEFLATED
            info(one)
            container.writestr(one, content)
    return path


def read_whole(file: Path, limits: Limits) -> None:
    with reading(file, limits=limits) as package:
        package.records()
        package.check(lambda *_: None)


def lines(*records: dict[str, Any]) -> bytes:
    return b"".join(canonical_json(one).encode() + b"\n" for one in records)


@pytest.fixture
def people() -> dict[str, bytes]:
    return {"records/person.jsonl": lines(PERSON)}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "forged.asclepius-package"


@pytest.fixture
def workspace(tmp_path: Path, new_workspace: Kept[None]) -> Iterator[Workspace]:
    with new_workspace.copied_to(tmp_path / "mine.asclepius") as opened:
        yield opened


@pytest.fixture(autouse=True)
def nothing_stays_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    yield
    assert list(place.iterdir()) == []
    assert not [one for one in tmp_path.iterdir() if one.name.startswith(".")]


def refused(file: Path, workspace: Workspace, sentence: str) -> None:
    """Try everything that opens a file; nothing may be stored, anywhere."""
    folder = file.parent / "opened.asclepius"
    before = workspace._database.fingerprint(without="")
    media = sorted(workspace.path.rglob("*"))
    with pytest.raises(ExchangeError, match=sentence):
        open_package(file, folder, clock=ticking_clock())
    with pytest.raises(ExchangeError, match=sentence):
        workspace.merging.merge([file], workspace.people.me().id)
    with pytest.raises(ExchangeError, match=sentence):
        workspace.merging.preview([file])
    assert not folder.exists()
    assert workspace._database.fingerprint(without="") == before
    assert sorted(workspace.path.rglob("*")) == media


def test_the_forger_can_make_a_good_file(
    file: Path, people: dict[str, bytes], tmp_path: Path
) -> None:
    forged(file, people)

    with open_package(file, tmp_path / "opened.asclepius", clock=ticking_clock()) as opened:
        assert [one.name for one in opened.people.all()] == ["Demo Reader 1"]


@pytest.mark.parametrize(
    "name",
    [
        "../evil.txt",
        "media/../../evil",
        "/etc/passwd",
        "C:\\evil.exe",
        "records/../manifest.json",
        "media/" + "A" * 64,
        "records/perſon.jsonl",
        "records/person.jsonl\u202e",
        "records/unknown.jsonl",
        "records/",
        "",
        "rec\u2044ords/person.jsonl",
    ],
)
def test_names_that_packages_do_not_have_are_refused(
    name: str, file: Path, people: dict[str, bytes], workspace: Workspace
) -> None:
    forged(file, people | {name: b"evil"}, listed={})

    refused(file, workspace, "name that packages do not have|damaged")


def test_a_name_that_hides_its_end_behind_a_null_is_refused(
    file: Path, people: dict[str, bytes], workspace: Workspace
) -> None:
    forged(file, people | {"records/answer.jsonl#.exe": b""}, listed={})
    file.write_bytes(file.read_bytes().replace(b"jsonl#.exe", b"jsonl\0.exe"))

    refused(file, workspace, "name that packages do not have")


@pytest.mark.parametrize("name", ["../evil.txt", "manifest.json", "records/unknown.jsonl"])
def test_a_manifest_that_lists_foreign_names_is_refused(
    name: str, file: Path, people: dict[str, bytes], workspace: Workspace
) -> None:
    forged(file, people, listed={name: Member("0" * 64, 4)})

    refused(file, workspace, "does not belong into a package")


def test_a_link_is_refused(file: Path, people: dict[str, bytes], workspace: Workspace) -> None:
    def link(info: zipfile.ZipInfo) -> None:
        if info.filename.startswith("records"):
            info.create_system = 3
            info.external_attr = 0o120777 << 16

    forged(file, people, info=link)

    refused(file, workspace, "a link or a special file")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_given_twice_is_refused(
    file: Path, people: dict[str, bytes], workspace: Workspace
) -> None:
    forged(file, people)
    with zipfile.ZipFile(file, "a") as container:
        container.writestr("manifest.json", b"{}")

    refused(file, workspace, "holds a file twice")


def test_a_bomb_is_refused_before_it_is_unpacked(
    file: Path, people: dict[str, bytes], workspace: Workspace
) -> None:
    forged(file, people | {"records/answer.jsonl": bytes(50 * 2**20)})

    refused(file, workspace, "far more than it holds")


def test_a_bomb_that_lies_about_its_size_is_stopped_while_reading(
    file: Path, people: dict[str, bytes], workspace: Workspace
) -> None:
    name, bomb = "records/answer.jsonl", bytes(20 * 2**20)
    forged(file, people | {name: bomb})
    data = bytearray(file.read_bytes())
    # Both headers of the member now promise a hundred bytes.
    for at in range(len(data) - 4):
        if data[at : at + 4] == struct.pack("<L", len(bomb)):
            data[at : at + 4] = struct.pack("<L", 100)
    file.write_bytes(bytes(data))

    refused(file, workspace, "damaged")


def test_too_many_files_are_refused(
    file: Path, people: dict[str, bytes], workspace: Workspace
) -> None:
    forged(file, people)
    with (
        pytest.raises(ExchangeError, match="too many files"),
        reading(file, limits=replace(STANDARD, members=2)),
    ):
        pass
    with (
        pytest.raises(ExchangeError, match="too many files"),
        reading(file, limits=replace(STANDARD, directory_bytes=50)),
    ):
        pass


def test_sizes_are_bounded(file: Path, people: dict[str, bytes]) -> None:
    picture = bytes(5000)
    name = f"media/{hashlib.sha256(picture).hexdigest()}"
    forged(file, people | {name: picture})
    for limits, sentence in (
        (replace(STANDARD, image_bytes=4999), "too large"),
        (replace(STANDARD, records_bytes=10), "too large"),
        (replace(STANDARD, line_bytes=10), "too large|damaged"),
        (replace(STANDARD, total_bytes=4999), "too large when unpacked"),
        (replace(STANDARD, manifest_bytes=20), "too large"),
    ):
        with pytest.raises(ExchangeError, match=sentence):
            read_whole(file, limits)


def test_an_image_of_a_million_megapixels_is_refused_undecoded(
    file: Path, people: dict[str, bytes], workspace: Workspace
) -> None:
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">L", len(data)) + body + struct.pack(">L", zlib.crc32(body))

    side = 2**20
    header = struct.pack(">LLBBBBB", side, side, 8, 0, 0, 0, 0)
    picture = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(1000)))
        + chunk(b"IEND", b"")
    )
    _with_image(file, people, picture, side, side)

    refused(file, workspace, "holds an image that is refused")


def test_an_image_with_more_in_it_than_a_picture_is_refused(
    file: Path, people: dict[str, bytes], workspace: Workspace
) -> None:
    import io

    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    text, out = PngInfo(), io.BytesIO()
    text.add_text("PatientName", "Demo Patient")
    Image.new("L", (10, 10)).save(out, "PNG", pnginfo=text)
    _with_image(file, people, out.getvalue(), 10, 10)

    refused(file, workspace, "more in it than a picture")


def test_bytes_that_are_no_image_are_refused(
    file: Path, people: dict[str, bytes], workspace: Workspace
) -> None:
    _with_image(file, people, b"MZ this is a program", 10, 10)

    refused(file, workspace, "holds an image that is refused")


def _bare_picture() -> bytes:
    import numpy as np

    from core.imaging.pictures import encode_png

    return encode_png(np.zeros((10, 12), np.uint8))


@pytest.mark.parametrize(
    "lie",
    [
        {"width": 11},
        {"height": 11},
        {"frame_count": 2},
        {"media_type": "image/tiff"},
        {"size_bytes": 7},
    ],
)
def test_a_lie_about_an_image_is_refused(
    file: Path, people: dict[str, bytes], workspace: Workspace, lie: dict[str, Any]
) -> None:
    _with_image(file, people, _bare_picture(), 12, 10, lie)

    refused(file, workspace, "says something wrong about the image")


def test_an_image_that_is_told_of_and_not_there_is_refused(
    file: Path, people: dict[str, bytes], workspace: Workspace
) -> None:
    record = lines(_image_record(_bare_picture(), 12, 10))
    forged(file, people | {"records/media.jsonl": record})

    refused(file, workspace, "does not hold the image")


def test_an_image_that_nothing_tells_of_is_refused(
    file: Path, people: dict[str, bytes], workspace: Workspace
) -> None:
    picture = _bare_picture()
    forged(file, people | {f"media/{hashlib.sha256(picture).hexdigest()}": picture})

    refused(file, workspace, "does not hold the image")


def _with_image(
    file: Path,
    people: dict[str, bytes],
    picture: bytes,
    width: int,
    height: int,
    lie: dict[str, Any] | None = None,
) -> None:
    record = _image_record(picture, width, height) | (lie or {})
    members = {f"media/{record['id']}": picture, "records/media.jsonl": lines(record)}
    forged(file, people | members)


def _image_record(picture: bytes, width: int, height: int) -> dict[str, Any]:
    return {
        "id": hashlib.sha256(picture).hexdigest(),
        "file_name": "a.png",
        "media_type": "image/png",
        "size_bytes": len(picture),
        "width": width,
        "height": height,
        "frame_count": 1,
        "modality": "",
    }


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (b'{"id": ' + b"[" * 100_000 + b"]" * 100_000 + b"}\n", "nested deeper"),
        (b'{"a": ' * 5000 + b"1" + b"}" * 5000 + b"\n", "nested deeper"),
        (b"[]\n", "no JSON object"),
        (b"\xff\xfe\n", "not UTF-8"),
        (b'{"id": NaN}\n', "holds NaN"),
        (b'{"id": "a", "id": "b"}\n', "given twice"),
        (b'{"id": "\\ud800"}\n', "not UTF-8"),
        (b"{\n", "no JSON"),
        (b"{}\n", "is missing"),
        (lines(PERSON | {"extra": 1}), "does not belong there"),
        (lines(PERSON | {"roles": ["emperor"]}), "roles"),
        (lines(PERSON | {"id": "../x"}), "“id” is not readable"),
        (lines(PERSON | {"name": "a\0b"}), "name"),
        (lines(PERSON | {"years_in_practice": 1e999}), "holds|years|no JSON|not readable"),
        (lines(PERSON | {"changed_at": "yesterday"}), "changed_at"),
        (lines(PERSON, PERSON), "is there twice"),
    ],
)
def test_records_that_are_not_as_they_must_be_are_refused(
    line: bytes, sentence: str, file: Path, workspace: Workspace
) -> None:
    forged(file, {"records/person.jsonl": line})

    refused(file, workspace, sentence)


def test_a_step_with_a_forged_identity_is_refused(
    file: Path, people: dict[str, bytes], workspace: Workspace
) -> None:
    move = {
        "id": "0" * 64,
        "question": new_id(),
        "start": "draft",
        "end": "blinded",
        "person": PERSON["id"],
        "moved_at": MOMENT,
        "reason": "",
        "previous": "",
    }
    forged(file, people | {"records/stage_move.jsonl": lines(move)})

    refused(file, workspace, "does not fit the rest")


@pytest.mark.parametrize("cut", [10, 200, 0.5, 0.99])
def test_a_file_that_was_not_received_whole_is_refused(
    cut: float, file: Path, people: dict[str, bytes], workspace: Workspace
) -> None:
    forged(file, people)
    data = file.read_bytes()
    file.write_bytes(data[: int(cut if cut >= 1 else cut * len(data))])

    refused(file, workspace, "not received whole|damaged|no package")


def test_every_changed_byte_of_a_good_file_is_noticed_or_harmless(
    file: Path, people: dict[str, bytes]
) -> None:
    forged(file, people)
    whole = file.read_bytes()
    with reading(file) as package:
        expected = (package.facts, package.records())
    harmless = 0
    for at in range(0, len(whole), 3):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        try:
            with reading(file) as package:
                assert (package.facts, package.records()) == expected
                harmless += 1  # dates and version numbers of the container
        except ExchangeError:
            continue
    assert harmless < len(whole) / 3


def test_a_member_with_another_checksum_is_refused(
    file: Path, people: dict[str, bytes], workspace: Workspace
) -> None:
    data = people["records/person.jsonl"]
    forged(file, people, listed={"records/person.jsonl": Member("0" * 64, len(data))})

    refused(file, workspace, "not what the manifest says")


def test_missing_and_unlisted_members_are_refused(
    file: Path, people: dict[str, bytes], workspace: Workspace
) -> None:
    forged(file, people, listed={})
    refused(file, workspace, "not in the manifest")

    forged(file, {}, listed={"records/person.jsonl": Member("0" * 64, 1)})
    refused(file, workspace, "is missing")


def test_a_changed_manifest_is_refused(
    file: Path, people: dict[str, bytes], workspace: Workspace
) -> None:
    forged(file, people)
    _replace(file, "manifest.json", lambda data: data.replace(b"asclepius test", b"asclepius tesu"))

    refused(file, workspace, "signature of .* is wrong")


def test_a_signature_of_somebody_else_is_refused(
    file: Path, people: dict[str, bytes], workspace: Workspace
) -> None:
    forged(file, people)
    with zipfile.ZipFile(file) as container:
        manifest = container.read("manifest.json")
    _replace(file, "signature.json", lambda _: sign(manifest, new_private_key()))

    refused(file, workspace, "signature of .* is wrong")


@pytest.mark.parametrize("signature", [b"{}", b'{"algorithm":"none"}', b"x", b""])
def test_a_signature_that_is_none_is_refused(
    signature: bytes, file: Path, people: dict[str, bytes], workspace: Workspace
) -> None:
    forged(file, people)
    _replace(file, "signature.json", lambda _: signature)

    refused(file, workspace, "signature")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"format": "zip"}, "no package of Asclepius"),
        ({"version": VERSION + 1}, "newer program"),
        ({"version": True}, "which version"),
        ({"version": "1"}, "which version"),
        ({"kind": "execute"}, "does not know"),
        ({"kind": ["verify"]}, "does not know"),
        ({"sender": None}, "not readable"),
        ({"members": []}, "not readable"),
        ({"id": "../../x"}, "not readable"),
        ({"created_at": "9999-99-99"}, "not readable"),
    ],
)
def test_a_manifest_of_another_version_or_kind_is_refused(
    change: dict[str, Any],
    sentence: str,
    file: Path,
    people: dict[str, bytes],
    workspace: Workspace,
) -> None:
    forged(file, people, change=lambda manifest: manifest.update(change))

    refused(file, workspace, sentence)


@pytest.mark.parametrize("kind", [PackageKind.VERIFY, PackageKind.READ, PackageKind.RETURN])
def test_a_kind_of_package_holds_its_kinds_of_records_only(
    kind: PackageKind, file: Path, workspace: Workspace
) -> None:
    key = {"revision": new_id(), "content": {}}
    forged(file, {"records/key.jsonl": lines(key)}, kind=kind)

    refused(file, workspace, "must not hold key records")


def test_a_return_with_work_of_somebody_else_is_refused(file: Path, workspace: Workspace) -> None:
    sitting = {
        "id": new_id(),
        "plan": new_id(),
        "reader": new_id(),
        "order": [],
        "started_at": MOMENT,
        "position": 0,
        "spent_s": 0.0,
        "idle_s": 0.0,
        "finished_at": None,
    }
    forged(file, {"records/sitting.jsonl": lines(sitting)}, kind=PackageKind.RETURN)

    refused(file, workspace, "work of somebody else")


def test_an_encrypted_or_oddly_compressed_member_is_refused(
    file: Path, people: dict[str, bytes], workspace: Workspace
) -> None:
    def compress(info: zipfile.ZipInfo) -> None:
        if info.filename.startswith("records"):
            info.compress_type = zipfile.ZIP_LZMA

    forged(file, people, info=compress)
    refused(file, workspace, "compressed in a way")


def test_a_file_that_is_something_else_is_refused(file: Path, workspace: Workspace) -> None:
    for data in (b"", b"PK", b"hello", b"PK\5\6" + bytes(18), bytes(100_000)):
        file.write_bytes(data)
        refused(file, workspace, "no package|damaged|no manifest")


def test_a_missing_file_is_told(file: Path, workspace: Workspace) -> None:
    refused(file, workspace, "cannot be read: No such file")


def test_opening_never_writes_into_a_folder_that_is_there(
    file: Path, people: dict[str, bytes], workspace: Workspace
) -> None:
    forged(file, people)

    with pytest.raises(StorageError, match="is there already"):
        open_package(file, workspace.path)


def test_what_was_written_reads_back(tmp_path: Path) -> None:
    target = tmp_path / "a.asclepius-package"
    record = Record(RecordKind.PERSON, dict(PERSON))
    picture = b"picture"
    media = hashlib.sha256(picture).hexdigest()
    with writing(target) as package:
        assert package.records(RecordKind.PERSON, [record]) == 1
        package.media(media, picture)  # type: ignore[arg-type]
        package.finish(facts(), KEY)

    with reading(target) as package:
        assert package.records() == {RecordKind.PERSON: [record]}
        assert package.image(package.media[0]) == picture
    assert sha256_of(record.data) != record.id
    with pytest.raises(ExchangeError, match="is there already"), writing(target):
        pass


def _replace(file: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    with zipfile.ZipFile(file) as container:
        members = {one.filename: container.read(one) for one in container.infolist()}
    members[name] = change(members[name])
    with zipfile.ZipFile(file, "w") as container:
        for one, data in members.items():
            container.writestr(one, data)


def test_records_that_only_a_newer_program_knows_are_told_as_such(
    file: Path, people: dict[str, bytes], workspace: Workspace
) -> None:
    newer = people | {"records/hologram.jsonl": b"{}\n"}
    forged(file, newer, change=lambda manifest: manifest.update(version=VERSION + 1))

    refused(file, workspace, "newer program")


def test_records_of_no_known_kind_are_refused_under_a_known_version(
    file: Path, people: dict[str, bytes], workspace: Workspace
) -> None:
    forged(file, people | {"records/hologram.jsonl": b"{}\n"})

    refused(file, workspace, "does not belong into a package")


def test_a_package_says_that_it_needs_the_program_that_knows_its_records() -> None:
    """Older programs open everything else; of this they say that it is newer."""
    facts = PackageFacts("p", PackageKind.WORKSPACE, "", "", Signer(PersonId("s"), "S", ""), "w")

    def version(kind: RecordKind) -> int:
        return json.loads(write_manifest(facts, {records_name(kind): Member("0", 1)}))["version"]

    kinds = (RecordKind.ANSWER, RecordKind.GRADING, RecordKind.REMARK)
    assert [version(kind) for kind in kinds] == [1, 2, 3]
