"""Composes alerts: what one channel is told about one change, with a key that makes it once.

Change + Matches → is it news? → which channels? → one Alert each
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.jurisdictions import covers, ocd, state_of
from monitor.models import (
    Alert,
    Change,
    ChangeKind,
    Direction,
    FieldChange,
    Item,
    ItemType,
    Match,
    Priority,
)
from monitor.telling import adds, concerns_all, follows
from monitor.text import digest, fold, one_line
from monitor.wording import HEADLINE, headline, spoken

WATCHED = "watched"
LITIGATION = "litigation"

_COURT_TYPES = frozenset({ItemType.DOCKET_ENTRY, ItemType.DOCKET_CAPTION, ItemType.OPINION})
# Fields whose change alone tells nobody anything. All others, facts of any name included, are news:
# a connector says by `facts` and `noise` which is which.
_NO_NEWS = frozenset(
    {"url", "key", "labels", "noise", "identifiers", "published", "updated", "muted", "watched"}
)
_COUNTRY = ocd("us")
_RANK = {Priority.HIGH: 0, Priority.NORMAL: 1, Priority.LOW: 2}


# ------------------------------------------------------------------------------------- routing


@dataclass(frozen=True, slots=True)
class Route:
    """One line of `routes`: what meets every condition given goes to `channel`.

    jurisdiction: an Open Civic Data division id or a court's id, and all that it covers.
    above: what concerns the whole state of `jurisdiction` goes there too.
    topic: of the filter; "litigation" also takes dockets of the watch list, "watched" all of it.
    priority: exactly this one.
    """

    channel: str
    jurisdiction: str = ""
    topic: str = ""
    direction: Direction | None = None
    priority: Priority | None = None
    source: str = ""
    above: bool = False

    def takes(self, item: Item, match: Match) -> bool:
        """Say whether a match on an item goes this way."""
        return (
            self._is_there(item.jurisdiction)
            and (not self.topic or self.topic in _topics(item, match))
            and self.direction in (None, match.direction)
            and self.priority in (None, match.priority)
            and self.source in ("", item.source)
        )

    def _is_there(self, place: str) -> bool:
        if not self.jurisdiction or covers(self.jurisdiction, place):
            return True
        return self.above and place == ocd(state_of(self.jurisdiction) or "us") != _COUNTRY


@dataclass(frozen=True, slots=True)
class Routing:
    """Where alerts go: `routes` and the filters' own channels, else `default`.

    health: the channel for broken and recovered sources; `default` where it is not given.
    """

    default: str
    routes: tuple[Route, ...] = ()
    health: str = ""

    def channels(self, item: Item, match: Match) -> tuple[str, ...]:
        """Name the channels of one match, each once, in the order of the configuration."""
        taken = (route.channel for route in self.routes if route.takes(item, match))
        return tuple(dict.fromkeys((*match.channels, *taken))) or (self.default,)


def _topics(item: Item, match: Match) -> tuple[str, ...]:
    if match.topic == WATCHED and item.type in _COURT_TYPES:
        return WATCHED, LITIGATION
    return (match.topic,)


# ------------------------------------------------------------------------------------- compose


def compose(
    change: Change,
    matches: tuple[Match, ...],
    routing: Routing,
    source_name: str = "",
    now: datetime | None = None,
    heard: tuple[str, ...] | None = None,
) -> tuple[Alert, ...]:
    """Make the alerts of one change, one for each channel; none where it is no news.

    An item of the watch list needs no match. What only low filters hold on is left to the digest.
    The same change composed again has the same keys. heard: the channels that were told of the
    matter before, None where nobody was: they hear what adds something, so that the matter's
    threads stay in step.
    """
    if change.item.muted or not is_news(change):
        return ()
    if heard is not None and not adds(change, now):
        return ()
    told: dict[str, list[Match]] = defaultdict(list)
    for match in (*matches, *_watch(change.item)):
        if match.priority is Priority.LOW:
            continue
        for channel in routing.channels(change.item, match):
            told[channel].append(match)
    if heard and (told or follows(change, now)):
        reasons = list(dict.fromkeys(match for own in told.values() for match in own))
        for channel in heard:
            told.setdefault(channel, reasons)
    return tuple(
        _alert(change, channel, tuple(reasons), source_name, now)
        for channel, reasons in told.items()
    )


def is_news(change: Change) -> bool:
    """Say whether a change tells people something: spelling, quotes and dashes do not."""
    return change.kind is not ChangeKind.UPDATED or bool(material_fields(change.fields))


def material_fields(fields: tuple[FieldChange, ...]) -> tuple[FieldChange, ...]:
    """Keep the changes that tell people something."""
    return tuple(
        field
        for field in fields
        if field.name not in _NO_NEWS and fold(field.old) != fold(field.new)
    )


def _watch(item: Item) -> tuple[Match, ...]:
    if not item.watched:
        return ()
    title = f"On the watch list: {item.watched}"
    return (Match(WATCHED, title, Priority.NORMAL, Direction.UNCLEAR, ()),)


def _alert(
    change: Change, channel: str, matches: tuple[Match, ...], source_name: str, now: datetime | None
) -> Alert:
    fields = material_fields(change.fields)
    return Alert(
        key=_key(change, channel),
        channel=channel,
        kind="alert",
        headline=headline(change.kind, change.item, fields, source_name, now),
        matter=change.matter,
        item=change.item,
        change=change.kind,
        fields=fields,
        matches=matches,
        priority=min(
            (match.priority for match in matches), key=_RANK.__getitem__, default=Priority.NORMAL
        ),
        direction=_direction(matches),
        source_name=source_name,
        created_at=now,
        stage=change.stage,
        related=change.related,
        for_everyone=concerns_all(change, now),
    )


def _key(change: Change, channel: str) -> str:
    """Name an alert for ever, without saying anything about it."""
    item = change.item
    return digest(
        "alert",
        channel,
        str(change.matter),
        item.source,
        item.key,
        change.kind,
        item.fingerprint,
        str(change.revision),
    )


def _direction(matches: tuple[Match, ...]) -> Direction:
    """Say which way a matter goes, where the matches agree."""
    said = {match.direction for match in matches} - {Direction.UNCLEAR}
    return said.pop() if len(said) == 1 else Direction.UNCLEAR


# -------------------------------------------------------------------------------------- health


class HealthState(StrEnum):
    """What is told about a source (or a channel) itself."""

    BROKEN = "broken"
    REMINDER = "reminder"
    RECOVERED = "recovered"
    GAP = "gap"
    SILENT = "silent"
    HEARD = "heard"


_SAID = {
    HealthState.BROKEN: "Broken: {} cannot be checked",
    HealthState.REMINDER: "Still broken: {} cannot be checked",
    HealthState.RECOVERED: "Recovered: {} is checked again",
    HealthState.GAP: "Gap: {} may have published more than was seen",
    HealthState.SILENT: "Silent: {} publishes less than expected",
    HealthState.HEARD: "Heard again: {} publishes as it used to",
}
_OVER = frozenset({HealthState.RECOVERED, HealthState.HEARD})
_MEANS = {
    HealthState.BROKEN: "Until it recovers, its silence does not mean that there is no news.",
    HealthState.REMINDER: "Its silence still does not mean that there is no news.",
    HealthState.RECOVERED: "What was published in between and still stands there has been read.",
    HealthState.GAP: "No entry known before was left in its list: some were probably missed.",
    HealthState.HEARD: "It was silent, and is no more.",
    HealthState.SILENT: "It answers without an error: it may have moved, or have nothing new.",
}


def health(
    routing: Routing,
    subject: str,
    state: HealthState,
    reason: str = "",
    *,
    since: datetime | None = None,
    name: str = "",
    now: datetime | None = None,
    advice: str = "",
) -> Alert:
    """Make the one post about a source's own health.

    subject: the source's id; name: what people call it.
    since: when the trouble began; it stands in the key, so that each trouble is told once, and
        its reminders once a day (of `now`).
    advice: what to do about it, beyond trying.
    """
    day = f"{now:%Y-%m-%d}" if now and state in (HealthState.REMINDER, HealthState.SILENT) else ""
    channel = routing.health or routing.default
    called = f"{name} ({subject})" if name and name != subject else subject
    details = (
        f"Reason: {one_line(reason, 500)}" if reason else "",
        f"Since: {spoken(since)}" if since else "",
        _MEANS[state],
        advice,
        "" if state in _OVER else f"To try it: monitor sources test {subject}",
    )
    key = digest("health", channel, subject, state, since.isoformat() if since else "", day)
    headline = _SAID[state].format(one_line(called, 90))
    return post(channel, key, headline, details, now, name or subject)


def post(
    channel: str,
    key: str,
    headline: str,
    details: Iterable[str],
    now: datetime | None = None,
    about: str = "",
) -> Alert:
    """Make a post on the monitor's own health: one line to read, and what else there is to know.

    about: what people call the source; empty details are left out.
    """
    return Alert(
        key=key,
        channel=channel,
        kind="health",
        headline=one_line(headline, HEADLINE),
        lines=tuple((detail, "") for detail in details if detail),
        priority=Priority.NORMAL,
        source_name=about,
        created_at=now,
    )
