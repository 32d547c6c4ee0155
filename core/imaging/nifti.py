"""NIfTI volumes: slices in nibabel's canonical orientation, seen as radiologists look at them."""

import gzip
import math
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from core.domain.media import Window
from core.imaging.display import GrayRule, Values, full_window
from core.imaging.geometry import MM_REFUSALS, Geometry, Plane, make_plane
from core.imaging.image import MAX_PIXELS, Frame, LoadedImage
from core.imaging.quiet import image_error, translated

if TYPE_CHECKING:
    from nibabel.nifti1 import Nifti1Header

MEDIA_TYPE: Final = "application/x-nifti"
MAX_INFLATED_BYTES: Final = 4 << 30
_GZIP: Final = b"\x1f\x8b"
_HEAD: Final = 544
_MAX_FRAMES: Final = 100_000
_SEEN_VALUES: Final = 1 << 21
_UNITS_MM: Final = {"mm": 1.0, "meter": 1000.0, "micron": 0.001}
_TEXTS: Final = ("descrip", "aux_file", "intent_name", "db_name", "data_type")
_DAMAGED: Final = "the NIfTI file is damaged"


def is_nifti(data: bytes) -> bool:
    """Tell whether bytes are one NIfTI-1 or NIfTI-2 file, packed by gzip or not."""
    head = data[:_HEAD]
    if head.startswith(_GZIP):
        try:
            head = zlib.decompressobj(31).decompress(data[: 1 << 16], _HEAD)
        except zlib.error:
            return False
    return head[344:348] == b"n+1\0" or head[4:8] == b"n+2\0"


def open_nifti(data: bytes, *, name: str) -> LoadedImage:
    """Open a volume: one frame for each slice from the feet up, then for each point in time.

    A slice shows the patient's right at its left and the front at its top.
    """
    content = _inflated(data, name)
    with translated(name, _DAMAGED):
        header = _header(content)
        raw = _raw(content, header, name)
        values, affine = _canonical(raw, header)
        slope, intercept = (float(one) for one in _rescale(header))
    columns, rows, slices, times = values.shape[:4]
    if not 0 < slices * times <= _MAX_FRAMES or columns * rows > MAX_PIXELS:
        raise image_error(name, f"it states a size of {columns} × {rows} × {slices * times}")
    is_color = values.ndim == 5
    rule = None if is_color else GrayRule(slope, intercept, windows=_windows(values, header))

    def read_frame(index: int) -> Frame:
        time, place = divmod(index, slices)
        turned = values[::-1, ::-1, place, time].swapaxes(0, 1)
        return Frame(np.ascontiguousarray(turned), rule)

    planes = _Planes(affine, (columns, rows, slices), _unit_mm(header))
    is_placed = bool(header["sform_code"] or header["qform_code"])
    return LoadedImage(
        name=name,
        media_type=MEDIA_TYPE,
        width=columns,
        height=rows,
        frame_count=slices * times,
        is_color=is_color,
        read_frame=read_frame,
        spacing_mm=planes.spacing_mm,
        windows=rule.windows if rule else (),
        source_bytes=len(content),
        notes=_notes(times, is_placed=is_placed),
        geometry=Geometry(
            pixel_aspect=planes.aspect,
            mm_refusal=MM_REFUSALS["patient" if _unit_mm(header) else "unit"],
            plane_of=planes.plane if is_placed else lambda _: None,
        ),
    )


def _notes(times: int, *, is_placed: bool) -> tuple[str, ...]:
    notes = [] if times == 1 else [f"The volume has {times} points in time, one after the other."]
    if not is_placed:
        notes.append("The file does not say how the volume lies in the patient: sides are unknown.")
    return tuple(notes)


class _Planes:
    """Where canonical slices lie, from the affine to patient coordinates (right, front, up)."""

    def __init__(self, affine: NDArray[Any], shape: tuple[int, int, int], unit_mm: float) -> None:
        self._affine = np.diag([-1.0, -1.0, 1.0, 1.0]) @ affine  # DICOM counts to left and back
        self._affine[:3] *= unit_mm or 1.0
        self._shape = shape
        across, down = (-self._affine[:3, axis] for axis in (0, 1))
        lengths = [float(np.linalg.norm(one)) for one in (down, across)]
        self.spacing_mm = (lengths[0], lengths[1]) if min(lengths) > 0 else None
        self._cosines = tuple(
            float(part) for one in (across, down) for part in one / (np.linalg.norm(one) or 1)
        )

    @property
    def aspect(self) -> float:
        if self.spacing_mm is None or math.isclose(*self.spacing_mm, rel_tol=1e-3):
            return 1.0
        return self.spacing_mm[0] / self.spacing_mm[1]

    def plane(self, index: int) -> Plane | None:
        columns, rows, slices = self._shape
        start = self._affine @ np.array([columns - 1, rows - 1, index % slices, 1.0])
        return make_plane(tuple(start[:3].tolist()), self._cosines, self.spacing_mm)


def _inflated(data: bytes, name: str) -> bytes:
    if not data.startswith(_GZIP):
        return data
    with translated(name, _DAMAGED), gzip.GzipFile(fileobj=BytesIO(data)) as file:
        content = file.read(_stated_bytes(data) + 1)
    if len(content) > MAX_INFLATED_BYTES:
        raise image_error(name, "inflated, it is larger than four gigabytes")
    return content


