"""Made whole slides in DICOM: one file for each level, full or sparse, packed in several ways."""

from collections.abc import Sequence

import cv2
import imagecodecs
import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset, uid
from pydicom.encaps import encapsulate, encapsulate_extended

from tests.core.imaging.imaging_files import as_bytes, item, make_dataset

STORAGE = uid.VLWholeSlideMicroscopyImageStorage
MICRON = 0.5
PHOTOMETRIC = {
    uid.ExplicitVRLittleEndian: "RGB",
    uid.ImplicitVRLittleEndian: "RGB",
    uid.JPEGBaseline8Bit: "YBR_FULL_422",
    uid.JPEG2000Lossless: "YBR_RCT",
}


def dicom_levels(whole: NDArray[np.uint8], *, steps: Sequence[int] = (1, 4, 16), **options) -> list:
    """Return a slide as one file for each level, largest first, as scanners write it."""
    files = []
    for number, step in enumerate(steps):
        size = (whole.shape[1] // step, whole.shape[0] // step)
        level = cv2.resize(whole, size, interpolation=cv2.INTER_AREA) if step > 1 else whole
        files.append(as_bytes(level_dataset(level, step=step, number=number, **options)))
    return files


def level_dataset(
    level: NDArray[np.uint8],
    *,
    step: int = 1,
    number: int = 0,
    tile: int = 256,
    syntax: str = uid.ExplicitVRLittleEndian,
    sparse: bool = False,
    missing: Sequence[tuple[int, int]] = (),
    table: str = "basic",
    kind: str = "VOLUME",
    **attributes,
) -> Dataset:
    """Return one level; `missing` tiles (row, column) are left out of a sparse one."""
    tiles = tiles_of(level, tile)
    places = [place for place in tiles if place not in missing]
    facts = {
        "Modality": "SM",
        "SeriesInstanceUID": "1.2.3.77",
        "InstanceNumber": number + 1,
        "ImageType": ["ORIGINAL", "PRIMARY", kind, "NONE" if step == 1 else "RESAMPLED"],
        "PatientName": "Zq7Planted^Name",
        "ContainerIdentifier": "Zq7Planted-S-1",
        "DimensionOrganizationType": "TILED_SPARSE" if sparse else "TILED_FULL",
        "TotalPixelMatrixColumns": level.shape[1],
        "TotalPixelMatrixRows": level.shape[0],
        "PlanarConfiguration": 0,
        "NumberOfFrames": len(places),
        "SharedFunctionalGroupsSequence": [_shared(step)],
    } | attributes
    dataset = make_dataset(np.zeros((tile, tile), np.uint8), **facts)
    dataset.SamplesPerPixel = 1 if level.ndim == 2 else 3
    dataset.PhotometricInterpretation = "MONOCHROME2" if level.ndim == 2 else PHOTOMETRIC[syntax]
    dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = STORAGE
    instance = f"1.2.3.77.{number + 1}"
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = instance
    dataset.file_meta.TransferSyntaxUID = uid.UID(syntax)
    if sparse:
        dataset.PerFrameFunctionalGroupsSequence = [place_group(*at, tile) for at in places]
    _put_pixels(dataset, [packed(tiles[at], syntax) for at in places], table)
    return dataset


def tiles_of(level: NDArray[np.uint8], tile: int) -> dict[tuple[int, int], NDArray[np.uint8]]:
    """Return all tiles by row and column; what hangs over the edge is black."""
    found = {}
    for row in range(-(-level.shape[0] // tile)):
        for column in range(-(-level.shape[1] // tile)):
            one = np.zeros((tile, tile, *level.shape[2:]), np.uint8)
            part = level[row * tile : (row + 1) * tile, column * tile : (column + 1) * tile]
            one[: part.shape[0], : part.shape[1]] = part
            found[row, column] = one
    return found


def place_group(
    row: int, column: int, tile: int, *, path: str = "1", depth: float = 0.0
) -> Dataset:
    """Return the functional group that tells where a tile lies."""
    place = item(
        RowPositionInTotalImagePixelMatrix=row * tile + 1,
        ColumnPositionInTotalImagePixelMatrix=column * tile + 1,
        ZOffsetInSlideCoordinateSystem=depth,
    )
    return item(
        PlanePositionSlideSequence=[place],
        OpticalPathIdentificationSequence=[item(OpticalPathIdentifier=path)],
    )


def packed(tile: NDArray[np.uint8], syntax: str) -> bytes:
    """Return one tile in a transfer syntax."""
    match syntax:
        case uid.JPEGBaseline8Bit:
            return imagecodecs.jpeg8_encode(tile, level=92)
        case uid.JPEG2000Lossless:
            return imagecodecs.jpeg2k_encode(tile, codecformat="j2k", reversible=True)
        case _:
            return tile.tobytes()


def _shared(step: int) -> Dataset:
    spacing = MICRON * step / 1000
    return item(PixelMeasuresSequence=[item(PixelSpacing=[spacing, spacing], SliceThickness=0.005)])


def _put_pixels(dataset: Dataset, frames: list[bytes], table: str) -> None:
    if dataset.file_meta.TransferSyntaxUID in (
        uid.ExplicitVRLittleEndian,
        uid.ImplicitVRLittleEndian,
    ):
        dataset.PixelData = b"".join(frames)
    elif table == "extended":
        pixels, offsets, lengths = encapsulate_extended(frames)
        dataset.PixelData = pixels
        dataset.ExtendedOffsetTable, dataset.ExtendedOffsetTableLengths = offsets, lengths
    else:
        dataset.PixelData = encapsulate(frames, has_bot=table == "basic")
    dataset["PixelData"].VR = "OB"
