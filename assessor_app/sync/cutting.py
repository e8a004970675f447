"""Connections that another thread can cut, so that closing the program never waits for a network.

A thread that waits for bytes cannot be woken by closing its session: that only empties the pool. Shutting the
socket down ends the wait at once, and the call fails as if the network had gone.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import weakref
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection


class Cutter:
    """Knows the open sockets of some calls and can end them all; safe to use from several threads."""

    def __init__(self) -> None:
        """Start with no connection, none cut."""
        self._lock = threading.Lock()
        self._sockets: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self.is_cut = False
        """Whether everything has ended: no call shall start any more."""

    def watch(self, opened: socket.socket | None) -> None:
        """Know one more socket; it is cut at once if everything else already is."""
        if opened is None:
            return
        with self._lock:
            self._sockets.add(opened)
            must_cut = self.is_cut
        if must_cut:
            _shut(opened)

    def cut(self) -> None:
        """End every call under way. Safe to call again."""
        with self._lock:
            self.is_cut = True
            opened = list(self._sockets)
        for each in opened:
            _shut(each)

    def adapter(self) -> HTTPAdapter:
        """What a session must be given so that its sockets are known here."""
        return _Adapter(self)


class _Adapter(HTTPAdapter):
    """Makes connections that tell their sockets."""

    def __init__(self, cutter: Cutter) -> None:
        self._pools = _pools(cutter)
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = self._pools
        return manager


def _pools(cutter: Cutter) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(HTTPConnection):
        def connect(self) -> None:
            super().connect()
            cutter.watch(self.sock)

    class Secure(HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            cutter.watch(self.sock)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


def _shut(opened: socket.socket) -> None:
    # The base class's method: the one of a TLS socket takes its cipher away under the reading thread.
    with contextlib.suppress(OSError):
        socket.socket.shutdown(opened, socket.SHUT_RDWR)
