"""At large text nothing is cut off on the page where images are added and questions written."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.data import get_testdata_file
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from core.domain.body import AnswerFormat
from reviewer_app import theme
from reviewer_app.colors import Scheme
from reviewer_app.widgets.flow import FlowLayout
from reviewer_app.widgets.gate_table import GateTable
from tests.reviewer_app.study import make_study


@pytest.fixture
def large_text(qapp):
    theme.apply(qapp, Scheme.DARK, text_percent=150)
    yield
    theme.apply(qapp, Scheme.DARK)


@pytest.fixture
def page(qtbot, window, workspace, large_text):
    """The Author page with the list of drafts, in the least window that is promised."""
    window.resize(1280, 800)
    window.show_workspace(workspace)
    window.show_page("author")
    made = window.pages.page("author")
    made.presenter.create(AnswerFormat.SHORT_TEXT)
    qtbot.waitUntil(lambda: not window.tasks.is_busy)
    qtbot.waitUntil(lambda: made.writing.form.isVisible())
    return made


def settle():
    for _ in range(6):
        QApplication.sendPostedEvents()


def cut_off(widget: QWidget) -> list[str]:
    """Return the words of the buttons in sight that have less room than they need."""
    return [
        button.text()
        for button in widget.findChildren(QAbstractButton)
        if button.isVisible()
        and button.text()
        and button.width() < button.fontMetrics().size(0, button.text()).width()
    ]


def needed_width(label: QLabel) -> int:
    """Return what the longest word of a label that wraps needs, and all words of another."""
    parts = label.text().split() if label.wordWrap() else [label.text()]
    return max((label.fontMetrics().horizontalAdvance(one) for one in parts), default=0)


def right_end(widget: QWidget) -> int:
    return widget.mapToGlobal(widget.rect().topRight()).x()


@pytest.mark.parametrize("answer_format", [AnswerFormat.SHORT_TEXT, AnswerFormat.SINGLE_CHOICE])
def test_form_is_no_wider_than_its_place(qtbot, page, answer_format):
    page.presenter.create(answer_format)
    settle()
    form = page.writing.form

    assert form.minimumSizeHint().width() <= form.parentWidget().width()
    assert cut_off(page) == []


def test_captions_of_a_form_go_on_below_instead_of_being_cut(window, page):
    if not page.drafts.isVisible():
        page.head.drafts_button.click()
    settle()
    captions = [
        one for one in page.writing.form.findChildren(QLabel) if one.property("role") == "caption"
    ]

    assert captions
    assert [one.text() for one in captions if one.width() < needed_width(one)] == []


def test_what_changed_is_typed_in_line_with_the_fields_above(qtbot, page):
    page.writing.reason.show()
    qtbot.waitUntil(lambda: page.writing.form.isVisible())
    settle()

    assert right_end(page.writing.reason) == right_end(page.writing.form.stem)


def test_what_is_missing_goes_on_below_instead_of_being_cut(page):
    page.presenter.create(AnswerFormat.SINGLE_CHOICE)
    settle()
    [link] = [one for one in page.writing.checklist.links() if "remove" in one.text()]
    sentence, metrics = link.accessibleName(), link.fontMetrics()

    link.resize(metrics.horizontalAdvance(sentence) * 2 // 3, link.height())

    lines = link.text().split("\n")
    assert len(lines) == 2
    assert " ".join(lines) == sentence
    assert max(map(metrics.horizontalAdvance, lines)) <= link.width()
    assert link.sizeHint().height() >= 2 * metrics.height()


def test_buttons_below_found_images_show_all_their_words(qtbot, window, page):
    folder = Path(str(get_testdata_file("DICOMDIR"))).parent / "77654033"
    page.images.files_dropped.emit((folder,))
    chooser = page.images.chooser
    qtbot.waitUntil(lambda: not window.tasks.is_busy and chooser.isVisible())
    settle()

    assert chooser.whole_box.isVisible()
    assert cut_off(page) == []


def test_buttons_below_a_clip_that_is_cleared_show_all_their_words(
    qtbot, window, workspace, large_text
):
    study = make_study(workspace)
    study.write(images=(replace(study.add_image("examples_ybr_color.dcm"), frames=(0, 1, 2)),))
    window.resize(1280, 800)
    window.show_workspace(workspace)
    window.show_page("blind")
    section = window.pages.page("blind").images
    qtbot.waitUntil(lambda: not window.tasks.is_busy and section.add_button.isVisible())
    settle()

    assert cut_off(section) == []
    assert section.slider.width() > section.view.width() // 2


def test_gates_of_a_verification_are_no_wider_than_their_panel(qtbot, large_text):
    table = GateTable()
    qtbot.addWidget(table)
    table.show()
    settle()

    assert table.minimumSizeHint().width() <= 430
    assert cut_off(table) == []


def test_ratings_stand_beside_their_statement_at_the_usual_text(qtbot, look):
    table = GateTable()
    qtbot.addWidget(table)
    table.resize(460, 600)
    table.show()
    settle()
    row = next(iter(table.rows.values()))
    [first, *_] = row.buttons.values()

    assert first.geometry().left() > row.findChild(QLabel).geometry().right()


def flow(sizes, hidden=(), gap_at=None, direction=Qt.LayoutDirection.LeftToRight):
    board = QWidget()
    board.setLayoutDirection(direction)
    layout = FlowLayout(board)
    made = []
    for place, (width, height) in enumerate(sizes):
        if place == gap_at:
            layout.add_gap()
        widget = QWidget(board)
        widget.setFixedSize(width, height)
        layout.addWidget(widget)
        widget.setVisible(place not in hidden)
        made.append(widget)
    return board, layout, made


SIZES = st.lists(st.tuples(st.integers(10, 200), st.integers(10, 40)), min_size=1, max_size=8)


@given(
    sizes=SIZES, width=st.integers(200, 900), gap_at=st.integers(0, 8), is_mirrored=st.booleans()
)
def test_no_widget_of_a_flow_leaves_its_place_or_covers_another(
    qapp, sizes, width, gap_at, is_mirrored
):
    direction = Qt.LayoutDirection.RightToLeft if is_mirrored else Qt.LayoutDirection.LeftToRight
    _board, layout, widgets = flow(sizes, hidden={3}, gap_at=gap_at, direction=direction)
    area = QRect(0, 0, width, layout.heightForWidth(width))

    layout.setGeometry(area)

    shown = [one.geometry() for place, one in enumerate(widgets) if place != 3]
    for place, spot in enumerate(shown):
        assert area.contains(spot)
        assert not any(spot.intersects(other) for other in shown[place + 1 :])


def test_flow_is_one_line_with_its_gap_where_there_is_room(qapp):
    _board, layout, (first, second) = flow([(50, 20), (60, 20)], gap_at=1)
    layout.setGeometry(QRect(0, 0, 300, 20))

    assert layout.sizeHint() == QSize(110 + layout.spacing(), 20)
    assert (first.geometry().left(), second.geometry().right()) == (0, 299)
    assert layout.heightForWidth(100) == 40 + layout.spacing()


def test_names_of_many_images_that_are_cleared_go_on_below(qtbot, window, workspace, large_text):
    study = make_study(workspace)
    study.write(images=tuple(study.add_image() for _ in range(5)))
    window.resize(1280, 800)
    window.show_workspace(workspace)
    window.show_page("blind")
    page = window.pages.page("blind")
    qtbot.waitUntil(lambda: not window.tasks.is_busy and page.images.add_button.isVisible())
    settle()

    names = [one.text() for one in page.findChildren(QAbstractButton) if one.isVisible()]
    assert sum("not cleared" in name for name in names) == 5
    assert cut_off(page) == []


def test_buttons_of_a_chosen_question_show_all_their_words(qtbot, window, workspace, large_text):
    question = make_study(workspace).write()
    window.resize(1280, 800)
    window.show_workspace(workspace)
    window.pages.show_question("library", question)
    detail = window.pages.page("library").detail
    qtbot.waitUntil(lambda: not window.tasks.is_busy and detail.buttons["author"].isVisible())
    settle()

    shown = [one for one in detail.buttons.values() if one.isVisible()]
    assert [one.text() for one in shown if one.width() < one.sizeHint().width()] == []
