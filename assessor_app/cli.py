"""The command line: opens the workstation, or the demo with its own platform, or looks at single files."""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from assessor_app.domain.roles import Role
from assessor_app.errors import KnownError
from assessor_app.saying import say

DEMO_MARK = "demo.json"
"""What the demo leaves in its folder first of all."""
NAME_CHARS = 80
"""How much of a file's name stands in the names of its pictures."""
PICTURES = 10
"""Of how many pages `inspect --png` writes pictures, unless told otherwise."""
RUBRIC_FORMS = ("case", "open-badges", "canvas-csv", "native")
"""What `rubric convert` writes."""
DEMO_ROLES = tuple(role.value for role in Role)


def main(arguments: Sequence[str]) -> int:
    """Run one command.

    Returns:
        The exit status: 0 when all went well, 1 for a trouble that is told in a sentence, 2 for wrong use;
        `doctor` answers with its own. Whether anybody reads to the end makes no difference to it.
    """
    parser = _parser()
    try:
        chosen = parser.parse_args(arguments)
    finally:
        # The help is printed by the parser, which ends the program.
        say("", end="")
    try:
        if chosen.command == "demo":
            return _demo(chosen)
        if chosen.command == "inspect":
            _check_files(parser, chosen)
            return _inspect(chosen)
        if chosen.command == "doctor":
            return _doctor(chosen)
        if chosen.command == "rubric":
            _check_files(parser, chosen)
            return _rubric(chosen)
        return _open(chosen)
    except KnownError as error:
        say(str(error), sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="assessor_app", description="The Assessor Workstation.")
    parser.add_argument("--data", type=Path, help="folder for profiles, settings and logs")
    parser.add_argument("--platform", help="address of the platform, such as https://assess.example.org")
    parser.add_argument("--account", default="", help="account to suggest at sign-in")
    parser.add_argument(
        "--profile",
        default="",
        metavar="NAME",
        help="an account that is here already: your name for it, or account@platform",
    )
    parser.add_argument("--role", choices=[role.value for role in Role], help="else that of last time")
    parser.add_argument("--drive", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--demo-sign-in", action="store_true", help=argparse.SUPPRESS)
    commands = parser.add_subparsers(dest="command")
    demo = commands.add_parser("demo", help="try it on an embedded demo platform")
    demo.add_argument("--as", dest="role", choices=DEMO_ROLES, default=Role.ASSESSOR.value)
    demo.add_argument("--evidence", type=Path, help="a folder of your own files, as one more submission")
    demo.add_argument("--fresh", action="store_true", help="start over")
    demo.add_argument("--tour", type=Path, metavar="OUT", help="go through the whole job without a person")
    demo.add_argument("--data", type=Path, help="folder for the demo's data")
    inspect = commands.add_parser("inspect", help="say what the viewer makes of files, without a window")
    inspect.add_argument("files", type=Path, nargs="+", metavar="FILE")
    inspect.add_argument("--json", action="store_true", help="one object for each file, each on a line")
    inspect.add_argument("--png", type=Path, metavar="DIR", help="write pictures of the first pages there")
    inspect.add_argument("--pages", type=int, default=PICTURES, metavar="N", help="of how many pages")
    doctor = commands.add_parser("doctor", help="say whether this computer is fit and safe to set up anew")
    doctor.add_argument("--json", action="store_true", help="one JSON object")
    for name, kind in (("--data", Path), ("--platform", str)):
        # What stands before the command holds as well.
        doctor.add_argument(name, type=kind, default=argparse.SUPPRESS, help="as for a start")
    _rubric_options(
        commands.add_parser("rubric", help="check, convert and try out rubrics, without a window")
    )
    return parser


def _rubric_options(rubric: argparse.ArgumentParser) -> None:
    actions = rubric.add_subparsers(dest="action", required=True)
    check = actions.add_parser("check", help="say whether a rubric can be judged by")
    convert = actions.add_parser("convert", help="write a rubric in another form")
    convert.add_argument("--to", choices=RUBRIC_FORMS, required=True, help="the form to write")
    convert.add_argument("--out", type=Path, metavar="OUT", help="file to write; else it is printed")
    convert.add_argument("--address", default="", help="the issuer's address, from which ids are made")
    rate = actions.add_parser("evaluate", help="what the award rule says to ratings, and why")
    rate.add_argument("--ratings", type=Path, required=True, metavar="RATINGS", help="ratings as JSON")
    dry_run = actions.add_parser("dry-run", help="what a draft would have made of past ratings")
    dry_run.add_argument("--against", type=Path, required=True, metavar="OLD", help="the version rated under")
    dry_run.add_argument("--ratings", type=Path, required=True, metavar="PAST", help="past and open work")
    diff = actions.add_parser("diff", help="what changed between two versions")
    diff.add_argument("old", type=Path, metavar="OLD")
    for action in (check, convert, rate, dry_run, diff):
        action.add_argument("file", type=Path, metavar="NEW" if action is diff else "FILE")
        action.add_argument("--rubric", help="its name, where a file holds several")
        action.add_argument(
            "--passing", metavar="LABEL", help="lowest level that passes, in CASE and CSV files"
        )
    for action in (rate, dry_run, diff):
        action.add_argument("--json", action="store_true", help="one JSON object")


def _open(chosen: argparse.Namespace) -> int:
    from assessor_app.app import Start, run

    return run(
        Start(
            data_dir=chosen.data,
            origin=chosen.platform,
            account=chosen.account,
            profile=chosen.profile,
            role=Role(chosen.role) if chosen.role else None,
            is_demo=chosen.demo_sign_in,
            is_driven=chosen.drive,
        )
    )


def _demo(chosen: argparse.Namespace) -> int:
    from assessor_app.tour import conductor, demo

    _check_folders(chosen.data, chosen.evidence)
    _end_with_the_window()
    folder = demo.demo_folder(chosen.data)
    if chosen.tour is not None:
        return conductor.tour(chosen.tour, folder=chosen.data, evidence=chosen.evidence)
    return demo.run(folder, role=Role(chosen.role), evidence=chosen.evidence, fresh=chosen.fresh)


def _check_folders(data: Path | None, evidence: Path | None) -> None:
    """Refuse a folder of evidence that is not there, and data among files that are not the demo's own.

    Starting over empties the folder of the data, so it must be the demo's.

    Raises:
        KnownError: with the reason.
    """
    if evidence is not None and not evidence.is_dir():
        raise KnownError(
            "There is no such folder", f"{evidence} is not a folder of files.", "Name another one."
        )
    if evidence is not None and not any(_is_shown(path) for path in evidence.rglob("*")):
        raise KnownError(
            "The folder is empty", f"{evidence} holds no file that could be shown.", "Name another one."
        )
    if data is None or not data.exists():
        return
    if not data.is_dir() or (any(data.iterdir()) and not (data / DEMO_MARK).exists()):
        raise KnownError(
            "The demo's data need a folder of their own",
            f"{data} holds something else. Nothing was changed.",
            "Name an empty folder, or one that does not exist yet.",
        )


def _check_files(parser: argparse.ArgumentParser, chosen: argparse.Namespace) -> None:
    """End with status 2 where a file is not there, or a number of pages makes no sense."""
    named = [getattr(chosen, name, None) for name in ("file", "ratings", "against", "old")]
    for path in [*getattr(chosen, "files", []), *filter(None, named)]:
        if not path.is_file():
            parser.error(f"{path} is not a file")
    if getattr(chosen, "pages", 1) < 1:
        parser.error("--pages takes a number from 1 upwards")


def _doctor(chosen: argparse.Namespace) -> int:
    """Say whether this computer is fit.

    Returns:
        0 when all is well, 1 with a warning, 2 with a problem.
    """
    from assessor_app import config as configuration
    from assessor_app.clock import Clock
    from assessor_app.services import doctor, doctor_report

    try:
        config = configuration.load_config(data_dir=chosen.data)
    except KnownError:
        config = None
    passphrase = os.environ.get(configuration.PASSPHRASE_VARIABLE)
    found = doctor.examine(config, Clock(), origin=chosen.platform, passphrase=passphrase)
    told = doctor_report.as_object(found)
    say(json.dumps(told, indent=2) if chosen.json else "\n".join(doctor_report.as_lines(found)))
    return doctor_report.STATUS[found.grade]


def _rubric(chosen: argparse.Namespace) -> int:
    from assessor_app import rubric_command

    return rubric_command.run(chosen)


def _inspect(chosen: argparse.Namespace) -> int:
    """Say what the viewer makes of each file.

    Returns:
        1 when a file could not be read or a picture not be written; a file that is refused is no failure.
    """
    from assessor_app.clock import Clock
    from assessor_app.documents.pages import PagePixels
    from assessor_app.documents.png import png_of
    from assessor_app.documents.renderer import Renderer
    from assessor_app.services.inspecting import Inspector
    from assessor_app.services.inspection_report import as_lines, as_object
    from assessor_app.ui.viewers.media import probe_start

    status, clock = 0, Clock()
    renderer = Renderer(clock=clock)
    try:
        renderer.status()  # so that the first file's time is not that of a child's start
        with tempfile.TemporaryDirectory(prefix="assessor-inspect-") as private:
            inspector = Inspector(renderer, Path(private), clock, player=probe_start.main)
            for number, path in enumerate(chosen.files, 1):

                def picture(page: int, pixels: PagePixels, number: int = number, path: Path = path) -> str:
                    chosen.png.mkdir(parents=True, exist_ok=True)
                    name = re.sub(r"[^\w.-]+", "_", path.name)[:NAME_CHARS]
                    target: Path = chosen.png / f"{number:02d}-{name}-page-{page + 1}.png"
                    target.write_bytes(png_of(pixels))
                    return str(target)

                try:
                    wanted = chosen.pages if chosen.png is not None else 0
                    found = inspector.inspect(path, picture=picture, pictures=wanted)
                except OSError as error:
                    say(f"{error.filename or path}: {error.strerror}", sys.stderr)
                    status = 1
                    continue
                if not say(json.dumps(as_object(found)) if chosen.json else "\n".join(as_lines(found))):
                    break
    finally:
        renderer.close()
    return status


def _is_shown(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(".")


def _end_with_the_window() -> None:
    """Ctrl+C reaches the window as well, which closes as always; this process then ends the platform."""
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
