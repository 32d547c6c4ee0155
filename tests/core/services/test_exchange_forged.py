"""A set from outside is not believed: its manifest may say anything."""

import hashlib
import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin
from pydicom.data import get_testdata_file

from core.domain.body import Body
from core.domain.key import Key
from core.domain.revision import content_hash
from core.domain.sealed import SEAL, sealed_text
from core.domain.stage import Stage
from core.domain.taxonomy import Label
from core.exchange import manifest
from core.workspace import create_workspace


def png_that_names_somebody():
    text = PngImagePlugin.PngInfo()
    text.add_text("Patient", "SMITH^JOHN")
    out = io.BytesIO()
    Image.new("L", (8, 8)).save(out, "PNG", pnginfo=text)
    return out.getvalue()


def dicom_that_names_somebody():
    return Path(str(get_testdata_file("CT_small.dcm"))).read_bytes()


def forge(folder, data, suffix):
    """Put other bytes in the place of the image, and make every checksum right again."""
    lines = folder / manifest.QUESTIONS
    row = json.loads(lines.read_text("utf-8"))
    media = hashlib.sha256(data).hexdigest()
    for image in row["images"]:
        (folder / image["file"]).unlink()
        image |= {"file": f"media/{media}.{suffix}", "sha256": media}
        (folder / image["file"]).write_bytes(data)
    row["body"]["images"][0]["media"] = media
    labels = frozenset(Label(one["axis"], one["value"]) for one in row["labels"])
    row["content_hash"] = content_hash(
        Body.from_plain(row["body"]), Key.from_plain(row["key"]), labels
    )
    lines.write_text(json.dumps(row) + "\n", encoding="utf-8")
    facts = manifest.read_manifest(folder)
    facts.pop(SEAL)
    facts["set_hash"] = manifest.set_hash([row["content_hash"]])
    facts["files"] = {
        name: manifest.file_facts(folder / name) for name in manifest.files_in(folder)
    }
    (folder / manifest.MANIFEST).write_text(sealed_text(facts), encoding="utf-8")
    assert manifest.verify_export(folder) == []


@pytest.mark.parametrize(
    ("make", "suffix"), [(png_that_names_somebody, "png"), (dicom_that_names_somebody, "tif")]
)
def test_image_that_a_forged_manifest_calls_cleared_does_not_leave(study, tmp_path, make, suffix):
    question = study.committed(image="CT_small.dcm").question
    study.workspace.blinding.clear_image(question, 0, study.author.id)
    study.workspace.exchange.export(tmp_path / "set", stage=Stage.DRAFT)
    forge(tmp_path / "set", make(), suffix)
    with create_workspace(tmp_path / "other.asclepius") as other:
        report = other.exchange.import_file(tmp_path / "set", other.people.me().id).value
        again = other.exchange.export(tmp_path / "again", stage=Stage.DRAFT)
        assert report.added == 1
        assert "counts as not cleared of patient data" in report.notes[-1]
        assert (again.questions, again.media, len(again.left_out)) == (0, 0, 1)


def test_image_that_a_changed_database_calls_cleared_does_not_leave(study, tmp_path):
    media = study.committed(image="CT_small.dcm").body.images[0].media
    with closing(sqlite3.connect(study.workspace.path / "workspace.db")) as plain, plain:
        plain.execute(
            "INSERT INTO clearances"
            " (original, cleared, cleared_by, cleared_at, blackouts, findings)"
            " VALUES (?, ?, ?, '2026-01-01T00:00:00+00:00', '[]', '[]')",
            (media, media, study.author.id),
        )
    report = study.workspace.exchange.export(tmp_path / "set", stage=Stage.DRAFT)
    assert (report.questions, report.media) == (0, 0)
    assert str(report.left_out[0]) == "Question 1: Its image 1 holds more than a picture."
