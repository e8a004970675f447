"""Puts a readable text together, piece by piece, and remembers where its words come from."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate

from assessor_app.documents.readable import LOOKS_MAX, PIECES_MAX, Look
from assessor_app.documents.worker_refusal import Refusal


class Builder:
    """Collects words of a source in their order.

    Args:
        source: as it is written.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        """How long the shown text is so far."""
        self._shown: list[str] = []
        self._pieces: list[list[int]] = []
        self._looks: list[list[object]] = []
        self._last = "\n\n"

    def take(self, start: int, end: int) -> None:
        """Show words of the source as they stand there."""
        text = self.source[start:end]
        if not text:
            return
        last = self._pieces[-1] if self._pieces else None
        if last is not None and last[0] + last[2] == self.at and last[1] + last[2] == start:
            last[2] += len(text)
        else:
            self._pieces.append([self.at, start, len(text)])
            if len(self._pieces) > PIECES_MAX:
                raise Refusal("too_large")
        self._add(text)

    def put(self, text: str) -> None:
        """Show something that helps the eye and stands nowhere in the source."""
        if text:
            self._add(text)

    def look(self, start: int, look: Look) -> None:
        """Give everything since a place a look; nothing happens once there are very many."""
        if start < self.at and len(self._looks) < LOOKS_MAX:
            self._looks.append([start, self.at, look.value])

    def widen(self, spots: Sequence[tuple[int, int]]) -> None:
        """Put spaces into what is shown already, such as to make columns of a table.

        Args:
            spots: place and number of spaces, in ascending order, none of them within a piece.
        """
        text, parts, before = "".join(self._shown), [], 0
        for place, count in spots:
            parts += [text[before:place], " " * count]
            before = place
        self._shown = [*parts, text[before:]]
        places = [place for place, _ in spots]
        sums = [0, *accumulate(count for _, count in spots)]
        for piece in reversed(self._pieces):
            if piece[0] < places[0]:
                break
            piece[0] += sums[bisect_right(places, piece[0])]
        for look in reversed(self._looks):
            if int(str(look[1])) < places[0]:
                break
            look[0] = int(str(look[0])) + sums[bisect_right(places, int(str(look[0])))]
            look[1] = int(str(look[1])) + sums[bisect_left(places, int(str(look[1])))]
        self.at += sums[-1]

    def end_line(self) -> None:
        """Begin a new line, unless one has just begun."""
        if not self._last.endswith("\n"):
            self.put("\n")

    def end_block(self) -> None:
        """Leave a line empty, unless one is already."""
        self.end_line()
        if not self._last.endswith("\n\n"):
            self.put("\n")

    def answer(self) -> dict[str, object]:
        """What goes to the parent."""
        return {
            "text": self.source,
            "shown": "".join(self._shown),
            "pieces": self._pieces,
            "looks": self._looks,
        }

    def _add(self, text: str) -> None:
        self._shown.append(text)
        self.at += len(text)
        self._last = (self._last + text)[-2:]
