"""What was found out about this computer, as an object for programs and as lines to read aloud."""

from __future__ import annotations

from typing import Any

from assessor_app.services.doctor import SCHEMA, Examination, Grade

STATUS = {Grade.OK: 0, Grade.WARNING: 1, Grade.PROBLEM: 2}
"""The exit status of the command."""
_MARKS = {Grade.OK: "ok      ", Grade.WARNING: "WARNING ", Grade.PROBLEM: "PROBLEM "}
_INDENT = " " * 8


def as_object(found: Examination) -> dict[str, Any]:
    """The object that `doctor --json` prints; docs/command-line.md describes it."""
    return {
        "schema": SCHEMA,
        "at": found.at.isoformat(),
        "status": found.grade.value,
        "safe_to_reimage": found.safe_to_reimage,
        "versions": dict(found.versions),
        "checks": [
            {
                "id": check.id,
                "status": check.grade.value,
                "profile": check.profile or None,
                "sentence": check.sentence,
                "advice": check.advice,
                "facts": dict(check.facts),
            }
            for check in found.checks
        ],
    }


def as_lines(found: Examination) -> list[str]:
    """Three lines that say it all, then each check."""
    fit = {
        Grade.OK: "This computer is fit for the work.",
        Grade.WARNING: "This computer is fit for the work, with something to know.",
        Grade.PROBLEM: "This computer needs somebody's attention.",
    }
    safe = {
        True: "It is safe to set it up anew: nothing is on this computer alone.",
        False: "It is NOT safe to set it up anew: work is on this computer alone.",
        None: "It is not known whether it is safe to set it up anew.",
    }
    named = found.versions
    made_of = f"Workstation {named['program']}, contract {named['contract']}, Python {named['python']}, "
    made_of += (
        f"Qt {named['qt']}, SQLCipher {named['sqlcipher']}, PyMuPDF {named['pymupdf']}, {named['system']}."
    )
    lines = [fit[found.grade], safe[found.safe_to_reimage], made_of, ""]
    for check in sorted(found.checks, key=lambda check: -list(Grade).index(check.grade)):
        lines.append(_MARKS[check.grade] + check.sentence)
        if check.advice:
            lines.append(_INDENT + check.advice)
    return lines
