"""What the operating system holds a child to: memory, no core dumps, no files, death with its parent.

POSIX is tried on Linux; the macOS and Windows branches are written after their manuals and untried.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from multiprocessing import resource_tracker
from multiprocessing.connection import wait
from multiprocessing.shared_memory import SharedMemory

from assessor_app.documents.limits import Limits
from assessor_app.no_dump import dump_nothing

if sys.platform == "linux":
    import fcntl
if sys.platform != "win32":
    import resource
if sys.platform != "linux":
    import ctypes


@contextlib.contextmanager
def deaf_to_interrupts() -> Iterator[None]:
    """In the parent: a child started within never hears Ctrl+C, which reaches everybody in a terminal.

    That it ignores the signal itself later is not enough: it would be interrupted in its imports.
    """
    if sys.platform == "win32":
        yield
        return
    # First of all, because starting it clears the mask.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def limit_self(limits: Limits) -> None:
    """In the child: bound the address space, write no core dumps and no files at all."""
    dump_nothing()
    if sys.platform != "win32":
        # Drawing pages needs to write no file.
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        if sys.platform != "darwin":  # macOS refuses or ignores RLIMIT_AS
            resource.setrlimit(resource.RLIMIT_AS, (limits.max_address_bytes, limits.max_address_bytes))


def die_with_parent() -> None:
    """In the child: be killed when the parent is gone, however that happened, even while busy or stopped.

    The parent holds the other end of `parent_process().sentinel`, so the pipe hangs up when it dies. On Linux
    the kernel turns that into SIGKILL for this process, which needs no free interpreter lock. Elsewhere a
    thread waits for it, and `begin_request` sets an alarm for when the lock is never free.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    pipe = parent.sentinel
    if sys.platform == "linux":
        fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(pipe, fcntl.F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | os.O_ASYNC)
        if wait([pipe], 0):  # it died before the signal was armed
            os._exit(1)
    else:

        def watch() -> None:
            wait([pipe])
            os._exit(1)

        threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def begin_request(deadline_s: float) -> None:
    """In the child: arm the system's alarm, which ends a busy process that nobody else could end."""
    if sys.platform != "win32":
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, deadline_s)


def end_request() -> None:
    """In the child: the request is done, disarm the alarm."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, 0.0)


def resident_bytes(pid: int) -> int | None:
    """Resident size of a process in bytes; None where the system does not tell, or the process is gone."""
    if sys.platform == "linux":
        try:
            with open(f"/proc/{pid}/statm", "rb") as file:
                return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, IndexError, ValueError):
            return None
    elif sys.platform == "darwin":
        return _resident_bytes_macos(pid)
    else:
        return None


def group_resident_bytes(group: int) -> int:
    """On Linux: resident size of all processes of a group together, in bytes; 0 where it cannot be told."""
    total = 0
    with contextlib.suppress(OSError):
        for name in os.listdir("/proc"):
            if name.isdecimal():
                with contextlib.suppress(OSError, ValueError, IndexError):
                    with open(f"/proc/{name}/stat", "rb") as file:
                        fields = file.read().rpartition(b") ")[2].split()
                    total += int(fields[21]) if int(fields[2]) == group else 0
    return total * os.sysconf("SC_PAGE_SIZE") if sys.platform != "win32" else 0


def reserve_shared_memory(name: str, size_bytes: int) -> None:
    """In the parent: make the system really set aside a new segment's memory.

    On Linux a segment is a sparse file: where /dev/shm is full, the first touch of a page kills the process.

    Raises:
        OSError: there is not so much memory.
    """
    if sys.platform == "linux":
        descriptor = os.open(f"/dev/shm/{name}", os.O_RDWR | os.O_CLOEXEC)
        try:
            os.posix_fallocate(descriptor, 0, size_bytes)
        finally:
            os.close(descriptor)


def attached(name: str) -> SharedMemory:
    """In the child: the parent's segment of this name."""
    # Before 3.13 attaching registers the segment once more with the resource tracker. A spawned
    # child shares its parent's tracker, which keeps a set, so the parent's unlink still clears it.
    if sys.version_info >= (3, 13):
        return SharedMemory(name=name, track=False)
    return SharedMemory(name=name)


class ChildJob:
    """A Job Object on Windows, which ends a child with its parent and bounds its memory; else nothing."""

    def __init__(self, process_handle: int, limits: Limits) -> None:
        """Put the process into a new job.

        Args:
            process_handle: the child's handle on Windows; not used elsewhere.
            limits: `max_address_bytes` is the job's memory limit.
        """
        self._job: int | None = None
        if sys.platform == "win32":
            self._job = _job_with(process_handle, limits.max_address_bytes)

    def close(self) -> None:
        """Close the job's handle, which ends whatever still runs in it."""
        if sys.platform == "win32" and self._job is not None:
            ctypes.WinDLL("kernel32").CloseHandle(ctypes.c_void_p(self._job))
        self._job = None


if sys.platform == "win32":

    def _job_with(process_handle: int, memory_bytes: int) -> int | None:
        """A job with kill-on-close and a memory limit that holds the process; None when refused."""

        class BasicLimits(ctypes.Structure):
            _fields_ = [
                ("per_process_user_time", ctypes.c_int64),
                ("per_job_user_time", ctypes.c_int64),
                ("limit_flags", ctypes.c_uint32),
                ("minimum_working_set", ctypes.c_size_t),
                ("maximum_working_set", ctypes.c_size_t),
                ("active_process_limit", ctypes.c_uint32),
                ("affinity", ctypes.c_size_t),
                ("priority_class", ctypes.c_uint32),
                ("scheduling_class", ctypes.c_uint32),
            ]

        class ExtendedLimits(ctypes.Structure):
            _fields_ = [
                ("basic", BasicLimits),
                ("io_counters", ctypes.c_uint64 * 6),
                ("process_memory", ctypes.c_size_t),
                ("job_memory", ctypes.c_size_t),
                ("peak_process_memory", ctypes.c_size_t),
                ("peak_job_memory", ctypes.c_size_t),
            ]

        kill_on_close, process_memory, extended_information = 0x2000, 0x100, 9
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = ctypes.c_void_p
        job = kernel.CreateJobObjectW(None, None)
        if not job:
            return None
        wanted = ExtendedLimits()
        wanted.basic.limit_flags = kill_on_close | process_memory
        wanted.process_memory = memory_bytes
        kernel.SetInformationJobObject(
            ctypes.c_void_p(job), extended_information, ctypes.byref(wanted), ctypes.sizeof(wanted)
        )
        kernel.AssignProcessToJobObject(ctypes.c_void_p(job), ctypes.c_void_p(process_handle))
        return int(job)


if sys.platform == "darwin":

    def _resident_bytes_macos(pid: int) -> int | None:
        """Resident size by libproc's PROC_PIDTASKINFO, whose second 64-bit field it is."""
        task_info_flavour, task_info_bytes = 4, 96
        buffer = (ctypes.c_uint64 * (task_info_bytes // 8))()
        libproc = ctypes.CDLL("/usr/lib/libproc.dylib")
        written = libproc.proc_pidinfo(pid, task_info_flavour, ctypes.c_uint64(0), buffer, task_info_bytes)
        return int(buffer[1]) if written == task_info_bytes else None
