"""Patches stay lifted as long as the content is the same, and no longer."""

from __future__ import annotations

from assessor_app.domain.cases import FindingKind
from assessor_app.domain.identity import IdentityRecord

KINDS = (FindingKind.PICTURE_PROPERTIES,)


def test_a_scan_of_the_same_content_leaves_lifted_patches_lifted() -> None:
    lifted = IdentityRecord("b", "").with_lifted(frozenset({"0:1,2,3,4"}), is_lifted=True)
    first = lifted.found("a" * 64, 1, ("ana",), KINDS)
    assert (first.lifted, first.words, first.properties) == (("0:1,2,3,4",), ("ana",), KINDS)
    reported = IdentityRecord("b", "a" * 64, 1, lifted=first.lifted, is_reported=True)
    again = reported.found("a" * 64, 2, (), KINDS)
    assert (again.lifted, again.is_reported, again.scanner) == (("0:1,2,3,4",), True, 2)


def test_another_content_is_covered_and_told_anew() -> None:
    before = IdentityRecord("b", "a" * 64, 1, lifted=("0:1,2,3,4",), is_reported=True)
    after = before.found("c" * 64, 1, (), KINDS)
    assert (after.lifted, after.is_reported) == ((), False)


def test_a_lifted_patch_can_be_put_back() -> None:
    both = IdentityRecord("b", "").with_lifted(frozenset({"x", "y"}), is_lifted=True)
    assert both.with_lifted(frozenset({"x"}), is_lifted=False).lifted == ("y",)
