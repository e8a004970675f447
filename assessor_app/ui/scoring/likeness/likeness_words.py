"""How matches are said in words: what they are, how they are meant, what was declared. Never a verdict."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from assessor_app.domain.matches import ComparedPart, Match, MatchWeight, Statement
from assessor_app.ui.plain_text import one_line

translate = QCoreApplication.translate


def part_words(part: ComparedPart) -> str:
    """What was compared."""
    return {
        ComparedPart.ARTIFACT: translate("Likeness", "Files"),
        ComparedPart.ANSWER: translate("Likeness", "Written answers"),
        ComparedPart.REFLECTION: translate("Likeness", "Reflection"),
    }[part]


def weight_words(weight: MatchWeight) -> str:
    """How it is meant."""
    return {
        MatchWeight.INFORMATION: translate("Likeness", "For information"),
        MatchWeight.LOOK: translate("Likeness", "Please look"),
    }[weight]


def summary_words(matches: Sequence[Match]) -> str:
    """All matches of a submission in a few words."""
    looks = sum(match.weight is MatchWeight.LOOK for match in matches)
    if not looks:
        return translate("Likeness", "{n} for information").format(n=len(matches))
    return translate("Likeness", "Please look: {n} of {all}").format(n=looks, all=len(matches))


def meaning_words(match: Match) -> str:
    """Why a match is shown this way, and what a person may do."""
    if match.weight is MatchWeight.INFORMATION:
        return translate("Likeness", "Both learners declared it, or the files are approved as shared.")
    if match.part is ComparedPart.REFLECTION:
        return translate(
            "Likeness",
            "Every reflection is individual, whatever was declared. Read both, and ask before you conclude.",
        )
    return translate("Likeness", "Not declared on both sides. Read both, and ask before you conclude.")


def amount_words(match: Match) -> str:
    """How much is shared."""
    said = []
    if match.words:
        said.append(translate("Likeness", "At least {n} words are the same.").format(n=match.words))
    for copy in match.copies:
        here, there = one_line(copy.here), one_line(copy.there)
        text = translate("Likeness", "The same file on both sides: {here} and {there}.")
        said.append(text.format(here=here, there=there))
    if match.left_out:
        text = translate("Likeness", "More passages than can be shown here: {n} further ones.")
        said.append(text.format(n=match.left_out))
    return " ".join(said)


def statement_words(said: Statement) -> str:
    """What a learner declared, in the learner's own words."""
    lines = [
        translate("Likeness", "Declared collaboration.")
        if said.declared
        else translate("Likeness", "Declared no collaboration.")
    ]
    if said.note.strip():
        lines.append(translate("Likeness", "“{words}”").format(words=said.note.strip()))
    if said.approved:
        names = ", ".join(one_line(name) for name in said.approved)
        lines.append(translate("Likeness", "Approved as shared: {names}.").format(names=names))
    return "\n".join(lines)
