"""Imported before all else at the start of the window: what makes the start quick."""

import gc

# Looking for garbage among modules that are still being imported finds none and takes a tenth
# of the start; `app` turns it on again.
gc.disable()

# PySide6 reads the source of every module that is imported after it, to look for its own name;
# for the core that is lost time.
import core.workspace  # noqa: E402, F401
