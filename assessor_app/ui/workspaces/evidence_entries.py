"""What a learner handed in, as the lines of the evidence list: grouped by what was asked. No widgets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from PySide6.QtCore import QCoreApplication, QLocale

from assessor_app.domain.earlier import Pairing, Standing, pairings
from assessor_app.domain.ids import RequirementId
from assessor_app.domain.kinds import SubmissionType
from assessor_app.domain.matches import Match
from assessor_app.domain.states import SubmissionStatus
from assessor_app.domain.submissions import (
    Artifact,
    EvidenceFile,
    EvidenceState,
    Link,
    LinkState,
    Part,
    Response,
    Submission,
)
from assessor_app.rubric.schema import Requirement, RubricVersion
from assessor_app.ui.plain_text import one_line
from assessor_app.ui.scoring.likeness.likeness_words import summary_words
from assessor_app.ui.workspaces.evidence_standing import EvidenceStanding, read_words

translate = QCoreApplication.translate


class EntryKind(StrEnum):
    """What a line of the evidence list stands for."""

    RESPONSE = "response"
    ARTIFACT = "artifact"
    LINK = "link"
    NOTHING = "nothing"
    """A requirement to which nothing was handed in."""
    ATTESTATIONS = "attestations"
    COLLABORATION = "collaboration"
    RELATED = "related"
    ACCOMMODATIONS = "accommodations"
    MATCHES = "matches"
    """Passages that other submissions share; never in the assessor's list."""


@dataclass(frozen=True, slots=True)
class EvidenceEntry:
    """One line of the evidence list."""

    key: str
    """Stable within a submission: kind and id."""
    kind: EntryKind
    title: str
    detail: str
    icon: str
    tone: str = "quiet"
    """A field of `Colours`, for icon and detail."""
    requirement_id: RequirementId | None = None
    item: Response | Artifact | Link | None = None
    criteria: tuple[int, ...] = ()
    """Numbers of the criteria that it serves: marks on it are tied to them."""
    read: str = ""
    """How far it was read, such as "3 of 14 pages"; empty where that is not told."""
    is_opened: bool = True
    """Whether it was opened on this machine; what cannot be told counts as opened."""
    has_feedback: bool = False
    """Whether there is feedback on this piece itself."""

    @property
    def words(self) -> str:
        """The whole line in words, for who does not see it."""
        said = f"{self.title}. {self.detail}" if self.detail else self.title
        if self.has_feedback:
            said = f"{said}. {translate('Evidence', 'Has feedback')}"
        if not self.criteria:
            return said
        numbers = ", ".join(str(number) for number in self.criteria)
        served = (
            translate("Evidence", "Serves criterion {numbers}")
            if len(self.criteria) == 1
            else translate("Evidence", "Serves criteria {numbers}")
        )
        return f"{said}. {served.format(numbers=numbers)}"

    @property
    def is_readable(self) -> bool:
        """Whether there is something to open."""
        return self.kind is not EntryKind.NOTHING


@dataclass(frozen=True, slots=True)
class EvidenceGroup:
    """A heading with its lines."""

    title: str
    entries: tuple[EvidenceEntry, ...]


def files_beside(entries: Sequence[EvidenceEntry], entry: EvidenceEntry) -> tuple[Artifact, ...]:
    """The files that come next and before a line, as far as there are files; what is likely opened first."""
    keys = [one.key for one in entries]
    if entry.key not in keys:
        return ()
    at = keys.index(entry.key)
    beside = (*entries[at + 1 : at + 2], *entries[max(0, at - 1) : at])
    return tuple(one.item for one in beside if isinstance(one.item, Artifact))


def evidence_groups(
    submission: Submission,
    rubric: RubricVersion,
    files: Sequence[EvidenceFile],
    standing: EvidenceStanding | None = None,
    matches: Sequence[Match] = (),
) -> tuple[EvidenceGroup, ...]:
    """The evidence list: one group for each requirement, then what belongs to the whole submission.

    Args:
        submission: what was handed in.
        rubric: what was asked.
        files: where each file of evidence stands on this machine.
        standing: what was read of each piece and which criteria it serves; None to leave that out.
        matches: what it shares with other submissions, as far as the reader may know of it now.
    """
    parts = {part.requirement_id: part for part in submission.parts}
    groups = [
        EvidenceGroup(requirement.title, _of_requirement(requirement, parts.get(requirement.id), files))
        for requirement in rubric.requirements
        # A single artifact is handed in by itself: nothing else is missing.
        if requirement.id in parts or submission.submission_type is SubmissionType.FULL_PORTFOLIO
    ]
    known = {requirement.id for requirement in rubric.requirements}
    for part in submission.parts:
        if part.requirement_id not in known:
            title = translate("Evidence", "Handed in beyond what was asked")
            groups.append(EvidenceGroup(title, _answers(part, None, files)))
    if standing is not None:
        groups = [
            EvidenceGroup(group.title, tuple(_told(entry, standing) for entry in group.entries))
            for group in groups
        ]
    found = pairings(submission)
    groups = [EvidenceGroup(g.title, tuple(_compared(entry, found) for entry in g.entries)) for g in groups]
    groups.append(EvidenceGroup(translate("Evidence", "About this submission"), _about(submission, matches)))
    return tuple(groups)


