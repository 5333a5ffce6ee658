"""Chooses what one reader sees of a digest, in reading order; how it looks is the form's affair.

Digest + Subscriber + Links → ShownDigest → HTML, or plain text
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.dates import local
from monitor.models import (
    Digest,
    DigestMatter,
    Language,
    Section,
    Stage,
    Subscriber,
    TurnKind,
)
from monitor.render.changes import said
from monitor.render.digest_matters import DATED, WIDE, Room, ShownMatter, shown_matter
from monitor.render.digest_sides import (
    Chart,
    Counted,
    Coverage,
    Planned,
    chart,
    counts,
    coverage,
    planned,
    trend,
)
from monitor.render.digest_values import Links
from monitor.render.links import address_of, is_mail
from monitor.render.tongue import Tongue, tongue_of
from monitor.urls import host
from monitor.wording import is_ahead

_A_DAY = timedelta(days=1)
_TITLE = 150
# One line a matter.
_COMPACT = frozenset({Section.AGREEMENTS, Section.WATCHING})
# Agreements of which only papers changed are counted beyond the first few.
_LESSER = 5
_CAME_OR_WENT = frozenset({TurnKind.NEW, TurnKind.STAGE, TurnKind.GONE, TurnKind.LISTED_AGAIN})
Look = Callable[[DigestMatter, Tongue, datetime, Room], ShownMatter]
# Of each section: its heading, what stands in it, and what one and many of it are called.
_SECTIONS: Mapping[Section, tuple[str, str, str, str]] = {
    Section.ACT: (
        "What needs action",
        "Hearings and deadlines ahead, and how to take part.",
        "{n} needs action",
        "{n} need action",
    ),
    Section.WON: (
        "Won",
        "Decided, towards less cooperation with ICE.",
        "{n} won",
        "{n} won",
    ),
    Section.LOST: (
        "Lost",
        "Decided, towards more cooperation with ICE.",
        "{n} lost",
        "{n} lost",
    ),
    Section.SUITS: (
        "Suits and rulings",
        "New cases, and what courts decided.",
        "{n} suit or ruling",
        "{n} suits and rulings",
    ),
    Section.AGREEMENTS: (
        "287(g) agreements",
        "Agreements by which local officers act for ICE.",
        "{n} agreement changed",
        "{n} agreements changed",
    ),
    Section.MOVING: ("Moving", "Known matters that changed.", "{n} moving", "{n} moving"),
    Section.NEW: ("New", "Seen for the first time.", "{n} new", "{n} new"),
    Section.WATCHING: (
        "Watching",
        "Weak signs only; nobody was alerted to them.",
        "{n} watched",
        "{n} watched",
    ),
}


@dataclass(frozen=True, slots=True)
class Rest:
    """Matters that are left out: how many, and where they are to be seen; "" for nowhere."""

    told: str
    where: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class ShownSection:
    """One section: its heading and count, its matters, and where to see those left out.

    compact: one line a matter. page: where all of them stand, "" where each has its own.
    rest: of those left out; None where every matter stands here.
    """

    section: Section
    heading: str
    about: str
    count: int
    matters: tuple[ShownMatter, ...] = ()
    counted: tuple[Counted, ...] = ()
    trend: Chart | None = None
    compact: bool = False
    page: str = ""
    rest: Rest | None = None


@dataclass(frozen=True, slots=True)
class Footer:
    """Why one gets this, and the ways to change that."""

    lines: tuple[str, ...]
    unsubscribe: str = ""
    settings: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class ShownDigest:
    """A digest as one reader sees it.

    lead: the first sentence, which mail programs show beside the subject. quiet: what is said
    where nothing happened, "" where something did.
    """

    tongue: Tongue
    title: str
    period: str
    lead: str
    quiet: str
    quiet_heading: str
    sections: tuple[ShownSection, ...]
    activity: Chart | None
    planned: tuple[Planned, ...]
    planned_rest: str
    coverage: Coverage
    footer: Footer


@dataclass(frozen=True, slots=True)
class Cut:
    """How much of a digest is shown: room for each matter, and the most matters of each section.

    most: sections that are not named are whole.
    """

    room: Room = WIDE
    most: Mapping[Section, int] | None = None

    def of(self, section: Section, count: int) -> int:
        """Say how many of a section's matters are shown."""
        return min(count, (self.most or {}).get(section, count))

    def matters(self, digest: Digest, section: Section) -> tuple[DigestMatter, ...]:
        """Return the matters of a section that are shown."""
        matters = digest.of(section)
        return matters[: self.of(section, len(matters))]

    def only(self, section: Section, most: int) -> Cut:
        """Show of a section at most so many."""
        return replace(self, most={**(self.most or {}), section: most})


