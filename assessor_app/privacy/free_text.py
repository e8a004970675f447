"""Text that a program wrote about itself, without whom and what it was at work on.

For logs, crash files and whatever is passed on to support: paths, accounts, computers and addresses go, and
what unexpected errors say, which may quote what somebody wrote. Names of our own files and lines stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

PATH, PERSON, COMPUTER = "[path]", "[account]", "[computer]"
"""What stands in place of what was taken out."""
MAIL, ADDRESS, DIGITS = "[mail]", "[network address]", "[digits]"
_SHORTEST_NAME = 3
"""Shorter names of accounts and computers stand in other words by chance."""
_OURS = r"(?:assessor_app|reference_platform|devtools|tests|attacks|benchmarks)"
_FRAME = re.compile(
    r"File (?P<quote>[\"'])(?P<before>[^\"'\n]*?[\\/])?"
    rf"(?P<kept>(?:{_OURS}|site-packages|python3\.\d+|Lib)[\\/][^\"'\n]*)(?P=quote)"
)
_QUOTED_PATH = re.compile(r"(?P<quote>[\"'])(?:[A-Za-z]:[\\/]|\\\\|/|~[\\/]|file:)[^\"'\n]{1,4000}(?P=quote)")
"""Quoted, as in the words of the system about a file: spaces belong to it."""
_BARE_PATH = re.compile(
    r"(?:file:/{1,3}[^\s\"'<>|]+|(?<![\w.])[A-Za-z]:[\\/][^\s\"'<>|:*?]*|(?<![\w\\])\\\\[\w.$-]+\\[^\s\"'<>|]*"
    r"|(?<![\w.:/\]>%)])~?/(?!\[)(?:[^\s\"'<>|/:]+/)*[^\s\"'<>|/:]*[^\s\"'<>|/:.,;)])"
)
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_IP = re.compile(r"(?<![\d.])(?!127\.)(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
_MAC = re.compile(r"(?i)\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b")
_LONG_HEX = re.compile(r"(?i)(?<![0-9a-z-])[0-9a-f]{32,}(?![0-9a-z-])")
_ZONE = re.compile(r"(?:(?<=:\d\d)|(?<=\.\d{3})|(?<=\.\d{6})|(?<=\d{14}))[+-]\d{2}[:']?\d{2}'?(?!\d)")
_MARGIN = r"^(?P<head>[ |+-]*"
_RAISED = re.compile(
    _MARGIN + r"(?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Warning|Exit|Interrupt|Group|Iteration|[a-z]))"
    r"(?:: (?P<said>.*))?$"
)
"""How a traceback names what was raised; its words come behind the colon."""
_KNOWN = re.compile(
    _MARGIN + r")(?:Traceback \(most recent call last\):|Exception Group Traceback .*|-{3,}.*|"
    r"During handling of the above exception, another exception occurred:|"
    r"The above exception was the direct cause of the following exception:|"
    r"Fatal Python error: [A-Za-z ]+|Windows fatal exception: [a-z ]+|Extension modules: [\w., ()]+|"
    r"(?:Stack|(?:Current thread|Thread) 0x[0-9a-f]+.*) \(most recent call first\):)$"
)
_PLACE = re.compile(_MARGIN + r")File \".*\", line \d+")
_ERRNO = re.compile(r"\[(?:Errno|WinError) \d{1,6}\] [A-Za-z ]{1,80}")


@dataclass(frozen=True, slots=True)
class Machine:
    """What names a person or a computer here; given by the composition root, never kept."""

    people: tuple[str, ...] = ()
    """Names of the account, as it signs in and in full, and what else she is called."""
    computers: tuple[str, ...] = ()
    """Names of this computer."""
    folders: tuple[str, ...] = ()
    """Her home and other folders whose path tells who she is."""


def redacted(text: str, machine: Machine = Machine()) -> str:
    """Free text without paths, addresses, long keys, offsets of time zones, and names of this machine.

    Args:
        text: what a program wrote; lines stay lines.
        machine: what names somebody here; without it only what shows by its form goes.
    """
    text = _FRAME.sub(lambda found: f'File "{_forward(found["kept"])}"', text)
    for folder in sorted(filter(None, machine.folders), key=len, reverse=True):
        text = _all(text, folder, "~")
        text = _all(text, folder.replace("\\", "/"), "~")
    text = _QUOTED_PATH.sub(lambda found: f"{found['quote']}{PATH}{found['quote']}", text)
    text = _BARE_PATH.sub(PATH, _MAIL.sub(MAIL, text))
    text = _MAC.sub(ADDRESS, _IP.sub(ADDRESS, text))
    text = _ZONE.sub("", _LONG_HEX.sub(DIGITS, text))
    text = _names(text, machine.people, PERSON)
    return _names(text, machine.computers, COMPUTER)


def redacted_crash(text: str, machine: Machine = Machine()) -> str:
    """A traceback, or what `faulthandler` wrote: files, lines and kinds of errors, and nothing they said.

    Args:
        text: as it was written.
        machine: what names somebody here.
    """
    kept: list[str] = []
    is_place = False
    for line in text.splitlines():
        raised = _RAISED.match(line)
        is_code = is_place and line.lstrip(" |+").strip() != "" and line[:1] == " " and "    " in line
        if _PLACE.match(line):
            is_place = True
            kept.append(line)
        elif is_code:
            continue  # a line of the program, which its number tells
        elif raised is not None and (raised["said"] is not None or is_place):
            is_place = False
            kept.append(raised["head"] + _of_the_system(raised["said"]))
        else:
            is_place = False
            if _KNOWN.match(line) or not line.strip():
                kept.append(line)
    return redacted("\n".join(kept), machine)


def _of_the_system(said: str | None) -> str:
    """What an error says: the system's own number and words, else only how much it was."""
    if not said:
        return ""
    number = _ERRNO.match(said)
    return ": " + (number[0] if number is not None else f"[{len(said)} characters left out]")


def _forward(path: str) -> str:
    return path.replace("\\", "/")


def _all(text: str, name: str, instead: str) -> str:
    return re.sub(re.escape(name), lambda _: instead, text, flags=re.IGNORECASE)


def _names(text: str, names: Iterable[str], instead: str) -> str:
    for name in sorted({name.strip() for name in names}, key=len, reverse=True):
        if len(name) >= _SHORTEST_NAME:
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", lambda _: instead, text, flags=re.IGNORECASE)
    return text
