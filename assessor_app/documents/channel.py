"""Messages between the parent and a child: JSON in frames over the pipe that both already share.

`multiprocessing`'s own `recv` unpickles, which would let a child that a hostile file has taken over
run code in the parent; and its `recv_bytes` blocks for ever in the middle of a message when the child
is stopped there, as its `send_bytes` does when the child reads no more. So on POSIX the frames are
written and read here, with a deadline. Windows pipes deliver whole messages, where `recv_bytes` cannot
stop half way.
"""

from __future__ import annotations

import json
import os
import select
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection, wait

from assessor_app.json_from_outside import refuse_constant

_LENGTH_BYTES = 4
_READ_BYTES = 256 * 1024


class ChannelClosed(Exception):
    """The other side is gone."""


class FrameRefused(Exception):
    """A frame is longer than allowed, or not a JSON object."""


def send(
    connection: Connection,
    message: dict[str, object],
    *,
    wait_s: Callable[[], float | None] = lambda: None,
) -> None:
    """Send one message.

    Args:
        connection: this side's end.
        message: an object of JSON values.
        wait_s: asked before each wait for the other side to read on, as by `receive`. Not on Windows.

    Raises:
        ChannelClosed: the other side is gone.
    """
    data = json.dumps(message, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace")
    try:
        if sys.platform == "win32":
            connection.send_bytes(data)
        else:
            _write(connection, len(data).to_bytes(_LENGTH_BYTES, "big") + data, wait_s)
    except OSError:
        raise ChannelClosed from None


def receive(
    connection: Connection, *, max_bytes: int, wait_s: Callable[[], float | None]
) -> dict[str, object]:
    """Receive one message.

    Args:
        connection: this side's end.
        max_bytes: longest frame that is accepted.
        wait_s: asked before each wait: seconds to wait at most, None for ever; it may raise to give up.
            After a wait without data it is asked again.

    Returns:
        The message, an object of JSON values: untrusted when it comes from a child.

    Raises:
        ChannelClosed: the other side is gone.
        FrameRefused: the frame is too long or not a JSON object.
    """
    try:
        if sys.platform == "win32":
            while not wait([connection], wait_s()):
                pass
            data = connection.recv_bytes(max_bytes)
        else:
            data = _read_frame(connection, max_bytes, wait_s)
    except (EOFError, OSError):
        raise ChannelClosed from None
    try:
        untrusted_message = json.loads(data, parse_constant=refuse_constant)
    except (ValueError, RecursionError):
        raise FrameRefused("not JSON") from None
    if not isinstance(untrusted_message, dict):
        raise FrameRefused("not an object")
    return untrusted_message


def _write(connection: Connection, frame: bytes, wait_s: Callable[[], float | None]) -> None:
    """Write one frame into the pipe, waiting as `wait_s` allows while it is full."""
    end = connection.fileno()
    os.set_blocking(end, False)
    full = select.poll()
    full.register(end, select.POLLOUT)
    view = memoryview(frame)
    while view:
        try:
            view = view[os.write(end, view) :]
        except BlockingIOError:
            longest_s = wait_s()
            full.poll(None if longest_s is None else longest_s * 1000)


def _read_frame(connection: Connection, max_bytes: int, wait_s: Callable[[], float | None]) -> bytes:
    """Read one frame from the pipe, waiting as `wait_s` allows; a short one in a single read.

    Each side says one thing and then waits for the other, so what comes behind a frame is refused.
    """
    data, end = bytearray(), -1
    while end < 0 or len(data) < end:
        if not wait([connection], wait_s()):
            continue
        part = os.read(connection.fileno(), _READ_BYTES)
        if not part:
            raise ChannelClosed
        data += part
        if end < 0 and len(data) >= _LENGTH_BYTES:
            length = int.from_bytes(data[:_LENGTH_BYTES], "big")
            if length > max_bytes:
                raise FrameRefused("too long")
            end = _LENGTH_BYTES + length
    if len(data) > end:
        raise FrameRefused("more than one frame")
    return bytes(data[_LENGTH_BYTES:])
