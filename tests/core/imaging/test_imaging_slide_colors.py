"""Colors of TIFF slides: transparent, inverse and in planes, and tiles that hold nothing."""

import io

import numpy as np
import pytest
import tifffile

from core.imaging.load import open_image

TILE, WIDTH, HEIGHT = 64, 512, 384


def gradient(samples):
    y, x = np.indices((HEIGHT, WIDTH), np.uint16)
    channels = (x // 2, y // 2, (x + y) // 4, 255 - x // 3)
    return np.stack(channels[:samples], axis=-1).astype(np.uint8)


def written(values, **options):
    """Return a pyramid of two levels."""
    out = io.BytesIO()
    with tifffile.TiffWriter(out) as writer:
        for step in (1, 2):
            level = values[::step, ::step]
            if options.get("planarconfig") == "separate":
                level = np.moveaxis(level, -1, 0)
            writer.write(level, tile=(TILE, TILE), metadata=None, **options)
    out.seek(0)
    return out


def first_level(out):
    image = open_image(out.getvalue(), name="slide.tif")
    assert [level.width for level in image.slide.levels] == [WIDTH, WIDTH // 2]
    return image, image.slide.region(0, 0, 0, WIDTH, HEIGHT)


@pytest.mark.parametrize("packing", [None, "zlib"])
def test_transparency_of_a_slide_is_left_out_and_its_colors_stay(packing):
    values = gradient(4)

    _, seen = first_level(
        written(values, photometric="rgb", extrasamples=["unassalpha"], compression=packing)
    )

    assert np.array_equal(seen, values[..., :3])


@pytest.mark.parametrize("photometric", ["minisblack", "miniswhite"])
def test_grays_of_a_slide_are_as_bright_as_the_file_says(photometric):
    values = gradient(1)[..., 0]

    _, seen = first_level(written(values, photometric=photometric))

    shown = 255 - values if photometric == "miniswhite" else values
    assert np.array_equal(seen, np.repeat(shown[..., None], 3, axis=2))


@pytest.mark.parametrize("plane", [0, 2])
def test_a_tile_of_which_a_color_is_missing_is_white(plane):
    values = gradient(3)
    out = written(values, photometric="rgb", planarconfig="separate")
    tiles = (WIDTH // TILE) * (HEIGHT // TILE)
    with tifffile.TiffFile(out) as file:
        counts = list(file.pages[0].databytecounts)
        counts[plane * tiles + 1] = 0
        file.pages[0].tags["TileByteCounts"].overwrite(counts)

    _, seen = first_level(out)

    expected = values.copy()
    expected[:TILE, TILE : 2 * TILE] = 255
    assert np.array_equal(seen, expected)


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "Left out: 1 picture beside the slide, such as its label."),
        (2, "Left out: 2 pictures beside the slide, such as its label."),
    ],
)
def test_pictures_beside_a_slide_are_counted(count, words):
    out = written(gradient(3), photometric="rgb")
    for number in range(count):
        beside = np.zeros((40 + number, 50, 3), np.uint8)
        tifffile.imwrite(out, beside, append=True, photometric="rgb")
        out.seek(0)

    image, _ = first_level(out)

    assert image.notes[-1] == words
