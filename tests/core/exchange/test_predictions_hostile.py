"""Prediction files made to do harm, or just broken: each gives one sentence and stores nothing."""

import contextlib
import io
import json
import struct
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.domain.prediction import Engine
from core.errors import ExchangeError
from core.exchange import bounded_zip, predictions
from core.exchange.bounded_zip import BoundedZip, UnreadableZipError
from core.exchange.predictions import read_predictions
from core.exchange.predictions_tables import as_written, harmless

LOG = Path(__file__).parents[2] / "data" / "inspect_log.eval"
HEADER = {"version": 2, "eval": {"model": "m"}}
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=20,
)


def archive(path: Path, **members: object) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, value in members.items():
            data = value if isinstance(value, bytes) else json.dumps(value).encode()
            packed.writestr(name.replace("__", "/") + ".json", data)
    return path


def sample(**changes: object) -> dict[str, object]:
    return {"id": 1, "epoch": 1, "output": {"completion": "B"}} | changes


def test_a_flood_of_zeros_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_zip, "MAX_MEMBER", 1 << 20)
    path = archive(tmp_path / "bomb.eval", header=HEADER, samples__1=bytes(4 << 20))

    with pytest.raises(ExchangeError, match="damaged or too large"):
        read_predictions(path)


def test_many_members_that_are_large_together_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded_zip, "MAX_TOTAL", 3000)
    members = {f"samples__{n}": sample(pad="x" * 1000) for n in range(4)}
    path = archive(tmp_path / "many.eval", header=HEADER, **members)

    with pytest.raises(ExchangeError, match="damaged or too large"):
        read_predictions(path)


def zstd_zip(data: bytes, *, claimed: int | None = None) -> bytes:
    """Return a zip with one Zstandard member, as Inspect packs; `claimed` is a false size."""
    packed = zstandard.ZstdCompressor(level=19).compress(data)
    size = len(data) if claimed is None else claimed
    name = b"samples/1_epoch_1.json"
    common = struct.pack(
        "<HHHHHIIIHH", 20, 0, 93, 0, 33, zlib.crc32(data), len(packed), size, len(name), 0
    )
    local = b"PK\x03\x04" + common + name + packed
    central = b"PK\x01\x02" + struct.pack("<H", 20) + common
    central += struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + end


def test_a_packed_member_is_not_larger_than_it_says() -> None:
    name = "samples/1_epoch_1.json"
    honest = BoundedZip(zstd_zip(b"x" * 100)).read(name)

    assert honest == b"x" * 100
    with pytest.raises(UnreadableZipError):
        BoundedZip(zstd_zip(bytes(8 << 20), claimed=100)).read(name)


def test_a_packed_member_that_lies_about_its_size_takes_no_memory() -> None:
    packed = zstd_zip(bytes(64 << 20), claimed=100)
    tracemalloc.start()
    try:
        with pytest.raises(UnreadableZipError):
            BoundedZip(packed).read("samples/1_epoch_1.json")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 8 << 20


@given(place=st.integers(0, LOG.stat().st_size - 1), bits=st.integers(1, 255))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_log_with_one_changed_byte_is_read_or_refused_in_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, place: int, bits: int
) -> None:
    data = bytearray(LOG.read_bytes())
    data[place] ^= bits
    path = tmp_path_factory.mktemp("flip") / "log.eval"
    path.write_bytes(data)

    # Any other exception fails the test.
    with contextlib.suppress(ExchangeError):
        assert len(read_predictions(path, Engine.INSPECT).predictions) <= 6


