"""Both themes can be read, and one style sheet follows from one set of tokens."""

import re

import pytest
from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from reviewer_app import theme
from reviewer_app.colors import COLORS, SHAPE_PAIRS, TEXT_PAIRS, Scheme, contrast


class Polished(QWidget):
    """Counts how often it is given a style."""

    times = 0

    def changeEvent(self, event: QEvent) -> None:
        self.times += event.type() is QEvent.Type.StyleChange
        super().changeEvent(event)


@pytest.mark.parametrize("scheme", Scheme)
@pytest.mark.parametrize("pair", TEXT_PAIRS)
def test_text_stands_out_from_its_ground(scheme: Scheme, pair: tuple[str, str]) -> None:
    ink, ground = (COLORS[scheme][name] for name in pair)

    assert contrast(ink, ground) >= 4.5


@pytest.mark.parametrize("scheme", Scheme)
@pytest.mark.parametrize("pair", SHAPE_PAIRS)
def test_borders_and_focus_rings_can_be_found(scheme: Scheme, pair: tuple[str, str]) -> None:
    edge, ground = (COLORS[scheme][name] for name in pair)

    assert contrast(edge, ground) >= 3


def test_contrast_agrees_with_the_published_extremes() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("scheme", Scheme)
@pytest.mark.parametrize("name", ["rail", "window", "panel", "raised", "field", "hover", "line"])
def test_chrome_does_not_tint_the_eye(scheme: Scheme, name: str) -> None:
    value = COLORS[scheme][name]

    assert value[1:3] == value[3:5] == value[5:7]


def test_both_themes_name_the_same_colors() -> None:
    assert COLORS[Scheme.DARK].keys() == COLORS[Scheme.LIGHT].keys()


@pytest.mark.parametrize("scheme", Scheme)
def test_style_sheet_uses_no_color_beyond_the_tokens(scheme: Scheme) -> None:
    sheet = theme.make_style_sheet(scheme, 10)

    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", sheet)) <= set(COLORS[scheme].values())
    assert "$" not in sheet


def test_icons_follow_the_theme(qapp: QApplication, qtbot: QtBot) -> None:
    icon = theme.icon("mdi6.square", "accent")
    seen = []
    for scheme in Scheme:
        theme.apply(qapp, scheme)
        seen.append(icon.pixmap(QSize(32, 32)).toImage().pixelColor(16, 16).name())

    assert seen == [COLORS[scheme]["accent"] for scheme in Scheme]


def test_text_size_scales_from_the_system_font_and_back(qapp: QApplication) -> None:
    theme.apply(qapp, Scheme.DARK)
    before = qapp.font().pointSizeF()

    theme.apply(qapp, Scheme.DARK, text_percent=150)
    larger = qapp.font().pointSizeF()
    theme.apply(qapp, Scheme.DARK)

    assert (larger, qapp.font().pointSizeF()) == (pytest.approx(before * 1.5), before)


def test_another_theme_polishes_widgets_once_and_the_same_again_never(
    qapp: QApplication, qtbot: QtBot
) -> None:
    theme.apply(qapp, Scheme.DARK)
    widget = Polished()
    qtbot.addWidget(widget)
    widget.show()
    widget.times = 0

    theme.apply(qapp, Scheme.DARK)
    after_the_same = widget.times
    theme.apply(qapp, Scheme.LIGHT)
    after_another = widget.times
    theme.apply(qapp, Scheme.DARK)

    assert (after_the_same, after_another) == (0, 1)


def test_a_role_is_seen_at_the_first_showing_and_later_at_once(look: None, qtbot: QtBot) -> None:
    label = QLabel("Chest")
    qtbot.addWidget(label)
    theme.set_role(label, "title")
    label.show()
    sizes = [label.font().pointSizeF()]

    for role in ("hint", "title"):
        theme.set_role(label, role)
        sizes.append(label.font().pointSizeF())

    base = QApplication.font().pointSizeF()
    assert sizes == pytest.approx([1.5 * base, 0.9 * base, 1.5 * base], abs=0.1)
