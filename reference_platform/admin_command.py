"""The command `admin`: what happens to submissions beside the work, for operators and for trying it out."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime

from sqlalchemy.orm import Session

from assessor_app.saying import say
from reference_platform import colleagues, endings, work
from reference_platform.platform import Platform
from reference_platform.problems import Problem
from reference_platform.serving import open_platform


def run(options: argparse.Namespace) -> int:
    """Do one; gives the exit status. The platform may serve meanwhile."""
    if options.database is None and not (options.data / "platform.db").is_file():
        say(f"{options.data} holds no data of a platform.", sys.stderr)
        return 1
    platform = open_platform(options.data, options.database)
    try:
        say(_do(platform, options))
    except Problem as problem:
        say(problem.detail, sys.stderr)
        return 1
    except OSError as error:
        say(f"{options.file}: {error.strerror}", sys.stderr)
        return 1
    finally:
        platform.database.close()
    return 0


def _do(platform: Platform, options: argparse.Namespace) -> str:
    now = platform.clock.now()
    if options.verb == "replace-evidence":
        content = options.file.read_bytes()
        with platform.database.write() as session:
            about = endings.replace_evidence(session, now, platform.blobs, options.id, content)
        return f"{options.id}: {len(content)} new bytes; submission {about} has changed."
    with platform.database.read() as session:
        submission_id = work.id_of_code(session, options.id)
    if options.verb == "erase":
        endings.erase(platform, submission_id)
    else:
        with platform.database.write() as session:
            _end(session, now, options.verb, submission_id)
    return f"{options.id}: done. Workstations learn of it with their next sync."


def _end(session: Session, now: datetime, verb: str, submission_id: str) -> None:
    if verb == "withdraw":
        endings.withdraw(session, now, submission_id)
    elif verb == "end-claim":
        endings.end_claim(session, now, submission_id)
    else:
        submission = work.submission_of(session, submission_id)
        colleagues.hand_over(session, now, submission, None, endings.PLATFORM)
