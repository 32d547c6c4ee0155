"""States of images for the gallery: measured, beside a prior, as a clip."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import numpy as np
from pydicom.data import get_testdata_file
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from core.domain.body import AnswerFormat
from core.domain.media import ImageRole, ImageUse, View, Window
from core.domain.region import Region, RegionKind
from core.workspace import Workspace
from reviewer_app.main_window import MainWindow
from reviewer_app.widgets.images.measures import Tool
from reviewer_app.widgets.images.panel import ImagePanel
from reviewer_app.widgets.marks.brush import BrushSettings
from tests.core.imaging.stack_files import make_slices, write_files

_LEFT = Qt.MouseButton.LeftButton
_PLAIN = Qt.KeyboardModifier.NoModifier


def show_measures(window: MainWindow, workspace: Workspace) -> None:
    """A CT slice with a length, an angle and values in an ellipse."""
    soft_tissue = View(Window(40, 400))
    panel = _write(
        window, workspace, "Is the spinal canal narrow?", [("CT_small.dcm", soft_tissue)]
    )
    view = panel.view
    width, height = view.width(), view.height()
    for tool, lines in (
        (Tool.LENGTH, [((0.42, 0.42), (0.56, 0.42))]),
        (Tool.ELLIPSE, [((0.44, 0.14), (0.54, 0.26))]),
        (Tool.COBB, [((0.2, 0.62), (0.36, 0.64)), ((0.2, 0.74), (0.36, 0.7))]),
    ):
        view.set_tool(tool)
        for start, end in lines:
            _drag(panel, *(QPoint(round(x * width), round(y * height)) for x, y in (start, end)))
    view.set_tool(None)


def show_mask(window: MainWindow, workspace: Workspace) -> None:
    """A mask under the brush, held to a range of values, beside marks that have names."""
    soft_tissue = View(Window(40, 400))
    panel = _write(window, workspace, "What is marked?", [("CT_small.dcm", soft_tissue)])
    view, marks = panel.view, []
    for kind, points, label in (
        (RegionKind.BOX, ((25, 40), (44, 58)), "rib"),
        (RegionKind.ELLIPSE, ((72, 1), (110, 25)), "aorta"),
        (RegionKind.ARROW, ((104, 86), (85, 65)), "transverse process"),
    ):
        marks.append(Region(kind, points, label=label))
    panel.drawing.extend(0, marks)
    view.set_kind(RegionKind.MASK)
    view.set_brush(BrushSettings(size_px=14, span=150))
    QTest.qWait(100)
    corners = [view._placed(point).toPoint() for point in ((55, 25), (62, 12), (68, 22), (60, 34))]
    QTest.mousePress(view, _LEFT, _PLAIN, corners[0])
    for corner in corners[1:]:
        QTest.mouseMove(view, corner)


def show_clip(window: MainWindow, workspace: Workspace) -> None:
    """An ultrasound clip beside its frames as a slider."""
    panel = _write(
        window, workspace, "Which valve opens late?", [("examples_ybr_color.dcm", View())]
    )
    panel.view.show_place(11)


def show_chooser(window: MainWindow, workspace: Workspace) -> None:
    """A copied disc dropped on a question: its series, and what cannot be shown."""
    page = window.pages.page("author")
    page.presenter.create(AnswerFormat.SINGLE_CHOICE)
    folder = Path(str(get_testdata_file("DICOMDIR"))).parent
    disc = workspace.path.parent / "disc"
    copytree(folder / "77654033", disc / "77654033", dirs_exist_ok=True)
    head = np.random.default_rng(4).normal(1060, 20, (24, 48, 64)).astype(np.int16)
    write_files(disc / "head", make_slices(head, np.arange(24) * 2.5, degrees=12))
    (disc / "letter.txt").write_text("Dear colleague")
    page.images.files_dropped.emit((disc,))
    while window.tasks.is_busy:
        QTest.qWait(100)
    QTest.qWait(1000)


def _write(
    window: MainWindow,
    workspace: Workspace,
    stem: str,
    images: Sequence[tuple[str, View]],
    layout: str = "",
) -> ImagePanel:
    """Write a question about images of pydicom's package, and show its images large."""
    me = workspace.people.me().id
    draft = workspace.authoring.create(AnswerFormat.SINGLE_CHOICE, me).value
    uses = []
    for place, (name, view) in enumerate(images):
        info = workspace.images.import_file(Path(str(get_testdata_file(name)))).value
        role = ImageRole.PRIOR if place else ImageRole.CURRENT
        frames = tuple(range(info.frame_count))
        uses.append(ImageUse(info.id, frames, view, role, date="3 months earlier" * bool(place)))
    body = replace(draft.body, stem=stem, images=tuple(uses), layout=layout)
    workspace.authoring.save_draft(replace(draft, body=body), me)
    window.pages.show_question("author", draft.question)
    QTest.qWait(1500)
    panel: ImagePanel = window.pages.page("author").images.panel
    return panel


def _drag(panel: ImagePanel, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(panel.view, _LEFT, _PLAIN, start)
    QTest.mouseMove(panel.view, end)
    QTest.mouseRelease(panel.view, _LEFT, _PLAIN, end)
