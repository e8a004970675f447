"""The commands of dev.py: each makes sure that everything is set up, then does its one thing."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from devtools.checks import LINT, TEST_SHARES, Wish, run_all
from devtools.environment import ensure_environment
from devtools.places import Places, checkout
from devtools.stop import Stop
from devtools.system_libraries import display_present, ensure_system_libraries

STOPPED_BY_PERSON = 130
"""Exit status after Ctrl-C, as shells count it."""


def main(arguments: Sequence[str]) -> int:
    """Do what the command line says.

    Args:
        arguments: without the program's name; what follows `--` goes to pytest as it is.

    Returns:
        The exit status.
    """
    own, passed_on = _split_at_dashes(list(arguments))
    options, unknown = _parser().parse_known_args(own)
    if unknown and options.command not in ("demo", "platform", "bench", "attack", "looks"):
        _parser().error("unrecognized arguments: " + " ".join(unknown))
    places = checkout()
    try:
        set_up_s = ensure_environment(places)
        if options.command != "platform":
            ensure_system_libraries(os.environ)
        return _run(places, options, unknown + passed_on, set_up_s)
    except Stop as stop:
        print(stop, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Run the same command again to go on.", file=sys.stderr)
        return STOPPED_BY_PERSON


def _run(places: Places, options: argparse.Namespace, passed_on: list[str], set_up_s: float) -> int:
    """The command itself, once everything is set up."""
    if options.command == "test":
        keyword = ["-k", options.k] if options.k else []
        wish = Wish(tuple(options.only or ()), options.large, (*keyword, *passed_on))
        return run_all(places, set_up_s, wish)
    if options.command == "demo":
        return _start(places, ["-m", "assessor_app", *demo_arguments(places, options), *passed_on])
    if options.command == "platform":
        data = ["--data", str(options.data)] if options.data else []
        serve = ["-m", "reference_platform", "serve", "--port", str(options.port)]
        return _start(places, [*serve, *data, *passed_on])
    if options.command == "bench":
        return _bench(places, options.name, passed_on)
    if options.command == "attack":
        return _start(places, ["-m", "attacks", *passed_on])
    if options.command == "contract":
        return _contract(places, options, passed_on)
    if options.command == "looks":
        return _start(places, ["-m", "tests.looks", str(options.out), *passed_on])
    print(f"Everything is set up ({set_up_s:.1f} s).")
    return 0


def _parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(prog="dev.py", description="The one door of the project.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    demo = commands.add_parser("demo", help="open the workstation on a demo platform")
    demo.add_argument("--as", dest="role", choices=("assessor", "approver", "lead"))
    demo.add_argument("--evidence", type=_absolute, metavar="DIR", help="your own files as a submission")
    demo.add_argument("--fresh", action="store_true", help="start over")
    demo.add_argument("--tour", type=_absolute, metavar="OUT", help="go through the whole job, with pictures")
    demo.add_argument("--data", type=_absolute, metavar="DIR", help="where the demo keeps its data")
    test = commands.add_parser("test", help="run every check; after -- come options for pytest")
    test.add_argument("-k", metavar="EXPRESSION", help="only tests whose name fits, as in pytest")
    test.add_argument("--large", action="store_true", help="run the heavy tests too")
    shares = (LINT.name.split()[0], *(share.name for share in TEST_SHARES))
    test.add_argument("--only", action="append", choices=shares, help="only this share; may be repeated")
    platform = commands.add_parser("platform", help="run the reference platform alone")
    platform.add_argument("--port", type=int, default=8765)
    platform.add_argument("--data", type=_absolute, metavar="DIR")
    bench = commands.add_parser("bench", help="run one benchmark, or list them")
    bench.add_argument("name", nargs="?")
    contract = commands.add_parser("contract", help="try a platform at an address against the contract")
    contract.add_argument("address", metavar="URL")
    contract.add_argument("--tokens", type=_absolute, required=True, metavar="FILE", help="JSON, by role")
    contract.add_argument("--writes", action="store_true", help="may write the caller's own drafts")
    commands.add_parser("attack", help="attack one promise, or list the attacks", add_help=False)
    looks = commands.add_parser("looks", help="pictures of the window with evidence of each kind")
    looks.add_argument("out", type=_absolute, metavar="OUT")
    commands.add_parser("setup", help="set everything up and do nothing else")
    return parser


def _absolute(path: str) -> Path:
    """A path of the person's, fixed before the program starts in the checkout's folder."""
    return Path(path).expanduser().absolute()


def _split_at_dashes(arguments: list[str]) -> tuple[list[str], list[str]]:
    """What stands before and after a lone `--`."""
    if "--" not in arguments:
        return arguments, []
    at = arguments.index("--")
    return arguments[:at], arguments[at + 1 :]


def demo_arguments(places: Places, options: argparse.Namespace) -> list[str]:
    """The options of the demo; where no window can open, the tour takes the demo's place."""
    tour: Path | None = options.tour
    if not display_present(os.environ):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        where = tour or places.build / "tour"
        print(f"There is no display here, so the tour runs offscreen; its pictures go to {where}.")
        tour = where
    arguments = ["demo"]
    for name, value in (("--as", options.role), ("--evidence", options.evidence), ("--tour", tour)):
        if value:
            arguments += [name, str(value)]
    arguments += ["--data", str(options.data)] if options.data else []
    return arguments + (["--fresh"] if options.fresh else [])


def _start(places: Places, arguments: list[str]) -> int:
    """Become the program in the environment (a child on Windows, which cannot do that)."""
    command = [str(places.python), *arguments]
    sys.stdout.flush()
    os.chdir(places.root)
    if os.name != "nt":
        os.execv(command[0], command)
    return subprocess.run(command, check=False).returncode


def _contract(places: Places, options: argparse.Namespace, passed_on: list[str]) -> int:
    """The contract's cases that need an address alone, on a server of somebody's."""
    os.environ["ASSESSOR_CONTRACT_SERVER"] = options.address
    os.environ["ASSESSOR_CONTRACT_TOKENS"] = str(options.tokens)
    os.environ["ASSESSOR_CONTRACT_WRITES"] = "1" if options.writes else "0"
    return _start(places, ["-m", "pytest", "-q", "tests/contract/test_any_server.py", *passed_on])


def _bench(places: Places, name: str | None, passed_on: list[str]) -> int:
    """Run `benchmarks/<name>.py`, or say which there are."""
    folder = places.root / "benchmarks"
    known = sorted(file.stem for file in folder.glob("*.py") if not file.stem.startswith("_"))
    if name in known:
        return _start(places, ["-m", f"benchmarks.{name}", *passed_on])
    print("Benchmarks: " + (", ".join(known) or "none yet"))
    return 1 if name else 0
