"""Finds words in everything that is indexed on this machine, for one role's inbox."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from assessor_app.cache.engine import Transaction
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.roles import Role
from assessor_app.domain.searching import (
    Found,
    FoundSubmission,
    PlaceKind,
    SearchAnswer,
    match_expression,
    search_words,
)

MOST_PLACES = 300
"""More than so many places are not looked at: somebody who finds so much adds a word."""
SNIPPET_WORDS = 18
_OPEN, _SHUT = "\x02", "\x03"
"""Stand around what was found; no text layer has them."""
_BEFORE_A_MARK = re.compile(f"(?=[{_OPEN}{_SHUT}])")

# One pass: asked for one row after the other, the index would look the words up anew for each.
# Newest first: what was indexed last is what somebody is at. The order in the end is the inbox's.
_PLACES = f"""
    SELECT t.submission_id, t.kind, t.source_id, t.place, t.label,
        snippet(search_index, 0, char(2), char(3), '…', {SNIPPET_WORDS}), f.code, f.title,
        i.band, i.due_order, i.received_us
    FROM search_index x
    CROSS JOIN search_text t ON t.id = x.rowid
    CROSS JOIN inbox_entry i ON i.submission_id = t.submission_id AND i.role = :role
    CROSS JOIN submission_fact f ON f.submission_id = t.submission_id
    WHERE x.search_index MATCH :match
    ORDER BY x.rowid DESC LIMIT :most
"""


def find(
    txn: Transaction,
    role: Role,
    text: str,
    *,
    most: int = MOST_PLACES,
) -> SearchAnswer:
    """Find all places in which every word of `text` stands; the last word may be its beginning only.

    Accents and case make no difference. Words around what was found are not shown where one of them may name
    a person, after what the identity guard found in the submission.

    Args:
        txn: a transaction.
        role: whose inbox; what is not in it is not found.
        text: what was typed.
        most: so many places at most.
    """
    match = match_expression(text)
    if not match:
        return SearchAnswer(text)
    connection = txn.connection.connection.driver_connection
    values: dict[str, Any] = {"match": match, "role": role.value}
    assert connection is not None
    rows = connection.execute(_PLACES, values | {"most": most + 1}).fetchall()
    is_cut = len(rows) > most
    rows = sorted(rows[:most], key=_inbox_order)
    names = _names(connection, {row[0] for row in rows})
    found: dict[SubmissionId, tuple[str, str, list[Found]]] = {}
    for submission_id, kind, source_id, page, label, marked, code, title, *_ in rows:
        place = _place(SubmissionId(submission_id), PlaceKind(kind), source_id, page, label, marked)
        if _names_somebody(place.snippet, names.get(place.submission_id, ())):
            place = replace(place, snippet="", hits=())
        found.setdefault(place.submission_id, (code, title, []))[2].append(place)
    submissions = tuple(
        FoundSubmission(key, code, title, tuple(places)) for key, (code, title, places) in found.items()
    )
    return SearchAnswer(text, submissions, len(rows), is_cut)


# Read as text: the records are many, and of most of them nothing is wanted.
_NAMES = """
    SELECT submission_id, json_extract(CAST(document AS TEXT), '$.words') FROM identity_finding
    WHERE submission_id IN (SELECT value FROM json_each(:ids))
    AND json_array_length(CAST(document AS TEXT), '$.words') > 0
"""


def _names(connection: Any, ids: set[str]) -> dict[SubmissionId, set[str]]:
    """What may name a person in the evidence of some submissions: words and phrases."""
    found: dict[SubmissionId, set[str]] = {}
    for submission_id, words in connection.execute(_NAMES, {"ids": json.dumps(sorted(ids))}):
        found.setdefault(SubmissionId(submission_id), set()).update(json.loads(words))
    return found


def _names_somebody(snippet: str, names: Iterable[str]) -> bool:
    """Whether one of the names stands in a snippet as whole words."""
    said = _plain_words(snippet)
    return any(_plain_words(name) in said for name in names)


def _plain_words(text: str) -> str:
    return f" {' '.join(search_words(text.casefold(), most=None))} "


def _inbox_order(row: Any) -> tuple[Any, ...]:
    """By the inbox's order, within a submission its title first, then by kind and place."""
    submission_id, kind, source_id, page = row[:4]
    return (*row[8:11], submission_id, kind != PlaceKind.TITLE, kind, source_id, page)


def _place(
    submission_id: SubmissionId, kind: PlaceKind, source_id: str, page: int, label: str, marked: str
) -> Found:
    """A row with the marks around what was found turned into positions."""
    plain, hits, start = "", [], 0
    for piece in _BEFORE_A_MARK.split(" ".join(marked.split())):
        if piece.startswith(_OPEN):
            start = len(plain)
        elif piece.startswith(_SHUT):
            hits.append((start, len(plain)))
        plain += piece.lstrip(_OPEN + _SHUT)
    return Found(submission_id, kind, source_id, page, plain, label, tuple(hits))
