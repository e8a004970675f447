"""What is laid side by side: pieces of this submission and of earlier attempts, to choose from."""

from __future__ import annotations

from dataclasses import dataclass

from assessor_app.documents.pages import Card, DocumentInfo, EvidenceSource
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.submissions import Artifact, Response


@dataclass(frozen=True, slots=True)
class Version:
    """One piece of evidence that can be put on a side."""

    key: str
    """Unlike any other of the comparison."""
    label: str
    """One line: its name and what it answers."""
    item: Artifact | Response
    is_earlier: bool
    """Whether it was handed in with an earlier attempt."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What can be compared, and what is compared first."""

    submission_id: SubmissionId
    old: tuple[Version, ...]
    """To choose from on the left: earlier versions first."""
    new: tuple[Version, ...]
    """To choose from on the right."""
    old_key: str
    """What stands on the left at first; empty when the person has to choose."""
    new_key: str
    """What stands on the right at first."""
    unchanged_files: int = 0
    """Pieces of the resubmission that are as they were."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A side that can be shown."""

    version: Version
    source: EvidenceSource | None = None
    """None for a written response."""
    info: DocumentInfo | None = None
    """None for a written response."""
    text: str | None = None
    """Of what has no pages."""

    @property
    def page_count(self) -> int:
        """Pages to lay out; 0 for a text."""
        return self.info.page_count if self.info is not None else 0

    @property
    def digest(self) -> str:
        """What is the same for the same content."""
        return self.source.sha256 if self.source is not None else self.text or ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A side that cannot be shown, and why."""

    version: Version
    card: Card
