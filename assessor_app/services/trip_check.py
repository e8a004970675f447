"""The ready-to-fly check: every thing that a trip needs is opened, as it will be opened on the way.

A file is read to its end through its seal and its digest compared, then its first page is drawn, or its
first picture or sound tried. What was found is kept after each submission, so that a check that was stopped
goes on where it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from assessor_app.cache import evidence, media_probes, policy, submissions, trips
from assessor_app.cache.media_probes import MediaState
from assessor_app.documents.cards import RefusedWithCard
from assessor_app.documents.converter import NoCopy
from assessor_app.documents.media_probe import ChildEntry
from assessor_app.documents.pages import EvidenceSource
from assessor_app.documents.sniff import RECORDINGS, claimed_kind
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.submissions import Artifact, Assignment, EvidenceFile, EvidenceState, Submission
from assessor_app.domain.trips import Checked, Standing, SubmissionCheck, Topic, Trip
from assessor_app.errors import DiskFull, EvidenceRefused, KnownError, SealDamaged
from assessor_app.rubric.native import rubric_hash
from assessor_app.services import recordings, renditions
from assessor_app.services.context import Context
from assessor_app.services.trips import open_part
from assessor_app.vault.sealed_file import file_key_of
from assessor_app.vault.sealed_reader import SealedReader

READ_BYTES = 1024**2
FIRST_PAGE_SCALE = 0.5
"""Pixels for each point: enough to know that the page can be drawn."""
_SEAL, _CLOSED = "seal_damaged", "closed"


@dataclass(frozen=True, slots=True)
class CheckProgress:
    """How far a check is."""

    done: int
    """Things looked at."""
    total: int
    code: str
    name: str
    """What is being looked at now."""


class _Stopped(Exception):
    """The person stopped the check."""


Report = Callable[[CheckProgress], None]


def check(
    context: Context,
    player: ChildEntry,
    *,
    report: Report = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> ChangeSet:
    """Look at everything of the trip that was not looked at yet, or has changed since.

    Args:
        context: the open profile.
        player: what the child runs that tries out a recording.
        report: told before each thing, from this thread.
        cancelled: asked often; what was found so far is kept.
    """
    with context.store.read() as txn:
        trip = trips.get(txn, context.role)
        if trip is None:
            return ChangeSet()
        known = {found.id: found.state for found in trip.checks}
        trip = open_part(txn, context, trip)
        left = [key for key in trip.submissions if known.get(key) != trips.state_of(txn, key, context.role)]
    steps = _Steps(_count(context, left), report, cancelled)
    try:
        for key in left:
            _keep(context, _Look(context, trip, player, steps).at(key))
    except _Stopped:
        return ChangeSet(inbox=True)
    with context.store.write() as txn:
        now = trips.get(txn, context.role)
        if now is not None:
            trips.put(txn, context.role, replace(now, checked_at=context.clock.now()))
    return ChangeSet(inbox=True)


def _keep(context: Context, found: SubmissionCheck) -> None:
    """Keep what was found of one submission, if it is still in the trip."""
    with context.store.write() as txn:
        trip = trips.get(txn, context.role)
        if trip is not None and found.id in trip.submissions:
            others = tuple(check for check in trip.checks if check.id != found.id)
            trips.put(txn, context.role, replace(trip, checks=(*others, found)))


def _count(context: Context, ids: Sequence[SubmissionId]) -> int:
    """How many files there are to look at, and one step more for each submission."""
    with context.store.read() as txn:
        return sum(len(evidence.files(txn, key)) + 1 for key in ids)


class _Steps:
    """Counts, reports, and notices that the person stopped."""

    def __init__(self, total: int, report: Report, cancelled: Callable[[], bool]) -> None:
        self.cancelled = cancelled
        self._total, self._report, self._done = total, report, 0

    def next(self, code: str, name: str) -> None:
        self.look_up()
        self._report(CheckProgress(self._done, self._total, code, name))
        self._done += 1

    def look_up(self) -> None:
        if self.cancelled():
            raise _Stopped


class _Look:
    """Looks at one submission."""

    def __init__(self, context: Context, trip: Trip, player: ChildEntry, steps: _Steps) -> None:
        self._context, self._trip, self._player, self._steps = context, trip, player, steps

    def at(self, submission_id: SubmissionId) -> SubmissionCheck:
        """Everything of it."""
        context = self._context
        with context.store.read() as txn:
            state = trips.state_of(txn, submission_id, context.role)
            submission = submissions.get_submission(txn, submission_id)
            assignment = submissions.get_assignment(txn, submission_id, context.role)
            gone = submissions.removed_reason(txn, submission_id) is not None
            files = evidence.files(txn, submission_id)
        if submission is None or gone:
            item = Checked(Topic.SUBMISSION, Standing.NOT_YOURS)
            return SubmissionCheck(submission_id, submission.code if submission else "", (item,), state)
        self._steps.next(submission.code, "")
        items = [self._rubric(submission), self._rules(), self._claim(submission_id, assignment)]
        # It stands in the submission itself, which was just read to its end.
        items.append(Checked(Topic.HISTORY, Standing.READY))
        items += self._links_without_copy(submission)
        for topic, artifact in _artifacts(submission):
            own = [file for file in files if file.artifact_id == artifact.id]
            items.append(self._artifact(submission, topic, artifact, own))
        return SubmissionCheck(submission_id, submission.code, tuple(items), state)

    # ---- beside the files ----

    def _rubric(self, submission: Submission) -> Checked:
        with self._context.store.read() as txn:
            rubric = submissions.get_rubric(txn, submission.rubric)
        if rubric is None:
            return Checked(Topic.RUBRIC, Standing.MISSING)
        is_whole = rubric_hash(rubric) == submission.rubric.hash
        return Checked(Topic.RUBRIC, Standing.READY if is_whole else Standing.DAMAGED, title=rubric.title)

    def _rules(self) -> Checked:
        with self._context.store.read() as txn:
            is_here = bool(policy.policy(txn).id) and policy.calendar(txn) is not None
        return Checked(Topic.RULES, Standing.READY if is_here else Standing.MISSING)

    def _claim(self, submission_id: SubmissionId, assignment: Assignment | None) -> Checked:
        if assignment is None:
            return Checked(Topic.CLAIM, Standing.NOT_YOURS)
        until = assignment.lease_until
        if until is None or until >= self._trip.until:
            return Checked(Topic.CLAIM, Standing.READY, until=until)
        with self._context.store.read() as txn:
            trip = trips.get(txn, self._context.role) or self._trip
        refused = next((r.answer for r in trip.refusals if r.id == submission_id), None)
        return Checked(Topic.CLAIM, Standing.TIME_ENDS, until=until, refused=refused)

    @staticmethod
    def _links_without_copy(submission: Submission) -> Iterator[Checked]:
        for part in submission.parts:
            for link in part.links:
                if link.snapshot is None:
                    yield Checked(Topic.LINK, Standing.NO_COPY, link.id, link.title or link.url)

    # ---- files ----

    def _artifact(
        self, submission: Submission, topic: Topic, artifact: Artifact, files: Sequence[EvidenceFile]
    ) -> Checked:
        """Each file of an artifact is read to its end; then what is shown of it is opened."""
        found = Checked(topic, Standing.READY, artifact.id, artifact.filename)
        for file in files:
            self._steps.next(submission.code, artifact.filename)
            standing = self._read_through(file)
            if standing is not Standing.READY:
                return replace(found, standing=standing)
        if not files:
            return replace(found, standing=Standing.MISSING)
        try:
            self._open(submission, artifact)
        except RefusedWithCard as refused:
            if refused.card.reason == _CLOSED:
                raise _Stopped from None
            if refused.card.reason == _SEAL:
                return replace(found, standing=Standing.DAMAGED)
            return replace(found, standing=Standing.NOT_SHOWN, detail=refused.title)
        except SealDamaged:
            return replace(found, standing=Standing.DAMAGED)
        except EvidenceRefused as refused:
            return replace(found, standing=Standing.MISSING, detail=refused.title)
        except KnownError as error:
            return replace(found, standing=Standing.NOT_SHOWN, detail=error.title)
        return found

    def _read_through(self, file: EvidenceFile) -> Standing:
        """Whether a file's bytes on this computer are what the platform announced, to the last one."""
        if file.state is EvidenceState.DAMAGED:
            return Standing.DAMAGED_THERE
        if file.state is not EvidenceState.READY:
            return Standing.MISSING
        store = self._context.store
        path = evidence.path_of(store, file.blob_id)
        if not path.exists():
            return Standing.MISSING
        digest = hashlib.sha256()
        try:
            with store.read() as txn:
                key = evidence.submission_key(txn, file.submission_id)
            file_key = file_key_of(path, submission_key=key, blob_id=file.blob_id)
            with SealedReader(path, file_key=file_key, size_bytes=file.size_bytes) as reader:
                for offset in range(0, file.size_bytes, READ_BYTES):
                    self._steps.look_up()
                    digest.update(reader.read_at(offset, READ_BYTES))
        except (SealDamaged, OSError, LookupError):
            return Standing.DAMAGED
        return Standing.READY if digest.hexdigest() == file.sha256 else Standing.DAMAGED

    def _open(self, submission: Submission, artifact: Artifact) -> None:
        """Open what is shown of an artifact, as its viewer will.

        Raises:
            KnownError: it cannot be shown.
        """
        context = self._context
        if renditions.is_office(artifact.filename, artifact.media_type):
            self._make_copy(submission.id, artifact)
        source = renditions.source_of(context, submission.id, artifact.id)
        if claimed_kind(artifact.filename, artifact.media_type) in RECORDINGS:
            self._try(source)
            return
        info = context.renderer.open(source)
        if info.page_count:
            context.renderer.render(source, 0, FIRST_PAGE_SCALE)

    def _try(self, source: EvidenceSource) -> None:
        """Try a recording, unless these very bytes passed their trial before.

        Raises:
            KnownError: it cannot be played here.
        """
        with self._context.store.read() as txn:
            known = media_probes.get(txn, source.sha256)
        if known is not None and known.state is MediaState.TRIED and known.document:
            return
        recording = recordings.open_recording(self._context, source, self._player)
        recording.stream.close()
        if recording.child is not None:
            recording.child.close()

    def _make_copy(self, submission_id: SubmissionId, artifact: Artifact) -> None:
        """Have the copy made now that would be made at the first look; without one its text is shown."""
        choices = renditions.choices(self._context, submission_id, artifact.id)
        if choices.converter and not (
            choices.has_platform_copy or choices.has_local_copy or choices.is_sheet
        ):
            try:
                renditions.make_copy(self._context, submission_id, artifact.id, self._steps.cancelled)
            except (NoCopy, DiskFull):
                self._steps.look_up()


def _artifacts(submission: Submission) -> Iterator[tuple[Topic, Artifact]]:
    """What was handed in, the copies of links, and what came in with earlier attempts."""
    for part in submission.parts:
        for artifact in part.artifacts:
            yield Topic.FILE, artifact
        for link in part.links:
            if link.snapshot is not None:
                yield Topic.LINK, link.snapshot
    for part in evidence.earlier_parts(submission):
        for artifact in part.files:
            yield Topic.EARLIER, artifact
