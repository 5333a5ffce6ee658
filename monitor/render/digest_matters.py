"""Chooses what a digest shows of one matter: bounded, clean, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from monitor.models import DigestMatter, Direction, Hearing, Section, Stage, TurnKind
from monitor.render.changes import said
from monitor.render.links import address_of
from monitor.render.shown import Quote, quote_of
from monitor.render.tongue import ENGLISH, Tongue
from monitor.render.turns_es import turn_in_spanish
from monitor.render.ways import Way, ways_in
from monitor.text import fold
from monitor.wording import next_hearing

# Where a matter's dates stand with it.
DATED = frozenset({Section.ACT, Section.MOVING, Section.NEW, Section.SUITS})
_DEADLINE = "comment_deadline"
_PLACE = 120
_HAPPENED = 240
_NAME = 60
# No title is read farther: looking for private data in it takes time.
_READ = 1_000
_NAMES = 4
_REASONS = 2


@dataclass(frozen=True, slots=True)
class Room:
    """How much may be said of one matter: characters of title and passage, numbers of the rest."""

    title: int = 240
    passage: int = 280
    happened: int = 3
    dates: int = 3
    ways: int = 6
    why: bool = True
    sources: bool = True


WIDE = Room()


@dataclass(frozen=True, slots=True)
class ShownDate:
    """A date: what sort, when, how long until then, and where."""

    label: str
    when: str
    soon: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class ShownMatter:
    """A matter as the reader sees it; all text is clean and in its language.

    address: "" where there is none to trust. note: what stands beside the title where a matter has
    one line only. turned: which way it goes, for colours that only
    repeat what `direction` says. happened: what happened, as sentences without full stops.
    """

    title: str
    address: str = ""
    place: str = ""
    stage: str = ""
    direction: str = ""
    turned: str = ""
    happened: tuple[str, ...] = ()
    dates: tuple[ShownDate, ...] = ()
    ways: tuple[Way, ...] = ()
    quote: Quote | None = None
    why: str = ""
    sources: str = ""
    note: str = ""


def shown_matter(matter: DigestMatter, tongue: Tongue, now: datetime, room: Room) -> ShownMatter:
    """Choose what to show of a matter; agreements and what is only watched have one line each."""
    title = said(matter.title[:_READ], room.title) or tongue.say("(without a title)")
    named = ShownMatter(
        title=title,
        address=address_of(matter.url),
        place=" · ".join(
            filter(None, (tongue.place(matter.jurisdiction), tongue.type(matter.type)))
        ),
    )
    if matter.section is Section.WATCHING:
        return replace(named, note=named.place)
    told = happened(matter, tongue)[: room.happened]
    if matter.section is Section.AGREEMENTS:
        # Its title says where; passage and filters are the same for every one.
        return replace(named, note="; ".join(told))
    dates = _dates(matter, tongue, now, room.dates) if matter.section in DATED else ()
    return ShownMatter(
        title=named.title,
        address=named.address,
        place=named.place,
        stage=_stage(matter, tongue, told, dated=bool(dates)),
        direction=tongue.direction(matter.direction),
        turned="" if matter.direction is Direction.UNCLEAR else matter.direction.value,
        happened=told,
        dates=dates,
        ways=_ways(matter, tongue, now)[: room.ways],
        quote=_quote(matter, title, room),
        why=_why(matter, tongue) if room.why else "",
        sources=_sources(matter, tongue) if room.sources else "",
    )


def happened(matter: DigestMatter, tongue: Tongue) -> tuple[str, ...]:
    """Say what happened to a matter; the composer has said it in English already.

    That it is new is not said where the section says so.
    """
    english = tuple(said(one, _HAPPENED) for one in matter.happened)
    if len(english) != len(matter.turns):
        return tuple(filter(None, english))
    known = {TurnKind.NEW} if matter.section is Section.NEW else set()
    pairs = [pair for pair in zip(matter.turns, english, strict=True) if pair[0].kind not in known]
    if tongue is not ENGLISH:
        pairs = [(turn, turn_in_spanish(turn, matter.type)) for turn, _ in pairs]
    return tuple(sentence for _, sentence in pairs if sentence)


def _stage(matter: DigestMatter, tongue: Tongue, told: tuple[str, ...], *, dated: bool) -> str:
    """Say the stage, the publisher's own words beside it; nothing that was told already."""
    own = said(matter.stage_said, _NAME)
    if matter.stage is None:
        return own
    if dated and matter.stage is Stage.HEARING_SET:
        return ""
    word = tongue.stage(matter.stage, matter.type)
    if any(sentence.startswith(word) for sentence in told):
        return ""
    if not own or fold(own) in fold(matter.stage.value) or fold(matter.stage.value) in fold(own):
        return word
    return f"{word} (“{own}”)"


def _ways(matter: DigestMatter, tongue: Tongue, now: datetime) -> tuple[Way, ...]:
    """Say how to take part where that is asked for; a deadline that is a date is said as such."""
    if matter.section is not Section.ACT:
        return ()
    dated = {tongue.hearing_time(one) for one in matter.hearings if one.kind == _DEADLINE}
    return tuple(
        way
        for way in ways_in(matter.contacts, matter.hearings, now, tongue)
        if way.sentence or not any(way.value.startswith(when) for when in dated)
    )


def _dates(matter: DigestMatter, tongue: Tongue, now: datetime, most: int) -> tuple[ShownDate, ...]:
    """Say the dates ahead, the one that matters first."""
    left: list[Hearing] = list(matter.hearings)
    chosen: list[Hearing] = []
    while left and len(chosen) < most:
        found = next_hearing(tuple(left), now)
        if found is None:
            break
        left.remove(found)
        chosen.append(found)
    return tuple(shown_date(one, tongue, now) for one in chosen)


def shown_date(hearing: Hearing, tongue: Tongue, now: datetime) -> ShownDate:
    """Say one date; without a known time in the publisher's words."""
    kind = tongue.date_kind(hearing.kind)
    return ShownDate(
        label=tongue.say("{what} (cancelled)", what=kind) if hearing.cancelled else kind,
        when=said(tongue.hearing_time(hearing, now), _PLACE),
        soon="" if hearing.cancelled else tongue.countdown(hearing, now),
        place=said(hearing.place, _PLACE),
    )


def _quote(matter: DigestMatter, title: str, room: Room) -> Quote | None:
    """Quote the passage, unless the title says it already."""
    if matter.passage is None or not room.passage:
        return None
    quote = quote_of(matter.passage, room.passage)
    if not quote.text or fold(quote.text.strip("… ")) in fold(title):
        return None
    return Quote("", quote.text, quote.hits) if quote.where == "title" else quote


def _why(matter: DigestMatter, tongue: Tongue) -> str:
    """Name the filters that say most; all of them would be a wall of words."""
    named = (tongue.say_known(tongue.reworded(one)) for one in matter.reasons[:_REASONS])
    return ", ".join(said(one, _NAME) for one in named)


def _sources(matter: DigestMatter, tongue: Tongue) -> str:
    names = tuple(said(name, _NAME) for name in matter.sources)
    return tongue.say("Source: {names}", names=tongue.listed(names, _NAMES)) if names else ""
