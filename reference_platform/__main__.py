"""The platform's commands: `serve`, `openapi`, `account`, `dry-run`, `import`, `admin`."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assessor_app.saying import say

if TYPE_CHECKING:
    from reference_platform.seeding import DemoContent


def main(arguments: list[str] | None = None) -> int:
    """Run one command; gives the exit status, whether or not anybody reads to the end."""
    parser = argparse.ArgumentParser(prog="reference_platform", description="A platform for the contract.")
    commands = parser.add_subparsers(dest="command", required=True)

    serve = commands.add_parser("serve", help="run the platform")
    _data_options(serve)
    serve.add_argument("--port", type=int, default=8765, help="0 takes any free port")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on")
    serve.add_argument("--demo", action="store_true", help="load the demo; sign-in without a password")
    serve.add_argument("--evidence", type=Path, help="with --demo: a folder that becomes a submission")
    serve.add_argument("--fresh", action="store_true", help="throw away everything that is there")

    openapi = commands.add_parser("openapi", help="the description of the interface")
    kind = openapi.add_mutually_exclusive_group()
    kind.add_argument("--write", action="store_true", help="write resources/platform-api.json")
    kind.add_argument("--check", action="store_true", help="fail when the file is not up to date")

    _add_account_verbs(commands)
    work = commands.add_parser("import", help="take a file of unsent work")
    _data_options(work)
    work.add_argument("file", type=Path, help="what the workstation exported")
    work.add_argument("--out", type=Path, help="write the receipts there, for the author to read in")
    work.add_argument("--json", action="store_true", help="one JSON object")

    dry_run = commands.add_parser("dry-run", help="what a draft of a rubric makes of past ratings")
    _data_options(dry_run)
    dry_run.add_argument("draft", type=Path, help="the draft as native JSON")
    dry_run.add_argument("--json", action="store_true", help="one JSON object")

    from reference_platform.admin_verbs import add_verbs

    add_verbs(commands.add_parser("admin", help="what happens to submissions beside the work"))

    try:
        options = parser.parse_args(arguments)
    finally:
        # The help is printed by the parser, which ends the program.
        say("", end="")
    if options.command == "dry-run":
        return _dry_run(options)
    if options.command == "admin":
        from reference_platform.admin_command import run

        return run(options)
    if options.command == "import":
        from reference_platform.import_command import import_work

        return import_work(options.file, options.data, options.database, options.out, as_json=options.json)
    if options.command == "openapi":
        return _openapi(write=options.write, check=options.check)
    if options.command == "account":
        return _revoke_keys(options) if options.action == "revoke-keys" else _add_account(options)
    return _serve(options)


def _add_account_verbs(commands: Any) -> None:
    account = commands.add_parser("account", help="people who work here")
    actions = account.add_subparsers(dest="action", required=True)
    add = actions.add_parser("add", help="open an account")
    _data_options(add)
    add.add_argument("login")
    add.add_argument("roles", nargs="+", help="assessor, approver, lead or preassessor")
    add.add_argument("--tz", default="UTC", help="IANA zone of the person")

    revoke = actions.add_parser("revoke-keys", help="take no more files signed on her computers so far")
    _data_options(revoke)
    revoke.add_argument("login")


def _data_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, required=True, help="folder of the platform's data")
    parser.add_argument("--database", help="SQLAlchemy URL; a SQLite file in --data without it")


def _serve(options: argparse.Namespace) -> int:
    from reference_platform.migrate import SchemaNewer
    from reference_platform.serving import serve_until_stopped

    def content(now: datetime) -> DemoContent:
        from reference_platform.demo.content import demo_content

        try:
            return demo_content(options.evidence, now=now)
        except ValueError as error:
            raise SystemExit(f"The demo cannot be loaded: {error}") from error

    try:
        return serve_until_stopped(
            data=options.data,
            database_url=options.database,
            host=options.host,
            port=options.port,
            fresh=options.fresh,
            announce=lambda address: say(f"listening on {address}"),
            content=content if options.demo else None,
            always_load=options.evidence is not None,
        )
    except SchemaNewer as error:
        raise SystemExit(f"Nothing was changed: {error}.") from error


def _openapi(*, write: bool, check: bool) -> int:
    from reference_platform.app import OPENAPI_FILE, openapi_text

    text = openapi_text()
    if write:
        OPENAPI_FILE.write_text(text, encoding="utf-8")
    elif check:
        if not OPENAPI_FILE.is_file() or OPENAPI_FILE.read_text(encoding="utf-8") != text:
            say(f"{OPENAPI_FILE.name} is not up to date: run `python -m reference_platform openapi --write`")
            return 1
    else:
        say(text, end="")
    return 0


def _add_account(options: argparse.Namespace) -> int:
    from assessor_app.domain.roles import Role
    from reference_platform.serving import add_local_account

    password = getpass.getpass("Password: ")
    if len(password) < 12:
        say("A password has at least 12 characters.", sys.stderr)
        return 1
    roles = tuple(Role(role) for role in options.roles)
    actor_id = add_local_account(
        options.data, options.database, login=options.login, roles=roles, tz=options.tz, password=password
    )
    say(f"{options.login} is known to others as {actor_id}")
    return 0


def _revoke_keys(options: argparse.Namespace) -> int:
    from reference_platform.import_command import revoke_keys

    return revoke_keys(options.login, options.data, options.database)


def _dry_run(options: argparse.Namespace) -> int:
    from assessor_app.rubric.dry_run_report import as_lines, as_object
    from assessor_app.rubric.json_reader import RubricInvalid
    from reference_platform.serving import open_platform
    from reference_platform.trying_drafts import draft_of, try_draft

    try:
        draft = draft_of(options.draft)
    except RubricInvalid as error:
        say(f"{options.draft}: {error.path}: {error.sentence}", sys.stderr)
        return 1
    except OSError as error:
        say(f"{options.draft}: {error.strerror}", sys.stderr)
        return 1
    if options.database is None and not (options.data / "platform.db").is_file():
        say(f"{options.data} holds no data of a platform.", sys.stderr)
        return 1
    platform = open_platform(options.data, options.database)
    try:
        with platform.database.read() as session:
            report, work = try_draft(session, draft)
    finally:
        platform.database.close()
    say(
        json.dumps(as_object(report, work), indent=2)
        if options.json
        else "\n".join(as_lines(report, work, draft))
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
