"""The master key: kept, opened, recovered; and refused when anything about it was changed."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor_app.clock import Clock
from assessor_app.errors import KeyUnavailable, WrongPassphrase
from assessor_app.vault import key_file, recovery_code
from assessor_app.vault.keys import (
    KeyStatus,
    MasterKey,
    WrapCost,
    create_key,
    database_check,
    forget_key,
    keep_key,
    key_status,
    open_key,
    open_with_recovery_code,
)
from assessor_app.vault.keys import recovery_code as code_of

PROFILE = "0190bbbb-0000-7000-8000-000000000001"
CHEAP = WrapCost(memory_kib=64, iterations=1, lanes=1)
WORDS = "correct horse battery"


@pytest.fixture
def made(tmp_path: Path) -> MasterKey:
    return create_key(tmp_path, PROFILE, clock=Clock(), passphrase=WORDS, cost=CHEAP)


def fields_of(folder: Path) -> dict[str, object]:
    fields = json.loads((folder / "key.json").read_bytes())
    assert isinstance(fields, dict)
    return fields


def rewrite(folder: Path, fields: dict[str, object]) -> None:
    """Write a key file as a careful attacker would: with a checksum that is right."""
    fields = {name: value for name, value in fields.items() if name != "checksum"}
    plain = json.dumps(fields, sort_keys=True, separators=(",", ":"))
    fields["checksum"] = hashlib.sha256(plain.encode()).hexdigest()
    (folder / "key.json").write_text(json.dumps(fields))


def assert_safe(error: KeyUnavailable) -> None:
    """Every refusal says that the work is safe and what to do."""
    assert "safe" in error.message
    assert error.title
    assert error.next_step


# --- the key itself --------------------------------------------------------------------------


def test_a_master_key_never_shows_itself() -> None:
    master = MasterKey(b"S" * 32)
    assert "SSSS" not in repr(master) + str(master) + f"{master}"
    assert b"S".hex() * 4 not in repr(master)
    with pytest.raises(TypeError, match="process"):
        pickle.dumps(master)
    with pytest.raises(ValueError, match="32 bytes"):
        MasterKey(b"short")


def test_what_is_derived_differs_from_the_key_and_from_each_other() -> None:
    one, other = MasterKey(bytes(32)), MasterKey(bytes(31) + b"\x01")
    assert len({one.secret, one.database_key(), other.database_key()}) == 3
    assert len(one.database_key()) == 32
    assert database_check(one) != database_check(other)
    assert database_check(one) != one.database_key().hex()


# --- passphrase ------------------------------------------------------------------------------


def test_a_passphrase_opens_what_it_closed(tmp_path: Path, made: MasterKey) -> None:
    assert key_status(tmp_path) is KeyStatus.PASSPHRASE
    assert open_key(tmp_path, PROFILE, passphrase=WORDS) == made
    assert os.listdir(tmp_path) == ["key.json"]
    raw = (tmp_path / "key.json").read_bytes()
    for secret in (made.secret, made.database_key(), WORDS.encode()):
        assert secret not in raw
        assert secret.hex().encode() not in raw


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes")
def test_folder_and_file_are_private(tmp_path: Path) -> None:
    folder = tmp_path / "profiles" / PROFILE
    create_key(folder, PROFILE, clock=Clock(), passphrase=WORDS, cost=CHEAP)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "key.json").stat().st_mode) == 0o600


def test_the_preset_costs_64_mib(tmp_path: Path) -> None:
    create_key(tmp_path, PROFILE, clock=Clock(), passphrase=WORDS)
    fields = fields_of(tmp_path)
    assert (fields["memory_kib"], fields["iterations"], fields["lanes"]) == (65_536, 3, 4)


@pytest.mark.parametrize("words", ["", "Correct horse battery", WORDS + " ", None])
def test_another_passphrase_opens_nothing(tmp_path: Path, made: MasterKey, words: str | None) -> None:
    with pytest.raises(WrongPassphrase) as caught:
        open_key(tmp_path, PROFILE, passphrase=words)
    assert_safe(caught.value)


def test_a_letter_typed_in_two_ways_is_the_same_letter(tmp_path: Path) -> None:
    made = create_key(tmp_path, PROFILE, clock=Clock(), passphrase="Schl\u00fcssel", cost=CHEAP)
    assert open_key(tmp_path, PROFILE, passphrase="Schlu\u0308ssel") == made


def test_an_empty_passphrase_keeps_nothing(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="empty"):
        create_key(tmp_path, PROFILE, clock=Clock(), passphrase="", cost=CHEAP)
    assert key_status(tmp_path) is KeyStatus.NEW


def test_two_profiles_share_nothing(tmp_path: Path) -> None:
    for name in "ab":
        create_key(tmp_path / name, PROFILE, clock=Clock(), passphrase=WORDS, cost=CHEAP)
    one, other = fields_of(tmp_path / "a"), fields_of(tmp_path / "b")
    for name in ("salt", "nonce", "wrapped_key", "database_check"):
        assert one[name] != other[name]


# --- a changed file --------------------------------------------------------------------------


def test_every_flipped_bit_of_the_file_is_damage_not_a_wrong_passphrase(
    tmp_path: Path, made: MasterKey
) -> None:
    raw = (tmp_path / "key.json").read_bytes()
    for offset in range(len(raw)):
        changed = bytearray(raw)
        changed[offset] ^= 1 << (offset % 8)
        (tmp_path / "key.json").write_bytes(changed)
        with pytest.raises(KeyUnavailable) as caught:
            open_key(tmp_path, PROFILE, passphrase=WORDS)
        assert not isinstance(caught.value, WrongPassphrase), offset
        assert_safe(caught.value)


def test_every_truncation_is_damage(tmp_path: Path, made: MasterKey) -> None:
    raw = (tmp_path / "key.json").read_bytes()
    for length in range(len(raw)):
        with pytest.raises(KeyUnavailable):
            key_file.parse(raw[:length])


TAMPERED = [
    ("memory_kib", 128),
    ("iterations", 2),
    ("lanes", 2),
    ("salt", "00" * 16),
    ("nonce", "00" * 12),
    ("wrapped_key", "00" * 48),
    ("database_check", "00" * 32),
]


@pytest.mark.parametrize(("name", "value"), TAMPERED)
def test_each_field_changed_by_a_careful_hand_is_refused(
    tmp_path: Path, made: MasterKey, name: str, value: object
) -> None:
    rewrite(tmp_path, fields_of(tmp_path) | {name: value})
    with pytest.raises(WrongPassphrase) as caught:
        open_key(tmp_path, PROFILE, passphrase=WORDS)
    assert_safe(caught.value)


def test_a_key_file_of_another_profile_is_refused(tmp_path: Path, made: MasterKey) -> None:
    with pytest.raises(KeyUnavailable, match="another profile"):
        open_key(tmp_path, "0190bbbb-0000-7000-8000-000000000002", passphrase=WORDS)
    rewrite(tmp_path, fields_of(tmp_path) | {"profile_id": "other"})
    with pytest.raises(WrongPassphrase):
        open_key(tmp_path, "other", passphrase=WORDS)


ODD = [
    ("kdf", "scrypt"),
    ("kind", "plaintext"),
    ("kind", "keyring"),
    ("kind", 1),
    ("format", 0),
    ("format", True),
    ("format", "1"),
    ("memory_kib", "64"),
    ("memory_kib", 64.0),
    ("iterations", True),
    ("salt", "zz"),
    ("salt", "00" * 15),
    ("nonce", None),
    ("wrapped_key", "00" * 49),
    ("database_check", "00"),
    ("profile_id", 7),
    ("surplus", 1),
]


@pytest.mark.parametrize(("name", "value"), ODD)
def test_odd_fields_are_damage(tmp_path: Path, made: MasterKey, name: str, value: object) -> None:
    rewrite(tmp_path, fields_of(tmp_path) | {name: value})
    with pytest.raises(KeyUnavailable, match="damaged"):
        key_status(tmp_path)


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"null", b"{}", b"\xff\xfe", b"[" * 9000, b'{"format":1,"format":1}', b"1" * 20_000]
)
def test_what_is_no_key_file_is_damage(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "key.json").write_bytes(raw)
    with pytest.raises(KeyUnavailable) as caught:
        key_status(tmp_path)
    assert_safe(caught.value)


@pytest.mark.parametrize("missing", ["format", "profile_id", "salt", "wrapped_key", "lanes"])
def test_a_missing_field_is_damage(tmp_path: Path, made: MasterKey, missing: str) -> None:
    fields = fields_of(tmp_path)
    del fields[missing]
    rewrite(tmp_path, fields)
    with pytest.raises(KeyUnavailable, match="damaged"):
        key_status(tmp_path)


def test_a_field_that_appears_twice_is_damage(tmp_path: Path, made: MasterKey) -> None:
    text = (tmp_path / "key.json").read_text()
    (tmp_path / "key.json").write_text(text.replace('"lanes":1', '"lanes":4,"lanes":1'))
    with pytest.raises(KeyUnavailable, match="damaged"):
        key_status(tmp_path)


def test_a_newer_file_is_said_to_be_newer(tmp_path: Path, made: MasterKey) -> None:
    rewrite(tmp_path, fields_of(tmp_path) | {"format": 2, "something": "new"})
    with pytest.raises(KeyUnavailable, match="newer"):
        key_status(tmp_path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("memory_kib", 262_145),
        ("memory_kib", 2**40),
        ("memory_kib", 7),
        ("memory_kib", -1),
        ("iterations", 11),
        ("iterations", 0),
        ("iterations", 2**31),
        ("lanes", 17),
        ("lanes", 0),
    ],
)
def test_an_absurd_cost_is_refused_before_it_is_spent(
    tmp_path: Path, made: MasterKey, name: str, value: int
) -> None:
    rewrite(tmp_path, fields_of(tmp_path) | {name: value})
    # Reading the status derives nothing, so what it refuses has cost nothing.
    for action in (lambda: key_status(tmp_path), lambda: open_key(tmp_path, PROFILE, passphrase=WORDS)):
        with pytest.raises(KeyUnavailable, match="tampered") as caught:
            action()
        assert_safe(caught.value)


def test_a_cost_that_could_not_be_opened_again_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="bounds"):
        create_key(tmp_path, PROFILE, clock=Clock(), passphrase=WORDS, cost=WrapCost(memory_kib=262_145))
    assert key_status(tmp_path) is KeyStatus.NEW


# --- life of a key ---------------------------------------------------------------------------


def test_a_second_key_is_never_made_over_a_first(tmp_path: Path, made: MasterKey) -> None:
    before = (tmp_path / "key.json").read_bytes()
    with pytest.raises(KeyUnavailable, match="already"):
        create_key(tmp_path, PROFILE, clock=Clock(), passphrase="other", cost=CHEAP)
    assert (tmp_path / "key.json").read_bytes() == before


def test_a_store_without_its_key_file_gets_no_new_key(tmp_path: Path) -> None:
    (tmp_path / "store.db").write_bytes(b"encrypted")
    with pytest.raises(KeyUnavailable) as caught:
        create_key(tmp_path, PROFILE, clock=Clock(), passphrase=WORDS, cost=CHEAP)
    assert_safe(caught.value)
    with pytest.raises(KeyUnavailable, match="missing"):
        open_key(tmp_path, PROFILE, passphrase=WORDS)


def test_the_passphrase_can_be_changed(tmp_path: Path, made: MasterKey) -> None:
    keep_key(tmp_path, PROFILE, made, clock=Clock(), passphrase="new words", cost=CHEAP)
    assert open_key(tmp_path, PROFILE, passphrase="new words") == made
    with pytest.raises(WrongPassphrase):
        open_key(tmp_path, PROFILE, passphrase=WORDS)


def test_a_foreign_key_is_not_kept_for_this_profile(tmp_path: Path, made: MasterKey) -> None:
    with pytest.raises(KeyUnavailable, match="belong"):
        keep_key(tmp_path, PROFILE, MasterKey(bytes(32)), clock=Clock(), passphrase="x", cost=CHEAP)
    assert open_key(tmp_path, PROFILE, passphrase=WORDS) == made


def test_a_forgotten_key_is_gone(tmp_path: Path, made: MasterKey) -> None:
    forget_key(tmp_path, PROFILE)
    assert os.listdir(tmp_path) == []
    assert key_status(tmp_path) is KeyStatus.NEW


# --- recovery code ---------------------------------------------------------------------------


def test_the_printed_code_opens_the_profile_and_lets_a_new_passphrase_be_set(
    tmp_path: Path, made: MasterKey
) -> None:
    code = code_of(made)
    assert [len(group) for group in code.split("-")] == [4] * 14
    assert open_with_recovery_code(tmp_path, PROFILE, f"  {code.lower().replace('-', ' ')}\n") == made
    keep_key(tmp_path, PROFILE, made, clock=Clock(), passphrase="new words", cost=CHEAP)
    assert open_key(tmp_path, PROFILE, passphrase="new words") == made


@pytest.mark.parametrize("raw", [None, b"damaged"])
def test_the_code_opens_without_the_key_file(tmp_path: Path, made: MasterKey, raw: bytes | None) -> None:
    (tmp_path / "key.json").unlink()
    if raw is not None:
        (tmp_path / "key.json").write_bytes(raw)
    assert open_with_recovery_code(tmp_path, PROFILE, code_of(made)) == made
    keep_key(tmp_path, PROFILE, made, clock=Clock(), passphrase="again", cost=CHEAP)
    assert open_key(tmp_path, PROFILE, passphrase="again") == made


def test_the_code_of_another_profile_is_refused(tmp_path: Path, made: MasterKey) -> None:
    with pytest.raises(WrongPassphrase, match="another profile") as caught:
        open_with_recovery_code(tmp_path, PROFILE, code_of(MasterKey(bytes(32))))
    assert_safe(caught.value)
    with pytest.raises(KeyUnavailable, match="another profile"):
        open_with_recovery_code(tmp_path, "another", code_of(made))


@given(secret=st.binary(min_size=32, max_size=32))
def test_codes_round_trip(secret: bytes) -> None:
    code = recovery_code.encode(secret)
    assert recovery_code.decode(code) == secret
    assert recovery_code.decode(code.replace("0", "o").replace("1", "l")) == secret
    assert recovery_code.decode(code.replace("1", "I")) == secret


@given(secret=st.binary(min_size=32, max_size=32), place=st.integers(0, 55), step=st.integers(1, 31))
def test_a_mistyped_letter_is_noticed(secret: bytes, place: int, step: int) -> None:
    letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    code = list(recovery_code.encode(secret).replace("-", ""))
    code[place] = letters[(letters.index(code[place]) + step) % 32]
    assert recovery_code.decode("".join(code)) is None


@pytest.mark.parametrize("code", ["", "AAAA", "A" * 55, "A" * 57, "\u00c4" * 56, "U" * 56])
def test_what_is_no_code_has_a_typing_mistake(tmp_path: Path, made: MasterKey, code: str) -> None:
    with pytest.raises(WrongPassphrase, match="typing mistake") as caught:
        open_with_recovery_code(tmp_path, PROFILE, code)
    assert_safe(caught.value)


# --- what start-up may import ----------------------------------------------------------------


def imported_after(statements: str, folder: Path) -> set[str]:
    """Which of the heavy packages a fresh process has loaded after these statements."""
    program = (
        "import sys\nfrom pathlib import Path\nfrom assessor_app.vault import keys\n"
        f"folder = Path(sys.argv[1])\n{statements}\n"
        "print([n for n in ('keyring', 'cryptography', 'secretstorage') if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    return set(done.stdout.translate(str.maketrans("", "", "[]',\n")).split())


def test_the_status_imports_neither_keyring_nor_cryptography(tmp_path: Path, made: MasterKey) -> None:
    statements = "assert keys.key_status(folder) is keys.KeyStatus.PASSPHRASE"
    assert imported_after(statements, tmp_path) == set()


def test_deriving_the_database_key_imports_neither(tmp_path: Path) -> None:
    statements = "keys.MasterKey(bytes(32)).database_key(); keys.database_check(keys.MasterKey(bytes(32)))"
    assert imported_after(statements, tmp_path) == set()


def test_a_passphrase_never_imports_keyring(tmp_path: Path, made: MasterKey) -> None:
    statements = f"keys.open_key(folder, {PROFILE!r}, passphrase={WORDS!r})"
    assert imported_after(statements, tmp_path) == {"cryptography"}
