"""System libraries on Linux that the wheels expect from the distribution.

The wheels of Qt bring Qt itself, but no display, font or sound libraries. Each is looked for by
loading it, which is what Qt will do, and not by asking a package manager that may not be there.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping

from devtools.stop import Stop

OFFSCREEN = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
}
"""Library file to Debian package: needed even without a screen."""

MULTIMEDIA = {
    "libpulse.so.0": "libpulse0",
    "libXrandr.so.2": "libxrandr2",
    "libdrm.so.2": "libdrm2",
}
"""Needed to play and probe video and sound."""

WINDOWS = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libX11-xcb.so.1": "libx11-xcb1",
}
"""Needed for real windows, so only looked for when there is a display."""


def display_present(environ: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Whether windows can be opened: always, except on Linux without X11 and Wayland."""
    if not platform.startswith("linux"):
        return True
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def loadable(library: str) -> bool:
    """Whether the dynamic linker finds and loads the library file."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing_packages(*, windows: bool, can_load: Callable[[str], bool] = loadable) -> list[str]:
    """The Debian packages whose library does not load, in the order of the tables.

    Args:
        windows: look for what real windows need as well.
        can_load: asks for one library file.
    """
    wanted = OFFSCREEN | MULTIMEDIA | (WINDOWS if windows else {})
    return [package for library, package in wanted.items() if not can_load(library)]


def install_command(packages: Iterable[str], *, as_root: bool) -> str:
    """The line that a person would type on Debian or Ubuntu."""
    sudo = "" if as_root else "sudo "
    names = " ".join(packages)
    return f"{sudo}apt-get update && {sudo}apt-get install -y --no-install-recommends {names}"


def ensure_system_libraries(environ: Mapping[str, str]) -> None:
    """Install what is missing when that is ours to do, otherwise say exactly what to type.

    Raises:
        Stop: something is missing and this is not root on Debian or Ubuntu, or apt failed.
    """
    if not sys.platform.startswith("linux"):
        return
    windows = display_present(environ)
    packages = missing_packages(windows=windows)
    if not packages:
        return
    as_root = os.geteuid() == 0
    if shutil.which("apt-get") is None:
        raise Stop(
            "System libraries are missing that Debian calls " + ", ".join(packages) + ": install "
            "your system's packages of these libraries and run the same command again."
        )
    if not as_root:
        raise Stop(
            "System libraries are missing. Type this and run the same command again:\n    "
            + install_command(packages, as_root=False)
        )
    _apt_install(packages, environ)
    still_missing = missing_packages(windows=windows)
    if still_missing:
        raise Stop(
            "apt-get installed its packages, but these libraries still do not load: "
            + ", ".join(still_missing)
            + "."
        )


def _apt_install(packages: list[str], environ: Mapping[str, str]) -> None:
    """Run apt-get quietly; its last words are shown only if it fails."""
    print(f"Installing system libraries: {' '.join(packages)}", flush=True)
    quiet = dict(environ) | {"DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-q", "-y", "--no-install-recommends", *packages]
    for command in (["apt-get", "update", "-q"], install):
        done = subprocess.run(
            command,
            env=quiet,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            last_words = "\n".join(done.stdout.strip().splitlines()[-5:])
            raise Stop(
                f"apt-get could not install the system libraries; it said:\n{last_words}\n"
                f"Type this and run the same command again:\n    " + install_command(packages, as_root=True)
            )
