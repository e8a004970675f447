"""The trial of one recording on a lane, which can be ended from the window."""

from __future__ import annotations

import importlib
from typing import Any

from assessor_app.documents.media_probe import ProbeChild
from assessor_app.documents.pages import DocumentInfo, EvidenceSource
from assessor_app.services import recordings
from assessor_app.services.recordings import Recording
from assessor_app.ui.viewers.media import probe_start

_PLAYER = "assessor_app.ui.viewers.media.player"


class Trial:
    """What a lane does right after a recording is recognised. `stop` is for another thread."""

    def __init__(self, *, insists: bool = False) -> None:
        """Begin nothing yet.

        Args:
            insists: the person wants it although it was open when the program ended.
        """
        self._insists = insists
        self._is_stopped = False
        self._child: ProbeChild | None = None

    def run(self, context: Any, source: EvidenceSource, info: DocumentInfo) -> Recording:
        """Try the recording in a child, unless it was tried before.

        Raises:
            RefusedWithCard: it is not played, or the trial was stopped.
        """
        del info
        # Loaded here: on the GUI thread it would be a gap of 0.1 s, and most evidence is no recording.
        importlib.import_module(_PLAYER)
        return recordings.open_recording(
            context, source, probe_start.main, insists=self._insists, begun=self._begun
        )

    def stop(self) -> None:
        """End the trial, and with it the wait on the lane."""
        self._is_stopped = True
        if self._child is not None:
            self._child.end()

    def _begun(self, child: ProbeChild) -> None:
        self._child = child
        if self._is_stopped:
            child.end()
