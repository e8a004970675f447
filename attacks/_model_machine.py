"""One machine of the assessor's: a real store, the real verbs, and beside it what she was told there."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from assessor_app.cache import annotations as annotation_rows
from assessor_app.cache import assessments, conflicts, connection, outbox, submissions, sync_state
from assessor_app.cache.engine import Transaction
from assessor_app.domain.annotations import Annotation, Audience
from assessor_app.domain.assessments import OutboxItem, OutboxKind, Rating
from assessor_app.domain.ids import CriterionId, SubmissionId
from assessor_app.domain.merging import Keep, Part, PartKind, WorkCopy, can_keep_both
from assessor_app.domain.roles import Role
from assessor_app.services import annotating, assessing, comparing, syncing, taking_back
from assessor_app.services.context import Context
from assessor_app.services.draft_copies import hurry
from assessor_app.services.on_device import present
from assessor_app.services.reading import present_assessment
from assessor_app.services.views import SyncStatus
from assessor_app.sync import auth
from attacks._model_ledger import Ledger, View, told, view_of, words_in, words_of
from attacks._model_line import Line
from tests import builders
from tests.builders import FakeClock
from tests.contexts import context_in
from tests.contract.running import lasting_token
from tests.contract.small_content import ARTIFACT, CRITERIA

FILLER = "Your plan leaves room for what students say next."
MARKS = 3
_KEPT = """
    SELECT note AS kept FROM rating
    UNION ALL SELECT text || ' ' || seen || ' ' || missing || ' ' || next_step FROM criterion_feedback
    UNION ALL SELECT overall || ' ' || note_to_approver FROM assessment
    UNION ALL SELECT CAST(document AS TEXT) FROM annotation
    UNION ALL SELECT CAST(body AS TEXT) FROM outbox
    UNION ALL SELECT CAST(mine AS TEXT) FROM conflict
    UNION ALL SELECT CAST(theirs AS TEXT) FROM conflict
"""
_SHOWN = (
    "SELECT id AS of, * FROM submission",
    "SELECT submission_id AS of, * FROM assessment ORDER BY round",
    "SELECT submission_id AS of, * FROM rating ORDER BY round, criterion_id",
    "SELECT submission_id AS of, * FROM criterion_feedback ORDER BY round, criterion_id",
    "SELECT submission_id AS of, * FROM artifact_feedback ORDER BY round, source_id",
    "SELECT submission_id AS of, * FROM annotation ORDER BY id",
)
"""Every row that a view is made of. As long as not one of them has changed, neither has the view."""
_EDITABLE = """
    SELECT s.id FROM submission s WHERE s.status IN ('waiting_on_assessor', 'returned')
        AND NOT EXISTS (SELECT 1 FROM assessment a
            WHERE a.submission_id = s.id AND a.round = s.round AND a.state = 'final')
        AND NOT EXISTS (SELECT 1 FROM conflict c WHERE c.submission_id = s.id AND c.settled_us IS NULL)
