"""The command `rubric`, for issuers and scripts: check, convert, evaluate, dry-run and diff.

What it prints is plain text, or JSON with `--json`; remarks and errors go to the error stream. An error names
the file and the place in it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assessor_app.errors import KnownError, NotWritten
from assessor_app.rubric.award_rule import Verdict, outcome_of
from assessor_app.rubric.difference import RubricDifference, difference
from assessor_app.rubric.dry_run import dry_run, touched
from assessor_app.rubric.dry_run_report import as_lines, as_object
from assessor_app.rubric.exchange.canvas_csv import canvas_csv, is_canvas_csv, rubric_from_canvas_csv
from assessor_app.rubric.exchange.case_export import case_package
from assessor_app.rubric.exchange.case_import import rubric_from_case
from assessor_app.rubric.exchange.open_badges import open_badges
from assessor_app.rubric.exchange.report import NotCarried, grouped
from assessor_app.rubric.json_reader import RubricInvalid
from assessor_app.rubric.json_text import MAX_BYTES, decoded, parsed, pointer_of
from assessor_app.rubric.native import rubric_from_json, rubric_hash, rubric_to_json
from assessor_app.rubric.ratings_file import history_from_json, ratings_from_json
from assessor_app.rubric.rule_words import rule_in_words
from assessor_app.rubric.schema import RubricVersion
from assessor_app.saying import hush


class FileInvalid(KnownError):
    """A file of the command line that cannot be used, with the place in it."""


@dataclass(frozen=True, slots=True)
class ReadRubric:
    """A rubric from a file, whatever form it had."""

    version: RubricVersion
    form: str
    """`native`, `case` or `canvas-csv`."""
    remarks: tuple[NotCarried, ...] = ()


def run(chosen: argparse.Namespace) -> int:
    """Run one of the commands.

    Returns:
        The exit status, 0.

    Raises:
        KnownError: a file cannot be read, used or written.
    """
    rubric = read_rubric(chosen.file, rubric=chosen.rubric, passing=chosen.passing)
    actions = {
        "check": _check,
        "convert": _convert,
        "evaluate": _evaluate,
        "dry-run": _dry_run,
        "diff": _diff,
    }
    try:
        actions[chosen.action](rubric, chosen)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads has seen enough; what is still to be written at the end goes nowhere.
        hush(sys.stdout, sys.stderr)
    return 0


def read_rubric(path: Path, *, rubric: str | None = None, passing: str | None = None) -> ReadRubric:
    """A rubric from a file: native JSON, a CASE package or a Canvas CSV file, told by its content.

    Raises:
        FileInvalid: it cannot be read or used, with the place.
    """
    text = _text(path)
    if text.lstrip()[:1] in ("{", "["):
        data = _data(path, text)
        if isinstance(data, dict) and ("CFDocument" in data or "CFRubrics" in data):
            with _places(path, data):
                version, remarks = rubric_from_case(data, rubric=rubric, passing=passing)
            return ReadRubric(version, "case", remarks)
        with _places(path, data):
            return ReadRubric(rubric_from_json(data), "native")
    if is_canvas_csv(text):
        with _places(path):
            version, remarks = rubric_from_canvas_csv(text, rubric=rubric, passing=passing)
        return ReadRubric(version, "canvas-csv", remarks)
    raise _invalid(path, "", "it is neither JSON nor a rubric file of Canvas.")


@contextmanager
def _places(path: Path, data: Any = None) -> Iterator[None]:
    """Name the file, and the place in it as a JSON pointer, in an error about it."""
    try:
        yield
    except RubricInvalid as error:
        place = error.path
        if data is not None:
            place = "" if place == WHOLE else pointer_of(place, data)
        raise _invalid(path, place, error.sentence) from None


WHOLE = RubricInvalid("", "").path


def _invalid(path: Path, place: str, sentence: str) -> FileInvalid:
    where = f"{path}: {place}: " if place and place != WHOLE else f"{path}: "
    return FileInvalid("This file cannot be used", _shown(f"{where}{sentence}"))


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _invalid(path, "", f"it cannot be read ({error.strerror}).") from error
    with _places(path):
        return decoded(data)


def _data(path: Path, text: str) -> Any:
    with _places(path):
        return parsed(text)


def _check(rubric: ReadRubric, chosen: argparse.Namespace) -> None:
    version = rubric.version
    criteria = _count(len(version.criteria), "criterion", "criteria")
    requirements = _count(len(version.requirements), "requirement", "requirements")
    _say(f"{chosen.file}: this rubric can be judged by.")
    _say(f"{version.title}, version {version.version}, {version.status.value} ({rubric.form})")
    _say(f"{criteria} in {requirements}. {rule_in_words(version)}")
    _say(f"Hash: {rubric_hash(version)}")
    _tell(rubric.remarks, "Read")


def _count(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"


def _convert(rubric: ReadRubric, chosen: argparse.Namespace) -> None:
    version = rubric.version
    remarks: tuple[NotCarried, ...] = ()
    if chosen.to == "canvas-csv":
        content, remarks = canvas_csv(version)
    elif chosen.to == "native":
        content = _pretty(rubric_to_json(version))
    else:
        data, remarks = (case_package if chosen.to == "case" else open_badges)(version, chosen.address)
        content = _pretty(data)
    if chosen.out is None:
        # As a file would hold it, whatever the terminal's own encoding is.
        sys.stdout.buffer.write(content.encode("utf-8"))
        sys.stdout.buffer.flush()
    else:
        try:
            chosen.out.write_bytes(content.encode("utf-8"))
        except OSError as error:
            raise NotWritten(
                "The file was not written", f"{chosen.out}: {error.strerror}.", "Name another place."
            ) from error
    _tell(rubric.remarks, "Read")
    _tell(remarks, "Written")


def _evaluate(rubric: ReadRubric, chosen: argparse.Namespace) -> None:
    data = _data(chosen.ratings, _text(chosen.ratings))
    with _places(chosen.ratings, data):
        work = ratings_from_json(data, rubric.version)
    verdict = work.verdict(rubric.version)
    if chosen.json:
        _say_json(_verdict_json(rubric.version, verdict))
        return
    _say(f"{verdict.result.value}: {outcome_of(verdict.result).value}")
    for reason in verdict.reasons:
        _say(f"- {reason.text}")


def _verdict_json(version: RubricVersion, verdict: Verdict) -> dict[str, object]:
    return {
        "rubric": {"id": version.id, "version": version.version, "hash": rubric_hash(version)},
        "result": verdict.result.value,
        "outcome": outcome_of(verdict.result).value,
        "reasons": [
            {
                "code": reason.code.value,
                "result": reason.result.value,
                "criteria": list(reason.criteria),
                "text": reason.text,
            }
            for reason in verdict.reasons
        ],
    }


def _dry_run(rubric: ReadRubric, chosen: argparse.Namespace) -> None:
    old = read_rubric(chosen.against, rubric=chosen.rubric, passing=chosen.passing).version
    data = _data(chosen.ratings, _text(chosen.ratings))
    with _places(chosen.ratings, data):
        past, open_work = history_from_json(data, old)
    report, work = dry_run(rubric.version, past), touched(rubric.version, open_work)
    if chosen.json:
        _say_json(as_object(report, work))
    else:
        _say("\n".join(as_lines(report, work, rubric.version)))


def _diff(rubric: ReadRubric, chosen: argparse.Namespace) -> None:
    old = read_rubric(chosen.old, rubric=chosen.rubric, passing=chosen.passing).version
    changed = difference(old, rubric.version)
    if chosen.json:
        _say_json(_difference_json(changed))
        return
    if not changed.changes:
        _say("Nothing changed that an assessor or a learner would read.")
    for change in changed.changes:
        _say(f"[{change.effect.value}] {change.text}")
        for sign, text in (("-", change.before), ("+", change.after)):
            if text:
                _say(f"    {sign} {' '.join(text.split())}")
    for change in changed.broken_word:
        _say(f"The new version calls itself editorial, but: {change.text}")


def _difference_json(changed: RubricDifference) -> dict[str, object]:
    return {
        "old": {"id": changed.old.id, "version": changed.old.version},
        "new": {"id": changed.new.id, "version": changed.new.version},
        "touches_ratings": changed.touches_ratings,
        "criteria": list(changed.criteria),
        "changes": [
            {
                "kind": change.kind.value,
                "effect": change.effect.value,
                "text": change.text,
                "before": change.before,
                "after": change.after,
                "criterion_id": change.criterion_id,
                "requirement_id": change.requirement_id,
                "level": change.level,
                "criteria": list(change.criteria),
                "is_denied": change in changed.broken_word,
            }
            for change in changed.changes
        ],
    }


def _pretty(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _say_json(data: object) -> None:
    """One object in letters that every terminal knows."""
    sys.stdout.write(json.dumps(data, indent=2, allow_nan=False) + "\n")


def _tell(remarks: Sequence[NotCarried], done: str) -> None:
    """What does not carry over, on the error stream; the same of several places once."""
    for line in _remark_lines(remarks, done):
        _say(line, sys.stderr)


def _remark_lines(remarks: Sequence[NotCarried], done: str) -> Iterator[str]:
    if remarks:
        yield f"{done}; this does not carry over as it is:"
    for remark, times in grouped(remarks):
        place = remark.place or "(whole rubric)"
        more = f" and {times - 1} more" if times > 1 else ""
        yield f"- {remark.how.value.replace('_', ' ')}: {remark.what} at {place}{more}. {remark.why}"


def _say(text: str, stream: Any = None) -> None:
    """Print a line that may hold a stranger's words, in letters that the terminal knows."""
    stream = stream or sys.stdout
    encoding = stream.encoding or "utf-8"
    print(_shown(text).encode(encoding, "backslashreplace").decode(encoding), file=stream)


def _shown(text: str) -> str:
    """A text in which nothing moves a terminal's cursor or changes its colours."""
    return "".join(char if char.isprintable() or char in " \n" else _spelt(char) for char in text)


def _spelt(char: str) -> str:
    return " " if char.isspace() else f"\\u{ord(char):04x}"
