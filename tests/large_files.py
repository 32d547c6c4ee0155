"""Made slides as large as real ones: most of their tiles are holes in the file."""

from pathlib import Path

import numpy as np
import tifffile

TILE = 512


def write_large_slide(path: Path, side: int) -> None:
    """Write an uncompressed slide of `side` × `side` pixels: 3 bytes for each of them, and a
    sixteenth of that in a smaller level, whose upper left tile is red."""
    with tifffile.TiffWriter(path, bigtiff=True) as writer:
        options = {"tile": (TILE, TILE), "photometric": "rgb", "dtype": np.uint8, "metadata": None}
        writer.write(None, shape=(side, side, 3), **options)
        writer.write(None, shape=(side // 4, side // 4, 3), subfiletype=1, **options)
    with tifffile.TiffFile(path) as file:
        start = file.pages[1].dataoffsets[0]
    with path.open("r+b") as file:
        file.seek(start)
        file.write(bytes([200, 30, 40]) * (TILE * TILE))


MEASURED = """
import resource, sys
from pathlib import Path
from core.imaging.decoding.pool import POOL
from core.services.images import ImagesService
from core.workspace import create_workspace
from tests.factories import make_person, ticking_clock

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10

with create_workspace(Path(sys.argv[2]), clock=ticking_clock()) as workspace:
    small = workspace.images.import_file(Path(sys.argv[3])).value
    workspace.images.open(small.id).frame(0)
    before = peak()
    [choice] = workspace.images.find_choices([Path(sys.argv[1])]).images
    kept = workspace.images.import_choice(choice).value
    image = workspace.images.open(kept.id)
    frame = image.frame(0).stored
    image.slide.tile(0, 3, 3)
    assert list(frame[5, 5]) == [200, 30, 40], frame[5, 5]
    print(kept.size_bytes, peak() - before, kept.width, kept.id)
"""
"""Takes in a small slide, then a large one, and prints the size and how far memory grew."""
