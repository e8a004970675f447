"""The one door of the project: `python3 dev.py COMMAND`; without one it says which there are.

This file is read by whatever `python3` a machine has, so it keeps to syntax that an old
interpreter can parse and says in one sentence when that interpreter will not do. Everything
else lives in `devtools/` and, like this file, uses the standard library alone.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "This needs Python 3.11 or later, and this is Python %d.%d: install a newer one and run "
        "dev.py with it, for example `python3.12 dev.py demo`." % sys.version_info[:2]
    )

from devtools.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
