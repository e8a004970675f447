"""What is known of the places in evidence that may name a person; it never leaves this computer."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assessor_app.domain.cases import FindingKind


@dataclass(frozen=True, slots=True)
class IdentityRecord:
    """One file or written answer: what was found in it, and which patches the person lifted."""

    source_id: str
    """The sealed file's id, or a response's."""
    sha256: str
    """Of the content that was looked through; empty while nobody looked."""
    scanner: int = 0
    """Which version of the scan looked; 0 for none."""
    words: tuple[str, ...] = ()
    """Names and schools found, in small letters: for the check on feedback."""
    properties: tuple[FindingKind, ...] = ()
    """Where in the file's own properties something may name a person."""
    lifted: tuple[str, ...] = ()
    """Ids of patches that were lifted; they say where a patch is, never what is under it."""
    is_reported: bool = False
    """Whether the team lead was told of the properties."""

    def found(
        self, sha256: str, scanner: int, words: tuple[str, ...], properties: tuple[FindingKind, ...]
    ) -> IdentityRecord:
        """With what a scan found. Lifted patches stay lifted; another content has other patches."""
        is_same = not self.sha256 or self.sha256 == sha256
        return replace(
            self,
            sha256=sha256,
            scanner=scanner,
            words=words,
            properties=properties,
            lifted=self.lifted if is_same else (),
            is_reported=self.is_reported and is_same,
        )

    def with_lifted(self, patch_ids: frozenset[str], *, is_lifted: bool) -> IdentityRecord:
        """With some patches lifted, or put back."""
        lifted = patch_ids.union(self.lifted) if is_lifted else frozenset(self.lifted) - patch_ids
        return replace(self, lifted=tuple(sorted(lifted)))
