"""A decoder that dies while a question is written costs neither the words nor the picture."""

import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydicom.data import get_testdata_file
from PySide6.QtCore import Qt

from core.domain.body import AnswerFormat
from core.domain.ids import QuestionId
from core.domain.media import ImageUse
from core.imaging.decoding import pool as decoder
from core.imaging.decoding.pool import DecoderPool, child_command
from reviewer_app.pages.author import AuthorPage
from reviewer_app.widgets.images import loader as image_loader

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kills by signal")
WORDS = "Which vessel is narrowed?"
SLOW = """
import os, pathlib, time
here = pathlib.Path({folder!r})
(here / str(os.getpid())).touch()
while (here / "hold").exists(): time.sleep(0.02)
from core.imaging.decoding.child import serve; serve()
"""


class Decoders:
    """The program's decoders, real ones, which stand still until they may go on."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._hold = folder / "hold"
        self._hold.touch()
        code = SLOW.format(folder=str(folder))
        self.pool = DecoderPool(child_command(f"exec({code!r})"))

    def pids(self) -> list[int]:
        """Return the processes that stand still now."""
        return [int(one.name) for one in self._folder.iterdir() if one.name.isdecimal()]

    def kill(self) -> None:
        """Kill all of them as the system does when memory is short."""
        for pid in self.pids():
            os.kill(pid, signal.SIGKILL)
            (self._folder / str(pid)).unlink()

    def let_go_on(self) -> None:
        self._hold.unlink()


@pytest.fixture
def decoders(tmp_path, monkeypatch) -> Iterator[Decoders]:
    """Decoders for what is opened from now on, and a window that does not wait for pictures."""
    monkeypatch.setattr(image_loader, "PATIENCE_S", 0.008)
    folder = tmp_path / "decoders"
    folder.mkdir()
    made = Decoders(folder)
    yield made
    made.kill()
    made.pool.close()


@pytest.fixture
def page(desk, qtbot) -> Iterator[AuthorPage]:
    made = AuthorPage(desk.context)
    desk.operations.changed.connect(made.apply_changes)
    qtbot.addWidget(made)
    made.resize(1180, 760)
    with qtbot.waitExposed(made):
        made.show()
    made.activate()
    yield made
    desk.tasks.close()


def write_draft(desk) -> QuestionId:
    """Return a draft about a picture that only a helper process can decode."""
    me = desk.workspace.people.me().id
    draft = desk.workspace.authoring.create(AnswerFormat.REPORT, me).value
    path = Path(str(get_testdata_file("MR_small_jpeg_ls_lossless.dcm")))
    use = ImageUse(desk.workspace.images.import_file(path).value.id)
    body = replace(draft.body, images=(use,))
    desk.workspace.authoring.save_draft(replace(draft, body=body), me)
    return draft.question


def test_killed_decoder_costs_neither_the_words_nor_the_picture(
    desk, qtbot, page, decoders, monkeypatch
):
    question = write_draft(desk)
    monkeypatch.setattr(decoder, "POOL", decoders.pool)
    page.presenter.open(question)
    view = page.images.panel.view
    qtbot.keyClicks(page.form.stem, WORDS[:12])
    qtbot.waitUntil(lambda: bool(decoders.pids()))
    assert view.is_waiting()

    def is_refused() -> bool:
        decoders.kill()
        return not view.is_waiting()

    qtbot.waitUntil(is_refused)
    assert "MR_small_jpeg_ls_lossless.dcm" in view.accessibleDescription()
    assert view.image() is None
    qtbot.keyClicks(page.form.stem, WORDS[12:])
    qtbot.waitUntil(lambda: desk.workspace.authoring.draft(question).body.stem == WORDS)

    decoders.let_go_on()
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: view.image() is not None)
    assert "Zoom" in view.accessibleDescription()
    assert page.form.stem.text() == WORDS
