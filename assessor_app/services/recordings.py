"""Verbs on video and sound: trying a recording before it is played, and noting that it is open.

A recording is played in the window's own process, so one that was open when the program ended is not opened
again by itself: it may have been the cause.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assessor_app.cache import media_probes
from assessor_app.cache.media_probes import MediaProbe, MediaState
from assessor_app.documents import media_probe
from assessor_app.documents.cards import RefusedWithCard, card_for
from assessor_app.documents.media_probe import ChildEntry, ProbeChild, RecordingFacts, StripFrame
from assessor_app.documents.media_stream import MediaStream
from assessor_app.documents.pages import EvidenceSource
from assessor_app.domain.changes import ChangeSet
from assessor_app.services.context import Context


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording that passed its trial."""

    stream: MediaStream
    """Its plain bytes, to be closed by whoever plays it."""
    facts: RecordingFacts
    strip: tuple[StripFrame, ...]
    """Small pictures; empty when `child` is still to make them."""
    child: ProbeChild | None
    """The child of the trial, for the strip's pictures; None when there is nothing left for it to do."""


def open_recording(
    context: Context,
    source: EvidenceSource,
    entry: ChildEntry,
    *,
    insists: bool = False,
    begun: Callable[[ProbeChild], None] | None = None,
) -> Recording:
    """Try a recording, unless it was tried before.

    Args:
        context: the profile.
        source: the sealed recording.
        entry: what the child of the trial runs.
        insists: the person wants it although it was open when the program ended.
        begun: told the child before it is asked, so that the trial can be ended by whoever wants no answer.

    Raises:
        RefusedWithCard: it is not played; the card says why.
        ViewerUnavailable: no child can be started.
    """
    with context.store.read() as txn:
        known = media_probes.get(txn, source.sha256)
    if known is not None and known.state is MediaState.WAS_OPEN and not insists:
        raise RefusedWithCard(card_for("recording_was_open"))
    found = media_probe.unpack(known.document) if known is not None else None
    stream = MediaStream(source)
    child = None
    # Whoever insists has had trouble with it: then what was found before counts for nothing.
    if found is None or insists or len(found[1]) < len(media_probe.strip_moments(found[0])):
        child = ProbeChild(source, entry, clock=context.clock)
        if begun is not None:
            begun(child)
        try:
            found = child.facts(), ()
            with context.store.write() as txn:
                probe = MediaProbe(MediaState.TRIED, media_probe.pack(*found), found[0].duration_ms)
                media_probes.put(txn, source.sha256, source.blob_id, probe)
        except BaseException:
            child.close()
            stream.close()
            raise
    facts, strip = found
    if child is not None and not media_probe.strip_moments(facts):
        child.close()
        child = None
    return Recording(stream, facts, strip, child)


def keep_strip(
    context: Context, source: EvidenceSource, facts: RecordingFacts, strip: tuple[StripFrame, ...]
) -> ChangeSet:
    """Keep the strip's pictures for the next time."""
    with context.store.write() as txn:
        known = media_probes.get(txn, source.sha256)
        if known is not None:
            probe = MediaProbe(known.state, media_probe.pack(facts, strip), facts.duration_ms)
            media_probes.put(txn, source.sha256, source.blob_id, probe)
    return ChangeSet()


def picture_at(context: Context, sha256: str, at_ms: int) -> StripFrame | None:
    """The small picture of a video that is nearest to a moment; None before its strip was made."""
    with context.store.read() as txn:
        known = media_probes.get(txn, sha256)
    found = media_probe.unpack(known.document) if known is not None else None
    if found is None or not found[1]:
        return None
    return min(found[1], key=lambda frame: abs(frame.at_ms - at_ms))


def note_open(context: Context, sha256: str) -> ChangeSet:
    """Note that a recording goes into the player; to be committed before it does."""
    return _set_state(context, sha256, MediaState.OPEN)


def note_closed(context: Context, sha256: str) -> ChangeSet:
    """Note that a recording was left in good order."""
    return _set_state(context, sha256, MediaState.TRIED)


def recover(context: Context) -> None:
    """At a start: remember which recordings were open when the program ended."""
    with context.store.write() as txn:
        media_probes.recover(txn)


def _set_state(context: Context, sha256: str, state: MediaState) -> ChangeSet:
    with context.store.write() as txn:
        media_probes.set_state(txn, sha256, state)
    return ChangeSet()
