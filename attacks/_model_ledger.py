"""What the person was told: each text that she wrote once, where it stands, and what she put in its place.

Every text carries a word of its own. A word is owed to her as long as she has nowhere, on any machine, put
something else in its place, deleted it or chosen against it: it has to be in her work, in what was sent or in
a side that was kept, whatever the machines and the platform did meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from assessor_app.domain.annotations import Annotation
from assessor_app.domain.assessments import Rating
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.merging import Part, Value, WorkCopy, parts_of

View = dict[Part, str]
"""What one machine shows of one submission, each part as the text that tells it."""
_WORD = re.compile(r"w[0-9]+w")


def words_in(text: str) -> set[str]:
    """The words of their own in a text."""
    return set(_WORD.findall(text))


def words_of(view: Mapping[Part, str]) -> set[str]:
    """The words in all that is shown."""
    return words_in("\n".join(view.values()))


def view_of(work: WorkCopy) -> View:
    """What a copy of the work shows."""
    return {part: told(value) for part, value in parts_of(work).items()}


def told(value: Value | None) -> str:
    """What stands at a part as one text."""
    if isinstance(value, Rating):
        return f"{value.level} {value.note}"
    if isinstance(value, Annotation):
        return f"{value.audience} {value.comment}"
    return "" if value is None else str(value)


class Ledger:
    """All that was ever written in one world."""

    def __init__(self) -> None:
        self.place: dict[str, tuple[SubmissionId, Part]] = {}
        self.owed: set[str] = set()
        self.chosen_against: dict[str, set[str]] = {}
        """By machine: words that lost a choice there. Both sides must stay readable there."""
        self.put_back: set[str] = set()
        """Words that were put away once and stand again, by undo: a copy from between may be under way."""
        self._replaced: dict[str, set[str]] = {}

    def new_word(self, submission_id: SubmissionId, part: Part) -> str:
        """A word of its own for a text that is about to be saved at a place."""
        word = f"w{len(self.place) + 1}w"
        self.place[word] = (submission_id, part)
        return word

    def saved(self, machine: str, before: View, after: View) -> None:
        """She was told that her change is saved: what it put away is owed no more, what stands now is."""
        old, new = words_of(before), words_of(after)
        self._put_away(machine, old - new)
        self.put_back |= (new - old) & self._replaced.keys()
        for word in new - old:
            self._replaced.get(word, set()).discard(machine)
            if not self._replaced.get(word):
                self.owed.add(word)

    def chose(self, machine: str, lost: Iterable[str]) -> None:
        """She saw both sides on a machine, and these words lost."""
        lost = set(lost)
        self._put_away(machine, lost)
        self.chosen_against.setdefault(machine, set()).update(lost)

    def _put_away(self, machine: str, words: Iterable[str]) -> None:
        for word in words:
            self._replaced.setdefault(word, set()).add(machine)
            self.owed.discard(word)