def _stated_bytes(data: bytes) -> int:
    """Return how long the header says that the content is, and no more than may be."""
    head = zlib.decompressobj(31).decompress(data[: 1 << 16], _HEAD)
    header = _header(head)
    shape = [int(one) for one in header.get_data_shape()]
    each = int(header.get_data_dtype().itemsize)
    needed = math.prod(shape) * each + int(header["vox_offset"])
    return min(max(needed, 0), MAX_INFLATED_BYTES)


def _header(content: bytes) -> "Nifti1Header":
    from nibabel.nifti1 import Nifti1Header
    from nibabel.nifti2 import Nifti2Header
    from nibabel.spatialimages import HeaderDataError
    from nibabel.wrapstruct import WrapStructError

    kind, length = (Nifti1Header, 348) if content[344:348] == b"n+1\0" else (Nifti2Header, 540)
    try:
        header: Nifti1Header = kind(content[:length], check=False)
        header.get_slope_inter(), header.get_xyzt_units(), header.get_data_dtype()
    except (HeaderDataError, WrapStructError, LookupError) as error:
        raise ValueError("a header field has no meaning") from error
    return header


def _raw(content: bytes, header: "Nifti1Header", name: str) -> Values:
    """Return the file's own numbers as (columns, rows, slices, times) or with 3 colors."""
    shape = [int(one) for one in header.get_data_shape()]
    dtype = header.get_data_dtype()
    if not 2 <= len(shape) <= 7 or min(shape) < 1:
        raise image_error(name, f"it states a size of {' × '.join(map(str, shape))}")
    start, needed = int(header["vox_offset"]), math.prod(shape) * dtype.itemsize
    if start < 0 or len(content) - start < needed:
        there = max(0, len(content) - max(0, start))
        raise image_error(
            name, f"its voxels end too early: {there:,} of {needed:,} bytes are there"
        )
    values = np.ndarray(shape, dtype, content, offset=start, order="F")
    if dtype.fields is not None:
        values = np.stack([values[channel] for channel in ("R", "G", "B")], axis=-1)
        return values.reshape(*_four(shape), 3)
    if dtype.kind not in "iuf" or dtype.itemsize > 8:
        raise image_error(name, f"its values ({dtype}) are no numbers that can be shown")
    return values.reshape(_four(shape), order="F")


def _four(shape: list[int]) -> tuple[int, int, int, int]:
    """Return three axes of space and one for all else."""
    first, second, *rest = shape
    third = rest[0] if rest else 1
    return first, second, third, math.prod(rest[1:])


def _canonical(raw: Values, header: "Nifti1Header") -> tuple[Values, NDArray[Any]]:
    """Return values and affine as `nibabel.as_closest_canonical` turns them."""
    from nibabel.orientations import apply_orientation, inv_ornt_aff, io_orientation

    affine = np.asarray(header.get_best_affine(), np.float64)
    turns = io_orientation(affine)
    if not np.isfinite(turns).all():
        raise ValueError("an axis without direction")
    values = np.asarray(apply_orientation(raw, turns))
    if values.dtype.kind == "f":
        values = np.nan_to_num(values)
    native = values.astype(values.dtype.newbyteorder("="), copy=False)
    return native, affine @ inv_ornt_aff(turns, raw.shape[:3])


def _rescale(header: "Nifti1Header") -> tuple[float, float]:
    slope, intercept = header.get_slope_inter()
    return (1.0, 0.0) if slope is None else (slope, intercept or 0.0)


def _windows(values: Values, header: "Nifti1Header") -> tuple[Window, ...]:
    """Return the file's display range, else one window for all slices of the volume."""
    low, high = float(header["cal_min"]), float(header["cal_max"])
    if not (math.isfinite(low) and math.isfinite(high) and high > low):
        step = max(1, values.size // _SEEN_VALUES)
        slope, intercept = _rescale(header)
        seen = values.ravel(order="K")[::step]
        ends = np.percentile(seen, (0.5, 99.5)) * slope + intercept
        low, high = float(ends.min()), float(ends.max())
    return (full_window(low, high),)


def header_texts(data: bytes, *, name: str) -> list[tuple[str, str]]:
    """Return the free texts of a header by name: any of them may tell who somebody is."""
    content = _inflated(data, name)
    with translated(name, _DAMAGED):
        header = _header(content)
        texts = [(field, _text(header[field])) for field in _TEXTS if field in header]
        extensions = content[header.sizeof_hdr + 4 : int(header["vox_offset"])]
    if any(extensions):
        texts.append(("extension", f"{len(extensions):,} bytes"))
    return [(field, text) for field, text in texts if text]


def _text(value: Any) -> str:  # a numpy scalar of bytes
    return bytes(value.item()).decode("latin-1").strip("\0 ")


def _unit_mm(header: "Nifti1Header") -> float:
    """Return how many millimeters a unit of length is, 0 where the file does not say."""
    return _UNITS_MM.get(str(header.get_xyzt_units()[0]), 0.0)
