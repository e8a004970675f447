"""Checks of what the texts say: leftovers, addresses, names, tone, an accommodation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from assessor_app.domain.wording import Wording, WordingKind
from assessor_app.rubric.findings.finding import CheckCode, CheckResult, Severity
from assessor_app.rubric.findings.written import Reader, Written

FindWordings = Callable[[str], Sequence[Wording]]
"""Looks through one text; the lists and names it looks for belong to the caller."""

MOST_QUOTED_CHARS = 60

_ALWAYS: Mapping[WordingKind, tuple[CheckCode, Severity]] = {
    WordingKind.PLACEHOLDER: (CheckCode.PLACEHOLDER, Severity.BLOCK),
    WordingKind.BLANK: (CheckCode.BLANK, Severity.WARN),
    WordingKind.EMAIL: (CheckCode.EMAIL, Severity.BLOCK),
    WordingKind.PHONE: (CheckCode.PHONE, Severity.BLOCK),
    WordingKind.LINK: (CheckCode.LINK, Severity.WARN),
    WordingKind.TONE: (CheckCode.TONE, Severity.WARN),
    WordingKind.OWN_NAME: (CheckCode.OWN_NAME, Severity.BLOCK),
    WordingKind.OWN_NAME_PART: (CheckCode.OWN_NAME_PART, Severity.WARN),
    WordingKind.EVIDENCE_NAME: (CheckCode.EVIDENCE_NAME, Severity.WARN),
}
"""What is found in any text that leaves. Kinds that are missing here say nothing by themselves."""

_SENTENCES: Mapping[CheckCode, str] = {
    CheckCode.PLACEHOLDER: "{words} in {name} is not filled in.",
    CheckCode.BLANK: "{words} in {name} looks like a gap.",
    CheckCode.EMAIL: "There is an e-mail address in {name}: {words}.",
    CheckCode.PHONE: "There is a telephone number in {name}: {words}.",
    CheckCode.LINK: "There is a link in {name}: {words}.",
    CheckCode.TONE: "{words} in {name} {why}.",
    CheckCode.OWN_NAME: "{words} in {name} names you.",
    CheckCode.OWN_NAME_PART: "{words} in {name} may be your name.",
    CheckCode.EVIDENCE_NAME: "{words} in {name} stands in the evidence as a name or a school.",
    CheckCode.ACCOMMODATION: "{words} in {name} {why}.",
}


def wording_checks(
    texts: Sequence[Written], find_wordings: FindWordings, *, has_accommodation: bool
) -> Iterator[CheckResult]:
    """What the texts say that they should not; the same words of one text once.

    Args:
        texts: all that leave.
        find_wordings: looks through one text.
        has_accommodation: whether one was approved for the submission; general words give it away then.
    """
    for written in texts:
        told: set[tuple[CheckCode, str]] = set()
        for wording in find_wordings(written.text):
            weight = _ALWAYS.get(wording.kind) or _of_accommodation(wording, written, has_accommodation)
            words = " ".join(written.text[wording.start : wording.end].split())
            if weight is None or (weight[0], words.casefold()) in told:
                continue
            told.add((weight[0], words.casefold()))
            yield _result(*weight, words, wording, written)


def _of_accommodation(
    wording: Wording, written: Written, has_accommodation: bool
) -> tuple[CheckCode, Severity] | None:
    """The approver knows of an approved accommodation; in what the learner reads it stands for others too."""
    is_telling = wording.kind is WordingKind.ACCOMMODATION or (
        has_accommodation and wording.kind is WordingKind.ACCOMMODATION_WORD
    )
    is_told = is_telling and written.reader is Reader.LEARNER
    return (CheckCode.ACCOMMODATION, Severity.BLOCK) if is_told else None


def _result(
    code: CheckCode, severity: Severity, words: str, wording: Wording, written: Written
) -> CheckResult:
    short = words if len(words) <= MOST_QUOTED_CHARS else words[: MOST_QUOTED_CHARS - 1] + "…"
    sentence = _SENTENCES[code].format(words=f"“{short}”", name=written.name, why=wording.why)
    place = replace(written.place, span=(wording.start, wording.end))
    return CheckResult(code, severity, sentence[:1].upper() + sentence[1:], place, words.casefold())
