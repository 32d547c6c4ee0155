"""How long packages take to merge and to open, and how much memory many images take."""

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from core.domain.answer import Answer, AnswerState, Occasion, person_respondent
from core.domain.ids import AnswerId, SittingId
from core.domain.media import Clearance, ImageUse, MediaInfo
from core.domain.package import PackageKind
from core.domain.people import Person, Role
from core.domain.plan import Sitting
from core.domain.stage import Stage
from core.services.packages.service import PackageRequest
from core.workspace import Workspace, create_workspace, open_package, open_workspace
from tests.factories import (
    make_body,
    make_plan,
    make_question,
    make_revision,
    make_right_response,
    new_id,
    with_revision,
)

pytestmark = pytest.mark.usefixtures("own_keys")

PEOPLE = 5
ANSWERS = 1_000
QUESTIONS = 200
MANY_IMAGES = 3_000
SIDE = 512
MERGE_LIMIT_S = 10.0
OPEN_LIMIT_S = 3.0
MEMORY_LIMIT_MB = 500


def picture(number: int) -> bytes:
    """Return a PNG of noise that no other number gives: about 260 kB, as an X-ray is."""
    import cv2
    import numpy as np

    pixels = np.random.default_rng(number).integers(0, 256, (SIDE, SIDE), np.uint8)
    done, data = cv2.imencode(".png", pixels)
    assert done
    return data.tobytes()


def fill(workspace: Workspace, questions: int, images: int) -> list[Person]:
    """Store verified questions with cleared images, and readers with a plan over all of them."""
    people, lead = workspace.people, workspace.people.me()
    readers = [
        people.add(f"Demo Reader {n}", frozenset({Role.READER})).value for n in range(1, PEOPLE + 1)
    ]
    media = []
    for number in range(images):
        data = picture(number)
        media.append(workspace.media_store.put(data))
    with workspace._database.write() as tx:
        for one in media:
            size = workspace.media_store.path(one).stat().st_size
            tx.media.add(MediaInfo(one, "a.png", "image/png", size, SIDE, SIDE, 1, "CR"))
            tx.media.add_clearance(Clearance(one, one, lead.id, workspace._clock.now()))
        revisions = []
        for number in range(1, questions + 1):
            question = make_question(lead, number=number, stage=Stage.VERIFIED)
            uses = tuple(ImageUse(one) for one in media[number - 1 :: questions][:12])
            revision = make_revision(question, body=make_body(images=uses))
            tx.questions.add(question)
            tx.revisions.add(revision)
            tx.questions.update(with_revision(question, revision))
            revisions.append(revision)
        tx.plans.add(make_plan(revisions, readers))
    return readers


def answer_everything(workspace: Workspace) -> None:
    """Store a finished sitting with an answer to every question, as a reader leaves it."""
    me, clock = workspace.people.me(), workspace._clock
    with workspace._database.write() as tx:
        plan = tx.plans.all()[0]
        now = clock.now()
        sitting = Sitting(SittingId(new_id()), plan.id, me.id, plan.revisions, now)
        done = replace(sitting, position=len(plan.revisions), finished_at=clock.now())
        tx.sittings.add(done)
        blinds = tx.bodies.many(plan.revisions)
        right = make_right_response(blinds[0].body.format)
        for blind in blinds:
            answer = Answer(
                id=AnswerId(new_id()),
                question=blind.question,
                revision=blind.revision,
                respondent=person_respondent(me),
                occasion=Occasion.BASELINE,
                occasion_id=sitting.id,
                state=AnswerState.ANSWERED,
                answered_at=clock.now(),
                response=right,
                confidence=4,
                elapsed_s=12.5,
                option_order=("o2", "o1", "o4", "o3"),
            )
            tx.answers.add(answer)
            tx.audit.append(person=me.id, action="answer.given", subject=answer.id)


