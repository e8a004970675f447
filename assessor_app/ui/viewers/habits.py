"""How the person likes to read: kept for as long as the program runs, shared by all viewers."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from assessor_app.documents.anchoring import PagePoint

MOST_PLACES = 200
"""Files of which it is remembered where they were left."""


@dataclass(slots=True)
class Habits:
    """Choices that outlive one document and one submission. For the GUI thread alone."""

    is_bar_open: bool = False
    """Whether the side bar is wanted beside what is read."""
    bar_tab: str = ""
    """Id of the side bar's tab that was looked at last; empty for none yet."""
    bar_width_px: int = 0
    """How wide the person made the side bar; 0 until she has moved its edge."""
    turns: dict[str, int] = field(default_factory=dict)
    """Quarter turns to the right by the file's digest; files that stand upright are left out."""
    places: OrderedDict[str, PagePoint] = field(default_factory=OrderedDict)
    """Where the person was in a file, by its digest; files left at their beginning are left out."""

    def keep_place(self, sha256: str, place: PagePoint | None) -> None:
        """Remember where a file was left, or that it was left at its beginning."""
        self.places.pop(sha256, None)
        if place is not None:
            self.places[sha256] = place
            while len(self.places) > MOST_PLACES:
                self.places.popitem(last=False)

    def reset(self) -> None:
        """Back to how it is at the start."""
        self.is_bar_open, self.bar_tab, self.bar_width_px = False, "", 0
        self.turns.clear()
        self.places.clear()


HABITS = Habits()
"""The habits of this run of the program."""
