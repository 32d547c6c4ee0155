"""A region is drawn by its author as the key, and by whoever answers, on the real image."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydicom.data import get_testdata_file
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from core.domain.body import AnswerFormat, BlindQuestion, Localization, Marked
from core.domain.key import LocalizationKey, right_response
from core.domain.key.localization import RegionMeasure
from core.domain.media import ImageUse
from core.domain.region import Region, RegionKind
from reviewer_app.pages.author import AuthorPage
from reviewer_app.pages.evaluate.question_pane import QuestionPane
from reviewer_app.pages.verify import PAGE
from reviewer_app.widgets.answer_widgets import answer_widget_for
from reviewer_app.widgets.editors.region import RegionEditor
from reviewer_app.widgets.marks.marking import MarkingView
from tests.factories import make_asked, make_box
from tests.reviewer_app.conftest import Desk
from tests.reviewer_app.study import make_study

SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


def draw(qtbot: QtBot, view: MarkingView, offset: int = 0) -> Region:
    if view.kind() is not RegionKind.BOX:
        qtbot.keyClick(view, Qt.Key.Key_B, SHIFT)
    start = view.rect().center() + QPoint(offset, offset)
    qtbot.mousePress(view, LEFT, pos=start)
    qtbot.mouseMove(view, start + QPoint(40, 40))
    qtbot.mouseRelease(view, LEFT, pos=start + QPoint(40, 40))
    return view.regions()[-1]


@pytest.fixture
def author(desk: Desk, qtbot: QtBot) -> Iterator[AuthorPage]:
    """A draft that asks for a region on one CT slice."""
    me = desk.workspace.people.me().id
    draft = desk.workspace.authoring.create(AnswerFormat.REGION, me).value
    path = Path(str(get_testdata_file("CT_small.dcm")))
    use = ImageUse(desk.workspace.images.import_file(path).value.id)
    body = replace(draft.body, stem="Where is it?", images=(use,))
    desk.workspace.authoring.save_draft(replace(draft, body=body), me)
    page = AuthorPage(desk.context)
    desk.operations.changed.connect(page.apply_changes)
    qtbot.addWidget(page)
    page.resize(1180, 760)
    with qtbot.waitExposed(page):
        page.show()
    page.activate()
    page.presenter.open(draft.question)
    qtbot.waitUntil(lambda: page.images.panel.view.image() is not None)
    yield page
    desk.tasks.close()


def draft_of(page: AuthorPage):
    assert page.presenter.current is not None
    return page.presenter.current.draft


def test_the_right_region_is_drawn_into_the_key_and_not_into_the_marks(author, qtbot):
    box = draw(qtbot, author.images.panel.view)
    draft = draft_of(author)
    assert draft.key.right == LocalizationKey((box,))
    assert draft.body.asked == Localization(RegionKind.BOX, 0, 128, 128, 128, 128, 1)
    assert draft.body.images[0].marks == ()
    assert draft.body.problems() + draft.key.problems(draft.body.asked) == []


def test_released_the_hand_draws_marks_for_whoever_answers(author, qtbot):
    box = draw(qtbot, author.images.panel.view)
    author.form.editor.draw_button.click()
    mark = draw(qtbot, author.images.panel.view, offset=60)
    draft = draft_of(author)
    assert draft.body.images[0].marks == (mark,)
    assert draft.key.right.regions == (box,)
    author.form.editor.draw_button.click()
    assert author.images.panel.regions(0) == (box,)


def test_undo_takes_the_right_region_back(author, qtbot):
    first = draw(qtbot, author.images.panel.view)
    draw(qtbot, author.images.panel.view, offset=60)
    author.form.editor.clear_button.click()
    assert draft_of(author).key.right.regions == ()
    author.presenter.desk.undo()
    assert first in draft_of(author).key.right.regions
    assert author.images.panel.regions(0) == draft_of(author).key.right.regions


def test_a_point_can_only_hit(qtbot):
    editor = RegionEditor()
    qtbot.addWidget(editor)
    found = []
    editor.edited.connect(lambda asked, right, _: found.append((asked, right)))
    editor.show_parts(make_asked(AnswerFormat.REGION), LocalizationKey((make_box(1, 1, 9, 9),)))
    editor.kind_box.setCurrentIndex(editor.kind_box.findData(RegionKind.POINT.value))
    editor.kind_box.activated.emit(editor.kind_box.currentIndex())
    asked, right = found[-1]
    assert (asked.kind, right.measure) == (RegionKind.POINT, RegionMeasure.HIT)
    assert not editor.threshold.isEnabled()
    assert right.problems(asked) == []


def test_verifier_draws_the_answer_and_then_sees_the_key_beside_it(qtbot, desk, workspace):
    study = make_study(workspace)
    study.blind(study.write(AnswerFormat.REGION, images=(study.add_image(),)))
    study.sit_down(study.verifiers[0])
    page = PAGE(desk.context)
    qtbot.addWidget(page)
    desk.operations.changed.connect(page.apply_changes)
    page.resize(1180, 740)
    with qtbot.waitExposed(page):
        page.show()
    page.activate()
    tab = page.queue_tab
    qtbot.waitUntil(lambda: tab.images.view.image() is not None)
    assert tab.images.view.kind() is RegionKind.BOX
    box = draw(qtbot, tab.images.view)
    assert tab.answer.card.response() == Marked((box,))
    qtbot.mouseClick(tab.answer.button, LEFT)
    qtbot.waitUntil(lambda: not desk.tasks.is_busy)
    assert tab.work.currentWidget() is tab.rating
    labels = {one.label: one.points for one in tab.images.regions(0)}
    assert labels == {"right": ((10.0, 10.0), (50.0, 40.0)), "": box.points}
    assert tab.images.view.kinds() == frozenset()


def test_region_widget_starts_empty_and_gives_back_what_it_was_given(qtbot):
    widget = answer_widget_for(make_asked(AnswerFormat.REGION))
    qtbot.addWidget(widget)
    assert widget.response() is None
    assert widget.problem() == "Mark the region on image 1 first."
    response = Marked((make_box(1, 2, 30, 40),))
    with qtbot.waitSignal(widget.changed):
        widget.show_response(response)
    assert widget.response() == response
    assert "box on picture 1" in widget.drawn.text()
    widget.clear_button.click()
    assert widget.response() is None


def test_answer_of_a_model_lies_beside_the_key_on_the_image(qtbot, desk, workspace):
    study = make_study(workspace)
    question = study.blind(study.write(AnswerFormat.REGION, images=(study.add_image(),)))
    revision = workspace.authoring.current(question)
    pane = QuestionPane(workspace.images.open)
    qtbot.addWidget(pane)
    blind = BlindQuestion(question, revision.id, 1, revision.body)
    said = Marked((make_box(60, 60, 90, 90),))
    pane.show_question(blind, chosen=said, right=right_response(revision.key))
    found = {one.label: one.points for one in pane.images.regions(0)}
    assert found == {
        "right": ((10.0, 10.0), (50.0, 40.0)),
        "": ((60.0, 60.0), (90.0, 90.0)),
    }
    desk.tasks.close()
