"""Where something was found, in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from assessor_app.domain.searching import Found, FoundSubmission, PlaceKind, SearchAnswer

translate = QCoreApplication.translate


def place_words(found: Found) -> str:
    """The place, as a person names it."""
    if found.kind is PlaceKind.PAGE:
        name = found.label or translate("Search", "Evidence")
        return translate("Search", "{name}, page {page}").format(name=name, page=found.page + 1)
    if found.kind is PlaceKind.RESPONSE:
        if found.label:
            return translate("Search", "Answer to {asked}").format(asked=found.label)
        return translate("Search", "Answer")
    return {
        PlaceKind.TITLE: translate("Search", "Code and title"),
        PlaceKind.FEEDBACK: translate("Search", "Your feedback on a criterion"),
        PlaceKind.ARTIFACT_FEEDBACK: translate("Search", "Your feedback on a piece of evidence"),
        PlaceKind.OVERALL: translate("Search", "Your feedback on the whole"),
        PlaceKind.NOTE: translate("Search", "Your note to the approver"),
        PlaceKind.RATING_NOTE: translate("Search", "Your note on a rating"),
        PlaceKind.MARK: translate("Search", "Your comment on a mark"),
    }[found.kind]


def covered_words() -> str:
    """In place of words that are covered."""
    return translate("Search", "The words here may name a person and are not shown.")


def submission_words(found: FoundSubmission) -> str:
    """A submission's heading."""
    return f"{found.code}  ·  {found.title}"


def answer_words(answer: SearchAnswer, left: int = 0) -> str:
    """How much was found.

    Args:
        answer: what was found.
        left: how much is still to be indexed.
    """
    if not answer.text.strip():
        said = translate("Search", "Answers, pages you have opened, what you wrote, codes and titles.")
    elif not answer.place_count:
        said = translate("Search", "Nothing on this computer fits.")
    elif answer.is_cut:
        said = translate("Search", "The first {places} places; another word narrows it down.")
    elif answer.place_count == 1:
        said = translate("Search", "1 place")
    elif len(answer.submissions) == 1:
        said = translate("Search", "{places} places in 1 submission")
    else:
        said = translate("Search", "{places} places in {submissions} submissions")
    said = said.format(places=answer.place_count, submissions=len(answer.submissions))
    if left:
        said += " " + translate("Search", "Some texts are still being taken up.")
    return said


def found_sentence(found: Found) -> str:
    """One place as one text for a screen reader."""
    return f"{place_words(found)}: {found.snippet or covered_words()}"
