"""Where the child that tries out a recording begins. The parent names `main` as the child's entry, so this
module loads nothing of Qt Multimedia.
"""

from __future__ import annotations

import os
from multiprocessing.connection import Connection

from assessor_app.documents.limits import Limits


def main(connection: Connection, limits: Limits) -> None:
    """Run the child until the parent hangs up.

    Args:
        connection: the child's end of the pipe.
        limits: what a file may cost.
    """
    _be_silent()
    # Imported here because the parent, which imports this module, must not load the player with it.
    from assessor_app.ui.viewers.media import probe_child

    probe_child.run(connection, limits)


def _be_silent() -> None:
    """Send what FFmpeg and Qt write on the terminal nowhere: it tells what the file says of itself."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.dup2(nowhere, 1)
    os.close(nowhere)
