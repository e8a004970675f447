"""All files of the corpus and thousands of damaged copies, one after the other, through the real window.

    python3 dev.py bench sturdiness --files 10000 --seed 1

The window is the assessor's workspace on a real store with sealed files. It lives in a process of its own
that is given some hundred files at a time; when it dies or stands still for a minute, that is noted with the
file, and the next one goes on behind it. Two windows run at once (`--jobs`). Stopped with Ctrl-C, the same
command goes on where it was; what happened to each file stands in OUT/*.jsonl, the sums in OUT/result.json.
`--write N DIR` writes file N.
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
import threading
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
    if options.window is not None:
        return _window(options)
    options.out.mkdir(parents=True, exist_ok=True)
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
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1), help="windows at once")
    parser.add_argument("--log", type=Path, help=argparse.SUPPRESS)
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
    with (
        tempfile.TemporaryDirectory(prefix="sturdiness-") as scratch,
        options.log.open("a", encoding="utf-8") as log,
    ):
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
        self._real = len(_originals())
        self._end = self._real + options.files
        self._start = self._real if options.no_originals else 0
        self._started = time.monotonic()
        self._stops = threading.Event()
        self._telling = threading.Lock()
        asked = {"seed": options.seed, "real": self._real}
        meta = self._out / "asked.json"
        is_other = not meta.exists() or json.loads(meta.read_text()) != asked
        if options.anew or is_other:
            for log in self._out.glob("*.jsonl"):
                log.unlink()
            (self._out / "result.json").unlink(missing_ok=True)
        meta.write_text(json.dumps(asked))
        self._before_s = self._seconds_before()

    def go(self) -> int:
        """Run to the end; returns the exit status."""
        ranges = list(range(self._start, self._end, AT_A_TIME))
        jobs = self._options.jobs
        lanes = [threading.Thread(target=self._lane, args=(ranges[job::jobs],)) for job in range(jobs)]
        for lane in lanes:
            lane.start()
        try:
            while any(lane.is_alive() for lane in lanes):
                for lane in lanes:
                    lane.join(0.5)
        except KeyboardInterrupt:
            self._stops.set()
            for lane in lanes:
                lane.join()
            print("Stopped. The same command goes on from here.")
        return self._result()

    def _lane(self, firsts: Sequence[int]) -> None:
        for first in firsts:
            end = min(first + AT_A_TIME, self._end)
            number = _next(self._log(first), first)
            while number < end and not self._stops.is_set():
                self._one_window(first, number, end)
                number = _next(self._log(first), first)
            if self._stops.is_set():
                return
            self._progress()

    def _log(self, first: int) -> Path:
        return self._out / f"{first:06d}.jsonl"

    def _one_window(self, first: int, number: int, end: int) -> None:
        log, complaints = self._log(first), self._out / "windows.log"
        command = [sys.executable, "-m", "benchmarks.sturdiness", "--window", str(number), str(end)]
        command += ["--seed", str(self._options.seed), "--log", str(log)]
        command += ["--convert" if self._options.convert else "--no-convert"]
        with complaints.open("a", encoding="utf-8") as said:
            window = subprocess.Popen(command, stdout=said, stderr=said, start_new_session=True)
            try:
                is_frozen = self._watch(window, log)
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(window.pid, signal.SIGKILL)
                window.wait()
        if self._stops.is_set() or (window.returncode == 0 and not is_frozen):
            return
        doing = max([number, *(line["n"] for line in _read(log) if line.get("begins"))])
        lost = {"n": doing, "window_lost": "frozen" if is_frozen else window.returncode}
        with log.open("a", encoding="utf-8") as lines:
            _say(lines, lost)
        print(f"A window was lost at file {doing}: {lost['window_lost']}; see {complaints}", flush=True)

    def _watch(self, window: subprocess.Popen[bytes], log: Path) -> bool:
        """Wait for its end; True when it said nothing for too long."""
        size, since = -1, time.monotonic()
        while not self._stops.is_set():
            with contextlib.suppress(subprocess.TimeoutExpired):
                window.wait(1.0)
                return False
            now = log.stat().st_size if log.exists() else 0
            if now != size:
                size, since = now, time.monotonic()
            elif time.monotonic() - since > FROZEN_S:
                return True
        return False

    def _all(self) -> list[dict[str, Any]]:
        return [line for log in sorted(self._out.glob("*.jsonl")) for line in _read(log)]

    def _seconds_before(self) -> float:
        result = self._out / "result.json"
        return float(json.loads(result.read_text())["seconds"]) if result.exists() else 0.0

    def _seconds(self) -> float:
        return self._before_s + time.monotonic() - self._started

    def _progress(self) -> None:
        with self._telling:
            summed = summary(self._all())
            print(
                f"{summed['files']:,} of {self._end - self._start:,} in {self._seconds() / 60:.1f} min: "
                f"{summed['shown']:,} shown, {sum(summed['cards'].values()):,} cards, "
                f"{summed['workers_lost_count']} workers lost, {len(summed['windows_lost'])} windows lost, "
                f"longest gap {summed['longest_own_gap_ms']} ms",
                flush=True,
            )
            self._write(summed)

    def _write(self, summed: dict[str, Any]) -> None:
        options = self._options
        asked = {"seed": options.seed, "damaged": options.files, "real": self._real, "windows": options.jobs}
        limits = [LIMITS.open_s, LIMITS.render_s, LIMITS.text_s]
        whole = {**asked, "limits_s": limits, "seconds": round(self._seconds()), **summed}
        (self._out / "result.json").write_text(json.dumps(whole, indent=1), "utf-8")

    def _result(self) -> int:
        summed = summary(self._all())
        self._write(summed)
        print(json.dumps({k: v for k, v in summed.items() if k != "slowest"}, indent=1))
        print(f"{summed['files']:,} files in {self._seconds() / 60:.1f} min; {self._out / 'result.json'}")
        bad = (
            summed["windows_lost"],
            summed["never_came_up"],
            summed["own_gaps_over_250_ms"],
            summed["bugs"],
        )
        return 1 if any(bad) or self._stops.is_set() else 0


def _read(log: Path) -> list[dict[str, Any]]:
    """The lines of a log; a last one that was cut off is left out."""
    found: list[dict[str, Any]] = []
    for line in log.read_text("utf-8").splitlines() if log.exists() else ():
        with contextlib.suppress(ValueError):
            found.append(json.loads(line))
    return found


def _next(log: Path, first: int) -> int:
    """The first file of which nothing is known."""
    done = [line["n"] for line in _read(log) if "result" in line or "window_lost" in line]
    return max(done, default=first - 1) + 1


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
