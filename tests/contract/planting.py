"""A platform that has grown: every object of its answers holds a name in a field that nobody here knows."""

from __future__ import annotations

import http.client
import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

CANARY = "Canarisima"
"""Stands in every name that is planted, and nowhere else."""
_CLOSED = "award_rule"
"""An unknown part of a rule might change who earns what: it is refused, not dropped."""
_MAPS = frozenset({"labels", "feedback", "levels", "descriptors", "weights"})
"""Members that may be maps from ids to words: a new key there is no unknown field."""


@dataclass
class Growth:
    """What was planted."""

    fields: int = 0
    paths: set[str] = field(default_factory=set)
    """Kinds of answers that had something planted, as method, path without ids, and status."""
    asked: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    """Path, headers and body of each request."""


@contextmanager
def grown(origin: str) -> Iterator[tuple[str, Growth]]:
    """The address of the platform behind this one, and what it plants."""
    growth = Growth()
    host = urlsplit(origin).netloc

    class Planting(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            headers = {name.lower(): value for name, value in self.headers.items()}
            growth.asked.append((self.path, headers, body))
            behind = http.client.HTTPConnection(host, timeout=10)
            behind.request(self.command, self.path, body, dict(self.headers))
            answer = behind.getresponse()
            data = answer.read()
            behind.close()
            if "json" in answer.getheader("content-type", ""):
                told = json.loads(data)
                self._plant(told, "")
                data = json.dumps(told).replace(f"http://{host}", here).encode()
                growth.paths.add(f"{self.command} {_kind(self.path)} {answer.status}")
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                    self.send_header(name, value.replace(f"http://{host}", here))
            self.send_header("X-Learner", f"{CANARY} header")
            self.send_header("Set-Cookie", f"learner={CANARY}-cookie; Path=/")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def __getattr__(self, name: str) -> Any:
            if name.startswith("do_"):
                return self._pass_on
            raise AttributeError(name)

        def _plant(self, told: Any, name: str) -> None:
            if isinstance(told, list):
                for each in told:
                    self._plant(each, name)
            elif isinstance(told, dict):
                for member, each in told.items():
                    if member != _CLOSED:
                        self._plant(each, member)
                if name != "scales" and (
                    name not in _MAPS or not all(isinstance(each, str) for each in told.values())
                ):
                    growth.fields += 1
                    told["learner_legal_name"] = f"{CANARY} {growth.fields}"
                    told["guardian"] = {"mail": f"{CANARY.lower()}@yellow.example"}

    class Quiet(http.server.ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """Say nothing: a client that hangs up is no trouble."""

    server = Quiet(("127.0.0.1", 0), Planting)
    here = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield here, growth
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def _kind(path: str) -> str:
    """A path without its query and its ids."""
    parts = urlsplit(path).path.split("/")
    return "/".join("*" if any(char.isdigit() for char in part[2:]) else part for part in parts)
