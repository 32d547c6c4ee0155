"""Steps through frames and sections: whole ones from small turns of a wheel, and those of keys."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent

NOTCH: Final = 120
"""So far Qt says that a wheel turned when it went on by one."""
_EVERY: Final = 1 << 30
FRAME_KEYS: Final = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_PageUp: -10,
    Qt.Key.Key_PageDown: 10,
    Qt.Key.Key_Home: -_EVERY,
    Qt.Key.Key_End: _EVERY,
}
"""How many frames a key goes on; beyond the ends it stays at the end."""


class WheelSteps:
    """Counts whole notches; what is left of one counts with the next turn."""

    def __init__(self) -> None:
        self._left = 0

    def taken(self, event: QWheelEvent) -> int:
        """Return how many steps a turn leads on; back where it turns away from the hand."""
        self._left -= event.angleDelta().y()
        steps = int(self._left / NOTCH)
        self._left -= steps * NOTCH
        return steps
