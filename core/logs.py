"""The log of the program: one rotating file, no content of questions, answers or images."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from core.errors import StorageError
from core.paths import log_folder

FILE_NAME: Final = "asclepius.log"
MAX_BYTES: Final = 1_000_000
KEPT_FILES: Final = 5

# Only our own loggers: a library's debug lines may carry prompts, replies or header values.
_OURS: Final = ("core", "reviewer_app")


def start_log(folder: Path | None = None, *, level: int = logging.INFO) -> RotatingFileHandler:
    """Write the log into `folder` (that of the user by default) until `stop_log`.

    Raises `StorageError` when the file cannot be made.
    """
    where = folder or log_folder()
    try:
        where.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            where / FILE_NAME, maxBytes=MAX_BYTES, backupCount=KEPT_FILES, encoding="utf-8"
        )
    except OSError as error:
        raise StorageError(
            f"The log in {where} cannot be written: {error.strerror or error}.",
            hint="Check the free space and your permissions for this folder.",
        ) from error
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    for name in _OURS:
        logging.getLogger(name).setLevel(level)
        logging.getLogger(name).addHandler(handler)
    return handler


def stop_log(handler: RotatingFileHandler) -> None:
    """Stop writing and close the file."""
    for name in _OURS:
        logging.getLogger(name).removeHandler(handler)
    handler.close()


@contextmanager
def logged(folder: Path | None = None, *, level: int = logging.INFO) -> Iterator[Path]:
    """Log while the block runs; gives the path of the file."""
    handler = start_log(folder, level=level)
    try:
        yield Path(handler.baseFilename)
    finally:
        stop_log(handler)
