"""A scripted session that is killed: it writes, answers, merges and evaluates for real.

`python -m tests.crash_session` imports everything once, then forks a session for each line
“kind seed folder endpoint” on its input. A session says on its output what it was told is
saved, one JSON object a line; the judge in `tests.crash_judge` holds it to that.
"""

import faulthandler
import os
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QCoreApplication, QTimer

from core.domain.body import AnswerFormat
from core.domain.ids import QuestionId
from core.domain.people import Role
from core.domain.plan import StudyRules
from core.domain.revision import Draft
from core.domain.stage import Stage
from core.domain.verification import Verdict
from core.services.baseline import PlanRequest, Reading
from core.services.evaluation.records import Calling, RunRequest
from core.services.journal import Unsent
from core.workspace import Workspace, open_workspace
from reviewer_app.context import AppContext
from reviewer_app.messages import Messages
from reviewer_app.operations import Operations
from reviewer_app.pages.author.presenter import AuthorPresenter
from reviewer_app.tasks import TaskRunner
from tests.crash_telling import digest, say
from tests.crash_window import look_at_window, work_in_window
from tests.factories import make_body, make_gates, make_key, make_labels, make_right_response

KEY_MS: Final = 12
HEAVY: Final = (
    "core.imaging.load",
    "core.llm.openai_client",
    "core.scoring.scorers",
    "core.services.evaluation.service",
    "core.services.integrity.service",
    "core.services.merging.service",
    "core.services.packages.service",
    "core.services.verification",
    "reviewer_app.pages.baseline.page",
    "reviewer_app.pages.library.page",
    "reviewer_app.pages.verify.page",
)
"""What a session would spend its short life importing."""
WORDS: Final = ("cough ", "fever ", "Ödem ", "心 ", "left ", "lung ", "pain ")


class Typist:
    """Types into real drafts through the real presenter; undoes, redoes, finishes."""

    def __init__(self, workspace: Workspace, chance: random.Random) -> None:
        self._workspace = workspace
        self._chance = chance
        tasks, messages = TaskRunner(), Messages()
        self._operations = Operations(messages, tasks)
        context = AppContext(workspace, self._operations, messages, lambda *_: None)
        self._presenter = AuthorPresenter(context)
        self._presenter.desk.save_state_changed.connect(self._on_save_state)
        self._keys: Iterator[int] = count(1)
        self._timer = QTimer()
        self._timer.timeout.connect(self._press)

    def start(self) -> None:
        """Begin a question and type."""
        self._begin()
        self._timer.start(KEY_MS)

    def _begin(self) -> None:
        self._presenter.create(AnswerFormat.REPORT)
        whole = replace(self._draft(), key=make_key(AnswerFormat.REPORT), labels=make_labels())
        self._presenter.desk.replace_draft(whole, "key")
        self._presenter.desk.flush()
        self._tell()

    def _press(self) -> None:
        number = next(self._keys)
        if number % 170 == 0 and self._draft().body.stem.strip():
            if self._presenter.finish("Typed."):
                revision = self._workspace.authoring.current(self._draft().question)
                say("revision", id=revision.id)
            self._begin()
        elif number % 37 == 0 and self._presenter.desk.can_undo:
            self._presenter.desk.undo()
        elif number % 37 == 1 and self._presenter.desk.can_redo:
            self._presenter.desk.redo()
        else:
            self._type()
        self._tell()

    def _type(self) -> None:
        draft = self._draft()
        word = self._chance.choice(WORDS)
        letter = word[self._chance.randrange(len(word))]
        body = replace(draft.body, stem=draft.body.stem + letter)
        self._presenter.desk.edit(replace(draft, body=body), "stem")

    def _tell(self) -> None:
        draft = self._draft()
        say("typed", question=draft.question, text=digest(draft.body.stem))

    def _on_save_state(self) -> None:
        if self._presenter.current is not None and not self._presenter.desk.is_dirty:
            draft = self._draft()
            say("draft", question=draft.question, text=digest(draft.body.stem))

    def _draft(self) -> Draft:
        assert self._presenter.current is not None
        return self._presenter.current.draft