"""
_SIDES = "SELECT CAST(mine AS TEXT) || ' ' || CAST(theirs AS TEXT) FROM conflict"


class Machine:
    """A machine, with everything that she was shown on it last."""

    def __init__(
        self, name: str, folder: Path, origin: str, clock: FakeClock, ledger: Ledger, chance: random.Random
    ) -> None:
        self.name, self.clock, self.line = name, clock, Line()
        self.shown: dict[SubmissionId, View] = {}
        self.likely: set[SubmissionId] = set()
        """What was hers to change when it was looked at last; only to waste few steps."""
        self.counts: dict[str, int] = {}
        self._folder, self._origin, self._ledger, self._chance = folder, origin, ledger, chance
        self._gone: list[Context] = []
        self._read: dict[SubmissionId, tuple[list[tuple[object, ...]], View]] = {}
        """What was shown last, and the rows that it was made of."""
        self.context = self._open()
        with self.context.store.write() as txn:
            sync_state.set_secret(txn, auth.ACCESS, lasting_token("anna"))

    def _open(self) -> Context:
        context = context_in(self._folder, Role.ASSESSOR, self.clock, origin=self._origin)
        self.line.lay(context.transport)
        for engine in _engines(context):
            engine.dialect, engine._compiled_cache = _SPOKEN.setdefault(0, (engine.dialect, {}))
        return context

    def close(self) -> None:
        """Release the files."""
        self.context.store.close()
        for context in self._gone:
            _release(context)

    def crash(self) -> None:
        """The program is gone without closing anything, and is started again."""
        self._gone.append(self.context)
        self.context = self._open()
        _release(self._gone.pop())
        syncing.recover(self.context)

    # ---- what she does ----

    def edit(self, submission_id: SubmissionId) -> str:
        """Write, rate or mark something, or take the last step back.

        Raises:
            NotAllowed: it is not hers to change now.
        """
        what = self._chance.randrange(12)
        if what < 6:
            return self._write(submission_id)
        if what < 9:
            return self._rate(submission_id)
        if what < 11:
            return self._mark(submission_id)
        verb = self._chance.choice((assessing.undo, assessing.redo))
        verb(self.context, submission_id)
        self._look_again(submission_id)
        return verb.__name__

    def _write(self, submission_id: SubmissionId) -> str:
        criterion = CriterionId(self._chance.choice(CRITERIA))
        kinds = (PartKind.OVERALL, PartKind.NOTE_TO_APPROVER, PartKind.TEXT, PartKind.NEXT_STEP)
        kind = self._chance.choice(kinds)
        part = Part(kind, criterion if kind in (PartKind.TEXT, PartKind.NEXT_STEP) else "")
        text = f"{self._ledger.new_word(submission_id, part)} {FILLER}" if self._chance.random() < 0.9 else ""
        if kind is PartKind.OVERALL:
            assessing.save_overall(self.context, submission_id, text)
        elif kind is PartKind.NOTE_TO_APPROVER:
            assessing.save_note(self.context, submission_id, text)
        else:
            now = self._now(submission_id).assessment.feedback_for(criterion)
            changes: dict[str, Any] = {"text" if kind is PartKind.TEXT else "next_step": text}
            assessing.save_feedback(self.context, submission_id, replace(now, **changes))
        self._saved(submission_id, part, text)
        return f"{kind} {criterion if part.of else ''} = {text[:8]!r}"

    def _rate(self, submission_id: SubmissionId) -> str:
        criterion = CriterionId(self._chance.choice(CRITERIA))
        part = Part(PartKind.RATING, criterion)
        level = "progressing" if self._chance.random() < 0.1 else "demonstrated"
        rating = Rating(criterion, level, note=self._ledger.new_word(submission_id, part))
        assessing.save_rating(self.context, submission_id, rating)
        self._saved(submission_id, part, told(rating))
        return f"rating {criterion} = {told(rating)}"

    def _mark(self, submission_id: SubmissionId) -> str:
        mark = self._a_mark(submission_id, self._chance.randrange(MARKS))
        part = Part(PartKind.ANNOTATION, mark.id)
        if self._chance.random() < 0.2:
            annotating.delete(self.context, submission_id, mark.id)
            self._saved(submission_id, part, "")
            return f"mark {mark.id[-1]} deleted"
        mark = replace(mark, comment=self._ledger.new_word(submission_id, part))
        annotating.put(self.context, mark, "Highlight")
        self._saved(submission_id, part, told(mark))
        return f"mark {mark.id[-1]} = {told(mark)}"

    def _a_mark(self, submission_id: SubmissionId, number: int) -> Annotation:
        mark = builders.annotation(
            number + int(submission_id[-4:], 16) * 10,
            submission_id=submission_id,
            criteria=(),
            audience=tuple(Audience)[number % len(Audience)],
        )
        source = f"{submission_id[-4:]}-{ARTIFACT}"
        return replace(mark, anchor=replace(mark.anchor, source_id=source, page=0))

    def complete(self, submission_id: SubmissionId) -> str:
        """Fill in whatever is missing for sending.

        Raises:
            NotAllowed: it is not hers to change now.
        """
        for name in CRITERIA:
            criterion = CriterionId(name)
            part = Part(PartKind.RATING, criterion)
            if not self.shown[submission_id].get(part, "").startswith("demonstrated"):
                word = self._ledger.new_word(submission_id, part)
                rating = Rating(criterion, "demonstrated", note=word)
                assessing.save_rating(self.context, submission_id, rating)
                self._saved(submission_id, part, told(rating))
            part = Part(PartKind.TEXT, criterion)
            if part not in self.shown[submission_id]:
                now = self._now(submission_id).assessment.feedback_for(criterion)
                text = f"{self._ledger.new_word(submission_id, part)} {FILLER}"
                assessing.save_feedback(self.context, submission_id, replace(now, text=text))
                self._saved(submission_id, part, text)
        return "complete"

    def send(self, submission_id: SubmissionId) -> str:
        """Make it final; what is frozen has to be what she saw.

        Raises:
            NotAllowed: it cannot be sent.
            Broken: something else was frozen.
        """
        assessing.send(self.context, submission_id)
        with self.context.store.read() as txn:
            item = outbox.last_of_kind(txn, submission_id, OutboxKind.RECOMMENDATION)
        assert item is not None
        shown = self.shown[submission_id]
        wanted = words_of({part: text for part, text in shown.items() if not text.startswith("only_me ")})
        frozen = words_in(item.body.decode())
        if frozen != wanted:
            raise Broken(f"{self.name} froze {sorted(frozen)} where {sorted(wanted)} was shown")
        self._count("sent")
        return f"send {item.id[:8]}"

    def take_back(self, submission_id: SubmissionId) -> str:
        """Take it back, here or on the platform.

        Raises:
            NotAllowed: it cannot be taken back.
        """
        if self._chance.random() < 0.2:
            taking_back.leave_sent(self.context, submission_id)
            return "leave sent"
        taking_back.take_back(self.context, submission_id)
        self._count("taken back")
        return "take back"

    def compare(self) -> str:
        """Look at the oldest thing that is to be compared, and choose.

        Raises:
            NotAllowed: it has changed meanwhile.
        """
        waiting = comparing.comparable(self.context)
        if not waiting:
            return "nothing to compare"
        seen = comparing.compare(self.context, waiting[0].id)
        choices, lost = {}, set[str]()
        if seen.can_choose:
            for part in seen.parts:
                if not part.differs or part.stands is None:
                    continue
                ways = [Keep.MINE, Keep.THEIRS] + [Keep.BOTH] * can_keep_both(part.difference)
                choices[part.part] = self._chance.choice(ways)
                lost |= words_in(told(part.mine)) | words_in(told(part.theirs))
        takes_back = seen.can_take_back and self._chance.random() < 0.5
        comparing.keep_as_draft(self.context, seen.id, seen.token, choices, take_back=takes_back)
        self._look_again(seen.submission_id)
        self._ledger.chose(self.name, lost - words_of(self.shown[seen.submission_id]))
        self._count("compared")
        return f"compared {seen.kind} of {seen.submission_id[-1]}, {seen.fate}"

    def try_again(self) -> str:
        """Try everything again that is blocked."""
        syncing.try_all_again(self.context)
        return "try all again"

    # ---- the line ----

    def sync(self, *, is_asked: bool = False) -> SyncStatus:
        """One sync, in which one call may go wrong.

        Raises:
            Killed: the program is gone.
        """
        try:
            return syncing.sync(
                self.context, report=lambda _: None, changed=self.line.stored, is_asked=is_asked
            )
        finally:
            self.line.fail(None)

    def hurry(self) -> None:
        """Let the next sync copy every draft."""
        hurry(self.context)

    # ---- what is there ----

    def read_all(self) -> dict[SubmissionId, View]:
        """What this machine shows now."""
        with self.context.store.read() as txn:
            rows: dict[str, list[tuple[object, ...]]] = {sid: [] for sid in self.shown}
            for query in _SHOWN:
                for row in txn.connection.exec_driver_sql(query):
                    rows[row[0]].append(tuple(row))
            for sid in self.shown:
                if sid not in self._read or self._read[sid][0] != rows[sid]:
                    self._read[sid] = rows[sid], _view(txn, sid)
        return {sid: self._read[sid][1] for sid in self.shown}

    def rounds(self) -> dict[SubmissionId, int]:
        """The round of each submission that is here."""
        with self.context.store.read() as txn:
            found = txn.connection.exec_driver_sql("SELECT id, round FROM submission")
            return {SubmissionId(sid): number for sid, number in found}

    def kept_words(self) -> set[str]:
        """Every word that is anywhere in her work, in what was sent or waits, or in a kept side."""
        return self._words(_KEPT)

    def words_of_sides(self) -> set[str]:
        """Every word in a side that was kept."""
        return self._words(_SIDES)

    def items(self) -> tuple[OutboxItem, ...]:
        """Everything that waits to be sent, or was."""
        with self.context.store.read() as txn:
            return outbox.items(txn, open_only=False)

    def open_items(self) -> tuple[OutboxItem, ...]:
        """What waits, or needs her."""
        with self.context.store.read() as txn:
            return outbox.items(txn)

    def editable(self) -> set[SubmissionId]:
        """What is hers to change now, and has nothing to be compared."""
        with self.context.store.read() as txn:
            return {SubmissionId(sid) for sid in txn.connection.exec_driver_sql(_EDITABLE).scalars()}

    def has_begun(self, submission_id: SubmissionId) -> bool:
        """Whether there is work of hers on the present round here."""
        with self.context.store.read() as txn:
            found = submissions.get_submission(txn, submission_id)
            return found is not None and assessments.load(txn, submission_id, found.round) is not None

    def has_conflicts(self) -> bool:
        """Whether something is to be compared."""
        with self.context.store.read() as txn:
            return bool(conflicts.open_ids(txn))

    def _words(self, query: str) -> set[str]:
        with self.context.store.read() as txn:
            rows = txn.connection.exec_driver_sql(query).scalars().all()
        return words_in("\n".join(str(row) for row in rows))

    def _now(self, submission_id: SubmissionId) -> WorkCopy:
        with self.context.store.read() as txn:
            return WorkCopy(present_assessment(txn, present(txn, submission_id)))

    def _saved(self, submission_id: SubmissionId, part: Part, text: str) -> None:
        before = self.shown[submission_id]
        after = {**before, part: text}
        if not text:
            del after[part]
        self._ledger.saved(self.name, before, after)
        self.shown[submission_id] = after
        self._count("saved")

    def _look_again(self, submission_id: SubmissionId) -> None:
        with self.context.store.read() as txn:
            after = _view(txn, submission_id)
        self._ledger.saved(self.name, self.shown[submission_id], after)
        self.shown[submission_id] = after

    def _count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1


class Broken(Exception):
    """A promise that did not hold."""


def _view(txn: Transaction, submission_id: SubmissionId) -> View:
    submission = submissions.get_submission(txn, submission_id)
    if submission is None:
        return {}
    marks = annotation_rows.of_submission(txn, submission_id)
    return view_of(WorkCopy(present_assessment(txn, submission), marks))


def _release(context: Context) -> None:
    for engine in _engines(context):
        engine.dispose()
    store: Any = context.store
    store._note.close()


def _engines(context: Context) -> tuple[Any, Any]:
    store: Any = context.store
    return store._read_engine, store._write_engine


_SPOKEN: dict[int, tuple[Any, Any]] = {}
"""The statements that every start of the program makes anew, of which it makes the same: made once here."""


@contextmanager
def not_forced() -> Iterator[None]:
    """No power is cut here: nothing waits for the disk."""
    usual = connection._EVERY_CONNECTION
    wanted = tuple(line.replace("synchronous = FULL", "synchronous = OFF") for line in usual)
    connection._EVERY_CONNECTION = wanted  # type: ignore[assignment]
    try:
        yield
    finally:
        connection._EVERY_CONNECTION = usual
