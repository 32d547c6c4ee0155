"""The points of a rubric are written, weighted and removed; nothing that was stored is lost."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from core.domain.rubric_points import RubricPoint, written_points
from reviewer_app.widgets.rubric_editor import RubricEditor, WeightBox


@pytest.fixture
def editor(qtbot) -> RubricEditor:
    made = RubricEditor()
    qtbot.addWidget(made)
    made.show()
    # As the form does: what was written comes back to be shown.
    made.edited.connect(made.show_text)
    return made


def test_points_are_written_with_enter_and_their_weights(qtbot, editor):
    said = []
    editor.edited.connect(said.append)
    editor.add_button.click()
    qtbot.keyClicks(editor.rows[0].text, "Names the node")
    qtbot.keyClick(editor.rows[0].text, Qt.Key.Key_Return)
    qtbot.keyClicks(editor.rows[1].text, "Advises against a biopsy")
    editor.rows[1].weight.stepUp()
    editor.add_negative_button.click()
    qtbot.keyClicks(editor.rows[2].text, "Advises surgery")
    assert said[-1] == "Names the node\n+2 Advises against a biopsy\n-1 Advises surgery"
    assert written_points(said[-1]) == (
        RubricPoint("Names the node"),
        RubricPoint("Advises against a biopsy", 2),
        RubricPoint("Advises surgery", -1),
    )
    assert editor.sum_label.text() == "Best: 3  ·  can count off 1"


def test_point_that_is_not_written_yet_is_no_point(qtbot, editor):
    editor.show_text("Names the node")
    editor.add_negative_button.click()
    assert written_points(editor.text()) == (RubricPoint("Names the node"),)
    assert len(editor.rows) == 2


def test_backspace_in_an_empty_point_removes_it(qtbot, editor):
    editor.show_text("One\nTwo")
    editor.add_button.click()
    qtbot.keyClick(editor.rows[2].text, Qt.Key.Key_Backspace)
    assert [row.text.text() for row in editor.rows] == ["One", "Two"]
    editor.rows[0].remove.click()
    assert editor.text() == "Two"


def test_showing_a_rubric_tells_nothing_and_changes_nothing(qtbot, editor):
    with qtbot.assertNotEmitted(editor.edited):
        editor.show_text("+3 One\n\n- Two\n-2: Three")
    weights = [(row.weight.value(), row.text.text()) for row in editor.rows]
    assert weights == [(3, "One"), (1, "Two"), (-2, "Three")]


def test_weight_steps_over_zero(qtbot):
    box = WeightBox()
    qtbot.addWidget(box)
    box.stepDown()
    assert (box.value(), box.text()) == (-1, "\u22121")
    box.stepUp()
    assert (box.value(), box.text()) == (1, "+1")


words = st.text(st.sampled_from("abcdefg "), min_size=1, max_size=12).map(str.strip).filter(bool)
points = st.lists(st.builds(RubricPoint, words, st.integers(-9, 9).filter(bool)), max_size=5).map(
    tuple
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(points=points)
def test_what_the_editor_shows_is_what_a_grader_reads(editor, points):
    editor.show_text("\n".join(f"{one.weight:+d} {one.text}" for one in points))
    assert written_points(editor.text()) == points
