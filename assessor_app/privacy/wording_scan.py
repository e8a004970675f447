"""Everything that a text says which may matter before it leaves this computer.

Pure, and in time proportional to the text; what to look for is prepared once for a submission.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from assessor_app.domain.wording import Wording, WordingKind
from assessor_app.privacy.name_words import NO_NAME, NameFinder, OwnName
from assessor_app.privacy.phrases import PhraseFinder, Word, phrase_key, words_of
from assessor_app.privacy.placeholders import find_leftovers
from assessor_app.privacy.text_scan import FindingKind, find_identity
from assessor_app.privacy.word_lists import ListedPhrase, WordList

_RUN_WORDS = 4
_TELLING_LETTERS, _TELLING_WORDS = 5, 2
"""So many words of an instruction in a row are no chance, if two of them are long."""

_ADDRESS_KINDS = {
    FindingKind.EMAIL: WordingKind.EMAIL,
    FindingKind.PHONE: WordingKind.PHONE,
    FindingKind.LINK: WordingKind.LINK,
}


class WordingScan:
    """Looks through texts for what one writer must not, or may not want to, say of one submission."""

    def __init__(
        self,
        word_lists: Sequence[WordList] = (),
        *,
        own_name: OwnName = NO_NAME,
        identity_words: Iterable[str] = (),
        instructions: Iterable[str] = (),
    ) -> None:
        """Prepare.

        Args:
            word_lists: of each language that is looked for; all of them are tried on every text.
            own_name: how the writer is called.
            identity_words: names and schools found in the evidence, casefolded words or phrases.
            instructions: of the approved accommodations.
        """
        self._names = NameFinder(own_name, identity_words)
        told = [
            ListedPhrase(run, WordingKind.ACCOMMODATION, "repeats what was approved for the learner")
            for instruction in instructions
            for run in instruction_runs(instruction)
        ]
        listed = [*told, *(phrase for one in word_lists for phrase in one.phrases)]
        self._listed = PhraseFinder((one.phrase, one) for one in listed)

    def __call__(self, text: str) -> tuple[Wording, ...]:
        """All findings in a text, in the order of their places."""
        words = words_of(text)
        found = [
            *(Wording(_ADDRESS_KINDS[one.kind], one.start, one.end) for one in find_identity(text)),
            *find_leftovers(text),
            *self._names.find(text, words),
            *self._phrases(text, words),
        ]
        return tuple(sorted(found, key=lambda wording: (wording.start, wording.end, wording.kind)))

    def _phrases(self, text: str, words: tuple[Word, ...]) -> Iterator[Wording]:
        for found in self._listed.find(text, words):
            one = found.meaning
            if one.kind is not None:
                yield Wording(one.kind, found.start, found.end, one.why)


def instruction_runs(instruction: str) -> Iterator[str]:
    """The runs of words of an instruction that are distinctive enough to know it again by."""
    keys = phrase_key(instruction)
    for at in range(len(keys) - _RUN_WORDS + 1):
        run = keys[at : at + _RUN_WORDS]
        if sum(len(word) >= _TELLING_LETTERS for word in run) >= _TELLING_WORDS:
            yield " ".join(run)
