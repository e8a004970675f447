"""Check and send: the page with everything that leaves, in front of the panes, and the sending itself."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from assessor_app.services import assessing
from assessor_app.services.views import OpenedSubmission, SendReview
from assessor_app.ui.page_stack import PageStack
from assessor_app.ui.scoring.review_page import ReviewPage
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.workspaces.assessment_writer import AssessmentWriter


class ReviewMode(QObject):
    """Shows the review page of one workspace, keeps it up to date, and sends from it."""

    flush_wanted = Signal()
    """Start saving everything that is written."""
    sent = Signal()
    """It is among what waits to be sent."""

    def __init__(self, lanes: Lanes, stack: PageStack, page: ReviewPage, writer: AssessmentWriter) -> None:
        """Serve a page.

        Args:
            lanes: where it is read.
            stack: what the page is shown in.
            page: the review page; owns this object.
            writer: keeps what is done on it, and sends.
        """
        super().__init__(page)
        self._lanes, self._stack, self._page, self._writer = lanes, stack, page, writer
        self._opened: OpenedSubmission | None = None
        self._sending = False
        page.send_wanted.connect(self._send)
        page.reason_ready.connect(writer.save_reason)
        page.own_words_ready.connect(writer.save_own_words)
        writer.own_words_kept.connect(self._read)

    def show_opened(self, opened: OpenedSubmission) -> None:
        """Be told what is in the workspace."""
        self._opened = opened

    @Slot()
    def show(self) -> None:
        """Keep what is written, then show what would be sent."""
        if self._opened is None or not self._opened.is_editable:
            return
        self.flush_wanted.emit()
        self._page.forget()
        # Behind everything that is still to be committed, so that the page shows what would be sent.
        self._writer.after_saves(self._read)

    def refresh(self) -> None:
        """Something was committed: read again, where the page is in front."""
        if self._stack.currentWidget() is self._page and not self._sending:
            self._read()

    @Slot()
    def _read(self) -> None:
        if self._opened is not None:
            submission_id = self._opened.submission.id
            self._lanes.read(
                self,
                lambda context: assessing.review(context, submission_id),
                self._show_review,
                key="review",
            )

    def _show_review(self, review: SendReview) -> None:
        criteria = self._opened.rubric.criteria if self._opened is not None else ()
        self._page.show_review(review, {c.id: n for n, c in enumerate(criteria, 1)})
        if self._stack.currentWidget() is not self._page:
            self._stack.setCurrentWidget(self._page)
            self._page.setFocus()

    @Slot()
    def _send(self) -> None:
        self.flush_wanted.emit()
        self._sending = True
        self._page.set_busy(True)
        self._writer.send(self._done, self._failed)

    def _done(self) -> None:
        self._sending = False
        self.sent.emit()

    def _failed(self) -> None:
        self._sending = False
        self._page.set_busy(False)