@given(cut=st.integers(0, LOG.stat().st_size - 1))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_log_cut_short_is_refused(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    path = tmp_path_factory.mktemp("cut") / "log.eval"
    path.write_bytes(LOG.read_bytes()[:cut])

    with pytest.raises(ExchangeError):
        read_predictions(path)


@given(ANY_JSON)
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_json_in_place_of_a_sample_is_refused_or_read_as_text(
    tmp_path_factory: pytest.TempPathFactory, value: object
) -> None:
    folder = tmp_path_factory.mktemp("any")
    path = archive(folder / "a.eval", header=value, samples__1=value, samples__2=sample())
    text = folder / "a.jsonl"
    text.write_text(json.dumps({"number": 1, "reply": "B"}) + "\n" + json.dumps(value) + "\n")
    logs = folder / "b.jsonl"
    row = {"doc_id": 0, "doc": value, "resps": value}
    logs.write_text(json.dumps({"doc_id": 0, "doc": {"id": 1}, "resps": [["B"]]}) + "\n")
    logs.write_text(logs.read_text() + json.dumps(row) + "\n")

    for file in (path, text, logs):
        try:
            found = read_predictions(file)
        except ExchangeError:
            continue
        assert len(found.predictions) + len(found.problems) >= 1
        assert all(isinstance(one.reply, str) for one in found.predictions)


@pytest.mark.parametrize("field", ["id", "epoch", "output", "choices", "metadata", "input"])
@pytest.mark.parametrize("value", [None, 3.5, True, [], {}, "x", -1, [[]], {"a": 1}])
def test_wrong_types_in_a_sample_never_stop_the_reader(
    tmp_path: Path, field: str, value: object
) -> None:
    path = archive(tmp_path / "a.eval", header=HEADER, samples__1=sample(**{field: value}))

    found = read_predictions(path)

    assert len(found.predictions) + len(found.problems) == 1


def test_json_nested_without_end_is_one_sentence(tmp_path: Path) -> None:
    deep = b"[" * 200_000 + b"]" * 200_000
    inside = archive(tmp_path / "a.eval", header=HEADER, samples__1=deep)
    log = tmp_path / "a.json"
    log.write_bytes(b'{"version": 2, "eval": {}, "samples": ' + deep + b"}")
    text = tmp_path / "a.jsonl"
    text.write_bytes(b'{"number": 1, "reply": "B"}\n' + deep + b"\n")

    assert "no JSON object" in read_predictions(inside).problems[0].sentence
    with pytest.raises(ExchangeError, match="no Inspect log"):
        read_predictions(log)
    assert "no JSON object" in read_predictions(text).problems[0].sentence


def test_a_reply_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(predictions, "MAX_REPLY", 10)
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"number": 1, "reply": "x" * 11}))

    assert "more than 10 characters" in read_predictions(path).problems[0].sentence


def test_half_characters_are_refused_where_they_stand(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"number": 1, "reply": "\\ud800"}\n{"number": 2, "reply": "B"}\n')

    found = read_predictions(path)

    assert [one.where for one in found.problems] == ["a.jsonl, line 1"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", b"hello"),
        ("a.json", b'[{"question": 1}]'),
        ("a.json", b'{"version": 2, "eval": {}, "status": "success"}'),
        ("a.eval", b"PK\x03\x04nonsense"),
        ("a.eval", b""),
        ("a.jsonl", b""),
        ("a.jsonl", b"not json"),
        ("a.jsonl", b'{"body": {}, "key": {}}'),
        ("a.csv", b""),
        ("a.csv", b"stem,format,key\nx,report,y\n"),
        ("a.csv", b"number,color\n1,red\n"),
        ("a.csv", b"color,reply\nred,B\n"),
        ("a.xlsx", b"PK\x03\x04nonsense"),
    ],
)
def test_what_holds_no_predictions_is_refused_in_one_sentence(
    tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(ExchangeError) as refused:
        read_predictions(path)

    assert refused.value.sentence.endswith(".")


def test_a_log_cut_before_its_end_is_read_by_its_journal(tmp_path: Path) -> None:
    whole = BoundedZip(LOG.read_bytes())
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name in whole.names():
            if name.startswith(("samples/", "_journal/start")):
                packed.writestr(name, whole.read(name))
    path = tmp_path / "started.eval"
    path.write_bytes(buffer.getvalue())

    found = read_predictions(path)

    assert {one.llm for one in found.predictions} == {"mockllm/model"}
    assert len(found.predictions) == 6


@given(st.text(max_size=40))
def test_a_cell_made_harmless_is_read_back_as_it_was(text: str) -> None:
    assert as_written(harmless(text)) == text
    assert not harmless(text).startswith(("=", "+", "-", "@"))


def test_a_log_whose_samples_lie_in_parts_is_refused_with_the_way_out(tmp_path: Path) -> None:
    """Fact: version 3 of Inspect's log may keep a sample as samples/ID_epoch_N/sample.json."""
    path = tmp_path / "parts.eval"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("header.json", json.dumps({"version": 3, "eval": {"model": "m"}}))
        archive.writestr("samples/1_epoch_1/sample.json", "{}")
        archive.writestr("samples/1_epoch_1/messages/0.json", "[]")

    with pytest.raises(ExchangeError, match="keeps its samples in parts") as caught:
        read_predictions(path)
    assert "inspect log convert" in caught.value.hint


def test_sample_whose_id_holds_a_slash_is_read(tmp_path: Path) -> None:
    """Fact: the member is named after the id as it is, slashes included."""
    path = tmp_path / "log.eval"
    sample = {"id": "set/7", "epoch": 1, "output": {"completion": "B"}}
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("header.json", json.dumps({"version": 2, "eval": {"model": "m"}}))
        archive.writestr("samples/set/7_epoch_1.json", json.dumps(sample))

    (found,) = read_predictions(path).predictions

    assert (found.question, found.reply) == ("set/7", "B")
