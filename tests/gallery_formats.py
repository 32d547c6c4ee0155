"""Questions of single answer formats, as their author and their verifier see them."""

from dataclasses import replace

from core.domain.body import AnswerFormat, Marked
from core.domain.ids import QuestionId
from core.domain.people import Role
from core.domain.region import Region, RegionKind
from core.domain.stage import Stage
from core.workspace import Workspace
from reviewer_app.main_window import MainWindow


def write(answer_format: AnswerFormat):
    """Return what opens a draft like the demo's question of a format."""

    def prepare(window: MainWindow, workspace: Workspace) -> None:
        question = _copied(workspace, answer_format)
        window.pages.show_question("author", question)
        window.pages.page("author").form.focus_field("key")

    return prepare


def answer(answer_format: AnswerFormat):
    """Return what opens a question of a format before a verifier, begun to be answered."""

    def prepare(window: MainWindow, workspace: Workspace) -> None:
        question, people = _copied(workspace, answer_format), workspace.people
        seated = people.me()
        lead = next(one for one in people.all() if one.has_role(Role.LEAD))
        workspace.authoring.commit(question, lead.id)
        workspace.blinding.approve(question, lead.id, override_reason="For the picture.")
        people.set_me(seated.id)
        window.pages.show_question("verify", question)
        widget = window.pages.page("verify").queue_tab.answer.card.answer_widget
        if answer_format is AnswerFormat.RANKING:
            widget.toggle(widget.options[3].id)
            widget.toggle(widget.options[1].id)
        elif answer_format is AnswerFormat.REGION:
            box = Region(RegionKind.BOX, ((70.0, 0.0), (112.0, 26.0)))
            widget.show_response(Marked((box,)))
        elif answer_format is AnswerFormat.LONG_TEXT:
            widget.field.setPlainText("The descending aorta is about 25 mm wide at this level.")

    return prepare


def _copied(workspace: Workspace, answer_format: AnswerFormat) -> QuestionId:
    lead = next(one for one in workspace.people.all() if one.has_role(Role.LEAD))
    lines = workspace.authoring.library(stage=Stage.VERIFIED)
    model = next(one for one in lines if one.format is answer_format)
    revision = workspace.authoring.current(model.id)
    draft = workspace.authoring.create(answer_format, lead.id).value
    whole = replace(
        draft,
        body=replace(revision.body, stem=f"{revision.body.stem} "),
        key=revision.key,
        labels=model.labels,
        source=workspace.authoring.source(model.id),
    )
    workspace.authoring.save_draft(whole, lead.id)
    return draft.question
