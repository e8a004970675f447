"""Whether some words are a person's name or a school's, by their shape and by lists; no place on a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assessor_app.privacy.identity_words import folded, word_lists

TITLES = frozenset(
    {
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "dr",
        "prof",
        "professor",
        "sr",
        "sra",
        "srta",
        "profe",
        "profa",
        "profesor",
        "profesora",
        "maestra",
        "maestro",
        "dona",
        "don",
    }
)
PARTICLES = frozenset(
    {
        "de",
        "del",
        "la",
        "las",
        "los",
        "da",
        "das",
        "do",
        "dos",
        "di",
        "van",
        "von",
        "der",
        "den",
        "bin",
        "ibn",
        "al",
        "el",
        "y",
        "e",
    }
)
_PLACES_BEGIN = frozenset(
    {
        "san",
        "santa",
        "santo",
        "st",
        "saint",
        "los",
        "las",
        "el",
        "la",
        "fort",
        "mount",
        "new",
        "north",
        "south",
        "east",
        "west",
    }
)
_SUFFIXES = frozenset(
    {"jr", "sr", "ii", "iii", "iv", "phd", "edd", "med", "ma", "ms", "mat", "ba", "bs", "nbct", "esq"}
)
_MAX_NAME_WORDS = 5
_EDGES = '.,;:!?()[]{}"“”*_#<>|·•'
_POSSESSIVE = re.compile(r"['\u2019]s$")
_NAME_WORD = re.compile(r"[^\W\d_]+(?:['\u2019.-][^\W\d_]+)*\.?")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a line with its place."""

    text: str
    """Without marks at its ends and without 's."""
    start: int
    """In code points of the line."""
    end: int
    """One past the last code point of `text`."""
    closes: str
    """The marks that stand behind it."""
    opens: str = ""
    """The marks that stand before it."""

    @property
    def key(self) -> str:
        """As the lists write it."""
        return folded(self.text.replace(".", ""))

    @property
    def is_capital(self) -> bool:
        """Whether it is a word that begins with a capital letter, without digits."""
        return self.text[:1].isupper() and _NAME_WORD.fullmatch(self.text) is not None

    @property
    def is_initial(self) -> bool:
        """One capital letter, as in "Ana M. Ruiz"."""
        return len(self.text.rstrip(".")) == 1 and self.text[:1].isupper()


def tokens_of(line: str, start: int = 0, end: int | None = None) -> list[Token]:
    """The words of a part of a line; marks alone are no words."""
    found: list[Token] = []
    for match in re.compile(r"\S+").finditer(line, start, len(line) if end is None else end):
        raw = match.group()
        left = len(raw) - len(raw.lstrip(_EDGES))
        text = _POSSESSIVE.sub("", raw.strip(_EDGES))
        if text:
            at = match.start() + left
            found.append(Token(text, at, at + len(text), raw[left + len(text) :], raw[:left]))
    return found


def is_ordinary(token: Token) -> bool:
    """Whether a word is one of headings and labels, also in parts: "Co-Teaching"."""
    ordinary = word_lists().ordinary
    return token.key in ordinary or any(part in ordinary for part in re.split(r"[-/]", token.key) if part)


def is_given(token: Token) -> bool:
    """Whether a word is a given name and hardly anything else, also "Ana-Maria"."""
    names = word_lists().given_names
    return token.key in names or ("-" in token.key and token.key.split("-")[0] in names)


def is_surname(token: Token) -> bool:
    """Whether a word is a common surname, or two joined by a hyphen of which one is."""
    return any(part in word_lists().surnames for part in token.key.split("-"))


def is_title(token: Token) -> bool:
    """Mr, Ms, Sra., Profe and the like."""
    return token.key in TITLES and token.text[:1].isupper()


def run_of_name(tokens: Sequence[Token]) -> int:
    """How many words from the first on have the shape of a name: capitals, initials, particles between them.

    It ends before a word of headings and labels, and behind one that a mark closes.
    """
    count = last = 0
    for index, token in enumerate(tokens):
        is_word = (token.is_capital or token.is_initial) and not is_ordinary(token)
        is_title_word = is_title(token) and index == 0
        is_suffix = token.key in _SUFFIXES and index > 0
        if not (is_word or is_title_word or is_suffix or (token.key in PARTICLES and index > 0)):
            break
        count += 0 if token.key in PARTICLES or is_suffix or is_title_word else 1
        if count > _MAX_NAME_WORDS:
            break
        if token.key not in PARTICLES or token.is_capital:
            last = index + 1
        closes = token.closes.replace(".", "")
        is_turned = index == 0 and closes == ","
        if closes and not is_turned and not (closes == "," and _suffix_follows(tokens, index)):
            break
    return last


