"""Pictures of the real window with evidence of each kind and in each state of judging, for looking.

`python3 dev.py looks OUT` (or `python -m tests.looks OUT`) writes NAME-SCHEME-TEXT.png for every kind and
state, light and dark, at 100 % and 150 % text. Narrower: `--only pdf,denial --scheme dark --text 150`, where
the beginning of a state's name stands for all of them; `--list` says the names. `--do ID` runs a command of
the table of keys before the picture is taken, and may be repeated.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication

from assessor_app.cache import annotations as marks
from assessor_app.domain.submissions import Submission
from assessor_app.ui.inbox import Inbox
from assessor_app.ui.main_window import MainWindow
from assessor_app.ui.theme import Scheme, Theme
from assessor_app.ui.waiting_list import WaitingList
from tests.evidence_desk import (
    EvidenceDesk,
    Reader,
    pause,
    put_pieces,
    submission_of,
    wait_until,
)
from tests.looks.marks import marks_on
from tests.looks.pieces import earlier_pieces, pieces
from tests.looks.taking import STATES, grab, take_states

SETTLE_MS = 350
LONGEST_MS = 60_000
SLOW = {"video": 1_500, "audio": 1_500}
"""How much longer some kinds move before they are looked at."""
VIEWS = {
    "coverage": ("pdf", "view.coverage"),
    "comparison": ("pdf", "compare.open"),
    "side_bar": ("remarked", "view.side_bar"),
    "found": ("pdf", "find.all"),
    "tone": ("webp", "view.tone"),
}
"""Pictures of what a command brings: the piece that is open, and the command."""
VIEW_MS = 1_200


def main(arguments: Sequence[str]) -> int:
    """Take the pictures; the status is 1 when a piece did not come up or the program failed somewhere."""
    options = _parser().parse_args(arguments)
    if options.list:
        sys.stdout.write("\n".join(STATES) + "\n")
        return 0
    out: Path = options.out
    out.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme = Theme(app)
    states, has_evidence = _chosen(options.only)
    missing: list[str] = []
    with tempfile.TemporaryDirectory(prefix="looks-") as scratch:
        desk = EvidenceDesk(Path(scratch))
        submission = _lay(desk)
        for scheme in options.scheme or ["light", "dark"]:
            for percent in options.text or [100, 150]:
                theme.apply(Scheme(scheme), percent)
                look = f"{scheme}-{percent}"
                if has_evidence:
                    missing += _take(desk, theme, submission, options, look)
                missing += take_states(states, theme, _size(options), out, look)
        desk.close()
    for name in missing:
        sys.stderr.write(f"did not come up: {name}\n")
    return 1 if missing or desk.bugs else 0


def _chosen(only: str) -> tuple[list[str], bool]:
    """The states that are wanted, and whether evidence is wanted as well."""
    wanted = [name for name in only.split(",") if name]
    if not wanted:
        return list(STATES), True
    states = [name for name in STATES if any(name.startswith(start) for start in wanted)]
    return states, not all(any(name.startswith(start) for name in STATES) for start in wanted)


def _size(options: argparse.Namespace) -> tuple[int, int]:
    width, _, height = options.size.partition("x")
    return int(width), int(height)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="looks", description="Pictures of evidence of each kind, and of each state of judging."
    )
    parser.add_argument("out", type=Path, nargs="?", default=Path("looks"), help="folder for the pictures")
    parser.add_argument("--only", default="", help="kinds and states, with commas between them")
    parser.add_argument("--list", action="store_true", help="say the names of the states")
    parser.add_argument("--scheme", action="append", choices=[str(scheme) for scheme in Scheme])
    parser.add_argument("--text", action="append", type=int, metavar="PERCENT")
    parser.add_argument("--size", default="1400x900", help="of the window, in pixels")
    parser.add_argument("--do", action="append", default=[], metavar="ID", help="a command, such as zoom.in")
    parser.add_argument("--wait", type=int, default=0, metavar="MS", help="wait longer before the picture")
    return parser


def _lay(desk: EvidenceDesk) -> Submission:
    """A submission with everything in it, half rated and full of marks."""
    made = pieces()
    earlier = earlier_pieces()
    submission = submission_of(made, earlier=earlier)
    put_pieces(desk.context, submission, [*made, *earlier])
    with desk.context.store.write() as txn:
        for mark in marks_on(desk, submission, made):
            marks.put(txn, mark)
    return submission


def _places(submission: Submission) -> list[tuple[str, str, str]]:
    """Everything that can be looked at: its name here, what it is, its id."""
    found: list[tuple[str, str, str]] = []
    for part in submission.parts:
        found += [("response", "response", response.id) for response in part.responses[:1]]
        found += [(artifact.id, "artifact", artifact.id) for artifact in part.artifacts]
        found += [("link", "link", link.id) for link in part.links]
    return found


def _take(
    desk: EvidenceDesk, theme: Theme, submission: Submission, options: argparse.Namespace, look: str
) -> list[str]:
    """The pictures of one look; returns the names of what did not come up."""
    inbox = Inbox(lambda ids, deliver: deliver(()), desk.clock.now)
    window = MainWindow(inbox, WaitingList(), theme)
    window.resize(*_size(options))
    workspace = desk.open(submission)
    window.show_workspace(workspace, submission.code)
    window.show()
    window.activateWindow()
    reader = Reader(workspace)
    wanted = [name for name in options.only.split(",") if name]
    missing, seen = [], set()
    for name, kind, key in _places(submission):
        if (wanted and name not in wanted) or name in seen:
            continue
        seen.add(name)
        # One after the other may be the same piece: then it is up already.
        is_same = reader.view.source_id == key
        if not reader.choose(key, kind=kind):
            missing.append(f"{name} ({look})")
            continue
        if not is_same and not wait_until(lambda: reader.is_settled(key), LONGEST_MS):  # noqa: B023
            missing.append(f"{name} ({look})")
        pause(SETTLE_MS + SLOW.get(name, 0))
        for entry_id in options.do:
            _run(window, entry_id)
            pause(SETTLE_MS)
        pause(options.wait)
        grab(window, options.out / f"{name}-{look}")
    if not options.do:
        _take_views(window, reader, wanted, options.out, look)
    window.close()
    window.deleteLater()
    return missing


def _take_views(window: MainWindow, reader: Reader, wanted: list[str], out: Path, look: str) -> None:
    """What a command brings, each on its piece; then one step back out of it."""
    for name, (key, entry_id) in VIEWS.items():
        if wanted and name not in wanted:
            continue
        reader.choose(key)
        wait_until(lambda: reader.is_settled(key), LONGEST_MS if reader.view.source_id != key else SETTLE_MS)  # noqa: B023
        if entry_id == "find.all":
            reader.view.pages.search.start("question", 0)
        _run(window, entry_id)
        pause(VIEW_MS)
        grab(window, out / f"{name}-{look}")
        _run(window, "escape")
        pause(SETTLE_MS)


def _run(window: MainWindow, entry_id: str) -> None:
    """Run a command of the table of keys as its menu entry would."""
    for action in window.findChildren(QAction, entry_id):
        if action.isEnabled():
            action.trigger()
            return
    sys.stderr.write(f"nothing does {entry_id} here\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
