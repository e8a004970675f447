"""What was found in a file, as an object for scripts and as lines for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from assessor_app.documents.sniff import Kind
from assessor_app.documents.text_layer import clean_text
from assessor_app.services.inspecting import Found, PageFound, Refused, SheetFound

_NAME_WIDTH = 12


def as_object(found: Found) -> dict[str, Any]:
    """The object that `inspect --json` prints on a line of its own; the user guide describes it."""
    return {
        "file": found.name,
        "size_bytes": found.size_bytes,
        "sha256": found.sha256,
        "sniffed": found.sniffed.value,
        "shown": found.refused is None,
        "kind": found.kind.value if found.kind is not None else None,
        "refused": _refused(found.refused),
        "page_count": found.page_count,
        "pages": [
            {
                "width_pt": round(page.width_pt, 2),
                "height_pt": round(page.height_pt, 2),
                "words": page.words,
                "characters": page.characters,
                "refused": _refused(page.refused),
            }
            for page in found.pages
        ],
        "has_text": found.has_text,
        "words": found.words,
        "characters": found.characters,
        "annotations": found.annotations,
        "outline": found.outline,
        "recording": asdict(found.recording) if found.recording is not None else None,
        "sheets": [
            {
                "name": sheet.name,
                "rows": sheet.rows,
                "columns": sheet.columns,
                "cells": sheet.cells,
                "hidden": sheet.is_hidden,
            }
            for sheet in found.sheets
        ],
        "notes": list(found.notes),
        "pictures": list(found.pictures),
        "milliseconds": dict(found.milliseconds),
    }


def as_lines(found: Found) -> list[str]:
    """What a person reads in a terminal."""
    if found.refused is not None:
        rows = [f"{clean_text(found.name)}: not shown. {found.refused.title} ({found.refused.reason})"]
    else:
        kind = found.kind.value if found.kind is not None else ""
        pages = f", {_counted(found.page_count, 'page')}" if found.page_count else ""
        rows = [f"{clean_text(found.name)}: shown as {kind}{pages}"]
    table = [
        ("file", f"{found.size_bytes:,} bytes, by its content {found.sniffed.value}"),
        ("SHA-256", found.sha256),
        ("size", _sizes(found.pages, "px" if found.kind is Kind.IMAGE else "pt")),
        ("text", _text(found)),
        ("recording", _recording(found)),
        *(("sheet", _sheet(sheet)) for sheet in found.sheets),
        ("in the file", _parts(found)),
        ("note", " ".join(found.notes)),
        *(
            ("refused", f"page {n}: {page.refused.title} ({page.refused.reason})")
            for n, page in enumerate(found.pages, 1)
            if page.refused is not None
        ),
        *(("picture", picture) for picture in found.pictures),
        ("time", ", ".join(f"{step} {ms:g} ms" for step, ms in found.milliseconds.items())),
    ]
    return rows + [f"  {name:<{_NAME_WIDTH}}{words}" for name, words in table if words]


def _refused(refused: Refused | None) -> dict[str, str] | None:
    return None if refused is None else {"reason": refused.reason, "title": refused.title}


def _text(found: Found) -> str:
    if found.refused is not None:
        return ""
    if not found.has_text:
        return "none" if found.page_count else ""
    return f"{_counted(found.words, 'word')}, {_counted(found.characters, 'character')}"


def _recording(found: Found) -> str:
    facts = found.recording
    if facts is None:
        return ""
    picture = f"{facts.width_px} x {facts.height_px} px, {facts.frames_per_s:g} frames a second"
    tracks = [*([picture] if facts.has_video else []), *(["sound"] if facts.has_audio else [])]
    return ", ".join([f"{facts.duration_ms / 1000:g} s", *tracks])


def _sheet(sheet: SheetFound) -> str:
    hidden = ", hidden" if sheet.is_hidden else ""
    size = f"{_counted(sheet.rows, 'row')}, {_counted(sheet.columns, 'column')}"
    return f"{sheet.name}: {size}, {_counted(sheet.cells, 'filled cell')}{hidden}"


def _parts(found: Found) -> str:
    """What the learner left in the file, and its outline: "2 comments, 1 mark, outline of 12"."""
    parts = [_counted(count, kind.replace("_", " ")) for kind, count in (found.annotations or {}).items()]
    return ", ".join([*parts, *([f"outline of {found.outline}"] if found.outline else [])])


def _sizes(pages: Sequence[PageFound], unit: str) -> str:
    """Page sizes, equal neighbours together: "1 to 3: 595 x 842 pt, 4: 842 x 595 pt"."""
    runs: list[tuple[int, int, str]] = []
    for number, page in enumerate(pages, 1):
        size = f"{page.width_pt:g} x {page.height_pt:g} {unit}"
        if runs and runs[-1][2] == size:
            runs[-1] = (runs[-1][0], number, size)
        else:
            runs.append((number, number, size))
    if len(runs) == 1:
        return runs[0][2]
    return ", ".join(f"{a}: {size}" if a == b else f"{a} to {b}: {size}" for a, b, size in runs)


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"