WHOLE = Cut()


def shown_digest(
    digest: Digest,
    subscriber: Subscriber | None,
    links: Links,
    cut: Cut = WHOLE,
    look: Look = shown_matter,
) -> ShownDigest:
    """Choose what a reader sees; countdowns count from when the digest was composed.

    look: chooses what is shown of a matter, for who remembers it.
    """
    tongue = tongue_of(subscriber.language if subscriber else Language.ENGLISH)
    dated = {one.matter for section in DATED for one in cut.matters(digest, section)}
    coming = tuple(one for one in digest.coming if one.matter not in dated)
    dates = planned(coming, tongue, digest.composed_at)
    left = len(coming) - len(dates)
    return ShownDigest(
        tongue=tongue,
        title=said(tongue.say_known(digest.title), _TITLE),
        period=_period(digest, tongue),
        lead=_lead(digest, tongue),
        quiet=_quiet(digest, tongue) if digest.is_quiet else "",
        quiet_heading=tongue.say("A quiet week" if "W" in digest.period.id else "A quiet day"),
        sections=tuple(_sections(digest, tongue, links, cut, look)),
        activity=chart(digest.activity, tongue),
        planned=dates,
        planned_rest=tongue.say("and {n} more", n=left) if left else "",
        coverage=coverage(digest.checked, tongue),
        footer=_footer(digest, subscriber, links, tongue),
    )


def _period(digest: Digest, tongue: Tongue) -> str:
    """Say the days of the period, the last one included."""
    period = digest.period
    first = local(period.starts, period.timezone).date()
    last = (local(period.ends, period.timezone) - _A_DAY).date()
    return tongue.span(first, max(first, last))


def _sections(
    digest: Digest, tongue: Tongue, links: Links, cut: Cut, look: Look
) -> Iterator[ShownSection]:
    for section in Section:
        matters = digest.of(section)
        is_agreements = section is Section.AGREEMENTS
        counted = counts(digest.agreements, tongue) if is_agreements else ()
        unlisted = digest.unlisted if section is Section.WATCHING else 0
        if not matters and not counted and not unlisted:
            continue
        listed = _worth_a_line(matters) if is_agreements else len(matters)
        most = cut.of(section, listed)
        heading, about, *_ = _SECTIONS[section]
        lesser = most == listed < len(matters)
        looked = tuple(look(one, tongue, digest.composed_at, cut.room) for one in matters[:most])
        page = _shared(looked) if section in _COMPACT else ""
        yield ShownSection(
            section=section,
            heading=tongue.say(heading),
            about=tongue.say(about),
            count=len(matters) + unlisted,
            matters=tuple(replace(one, address="") for one in looked) if page else looked,
            page=page,
            counted=counted,
            trend=trend(digest.agreements.trend, tongue) if is_agreements else None,
            compact=section in _COMPACT,
            rest=_rest(len(matters) + unlisted - most, most, tongue, links, lesser=lesser),
        )


def _shared(matters: tuple[ShownMatter, ...]) -> str:
    """Return the address that all matters of a section have, "" where there is no such."""
    addresses = {one.address for one in matters}
    return addresses.pop() if len(matters) > 1 and len(addresses) == 1 else ""


def _worth_a_line(agreements: tuple[DigestMatter, ...]) -> int:
    """Count the agreements to be listed: those that came or went, and the first few others."""
    return min(len(agreements), sum(map(_came_or_went, agreements)) + _LESSER)


def _came_or_went(agreement: DigestMatter) -> bool:
    return any(turn.kind in _CAME_OR_WENT for turn in agreement.turns) or not agreement.turns


def _rest(left: int, shown: int, tongue: Tongue, links: Links, *, lesser: bool) -> Rest | None:
    """Say how many matters are left out, and where they are to be seen."""
    if not left:
        return None
    if lesser:
        told = tongue.say("{n} more, with lesser changes.", n=f"{left:,}")
    elif shown:
        told = tongue.counted(left, "{n} more does not fit here.", "{n} more do not fit here.")
    else:
        told = tongue.counted(left, "{n} matter, too much for here.", "{n} matters, too many here.")
    if page := address_of(links.matters):
        return Rest(told, tongue.say("All matters at {host}", host=host(page)), page)
    if lesser or not (contact := _way_out(links.contact)):
        return Rest(told)
    words = tongue.say("For the whole list, write to {contact}.", contact=place_of(contact))
    return Rest(told, words, contact)


