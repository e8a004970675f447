"""A process that removes a profile from the computer and is killed before its Nth change on the disk.

Takes a folder of profiles, the folder of a keychain and the id of a profile, forks for each number that it
reads, and writes what became of that fork. Number 0 finishes what earlier starts left, as each start does.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from assessor_app.services import wiping
from tests.keychains import use_folder_keychain

CHANGES = frozenset({"os.remove", "os.rmdir", "os.rename"})


def die_before(number: int) -> None:
    """Arm the process; a file that is opened for writing counts as a change, too."""
    left = number

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal left
        is_writing = event == "open" and isinstance(arguments[2], int) and arguments[2] & os.O_CREAT
        if event in CHANGES or is_writing:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def main() -> None:
    """Fork for each line until there are no more."""
    profiles, keys, profile_id = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    use_folder_keychain(keys)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            if int(line):
                die_before(int(line))
                wiping.wipe(profiles / profile_id, profile_id)
            else:
                wiping.sweep(profiles)
            os._exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