def standing_words(standing: Standing) -> str:
    """How a piece of a resubmission stands to the earlier attempt."""
    return {
        Standing.UNCHANGED: translate("Evidence", "Unchanged since last time"),
        Standing.CHANGED: translate("Evidence", "Changed"),
        Standing.NEW: translate("Evidence", "New"),
    }[standing]


def _compared(entry: EvidenceEntry, found: Mapping[str, Pairing]) -> EvidenceEntry:
    """A line that says as well whether a resubmission's piece is as it was last time."""
    pairing = found.get(entry.item.id) if entry.item is not None else None
    if pairing is None:
        return entry
    words = standing_words(pairing.standing)
    return replace(entry, detail=f"{words} · {entry.detail}" if entry.detail else words)


_MISSING = ("warning", "danger")


def _told(entry: EvidenceEntry, standing: EvidenceStanding) -> EvidenceEntry:
    """A line that says also what was read and which criteria are served."""
    item = entry.item
    if item is None:
        return entry
    state = standing.state_of(item)
    read = read_words(item, state)
    return replace(
        entry,
        detail=_detail(entry, item, read),
        read=read,
        criteria=standing.criteria_of(item),
        is_opened=state is not None,
        has_feedback=item.id in standing.written_on,
    )


def _detail(entry: EvidenceEntry, item: Response | Artifact | Link, read: str) -> str:
    """The quiet line below a title; where room is short its end is cut, so what counts comes first."""
    if isinstance(item, Response):
        return f"{read} · {entry.detail}"
    if isinstance(item, Link):
        return f"{entry.detail} · {read}"
    if entry.tone in _MISSING:
        # What is not here cannot be read.
        return entry.detail
    kind, dot, rest = entry.detail.partition(" · ")
    return f"{kind} · {read}{dot}{rest}"


def _of_requirement(
    requirement: Requirement, part: Part | None, files: Sequence[EvidenceFile]
) -> tuple[EvidenceEntry, ...]:
    entries = _answers(part, requirement, files) if part is not None else ()
    if entries:
        return entries
    return (
        EvidenceEntry(
            key=f"nothing:{requirement.id}",
            kind=EntryKind.NOTHING,
            title=translate("Evidence", "Nothing was handed in here"),
            detail="",
            icon="circle-slash",
            requirement_id=requirement.id,
        ),
    )


def _answers(
    part: Part, requirement: Requirement | None, files: Sequence[EvidenceFile]
) -> tuple[EvidenceEntry, ...]:
    prompts = {prompt.id: prompt.text for prompt in requirement.prompts} if requirement else {}
    entries = [
        EvidenceEntry(
            key=f"response:{response.id}",
            kind=EntryKind.RESPONSE,
            title=one_line(prompts.get(response.prompt_id, "")) or translate("Evidence", "Written response"),
            detail=words_said(response),
            icon="message-square",
            requirement_id=part.requirement_id,
            item=response,
        )
        for response in part.responses
    ]
    entries += [_artifact(artifact, part.requirement_id, files) for artifact in part.artifacts]
    entries += [_link(link, part.requirement_id) for link in part.links]
    return tuple(entries)


def words_said(response: Response) -> str:
    """How long a response is; the limit is information, never a verdict."""
    count = len(response.text.split())
    if response.word_limit is None:
        return translate("Evidence", "{count} words").format(count=count)
    text = translate("Evidence", "{count} words, limit {limit}")
    return text.format(count=count, limit=response.word_limit)


_ICONS = (
    ("application/pdf", "file-text"),
    ("image/", "image"),
    ("video/", "film"),
    ("audio/", "music"),
    ("text/csv", "file-spreadsheet"),
    ("text/", "file-text"),
    ("spreadsheet", "file-spreadsheet"),
    ("excel", "file-spreadsheet"),
    ("presentation", "presentation"),
    ("powerpoint", "presentation"),
    ("word", "file-text"),
)


