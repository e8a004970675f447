"""The tour's step over the whole evidence: what covers which criterion, and what changed since last time."""

from __future__ import annotations

from assessor_app.tour.assessor_steps import workspace
from assessor_app.tour.visit import Visit


def survey(visit: Visit) -> None:
    """All criteria against all evidence; a document's small pages; a plan beside its earlier version."""
    hands, desk = visit.hands, workspace(visit)
    hands.press("Ctrl+M")
    hands.wait("the coverage page", lambda: desk.coverage_mode.is_shown)
    hands.settle(300)
    hands.picture("coverage")
    hands.press("Ctrl+M")
    hands.wait("the evidence again", lambda: not desk.coverage_mode.is_shown)
    viewer = desk.document.viewer
    hands.press("F9")
    hands.wait("the side bar", lambda: viewer.place.is_bar_shown)
    hands.settle(600)
    hands.picture("side-bar")
    hands.press("F9")
    hands.wait("the side bar to go", lambda: not viewer.place.is_bar_shown)
    hands.press("Ctrl+Shift+C")
    hands.wait("the comparison", desk.document.is_comparing)
    view = desk.document.comparison
    hands.wait("what changed", lambda: view is not None and "added" in view.summary.text())
    hands.settle(400)
    hands.picture("comparison")
    hands.press("Esc")
    hands.wait("the evidence again", lambda: not desk.document.is_comparing())
