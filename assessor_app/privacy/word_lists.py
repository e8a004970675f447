"""Lists of words in one language, as data: what each phrase is a sign of, and why it matters.

The form of a file:

    {"language": "en",
     "lists": [{"kind": "tone", "why": "belittles", "phrases": ["obviously", ...]}, ...],
     "except": ["nothing is missing", ...]}

`kind` is one of `WordingKind`; `why` is read after the found words. What stands under `except` hides the
shorter phrases in it.
"""

from __future__ import annotations

from dataclasses import dataclass

from assessor_app.domain.wording import WordingKind
from assessor_app.json_from_outside import plain_data


@dataclass(frozen=True, slots=True)
class ListedPhrase:
    """One phrase of a list."""

    phrase: str
    kind: WordingKind | None
    """None: it only hides shorter ones."""
    why: str = ""


@dataclass(frozen=True, slots=True)
class WordList:
    """All phrases of one language."""

    language: str
    phrases: tuple[ListedPhrase, ...]


def read_word_list(text: str) -> WordList:
    """The list in a file's text.

    Raises:
        ValueError: the text is not of the form that this module describes.
    """
    try:
        data = plain_data(text)
        listed = [
            ListedPhrase(str(phrase), WordingKind(part["kind"]), str(part.get("why", "")))
            for part in data["lists"]
            for phrase in part["phrases"]
        ]
        hiding = [ListedPhrase(str(phrase), None) for phrase in data.get("except", ())]
        return WordList(str(data["language"]), (*hiding, *listed))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a list of words: {error!r}") from error
