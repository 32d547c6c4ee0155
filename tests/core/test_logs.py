"""The log: ours alone, rotating, closed when done."""

import logging
from pathlib import Path

import pytest

from core.errors import StorageError
from core.logs import FILE_NAME, KEPT_FILES, MAX_BYTES, logged


def test_our_lines_are_written_and_those_of_libraries_are_not(tmp_path: Path) -> None:
    with logged(tmp_path) as file:
        logging.getLogger("core.db.schema").info("schema migrated")
        logging.getLogger("reviewer_app.pages").warning("page slow")
        logging.getLogger("core.db").debug("too fine")
        logging.getLogger("openai").error("prompt of a patient")

    text = file.read_text()
    assert "INFO core.db.schema: schema migrated" in text
    assert "WARNING reviewer_app.pages: page slow" in text
    assert "too fine" not in text
    assert "patient" not in text


def test_nothing_is_written_after_the_end(tmp_path: Path) -> None:
    with logged(tmp_path) as file:
        pass
    logging.getLogger("core").warning("later")

    assert file.read_text() == ""


def test_the_log_never_grows_without_end(tmp_path: Path) -> None:
    line = "x" * 10_000
    with logged(tmp_path):
        for _ in range((KEPT_FILES + 3) * MAX_BYTES // len(line)):
            logging.getLogger("core").info(line)

    files = sorted(one.name for one in tmp_path.iterdir())
    assert files == [FILE_NAME, *(f"{FILE_NAME}.{n}" for n in range(1, KEPT_FILES + 1))]
    assert all(one.stat().st_size <= MAX_BYTES for one in tmp_path.iterdir())


def test_a_log_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(StorageError, match="log"), logged(tmp_path / "file"):
        pass
