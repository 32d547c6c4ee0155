"""Where an image stands on the screen: zoom and position as plain numbers, without Qt."""

from dataclasses import dataclass, replace
from typing import Final, Self

LARGEST_SCALE: Final = 32.0
SMALLEST_SCALE: Final = 0.02


@dataclass(frozen=True, slots=True)
class Camera:
    """The image point in the middle of the screen area, and device pixels per image pixel.

    All screen measures are device pixels. `fits` means: keep the whole image in sight when the
    area changes its size.
    """

    image_width: int
    image_height: int
    area_width: int
    area_height: int
    center_x: float
    center_y: float
    scale: float
    fits: bool = True
    largest: float = LARGEST_SCALE

    @classmethod
    def fitting(
        cls, image: tuple[int, int], area: tuple[int, int], largest: float = LARGEST_SCALE
    ) -> Self:
        """Return a camera that shows the whole image, (width, height), as large as possible."""
        width, height = max(1, image[0]), max(1, image[1])
        scale = min(max(1, area[0]) / width, max(1, area[1]) / height)
        scale = min(max(scale, SMALLEST_SCALE), largest)
        return cls(width, height, *area, width / 2, height / 2, scale, largest=largest)

    def fitted(self) -> Self:
        """Return the camera that shows the whole image in this area."""
        size = (self.image_width, self.image_height)
        return self.fitting(size, (self.area_width, self.area_height), self.largest)

    def resized(self, width: int, height: int) -> Self:
        """Return the camera for another area: still fitting, or centered on the same point."""
        changed = replace(self, area_width=width, area_height=height)
        return changed.fitted() if self.fits else changed._kept_in_sight()

    @property
    def left(self) -> float:
        """The image column under the left edge, on a whole device pixel.

        Panning then moves the picture without recomputing it in other phases (no shimmering).
        """
        return round(self.center_x * self.scale - self.area_width / 2) / self.scale

    @property
    def top(self) -> float:
        """The image row under the upper edge."""
        return round(self.center_y * self.scale - self.area_height / 2) / self.scale

    def image_point(self, x: float, y: float) -> tuple[float, float]:
        """Return the image point (column, row) under a screen point."""
        return self.left + x / self.scale, self.top + y / self.scale

    def zoomed(self, factor: float, x: float, y: float) -> Self:
        """Return a camera with another scale and the same image point under (x, y)."""
        return self.scaled_to(self.scale * factor, x, y)

    def scaled_to(self, scale: float, x: float, y: float) -> Self:
        """Return a camera with this scale and the same image point under (x, y)."""
        scale = min(max(scale, SMALLEST_SCALE), self.largest)
        column, row = self.image_point(x, y)
        return replace(
            self,
            scale=scale,
            center_x=column + (self.area_width / 2 - x) / scale,
            center_y=row + (self.area_height / 2 - y) / scale,
            fits=False,
        )._kept_in_sight()

    def panned(self, dx: float, dy: float) -> Self:
        """Return a camera after the picture was dragged by device pixels."""
        return replace(
            self,
            center_x=self.center_x - dx / self.scale,
            center_y=self.center_y - dy / self.scale,
            fits=False,
        )._kept_in_sight()

    def _kept_in_sight(self) -> Self:
        """The middle of the area never leaves the image, so that it cannot get lost."""
        return replace(
            self,
            center_x=min(max(self.center_x, 0.0), float(self.image_width)),
            center_y=min(max(self.center_y, 0.0), float(self.image_height)),
        )
