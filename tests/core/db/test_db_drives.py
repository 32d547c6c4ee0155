"""Network drives are told from local ones, containers' mounts from both."""

from pathlib import Path, PurePosixPath

import pytest

from core.db.drives import (
    NETWORK_TYPES,
    mount_type,
    network_drive,
    read_mount_output,
    read_proc_mounts,
)

LINUX = """\
overlay / overlay rw,relatime 0 0
proc /proc proc rw 0 0
/dev/sda2 /home ext4 rw 0 0
server:/export /home/study/shared nfs4 rw,vers=4.2 0 0
//server/clinic /mnt/clinic\\040files cifs rw 0 0
reader@server:/data /mnt/remote fuse.sshfs rw 0 0
host /mnt/host 9p rw 0 0
/dev/sdb1 /mnt/remote/local ext4 rw 0 0
broken line
"""

MACOS = """\
/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
//reader@server/clinic on /Volumes/clinic files (smbfs, nodev, nosuid, mounted by reader)
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/a.asclepius", "overlay"),
        ("/home/study/a.asclepius", "ext4"),
        ("/home/study/shared/a.asclepius", "nfs4"),
        ("/home/study/shared2/a.asclepius", "ext4"),
        ("/mnt/clinic files/a.asclepius", "cifs"),
        ("/mnt/remote/a.asclepius", "fuse.sshfs"),
        ("/mnt/remote/local/a.asclepius", "ext4"),
        ("/mnt/host/a.asclepius", "9p"),
    ],
)
def test_the_innermost_mount_of_linux_decides(path: str, kind: str) -> None:
    assert mount_type(PurePosixPath(path), read_proc_mounts(LINUX)) == kind


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/Users/reader/a.asclepius", "apfs"), ("/Volumes/clinic files/a", "smbfs")],
)
def test_the_innermost_mount_of_macos_decides(path: str, kind: str) -> None:
    assert mount_type(PurePosixPath(path), read_mount_output(MACOS)) == kind


def test_the_last_of_two_mounts_on_one_point_decides() -> None:
    mounts = [("/", "ext4"), ("/mnt", "ext4"), ("/mnt", "nfs")]

    assert mount_type(PurePosixPath("/mnt/a"), mounts) == "nfs"


def test_mounts_of_containers_are_local() -> None:
    assert not NETWORK_TYPES & {"9p", "overlay", "virtiofs", "ext4", "tmpfs", "btrfs", "apfs"}


def test_the_folder_of_this_test_is_local(tmp_path: Path) -> None:
    assert network_drive(tmp_path) == ""
