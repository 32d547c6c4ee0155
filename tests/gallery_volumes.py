"""States of volumes and slides for the gallery: sections through a nodule, cells of a slide."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from core.domain.body import AnswerFormat
from core.domain.links import Links
from core.domain.media import ImageRole, ImageUse, MediaInfo, View, Window
from core.imaging.mpr.sections import Slab
from core.workspace import Workspace
from reviewer_app.main_window import MainWindow
from reviewer_app.widgets.images.panel import ImagePanel
from tests.phantoms import GAP_MM, NODULE_MM, SLICES, write_chest
from tests.slides import slide_bytes, tissue


def show_sections(window: MainWindow, workspace: Workspace) -> None:
    """A CT of the chest in three sections that meet in a nodule, 12 mm of its brightest."""
    info = workspace.images.import_series([_chest(workspace)]).value
    view = View(Window(-300, 1500))
    panel = _write(window, workspace, "Where does the nodule lie?", info, view)
    panel.sections.toggle()
    mpr = panel.sections.mpr()
    assert mpr is not None
    while mpr.volume() is None:
        QTest.qWait(20)
    volume = mpr.volume()
    assert volume is not None
    low, high = volume.box_mm
    mpr.panes[0].cross_wanted.emit(tuple(float(one) for one in (low + high) / 2 + NODULE_MM))
    mpr.bar.thickness.setValue(12)
    mpr.bar.kind.setCurrentIndex(mpr.bar.kind.findData(Slab.MAXIMUM))
    mpr.panes[0].setFocus()
    QTest.qWait(600)


def show_slide(window: MainWindow, workspace: Workspace) -> None:
    """A whole slide at the magnification of cells."""
    file = workspace.path.parent / "slide.tif"
    if not file.exists():
        file.write_bytes(slide_bytes(tissue()))
    info = workspace.images.import_file(file).value
    panel = _write(window, workspace, "Which structure is shown?", info, View())
    for _ in range(9):
        panel.view.zoom(1.25, QPointF(panel.view.width() * 0.42, panel.view.height() * 0.4))
    panel.view.setFocus(Qt.FocusReason.OtherFocusReason)
    while not panel.view.tiles().is_settled():
        QTest.qWait(20)
    QTest.qWait(300)


def show_presets(window: MainWindow, workspace: Workspace) -> None:
    """A real CT of the liver under its preset; without the shared data the made chest."""
    real = Path(__file__).resolve().parents[2] / "shared" / "data" / "dcmqi_ct" / "ct-3slice"
    folder = real if real.exists() else _chest(workspace)
    info = workspace.images.import_series([folder]).value
    panel = _write(window, workspace, "Which organ is enlarged?", info, View(Window(50, 400)))
    panel.view.setFocus()


def open_presets(window: MainWindow) -> None:
    """Open the menu of window presets."""
    presets = window.pages.page("author").images.panel.tools.presets
    presets.menu().popup(presets.mapToGlobal(presets.rect().bottomLeft()))


def show_prior(window: MainWindow, workspace: Workspace) -> None:
    """A nodule beside itself earlier: scrolled, zoomed and windowed together."""
    infos = [
        workspace.images.import_series([_chest(workspace, radius)]).value for radius in (8.0, 4.0)
    ]
    lung = View(Window(-600, 1500))
    stem = "What has changed within three months?"
    panel = _write(window, workspace, stem, infos[0], lung, prior=infos[1])
    panel.choose_links(Links(windows=True))
    panel.grid.activate(0)
    place = round((SLICES - 1) / 2 + NODULE_MM[2] / GAP_MM)
    panel.view.show_place(place)
    panel.view.zoom(1.5, QPointF(panel.view.width() * 0.72, panel.view.height() * 0.44))
    panel.view.setFocus()
    while any(view.is_waiting() for view in panel.grid.views()):
        QTest.qWait(20)
    QTest.qWait(300)


def _chest(workspace: Workspace, nodule_radius_mm: float = 8.0) -> Path:
    """Return a folder with a CT of the chest."""
    folder = workspace.path.parent / f"chest-{nodule_radius_mm:.0f}"
    if not folder.exists():
        write_chest(folder, nodule_radius_mm=nodule_radius_mm)
    return folder


def _write(
    window: MainWindow,
    workspace: Workspace,
    stem: str,
    info: MediaInfo,
    view: View,
    *,
    prior: MediaInfo | None = None,
) -> ImagePanel:
    """Write a question about one image with all its frames, and show it large."""
    me = workspace.people.me().id
    draft = workspace.authoring.create(AnswerFormat.SHORT_TEXT, me).value
    uses = [ImageUse(info.id, tuple(range(info.frame_count)), view)]
    if prior is not None:
        frames = tuple(range(prior.frame_count))
        earlier = "3 months earlier"
        uses.append(ImageUse(prior.id, frames, view, ImageRole.PRIOR, date=earlier))
    layout = "" if prior is None else "1x2"
    body = replace(draft.body, stem=stem, images=tuple(uses), layout=layout)
    workspace.authoring.save_draft(replace(draft, body=body), me)
    window.pages.show_question("author", draft.question)
    panel: ImagePanel = window.pages.page("author").images.panel
    while any(view.image() is None for view in panel.grid.views()):
        QTest.qWait(20)
    QTest.qWait(300)
    return panel
