"""States of packages for the gallery: sent out, opened, on their way back, merged, in conflict."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import mkdtemp

from PySide6.QtWidgets import QApplication

from core.clock import system_clock
from core.domain.body import AnswerFormat
from core.domain.ids import QuestionId
from core.domain.package import PACKAGE_SUFFIX, PackageKind
from core.domain.people import Person, Role
from core.domain.revision import Draft
from core.domain.stage import Stage
from core.workspace import Workspace, open_package, open_workspace
from reviewer_app.main_window import MainWindow
from tests.packages_study import KEY_PASSPHRASE, answer_all, pack

_PATIENCE_S = 20.0
_OPEN_QUESTIONS = 9


def show_written(window: MainWindow, workspace: Workspace) -> None:
    """One file for each verifier, written."""
    _open_questions(workspace)
    page = window.pages.page("packages")
    page.activate()
    _wait(lambda: page.make_tab.people.isVisible())
    tab = page.make_tab
    tab.folder.edit.setText(str(_aside() / "for the verifiers"))
    if not tab.key_box.isHidden():
        tab.key_box.fields.first.setText(KEY_PASSPHRASE)
        tab.key_box.fields.second.setText(KEY_PASSPHRASE)
    _wait(tab.write_button.isEnabled)
    tab.write_button.click()
    _wait(tab.result.isVisible)


def show_send_out(window: MainWindow, workspace: Workspace) -> None:
    """Who would get what."""
    _open_questions(workspace)
    page = window.pages.page("packages")
    page.activate()
    _wait(lambda: page.make_tab.people.isVisible())


def open_verify(window: MainWindow, workspace: Workspace) -> None:
    """What a verifier sees before a package is opened."""
    file = _for_verifier(workspace)
    window.close_workspace()
    window.show_welcome()
    window.arrivals.take([file], None)
    _wait(lambda: window.arrivals.page.open_button.isVisible())


def open_protected(window: MainWindow, workspace: Workspace) -> None:
    """A package that asks for its passphrase."""
    file = _for_verifier(workspace, passphrase="of the package")
    window.close_workspace()
    window.show_welcome()
    window.arrivals.take([file], None)
    _wait(lambda: window.arrivals.page.unlock_button.isVisible())


def show_send_back(window: MainWindow, workspace: Workspace) -> None:
    """Answers that are ready to be sent back."""
    folder = _answered(_for_verifier(workspace))
    window.close_workspace()
    window.show_workspace(open_workspace(folder))
    window.show_page("sendback")


def show_preview(window: MainWindow, workspace: Workspace) -> None:
    """What answers of one verifier and the changes of a colleague would bring."""
    folder = _answered(_for_verifier(workspace))
    with open_workspace(folder) as theirs:
        back = pack(theirs, PackageKind.RETURN, theirs.people.me(), folder.with_suffix(".back"))
    back = back.rename(back.with_suffix(PACKAGE_SUFFIX))
    page = window.pages.page("packages")
    page.take_files([back, _rival(workspace)], "")
    _wait(lambda: page.merge_tab.items.isVisible())


def show_conflict(window: MainWindow, workspace: Workspace) -> None:
    """Two versions of one question, field by field."""
    page = window.pages.page("packages")
    page.take_files([_rival(workspace)], "")
    _wait(lambda: page.merge_tab.items.isVisible())
    page.merge_tab.merge_button.click()
    _wait(lambda: bool(workspace.merging.conflicts()))
    page.tabs.setCurrentWidget(page.conflicts_tab)
    _wait(lambda: bool(page.conflicts_tab.rows))


def _open_questions(workspace: Workspace) -> list[QuestionId]:
    """Bring copies of verified questions to stage blinded, until there are enough to share."""
    there = workspace.authoring.library(stage=Stage.BLINDED)
    if len(there) >= _OPEN_QUESTIONS:
        return [one.id for one in there]
    lead = _with_role(workspace, Role.LEAD)
    lines = workspace.authoring.library(stage=Stage.VERIFIED)
    choices = [one for one in lines if one.format is AnswerFormat.SINGLE_CHOICE]
    return [_copied(workspace, one.id, lead) for one in choices[:_OPEN_QUESTIONS]]


def _copied(workspace: Workspace, question: QuestionId, author: Person) -> QuestionId:
    authoring = workspace.authoring
    known, labels = authoring.current(question), authoring.question(question).labels
    made = authoring.create(known.body.format, author.id).value
    draft = Draft(made.question, known.body, known.key, labels, made.source)
    authoring.save_draft(draft, author.id)
    authoring.commit(made.question, author.id)
    workspace.blinding.approve(made.question, author.id)
    return made.question


def _for_verifier(workspace: Workspace, *, passphrase: str = "") -> Path:
    _open_questions(workspace)
    lead = _with_role(workspace, Role.LEAD)
    workspace.people.set_me(lead.id)
    able = [one for one in workspace.people.all() if one.has_role(Role.VERIFIER)]
    person = next(one for one in able if one.id != lead.id)
    target = _aside() / f"demo - verify - {person.name}{PACKAGE_SUFFIX}"
    return pack(workspace, PackageKind.VERIFY, person, target, passphrase=passphrase)


def _answered(file: Path) -> Path:
    folder = file.parent / "theirs.asclepius"
    with open_package(file, folder) as theirs:
        answer_all(theirs)
    return folder


def _rival(workspace: Workspace) -> Path:
    """Change a question here and in a copy; return the package of the copy."""
    lead = _with_role(workspace, Role.LEAD)
    question = workspace.authoring.create(AnswerFormat.SINGLE_CHOICE, lead.id).value.question
    model = next(
        workspace.authoring.current(one.id)
        for one in workspace.authoring.library(stage=Stage.VERIFIED)
        if one.format is AnswerFormat.SINGLE_CHOICE
    )
    labels = workspace.authoring.question(model.question).labels
    draft = workspace.authoring.draft(question)
    workspace.authoring.save_draft(
        Draft(question, model.body, model.key, labels, draft.source), lead.id
    )
    workspace.authoring.commit(question, lead.id)
    aside = _aside()
    copytree(workspace.path, aside / "copy.asclepius", ignore=lambda *_: {"lock", "backups"})
    with open_workspace(aside / "copy.asclepius", clock=system_clock()) as theirs:
        _edit(theirs, question, lead, stem="Which finding does this image show?", context="A man.")
        target = aside / f"demo - whole workspace{PACKAGE_SUFFIX}"
        file = pack(theirs, PackageKind.WORKSPACE, lead, target)
    rmtree(aside / "copy.asclepius")
    _edit(workspace, question, lead, stem=f"{model.body.stem} Choose the best answer.")
    return file


def _edit(workspace: Workspace, question: QuestionId, person: Person, **changes: str) -> None:
    draft = workspace.authoring.draft(question)
    body = replace(draft.body, **changes)  # type: ignore[arg-type] # texts of a body
    workspace.authoring.save_draft(replace(draft, body=body), person.id)
    workspace.authoring.commit(question, person.id, reason="Clearer")


def _with_role(workspace: Workspace, role: Role) -> Person:
    return next(one for one in workspace.people.all() if one.has_role(role))


def _aside() -> Path:
    return Path(mkdtemp(prefix="packages-"))


def _wait(is_there: Callable[[], bool]) -> None:
    end = time.monotonic() + _PATIENCE_S
    while not is_there() and time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.01)
