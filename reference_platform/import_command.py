"""The operator's commands on files of unsent work: importing one, and revoking the keys that sign them."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

from sqlalchemy import select

from assessor_app.saying import say
from assessor_app.vault.envelope import LARGEST_FILE_BYTES
from reference_platform import importing, sealing
from reference_platform.app import create_app
from reference_platform.importing import Imported
from reference_platform.models import Account
from reference_platform.problems import Problem
from reference_platform.serving import open_platform, prepare


def import_work(
    file: Path, data: Path, database_url: str | None, out: Path | None, *, as_json: bool = False
) -> int:
    """Import one file; gives the exit status.

    Args:
        file: what a workstation exported.
        data: folder of the platform's data.
        database_url: another database than the SQLite file in `data`.
        out: where the sealed receipts go; nowhere if None.
        as_json: print one JSON object instead of sentences.

    Returns:
        0 when every write was taken, 3 when some were refused, 1 when the file was refused as a whole.
    """
    if not _has_data(data, database_url):
        return 1
    try:
        with file.open("rb") as opened:
            untrusted = opened.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        say(f"{file}: {error.strerror}", sys.stderr)
        return 1
    platform = open_platform(data, database_url)
    try:
        prepare(platform)
        done = asyncio.run(importing.import_file(create_app(platform), untrusted, None))
    except Problem as problem:
        say(f"{file}: {problem.detail}", sys.stderr)
        return 1
    finally:
        platform.database.close()
    if out is not None:
        _write(out, done.sealed_answers)
    say(_object(done) if as_json else "\n".join(_lines(done, out)))
    return 3 if done.summary.refused else 0


def revoke_keys(login: str, data: Path, database_url: str | None) -> int:
    """Revoke every key that signs a person's files; gives the exit status."""
    if not _has_data(data, database_url):
        return 1
    platform = open_platform(data, database_url)
    try:
        with platform.database.write() as session:
            actor_id = session.scalar(select(Account.actor_id).where(Account.login == login))
            count = sealing.revoke(session, platform.clock.now(), actor_id) if actor_id else None
    finally:
        platform.database.close()
    if count is None:
        say("There is no such account.", sys.stderr)
        return 1
    say(f"Keys revoked: {count}. Files that they signed are taken no more.")
    return 0


def _has_data(data: Path, database_url: str | None) -> bool:
    if database_url is None and not (data / "platform.db").is_file():
        say(f"{data} holds no data of a platform.", sys.stderr)
        return False
    return True


def _write(out: Path, sealed: bytes) -> None:
    """The whole file or none."""
    beside = out.with_name(f".{out.name}.part")
    with beside.open("wb") as file:
        file.write(sealed)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(out)


def _lines(done: Imported, out: Path | None) -> list[str]:
    summary = done.summary
    lines = [f"Work of {done.author_id}: {summary.taken} taken, {summary.refused} refused."]
    if summary.drafts:
        lines.append(f"Drafts kept for the author: {summary.drafts}.")
    lines += [
        f"  {answer.key}: {answer.status} {answer.code}" for answer in done.answers if not answer.receipt
    ]
    if out is not None:
        lines.append(f"The receipts are in {out}: give them to the author.")
    return lines


def _object(done: Imported) -> str:
    rows = [{"key": a.key, "status": a.status, "code": a.code} for a in done.answers]
    summary = done.summary
    counts = {"taken": summary.taken, "refused": summary.refused, "drafts": summary.drafts}
    return json.dumps({"author": done.author_id, **counts, "rows": rows}, indent=2)
