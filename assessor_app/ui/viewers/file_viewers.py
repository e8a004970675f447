"""The viewers of files, each made when a file of its kind is opened for the first time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar, cast

from assessor_app.documents.pages import DocumentInfo
from assessor_app.documents.sniff import Kind, claimed_kind
from assessor_app.domain.submissions import Artifact
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.viewers.base import FileViewer
from assessor_app.ui.viewers.media.media_viewer import MediaViewer
from assessor_app.ui.viewers.pages_viewer import PagesViewer
from assessor_app.ui.viewers.sheet_viewer import SheetViewer
from assessor_app.ui.viewers.text_view import TextView
from assessor_app.ui.viewers.viewer_stack import ViewerStack

V = TypeVar("V", bound=FileViewer)

IN_ORDER: tuple[type[FileViewer], ...] = (PagesViewer, SheetViewer, TextView, MediaViewer)
"""The first one that shows a file's kind gets it."""
_LIKELY: dict[Kind | None, type[FileViewer]] = {
    Kind.PDF: PagesViewer,
    Kind.IMAGE: PagesViewer,
    Kind.TEXT: TextView,
    Kind.VIDEO: MediaViewer,
    Kind.AUDIO: MediaViewer,
}
"""By what a file's name says; an office file may be shown in several ways."""


def viewer_class(info: DocumentInfo) -> type[FileViewer] | None:
    """The class of the viewer that shows a file, or None; touches nothing, so any lane may ask."""
    return next((each for each in IN_ORDER if each.shows(info)), None)


class FileViewers:
    """A submission has files of one or two kinds: the viewers of the others would be made in vain.

    Args:
        lanes: where files are drawn and read.
        table: words and keys.
        stack: takes in each viewer that is made; its Qt parent, too.
    """

    def __init__(self, lanes: Lanes, table: KeyTable, stack: ViewerStack) -> None:
        self._stack = stack
        self._made: dict[type[FileViewer], FileViewer] = {}
        self._makers: dict[type[FileViewer], Callable[[], FileViewer]] = {
            PagesViewer: lambda: PagesViewer(lanes, table, stack),
            SheetViewer: lambda: SheetViewer(lanes, table, stack),
            TextView: lambda: TextView(table, stack, lanes),
            MediaViewer: lambda: MediaViewer(lanes, table, stack),
        }

    @property
    def made(self) -> Mapping[type[FileViewer], FileViewer]:
        """The viewers that there are by now."""
        return dict(self._made)

    def of(self, wanted: type[V]) -> V:
        """The viewer of a class; made if it is asked for the first time."""
        if wanted not in self._made:
            self._made[wanted] = self._makers[wanted]()
            self._stack.take_in(self._made[wanted])
        return cast("V", self._made[wanted])

    def expect(self, artifact: Artifact) -> None:
        """A file is about to be opened: make the viewer that its name speaks for."""
        likely = _LIKELY.get(claimed_kind(artifact.filename, artifact.media_type))
        if likely is not None:
            self.of(likely)
