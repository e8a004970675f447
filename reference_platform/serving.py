"""Running the platform as a process: data folder, demo content, web server, clean end."""

from __future__ import annotations

import logging
import signal
import socket
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import FrameType

import uvicorn

from assessor_app.domain.roles import Role
from reference_platform import cursors, loading, sealing
from reference_platform.app import create_app
from reference_platform.clock import Clock
from reference_platform.database import Database
from reference_platform.feed import Feed, forget_before
from reference_platform.platform import Platform, Settings
from reference_platform.seeding import DemoContent, SeedActor
from reference_platform.similarity import comparing
from reference_platform.store.blobs import FolderStore

MakeContent = Callable[[datetime], DemoContent]
GRACE_S = 5
"""How long running requests may take to finish after the signal to stop."""


def open_platform(data: Path, database_url: str | None, *, demo: bool = False) -> Platform:
    """The platform whose data lie in a folder.

    Args:
        data: folder for evidence and, without a URL, the SQLite database; made if it is missing.
        database_url: SQLAlchemy URL of another database.
        demo: whether a named account signs in without a password.
    """
    data.mkdir(parents=True, exist_ok=True)
    database = Database(database_url or f"sqlite:///{data / 'platform.db'}")
    return Platform(database, FolderStore(data / "evidence"), Clock(), Settings(demo=demo))


def prepare(platform: Platform) -> None:
    """What is due before a platform serves: its secret, and forgetting what is old."""
    now = platform.clock.now()
    with platform.database.write() as session:
        cursors.prepare(session)
        sealing.prepare(session)
        Feed(session, now).forget_old_removals(forget_before(now, platform.settings.tombstone_days))


def serve_until_stopped(
    *,
    data: Path,
    database_url: str | None,
    host: str,
    port: int,
    fresh: bool,
    announce: Callable[[str], object],
    content: MakeContent | None = None,
    always_load: bool = False,
) -> int:
    """Serve until SIGTERM or SIGINT; gives the exit status.

    Args:
        data: folder of the platform's data.
        database_url: another database than the SQLite file in `data`.
        host: address to listen on.
        port: 0 for any free one.
        fresh: throw away what is there.
        announce: called with the address once the platform answers.
        content: makes a demo's content for a given moment; with it, a named account signs in without a
            password.
        always_load: load what is new in the content also into a platform that has some.
    """
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    platform = open_platform(data, database_url, demo=content is not None)
    try:
        if fresh:
            platform.database.wipe()
            platform.blobs.clear()
        if content is not None and (always_load or loading.is_empty(platform.database)):
            made = content(platform.clock.now())
            loading.load(made, platform.database, platform.blobs, clock=platform.clock)
        prepare(platform)
        comparing.catch_up(platform)
        run(platform, host=host, port=port, announce=announce)
    finally:
        platform.database.close()
    return 0


def run(platform: Platform, *, host: str, port: int, announce: Callable[[str], object]) -> None:
    """Serve requests until a signal comes; `announce` gets the address once it answers."""
    config = uvicorn.Config(
        create_app(platform),
        host=host,
        port=port,
        access_log=False,
        log_config=None,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
    )
    server = AnnouncingServer(config, announce)

    def stop(_number: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    # uvicorn raises the signal again when it is done; the default action would then look like a crash.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    server.run()


class AnnouncingServer(uvicorn.Server):
    """A server that tells its address when it answers."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[str], object]) -> None:
        """Serve as configured; `announce` is called once."""
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start as usual, then say where."""
        await super().startup(sockets=sockets)
        if not self.should_exit:
            port = self.servers[0].sockets[0].getsockname()[1]
            self._announce(f"http://{self.config.host}:{port}")


def add_local_account(
    data: Path,
    database_url: str | None,
    *,
    login: str,
    roles: tuple[Role, ...],
    tz: str,
    password: str,
) -> str:
    """Open an account with a password; gives its pseudonym."""
    platform = open_platform(data, database_url)
    actor_id = f"a-{platform.clock.new_id()[:8]}"
    actor = SeedActor(actor_id=actor_id, login=login, roles=roles, tz=tz, password=password)
    with platform.database.write() as session:
        loading.add_account(session, actor, "", platform.clock.now())
    platform.database.close()
    return actor_id
