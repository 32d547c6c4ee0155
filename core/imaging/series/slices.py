"""The slices of a stack, each in a file of its own, as the frames of one image."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from core.imaging.dicom.opening import open_dicom, read_slice, read_slice_plane
from core.imaging.display import Mask
from core.imaging.geometry import Plane
from core.imaging.image import Frame, LoadedImage, settled
from core.imaging.quiet import image_error
from core.imaging.series.packed_files import FilePart
from core.imaging.series.slice_answer import read_apart

_MOST_PIXEL_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class Slices:
    """The bytes of each file, what it is called, and where it lies if it does on the disk."""

    content: Callable[[int], bytes]
    name_of: Callable[[int], str]
    part_of: Callable[[int], FilePart | None]


def stack_of_slices(
    start: LoadedImage, files: Slices, planes: dict[int, Plane | None]
) -> LoadedImage:
    """Return the image of the first file with one frame from each file.

    `planes` are those known already; a frame that was decoded brings its own, so that nobody
    reads a file again to learn where it lies.
    """
    stack = _Stack(start, files, planes)
    return replace(
        start,
        read_frame=stack.read_frame,
        read_ahead=stack.read_ahead,
        read_overlay=stack.read_overlay if start.has_overlay else None,
        geometry=replace(start.geometry, plane_of=stack.plane_of),
    )


class _Stack:
    """Reads slices; knows how the first one is, without the image, which would hold its file."""

    def __init__(self, start: LoadedImage, files: Slices, planes: dict[int, Plane | None]) -> None:
        self._kind = (start.width, start.height, start.is_color)
        self._most_bytes = start.width * start.height * _MOST_PIXEL_BYTES
        self._files = files
        self._planes = planes
        self._is_simple = True  # until a helper says that it cannot tell all

    def read_frame(self, index: int) -> Frame:
        """Decode a slice here; raise `ImageError` with the reason why it cannot be."""
        content, name = self._files.content(index), self._files.name_of(index)
        return self._taken(index, read_slice(content, name=name))

    def read_ahead(self, index: int) -> Frame:
        """Decode a slice in a helper process where it can be."""
        part = self._files.part_of(index) if self._is_simple else None
        if part is None:
            return self.read_frame(index)
        read = read_apart(part, name=self._files.name_of(index), most_bytes=self._most_bytes)
        self._is_simple = read is not None
        return self.read_frame(index) if read is None else self._taken(index, read)

    def plane_of(self, index: int) -> Plane | None:
        """Return where a slice lies in the patient."""
        if index not in self._planes:
            content, name = self._files.content(index), self._files.name_of(index)
            self._planes[index] = read_slice_plane(content, name=name)
        return self._planes[index]

    def read_overlay(self, index: int) -> Mask | None:
        """Return where the overlay of a slice lies."""
        name = self._files.name_of(index)
        return open_dicom(self._files.content(index), name=name).overlay(0)

    def _taken(self, index: int, read: tuple[Frame, Plane | None]) -> Frame:
        frame, plane = read
        rows, columns = frame.stored.shape[:2]
        if (columns, rows, frame.gray is None) != self._kind:
            reason = "it has another size or color than the first file"
            raise image_error(self._files.name_of(index), reason)
        self._planes[index] = plane
        return settled(frame)