def pack(workspace: Workspace, kind: PackageKind, person: Person, target: Path) -> Path:
    request = PackageRequest(kind, person.id, key_passphrase="horse")
    return workspace.packages.make(request, workspace.people.me().id, target).value.path


@pytest.mark.bench
@pytest.mark.timeout(900)
def test_five_packages_of_a_thousand_answers_merge_quickly(tmp_path: Path) -> None:
    lead = create_workspace(tmp_path / "lead.asclepius")
    readers = fill(lead, ANSWERS, 0)
    backs = []
    for number, reader in enumerate(readers):
        file = pack(lead, PackageKind.READ, reader, tmp_path / f"read{number}")
        with open_package(file, tmp_path / f"{number}.asclepius") as theirs:
            answer_everything(theirs)
            backs.append(pack(theirs, PackageKind.RETURN, reader, tmp_path / f"back{number}"))
    lead.close()
    times = {}
    with open_workspace(lead.path) as workspace:
        me = workspace.people.me().id
        start = time.perf_counter()
        workspace.merging.preview(backs)
        times["preview of five"] = time.perf_counter() - start
        start = time.perf_counter()
        for back in backs:
            each = time.perf_counter()
            assert workspace.merging.merge([back], me).value.new > ANSWERS
            slowest = max(times.get("slowest one", 0.0), time.perf_counter() - each)
            times["slowest one"] = slowest
        times["all five, one by one"] = time.perf_counter() - start
        start = time.perf_counter()
        assert workspace.merging.merge(backs, me).value.new == 0
        times["all five again"] = time.perf_counter() - start
        with workspace._database.read() as tx:
            assert len(tx.answers.for_occasion(Occasion.BASELINE)) == PEOPLE * ANSWERS
    for name, seconds in times.items():
        print(f"\nmerge, {PEOPLE} × {ANSWERS} answers, {name}: {seconds:.2f} s")
    assert times["all five, one by one"] < MERGE_LIMIT_S


@pytest.mark.bench
@pytest.mark.timeout(900)
def test_a_package_of_two_hundred_questions_and_images_opens_quickly(tmp_path: Path) -> None:
    with create_workspace(tmp_path / "lead.asclepius") as lead:
        reader = fill(lead, QUESTIONS, QUESTIONS)[0]
        start = time.perf_counter()
        file = pack(lead, PackageKind.READ, reader, tmp_path / "read")
        made = time.perf_counter() - start
    size = file.stat().st_size / 2**20
    seconds = []
    for number in range(3):
        start = time.perf_counter()
        open_package(file, tmp_path / f"r{number}.asclepius").close()
        seconds.append(time.perf_counter() - start)
    print(f"\n{QUESTIONS} questions and images ({size:.0f} MB): made in {made:.2f} s, opened in")
    print(", ".join(f"{one:.2f} s" for one in seconds), f"(limit {OPEN_LIMIT_S} s)")
    assert min(seconds) < OPEN_LIMIT_S


@pytest.mark.bench
@pytest.mark.timeout(1800)
def test_three_thousand_images_need_little_memory(tmp_path: Path) -> None:
    with create_workspace(tmp_path / "lead.asclepius") as lead:
        reader = fill(lead, MANY_IMAGES // 12, MANY_IMAGES)[0]
        file = pack(lead, PackageKind.READ, reader, tmp_path / "read")
    program = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from core.workspace import open_package\n"
        "with open_package(Path(sys.argv[1]), Path(sys.argv[2])) as one:\n"
        "    assert len(list(one.media_store.ids())) == int(sys.argv[3])\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    target = tmp_path / "reader.asclepius"
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", program, str(file), str(target), str(MANY_IMAGES)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    seconds, peak = time.perf_counter() - start, int(done.stdout) / 1024
    size = file.stat().st_size / 2**20
    print(f"\n{MANY_IMAGES} images ({size:.0f} MB) opened in {seconds:.1f} s with {peak:.0f} MB")
    assert peak < MEMORY_LIMIT_MB
