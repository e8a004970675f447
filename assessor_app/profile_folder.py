"""Which folders may hold a profile: none on a network drive, none that a cloud service copies.

A database that is written ahead needs locks and shared memory, and a service that copies files while
they change damages them or takes them to computers where they must not be.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

from assessor_app.config import local_data_dir
from assessor_app.errors import UnsafeFolder

MOUNT_TABLE = Path("/proc/self/mountinfo")
"""Where Linux lists what is mounted."""

# A database in write-ahead mode needs locks and shared memory, which these only pretend to have.
_NETWORK_FILE_SYSTEMS = frozenset(
    {"9p", "afp", "afpfs", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "glusterfs", "gpfs", "lustre"}
    | {"ncpfs", "nfs", "nfs3", "nfs4", "smb2", "smb3", "smbfs", "sshfs", "vboxsf", "webdav", "webdavfs"}
)
_NETWORK_FUSE = (
    *("afp", "ceph", "curlftpfs", "davfs", "gluster", "google", "gvfsd", "onedriver", "rclone", "s3fs"),
    *("smb", "sshfs", "webdav"),
)
_CLOUD_FOLDERS = {
    "onedrive": "OneDrive",
    "dropbox": "Dropbox",
    "icloud drive": "iCloud",
    "iclouddrive": "iCloud",
    "mobile documents": "iCloud",
    "cloudstorage": "a cloud drive",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "my drive": "Google Drive",
}
_MAC_STATFS_BYTES = 2168
_MAC_LOCAL_FLAG = 0x1000
_WINDOWS_REMOTE_DRIVE = 4


@dataclass(frozen=True, slots=True)
class Mount:
    """One line of Linux's mount table.

    Attributes:
        folder: where the file system is mounted.
        kind: its type, such as `ext4` or `fuse.sshfs`.
    """

    folder: PurePosixPath
    kind: str


def check_profile_folder(path: Path, *, environ: Mapping[str, str] | None = None) -> None:
    """Refuse a folder on a network drive or in a cloud-synced folder; it need not exist yet.

    Args:
        path: the folder meant to hold profiles.
        environ: the environment; None for the process's own.

    Raises:
        UnsafeFolder: with the reason and a folder to choose instead.
    """
    real = path.expanduser().resolve()
    environ = os.environ if environ is None else environ
    for candidate in (path, real):
        if service := cloud_service_of(candidate, environ):
            raise _unsafe(real, f"It lies in a folder that {service} copies to other computers")
    marked = [folder for folder in (real, *real.parents) if _is_dropbox_root(folder)]
    if marked:
        raise _unsafe(real, "It lies in a folder that Dropbox copies to other computers")
    if _is_on_network(next(folder for folder in (real, *real.parents) if os.path.exists(folder))):
        raise _unsafe(real, "It lies on a network drive, which can lose what was saved")


def cloud_service_of(path: PurePath, environ: Mapping[str, str]) -> str | None:
    """The service that synchronises this folder, by its name or by OneDrive's variables.

    Args:
        path: an absolute path of any system.
        environ: the environment, for `OneDrive`, `OneDriveConsumer` and `OneDriveCommercial`.

    Returns:
        A name for the screen, or None.
    """
    for name, value in environ.items():
        if name.upper().startswith("ONEDRIVE") and value and path.is_relative_to(type(path)(value)):
            return "OneDrive"
    for part in path.parts:
        # The services add the account: "OneDrive - Contoso", "Dropbox (Work)".
        plain = re.split(r" - | \(", part.casefold())[0].strip()
        if plain in _CLOUD_FOLDERS:
            return _CLOUD_FOLDERS[plain]
    return None


def parse_mountinfo(text: str) -> tuple[Mount, ...]:
    """Read the text of `/proc/self/mountinfo`; lines that do not fit are left out.

    Returns:
        The mounts in the order of the table, in which a later one hides an earlier one.
    """
    mounts = []
    # Not splitlines: a folder's name may hold the rarer line ends that it knows.
    for line in text.split("\n"):
        place, dash, system = line.partition(" - ")
        before, after = place.split(" "), system.split(" ")
        if dash and len(before) >= 5 and after[0]:
            folder = re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), before[4])
            mounts.append(Mount(PurePosixPath(folder), after[0]))
    return tuple(mounts)


def network_mount_of(path: PurePosixPath, mounts: tuple[Mount, ...]) -> Mount | None:
    """The network file system that holds a path, or None if it is local.

    Args:
        path: absolute, with links resolved.
        mounts: as from `parse_mountinfo`.
    """
    holder: Mount | None = None
    for mount in mounts:
        deeper = holder is None or len(mount.folder.parts) >= len(holder.folder.parts)
        if deeper and path.is_relative_to(mount.folder):
            holder = mount
    if holder is None:
        return None
    kind, _, fuse = holder.kind.partition(".")
    if kind == "9p" and holder.folder == PurePosixPath("/"):
        # Some virtual machines have their own disk as 9p; then there is nothing more local.
        return None
    is_network = kind in _NETWORK_FILE_SYSTEMS or (kind == "fuse" and fuse.startswith(_NETWORK_FUSE))
    return holder if is_network else None


def mac_volume_is_local(statfs: bytes) -> bool:
    """Read macOS's `struct statfs` (64-bit inodes): the flags are 4 bytes at 64."""
    return bool(int.from_bytes(statfs[64:68], sys.byteorder) & _MAC_LOCAL_FLAG)


def is_unc(path: PureWindowsPath) -> bool:
    r"""Whether a Windows path names a server, as in `\\server\share` or `\\?\UNC\server\share`."""
    drive = path.drive.upper()
    return drive.startswith("\\\\") and (drive.startswith("\\\\?\\UNC\\") or drive[2:4] not in ("?\\", ".\\"))


if sys.platform == "win32":
    import ctypes

    def _is_on_network(existing: Path) -> bool:
        drive_type = ctypes.windll.kernel32.GetDriveTypeW(existing.anchor)
        return is_unc(PureWindowsPath(existing)) or drive_type == _WINDOWS_REMOTE_DRIVE

elif sys.platform == "darwin":
    import ctypes

    def _is_on_network(existing: Path) -> bool:
        library = ctypes.CDLL(None)
        buffer = ctypes.create_string_buffer(_MAC_STATFS_BYTES)
        # Intel Macs keep the 64-bit form under a name of its own.
        statfs = getattr(library, "statfs$INODE64", None) or library.statfs
        return statfs(os.fsencode(existing), buffer) == 0 and not mac_volume_is_local(buffer.raw)

else:

    def _is_on_network(existing: Path) -> bool:
        try:
            table = MOUNT_TABLE.read_text("utf-8", "surrogateescape")
        except OSError:
            return False
        return network_mount_of(PurePosixPath(existing), parse_mountinfo(table)) is not None


def _is_dropbox_root(folder: Path) -> bool:
    # The home folder may hold a *folder* `.dropbox`: the program's own settings, which sync nothing.
    return os.path.isfile(folder / ".dropbox") or os.path.isdir(folder / ".dropbox.cache")


def _unsafe(real: Path, reason: str) -> UnsafeFolder:
    usual = local_data_dir()
    advice = "a folder on this computer's own disk"
    if usual not in (real, *real.parents):
        advice += f", for example {usual}"
    return UnsafeFolder(
        "This folder cannot hold your work",
        f"{reason}. Nothing was written there, and your work is safe.",
        f"Choose {advice}, or ask your IT department for one.",
    )
