"""The viewers of a submission: cards at once, each of the others with the first evidence of its kind."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from assessor_app.ui.keys import KeyTable
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.viewers.copying_view import CopyingView
from assessor_app.ui.viewers.file_viewers import FileViewers
from assessor_app.ui.viewers.link_view import LinkView
from assessor_app.ui.viewers.media.media_viewer import MediaViewer
from assessor_app.ui.viewers.pages_viewer import PagesViewer
from assessor_app.ui.viewers.response_view import ResponseView
from assessor_app.ui.viewers.sheet_viewer import SheetViewer
from assessor_app.ui.viewers.text_view import TextView
from assessor_app.ui.viewers.viewer_actions import ViewerActions
from assessor_app.ui.viewers.viewer_stack import ViewerStack


class EvidenceStack(ViewerStack):
    """Asking for a viewer makes it.

    Args:
        lanes: where files are drawn and read.
        table: words and keys.
        run: runs a command of the viewer in front by its id.
        parent: Qt parent.
    """

    def __init__(
        self, lanes: Lanes, table: KeyTable, run: Callable[[str], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._table = table
        self.actions_made = ViewerActions(self, table, run)
        self.viewer_made.connect(self.actions_made.heed)
        self.files = FileViewers(lanes, table, self)
        self._response: ResponseView | None = None
        self.link = LinkView(self)
        self.copying = CopyingView(self)
        for viewer in (self.link, self.card, self.copying):
            self.take_in(viewer)

    @property
    def pages(self) -> PagesViewer:
        """The viewer of what has pages."""
        return self.files.of(PagesViewer)

    @property
    def sheet(self) -> SheetViewer:
        """The viewer of cells."""
        return self.files.of(SheetViewer)

    @property
    def text(self) -> TextView:
        """The viewer of text files."""
        return self.files.of(TextView)

    @property
    def media(self) -> MediaViewer:
        """The viewer of recordings."""
        return self.files.of(MediaViewer)

    @property
    def response(self) -> ResponseView:
        """The viewer of written answers."""
        if self._response is None:
            self._response = ResponseView(self._table, self)
            self.take_in(self._response)
        return self._response