def _lead(digest: Digest, tongue: Tongue) -> str:
    """Sum up in one line: how many of what, and when the next date is."""
    said_counts = [
        tongue.counted(len(digest.of(section)), one, many)
        for section, (_, _, one, many) in _SECTIONS.items()
        if digest.of(section) and section not in (Section.WATCHING, Section.AGREEMENTS)
    ]
    if agreements := digest.of(Section.AGREEMENTS):
        said_counts.append(_agreements_in_short(agreements, tongue))
    if not said_counts:
        return tongue.say("Nothing new.")
    return " · ".join(said_counts) + _next(digest, tongue)


def _agreements_in_short(agreements: tuple[DigestMatter, ...], tongue: Tongue) -> str:
    """Say how many agreements came and went; how many changed only where none did."""
    kinds = [{turn.kind for turn in one.turns} for one in agreements]
    added = sum(TurnKind.NEW in one for one in kinds)
    ended = sum(
        any(turn.kind is TurnKind.GONE or turn.stage is Stage.TERMINATED for turn in one.turns)
        for one in agreements
    )
    parts = []
    if added:
        parts.append(tongue.counted(added, "{n} agreement added", "{n} agreements added"))
    if ended:
        parts.append(tongue.counted(ended, "{n} agreement ended", "{n} agreements ended"))
    _, _, one, many = _SECTIONS[Section.AGREEMENTS]
    return " · ".join(parts) or tongue.counted(len(agreements), one, many)


def _next(digest: Digest, tongue: Tongue) -> str:
    """Say the first date at which somebody can act."""
    ahead = [
        hearing
        for matter in digest.of(Section.ACT)
        for hearing in matter.hearings
        if hearing.starts and not hearing.cancelled and is_ahead(hearing, digest.composed_at)
    ]
    first = min(ahead, key=lambda one: (one.starts is None, one.starts), default=None)
    if first is None:
        return ""
    when = tongue.hearing_time(first, digest.composed_at)
    return tongue.say(" — next: {when}", when=when)


def _quiet(digest: Digest, tongue: Tongue) -> str:
    """Say that nothing happened, so that nobody takes it for a broken monitor."""
    watched = len(digest.of(Section.WATCHING)) + digest.unlisted
    if not watched:
        return tongue.say("Nothing new was published on what you follow.")
    return tongue.counted(
        watched,
        "Nothing new was published on what you follow, but for {n} weak sign, at the end.",
        "Nothing new was published on what you follow, but for {n} weak signs, at the end.",
    )


def _footer(digest: Digest, subscriber: Subscriber | None, links: Links, tongue: Tongue) -> Footer:
    when = tongue.spoken(digest.composed_at, digest.period.timezone)
    lines = [tongue.say("Composed {when}.", when=when)]
    if links.calendar:
        lines.append(
            tongue.say("The dates are in the attached calendar, {file}.", file=links.calendar)
        )
    if subscriber and (wanted := _wanted(subscriber, tongue)):
        lines.append(tongue.say("You asked for: {wanted}.", wanted=wanted))
    lines.append(tongue.say("Nothing in this mail tells anybody that you read it."))
    return Footer(
        tuple(lines),
        unsubscribe=_way_out(links.unsubscribe),
        settings=_way_out(links.settings),
        contact=_way_out(links.contact),
    )


def _wanted(subscriber: Subscriber, tongue: Tongue) -> str:
    topics = tuple(said(topic, _TITLE) for topic in subscriber.topics)
    return ", ".join((*topics, *map(tongue.place, subscriber.jurisdictions)))


def _way_out(link: str) -> str:
    """Return a link of our own making: http(s), or mailto to a plain address."""
    address, _, rest = link.removeprefix("mailto:").partition("?")
    if is_mail(address):
        return f"mailto:{address}" + (f"?{rest}" if rest else "")
    return address_of(link)


def place_of(link: str) -> str:
    """Say where a link leads: a host, or an e-mail address."""
    is_address = link.startswith("mailto:")
    return link.removeprefix("mailto:").partition("?")[0] if is_address else host(link)
