"""The convert child: unseals one file into a plain folder, has LibreOffice make a copy of it, and ends.

It leads a process group of its own, in which LibreOffice and whatever that starts run, so that the parent
ends all of them at once. It parses nothing of the file itself. LibreOffice gets a throw-away profile, no
macros, no links, no network where the system lets it be taken away, bounded memory, time and file size.
"""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from multiprocessing.connection import Connection, wait
from pathlib import Path

from assessor_app import no_dump
from assessor_app.documents import channel
from assessor_app.documents.limits import ConvertLimits
from assessor_app.vault.sealed_reader import SealedReader

if sys.platform != "win32":
    import resource

_TICK_S = 0.05
_READ_BYTES = 1024 * 1024
_REQUEST_MAX_BYTES = 64 * 1024
_NEW_USER_NAMESPACE, _NEW_NET_NAMESPACE = 0x1000_0000, 0x4000_0000
_KILL_WITH_PARENT = 1
_SETTINGS = (
    ("org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("org.openoffice.Office.Calc/Content/Update", "Link", "1"),
)
"""Macros off, and links to other files never followed; what an older version does not know it skips."""


def main(connection: Connection, limits: ConvertLimits) -> None:
    """Serve one request.

    Args:
        connection: the child's end of the pipe.
        limits: what a conversion may cost.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        os.setsid()
        _limit_self(limits)
    try:
        channel.send(connection, {"ready": os.getpid()})
        request = channel.receive(connection, max_bytes=_REQUEST_MAX_BYTES, wait_s=lambda: None)
        channel.send(connection, {"number": 1, "made": _convert(request, limits)})
        # The parent ends the whole group now; until then nobody else may.
        channel.receive(connection, max_bytes=16, wait_s=lambda: None)
    except channel.ChannelClosed:
        _end_group()


def _convert(request: dict[str, object], limits: ConvertLimits) -> str:
    """The name of the copy within the folder's `out`; empty when none was made."""
    folder = Path(str(request["folder"]))
    for name in ("in", "out", "home", "profile"):
        (folder / name).mkdir(mode=0o700)
    document = folder / "in" / f"document.{request['extension']}"
    _unseal(request, document)
    _write_settings(folder / "profile")
    form = str(request["form"])
    command = [
        str(request["program"]),
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck", "--nofirststartwizard"),
        *("--convert-to", form, "--outdir", str(folder / "out"), str(document)),
    ]
    _leave_the_network()
    until_s = time.monotonic() + limits.convert_s
    # Start-up reads the environment: nothing of the person's own goes in, and no proxy comes out.
    process = subprocess.Popen(
        command, cwd=folder, env=_environment(folder), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
    )  # fmt: skip
    parent = multiprocessing.parent_process()
    while process.poll() is None:
        if parent is not None and wait([parent.sentinel], _TICK_S):
            _end_group()
        if time.monotonic() > until_s:
            return ""
    made = folder / "out" / f"document.{form}"
    return made.name if process.returncode == 0 and made.is_file() else ""


def _unseal(request: dict[str, object], document: Path) -> None:
    """Write the file's plain content; the reader verifies each piece of it."""
    size = int(str(request["size_bytes"]))
    key = bytes.fromhex(str(request["file_key"]))
    with SealedReader(Path(str(request["path"])), file_key=key, size_bytes=size) as reader:
        descriptor = os.open(document, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            for start in range(0, size, _READ_BYTES):
                file.write(reader.read_at(start, min(_READ_BYTES, size - start)))


def _write_settings(profile: Path) -> None:
    """A fresh profile's settings."""
    items = "".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    (profile / "user").mkdir(mode=0o700)
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{items}</oor:items>",
        encoding="utf-8",
    )


def _environment(folder: Path) -> dict[str, str]:
    """As little as the program needs to start."""
    kept = ("PATH", "SYSTEMROOT", "WINDIR", "LANG", "LC_ALL", "LC_CTYPE")
    own = {name: os.environ[name] for name in kept if name in os.environ}
    home = str(folder / "home")
    nowhere = "http://127.0.0.1:9"
    return {
        **own,
        **dict.fromkeys(("HOME", "TMPDIR", "TEMP", "TMP", "USERPROFILE", "APPDATA", "LOCALAPPDATA"), home),
        **dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy", "all_proxy"), nowhere),
        "SAL_USE_VCLPLUGIN": "svp",
        "XDG_CONFIG_HOME": home,
        "XDG_CACHE_HOME": home,
    }


def _limit_self(limits: ConvertLimits) -> None:
    """Bounds that every process started from here inherits."""
    no_dump.dump_nothing()
    bounds = [
        (resource.RLIMIT_FSIZE, limits.max_written_bytes),
        (resource.RLIMIT_CPU, int(limits.convert_s) + 30),
    ]
    if sys.platform == "linux":
        bounds.append((resource.RLIMIT_AS, limits.max_address_bytes))
    for kind, most in bounds:
        with contextlib.suppress(ValueError, OSError):  # the system allows less already
            resource.setrlimit(kind, (most, most))


def _leave_the_network() -> None:
    """On Linux: move to a network of our own with nothing in it, where the system lets anybody do so."""
    if sys.platform != "linux":
        return
    user, group = os.getuid(), os.getgid()
    if ctypes.CDLL(None, use_errno=True).unshare(_NEW_USER_NAMESPACE | _NEW_NET_NAMESPACE) != 0:
        return
    with contextlib.suppress(OSError):
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")


def _die_with_parent() -> None:
    """Between fork and exec: the kernel ends the program when this child is gone."""
    ctypes.CDLL(None).prctl(_KILL_WITH_PARENT, signal.SIGKILL)


def _end_group() -> None:
    """End everything that was started from here, and this process."""
    if sys.platform != "win32":
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os._exit(1)
