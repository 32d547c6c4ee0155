"""The history of a question: listed, compared word by word, restored; undo outlives the window."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.data import get_testdata_file
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextFragment
from pytestqt.qtbot import QtBot

from core.domain.body import AnswerFormat, options_of
from core.domain.ids import QuestionId
from core.domain.media import ImageUse
from core.domain.revision import Draft
from core.domain.taxonomy import SPECIALTY, value_on
from core.domain.word_diff import DiffKind, DiffSpan, word_diff
from core.workspace import Workspace
from reviewer_app.main_window import MainWindow
from reviewer_app.pages.author.page import AuthorPage
from reviewer_app.widgets.revision_history import DRAFT, RevisionHistory
from reviewer_app.widgets.word_diff import gathered
from tests.reviewer_app.study import Study, make_study

CONTROL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton
FIRST = "A man of 60 coughs. What is seen?"
SECOND = "A man of 61 coughs and wheezes. What is seen?"
THIRD = "A man of 61 wheezes. What does the image show?"


def edit(workspace: Workspace, study: Study, question: QuestionId, stem: str) -> None:
    draft = workspace.authoring.draft(question, viewer=study.author)
    changed = replace(draft, body=replace(draft.body, stem=stem))
    workspace.authoring.save_draft(changed, study.author)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mine.asclepius"


@pytest.fixture
def page(window: MainWindow, path: Path, qtbot: QtBot) -> AuthorPage:
    """The Author page with a question of three revisions, and its history in front."""
    assert window.opener.create_path(path)
    assert window.context is not None
    workspace = window.context.workspace
    study = make_study(workspace)
    question = study.write(stem=FIRST)
    for stem, reason in ((SECOND, "Age was wrong"), (THIRD, "")):
        edit(workspace, study, question, stem)
        workspace.authoring.commit(question, study.author, reason=reason)
    study.sit_down(study.author)
    window.close_workspace()
    return opened(window, path)


def opened(window: MainWindow, path: Path) -> AuthorPage:
    assert window.opener.open_path(path)
    window.activateWindow()
    window.show_page("author")
    page = window.pages.page("author")
    assert isinstance(page, AuthorPage)
    assert page.presenter.current is not None
    page.tabs.setCurrentWidget(page.history)
    return page


def history(page: AuthorPage) -> RevisionHistory:
    return page.history.history


def lines(page: AuthorPage) -> list[str]:
    shown = history(page).list
    return [shown.item(row).text() for row in range(shown.count())]


def draft_of(page: AuthorPage) -> Draft:
    assert page.presenter.current is not None
    return page.presenter.current.draft


def mark(page: AuthorPage, qtbot: QtBot, *rows: int) -> None:
    """Click rows, all but the first with Ctrl."""
    shown = history(page).list
    for place, row in enumerate(rows):
        spot = shown.visualItemRect(shown.item(row)).center()
        keys = CONTROL if place else Qt.KeyboardModifier.NoModifier
        qtbot.mouseClick(shown.viewport(), LEFT, keys, QPoint(spot))


def words(page: AuthorPage, *, struck: bool) -> list[str]:
    """Return the words that are struck, or those that are underlined."""
    found = []
    block = history(page).diff.document().begin()
    while block.isValid():
        iterator = block.begin()
        while not iterator.atEnd():
            fragment: QTextFragment = iterator.fragment()
            shape = fragment.charFormat()
            if shape.fontStrikeOut() if struck else shape.fontUnderline():
                found.append(fragment.text().strip())
            iterator += 1
        block = block.next()
    return found


def test_revisions_are_listed_with_author_time_and_reason_newest_first(page: AuthorPage) -> None:
    newest, middle, oldest = lines(page)

    assert [one.split("  ·  ")[0] for one in (newest, middle, oldest)] == [
        "Revision 3",
        "Revision 2",
        "Revision 1",
    ]
    for line in (newest, middle, oldest):
        assert line.split("  ·  ")[2] == "Demo Author"
        assert line.split("  ·  ")[1].startswith("20")
    assert middle.endswith("  ·  Age was wrong")


def test_one_marked_is_compared_with_the_one_before(page: AuthorPage, qtbot: QtBot) -> None:
    mark(page, qtbot, 1)

    assert history(page)._caption.text() == "From revision 1 to revision 2"
    assert words(page, struck=True) == ["60"]
    assert words(page, struck=False) == ["61", "and wheezes"]


def test_any_two_are_compared_word_by_word(page: AuthorPage, qtbot: QtBot) -> None:
    mark(page, qtbot, 0, 2)

    assert history(page)._caption.text() == "From revision 1 to revision 3"
    gone, come = words(page, struck=True), words(page, struck=False)
    assert (gone, come) == (["60 coughs", "is seen"], ["61 wheezes", "does the image show"])
    described = history(page).diff.accessibleDescription()
    assert "Question" in described
    assert "60" in described


def test_the_first_has_nothing_before_it_and_says_so(page: AuthorPage, qtbot: QtBot) -> None:
    mark(page, qtbot, 2)

    assert not history(page).diff.isVisible()
    assert "first revision" in history(page)._caption.text()


def test_what_is_typed_now_is_a_line_of_its_own(page: AuthorPage, qtbot: QtBot) -> None:
    page.tabs.setCurrentWidget(page.images)
    page.form.stem.setFocus()
    qtbot.keyClicks(page.form.stem, "Now: ")
    page.tabs.setCurrentWidget(page.history)

    assert lines(page)[0] == "Draft, not finished yet"
    mark(page, qtbot, 0)
    assert history(page).compared() == (page.presenter.history.revisions()[-1].id, DRAFT)
    assert words(page, struck=False) == ["Now:"]
    assert not history(page).restore_button.isEnabled()


def test_an_earlier_one_is_restored_as_a_draft_and_finished_as_a_new_revision(
    page: AuthorPage, qtbot: QtBot
) -> None:
    mark(page, qtbot, 2)
    assert history(page).restore_button.text() == "Restore revision 1 as draft"

    qtbot.mouseClick(history(page).restore_button, LEFT)

    assert page.form.stem.text() == FIRST
    assert lines(page)[0] == "Draft, not finished yet"
    assert page.presenter.finish("Back to the first")
    page.history.refresh()
    assert lines(page)[0].startswith("Revision 4")
    assert lines(page)[0].endswith("Back to the first")
    assert [one.body.stem for one in page.presenter.history.revisions()] == [
        FIRST,
        SECOND,
        THIRD,
        FIRST,
    ]


def test_a_restore_is_taken_back_by_undo_also_after_closing(
    page: AuthorPage, window: MainWindow, path: Path, qtbot: QtBot
) -> None:
    mark(page, qtbot, 2)
    qtbot.mouseClick(history(page).restore_button, LEFT)
    window.close_workspace()

    again = opened(window, path)
    assert again.form.stem.text() == FIRST
    qtbot.keyClick(again.form.stem, Qt.Key.Key_Z, CONTROL)

    assert again.form.stem.text() == THIRD
    qtbot.keyClick(again.form.stem, Qt.Key.Key_Y, CONTROL)
    assert again.form.stem.text() == FIRST


def test_text_options_labels_and_images_are_undone_after_closing_and_made_again(
    page: AuthorPage, window: MainWindow, path: Path, qtbot: QtBot
) -> None:
    assert window.context is not None
    image = Path(str(get_testdata_file("CT_small.dcm", download=False)))
    images = (ImageUse(window.context.workspace.images.import_file(image).value.id),)
    states = [draft_of(page)]

    def note() -> None:
        states.append(draft_of(page))

    qtbot.keyClicks(page.form.stem, "Typed. ")
    note()
    option = page.form.editor.options.row_widgets(0)[0]  # type: ignore[attr-defined] # choices
    option.setFocus()
    qtbot.keyClick(option, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    note()
    picker = page.form.labels.pickers[SPECIALTY]
    picker.setCurrentIndex(picker.currentIndex() + 1)  # type: ignore[union-attr]
    picker.activated.emit(picker.currentIndex())  # type: ignore[union-attr]
    note()
    page.presenter.images.set_images(images)
    note()
    page.presenter.images.edit_image(0, replace(images[0], caption="Axial"), "caption")
    note()
    assert len({repr(one) for one in states}) == len(states), "each step changed something"
    window.close_workspace()

    again = opened(window, path)
    back = [draft_of(again)]
    while again.presenter.desk.can_undo:
        again.presenter.desk.undo()
        back.append(draft_of(again))
    assert back == states[::-1]
    window.close_workspace()

    last = opened(window, path)
    forth = [draft_of(last)]
    while last.presenter.desk.can_redo:
        last.presenter.desk.redo()
        forth.append(draft_of(last))
    assert forth == states
    assert [one.text for one in options_of(forth[2].body.asked)][:2] == [
        "Pneumothorax",
        "Pneumonia",
    ]
    assert value_on(forth[3].labels, SPECIALTY) != value_on(forth[2].labels, SPECIALTY)


TEXTS = st.lists(st.sampled_from("ab \n"), max_size=30).map("".join)


@given(TEXTS, TEXTS)
def test_gathering_words_changes_neither_text(before: str, after: str) -> None:
    spans = word_diff(before, after)

    told = gathered(spans)

    for kind in (DiffKind.REMOVED, DiffKind.ADDED):
        assert _side(told, kind).split() == _side(spans, kind).split()


def _side(spans: tuple[DiffSpan, ...], hidden: DiffKind) -> str:
    return "".join(span.text for span in spans if span.kind is not hidden)


def test_formats_are_named_in_the_history(page: AuthorPage, qtbot: QtBot) -> None:
    page.presenter.switch_format(AnswerFormat.REPORT)
    page.presenter.desk.flush()
    page.history.refresh()
    mark(page, qtbot, 0)

    assert "Answer format" in history(page).diff.toPlainText()
