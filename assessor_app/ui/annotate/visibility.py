"""Which layers of marks are shown: one's own, the assessor's, and what the learner left in the file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LayerVisibility:
    """What lies over the evidence; hiding changes nothing that is kept."""

    mine: bool = True
    """Marks of whoever is signed in."""
    assessor: bool = True
    """Marks of the assessor, as the approver sees them."""
    learner: bool = True
    """What the learner left in the file itself, such as comments and highlights."""

    @property
    def has_any(self) -> bool:
        """Whether any layer is shown."""
        return self.mine or self.assessor or self.learner


ALL_LAYERS = LayerVisibility()
NO_LAYERS = LayerVisibility(mine=False, assessor=False, learner=False)
