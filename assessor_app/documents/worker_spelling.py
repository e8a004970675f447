"""The spelling child: holds the dictionaries, and tells which words are not in them.

It is a child because Hunspell keeps Python's lock while it loads (up to a quarter of a second) and while it
looks for suggestions (as long): on a thread, the window would stand still for that long.
"""

from __future__ import annotations

import logging
import os
import signal
from multiprocessing.connection import Connection
from typing import Protocol

from assessor_app.documents import channel, process_guard
from assessor_app.documents.limits import Limits

try:
    import hunspell
except ImportError:
    # There are no wheels for every computer that the program runs on.
    hunspell = None

_REQUEST_MAX_BYTES = 1024 * 1024
_ALARM_SLACK_S = 2.0
MOST_SUGGESTIONS = 5


class Dictionary(Protocol):
    """One language."""

    def spell(self, word: str) -> bool:
        """Whether a word is right."""

    def suggest(self, word: str) -> tuple[str, ...]:
        """What may have been meant, the likeliest first."""


def run(connection: Connection, limits: Limits) -> None:
    """Serve requests until the parent hangs up.

    Args:
        connection: the child's end of the pipe.
        limits: what it may cost.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    process_guard.die_with_parent()
    process_guard.limit_self(limits)
    logging.disable(logging.CRITICAL)
    loaded: dict[str, Dictionary] = {}
    try:
        channel.send(connection, {"ready": os.getpid()})
        while True:
            request = channel.receive(connection, max_bytes=_REQUEST_MAX_BYTES, wait_s=lambda: None)
            process_guard.begin_request(float(str(request["deadline_s"])) + _ALARM_SLACK_S)
            answer = _answer(loaded, request)
            process_guard.end_request()
            channel.send(connection, {**answer, "number": request["number"]})
    except channel.ChannelClosed:
        return


def _answer(loaded: dict[str, Dictionary], request: dict[str, object]) -> dict[str, object]:
    language = str(request["language"])
    try:
        if language not in loaded:
            loaded[language] = _load(str(request["folder"]), language)
    except OSError:
        return {"is_missing": True}
    dictionary, words = loaded[language], request["words"]
    assert isinstance(words, list)
    if request["do"] == "suggest":
        return {"suggestions": list(dictionary.suggest(str(words[0])))[:MOST_SUGGESTIONS]}
    return {"wrong": [word for word in map(str, words) if not _is_right(dictionary, word)]}


def _load(folder: str, language: str) -> Dictionary:
    if hunspell is None:
        raise OSError("Hunspell is not on this computer")
    made: Dictionary = hunspell.Hunspell(language, hunspell_data_dir=folder, system_encoding="UTF-8")
    return made


def _is_right(dictionary: Dictionary, word: str) -> bool:
    try:
        return dictionary.spell(word)
    except UnicodeEncodeError:
        # Letters that the dictionary's alphabet does not have.
        return True
