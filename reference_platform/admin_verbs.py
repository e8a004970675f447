"""The verbs of the command `admin` in words; loads nothing, so that other commands start at once."""

from __future__ import annotations

import argparse
from pathlib import Path

VERBS = {
    "withdraw": "the learner takes the submission back",
    "reassign": "somebody else gets the work: whoever may have it and has least to do",
    "end-claim": "a claim whose time is over ends; the submission is in the queue again",
    "erase": "the learner of this submission is erased, with everything that she handed in",
    "replace-evidence": "other bytes take the place of an artifact's; ID is the artifact's",
}


def add_verbs(parser: argparse.ArgumentParser) -> None:
    """Describe the verbs."""
    verbs = parser.add_subparsers(dest="verb", required=True)
    for name, words in VERBS.items():
        verb = verbs.add_parser(name, help=words)
        verb.add_argument("id", help="of the submission, or its code such as S-4F2K")
        verb.add_argument("--data", type=Path, required=True, help="folder of the platform's data")
        verb.add_argument("--database", help="SQLAlchemy URL; a SQLite file in --data without it")
        if name == "replace-evidence":
            verb.add_argument("--file", type=Path, required=True, help="the new bytes")
