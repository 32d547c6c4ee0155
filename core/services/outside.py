"""Whether what left a workspace is whole: exported sets and packages."""

from __future__ import annotations

from pathlib import Path

from core.errors import ExchangeError, NotFoundError


def check_outside(path: Path, *, passphrase: str = "") -> list[str]:
    """Return sentences on all that is wrong with an exported set or a package."""
    if path.is_dir():
        from core.exchange.manifest import verify_export

        return verify_export(path)
    if not path.is_file():
        raise NotFoundError(f"There is no {path}.", hint="Check the name.")
    from core.packages.reader import reading

    try:
        with reading(path, passphrase=passphrase) as package:
            package.records()
            package.check(lambda _media, _data: None)
            package.require_untouched()
    except ExchangeError as error:
        return [str(error)]
    return []