def write(workspace: Workspace, chance: random.Random, _: str) -> None:
    """Type until killed."""
    app = QCoreApplication([])
    typist = Typist(workspace, chance)
    typist.start()
    app.exec()


def work(workspace: Workspace, chance: random.Random, _: str) -> None:
    """Blind, answer, verify, decide, undo and read until killed."""
    people = {one.name: one.id for one in workspace.people.all()}
    lead = workspace.people.me().id
    author, *verifiers = people["Author"], people["Verifier 1"], people["Verifier 2"]
    right = make_right_response(AnswerFormat.SINGLE_CHOICE)
    for number in count():
        question = _written(workspace, author, f"Number {number} of {chance.random()}?")
        workspace.blinding.approve(question, author)
        say("stage", question=question, stages=[Stage.BLINDED])
        for verifier in verifiers:
            note = {"text": f"half {number}"}
            workspace.journal.write(verifier, [Unsent("verify.answer", question, note)])
            say("journal", person=verifier, record=question, content=note)
            answer = workspace.verification.lock_answer(question, verifier, right, elapsed_s=1)
            say("answer", id=answer.value.id)
            done = workspace.verification.submit(
                question, verifier, gates=make_gates(), verdict=Verdict.ACCEPT
            )
            say("verification", id=done.value.id)
        for step in (lambda q=question: workspace.adjudication.accept([q], lead), None):
            if step is not None:
                step()
            elif chance.random() < 0.5:
                workspace.undo.undo(lead)
                workspace.undo.redo(lead)
        say("stage", question=question, stages=[Stage.VERIFIED])
        _read(workspace, people["Reader"], lead, chance)


def _written(
    workspace: Workspace,
    author: Any,
    stem: str,
    answer_format: AnswerFormat = AnswerFormat.SINGLE_CHOICE,
) -> QuestionId:
    draft = workspace.authoring.create(answer_format, author).value
    body, key = make_body(answer_format, stem=stem), make_key(answer_format)
    whole = Draft(draft.question, body, key, make_labels())
    workspace.authoring.save_draft(whole, author)
    revision = workspace.authoring.commit(draft.question, author).value
    say("revision", id=revision.id)
    return draft.question


def _read(workspace: Workspace, reader: Any, lead: Any, chance: random.Random) -> None:
    seed = chance.randrange(10_000)
    plan = workspace.baseline.make_plan(PlanRequest("Plan", seed, (reader,), count=2), lead).value
    sitting = workspace.baseline.start(plan.id, reader).value
    for _ in plan.revisions:
        workspace.baseline.note_time(sitting.id, spent_s=3.0, idle_s=0.0)
        moved = workspace.baseline.answer(sitting.id, Reading(None, None, 4.0)).value
        say("reading", sitting=sitting.id, position=moved.position)


def evaluate(workspace: Workspace, chance: random.Random, endpoint: str) -> None:
    """Ask a language model until killed."""
    while True:
        name = f"m{chance.randrange(1_000_000)}"
        preparation = workspace.evaluation.prepare(RunRequest(name, endpoint))

        def shown(progress: Any, spec: str = preparation.spec.hash) -> None:
            say("asked", spec=spec, done=progress.done)

        workspace.evaluation.start(preparation, Calling(concurrency=4), progress=shown)


def merge(workspace: Workspace, chance: random.Random, _: str) -> None:
    """Bring the files of others in, one after the other, then again."""
    files = sorted(workspace.path.parent.glob("from*.asclepius-package"))
    chance.shuffle(files)
    lead = workspace.people.me().id
    while True:
        for file in files:
            workspace.merging.merge([file], lead)
            if workspace.merging.can_undo() and chance.random() < 0.8:
                say("unmerging")
                workspace.merging.undo(lead)
                workspace.merging.merge([file], lead)
            say("merged", file=file.name)
        if chance.random() < 0.2:
            _written(workspace, lead, f"Between merges {chance.random()}?")


