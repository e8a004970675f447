"""Where children begin. The parent names a function here as the child's target, so this module is the one
module of the child that the parent imports too: it must stay free of parsers.
"""

from __future__ import annotations

from multiprocessing.connection import Connection

from assessor_app.documents.limits import Limits


def main(connection: Connection, limits: Limits) -> None:
    """Run the render child until the parent hangs up.

    Args:
        connection: the child's end of the pipe.
        limits: what a file may cost.
    """
    # Imported here because the parent, which imports this module, must not load the parsers.
    from assessor_app.documents import worker_render

    worker_render.run(connection, limits)


def export(connection: Connection, limits: Limits) -> None:
    """Run the export child until the parent hangs up.

    Args:
        connection: the child's end of the pipe.
        limits: what a file may cost.
    """
    # Imported here for the same reason.
    from assessor_app.documents import worker_export

    worker_export.run(connection, limits)


def spell(connection: Connection, limits: Limits) -> None:
    """Run the spelling child until the parent hangs up.

    Args:
        connection: the child's end of the pipe.
        limits: what it may cost.
    """
    # Imported here for the same reason.
    from assessor_app.documents import worker_spelling

    worker_spelling.run(connection, limits)
