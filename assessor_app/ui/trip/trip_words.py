"""What is said of a trip: how much it is, whether everything is here, and what to do about what is not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from PySide6.QtCore import QCoreApplication

from assessor_app.domain.trips import (
    LONGEST_HOURS,
    MINUTES_A_CRITERION,
    MINUTES_A_PAGE,
    WORDS_A_MINUTE,
    Candidate,
    Checked,
    Cure,
    Estimate,
    Preset,
    Readiness,
    Standing,
    SubmissionCheck,
    Topic,
    Trip,
    Verdict,
    Why,
)
from assessor_app.services.trip_getting import Got
from assessor_app.services.trips import TripStanding
from assessor_app.ui.claim_words import answer_words, until_words
from assessor_app.ui.inbox_words import day_words, lease_day_words, time_words
from assessor_app.ui.size_words import size_words

translate = QCoreApplication.translate
_HOUR = 60
_FILES = (Topic.FILE, Topic.LINK, Topic.EARLIER)


def work_words(minutes: int) -> str:
    """An estimate, no finer than it is: about 50 minutes, about 6 hours."""
    if minutes < 2 * _HOUR:
        rounded = max(5, round(minutes / 5) * 5)
        return translate("Trip", "about {minutes} minutes of work").format(minutes=rounded)
    return translate("Trip", "about {hours} hours of work").format(hours=round(minutes / _HOUR))


def how_reckoned(estimate: Estimate) -> str:
    """Where the estimate comes from."""
    if estimate.own_median is not None:
        text = translate("Trip", "By your own time: a submission took you {minutes} minutes, the middle one.")
        return text.format(minutes=estimate.own_median)
    text = translate(
        "Trip",
        "Reckoned at {page} minutes a page, {words} words a minute, one and a half times the length of a "
        "recording and {criterion} minutes a criterion.",
    )
    return text.format(page=MINUTES_A_PAGE, words=WORDS_A_MINUTE, criterion=MINUTES_A_CRITERION)


def moment_words(moment: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """A day and an hour: Friday 17:00."""
    return f"{lease_day_words(moment, now, zone)} {time_words(moment, zone)}"


def preset_words(preset: Preset) -> str:
    """A return that is often meant."""
    return {
        Preset.TONIGHT: translate("Trip", "Tonight"),
        Preset.FRIDAY: translate("Trip", "Friday"),
        Preset.SUNDAY: translate("Trip", "Sunday"),
        Preset.WEEK: translate("Trip", "In a week"),
    }[preset]


def why_words(why: Why | None) -> str:
    """Why a submission is proposed; empty where it is not."""
    return {
        None: "",
        Why.DUE: translate("Trip", "due before you are back"),
        Why.TIME_ENDS: translate("Trip", "your time with it ends before you are back"),
        Why.NEXT: translate("Trip", "due next"),
    }[why]


def candidate_words(one: Candidate, why: Why | None, now: datetime) -> str:
    """What there is to know before it is taken along, after code and title."""
    said = []
    if one.due_at is not None:
        day = day_words(one.due_at, now, short=True)
        said.append(translate("Trip", "due {day} {time}").format(day=day, time=time_words(one.due_at)))
    if one.lease_until is not None:
        said.append(until_words(one.lease_until, now))
    if one.pages:
        said.append(translate("Trip", "{pages} pages").format(pages=one.pages))
    if one.recorded_minutes:
        said.append(translate("Trip", "{minutes} min of media").format(minutes=one.recorded_minutes))
    size = size_words(one.size_bytes)
    if one.missing_bytes:
        text = translate("Trip", "{size}, {missing} still to fetch")
        size = text.format(size=size, missing=size_words(one.missing_bytes))
    said.append(size)
    if why is not None:
        said.append(why_words(why))
    return " · ".join(said)


def total_words(chosen: Sequence[Candidate], estimate: Estimate) -> str:
    """How much is chosen."""
    if not chosen:
        return translate("Trip", "Nothing is chosen.")
    size = size_words(sum(one.size_bytes for one in chosen))
    text = translate("Trip", "{count} chosen: {work}, {size}")
    if missing := sum(one.missing_bytes for one in chosen):
        text = translate("Trip", "{count} chosen: {work}, {size}, of which {missing} are still to be fetched")
        return text.format(
            count=len(chosen), work=work_words(estimate.minutes), size=size, missing=size_words(missing)
        )
    return text.format(count=len(chosen), work=work_words(estimate.minutes), size=size)


def verdict_words(found: Readiness, trip: Trip) -> str:
    """The answer in one line."""
    if found.verdict is Verdict.READY:
        text = translate("Trip", "Ready: {ready} of {total}, {work}, {size}")
        size = size_words(trip.size_bytes)
        return text.format(ready=found.ready, total=found.total, work=work_words(trip.minutes), size=size)
    if found.verdict is Verdict.NOT_READY:
        if found.troubles == 1:
            return translate("Trip", "Not ready: 1 thing")
        return translate("Trip", "Not ready: {count} things").format(count=found.troubles)
    if not found.total:
        return translate("Trip", "Nothing of this trip is left to do")
    if found.unchecked == found.total:
        return translate("Trip", "Not checked yet")
    text = translate("Trip", "Checked so far: {done} of {total}")
    return text.format(done=found.total - found.unchecked, total=found.total)


def verdict_more(found: Readiness) -> str:
    """What has to be said beside the answer."""
    said = []
    if found.verdict is Verdict.NOT_READY and found.unchecked:
        text = translate("Trip", "{count} were not looked at yet, or have changed since.")
        said.append(text.format(count=found.unchecked))
    elif found.verdict is Verdict.NOT_CHECKED and 0 < found.unchecked < found.total:
        said.append(translate("Trip", "The rest was not looked at yet, or has changed since."))
    if found.verdict is Verdict.READY:
        said.append(translate("Trip", "Every file was read to its end and opened. You can leave."))
    if found.not_shown == 1:
        said.append(translate("Trip", "1 file cannot be shown on this computer, here as little as away."))
    elif found.not_shown:
        text = translate("Trip", "{count} files cannot be shown on this computer, here as little as away.")
        said.append(text.format(count=found.not_shown))
    return " ".join(said)


def got_words(got: Got) -> str:
    """What of fetching and keeping did not work; empty where all did."""
    if got.lacks_bytes:
        text = translate("Trip", "Nothing was fetched: the disk lacks {size}. Make room, then check again.")
        return text.format(size=size_words(got.lacks_bytes))
    if got.is_offline:
        return translate(
            "Trip", "You are offline: nothing can be fetched or kept longer now. What is here was checked."
        )
    if got.trouble is not None:
        return f"{got.trouble.title}. {got.trouble.message}"
    return ""


def trouble_words(item: Checked, now: datetime) -> str:
    """What is missing, and what it means."""
    until = "" if item.until is None else moment_words(item.until, now)
    name = item.title
    if item.topic is Topic.EARLIER:
        name = translate("Trip", "{name} of the earlier attempt").format(name=name)
    if item.topic in (Topic.RUBRIC, Topic.RULES, Topic.CLAIM, Topic.SUBMISSION):
        return _other_trouble(item, until)
    text = {
        Standing.MISSING: translate("Trip", "{name} is not on this computer."),
        Standing.DAMAGED: translate(
            "Trip", "{name} is damaged on this computer: it is not what was fetched."
        ),
        Standing.DAMAGED_THERE: translate(
            "Trip", "{name} is damaged on the platform: it was fetched three times and never was whole."
        ),
        Standing.NO_COPY: translate(
            "Trip",
            "No copy of the link {name} exists: the platform could not capture it. Look at it before you go.",
        ),
    }.get(item.standing, "{name}")
    return text.format(name=name)


def _other_trouble(item: Checked, until: str) -> str:
    if item.topic is Topic.RUBRIC:
        if item.standing is Standing.DAMAGED:
            return translate(
                "Trip", "The rubric on this computer is not the one that this work is judged by."
            )
        return translate("Trip", "The rubric is not on this computer.")
    if item.topic is Topic.RULES:
        return translate("Trip", "The issuer's rules and holidays are not on this computer.")
    if item.standing is Standing.NOT_YOURS:
        return translate("Trip", "It is not yours any more: what you write may not be sent.")
    if item.refused is None:
        return translate("Trip", "It is yours until {until} only, before you are back.").format(until=until)
    text = translate("Trip", "It is yours until {until} only, and could not be kept longer: {reason}")
    return text.format(until=until, reason=answer_words(item.refused))


def not_shown_words(item: Checked) -> str:
    """A file that is here and whole, and cannot be shown."""
    text = translate("Trip", "{name} is here, but cannot be shown on this computer: {why}.")
    return text.format(name=item.title, why=item.detail)


def cure_words(item: Checked) -> str:
    """What the button says; empty where nothing can be done."""
    if item.cure is Cure.FETCH and item.standing is Standing.DAMAGED:
        return translate("Trip", "Fetch again")
    return {
        Cure.NONE: "",
        Cure.FETCH: translate("Trip", "Fetch"),
        Cure.RENEW: translate("Trip", "Keep longer"),
        Cure.OPEN: translate("Trip", "Open it"),
    }[item.cure]


def here_words(found: SubmissionCheck, now: datetime) -> str:
    """What of a submission is here, in one line."""
    ready = [item for item in found.items if item.standing is Standing.READY]
    files = sum(item.topic in _FILES for item in ready)
    topics = {item.topic for item in ready}
    said = []
    if files == 1:
        said.append(translate("Trip", "1 file read and opened"))
    elif files:
        said.append(translate("Trip", "{count} files read and opened").format(count=files))
    if Topic.RUBRIC in topics:
        said.append(translate("Trip", "rubric"))
    if Topic.HISTORY in topics:
        said.append(translate("Trip", "history"))
    if Topic.EARLIER in topics:
        said.append(translate("Trip", "the earlier attempt"))
    claim = next((item for item in ready if item.topic is Topic.CLAIM), None)
    if claim is not None:
        said.append(until_words(claim.until, now) or translate("Trip", "yours without an end"))
    return " · ".join(said)


def line_words(standing: TripStanding, now: datetime) -> str:
    """The line above the inbox."""
    until, total = moment_words(standing.trip.until, now), standing.readiness.total
    if standing.trip.until <= now:
        if not standing.waiting:
            text = translate("Trip", "Back since {until}. Nothing of this trip waits to be sent.")
            return text.format(until=until)
        text = translate("Trip", "Back since {until}. {count} of this trip still wait to be sent.")
        if standing.waiting == 1:
            text = translate("Trip", "Back since {until}. 1 of this trip still waits to be sent.")
        return text.format(until=until, count=standing.waiting)
    if not total:
        text = translate("Trip", "Offline until {until}: everything you took along is done.")
    elif total == 1:
        text = translate("Trip", "Offline until {until}: this 1 first.")
    else:
        text = translate("Trip", "Offline until {until}: these {count} first.")
    return text.format(until=until, count=total)


def too_long_words() -> str:
    """A return that is further ahead than any work is kept."""
    text = translate("Trip", "Nothing is kept for you longer than {days} days from now.")
    return text.format(days=LONGEST_HOURS // 24)
