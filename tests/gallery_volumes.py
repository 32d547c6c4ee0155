"""States of volumes and slides for the gallery: sections through a nodule, cells of a slide."""

from dataclasses import replace

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from core.domain.body import AnswerFormat
from core.domain.media import ImageUse, MediaInfo, View, Window
from core.imaging.mpr import Slab
from core.workspace import Workspace
from reviewer_app.main_window import MainWindow
from reviewer_app.widgets.image_panel import ImagePanel
from tests.phantoms import NODULE_MM, write_chest
from tests.slides import slide_bytes, tissue


def show_sections(window: MainWindow, workspace: Workspace) -> None:
    """A CT of the chest in three sections that meet in a nodule, 12 mm of its brightest."""
    folder = workspace.path.parent / "chest"
    if not folder.exists():
        write_chest(folder)
    info = workspace.images.import_series([folder]).value
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


def _write(
    window: MainWindow, workspace: Workspace, stem: str, info: MediaInfo, view: View
) -> ImagePanel:
    """Write a question about one image with all its frames, and show it large."""
    me = workspace.people.me().id
    draft = workspace.authoring.create(AnswerFormat.SHORT_TEXT, me).value
    use = ImageUse(info.id, tuple(range(info.frame_count)), view)
    body = replace(draft.body, stem=stem, images=(use,))
    workspace.authoring.save_draft(replace(draft, body=body), me)
    window.pages.show_question("author", draft.question)
    panel: ImagePanel = window.pages.page("author").images.panel
    while panel.view.image() is None:
        QTest.qWait(20)
    QTest.qWait(300)
    return panel
