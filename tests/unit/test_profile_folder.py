"""Profile folders on network drives and in cloud-synced folders are refused."""

from __future__ import annotations

import struct
import sys
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest

from assessor_app.config import local_data_dir
from assessor_app.errors import UnsafeFolder
from assessor_app.profile_folder import (
    check_profile_folder,
    cloud_service_of,
    is_unc,
    mac_volume_is_local,
    network_mount_of,
    parse_mountinfo,
)

MOUNTINFO = r"""22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
31 27 0:30 / /home/net rw - nfs4 server:/home rw
32 27 0:31 / /mnt/with\040space\134x rw,noatime shared:5 master:6 - cifs //server/share rw
33 27 0:32 / /mnt/ssh rw - fuse.sshfs me@host: rw
34 27 0:33 / /mnt/local-fuse rw - fuse.ntfs-3g /dev/sda1 rw
35 27 0:34 / /mnt/c rw - 9p drvfs rw
36 31 0:35 / /home/net/scratch rw - xfs /dev/sdb rw
37 27 0:36 / /mnt/hidden rw - nfs server:/x rw
38 27 0:37 / /mnt/hidden rw - ext4 /dev/sdc rw
39 27 0:38 / /run/user/0/gvfs rw - fuse.gvfsd-fuse gvfsd-fuse rw
40 27 0:39 / /mnt/smb rw - smb3 //server/share rw
41 27 0:40 / /media/afp rw - afpfs x rw
not a mount at all
42 27 0:41 / /mnt/broken rw -
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/someone/data", None),
        ("/home/net/me/data", "nfs4"),
        ("/home/network", None),
        ("/home/net", "nfs4"),
        ("/home/net/scratch/data", None),
        ("/mnt/with space\\x/a", "cifs"),
        ("/mnt/ssh/a/b", "fuse.sshfs"),
        ("/mnt/local-fuse/a", None),
        ("/mnt/c/Users", "9p"),
        ("/mnt/hidden/a", None),
        ("/run/user/0/gvfs/a", "fuse.gvfsd-fuse"),
        ("/mnt/smb", "smb3"),
        ("/media/afp/x", "afpfs"),
        ("/mnt/broken", None),
    ],
)
def test_the_deepest_mount_decides(path: str, kind: str | None) -> None:
    found = network_mount_of(PurePosixPath(path), parse_mountinfo(MOUNTINFO))
    assert (found.kind if found else None) == kind


def test_a_virtual_machines_own_disk_is_local_and_no_table_says_nothing() -> None:
    own = parse_mountinfo("1 0 0:1 / / rw - 9p none rw\n2 1 0:2 / /share rw - 9p none rw\n")
    assert network_mount_of(PurePosixPath("/root/data"), own) is None
    assert network_mount_of(PurePosixPath("/share/data"), own) is not None
    assert network_mount_of(PurePosixPath("/root"), parse_mountinfo("")) is None


def test_a_root_on_the_network_is_no_place() -> None:
    diskless = parse_mountinfo("1 0 0:1 / / rw - nfs server:/root rw\n")
    assert network_mount_of(PurePosixPath("/home/me"), diskless) is not None


WINDOWS = PureWindowsPath
POSIX = PurePosixPath


@pytest.mark.parametrize(
    ("path", "service"),
    [
        (WINDOWS(r"C:\Users\me\AppData\Local\assessor-workstation"), None),
        (WINDOWS(r"C:\Users\me\OneDrive\data"), "OneDrive"),
        (WINDOWS(r"C:\Users\me\OneDrive - Contoso School\Documents"), "OneDrive"),
        (WINDOWS(r"C:\Users\me\onedrive"), "OneDrive"),
        (WINDOWS(r"C:\Users\me\iCloudDrive\data"), "iCloud"),
        (WINDOWS(r"G:\My Drive\data"), "Google Drive"),
        (WINDOWS(r"D:\Dropbox (Work)\data"), "Dropbox"),
        (WINDOWS(r"D:\Synced\data"), "OneDrive"),
        (WINDOWS(r"d:\synced\DATA"), "OneDrive"),
        (WINDOWS(r"D:\Synced2\data"), None),
        (POSIX("/Users/me/Library/Application Support/assessor-workstation"), None),
        (POSIX("/Users/me/Library/Mobile Documents/com~apple~CloudDocs/x"), "iCloud"),
        (POSIX("/Users/me/Library/CloudStorage/Box-Box/x"), "a cloud drive"),
        (POSIX("/Users/me/iCloud Drive/x"), "iCloud"),
        (POSIX("/Users/me/Google Drive/x"), "Google Drive"),
        (POSIX("/home/me/Dropbox/x"), "Dropbox"),
        (POSIX("/home/me/dropbox-notes/x"), None),
        (POSIX("/home/me/my drives/x"), None),
    ],
)
def test_cloud_folders_are_known_by_name_and_by_variable(path: PurePath, service: str | None) -> None:
    environ = {"OneDriveCommercial": r"D:\Synced", "OneDrive": "", "PATH": "/home/me"}
    assert cloud_service_of(path, environ) == service


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (r"\\server\share\data", True),
        ("//server/share/data", True),
        (r"\\?\UNC\server\share\data", True),
        (r"\\?\C:\data", False),
        (r"C:\data", False),
        (r"data", False),
    ],
)
def test_server_paths_of_windows_are_known(path: str, expected: bool) -> None:
    assert is_unc(PureWindowsPath(path)) is expected


@pytest.mark.parametrize(("flags", "is_local"), [(0x1000, True), (0x04909080, True), (0x00000018, False)])
def test_the_local_flag_of_macos_is_read(flags: int, is_local: bool) -> None:
    """Laid out as in sys/mount.h: sizes, counts, file system id, owner, type, flags, subtype, names."""
    head = struct.pack("=Ii5QiiII", 4096, 1 << 20, 1, 2, 3, 4, 5, 6, 7, 501, 26)
    raw = head + struct.pack("=II16s", flags, 0, b"apfs") + bytes(2168 - len(head) - 24)
    assert mac_volume_is_local(raw) is is_local


# --- real folders ----------------------------------------------------------------------------


def refusal(folder: Path, environ: dict[str, str] | None = None) -> UnsafeFolder:
    with pytest.raises(UnsafeFolder) as caught:
        check_profile_folder(folder, environ=environ or {})
    assert "your work is safe" in caught.value.message
    assert caught.value.next_step.startswith("Choose a folder on this computer's own disk")
    return caught.value


def test_a_local_folder_is_accepted_even_before_it_exists(tmp_path: Path) -> None:
    check_profile_folder(tmp_path)
    check_profile_folder(tmp_path / "not" / "yet" / "there", environ={})


def test_a_synced_folder_is_refused_with_a_folder_to_choose(tmp_path: Path) -> None:
    error = refusal(tmp_path / "OneDrive - Contoso" / "data")
    assert "OneDrive" in error.message
    assert str(local_data_dir()) in error.next_step
    assert "OneDrive" in refusal(tmp_path / "sync" / "x", {"OneDrive": str(tmp_path / "sync")}).message


def test_the_usual_folder_is_not_offered_when_it_is_the_bad_one() -> None:
    usual = local_data_dir()
    assert str(usual) not in refusal(usual / "profiles", {"OneDrive": str(usual.parent)}).next_step


def test_a_link_into_a_synced_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "Dropbox").mkdir()
    (tmp_path / "plain").symlink_to(tmp_path / "Dropbox", target_is_directory=True)
    assert "Dropbox" in refusal(tmp_path / "plain" / "data").message


def test_a_renamed_dropbox_is_known_by_its_mark_and_its_settings_are_not_one(tmp_path: Path) -> None:
    (tmp_path / ".dropbox").mkdir()
    check_profile_folder(tmp_path / "data", environ={})
    (tmp_path / "renamed").mkdir()
    (tmp_path / "renamed" / ".dropbox").write_text("mark")
    assert "Dropbox" in refusal(tmp_path / "renamed" / "deep" / "data").message


@pytest.mark.skipif(sys.platform != "linux", reason="reads the mount table")
def test_a_mounted_network_drive_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table names this very folder as an NFS mount; a real one needs a server and privileges."""
    table = tmp_path / "mountinfo"
    real = tmp_path.resolve()
    table.write_text(f"1 0 8:1 / / rw - ext4 /dev/sda rw\n2 1 0:9 / {real} rw - nfs4 server:/x rw\n")
    monkeypatch.setattr("assessor_app.profile_folder.MOUNT_TABLE", table)
    assert "network drive" in refusal(tmp_path / "data").message
