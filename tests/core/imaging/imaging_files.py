"""Files for imaging tests: pydicom's own, and small made ones."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

from core.errors import ImageError
from core.imaging.load import open_image

FOLDER = Path(pydicom.__file__).parent / "data"


def wheel_bytes(name: str) -> bytes:
    """Return a file of pydicom's package by its name there."""
    return (FOLDER / "test_files" / name).read_bytes()


def readable_files() -> list[str]:
    """Return the names, within pydicom's data folder, of all files that can be shown."""
    found = []
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file() and path.suffix not in (".py", ".pyc"):
            try:
                open_image(path.read_bytes(), name=path.name).frame(0)
            except ImageError:
                continue
            found.append(path.relative_to(FOLDER).as_posix())
    return found


def make_dataset(stored: NDArray[np.generic], **attributes: object) -> Dataset:
    """Return a gray CT data set with these stored values and further attributes."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = CTImageStorage
    dataset.SOPClassUID = CTImageStorage
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID = generate_uid(
        entropy_srcs=["asclepius"]
    )
    dataset.Modality = "CT"
    dataset.Rows, dataset.Columns = stored.shape[-2:]
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.BitsAllocated = dataset.BitsStored = stored.dtype.itemsize * 8
    dataset.HighBit = dataset.BitsStored - 1
    dataset.PixelRepresentation = 1 if stored.dtype.kind == "i" else 0
    if stored.ndim == 3:
        dataset.NumberOfFrames = stored.shape[0]
    dataset.PixelData = stored.tobytes()
    dataset["PixelData"].VR = "OB" if stored.dtype.itemsize == 1 else "OW"
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    return dataset


def as_bytes(dataset: Dataset) -> bytes:
    """Return a data set as a DICOM file."""
    out = BytesIO()
    dataset.save_as(out, enforce_file_format=True)
    return out.getvalue()


def item(**attributes: object) -> Dataset:
    """Return a sequence item."""
    made = Dataset()
    for keyword, value in attributes.items():
        setattr(made, keyword, value)
    return made