def kind_words(media_type: str) -> str:
    """What kind of file a media type claims to be, in a word."""
    words = {
        "application/pdf": translate("Evidence", "PDF"),
        "image/": translate("Evidence", "Picture"),
        "video/": translate("Evidence", "Video"),
        "audio/": translate("Evidence", "Sound"),
        "text/csv": translate("Evidence", "Table"),
        "text/": translate("Evidence", "Text"),
        "spreadsheet": translate("Evidence", "Spreadsheet"),
        "excel": translate("Evidence", "Spreadsheet"),
        "presentation": translate("Evidence", "Slides"),
        "powerpoint": translate("Evidence", "Slides"),
        "word": translate("Evidence", "Document"),
    }
    return next((word for part, word in words.items() if part in media_type), translate("Evidence", "File"))


def kind_icon(media_type: str) -> str:
    """The icon of the kind of file that a media type claims."""
    return next((icon for part, icon in _ICONS if part in media_type), "file-question-mark")


def _artifact(
    artifact: Artifact, requirement_id: RequirementId, files: Sequence[EvidenceFile]
) -> EvidenceEntry:
    pieces = [kind_words(artifact.media_type)]
    states = {file.state for file in files if file.artifact_id == artifact.id}
    icon = kind_icon(artifact.media_type)
    tone = "quiet"
    if EvidenceState.READY not in states:
        if EvidenceState.DAMAGED in states:
            icon, tone = "triangle-alert", "danger"
            pieces.append(translate("Evidence", "damaged on the platform"))
        else:
            icon, tone = "download", "warning"
            pieces.append(translate("Evidence", "not on this computer yet"))
    pieces.append(QLocale().formattedDataSize(artifact.size_bytes, 1))
    return EvidenceEntry(
        key=f"artifact:{artifact.id}",
        kind=EntryKind.ARTIFACT,
        title=one_line(artifact.filename) or translate("Evidence", "File without a name"),
        detail=" · ".join(pieces),
        icon=icon,
        tone=tone,
        requirement_id=requirement_id,
        item=artifact,
    )


def link_words(state: LinkState) -> str:
    """What the platform found behind a link."""
    return {
        LinkState.OPENS: translate("Evidence", "opens"),
        LinkState.CLOSED: translate("Evidence", "did not open"),
        LinkState.UNKNOWN: translate("Evidence", "not known whether it opens"),
    }[state]


def _link(link: Link, requirement_id: RequirementId) -> EvidenceEntry:
    return EvidenceEntry(
        key=f"link:{link.id}",
        kind=EntryKind.LINK,
        title=one_line(link.title or link.url),
        detail=translate("Evidence", "Link · {state}").format(state=link_words(link.state)),
        icon="link-2",
        tone="warning" if link.state is LinkState.CLOSED else "quiet",
        requirement_id=requirement_id,
        item=link,
    )


def collaboration_words(submission: Submission) -> str:
    """What the learner declared on working with others, in a few words."""
    stated = submission.collaboration
    said = translate("Evidence", "Declared") if stated.declared else translate("Evidence", "None declared")
    if not stated.shared_artifacts:
        return said
    approved = translate("Evidence", "{n} approved as shared").format(n=len(stated.shared_artifacts))
    return f"{said} · {approved}"


def _about(submission: Submission, matches: Sequence[Match]) -> tuple[EvidenceEntry, ...]:
    entries = []
    if submission.accommodations:
        entries.append(
            EvidenceEntry(
                "accommodations",
                EntryKind.ACCOMMODATIONS,
                translate("Evidence", "Accommodations"),
                translate("Evidence", "Read before rating"),
                "info",
                "accent",
            )
        )
    if submission.prior and submission.status is not SubmissionStatus.AWARDED:
        entries.append(
            EvidenceEntry(
                "related",
                EntryKind.RELATED,
                translate("Evidence", "Related submissions"),
                translate("Evidence", "What was asked for before"),
                "refresh-cw",
                "accent",
            )
        )
    entries.append(
        EvidenceEntry(
            "collaboration",
            EntryKind.COLLABORATION,
            translate("Evidence", "Collaboration"),
            collaboration_words(submission),
            "users",
        )
    )
    if matches:
        entries.append(
            EvidenceEntry(
                "matches",
                EntryKind.MATCHES,
                translate("Evidence", "Same passages elsewhere"),
                summary_words(matches),
                "text-search",
                "accent",
            )
        )
    made = len(submission.attestations)
    entries.append(
        EvidenceEntry(
            "attestations",
            EntryKind.ATTESTATIONS,
            translate("Evidence", "Statements of the learner"),
            translate("Evidence", "{made} of 3 made").format(made=made),
            "shield-check",
            "quiet" if made >= 3 else "warning",
        )
    )
    return tuple(entries)
