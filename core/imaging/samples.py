"""The DICOM files that the installed pydicom package carries, for the demo; no network."""

import os
from pathlib import Path, PurePosixPath

from pydicom.data import get_testdata_file

from core.errors import ImageError


def sample_bytes(name: str) -> bytes:
    """Return one sample file by its path below pydicom's test files, e.g. "CT_small.dcm"."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not name:
        raise ImageError(f"“{name}” is no name of a sample image.")
    found = get_testdata_file(os.fspath(path), download=False)
    if not isinstance(found, str):
        raise ImageError(
            f"The sample image {name} is not part of the installed pydicom package.",
            hint="Install pydicom 3 again; the demo needs the files that come with it.",
        )
    try:
        return Path(found).read_bytes()
    except OSError as error:
        raise ImageError(f"The sample image {name} cannot be read: {error}") from error
