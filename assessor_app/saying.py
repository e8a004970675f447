"""What the command line prints, to readers who may have seen enough, as `head` has."""

from __future__ import annotations

import os
import sys
from typing import TextIO


def say(text: str, stream: TextIO | None = None, *, end: str = "\n") -> bool:
    """Print at once; what nobody reads any more is no error.

    Args:
        text: what to print.
        stream: where to; the output without it.
        end: what stands behind the text.

    Returns:
        Whether somebody may still read it. What is printed later goes nowhere otherwise.
    """
    stream = stream or sys.stdout
    if stream is None:
        # A program without a console has no output.
        return True
    try:
        stream.write(text + end)
        stream.flush()
    except BrokenPipeError:
        hush(stream)
        return False
    return True


def hush(*streams: TextIO) -> None:
    """Let everything that these streams still hold go nowhere: the interpreter writes it at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in streams:
        os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
