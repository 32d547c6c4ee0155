"""A question in a sitting that its reader doubts, and what the study lead sees of it."""

from PySide6.QtWidgets import QApplication

from core.domain.body import AnswerFormat, Chosen, options_of
from core.domain.ids import PersonId, PlanId
from core.domain.people import Role
from core.domain.stage import Stage
from core.services.baseline import PlanRequest, Reading
from core.workspace import Workspace
from reviewer_app.main_window import MainWindow

COMMENT = "One slice is hardly enough here; two options can be defended."


def doubt(window: MainWindow, workspace: Workspace) -> None:
    """Answer a question with images, flag it and comment on it."""
    reader = workspace.people.me().id
    page = window.pages.page("baseline")
    page.sitting_presenter.start(_planned(workspace, "Autumn reading", reader))
    while not _is_wanted(page.sitting_presenter.page.blind.body):
        page.sitting_presenter.answer(None, None)
    view = page.sitting_view
    option = options_of(page.sitting_presenter.page.blind.body.asked)[1]
    view.card.answer_widget.show_response(Chosen(frozenset({option.id})))
    view.remarks.flag.setChecked(False)
    view.remarks.flag.click()
    view.remarks.show_text(COMMENT)
    view.card.focus_answer()


def look_at_flags(window: MainWindow, workspace: Workspace) -> None:
    """List what two readers flagged, and choose what both did."""
    lead = workspace.people.me().id
    readers = [one.id for one in workspace.people.all() if one.has_role(Role.READER)]
    for place, reader in enumerate([one for one in readers if one != lead][1:3]):
        plan = _planned(workspace, "Winter reading", reader)
        sitting = workspace.baseline.start(plan, reader).value
        while (shown := workspace.baseline.page(sitting.id)) is not None:
            if shown.blind.number in (1, 7 + 9 * place):
                comment = COMMENT if place == 0 else None
                workspace.baseline.remark(sitting.id, is_flagged=True, comment=comment)
            if shown.blind.number == 4 and place:
                workspace.baseline.remark(sitting.id, comment="The unit is not told.")
            workspace.baseline.answer(sitting.id, Reading(None, None, 20.0))
    page = window.pages.page("library")
    page.presenter.refresh(force=True)
    _settle(window)
    page.filter_bar.flag_chip.click()
    flags = page.presenter.flags
    window.pages.show_question("library", max(flags, key=lambda one: flags[one]))


def _is_wanted(body) -> bool:
    return bool(body.images) and body.format is AnswerFormat.SINGLE_CHOICE


def _planned(workspace: Workspace, name: str, reader: PersonId) -> PlanId:
    """Return a reading plan of one reader, the one of an earlier picture where there is one."""
    for plan in workspace.baseline.plans():
        if (plan.name, plan.readers) == (name, (reader,)):
            return plan.id
    lead = next(one for one in workspace.people.all() if one.has_role(Role.LEAD))
    count = len(workspace.authoring.library(stage=Stage.VERIFIED))
    request = PlanRequest(name, 7, (reader,), count)
    return workspace.baseline.make_plan(request, lead.id).value.id


def _settle(window: MainWindow) -> None:
    for _ in range(50):
        QApplication.processEvents()
    while window.tasks.is_busy:
        QApplication.processEvents()
