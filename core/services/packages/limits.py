"""What a workspace that was opened from a package is limited to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.domain.package import PackageKind

if TYPE_CHECKING:
    from core.services.blind_ports import BlindTransaction

PACKAGE_KIND: Final = "package.kind"
"""The setting of a workspace that was opened from a blind package: which kind."""


def limits_of(tx: BlindTransaction) -> PackageKind | None:
    """Return the kind of package that a workspace was opened from; None where it is whole."""
    kind = tx.settings.get(PACKAGE_KIND)
    return PackageKind(kind) if kind else None
