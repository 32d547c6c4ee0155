"""The engine of Asclepius: everything the program can do, without a window."""

from typing import Final

VERSION: Final = "0.1.0"
