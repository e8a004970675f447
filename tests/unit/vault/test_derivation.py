"""Our HKDF against the standard's test vectors and against `cryptography`."""

from __future__ import annotations

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from assessor_app.vault.derivation import hkdf_sha256


def test_rfc_5869_cases_1_and_3() -> None:
    """The vectors are 42 bytes long; the first 32 are one block."""
    key = bytes([0x0B] * 22)
    assert hkdf_sha256(key, salt=bytes(range(13)), info=bytes(range(0xF0, 0xFA))).hex() == (
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
    )
    assert hkdf_sha256(key, salt=b"", info=b"").hex() == (
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
    )


@given(key=st.binary(min_size=32, max_size=32), salt=st.binary(max_size=80), info=st.binary(max_size=120))
def test_same_as_cryptography(key: bytes, salt: bytes, info: bytes) -> None:
    expected = HKDF(SHA256(), 32, salt, info).derive(key)
    assert hkdf_sha256(key, salt=salt, info=info) == expected
