"""Asks the spelling child; what was asked once is remembered. Blocking, with deadlines, for one lane."""

from __future__ import annotations

import logging
from collections.abc import Collection
from pathlib import Path

from assessor_app.clock import Clock
from assessor_app.documents import worker_start
from assessor_app.documents.child_process import ChildLost, RenderChild, ViewerUnavailable
from assessor_app.documents.limits import MEBIBYTE, Limits

_LOG = logging.getLogger(__name__)
_CHECK_S, _SUGGEST_S = 10.0, 5.0
_REMEMBERED = 20_000
_AT_ONCE = 2_000
_LIMITS = Limits(max_resident_bytes=256 * MEBIBYTE, max_answer_bytes=MEBIBYTE)


class SpellingUnavailable(Exception):
    """The spelling cannot be checked on this computer, or not now."""


class Speller:
    """The dictionaries of one folder. Starts its child with the first question."""

    def __init__(self, folder: Path, clock: Clock, limits: Limits = _LIMITS) -> None:
        """Start nothing yet.

        Args:
            folder: where `LANGUAGE.aff` and `LANGUAGE.dic` lie.
            clock: the program's clock.
            limits: what the child may cost.
        """
        self._folder = folder
        self._child = RenderChild(limits, clock, worker_start.spell)
        self._right: dict[str, dict[str, bool]] = {}

    @property
    def pid(self) -> int | None:
        """Process id of the child; None while there is none."""
        return self._child.pid

    @property
    def starts(self) -> int:
        """How many times the child was started."""
        return self._child.starts

    def wrong(self, language: str, words: Collection[str]) -> frozenset[str]:
        """Which of these words the dictionary does not have.

        Args:
            language: such as "en_US".
            words: as `domain.spelling.normal` has them.

        Raises:
            SpellingUnavailable: nothing can be said.
        """
        known = self._right.setdefault(language, {})
        if len(known) > _REMEMBERED:
            known.clear()
        asked = sorted({word for word in words if word not in known})
        for at in range(0, len(asked), _AT_ONCE):
            some = asked[at : at + _AT_ONCE]
            untrusted = self._ask("check", language, some, _CHECK_S).get("wrong")
            wrong = set(untrusted) if isinstance(untrusted, list) else set()
            known.update((word, word not in wrong) for word in some)
        return frozenset(word for word in words if not known.get(word, True))

    def suggestions(self, language: str, word: str) -> tuple[str, ...]:
        """What may have been meant, at most five, the likeliest first.

        Raises:
            SpellingUnavailable: nothing can be said.
        """
        untrusted = self._ask("suggest", language, [word], _SUGGEST_S).get("suggestions")
        found = untrusted if isinstance(untrusted, list) else []
        return tuple(one for one in found if isinstance(one, str) and one and one != word)

    def close(self) -> None:
        """End the child and start none any more; safe from another thread while it is asked."""
        self._child.give_up()

    def _ask(self, do: str, language: str, words: list[str], deadline_s: float) -> dict[str, object]:
        request: dict[str, object] = {
            "do": do,
            "language": language,
            "words": words,
            "folder": str(self._folder),
        }
        try:
            untrusted = self._child.ask(request, deadline_s)
        except (ChildLost, ViewerUnavailable):
            _LOG.info("the spelling child did not answer")
            raise SpellingUnavailable from None
        if untrusted.get("is_missing"):
            raise SpellingUnavailable
        return untrusted
