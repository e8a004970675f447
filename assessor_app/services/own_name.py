"""How the person is called: her account's name as the system tells it, and the words that she sets.

Only you: it is looked for in what she writes, and never leaves this computer.
"""

from __future__ import annotations

import sys
from functools import cache

from assessor_app.cache import own_words
from assessor_app.domain.changes import ChangeSet
from assessor_app.services.context import Context

MOST_WORDS, MOST_CHARS = 20, 60
"""As many words as she may set, and characters in each."""


def words(context: Context) -> tuple[str, ...]:
    """The words that she has set."""
    with context.store.read() as txn:
        return own_words.get(txn)


def set_words(context: Context, text: str) -> ChangeSet:
    """Keep the words that name her; what she wrote is looked through anew when it is next shown.

    Args:
        context: the open profile.
        text: words and phrases, one a line or parted by commas; what is beyond the limits is left out.
    """
    lines = (" ".join(part.split())[:MOST_CHARS] for part in text.replace(",", "\n").split("\n"))
    kept = list(dict.fromkeys(line for line in lines if line))[:MOST_WORDS]
    with context.store.write() as txn:
        own_words.put(txn, kept)
    return ChangeSet()


@cache
def account_name() -> str:
    """The full name of the account that the program runs under; empty where the system tells none."""
    return _account_name()


if sys.platform == "win32":
    import ctypes

    _DISPLAY_NAME, _ROOM = 3, 256

    def _account_name() -> str:
        size = ctypes.c_ulong(_ROOM)
        text = ctypes.create_unicode_buffer(_ROOM)
        told = ctypes.windll.secur32.GetUserNameExW(_DISPLAY_NAME, text, ctypes.byref(size))
        return text.value if told else ""
else:
    import os
    import pwd

    def _account_name() -> str:
        try:
            return pwd.getpwuid(os.getuid()).pw_gecos.split(",")[0].strip()
        except KeyError:
            return ""
