"""Made stacks of DICOM slices, also tilted and unevenly spaced, with a known bright point."""

import numpy as np
from pydicom.uid import generate_uid

from tests.core.imaging.imaging_files import as_bytes, make_dataset

ROWS, COLUMNS = 48, 64
SPACING = (0.8, 0.6)
"""Between rows and between columns, in mm."""
UNEVEN = (0.0, 3.0, 6.0, 9.0, 13.5, 18.0, 20.0, 22.0, 24.0, 26.0, 29.0, 32.0)


def tilted_axes(degrees):
    """Return row direction, column direction and normal of slices tilted about the x axis."""
    angle = np.radians(degrees)
    across = np.array([1.0, 0, 0])
    down = np.array([0, np.cos(angle), -np.sin(angle)])
    return across, down, np.cross(across, down)


def slice_origins(places, degrees):
    """Return first pixels of a gantry-tilted stack: the table moves along z, not the normal."""
    normal = tilted_axes(degrees)[2]
    return [np.array([-20.0, -15.0, 100.0]) + np.array([0, 0, p / normal[2]]) for p in places]


def make_slices(values, places, *, degrees=0.0, series="1", **attributes):
    """Return one DICOM file for each plane of `values`, `places` mm along the normal."""
    across, down, _ = tilted_axes(degrees)
    files = []
    for number, (picture, origin) in enumerate(
        zip(values, slice_origins(places, degrees), strict=True)
    ):
        facts = {
            "SeriesInstanceUID": f"1.2.3.{series}",
            "SeriesDescription": f"Series {series}",
            "InstanceNumber": (number * 7) % len(values),  # says nothing about the place
            "ImageOrientationPatient": [*across.tolist(), *down.tolist()],
            "ImagePositionPatient": [round(float(part), 6) for part in origin],
            "PixelSpacing": list(SPACING),
            "RescaleSlope": 1,
            "RescaleIntercept": -1024,
            "PatientName": "Zq7Planted^Name",
        } | attributes
        dataset = make_dataset(picture, **facts)
        uid = generate_uid(entropy_srcs=[series, str(number), str(attributes)])
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = uid
        files.append(as_bytes(dataset))
    return files


def write_files(folder, files, *, name="IM{:03}"):
    """Write files under names whose order says nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(files):
        (folder / name.format((number * 7) % len(files))).write_bytes(data)
    return folder


def blank(count):
    return np.full((count, ROWS, COLUMNS), 1024, np.int16)


def numbered(count):
    """Return planes that all hold their own number."""
    planes = blank(count)
    planes += np.arange(count, dtype=np.int16)[:, None, None]
    return planes