SESSIONS: Final[dict[str, Callable[[Workspace, random.Random, str], None]]] = {
    one.__name__: one for one in (write, work, evaluate, merge)
}
KINDS: Final = (*SESSIONS, "window")


def prepare(folder: Path) -> Path:
    """Make a workspace with people, verified questions, and files that others sent."""
    import shutil

    from core.domain.package import PackageKind
    from core.services.packages.service import PackageRequest
    from core.workspace import create_workspace

    path = folder / "study.asclepius"
    right = make_right_response(AnswerFormat.SINGLE_CHOICE)
    with create_workspace(path) as workspace:
        add, lead = workspace.people.add, workspace.people.me().id
        author = add("Author", frozenset({Role.AUTHOR})).value.id
        verifiers = [add(f"Verifier {n}", frozenset({Role.VERIFIER})).value.id for n in (1, 2)]
        add("Reader", frozenset({Role.READER}))
        questions = [_written(workspace, author, f"Question {n}?") for n in range(6)]
        reports = [
            _written(workspace, author, f"Report {n}?", AnswerFormat.REPORT) for n in range(8)
        ]
        for question in questions + reports:
            workspace.blinding.approve(question, author)
        _deal(workspace, author, verifiers, lead)
    for number, verifier in enumerate(verifiers):
        copy = folder / f"copy{number}.asclepius"
        shutil.copytree(path, copy)
        with open_workspace(copy) as theirs:
            for question in questions:
                theirs.verification.lock_answer(question, verifier, right, elapsed_s=2)
                theirs.verification.submit(
                    question, verifier, gates=make_gates(), verdict=Verdict.ACCEPT
                )
            _written(theirs, author, f"From elsewhere {number}?")
            request = PackageRequest(PackageKind.WORKSPACE, lead, key_passphrase="horse")
            theirs.packages.make(request, lead, folder / f"from{number}.asclepius-package")
    return path


def _deal(workspace: Workspace, author: Any, verifiers: list[Any], lead: Any) -> None:
    """Verify some questions and deal them to the person who sits in the window."""
    right = make_right_response(AnswerFormat.SINGLE_CHOICE)
    questions = [_written(workspace, author, f"To be read {n}?") for n in range(8)]
    for question in questions:
        workspace.blinding.approve(question, author)
        for verifier in verifiers:
            workspace.verification.lock_answer(question, verifier, right, elapsed_s=1)
            workspace.verification.submit(
                question, verifier, gates=make_gates(), verdict=Verdict.ACCEPT
            )
    workspace.adjudication.accept(questions, lead)
    confidence = dict.fromkeys(workspace.specialties, 3)
    me = replace(workspace.people.me(), specialty="Radiology", specialty_confidence=confidence)
    workspace.people.update(me)
    rules = StudyRules(asks_confidence=False)
    workspace.baseline.make_plan(PlanRequest("In the window", 1, (lead,), rules=rules), lead)


def play(kind: str, seed: int, path: Path, endpoint: str) -> None:
    """Open the workspace like the program does and work in it until killed."""
    if kind == "window":
        work_in_window(path, random.Random(seed))
    if kind == "look":
        look_at_window(path)
    workspace = open_workspace(path)
    say("opened")
    SESSIONS[kind](workspace, random.Random(seed), endpoint)


def main() -> None:
    """Fork a session for each line of input; say when it is gone."""
    faulthandler.enable()
    for module in HEAVY:
        import_module(module)
    for line in sys.stdin:
        kind, seed, endpoint, folder = line.rstrip("\n").split(" ", 3)
        if kind == "prepare":
            pid = os.fork()
            if pid == 0:
                prepare(Path(folder))
                os._exit(0)
        else:
            pid = os.fork()
            if pid == 0:
                try:
                    play(kind, int(seed), Path(folder), endpoint)
                finally:
                    os._exit(3)  # only a kill ends a session
            say("forked", pid=pid)
        _, status = os.waitpid(pid, 0)
        say("gone", status=status)


if __name__ == "__main__":
    main()
