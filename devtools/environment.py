"""The project's own environment `.venv`: made once, checked in a moment, never half made.

pip does the installing, from the hash-locked list and from wherever the person's own pip
configuration points. A stamp is written last; without a stamp that fits, nothing is trusted.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import time
from collections import deque
from collections.abc import Iterator

from devtools.places import Places
from devtools.stop import Stop

NEEDED_BYTES = 1_500_000_000
"""Room on the disk that a set-up from nothing takes, with a margin (the result is 1.0 GB)."""

FIRST_LINE = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==", re.MULTILINE)

# What pip prints, and what it means. The first that fits wins, so the order goes from the
# particular to the general: with a full disk pip also says that no package was found.
PIP_TROUBLES = (
    (
        r"No space left on device|Disk quota exceeded|There is not enough space on the disk",
        "The disk is full: free about 1.5 GB where this folder and the temporary files lie, and "
        "run the same command again.",
    ),
    (
        r"DO NOT MATCH THE HASHES",
        "A downloaded library is not the one that requirements.lock names (its checksum differs), "
        "so it was not installed: run the same command again, and if it repeats, clear pip's "
        "cache with `python3 -m pip cache purge` or ask who runs your package mirror.",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|SSLError|SSLCertVerificationError",
        "The package server's certificate was not accepted: set the computer's clock, or point "
        "pip at your organisation's certificate with `pip config set global.cert FILE`.",
    ),
    (
        r"NewConnectionError|Failed to establish a new connection|Temporary failure in name"
        r"|Max retries exceeded|ConnectTimeoutError|ReadTimeoutError|Network is unreachable"
        r"|ProxyError|Connection aborted|Connection refused|getaddrinfo failed|IncompleteRead",
        "The package server cannot be reached: connect this computer to the network (or set the "
        "proxy or mirror in pip's configuration) and run the same command again.",
    ),
    (
        r"BadZipFile|is not a valid wheel|[Ii]nvalid wheel|has an invalid|is invalid\.|wheel .*corrupt"
        r"|File is not a zip file",
        "A downloaded library is damaged: run `python3 -m pip cache purge` and then the same command again.",
    ),
    (
        r"No matching distribution found for (?P<name>\S+)|is not a supported wheel",
        "No ready-made build of {name} for this Python and this system was found: check that the "
        "package server can be reached, and use a 64-bit Python 3.11 to 3.14 on Windows, macOS or Linux.",
    ),
    (
        r"Permission denied|PermissionError|Access is denied",
        "A file in .venv could not be written: close running copies of the workstation, check "
        "who owns this folder, and run the same command again.",
    ),
)


def pip_trouble(output: str) -> str:
    """The one sentence for what pip printed when it failed."""
    for pattern, sentence in PIP_TROUBLES:
        found = re.search(pattern, output)
        if found:
            name = found.groupdict().get("name") or "a library"
            return sentence.replace("{name}", name)
    last_words = [line for line in output.splitlines() if line.strip()][-1:]
    return "pip could not install the libraries; it said: " + "".join(last_words).strip()


def wanted_stamp(places: Places) -> dict[str, str]:
    """What the environment must have been made from to be used as it is."""
    return {
        "lock_sha256": hashlib.sha256(places.lock.read_bytes()).hexdigest(),
        "python": sysconfig.get_config_var("SOABI") or sys.implementation.cache_tag or "",
        "machine": platform.machine(),
        "folder": str(places.venv),
    }


def found_stamp(places: Places) -> dict[str, str] | None:
    """What the environment was made from; None when it is absent, unfinished or unusable."""
    if not places.python.exists():
        return None
    try:
        stamp = json.loads(places.stamp.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return stamp if isinstance(stamp, dict) else None


def ensure_environment(places: Places) -> float:
    """Make `.venv` fit the lock and this Python.

    Returns:
        Seconds that it took; next to nothing when the stamp fits.

    Raises:
        Stop: it cannot be done here; the text says why and what to do.
    """
    started_s = time.perf_counter()
    wanted = wanted_stamp(places)
    if found_stamp(places) != wanted:
        with only_one_set_up(places):
            found = found_stamp(places)
            if found != wanted:
                _set_up(places, found, wanted)
    return time.perf_counter() - started_s


@contextlib.contextmanager
def only_one_set_up(places: Places) -> Iterator[None]:
    """Hold back a second set-up that is started meanwhile, until this one has ended."""
    places.build.mkdir(exist_ok=True)
    with (places.build / "set-up.guard").open("a+b") as guard:
        if sys.platform == "win32":
            import msvcrt

            guard.seek(0)
            msvcrt.locking(guard.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(guard, fcntl.LOCK_EX)
        yield


def _set_up(places: Places, found: dict[str, str] | None, wanted: dict[str, str]) -> None:
    """Build anew, or bring a finished environment up to a changed lock."""
    only_the_lock_changed = found is not None and {**found, "lock_sha256": ""} == {
        **wanted,
        "lock_sha256": "",
    }
    try:
        if only_the_lock_changed:
            print("The list of libraries has changed: bringing .venv up to date.", flush=True)
            places.stamp.unlink()
        else:
            print("Setting up .venv; this takes about a minute and happens once.", flush=True)
            _make_empty_environment(places)
        _install(places, _pip_command(places))
        if only_the_lock_changed:
            _remove_what_the_lock_no_longer_names(places, _pip_command(places))
        unfinished = places.stamp.with_suffix(".part")
        unfinished.write_text(json.dumps(wanted, indent=1) + "\n", "utf-8")
        unfinished.replace(places.stamp)
    except OSError as error:
        raise Stop(pip_trouble(str(error))) from error


def _make_empty_environment(places: Places) -> None:
    """A fresh `.venv` without pip inside: Debian's bare Python has no ensurepip to put it there."""
    if importlib.util.find_spec("venv") is None:
        raise Stop(
            "This Python comes without its `venv` module: install it (on Debian and Ubuntu "
            "`apt-get install python3-venv`) and run the same command again."
        )
    free_bytes = shutil.disk_usage(places.root).free
    if free_bytes < NEEDED_BYTES:
        raise Stop(
            f"The disk is full: set-up needs {NEEDED_BYTES / 1e9:.1f} GB and {free_bytes / 1e9:.1f} GB "
            "are free; make room and run the same command again."
        )
    if places.venv.exists():
        # The stamp goes first: if deleting is interrupted, nothing trusts the remains.
        places.stamp.unlink(missing_ok=True)
        shutil.rmtree(places.venv)
    made = subprocess.run(
        [_outer_python(), "-m", "venv", "--without-pip", str(places.venv)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        raise Stop(pip_trouble(made.stdout).replace("pip could not install", "venv could not prepare"))


def _outer_python() -> str:
    """The interpreter to build with: never the one inside the environment that is being built."""
    return str(getattr(sys, "_base_executable", None) or sys.executable)


def _pip_command(places: Places) -> list[str]:
    """How to run pip on the environment.

    Raises:
        Stop: neither a pip of 22.3 or later nor ensurepip is there.
    """
    pip = [_outer_python(), "-m", "pip"]
    asked = subprocess.run([*pip, "--version"], capture_output=True, text=True, check=False)
    version = re.match(r"pip (\d+)\.(\d+)", asked.stdout)
    if asked.returncode == 0 and version and (int(version[1]), int(version[2])) >= (22, 3):
        return [*pip, "--python", str(places.python)]
    if importlib.util.find_spec("ensurepip") is not None:
        inside = [str(places.python), "-m"]
        subprocess.run([*inside, "ensurepip", "--default-pip"], capture_output=True, check=False)
        if subprocess.run([*inside, "pip", "--version"], capture_output=True, check=False).returncode == 0:
            return [*inside, "pip"]
    raise Stop(
        "This Python has neither pip 22.3 or later nor ensurepip: install pip (on Debian and "
        "Ubuntu `apt-get install python3-pip`) and run the same command again."
    )


def _pip_environ() -> dict[str, str]:
    """The person's own pip settings, less those that would install somewhere else."""
    elsewhere = {"PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PYTHONHOME", "PYTHONPATH"}
    kept = {name: value for name, value in os.environ.items() if name not in elsewhere}
    return kept | {"PIP_USER": "0", "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}


def _install(places: Places, pip: list[str]) -> None:
    """Install exactly the lock, each file against its checksum, ready-made builds only."""
    total = len(FIRST_LINE.findall(places.lock.read_text("utf-8")))
    command = [*pip, "install", "--require-hashes", "--no-deps", "--only-binary", ":all:", "--no-input"]
    # What is imported is compiled then; pip would compile the rest as well, on one processor.
    command += ["--no-compile", "--disable-pip-version-check", "--progress-bar", "off"]
    command += ["-r", str(places.lock)]
    places.build.mkdir(exist_ok=True)
    # The end of what pip said is enough to name its trouble; the whole of it is in the log.
    said: deque[str] = deque(maxlen=200)
    with (
        places.log.open("w", encoding="utf-8") as log,
        _Progress(total) as progress,
        subprocess.Popen(
            command,
            env=_pip_environ(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        ) as process,
    ):
        for line in process.stdout or ():
            log.write(line)
            said.append(line)
            progress.saw(line)
    if process.returncode != 0:
        raise Stop(f"{pip_trouble(''.join(said))} (All that pip said: {places.log})")


def _remove_what_the_lock_no_longer_names(places: Places, pip: list[str]) -> None:
    """Uninstall leftovers, so that an updated environment equals a fresh one."""
    listed = subprocess.run(
        [*pip, "list", "--format", "json"], env=_pip_environ(), capture_output=True, text=True, check=True
    )
    named = {_normal(name) for name in FIRST_LINE.findall(places.lock.read_text("utf-8"))}
    leftovers = [
        item["name"]
        for item in json.loads(listed.stdout)
        if _normal(item["name"]) not in named | {"pip", "setuptools"}
    ]
    if leftovers:
        subprocess.run(
            [*pip, "uninstall", "-y", *leftovers], env=_pip_environ(), capture_output=True, check=True
        )


def _normal(name: str) -> str:
    """A distribution's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


class _Progress:
    """One line that counts on a terminal, and two plain lines elsewhere."""

    def __init__(self, total: int) -> None:
        """Count up to `total` libraries."""
        self._total = total
        self._seen = 0
        self._on_terminal = sys.stdout.isatty()

    def __enter__(self) -> _Progress:
        """Say what comes."""
        if not self._on_terminal:
            print(f"Installing {self._total} libraries ...", flush=True)
        return self

    def saw(self, line: str) -> None:
        """Take one line of pip's output."""
        if not self._on_terminal:
            return
        if line.startswith("Collecting "):
            self._seen += 1
            name = line.split()[1].split("==")[0]
            self._show(f"Fetching {self._seen} of {self._total}: {name}")
        elif line.startswith("Installing collected"):
            self._show("Installing, the longest part ...")

    def _show(self, text: str) -> None:
        """Write over the line before."""
        print(f"\r\033[K{text}", end="", flush=True)

    def __exit__(self, *_: object) -> None:
        """Leave the terminal's line clean."""
        if self._on_terminal:
            print("\r\033[K", end="", flush=True)
