"""Whether a secret that the tests used stands in what they logged: the run fails if one does.

The tests note every secret that the program makes, keeps or is given, in a folder beside the logs. What is
noted is random or planted, and of use to nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

SHORTEST = 12
"""Shorter secrets stand in other words by chance."""
_WORDS = (
    re.compile(r"[A-Za-z0-9_-]{12,}"),
    re.compile(r"[A-Za-z0-9+/=]{12,}"),
    re.compile(r"[0-9a-fA-F]{32,}"),
)


def noted(folder: Path) -> frozenset[str]:
    """All secrets that were noted, one on a line as hexadecimal UTF-8."""
    found: set[str] = set()
    for file in sorted(folder.glob("*.txt")):
        for line in file.read_text("ascii").splitlines():
            found.add(bytes.fromhex(line).decode("utf-8"))
    return frozenset(secret for secret in found if len(secret) >= SHORTEST)


def found_in(logs: Iterable[Path], secrets: frozenset[str]) -> Iterator[str]:
    """Where a secret stands, as file and line; never the secret."""
    phrases = [secret for secret in secrets if not re.fullmatch(r"[A-Za-z0-9_+/=-]+", secret)]
    small = {secret.lower() for secret in secrets}
    for path in logs:
        with path.open("r", encoding="utf-8", errors="replace") as log:
            for number, line in enumerate(log, 1):
                if _holds(line, secrets, small) or any(phrase in line for phrase in phrases):
                    yield f"{path.name}:{number}"


def _holds(line: str, secrets: frozenset[str], small: set[str]) -> bool:
    for words in _WORDS:
        for word in words.findall(line):
            if word in secrets or word.lower() in small:
                return True
    return False


def report(logs: Path, notes: Path) -> list[str]:
    """Print what the scan came to; gives the checks that failed, as a person would name them."""
    secrets = noted(notes)
    files = sorted(logs.glob("*.log"))
    places = list(found_in(files, secrets))
    size = sum(file.stat().st_size for file in files) / 1_000_000
    print(
        f"\n== secrets in the logs: {len(secrets)} looked for in {size:.0f} MB, {len(places)} found",
        flush=True,
    )
    for place in places[:20]:
        print(f"  {place}")
    return ["secrets in the logs"] if places else []
