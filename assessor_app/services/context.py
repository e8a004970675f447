"""What a verb needs to do its work: one value, built by `app` for one open profile."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from assessor_app.clock import Clock
from assessor_app.domain.roles import Role
from assessor_app.sync.download_gate import DownloadGate
from assessor_app.sync.draft_gate import DraftGate
from assessor_app.sync.renewal_gate import RenewalGate

if TYPE_CHECKING:
    from assessor_app.cache.engine import Store
    from assessor_app.documents.converter import Converter
    from assessor_app.documents.renderer import Renderer
    from assessor_app.documents.spelling import Speller
    from assessor_app.sync.transport import Transport


@dataclass(frozen=True, slots=True)
class Context:
    """One open profile, as the verbs see it. The windows pass it on and never look inside."""

    store: Store
    transport: Transport
    renderer: Renderer
    clock: Clock
    role: Role
    """The role this window works in."""
    origin: str
    folder: Path
    """The profile's folder."""
    speller: Speller | None = None
    """Knows how words are spelled; None: nothing is checked."""
    converter: Converter | None = None
    """Makes copies of office files; None: never."""
    drafts: DraftGate = field(default_factory=DraftGate)
    """Whether drafts are copied to the platform."""
    renewals: RenewalGate = field(default_factory=RenewalGate)
    """Which claims the platform did not renew."""
    downloads: DownloadGate = field(default_factory=DownloadGate)
    """What the person chose about downloads, and what she waits for."""
