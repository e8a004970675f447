"""Takes the pictures of states: each made anew on a profile of its own for each look."""

from __future__ import annotations

import sys
import tempfile
import traceback
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from assessor_app.documents.renderer import Renderer
from assessor_app.errors import KnownError
from assessor_app.ui.theme import Theme
from tests.evidence_desk import pause
from tests.looks.accounts import ACCOUNTS
from tests.looks.afterwards import AFTERWARDS
from tests.looks.downloads import DOWNLOADS
from tests.looks.endings import ENDINGS
from tests.looks.judging import JUDGING
from tests.looks.lead import LEAD
from tests.looks.signing_in import SIGNING_IN
from tests.looks.stage import SETTLE_MS, Stage, speak_english
from tests.looks.store_care import STORE_CARE
from tests.looks.support import SUPPORT
from tests.looks.troubles import TROUBLES
from tests.looks.two_sides import TWO_SIDES
from tests.looks.unsent import UNSENT
from tests.looks.work_list import WORK_LIST

STATES: Mapping[str, Callable[[Stage], object]] = {
    **JUDGING,
    **AFTERWARDS,
    **WORK_LIST,
    **LEAD,
    **DOWNLOADS,
    **STORE_CARE,
    **TROUBLES,
    **UNSENT,
    **SUPPORT,
    **TWO_SIDES,
    **ACCOUNTS,
    **SIGNING_IN,
    **ENDINGS,
}
"""Every state of judging that there is a picture of, by its name."""


def take_states(names: Iterable[str], theme: Theme, size: tuple[int, int], out: Path, look: str) -> list[str]:
    """A picture of each state; returns the names of those that did not come up."""
    speak_english()
    missing = []
    renderer = Renderer()
    renderer.warm_up()
    for name in names:
        with tempfile.TemporaryDirectory(prefix="looks-") as folder:
            stage = Stage(Path(folder), renderer, theme, size)
            try:
                STATES[name](stage)
                pause(SETTLE_MS)
                grab(stage.window, out / f"{name}-{look}")
            except (LookupError, AttributeError, RuntimeError, TimeoutError, KnownError):
                traceback.print_exc(file=sys.stderr)
                missing.append(f"{name} ({look})")
            missing += [f"{name} ({look}): a bug" for _ in stage.bugs]
            stage.close()
    renderer.close()
    return missing


def grab(window: QWidget, stem: Path) -> None:
    """The window, and each further one that stands before it."""
    window.grab().save(f"{stem}.png")
    others = [w for w in QApplication.topLevelWidgets() if w is not window and w.isVisible()]
    for number, other in enumerate(others, 1):
        other.grab().save(f"{stem}+{number}.png")
        other.close()
