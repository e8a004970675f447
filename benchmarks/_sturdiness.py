"""All files of the corpus and thousands of damaged copies, one after the other, through the real window.

    python3 dev.py bench sturdiness --files 10000 --seed 1

The window is the assessor's workspace on a real store with sealed files. It lives in a process of its own
that is given some hundred files at a time; when it dies or stands still for a minute, that is noted with the
file, and the next one goes on behind it. Stopped with Ctrl-C, the same command goes on where it was; what
happened to each file stands in OUT/files.jsonl, the sums in OUT/result.json. `--write N DIR` writes file N.
The status is 0 when no window was lost or stood still, every file came up, and nothing failed in the program.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from assessor_app.documents.limits import Limits
from tests.mutants import MEDIA_TYPES, Breeder, Mutant, Original, corpus_originals, made_originals

LIMITS = Limits(open_s=4.0, render_s=4.0, text_s=3.0)
"""A fifth of the time that the program itself gives a file: hangs would add up."""
AT_A_TIME = 200
CONVERTS_EVERY = 10
"""In one window of so many, office files are given to LibreOffice where it is installed: seconds for each."""
FROZEN_S = 90.0
"""How long a window may say nothing at all before it is taken for frozen."""
OPEN_MS, PAGE_MS = 60_000, 15_000
FREEZE_GAP_MS = 250.0
OUT = Path("build") / "sturdiness"


def main(arguments: Sequence[str]) -> int:
    """Run, or be one of the windows of a run."""
    options = _parser().parse_args(arguments)
    if options.write is not None:
        number, folder = options.write
        made = _file(int(number), options.seed)
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / made.name).write_bytes(made.data)
        print(made.how)
        return 0
    options.out.mkdir(parents=True, exist_ok=True)
    if options.window is not None:
        return _window(options)
    return Run(options).go()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sturdiness")
    parser.add_argument("--files", type=int, default=10_000, help="damaged copies, beside all real files")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--anew", action="store_true", help="do not go on with what is in OUT")
    parser.add_argument("--no-originals", action="store_true", help="leave the real files out")
    parser.add_argument("--convert", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--write", nargs=2, metavar=("N", "DIR"), help="write file N and do nothing else")
    parser.add_argument("--window", nargs=2, type=int, help=argparse.SUPPRESS)
    return parser


# ---- The files


def _originals() -> list[Original]:
    return [*corpus_originals(), *made_originals()]


def _file(number: int, seed: int) -> Mutant:
    """File `number`: the real ones first, as they are, then the damaged ones."""
    originals = _originals()
    if number < len(originals):
        original = originals[number]
        media_type = MEDIA_TYPES.get(original.extension, "")
        return Mutant(
            f"{number}.{original.extension}", media_type, original.read(), f"as it is: {original.name}"
        )
    return Breeder(originals, seed).mutant(number)


def _files(first: int, end: int, seed: int) -> Iterator[tuple[int, Mutant]]:
    originals = _originals()
    breeder = Breeder(originals, seed)
    for number in range(first, end):
        yield number, (_file(number, seed) if number < len(originals) else breeder.mutant(number))


# ---- A window


def _window(options: argparse.Namespace) -> int:
    """Be a window: go through some files and write a line before and after each."""
    from PySide6.QtWidgets import QApplication

    from assessor_app.ui.theme import Theme
    from assessor_app.ui.tidying import Tidier
    from tests.evidence_desk import EvidenceDesk, Piece, put_pieces, submission_of
    from tests.walk import Walk

    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    Theme(app).apply()
    tidier = Tidier()
    first, end = options.window
    converts = options.convert and first // AT_A_TIME % CONVERTS_EVERY == 1
    made = list(_files(first, end, options.seed))
    pieces = {n: Piece(f"f-{n}", file.name, file.media_type, file.data) for n, file in made}
    with tempfile.TemporaryDirectory(prefix="sturdiness-") as scratch, _lines(options.out) as log:
        desk = EvidenceDesk(Path(scratch), limits=LIMITS, converts=converts)
        submission = submission_of(list(pieces.values()), first + 1)
        put_pieces(desk.context, submission, list(pieces.values()))
        workspace = desk.open(submission)
        workspace.resize(1400, 900)
        workspace.show()
        walk = Walk(workspace, open_ms=OPEN_MS, page_ms=PAGE_MS)
        for number, file in made:
            _say(log, {"n": number, "begins": True})
            outcome = walk.visit(pieces[number])
            line = {"n": number, "name": file.name, "how": file.how, **outcome.as_json()}
            if desk.bugs:
                line["bugs"] = [bug[-2000:] for bug in desk.bugs]
                desk.bugs.clear()
            _say(log, line)
        walk.close()
        workspace.close()
        workspace.deleteLater()
        desk.close()
        tidier.stop()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        _say(log, {"window": [first, end], "peak_mib": peak})
    return 0


@contextlib.contextmanager
def _lines(folder: Path) -> Iterator[Any]:
    with (folder / "files.jsonl").open("a", encoding="utf-8") as log:
        yield log


def _say(log: Any, line: dict[str, Any]) -> None:
    log.write(json.dumps(line) + "\n")
    log.flush()


# ---- A run


class Run:
    """Starts window after window, notes those that are lost, and adds up."""

    def __init__(self, options: argparse.Namespace) -> None:
        """Take up what an earlier run with the same numbers left."""
        self._options = options
        self._out: Path = options.out
        self._log = self._out / "files.jsonl"
        self._real = len(_originals())
        self._end = self._real + options.files
        self._start = self._real if options.no_originals else 0
        asked = {"seed": options.seed, "real": self._real, "start": self._start}
        meta = self._out / "asked.json"
        is_other = not meta.exists() or json.loads(meta.read_text()) != asked
        if options.anew or is_other:
            self._log.unlink(missing_ok=True)
        meta.write_text(json.dumps(asked))

    def go(self) -> int:
        """Run to the end; returns the exit status."""
        started = time.monotonic()
        before = self._seconds_before()
        number = self._next()
        if number > self._start:
            print(f"Going on with file {number}.")
        try:
            while number < self._end:
                self._one_window(number, min(number + AT_A_TIME, self._end))
                number = self._next()
                self._progress(number, before + time.monotonic() - started)
        except KeyboardInterrupt:
            print("Stopped. The same command goes on from here.")
        return self._result(before + time.monotonic() - started)

    def _one_window(self, first: int, end: int) -> None:
        command = [sys.executable, "-m", "benchmarks.sturdiness", "--window", str(first), str(end)]
        command += ["--seed", str(self._options.seed), "--out", str(self._out)]
        command += ["--convert" if self._options.convert else "--no-convert"]
        complaints = self._out / "window.log"
        with complaints.open("a", encoding="utf-8") as said:
            window = subprocess.Popen(command, stdout=said, stderr=said, start_new_session=True)
            try:
                is_frozen = self._watch(window)
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(window.pid, signal.SIGKILL)
                window.wait()
        if is_frozen or window.returncode != 0:
            lost = {"n": self._doing(first), "window_lost": "frozen" if is_frozen else window.returncode}
            with _lines(self._out) as log:
                _say(log, lost)
            print(f"A window was lost at file {lost['n']}: {lost['window_lost']}; see {complaints}")

    def _watch(self, window: subprocess.Popen[bytes]) -> bool:
        """Wait for its end; True when it said nothing for too long."""
        size, since = -1, time.monotonic()
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                window.wait(1.0)
                return False
            now = self._log.stat().st_size if self._log.exists() else 0
            if now != size:
                size, since = now, time.monotonic()
            elif time.monotonic() - since > FROZEN_S:
                return True

    def _read(self) -> list[dict[str, Any]]:
        if not self._log.exists():
            return []
        lines = self._log.read_text("utf-8").splitlines()
        found = []
        for line in lines:
            with contextlib.suppress(ValueError):
                found.append(json.loads(line))
        return found

    def _next(self) -> int:
        """The first file of which nothing is known."""
        done = [line["n"] for line in self._read() if "result" in line or "window_lost" in line]
        return max(done, default=self._start - 1) + 1

    def _doing(self, first: int) -> int:
        begun = [line["n"] for line in self._read() if line.get("begins")]
        return max([first, *begun])

    def _seconds_before(self) -> float:
        result = self._out / "result.json"
        if self._log.exists() and result.exists():
            return float(json.loads(result.read_text()).get("seconds", 0.0))
        return 0.0

    def _progress(self, number: int, seconds: float) -> None:
        done, of = number - self._start, self._end - self._start
        summed = summary(self._read())
        print(
            f"{done:,} of {of:,} in {seconds / 60:.1f} min: {summed['shown']:,} shown, "
            f"{sum(summed['cards'].values()):,} cards, {summed['workers_lost_count']} workers lost, "
            f"{len(summed['windows_lost'])} windows lost, longest gap {summed['longest_own_gap_ms']} ms",
            flush=True,
        )
        self._write(seconds, summed)

    def _write(self, seconds: float, summed: dict[str, Any]) -> None:
        asked = {"seed": self._options.seed, "damaged": self._options.files, "real": self._real}
        whole = {
            **asked,
            "limits_s": [LIMITS.open_s, LIMITS.render_s, LIMITS.text_s],
            "seconds": round(seconds),
        }
        (self._out / "result.json").write_text(json.dumps({**whole, **summed}, indent=1), "utf-8")

    def _result(self, seconds: float) -> int:
        summed = summary(self._read())
        self._write(seconds, summed)
        print(json.dumps({k: v for k, v in summed.items() if k != "slowest"}, indent=1))
        print(f"{summed['files']:,} files in {seconds / 60:.1f} min; {self._out / 'result.json'}")
        bad = (
            summed["windows_lost"],
            summed["never_came_up"],
            summed["own_gaps_over_250_ms"],
            summed["bugs"],
        )
        return 1 if any(bad) else 0


def summary(lines: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What happened to all files so far, added up."""
    files = [line for line in lines if "result" in line]
    results = Counter(line["result"] for line in files)
    lost = Counter(reason for line in files for reason in line.get("lost", ()))
    gaps = [line["own_gap_ms"] for line in files]
    return {
        "files": len(files),
        "shown": results.pop("shown", 0),
        "never_came_up": [_told(line) for line in files if line["result"] == "never came up"],
        "cards": dict(results.most_common()),
        "page_cards": dict(Counter(r for line in files for r in line.get("page_cards", ())).most_common()),
        "workers_lost": dict(lost.most_common()),
        "workers_lost_count": sum(lost.values()),
        "windows_lost": [line for line in lines if "window_lost" in line],
        "bugs": [_told(line) | {"bugs": line["bugs"]} for line in files if "bugs" in line],
        "own_gaps_over_250_ms": [_told(line) for line in files if line["own_gap_ms"] > FREEZE_GAP_MS],
        "wall_gaps_over_250_ms": sum(line["gap_ms"] > FREEZE_GAP_MS for line in files),
        "longest_own_gap_ms": max(gaps, default=0),
        "p99_of_each_file_s_longest_own_gap_ms": _percentile(gaps, 0.99),
        "median_ms_to_viewer_or_card": round(statistics.median(line["ms"] for line in files)) if files else 0,
        "p99_ms_to_viewer_or_card": _percentile([line["ms"] for line in files], 0.99),
        "kinds": _by_kind(files),
        "peak_mib_of_a_window": max((line["peak_mib"] for line in lines if "peak_mib" in line), default=0),
        "slowest": [_told(line) for line in sorted(files, key=lambda line: -line["ms"])[:20]],
    }


def _told(line: dict[str, Any]) -> dict[str, Any]:
    return {key: line[key] for key in ("n", "how", "result", "ms", "gap_ms", "own_gap_ms") if key in line}


def _by_kind(files: Sequence[dict[str, Any]]) -> dict[str, dict[str, int]]:
    kinds: dict[str, Counter[str]] = {}
    for line in files:
        extension = str(line["name"]).rpartition(".")[2]
        kinds.setdefault(extension, Counter())["shown" if line["result"] == "shown" else "card"] += 1
    return {kind: dict(found) for kind, found in sorted(kinds.items())}


def _percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0
