"""Tells sources that fail together from sources that fail each by itself.

nothing is heard from nearly all hosts       this machine's own network is down
nearly all sources of a host or platform     that host or platform is down
all else                                     each source's own trouble
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.alerts import Routing, post
from monitor.models import Alert
from monitor.text import digest, one_line
from monitor.wording import spoken

# Two that fail within minutes may be chance; three, and hardly any that answers, are not.
LEAST = 3
# One in ten may go on answering: a server in the same building, a page that another cache holds.
_STILL_REACHED = 10
# What answered moments before the first failure speaks against an outage, too.
JUST_BEFORE = timedelta(seconds=30)
_NAMED = 20
_REASON = 500


@dataclass(frozen=True, slots=True)
class Sight:
    """What is known of a source by now.

    name: what counts once: its host where the network is judged, else the source itself.
    at: since when it fails; where it does not, when it last answered.
    """

    name: str
    at: datetime
    fails: bool


def began(seen: Iterable[Sight]) -> datetime | None:
    """Say since when nearly all fail together; None where they do not.

    Only what was seen since then counts: what answered before an outage says nothing about it.
    """
    sights = tuple(seen)
    for start in sorted({one.at for one in sights if one.fails}):
        failing, answering = _parted(sights, start)
        if len(failing) < LEAST:
            return None
        if len(answering) * _STILL_REACHED <= len(failing) + len(answering):
            return start
    return None


def is_over(seen: Iterable[Sight], since: datetime) -> bool:
    """Say whether at least half of what was seen since then answers."""
    failing, answering = _parted(tuple(seen), since)
    return len(answering) >= len(failing)


def _parted(sights: tuple[Sight, ...], since: datetime) -> tuple[set[str], set[str]]:
    answering = {one.name for one in sights if not one.fails and one.at >= since - JUST_BEFORE}
    failing = {one.name for one in sights if one.fails and one.at >= since}
    return failing - answering, answering


@dataclass(frozen=True, slots=True)
class Outage:
    """Sources that fail together.

    where: the host or platform; "" where it is this machine's own network.
    names: what people call all that are there. failed: how many of them failed so far.
    reason: what one of them failed with.
    """

    where: str
    since: datetime
    names: tuple[str, ...]
    failed: int
    reason: str = ""


def begins(routing: Routing, outage: Outage, now: datetime, *, lasts: bool = False) -> Alert:
    """Make the one post that tells of an outage; `lasts`: its reminder of today."""
    still = "still " if lasts else ""
    count = f"{outage.failed} of {len(outage.names)} sources"
    if outage.where:
        headline = f"{outage.where} {still}fails: {count} cannot be checked so far"
        meaning = "They fail together, so this is the one post about all of them."
    else:
        headline = f"Own network {still}down: {count} cannot be reached so far"
        meaning = (
            "Nothing is heard from nearly all hosts at once: look at this machine's connection, "
            "its name server (DNS) and its firewall. No source is blamed for it."
        )
    details = (
        f"Reason: {one_line(outage.reason, _REASON)}" if outage.reason else "",
        f"Since: {spoken(outage.since)}",
        meaning,
        "Until they are checked again, their silence does not mean that there is no news.",
        _named(outage),
    )
    return post(*_addressed(routing, outage, f"begins {now:%Y-%m-%d}"), headline, details, now)


def ends(routing: Routing, outage: Outage, now: datetime) -> Alert:
    """Make the one post that tells that an outage is over; a source that stays broken follows."""
    count = f"{outage.failed} source{'' if outage.failed == 1 else 's'}"
    if outage.where:
        headline = f"{outage.where} answers again: {count} failed meanwhile"
    else:
        headline = f"Own network is back: {count} could not be reached"
    details = (
        f"From {spoken(outage.since)} to {spoken(now)}",
        "All are polled again within minutes; one that stays broken is told by itself.",
        _named(outage),
    )
    return post(*_addressed(routing, outage, "ends"), headline, details, now)


def _addressed(routing: Routing, outage: Outage, what: str) -> tuple[str, str]:
    channel = routing.health or routing.default
    return channel, digest("outage", channel, outage.where, outage.since.isoformat(), what)


def _named(outage: Outage) -> str:
    """Name the sources of a host or platform; those of a network are all that there are."""
    if not outage.where:
        return ""
    more = len(outage.names) - _NAMED
    shown = ", ".join(one_line(name, 60) for name in outage.names[:_NAMED])
    return f"Its sources: {shown}" + (f" and {more} more" if more > 0 else "")
