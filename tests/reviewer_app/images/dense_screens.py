"""Show one marked image on screens of several densities and save what is painted on each.

Densities are fixed when Qt starts: run as `python -m tests.reviewer_app.images.dense_screens
FOLDER`.
"""

import json
import os
import sys
from pathlib import Path

RATIOS = {"plain": 1.0, "quarter": 1.25, "half": 1.5, "twice": 2.0}
SIDE = 1200


def choose_screens(folder: Path) -> None:
    """Tell Qt of the screens; before it starts."""
    screens = [
        {"name": name, "x": SIDE * place, "y": 0, "width": SIDE, "height": SIDE}
        | {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
        for place, name in enumerate(RATIOS)
    ]
    file = folder / "screens.json"
    file.write_text(json.dumps({"screens": screens}))
    os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={file}"
    os.environ["QT_SCREEN_SCALE_FACTORS"] = ";".join(f"{n}={one}" for n, one in RATIOS.items())


def show_all(folder: Path) -> None:
    """Paint fitted, under a moving hand and at rest on every screen."""
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QApplication

    from core.domain.ids import MediaId
    from core.domain.media import ImageUse
    from core.imaging.load import open_image
    from core.imaging.pictures import encode_png
    from reviewer_app.widgets.marks.marking import MarkingView
    from tests.reviewer_app.images.test_image_dense_screens import MARKS, picture

    app = QApplication([])
    view = MarkingView()
    view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    view.show_image(
        open_image(encode_png(picture()), name="x"), ImageUse(MediaId("a"), marks=MARKS)
    )
    while view.is_waiting():  # whoever runs this sets the end
        app.processEvents()
    told = {}
    for screen in app.screens():
        view.setScreen(screen)
        view.move(screen.geometry().topLeft())
        view.show()
        view.resize(360, 260)
        app.processEvents()
        for state in ("fitted", "moving", "moved", "resting"):
            if state == "fitted":
                view.fit()
            elif state == "moving":
                view.zoom(1.9)
            elif state == "moved":
                view.grab()
                view.pan(-3.3, 4.7)
            if state in ("fitted", "resting"):
                view._rest.stop()  # as if the hand had rested
            name = f"{screen.name()}-{state}"
            view.grab().toImage().save(str(folder / f"{name}.png"))
            camera = view.camera()
            told[name] = [camera.left, camera.top, camera.scale, view.devicePixelRatioF()]
    (folder / "told.json").write_text(json.dumps(told))


if __name__ == "__main__":
    place = Path(sys.argv[1])
    choose_screens(place)
    show_all(place)
