"""Names in what is written: the writer's own, and those that stand in the evidence.

A single word counts only where it begins with a capital letter ("Rose", not "rose"); several words
together count in any case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from assessor_app.domain.wording import Wording, WordingKind
from assessor_app.privacy.phrases import PhraseFinder, Word, phrase_key

_SHORTEST_PART = 3
"""Letters; shorter parts of a name are initials, "de" and "Li": by themselves they say nothing."""

_NOBODY_WORDS = """
account admin administrator default defaultuser0 guest host local localhost nobody owner pc root
service system test ubuntu unknown user usuario windows
"""
_NOBODY = frozenset(_NOBODY_WORDS.split())
"""What systems call an account that has no name of a person."""

_ORDINARY_WORDS = """
april art august autumn banks bell bill black blue booth brook brown campos carter case chance
charity chase christian class cook cross cruz daisy dale dawn day dean ever faith field fields
fisher flores forest frank garden gene grace grant gray green guy hall hand harmony hazel heath hill
hope hunter iris ivy jack jade joy june justice king lake lane law leaf lee leon lily long love luz
major mar mark may mercedes mercy miles miller moore norm north olive page paris park parker parks
patience paz pearl pen penny pierce pilar price prince rain ray rays read reading reed reyes rich
river rivers rob robin rock rosa rose ruby sage sandy santos school shepherd short singer skip sky
snow sol south spring star stone street student sue summer sunny taylor teacher trinity turner usher
vega violet wade walker ward waters weaver west white will wood woods write young
"""
_ORDINARY = frozenset(_ORDINARY_WORDS.split())
"""Parts of names that begin ordinary sentences; only the whole name, or the writer, makes them one."""


@dataclass(frozen=True, slots=True)
class OwnName:
    """How the writer is called. It stays on this computer."""

    account: str = ""
    """Her name as the system tells it."""
    words: tuple[str, ...] = ()
    """What she says names her: nicknames, initials, an office."""


NO_NAME = OwnName()
"""Nothing is known of the writer."""


class _Because(Enum):
    WHOLE = WordingKind.OWN_NAME
    PART = WordingKind.OWN_NAME_PART
    EVIDENCE = WordingKind.EVIDENCE_NAME


class NameFinder:
    """Finds own names and names of the evidence."""

    def __init__(self, own: OwnName, identity_words: Iterable[str] = ()) -> None:
        """Prepare.

        Args:
            own: how the writer is called.
            identity_words: names and schools that were found in the evidence, words or phrases.
        """
        table = [(word, _Because.WHOLE) for word in own.words]
        account = phrase_key(own.account)
        if account and not set(account) & _NOBODY:
            if len(account) > 1:
                table.append((" ".join(account), _Because.WHOLE))
                table.append((" ".join((account[0], account[-1])), _Because.WHOLE))
                table.append((" ".join((*account[-1:], *account[:-1])), _Because.WHOLE))
            table += [(part, _Because.PART) for part in account if _is_telling(part)]
        table += [(word, _Because.EVIDENCE) for word in sorted(identity_words) if _is_long_enough(word)]
        self._finder = PhraseFinder(table)

    def find(self, text: str, words: tuple[Word, ...] | None = None) -> Iterator[Wording]:
        """The names in a text, in the order of their places."""
        for found in self._finder.find(text, words):
            if len(found.words) > 1 or found.words[0].is_capital:
                yield Wording(found.meaning.value, found.start, found.end)


def _is_telling(part: str) -> bool:
    return len(part) >= _SHORTEST_PART and part not in _ORDINARY and not part.isdigit()


def _is_long_enough(word: str) -> bool:
    return sum(len(part) for part in phrase_key(word)) >= _SHORTEST_PART
