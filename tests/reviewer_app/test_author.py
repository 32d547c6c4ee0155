"""An author writes with keys and mouse; everything is saved, undone and checked."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from core.domain.body import AnswerFormat, Option, SeveralChoices, SingleChoice, options_of
from core.domain.ids import OptionId
from core.domain.key import NumericKey, SeveralChoicesKey, ShortTextKey, SingleChoiceKey
from core.domain.links import Links
from core.domain.media import ImageRole, Window
from core.domain.revision import Draft
from core.domain.taxonomy import CAPACITY, SPECIALTY, Label, value_on
from core.errors import StorageError
from core.workspace import create_workspace
from reviewer_app.pages.author import AuthorPage
from reviewer_app.pages.author.format_switch import switch_format
from reviewer_app.widgets.editors.numeric import NumericEditor, read_number
from reviewer_app.widgets.editors.short_text import ShortTextEditor
from reviewer_app.widgets.editors.single_choice import SingleChoiceEditor
from reviewer_app.widgets.form import GrowingText
from reviewer_app.widgets.images.frames_text import FramesError, frames_from_text, frames_to_text
from tests.factories import make_draft, make_person, make_question
from tests.reviewer_app.conftest import Desk
from tests.reviewer_app.hands import drop_files
from tests.reviewer_app.study import make_study

CONTROL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> Iterator[AuthorPage]:
    made = AuthorPage(desk.context)
    desk.operations.changed.connect(made.apply_changes)
    qtbot.addWidget(made)
    made.resize(1180, 760)
    made.show()
    made.activate()
    yield made
    desk.tasks.close()


def start(page: AuthorPage, answer_format: AnswerFormat) -> None:
    next(
        action
        for action, one in zip(page.drafts.new_menu.actions(), AnswerFormat, strict=True)
        if one is answer_format
    ).trigger()


def draft_of(page: AuthorPage) -> Draft:
    opened = page.presenter.current
    assert opened is not None
    return opened.draft


def stored(page: AuthorPage, desk: Desk) -> Draft:
    return desk.workspace.authoring.draft(draft_of(page).question)


def choices(page: AuthorPage) -> SingleChoiceEditor:
    assert isinstance(page.form.editor, SingleChoiceEditor)
    return page.form.editor


def option(page: AuthorPage, index: int) -> GrowingText:
    return choices(page).options.row_widgets(index)[0]


def option_texts(page: AuthorPage) -> list[str]:
    return [one.text for one in options_of(draft_of(page).body.asked)]


def choose(page: AuthorPage, axis: str, value: str) -> None:
    picker = page.form.labels.pickers[axis]
    picker.setCurrentText(value)  # type: ignore[union-attr]
    picker.activated.emit(0)  # type: ignore[union-attr]


def test_an_author_without_drafts_is_told_how_to_begin(page: AuthorPage) -> None:
    assert page._empty.isVisible()
    assert page._empty.button.text() == "New question"


def test_what_is_typed_is_on_disk_within_a_second(
    page: AuthorPage, desk: Desk, qtbot: QtBot
) -> None:
    start(page, AnswerFormat.REPORT)
    qtbot.keyClicks(page.form.stem, "Write the findings.")

    qtbot.waitUntil(lambda: stored(page, desk).body.stem == "Write the findings.")
    assert not page.has_unsaved()


def test_whoever_types_without_a_pause_is_saved_too(
    page: AuthorPage, desk: Desk, qtbot: QtBot
) -> None:
    start(page, AnswerFormat.REPORT)
    saves: list[object] = []
    desk.operations.saved.connect(saves.append)

    for _ in range(30):
        qtbot.keyClicks(page.form.stem, "a")
        qtbot.wait(50)

    assert saves


def test_a_failed_save_keeps_the_edit_and_says_so(
    page: AuthorPage, desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(page, AnswerFormat.REPORT)

    def full(*_: object, **__: object) -> None:
        raise StorageError("The disk is full.")

    monkeypatch.setattr(desk.workspace.authoring, "save_draft", full)
    qtbot.keyClicks(page.form.stem, "Kept")
    page.leave()
    assert page.has_unsaved()
    assert "Not saved" in page.head.saved.text()
    assert page.form.stem.text() == "Kept"

    monkeypatch.undo()
    page.leave()
    assert not page.has_unsaved()
    assert stored(page, desk).body.stem == "Kept"


def test_undo_and_redo_swap_whole_steps_and_reach_the_disk(
    page: AuthorPage, desk: Desk, qtbot: QtBot
) -> None:
    start(page, AnswerFormat.SINGLE_CHOICE)
    qtbot.keyClicks(page.form.stem, "First words")
    qtbot.keyClicks(option(page, 0), "Heart")

    qtbot.keyClick(option(page, 0), Qt.Key.Key_Z, CONTROL)
    assert option_texts(page)[0] == ""
    assert option(page, 0).text() == ""
    assert page.form.stem.text() == "First words"

    qtbot.keyClick(page.form.stem, Qt.Key.Key_Z, CONTROL)
    assert page.form.stem.text() == ""

    shift = Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(page.form.stem, Qt.Key.Key_Z, CONTROL | shift)
    page.leave()
    assert page.form.stem.text() == "First words"
    assert stored(page, desk).body.stem == "First words"


def test_undo_still_works_after_going_away_and_coming_back(page: AuthorPage, qtbot: QtBot) -> None:
    start(page, AnswerFormat.REPORT)
    first = draft_of(page).question
    qtbot.keyClicks(page.form.stem, "Words")
    start(page, AnswerFormat.REPORT)
    page.show_question(first)

    qtbot.mouseClick(page.head.undo_button, LEFT)

    assert page.form.stem.text() == ""


def test_enter_adds_an_option_below_and_backspace_removes_an_empty_one(
    page: AuthorPage, qtbot: QtBot
) -> None:
    start(page, AnswerFormat.SINGLE_CHOICE)
    qtbot.keyClicks(option(page, 0), "Heart")
    qtbot.keyClick(option(page, 0), Qt.Key.Key_Return)
    qtbot.keyClicks(option(page, 1), "Liver")
    assert option_texts(page) == ["Heart", "Liver", "", "", ""]

    qtbot.keyClick(option(page, 4), Qt.Key.Key_Backspace)
    assert option_texts(page) == ["Heart", "Liver", "", ""]


def test_alt_arrows_move_an_option_and_its_mark_goes_with_it(
    page: AuthorPage, qtbot: QtBot
) -> None:
    start(page, AnswerFormat.SINGLE_CHOICE)
    for index, text in enumerate(("Heart", "Liver", "Spleen", "Lung")):
        qtbot.keyClicks(option(page, index), text)
    mark = choices(page).options.row_widgets(0)[1]
    mark.click()

    qtbot.keyClick(option(page, 0), Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)

    assert option_texts(page) == ["Liver", "Heart", "Spleen", "Lung"]
    assert draft_of(page).key.right == SingleChoiceKey(OptionId("o1"))
    assert choices(page).options.row_widgets(1)[1].isChecked()
    assert not choices(page).options.row_widgets(0)[1].isChecked()


def test_dragging_the_handle_moves_an_option(page: AuthorPage, qtbot: QtBot) -> None:
    start(page, AnswerFormat.SINGLE_CHOICE)
    for index, text in enumerate(("Heart", "Liver", "Spleen", "Lung")):
        qtbot.keyClicks(option(page, index), text)
    editor = choices(page).options
    grip, goal = editor.grip(0), editor.grip(2)
    qtbot.waitUntil(lambda: goal.mapToGlobal(QPoint()).y() > grip.mapToGlobal(QPoint()).y())
    target = grip.mapFromGlobal(goal.mapToGlobal(QPoint(4, goal.height() - 1)))

    qtbot.mousePress(grip, LEFT)
    qtbot.mouseMove(grip, target)
    qtbot.mouseRelease(grip, LEFT)

    assert option_texts(page) == ["Liver", "Spleen", "Heart", "Lung"]


def test_there_are_never_fewer_than_two_options(page: AuthorPage, qtbot: QtBot) -> None:
    start(page, AnswerFormat.SINGLE_CHOICE)
    for _ in range(5):
        remove = choices(page).options.row_widgets(0)[2]
        if remove.isEnabled():
            qtbot.mouseClick(remove, LEFT)

    assert len(option_texts(page)) == 2


def test_an_option_that_is_removed_takes_its_mark_along(page: AuthorPage, qtbot: QtBot) -> None:
    start(page, AnswerFormat.SINGLE_CHOICE)
    choices(page).options.row_widgets(1)[1].click()
    assert draft_of(page).key.right == SingleChoiceKey(OptionId("o2"))

    qtbot.mouseClick(choices(page).options.row_widgets(1)[2], LEFT)

    assert draft_of(page).key.right == SingleChoiceKey(None)


def test_finishing_names_what_is_missing_marks_it_and_goes_there(
    page: AuthorPage, qtbot: QtBot
) -> None:
    start(page, AnswerFormat.SINGLE_CHOICE)
    qtbot.mouseClick(page.head.finish_button, LEFT)

    assert page.form.fields["stem"].problem() == "Write the question first."
    assert page.form.stem.property("invalid") is True
    links = [link.text() for link in page.writing.checklist.links()]
    assert "Choose a specialty." in links
    assert "Mark the right option." in links
    qtbot.waitUntil(page.form.stem.hasFocus)

    qtbot.keyClicks(page.form.stem, "Which?")
    qtbot.waitUntil(lambda: page.form.fields["stem"].problem() == "")
    assert page.form.stem.property("invalid") is False


def test_a_whole_question_is_written_and_finished_with_clicks_and_keys(
    page: AuthorPage, desk: Desk, qtbot: QtBot
) -> None:
    start(page, AnswerFormat.SINGLE_CHOICE)
    qtbot.keyClicks(page.form.context, "A man of 54 with a cough.")
    qtbot.keyClicks(page.form.stem, "Which structure is it?")
    for index, text in enumerate(("Heart", "Liver", "Spleen", "Lung")):
        qtbot.keyClicks(option(page, index), text)
    choices(page).options.row_widgets(1)[1].click()
    qtbot.keyClicks(page.form.explanation, "Its place and shape.")
    choose(page, SPECIALTY, "Gastroenterology")
    choose(page, CAPACITY, "Anatomical perception")
    qtbot.keyClicks(page.form.citation, "Own case")

    qtbot.keyClick(page.form.stem, Qt.Key.Key_Return, CONTROL)

    question = draft_of(page).question
    revision = desk.workspace.authoring.current(question)
    assert revision.body.stem == "Which structure is it?"
    assert revision.key.right == SingleChoiceKey(OptionId("o2"))
    labels = desk.workspace.authoring.question(question).labels
    assert value_on(labels, SPECIALTY) == "Gastroenterology"
    assert desk.workspace.authoring.source(question).citation == "Own case"
    assert "waits for blinding" in desk.posted[-1]
    assert not page.head.finish_button.isEnabled()
    (link,) = page.writing.checklist.links()
    link.click()
    assert desk.opened == [("blind", draft_of(page).question)]

    qtbot.keyClicks(page.form.stem, " Say so.")
    qtbot.waitUntil(page.head.finish_button.isEnabled)
    assert page.writing.checklist.links() == []

    qtbot.keyClick(page.form.stem, Qt.Key.Key_Enter, CONTROL | Qt.KeyboardModifier.KeypadModifier)
    assert not page.head.finish_button.isEnabled()
    assert page.presenter.waiting_count() == 0


def test_switching_the_format_keeps_options_and_marks_and_comes_back(
    page: AuthorPage, qtbot: QtBot
) -> None:
    start(page, AnswerFormat.SINGLE_CHOICE)
    qtbot.keyClicks(option(page, 0), "Heart")
    choices(page).options.row_widgets(0)[1].click()

    for wanted in (AnswerFormat.SEVERAL_CHOICES, AnswerFormat.NUMERIC, AnswerFormat.SINGLE_CHOICE):
        page.head.format_box.setCurrentIndex(page.head.format_box.findData(wanted))
        page.head.format_box.activated.emit(page.head.format_box.currentIndex())

    assert option_texts(page)[0] == "Heart"
    assert draft_of(page).key.right == SingleChoiceKey(OptionId("o1"))


def test_a_format_switch_keeps_what_fits() -> None:
    question = make_question(make_person())
    options = (Option(OptionId("o1"), "Heart"), Option(OptionId("o2"), "Liver"))
    draft = make_draft(question)
    draft = replace(
        draft,
        body=replace(draft.body, asked=SingleChoice(options)),
        key=replace(draft.key, right=SingleChoiceKey(OptionId("o2"))),
    )

    several = switch_format(draft, AnswerFormat.SEVERAL_CHOICES)
    short = switch_format(several, AnswerFormat.SHORT_TEXT)

    assert several.body.asked == SeveralChoices(options)
    assert several.key.right == SeveralChoicesKey(frozenset({OptionId("o2")}))
    assert short.key.right == ShortTextKey("Liver")
    assert switch_format(short, AnswerFormat.REPORT).key.right.response() is not None


def test_numbers_take_a_comma_and_say_what_is_no_number(page: AuthorPage, qtbot: QtBot) -> None:
    start(page, AnswerFormat.NUMERIC)
    editor = page.form.editor
    assert isinstance(editor, NumericEditor)
    qtbot.keyClicks(editor.value, "3,5")
    qtbot.keyClicks(editor.tolerance, "0.1")
    qtbot.keyClicks(editor.unit, "cm")
    assert draft_of(page).key.right == NumericKey(Decimal("3.5"), Decimal("0.1"))

    qtbot.keyClicks(editor.percent, "5")
    assert draft_of(page).key.right == NumericKey(Decimal("3.5"), Decimal("0.1"), Decimal(5))
    qtbot.keyClicks(editor.percent, " %")
    assert editor.percent.property("invalid") is True
    editor.percent.clear()
    editor.percent.edited.emit("")

    qtbot.keyClicks(editor.value, "x")
    assert draft_of(page).key.right == NumericKey(None, Decimal("0.1"))
    assert editor.value.property("invalid") is True
    assert read_number("NaN") is None


def test_accepted_wordings_are_one_on_a_line(page: AuthorPage, qtbot: QtBot) -> None:
    start(page, AnswerFormat.SHORT_TEXT)
    editor = page.form.editor
    assert isinstance(editor, ShortTextEditor)
    qtbot.keyClicks(editor.reference, "myocardial infarction")
    qtbot.keyClicks(editor.variants, "MI")
    qtbot.keyClick(editor.variants, Qt.Key.Key_Return)
    qtbot.keyClicks(editor.variants, "heart attack")

    assert draft_of(page).key.right == ShortTextKey("myocardial infarction", ("MI", "heart attack"))
    assert editor.variants.text() == "MI\nheart attack"


def test_a_question_that_left_draft_is_shown_but_not_edited(page: AuthorPage, desk: Desk) -> None:
    authoring, me = desk.workspace.authoring, desk.workspace.people.me().id
    draft = authoring.create(AnswerFormat.REPORT, me).value
    authoring.save_draft(
        replace(make_draft(make_question(make_person())), question=draft.question), me
    )
    authoring.retire(draft.question, me, "not needed")

    page.show_question(draft.question)

    assert page._read_only.isVisible()
    assert not page.form.isEnabled()
    assert not page.head.finish_button.isEnabled()


def dicom(name: str) -> Path:
    import pydicom.data

    return Path(str(pydicom.data.get_testdata_file(name)))


def test_a_dropped_dicom_becomes_an_image_that_takes_half_of_the_window(
    page: AuthorPage, desk: Desk, qtbot: QtBot
) -> None:
    start(page, AnswerFormat.YES_NO)
    drop_files(page.images.drop, dicom("CT_small.dcm"))
    qtbot.waitUntil(lambda: len(draft_of(page).body.images) == 1)

    qtbot.waitUntil(page.images.panel.isVisible)
    qtbot.waitUntil(lambda: page.tabs.width() >= page.window().width() / 2)
    page.leave()
    media = stored(page, desk).body.images[0].media
    assert desk.workspace.images.info(media).modality == "CT"


def test_the_window_on_screen_becomes_the_question_s_view(page: AuthorPage, qtbot: QtBot) -> None:
    start(page, AnswerFormat.YES_NO)
    drop_files(page.images.drop, dicom("CT_small.dcm"))
    qtbot.waitUntil(lambda: len(draft_of(page).body.images) == 1)
    assert not page.images.buttons.view.isEnabled()

    page.images.panel.view.set_window(Window(40, 400))
    qtbot.mouseClick(page.images.buttons.view, LEFT)

    assert draft_of(page).body.images[0].view.window == Window(40, 400)
    assert not page.images.buttons.view.isEnabled()


def test_caption_role_and_frames_belong_to_the_image(page: AuthorPage, qtbot: QtBot) -> None:
    start(page, AnswerFormat.YES_NO)
    drop_files(page.images.drop, dicom("examples_ybr_color.dcm"))
    qtbot.waitUntil(lambda: len(draft_of(page).body.images) == 1)
    assert draft_of(page).body.images[0].frames == (0,)

    qtbot.keyClicks(page.images.caption, "Four chambers")
    page.images.role_box.setCurrentIndex(1)
    page.images.role_box.activated.emit(1)
    page.images.frames.selectAll()
    qtbot.keyClicks(page.images.frames, "1, 5, 10")
    use = draft_of(page).body.images[0]
    assert (use.caption, use.role, use.frames) == ("Four chambers", ImageRole.PRIOR, (0, 4, 9))

    page.images.frames.selectAll()
    qtbot.keyClicks(page.images.frames, "99")
    assert "1 to 30" in page.images.frames_field.problem()
    assert draft_of(page).body.images[0].frames == (8,)


def test_images_are_moved_and_removed_and_the_form_keeps_them(
    page: AuthorPage, qtbot: QtBot
) -> None:
    start(page, AnswerFormat.YES_NO)
    drop_files(page.images.drop, dicom("CT_small.dcm"), dicom("MR_small.dcm"))
    qtbot.waitUntil(lambda: len(draft_of(page).body.images) == 2)
    before = [one.media for one in draft_of(page).body.images]
    page.images.panel.show_index(0)

    qtbot.mouseClick(page.images.buttons.forth, LEFT)
    assert [one.media for one in draft_of(page).body.images] == before[::-1]
    qtbot.keyClicks(page.form.stem, "Is it?")
    assert [one.media for one in draft_of(page).body.images] == before[::-1]

    qtbot.mouseClick(page.images.buttons.remove, LEFT)
    assert [one.media for one in draft_of(page).body.images] == [before[1]]
    assert page.images.buttons.forth.isHidden()  # a single image has no place to go to
    page.presenter.desk.undo()
    assert page.images.buttons.forth.isVisible()
    assert len(draft_of(page).body.images) == 2


def test_a_damaged_file_is_refused_in_words_and_the_draft_stays(
    page: AuthorPage, desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.dcm"
    broken.write_bytes(dicom("CT_small.dcm").read_bytes()[:5000])
    start(page, AnswerFormat.YES_NO)
    qtbot.keyClicks(page.form.stem, "Kept?")

    drop_files(page.images.drop, broken)
    qtbot.waitUntil(lambda: bool(desk.posted))

    assert "broken.dcm" in desk.posted[0]
    assert draft_of(page).body.images == ()
    assert page.form.stem.text() == "Kept?"


def test_the_preview_follows_what_is_written(page: AuthorPage, qtbot: QtBot) -> None:
    start(page, AnswerFormat.YES_NO)
    page.tabs.setCurrentWidget(page.preview)
    qtbot.keyClicks(page.form.stem, "Is it dilated?")

    def shown() -> bool:
        blind = page.preview.card.blind
        return blind is not None and blind.body.stem == "Is it dilated?"

    qtbot.waitUntil(shown)


def test_every_control_has_a_name_for_a_screen_reader(page: AuthorPage) -> None:
    from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit

    start(page, AnswerFormat.SINGLE_CHOICE)
    nameless = [
        control
        for kind in (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit)
        for control in page.form.findChildren(kind) + page.writing.checklist.findChildren(kind)
        if not control.isHidden()
        and not control.accessibleName()
        and not getattr(control, "text", str)()
    ]

    assert nameless == []


@pytest.mark.parametrize(
    ("text", "frames"),
    [("all", tuple(range(12))), ("1, 5, 10", (0, 4, 9)), ("3-5", (2, 3, 4)), ("2, 2", (1,))],
)
def test_frames_are_counted_from_one(text: str, frames: tuple[int, ...]) -> None:
    assert frames_from_text(text, 12) == frames
    assert frames_from_text(frames_to_text(frames, 12), 12) == frames


@pytest.mark.parametrize("text", ["", "0", "13", "a", "5-3", "1,,2", "-1"])
def test_frames_that_do_not_exist_are_refused(text: str) -> None:
    with pytest.raises(FramesError):
        frames_from_text(text, 12)


def test_labels_that_are_not_in_the_lists_are_kept(page: AuthorPage) -> None:
    labels = frozenset({Label(SPECIALTY, "Dentistry"), Label("tag", "a"), Label("tag", "b")})
    page.form.labels.show_labels(labels)

    assert page.form.labels.pickers[SPECIALTY].values() == ("Dentistry",)
    assert page.form.labels.pickers["tag"].values() == ("a", "b")


def test_a_read_only_workspace_is_shown_and_not_edited(
    tmp_path: Path, look: None, qtbot: QtBot
) -> None:
    from core.workspace import open_workspace

    with create_workspace(tmp_path / "held.asclepius") as held:
        held.authoring.create(AnswerFormat.REPORT, held.people.me().id)
        with open_workspace(tmp_path / "held.asclepius", read_only=True) as again:
            desk = Desk(again)
            page = AuthorPage(desk.context)
            qtbot.addWidget(page)
            page.show()
            page.activate()

            assert page._read_only.isVisible()
            assert not page.form.isEnabled()
            desk.tasks.close()


def test_what_still_has_to_be_finished_opens_first(page: AuthorPage, desk: Desk) -> None:
    study = make_study(desk.workspace)
    open_one = desk.workspace.authoring.create(AnswerFormat.REPORT, study.lead).value.question
    study.write(author=study.lead)

    page.activate()

    assert draft_of(page).question == open_one
    spoken = [
        page.drafts.model.index(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in (0, 1)
    ]
    assert ["waits for blinding" in text for text in spoken] == [False, True]


def test_layout_of_images_belongs_to_the_question_and_is_undone(
    page: AuthorPage, qtbot: QtBot
) -> None:
    start(page, AnswerFormat.YES_NO)
    drop_files(page.images.drop, dicom("CT_small.dcm"), dicom("MR_small.dcm"))
    qtbot.waitUntil(lambda: len(draft_of(page).body.images) == 2)

    page.images.panel.choose_shape("1x2")
    assert draft_of(page).body.layout == "1x2"
    page.form.stem.setPlainText("Which one is older?")
    assert draft_of(page).body.layout == "1x2"
    page.presenter.desk.undo()
    while draft_of(page).body.layout:
        assert page.presenter.desk.can_undo
        page.presenter.desk.undo()

    assert len(draft_of(page).body.images) == 2
    assert page.images.panel.grid.shape() == (1, 1)


def test_links_of_images_belong_to_the_question_and_are_undone(
    page: AuthorPage, qtbot: QtBot
) -> None:
    start(page, AnswerFormat.YES_NO)
    drop_files(page.images.drop, dicom("CT_small.dcm"), dicom("MR_small.dcm"))
    qtbot.waitUntil(lambda: len(draft_of(page).body.images) == 2)
    panel = page.images.panel
    panel.layout_menu.aboutToShow.emit()
    panel.layout_menu.windows.trigger()
    panel.layout_menu.scrolls.trigger()
    page.form.stem.setPlainText("Which one is older?")
    question = draft_of(page).question
    page.presenter.desk.flush()

    assert draft_of(page).body.links == Links(scrolls=False, windows=True)
    kept = page.context.workspace.authoring.draft(question)
    assert kept.body.links == Links(scrolls=False, windows=True)
    page.presenter.desk.undo()
    page.presenter.desk.undo()
    assert draft_of(page).body.links == panel.grid.links() == Links(windows=True)
    page.presenter.desk.undo()
    assert draft_of(page).body.links == panel.grid.links() == Links()


def test_another_question_opens_at_its_first_image(page: AuthorPage, qtbot: QtBot) -> None:
    start(page, AnswerFormat.YES_NO)
    drop_files(page.images.drop, dicom("examples_rgb_color.dcm"))
    qtbot.waitUntil(lambda: len(draft_of(page).body.images) == 1)
    start(page, AnswerFormat.YES_NO)
    drop_files(page.images.drop, dicom("CT_small.dcm"), dicom("MR_small.dcm"))
    qtbot.waitUntil(lambda: len(draft_of(page).body.images) == 2)
    two, one = (line.id for line in page.context.workspace.authoring.library()[:2])
    if len(page.context.workspace.authoring.draft(two).body.images) == 1:
        two, one = one, two
    page.presenter.open(one)
    page.presenter.open(two)

    assert len(page.images.panel.uses()) == 2
    assert page.images.panel.index() == 0