def is_person(tokens: Sequence[Token]) -> bool:
    """Whether words that have the shape of a name are one: by a title, a known given name or a surname."""
    words, titled = _bare(tokens)
    if not words or _is_public(tokens):
        return False
    if titled:
        return words[0].is_capital and len(words[0].text) > 1
    capitals = [word for word in words if word.is_capital and not word.is_initial]
    # "Key West" and "San Antonio" are places; "Anna" alone may be anybody in a story.
    if len(words) < 2 or len(capitals) < 1 or words[0].key in _PLACES_BEGIN:
        return False
    lists = word_lists()
    if is_given(words[0]):
        return True
    if words[0].key in lists.ambiguous_names or words[0].is_initial:
        return is_surname(words[-1])
    is_turned = is_surname(words[0]) and is_given(words[-1])
    return words[0].is_capital and (is_surname(words[-1]) or is_turned)


def is_public_figure(tokens: Sequence[Token]) -> bool:
    """Whether this is somebody whom evidence is about: "Rosa Parks", "Dr. Seuss"."""
    return _is_public(tokens)


def school_in(line: str) -> tuple[int, int] | None:
    """Where a line names a school or a district, as (start, end) in code points."""
    for pattern in (_SCHOOL_EN, _SCHOOL_ES):
        for match in pattern.finditer(line):
            proper = tokens_of(line, match.start("proper"), match.end("proper"))
            is_named = any(word.is_capital and not is_ordinary(word) for word in proper)
            if is_named and folded(match.group().strip()) not in _NO_SCHOOLS:
                return match.start(), match.start() + len(match.group().rstrip(" .,;"))
    return None


def identifying_words(phrase: str) -> tuple[str, ...]:
    """What of a covered place must not stand in feedback: the whole, and each telling word of it.

    Returns:
        In small letters with accents kept; without words that anybody may write.
    """
    whole = " ".join(phrase.split()).casefold()
    ambiguous = word_lists().ambiguous_names
    words = [
        token.text.casefold()
        for token in tokens_of(phrase)
        if len(token.text) > 2
        and token.is_capital
        and not is_ordinary(token)
        and not is_title(token)
        and token.key not in PARTICLES
        and token.key not in ambiguous
    ]
    return tuple(dict.fromkeys([whole, *words])) if whole else ()


def _bare(tokens: Sequence[Token]) -> tuple[list[Token], bool]:
    """A name's words in their order, without title and suffixes, and whether it had a title."""
    titled = bool(tokens) and is_title(tokens[0])
    words = list(tokens[1:] if titled else tokens)
    while len(words) > 1 and words[-1].key in _SUFFIXES:
        words.pop()
    if len(words) > 1 and words[0].closes == ",":
        # "Ruiz, Ana": the surname comes first.
        words = [*words[1:], words[0]]
    return words, titled


def _is_public(tokens: Sequence[Token]) -> bool:
    public = word_lists().public_figures
    words, _titled = _bare(tokens)
    whole = " ".join(token.key for token in tokens)
    return whole in public or " ".join(token.key for token in words) in public


def _suffix_follows(tokens: Sequence[Token], index: int) -> bool:
    return index + 1 < len(tokens) and tokens[index + 1].key in _SUFFIXES


_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w.'\u2019&-]*"
_PROPER_EN = rf"(?P<proper>{_CAPITAL}(?:[ ](?:{_CAPITAL}|of|the|de|del|la)){{0,5}}?)"
_LEVEL = (
    "Elementary|Middle|Primary|Intermediate|High|Junior|Senior|Charter|Magnet|Community|Public|Preparatory|"
    "Prep|Montessori|Catholic|Lutheran|Christian|Grammar|Secondary|Consolidated|Independent|Unified"
)
_LEVELS = rf"(?:{_LEVEL}|{_LEVEL.upper()})"
_SCHOOL_EN = re.compile(
    rf"\b(?:P\.?S\.?[ ]?\d{{1,3}}[ ])?{_PROPER_EN}[ ]"
    rf"(?:(?:{_LEVELS}[ ])*(?:School|SCHOOL)s?(?:[ ](?:District|DISTRICT))?"
    rf"|(?:{_LEVELS}[ ])*(?:Academy|ACADEMY)|(?:Elementary|ELEMENTARY)|I\.?S\.?D\.?|U\.?S\.?D\.?)(?![\w])"
)
_KIND_ES = (
    "Primaria|Secundaria|Elemental|Superior|Intermedia|Preparatoria|Pública|Publica|Normal|Bilingüe|Bilingue|"
    "Técnica|Tecnica|Rural|Oficial|Unificado"
)
_SCHOOL_ES = re.compile(
    r"\b(?:Escuela|ESCUELA|Colegio|COLEGIO|Instituto|INSTITUTO|Liceo|LICEO|Preparatoria|Distrito[ ]Escolar)"
    rf"(?:[ ](?:{_KIND_ES}|{_KIND_ES.upper()}|de|del|la))*"
    rf"[ ](?P<proper>{_CAPITAL}(?:[ ](?:{_CAPITAL}|de|del|la|los|y)){{0,5}})"
)
_NO_SCHOOLS = frozenset({"khan academy", "code academy", "codecademy academy", "google school", "old school"})
