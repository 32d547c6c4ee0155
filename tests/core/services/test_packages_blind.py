"""What a verifier and a reader get is searched byte by byte for what they must not know."""

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.domain.body import AnswerFormat
from core.domain.ids import PersonId
from core.domain.package import PackageKind
from core.domain.people import Person
from core.domain.region import Region, RegionKind
from core.domain.source import Source
from core.services.baseline import PlanRequest
from core.workspace import open_package
from tests.factories import make_key, make_key_part, ticking_clock
from tests.packages_study import pack
from tests.study import Study

pytestmark = pytest.mark.usefixtures("own_keys")

SECRETS = {
    "explanation": "Zeppelin-explanation",
    "rubric": "Quagmire-rubric",
    "source": "Xylophone-source-text",
    "citation": "Yggdrasil-citation",
    "rights": "Wombat-rights",
    "accepted": "Kumquat-variant",
    "reason": "Marmalade-reason",
    "ledger": "Obelisk-note",
    "file name": "ZZ_MUELLER_HANS",
}
MARK = Region(RegionKind.BOX, ((20, 30), (50, 60)), label="Which of these?")
FORMATS = (AnswerFormat.SINGLE_CHOICE, AnswerFormat.SHORT_TEXT, AnswerFormat.REPORT)


@pytest.fixture
def loaded(study: Study, tmp_path: Path) -> Study:
    """A study in which every place that a blind person must not see holds a rare word."""
    from core.domain.key import ShortTextKey

    workspace = study.workspace
    picture = tmp_path / f"{SECRETS['file name']}.dcm"
    from pydicom.data import get_testdata_file

    picture.write_bytes(Path(str(get_testdata_file("CT_small.dcm"))).read_bytes())
    for number, answer_format in enumerate(FORMATS):
        draft = study.drafted(answer_format)
        part = make_key_part(answer_format)
        if isinstance(part, ShortTextKey):
            part = ShortTextKey(SECRETS["accepted"], (SECRETS["accepted"] + "s",))
        key = replace(
            make_key(answer_format),
            right=part,
            explanation=SECRETS["explanation"],
            rubric=SECRETS["rubric"],
        )
        source = Source(SECRETS["source"], SECRETS["citation"], SECRETS["rights"])
        body = draft.body
        if number == 0:
            from core.domain.media import ImageUse

            media = workspace.images.import_file(picture).value.id
            body = replace(body, images=(ImageUse(media, marks=(MARK,)),))
        whole = replace(draft, key=key, source=source, body=body)
        workspace.authoring.save_draft(whole, study.author.id)
        workspace.authoring.commit(draft.question, study.author.id, reason=SECRETS["reason"])
        if number == 0:
            workspace.blinding.clear_image(draft.question, 0, study.author.id)
        workspace.blinding.approve(
            draft.question, study.author.id, notes=(SECRETS["ledger"],), override_reason="Fine."
        )
    return study


def all_bytes(file: Path) -> Iterator[bytes]:
    """Yield the file as it is, and every member unpacked."""
    yield file.read_bytes()
    with zipfile.ZipFile(file) as container:
        for name in container.namelist():
            yield name.encode()
            yield container.read(name)


def files_of(folder: Path) -> Iterator[bytes]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.read_bytes()


def assert_blind(blobs: Iterator[bytes], study: Study, person: Person) -> None:
    others = [one for one in study.workspace.people.all() if one.id != person.id]
    lead = study.workspace.people.me().id
    names: list[str] = [one.name for one in others]
    ids: list[PersonId] = [one.id for one in others if one.id != lead]  # the lead signs
    forbidden = [*SECRETS.values(), *names, *ids]
    whole = b"\0".join(blobs)
    for word in forbidden:
        for encoding in ("utf-8", "utf-16-le"):
            assert word.encode(encoding) not in whole, word
    assert b'"right"' not in whole
    assert b'"accepted' not in whole


def test_a_verifiers_package_holds_bodies_only(loaded: Study, tmp_path: Path) -> None:
    person = loaded.verifiers[0]
    file = pack(loaded.workspace, PackageKind.VERIFY, person, tmp_path / "v")

    assert_blind(all_bytes(file), loaded, person)
    folder = tmp_path / "v.asclepius"
    with open_package(file, folder, clock=ticking_clock()) as theirs:
        waiting = theirs.verification.waiting(person.id)
        assert len(waiting) == len(FORMATS)
        bodies = [theirs.verification.open(one.id, person.id).blind.body for one in waiting]
        assert [use.marks for body in bodies for use in body.images] == [(MARK,)]
    assert_blind(files_of(folder), loaded, person)


def test_a_readers_package_holds_bodies_only(loaded: Study, tmp_path: Path) -> None:
    from core.domain.stage import Stage

    workspace, person = loaded.workspace, loaded.reader
    with workspace._database.write() as tx:  # the long way through verification is tested elsewhere
        for line in tx.questions.summaries(stage=Stage.BLINDED):
            tx.questions.update(replace(tx.questions.get(line.id), stage=Stage.VERIFIED))
    other = workspace.people.add("Demo Reader 2", person.roles).value
    readers = (person.id, other.id)
    workspace.baseline.make_plan(PlanRequest("Plan", 7, readers), loaded.lead.id)
    file = pack(workspace, PackageKind.READ, person, tmp_path / "r")

    assert_blind(all_bytes(file), loaded, person)
    folder = tmp_path / "r.asclepius"
    with open_package(file, folder, clock=ticking_clock()) as theirs:
        sitting = theirs.baseline.start(theirs.baseline.plans()[0].id, person.id).value
        assert len(sitting.order) == len(FORMATS)
    assert_blind(files_of(folder), loaded, person)


def test_the_search_finds_what_it_looks_for(loaded: Study, tmp_path: Path) -> None:
    file = pack(loaded.workspace, PackageKind.WORKSPACE, loaded.lead, tmp_path / "all")

    with pytest.raises(AssertionError):
        assert_blind(all_bytes(file), loaded, loaded.reader)


def test_originals_with_patient_data_never_leave(loaded: Study, tmp_path: Path) -> None:
    made = pack(loaded.workspace, PackageKind.WORKSPACE, loaded.lead, tmp_path / "all")

    with zipfile.ZipFile(made) as container:
        media = {name for name in container.namelist() if name.startswith("media/")}
    cleared = {one.cleared for one in _clearances(loaded)}
    assert media == {f"media/{one}" for one in cleared}
    assert len(media) == 1


def _clearances(study: Study) -> list:  # type: ignore[type-arg]
    with study.workspace._database.read() as tx:
        return tx.media.clearances()
