"""The seal beside a closed database: its checksum, so that any byte changed meanwhile shows."""

from contextlib import suppress
from pathlib import Path
from typing import Final

from core.db.files import sha256_of_file, write_whole
from core.domain.sealed import read_sealed, sealed_text
from core.errors import ValidationError

SEAL: Final = "seal"


def write_seal(database: Path) -> None:
    """Seal a database that nobody has open; a full disk only leaves it without a seal."""
    if _has_journal(database):
        return
    with suppress(OSError):
        facts = {"sha256": sha256_of_file(database), "size_bytes": database.stat().st_size}
        write_whole(database.with_name(SEAL), sealed_text(facts))


def break_seal(database: Path) -> None:
    """Take the seal away before anything is written."""
    database.with_name(SEAL).unlink(missing_ok=True)


def seal_problem(database: Path) -> str:
    """Return a sentence on how the database differs from its seal; empty also without a seal."""
    try:
        facts = read_sealed(database.with_name(SEAL).read_bytes())
        if _has_journal(database) or sha256_of_file(database) == facts.get("sha256"):
            return ""
    except FileNotFoundError:
        return ""
    except OSError as error:
        return f"The seal of the database cannot be read: {error.strerror or error}."
    except ValidationError as error:
        return f"The seal of the database is damaged. {error.sentence}"
    return f"The file {database.name} was changed outside the program since it was closed last."


def _has_journal(database: Path) -> bool:
    journal = database.with_name(f"{database.name}-wal")
    return journal.exists() and journal.stat().st_size > 0
