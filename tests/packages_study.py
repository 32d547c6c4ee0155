"""Several machines of one study: a lead's workspace, its copies, and files between them."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.clock import Clock
from core.domain.body import AnswerFormat, Ranked, options_of
from core.domain.ids import PersonId, QuestionId
from core.domain.package import PackageKind
from core.domain.people import Person
from core.services.logical_content import logical_content
from core.services.packages.service import PackageRequest
from core.workspace import Workspace, open_package, open_workspace
from tests.factories import make_gates, make_right_response
from tests.study import Study

KEY_PASSPHRASE = "of the signing key"
"""There is no keyring in tests."""


def content(workspace: Workspace) -> bytes:
    """Return what a workspace says."""
    with workspace._database.read() as tx:
        return logical_content(tx)


def pack(
    workspace: Workspace,
    kind: PackageKind,
    person: Person | PersonId,
    target: Path,
    *,
    passphrase: str = "",
) -> Path:
    """Make a package, signed by who sits there."""
    name = person.id if isinstance(person, Person) else person
    request = PackageRequest(kind, name, passphrase=passphrase, key_passphrase=KEY_PASSPHRASE)
    return workspace.packages.make(request, workspace.people.me().id, target).value.path


def copy_of(workspace: Workspace, folder: Path) -> Path:
    """Return a copy of a workspace as somebody else got it; `workspace` must be closed."""
    shutil.copytree(workspace.path, folder)
    return folder


@contextmanager
def opened_for(file: Path, folder: Path, clock: Clock) -> Iterator[Workspace]:
    """Open a package like its addressee."""
    with open_package(file, folder, clock=clock) as workspace:
        yield workspace


@contextmanager
def at(folder: Path, clock: Clock) -> Iterator[Workspace]:
    """Open a workspace on some machine."""
    with open_workspace(folder, clock=clock) as workspace:
        yield workspace


def answer_all(workspace: Workspace) -> None:
    """Lock an answer to every waiting question, the right one to those that factories make."""
    me = workspace.people.me()
    for line in workspace.verification.waiting(me.id):
        if not line.is_answered:
            given = make_right_response(line.format)
            if isinstance(given, Ranked):
                asked = workspace.verification.open(line.id, me.id).blind.body.asked
                given = Ranked(tuple(option.id for option in options_of(asked)))
            workspace.verification.lock_answer(line.id, me.id, given, elapsed_s=9)


def rate_all(workspace: Workspace) -> list[QuestionId]:
    """Accept every waiting question."""
    from core.domain.verification import Verdict

    me = workspace.people.me()
    done = []
    for line in workspace.verification.waiting(me.id):
        workspace.verification.reveal(line.id, me.id)
        workspace.verification.submit(line.id, me.id, gates=make_gates(), verdict=Verdict.ACCEPT)
        done.append(line.id)
    return done


def read_all(workspace: Workspace, *, at_most: int = 1000) -> int:
    """Answer the questions of the first plan."""
    from core.services.baseline import Reading

    me = workspace.people.me()
    plan = workspace.baseline.sittings(me.id)[0].plan
    sitting = workspace.baseline.start(plan.id, me.id).value
    right = make_right_response(AnswerFormat.SINGLE_CHOICE)
    count = 0
    while count < at_most and workspace.baseline.page(sitting.id) is not None:
        workspace.baseline.answer(sitting.id, Reading(right, 4, 7.5))
        count += 1
    return count


def verified(study: Study, count: int) -> list[QuestionId]:
    """Bring questions to stage verified."""
    questions = [study.blinded() for _ in range(count)]
    for question in questions:
        for person in study.verifiers:
            study.verify(question, person)
    study.workspace.adjudication.accept(questions, study.lead.id)
    return questions
