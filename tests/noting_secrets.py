"""Notes every secret that the program makes, keeps or is given, so that the logs can be searched for it.

Only where the environment names a folder for the notes.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assessor_app.cache import generation, sync_state
from assessor_app.sync import browser_sign_in, device_sign_in
from assessor_app.vault import derivation, key_file, keys, recovery_code, sealed_header

FOLDER_VARIABLE = "ASSESSOR_TEST_SECRETS"
FIXED = ("token-of-anna", "token-of-bert", "token-of-otto", "token-of-both", "token-of-busy")
"""Tokens that many tests use without signing in; their stores have the key 000102..."""


def begin(folder: Path) -> Callable[[str], None]:
    """Note from now on into a file of this process; gives what notes one more."""
    folder.mkdir(parents=True, exist_ok=True)
    known: set[str] = set()
    file = folder / f"{os.getpid()}.txt"

    def note(secret: object) -> None:
        text = secret.hex() if isinstance(secret, bytes) else secret
        # A key of one letter repeated is a test's stand-in, and what a log would show of many other things.
        if isinstance(text, str) and text not in known and len(set(text)) > 2:
            known.add(text)
            with file.open("a", encoding="ascii") as notes:
                notes.write(text.encode("utf-8", "replace").hex() + "\n")

    for secret in (*FIXED, bytes(range(32))):
        note(secret)
    _wrap(sync_state, "set_secret", lambda arguments, _made: note(arguments[2]))
    _wrap(browser_sign_in, "_random_text", lambda _arguments, made: note(made))
    _wrap(device_sign_in, "begin", lambda _arguments, made: note(made.secret))
    _wrap(key_file, "_stretch", lambda arguments, _made: note(arguments[0]))
    _wrap(key_file, "_stretch", lambda _arguments, made: note(made))
    _wrap(recovery_code, "encode", lambda _arguments, made: note(made))
    _wrap(recovery_code, "encode", lambda _arguments, made: note(made.replace("-", "")))
    _wrap(keys.MasterKey, "__post_init__", lambda arguments, _made: note(arguments[0].secret))
    for module in (derivation, keys, sealed_header, generation):
        _wrap(module, "hkdf_sha256", lambda _arguments, made: note(made))
    return note


def _wrap(module: Any, name: str, told: Callable[[tuple[Any, ...], Any], object]) -> None:
    original = getattr(module, name)

    def noting(*arguments: Any, **named: Any) -> Any:
        made = original(*arguments, **named)
        told(arguments, made)
        return made

    setattr(module, name, noting)
