"""Reading files that others made: bounded in size, never outside their folder."""

import json
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, Final

from core.domain.plain import canonical_json
from core.errors import ExchangeError

MAX_TEXT_BYTES: Final = 256 * 2**20
MAX_IMAGE_BYTES: Final = 1024 * 2**20
EXCEL_SUFFIXES: Final = frozenset({".xlsx", ".xlsm"})


def read_bounded(path: Path, *, limit: int = MAX_TEXT_BYTES) -> bytes:
    """Return the bytes of a file; raise `ExchangeError` when absent, too large or unreadable."""
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise ExchangeError(f"“{path.name}” is a folder, not a file.")
        if size > limit:
            raise ExchangeError(
                f"The file “{path.name}” is too large: {size / 2**20:,.0f} MB, "
                f"at most {limit / 2**20:,.0f} MB are read."
            )
        return path.read_bytes()
    except FileNotFoundError as error:
        raise ExchangeError(
            f"The file “{path}” does not exist.", hint="Check the name and its folder."
        ) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExchangeError(f"The file “{path.name}” cannot be read: {reason}.") from error


def read_text(path: Path) -> tuple[str, str]:
    """Return a text file's content and a note on its encoding (empty for UTF-8)."""
    data = read_bounded(path)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(data, "utf-16", path), ""
    try:
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        text = _decoded(data, "cp1252", path)
        return text, f"“{path.name}” is not UTF-8; it was read as Windows-1252. Check accents."


def _decoded(data: bytes, encoding: str, path: Path) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ExchangeError(
            f"The file “{path.name}” is no readable text.", hint="Save it as UTF-8."
        ) from error


def parse_json(text: str) -> Any:  # any JSON value
    """Return the value of a JSON text; raise `ValueError` on all that JSON does not allow.

    That includes NaN, infinities and half characters, which no database could keep.
    """
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
        canonical_json(value).encode()
    except RecursionError as error:
        raise ValueError("too deep") from error
    return value


def _refuse_constant(name: str) -> float:
    raise ValueError(name)


def image_in(folder: Path, name: str) -> Path:
    """Return the file `name` (with / between folders) within `folder`.

    Raises `ExchangeError` when it is absent, a link, or would lie outside the folder.
    """
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if not parts or ".." in parts or name.startswith(("/", "\\")) or PureWindowsPath(name).drive:
        raise ExchangeError(f"The image name “{name}” points outside its folder.")
    path = folder
    for part in parts:
        path = path / part
        if path.is_symlink():
            raise ExchangeError(f"The image “{name}” is a link; only real files are read.")
    try:
        is_file = path.is_file()
    except (OSError, ValueError) as error:  # a name that no file system takes
        raise ExchangeError(f"The image name “{name}” cannot be used.") from error
    if not is_file:
        raise ExchangeError(
            f"The image file “{name}” does not exist.",
            hint="Choose the folder in which the images lie (--images DIR).",
        )
    return path


def images_folder(file: Path, chosen: Path | None) -> Path:
    """Return where images are looked for: as chosen, or `images` beside the file, or beside it."""
    if chosen is not None:
        if not chosen.is_dir():
            raise ExchangeError(f"The images folder “{chosen}” does not exist.")
        return chosen
    beside = file.parent / "images"
    return beside if beside.is_dir() else file.parent
