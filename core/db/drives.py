"""Tells network drives from local ones; SQLite's journal is not safe on the former."""

import re
import subprocess
import sys
from pathlib import Path, PurePath, PurePosixPath
from typing import Final

# Containers mount their own folders as 9p, overlay or virtiofs; those are local.
NETWORK_TYPES: Final = frozenset(
    {
        "afpfs",
        "afs",
        "ceph",
        "cifs",
        "davfs",
        "fuse.davfs2",
        "fuse.glusterfs",
        "fuse.gvfsd-fuse",
        "fuse.rclone",
        "fuse.s3fs",
        "fuse.sshfs",
        "glusterfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "smb2",
        "smb3",
        "smbfs",
        "webdav",
    }
)
_DRIVE_REMOTE: Final = 4


def network_drive(path: Path) -> str:
    """Return the kind of network drive that `path` lies on, or an empty string."""
    resolved = path.resolve()
    if sys.platform == "win32":
        import ctypes

        root = resolved.anchor
        return "network" if ctypes.windll.kernel32.GetDriveTypeW(root) == _DRIVE_REMOTE else ""
    kind = mount_type(resolved, _mounts())
    return kind if kind in NETWORK_TYPES else ""


def mount_type(path: PurePath, mounts: list[tuple[str, str]]) -> str:
    """Return the file system type of the innermost mount point that holds `path`.

    `mounts` are (mount point, type) pairs in the order in which they were mounted.
    """
    innermost, found = -1, ""
    for point, kind in mounts:
        parts = PurePosixPath(point).parts
        if path.parts[: len(parts)] == parts and len(parts) >= innermost:
            innermost, found = len(parts), kind
    return found


def read_proc_mounts(text: str) -> list[tuple[str, str]]:
    """Read the table of Linux (/proc/mounts): device, mount point, type, options."""
    rows = (line.split(" ") for line in text.splitlines())
    return [(_unescape(row[1]), row[2]) for row in rows if len(row) > 2]


def read_mount_output(text: str) -> list[tuple[str, str]]:
    """Read what `mount` prints on macOS: device on mount point (type, options)."""
    pattern = re.compile(r"^.*? on (?P<point>/.*) \((?P<kind>[^,)]+)")
    found = (pattern.match(line) for line in text.splitlines())
    return [(match["point"], match["kind"]) for match in found if match]


def _mounts() -> list[tuple[str, str]]:
    table = Path("/proc/mounts")
    if table.exists():
        return read_proc_mounts(table.read_text(encoding="utf-8", errors="surrogateescape"))
    done = subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=False, timeout=10)
    return read_mount_output(done.stdout)


def _unescape(text: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), text)
