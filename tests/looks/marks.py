"""Marks of every kind on the pieces that are looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assessor_app.documents.anchoring import Target, anchor_box, anchor_plain, anchor_words, plain_text
from assessor_app.documents.cards import RefusedWithCard
from assessor_app.documents.pages import PageSize
from assessor_app.documents.sniff import Kind
from assessor_app.domain.annotations import (
    Anchor,
    Annotation,
    AnnotationKind,
    Audience,
    Rect,
    SourceKind,
    TimeSpan,
)
from assessor_app.domain.canonical import sha256_hex
from assessor_app.domain.submissions import Submission
from assessor_app.services import reading
from tests import builders
from tests.builders import CRITERIA
from tests.evidence_desk import EvidenceDesk, Piece

WORDS = (AnnotationKind.HIGHLIGHT, AnnotationKind.UNDERLINE, AnnotationKind.STRIKE_OUT)
AREAS = (AnnotationKind.BOX, AnnotationKind.ELLIPSE, AnnotationKind.FREE_TEXT)
POINTS = (AnnotationKind.NOTE, AnnotationKind.QUESTION)
PATHS = (AnnotationKind.INK, AnnotationKind.ARROW)
COLOURS = ("orange", "sky", "green", "yellow", "blue", "purple")
COMMENTS = (
    "Names what students said, in their words.",
    "Which question was this an answer to?",
    "",
    "The reason is given here.",
)


def marks_on(desk: EvidenceDesk, submission: Submission, pieces: Sequence[Piece]) -> tuple[Annotation, ...]:
    """Marks of each kind on every piece that has pages, words on texts and responses, notes in recordings."""
    anchors: list[tuple[AnnotationKind, Anchor]] = []
    for piece in pieces:
        anchors += _on(desk, submission, piece)
    response = next(r for part in submission.parts for r in part.responses)
    text = plain_text(response.text)
    digest = sha256_hex(response.text.encode())
    for number, kind in enumerate(WORDS[:2]):
        start = text.find(" ", 10 + 60 * number) + 1
        end = text.find(" ", start + 25)
        anchors.append((kind, anchor_plain(SourceKind.RESPONSE, response.id, digest, text, start, end)))
    return tuple(_mark(number, submission, *anchor) for number, anchor in enumerate(anchors))


def _mark(number: int, submission: Submission, kind: AnnotationKind, anchor: Anchor) -> Annotation:
    comment = "See page 2" if kind is AnnotationKind.FREE_TEXT else COMMENTS[number % len(COMMENTS)]
    return builders.annotation(
        number,
        of=submission,
        kind=kind,
        anchor=anchor,
        comment=comment,
        colour=COLOURS[number % len(COLOURS)],
        audience=list(Audience)[number % 3],
        criteria=CRITERIA[number % 4 :][:1] if number % 5 == 0 else (),
    )


def _on(desk: EvidenceDesk, submission: Submission, piece: Piece) -> Iterator[tuple[AnnotationKind, Anchor]]:
    artifact = piece.artifact()
    if artifact.media_type.startswith(("video/", "audio/")):
        for start_ms, end_ms in ((700, 700), (1_200, 2_400)):
            span = TimeSpan(start_ms, end_ms)
            yield (
                AnnotationKind.NOTE,
                Anchor(SourceKind.ARTIFACT, artifact.id, artifact.sha256, 0, 0.0, 0.0, span=span),
            )
        return
    source = reading.evidence_source(desk.context, submission.id, artifact.id)
    try:
        info = desk.renderer.open(source)
        if info.kind is Kind.SHEET:
            plain = Anchor(SourceKind.ARTIFACT, artifact.id, source.sha256, 0, 0.0, 0.0)
            yield AnnotationKind.HIGHLIGHT, replace(plain, cells="B4:D5")
            yield AnnotationKind.NOTE, replace(plain, cells="E7")
            yield AnnotationKind.QUESTION, replace(plain, cells="A9:C10")
            return
        if not info.page_count:
            text = plain_text(desk.renderer.read_text(source))
            start = text.find(" ", 40) + 1
            yield (
                AnnotationKind.HIGHLIGHT,
                anchor_plain(
                    SourceKind.ARTIFACT, artifact.id, source.sha256, text, start, text.find(" ", start + 40)
                ),
            )
            return
        words = desk.renderer.text(source, 0)
    except RefusedWithCard:
        return
    target = Target(SourceKind.ARTIFACT, artifact.id, source.sha256, 0, info.pages[0])
    ends = [word.start + len(word.text) for word in words.words]
    for number, kind in enumerate(WORDS):
        first = 30 + 25 * number
        if first + 9 < len(words.words):
            yield kind, anchor_words(target, words, words.words[first].start, ends[first + 9])
    yield from _shapes(target, info.pages[0])


def _shapes(target: Target, size: PageSize) -> Iterator[tuple[AnnotationKind, Anchor]]:
    across, down = size.width_pt, size.height_pt
    for number, kind in enumerate(AREAS):
        top = (0.42 + 0.14 * number) * down
        yield kind, anchor_box(target, (0.12 * across, top), (0.5 * across, top + 0.1 * down))
    side = 0.03 * across
    for number, kind in enumerate(POINTS):
        left = (0.82 + 0.07 * number) * across
        yield kind, anchor_box(target, (left, 0.1 * down), (left + side, 0.1 * down + side))
    for number, kind in enumerate(PATHS):
        left, top = 0.6 * across, (0.45 + 0.15 * number) * down
        points = [(left + step * 0.03 * across, top + (step % 2) * 0.05 * down) for step in range(9)]
        path = tuple(points if kind is AnnotationKind.INK else (points[0], points[-1]))
        xs, ys = [x for x, _ in path], [y for _, y in path]
        box = Rect(min(xs), min(ys), max(xs), max(ys))
        yield kind, replace(anchor_box(target, (box.x0, box.y0), (box.x1, box.y1)), path=path)
