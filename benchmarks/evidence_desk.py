"""All benchmarks of the evidence desk, one after the other; the status is 1 when one missed a target.

`python3 dev.py bench evidence_desk`, or with names for some of them. Each runs in a process of its own.
"""

import subprocess
import sys

NAMES = ("first_page", "page_turn", "scrolling", "zoom", "search_pages", "thumbnails", "memory")

if __name__ == "__main__":
    failed = [
        name
        for name in (sys.argv[1:] or NAMES)
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode
    ]
    print("All targets met." if not failed else "Missed: " + ", ".join(failed))
    sys.exit(1 if failed else 0)
