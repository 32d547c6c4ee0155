"""Flips bytes of a package, region by region, and asks the check what it says."""

import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

from core.domain.package import PackageKind
from core.services.outside import check_outside
from core.services.packages.service import PackageRequest
from tests.study import Study

PASSPHRASE = "correct horse"


def make_package(study: Study, target: Path, *, passphrase: str = "") -> Path:
    """Return a whole-workspace package with records of many kinds and a cleared image."""
    work, author = study.workspace, study.author.id
    question = study.committed(image="CT_small.dcm").question
    work.blinding.clear_image(question, 0, author)
    work.blinding.approve(question, author)
    for verifier in study.verifiers:
        study.verify(question, verifier)
    request = PackageRequest(
        PackageKind.WORKSPACE, study.lead.id, passphrase=passphrase, key_passphrase="own words"
    )
    return work.packages.make(request, study.lead.id, target).value.path


def regions(file: Path) -> dict[str, range]:
    """Return where in a plain package what lies: headers, data of members, directory, end."""
    found: dict[str, range] = {}
    with zipfile.ZipFile(file) as container:
        infos = container.infolist()
        directory = container.start_dir
    whole = file.read_bytes()
    end = whole.rfind(b"PK\5\6")
    starts = [one.header_offset for one in infos[1:]] + [directory]
    for info, following in zip(infos, starts, strict=True):
        at = info.header_offset
        names = int.from_bytes(whole[at + 26 : at + 28], "little")
        extra = int.from_bytes(whole[at + 28 : at + 30], "little")
        data = at + 30 + names + extra
        found[f"header of {info.filename}"] = range(at, data)
        found[info.filename] = range(data, following)
    found["directory"] = range(directory, end)
    found["end"] = range(end, end + 22)
    found["comment"] = range(end + 22, len(whole))
    assert sum(map(len, found.values())) == len(whole)
    return found


def silent_flips(
    file: Path, places: Iterator[int], chance: random.Random, *, passphrase: str = ""
) -> list[int]:
    """Flip bits at each place in turn and return the places of which the check said nothing."""
    whole = file.read_bytes()
    silent = []
    for at in places:
        file.write_bytes(
            whole[:at] + bytes([whole[at] ^ chance.randrange(1, 256)]) + whole[at + 1 :]
        )
        if not check_outside(file, passphrase=passphrase):
            silent.append(at)
    file.write_bytes(whole)
    return silent
