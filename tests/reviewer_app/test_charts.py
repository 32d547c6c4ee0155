"""Charts can be read in both themes, walked with the keys and kept as pictures."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtSvg import QSvgRenderer
from pytestqt.qtbot import QtBot

from core.errors import StorageError
from reviewer_app.colors import Scheme, contrast
from reviewer_app.widgets.charts.heat_map import HeatCell, HeatMap, HeatTable, ink_on, shade
from reviewer_app.widgets.charts.intervals import (
    IntervalPlot,
    IntervalRow,
    IntervalTable,
    Mark,
)


def heat_cell(value: float | None, *, is_small: bool = False, is_shaded: bool = True) -> HeatCell:
    label = "–" if value is None else f"{value:.0%}"
    words = "nothing" if value is None else f"accuracy {label}"
    return HeatCell(value, label, "n 12", words, is_small=is_small, is_shaded=is_shaded)


TABLE = HeatTable(
    rows=("Demo Reader 1", "demo-llm · image and text"),
    columns=("All", "Cardiology", "Obstetrics and Gynecology"),
    cells=(
        (heat_cell(0.0), heat_cell(1.0), heat_cell(None)),
        (heat_cell(1.0, is_small=True), heat_cell(0.5, is_shaded=False), heat_cell(0.5)),
    ),
    legend="accuracy",
    few="few questions",
)
ROWS = IntervalTable(
    rows=(
        IntervalRow("person:1", "Demo Reader 1", Mark.CIRCLE, 0.8, 0.6, 0.9, "80%", "80 percent"),
        IntervalRow("run:1", "demo-llm · both", Mark.SQUARE, 0.4, 0.2, 0.6, "40%", "40 percent"),
        IntervalRow("run:2", "demo-llm · text", Mark.SQUARE, None, None, None, "–", "nothing"),
    ),
    line=0.25,
    line_name="chance",
)


@pytest.fixture
def heat_map(qtbot: QtBot, look: None) -> HeatMap:
    made = HeatMap()
    qtbot.addWidget(made)
    made.set_table(TABLE)
    made.resize(900, 300)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def plot(qtbot: QtBot, look: None) -> IntervalPlot:
    made = IntervalPlot()
    qtbot.addWidget(made)
    made.set_table(ROWS)
    made.resize(800, 300)
    made.show()
    qtbot.waitExposed(made)
    return made


def pixel(chart: HeatMap | IntervalPlot, row: int, column: int) -> int:
    """Return the lightness of a cell, beside its text."""
    rect = chart.cell_rect(row, column)
    image = chart.grab().toImage()
    return image.pixelColor(int(rect.left()) + 6, int(rect.center().y())).lightness()


@pytest.mark.parametrize("scheme", Scheme)
def test_higher_is_darker_and_figures_on_every_shade_can_be_read(scheme: Scheme) -> None:
    shades = [shade(step / 20, scheme) for step in range(21)]
    lightness = [one.lightnessF() for one in shades]
    assert lightness == sorted(lightness, reverse=True)
    assert all(contrast(ink_on(one).name(), one.name()) >= 4.5 for one in shades)


def test_cells_are_drawn_darker_with_accuracy_and_missing_ones_stay_empty(
    heat_map: HeatMap,
) -> None:
    ground = heat_map.grab().toImage().pixelColor(2, 2).lightness()
    assert pixel(heat_map, 0, 0) > pixel(heat_map, 1, 2) > pixel(heat_map, 0, 1)
    assert pixel(heat_map, 0, 2) == ground
    assert pixel(heat_map, 1, 1) == ground


def test_cell_over_few_questions_is_striped(heat_map: HeatMap) -> None:
    def shades_in(row: int, column: int) -> set[int]:
        rect = heat_map.cell_rect(row, column).toRect().adjusted(4, 4, -100, -4)
        image = heat_map.grab(rect).toImage()
        places = [(x, y) for x in range(image.width()) for y in range(image.height())]
        return {image.pixelColor(x, y).lightness() for x, y in places}

    assert len(shades_in(0, 1)) == 1
    assert len(shades_in(1, 0)) > 1


def test_heat_map_is_walked_and_opened_with_the_keys(heat_map: HeatMap, qtbot: QtBot) -> None:
    heat_map.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Left):
        qtbot.keyClick(heat_map, key)
    assert heat_map.current_cell() == (1, 0)
    qtbot.keyClick(heat_map, Qt.Key.Key_End)
    assert heat_map.accessibleDescription() == (
        "demo-llm · image and text, Obstetrics and Gynecology: accuracy 50%"
    )
    with qtbot.waitSignal(heat_map.cell_opened) as opened:
        qtbot.keyClick(heat_map, Qt.Key.Key_Return)
    assert opened.args == [1, 2]


def test_click_opens_the_cell_under_it_and_nothing_beside_the_cells(
    heat_map: HeatMap, qtbot: QtBot
) -> None:
    where = heat_map.cell_rect(0, 1).center().toPoint()
    with qtbot.waitSignal(heat_map.cell_opened) as opened:
        qtbot.mouseClick(heat_map, Qt.MouseButton.LeftButton, pos=where)
    assert opened.args == [0, 1]
    with qtbot.assertNotEmitted(heat_map.cell_opened):
        qtbot.mouseClick(heat_map, Qt.MouseButton.LeftButton, pos=QPoint(1, 1))


def test_keys_start_anew_when_their_cell_is_gone(heat_map: HeatMap) -> None:
    heat_map.set_current_cell(1, 2)
    heat_map.set_table(HeatTable(("One",), ("All",), ((heat_cell(0.5),),)))
    assert heat_map.current_cell() is None


def test_fifteen_columns_fit_1080_pixels_and_turn_their_headings(qtbot: QtBot, look: None) -> None:
    names = tuple(f"Otolaryngology {number}" for number in range(15))
    made = HeatMap()
    qtbot.addWidget(made)
    made.set_table(HeatTable(("Reader",), names, (tuple(heat_cell(0.5) for _ in names),)))
    made.resize(1080, 300)
    assert made.minimumSizeHint().width() <= 1080
    assert made.cell_rect(0, 14).right() <= 1080
    assert made.cell_rect(0, 0).top() > 60


def test_intervals_lie_on_one_axis(plot: IntervalPlot) -> None:
    image = plot.grab().toImage()

    def inked(row: int) -> list[int]:
        y = int(plot.cell_rect(row, 0).center().y())
        bluish = [image.pixelColor(x, y) for x in range(130, 700)]
        return [x for x, one in enumerate(bluish, 130) if one.blue() > one.red() + 40]

    reader, model, nothing = inked(0), inked(1), inked(2)
    assert reader[0] > model[0]
    assert reader[-1] > model[-1]
    assert reader[-1] - reader[0] == pytest.approx(0.75 * (model[-1] - model[0]), abs=4)
    assert nothing == []


def test_axis_of_differences_has_its_zero_in_the_middle(qtbot: QtBot, look: None) -> None:
    made = IntervalPlot()
    qtbot.addWidget(made)
    rows = tuple(
        IntervalRow("", "Reader", Mark.SQUARE, value, None, None, "", "") for value in (-1, 0, 1)
    )
    made.set_table(IntervalTable(rows, axis_low=-1.0, axis_high=1.0, has_signs=True))
    made.resize(800, 300)
    image = made.grab().toImage()

    def middle(row: int) -> float:
        y = int(made.cell_rect(row, 0).center().y())
        colors = [image.pixelColor(x, y) for x in range(800)]
        inked = [x for x, one in enumerate(colors) if one.blue() > one.red() + 40]
        return sum(inked) / len(inked)

    assert middle(0) < middle(1) < middle(2)
    assert middle(1) == pytest.approx((middle(0) + middle(2)) / 2, abs=2)


def test_interval_rows_are_walked_and_opened(plot: IntervalPlot, qtbot: QtBot) -> None:
    plot.setFocus()
    qtbot.keyClick(plot, Qt.Key.Key_Down)
    assert plot.accessibleDescription() == "demo-llm · both: 40 percent"
    with qtbot.waitSignal(plot.cell_opened) as opened:
        qtbot.keyClick(plot, Qt.Key.Key_Space)
    assert opened.args == [1, 0]


def test_figure_is_kept_as_bitmap_on_white_and_as_vectors(
    heat_map: HeatMap, plot: IntervalPlot, tmp_path: Path
) -> None:
    for chart in (heat_map, plot):
        chart.save_png(tmp_path / "figure.png")
        image = QImage(str(tmp_path / "figure.png"))
        assert image.width() == 2 * chart.width()
        assert image.pixelColor(1, 1).name() == "#ffffff"
        names = (image.pixelColor(x, y) for x in range(200) for y in range(image.height()))
        assert min(one.lightness() for one in names) < 60
        chart.save_svg(tmp_path / "figure.svg")
        assert QSvgRenderer(str(tmp_path / "figure.svg")).isValid()
        assert "Demo Reader 1" in (tmp_path / "figure.svg").read_text("utf-8")


def test_figure_that_cannot_be_written_is_told_in_one_sentence(
    heat_map: HeatMap, tmp_path: Path
) -> None:
    for save in (heat_map.save_png, heat_map.save_svg):
        with pytest.raises(StorageError, match=r"could not be written to figure\."):
            save(tmp_path / "nowhere" / "figure.png")
