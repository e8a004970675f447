"""The same data gives the same bytes, and the digest names exactly what was assessed."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor_app.domain.canonical import canonical_json, evidence_digest, sha256_hex, text_sha256
from assessor_app.domain.ids import ArtifactId, LinkId
from assessor_app.domain.states import SubmissionStatus
from tests.builders import artifact, link, submission


def test_canonical_json_has_one_form() -> None:
    assert (
        canonical_json({"b": [1, 2.5, None, True], "a": "é\u2028"})
        == '{"a":"é\u2028","b":[1,2.5,null,true]}'.encode()
    )


@given(st.dictionaries(st.text(max_size=3).filter(str.isprintable), st.integers(), min_size=2, max_size=5))
def test_the_order_of_members_does_not_matter(data: dict[str, int]) -> None:
    assert canonical_json(dict(reversed(data.items()))) == canonical_json(data)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800"])
def test_what_json_does_not_know_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        canonical_json({"x": value})
    with pytest.raises(TypeError):
        canonical_json({"x": object()})


def test_digests_are_sha_256() -> None:
    # FIPS 180-2, appendix B.1.
    assert sha256_hex(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert text_sha256("Café") == hashlib.sha256("Café".encode()).hexdigest()


def test_a_text_has_one_digest_however_its_accents_are_typed() -> None:
    assert text_sha256("Cafe\u0301") == text_sha256("Caf\u00e9") != text_sha256("Cafe")


def test_the_evidence_digest_by_hand() -> None:
    whole = submission()
    first, second, third = whole.parts
    only = replace(whole, parts=(replace(first), replace(second, artifacts=second.artifacts[:1])))
    text = first.responses[0].text
    pairs = f'[["art-11","{second.artifacts[0].sha256}"],["resp-context","{sha256_hex(text.encode())}"]]'
    assert evidence_digest(only) == sha256_hex(pairs.encode())
    assert evidence_digest(only) != evidence_digest(whole)
    assert third.responses


def test_the_evidence_digest_follows_the_evidence_alone() -> None:
    whole = submission()
    first, second, third = whole.parts
    digest = evidence_digest(whole)

    same = replace(whole, status=SubmissionStatus.RETURNED, rev=7, round=2, parts=(third, second, first))
    assert evidence_digest(same) == digest
    renamed = replace(second.artifacts[0], filename="Artifact 9.pdf", page_count=1)
    renamed_part = replace(second, artifacts=(second.artifacts[1], renamed))
    assert evidence_digest(replace(whole, parts=(first, renamed_part, third))) == digest

    changed = [
        replace(first, responses=(replace(first.responses[0], text="Another answer."),)),
        replace(second, artifacts=(artifact(11, content=b"other"), second.artifacts[1])),
        replace(
            second, artifacts=(replace(second.artifacts[0], id=ArtifactId("art-99")), second.artifacts[1])
        ),
        replace(second, artifacts=second.artifacts[:1]),
    ]
    for part in changed:
        others = [p for p in whole.parts if p.requirement_id != part.requirement_id]
        assert evidence_digest(replace(whole, parts=(part, *others))) != digest


def test_links_are_no_part_of_the_digest() -> None:
    whole = submission()
    *before, last = whole.parts
    without = replace(last, links=(replace(link(), id=LinkId("link-9")),))
    assert evidence_digest(replace(whole, parts=(*before, without))) == evidence_digest(whole)
