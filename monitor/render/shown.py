"""Chooses what to show of an alert: clean words, nobody's private data, bounded sizes.

Every channel shows the same `Shown`; how it looks is the channel's own affair.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.dates import local
from monitor.jurisdictions import label, timezone_of
from monitor.models import Alert, ChangeKind, Item, Match, Passage, Priority
from monitor.render.changes import QUOTE, SHORT, VALUE, Changed, changes, field_label, said
from monitor.render.headlines import headline_now
from monitor.render.links import address_of
from monitor.render.ways import Way, ways
from monitor.text import clean_text, fold, mask_private, one_line
from monitor.urls import host
from monitor.wording import (
    DIRECTIONS,
    HEARINGS,
    TYPES,
    countdown,
    hearing_time,
    next_hearing,
    numbered_title,
    spoken,
)

QUOTES = 10
TITLE = 700
FACTS = 6
DATES = 4
DOCUMENTS = 5
TERMS = 8
HITS = 25
_BEFORE = 60


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled value: "Status", "Committee"."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Quote:
    """The publisher's own words; `where` they stand, "" for the item's text.

    hits: (start, end) in `text` of the words that matched; in order, apart from each other.
    """

    where: str
    text: str
    hits: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A link with its words; the address is http(s) or "" where there is none to trust."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An alert as people will see it, in reading order; all text is clean.

    when: the next date, for those who see nothing but a notification.
    ways: how to comment, the deadline first.
    """

    headline: str
    when: str = ""
    urgent: bool = False
    place: tuple[str, ...] = ()
    title: Quote | None = None
    facts: tuple[Fact, ...] = ()
    ways: tuple[Way, ...] = ()
    changes: tuple[Changed, ...] = ()
    quotes: tuple[Quote, ...] = ()
    lines: tuple[Link, ...] = ()
    why: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    notes: tuple[str, ...] = ()


def shown(alert: Alert, now: datetime | None = None) -> Shown:
    """Choose what to show of an alert; countdowns need `now`."""
    item = alert.item
    lines = tuple(Link(said(words, VALUE), address_of(url)) for words, url in alert.lines)
    name = said(alert.source_name, 100)
    source = (f"Source: {name}",) if name else ()
    headline = said(headline_now(alert, now), VALUE) or "(without a title)"
    if item is None:
        notes = () if alert.kind == "health" else source
        return Shown(headline, urgent=_is_urgent(alert), lines=lines, notes=notes)
    dates = dates_of(item, now)
    told = () if alert.change is ChangeKind.GONE else ways(item, now)
    if alert.kind == "reminder":
        when = _when(headline, item, dates, now)
        return replace(_reminder(headline, item, dates, told, source), when=when, lines=lines)
    return Shown(
        headline=headline,
        when=_when(headline, item, dates, now),
        urgent=_is_urgent(alert),
        place=_place(item),
        title=_title(alert, item),
        facts=_facts(alert, item, dates_of(_without_deadlines(item), now) if told else dates),
        ways=told,
        changes=changes(alert),
        quotes=_quotes(alert, item),
        lines=lines,
        why=tuple(filter(None, map(_why, alert.matches))),
        links=_links(item),
        notes=(*source, *_published(item)),
    )


def _without_deadlines(item: Item) -> Item:
    """Leave out the deadlines for comments: they stand with the ways to comment."""
    kept = tuple(one for one in item.hearings if one.kind != "comment_deadline")
    return replace(item, hearings=kept)


def _reminder(
    headline: str, item: Item, dates: list[Fact], told: tuple[Way, ...], source: tuple[str, ...]
) -> Shown:
    """Show what one needs to be there, and no more: the thread above tells the rest."""
    return Shown(
        headline=headline,
        place=_place(item),
        facts=tuple(dates),
        ways=told,
        links=_links(item),
        notes=source,
    )


def _when(headline: str, item: Item, dates: list[Fact], now: datetime | None) -> str:
    """Say the next date; where the headline says it, only how long that is, and the place."""
    chosen = next_hearing(item.hearings, now)
    if chosen is None or not dates:
        return ""
    if any(said(hearing_time(chosen, at), VALUE) in headline for at in (now, None)):
        soon = countdown(chosen, now) if now and not chosen.cancelled else ""
        soon = "" if soon.partition(",")[0] in headline else soon
        return " · ".join(filter(None, (soon, said(chosen.place, 150))))
    return f"{dates[0].label}: {dates[0].value}"


def _is_urgent(alert: Alert) -> bool:
    return alert.priority is Priority.HIGH and alert.kind == "alert"


def _place(item: Item) -> tuple[str, ...]:
    """Say where and who: jurisdiction, office, sort of thing; nothing twice."""
    named = label(item.jurisdiction) if item.jurisdiction else ""
    parts = (said(named, 100), said(item.office, 150), TYPES[item.type])
    return tuple(dict.fromkeys(part for part in parts if part))


def _title(alert: Alert, item: Item) -> Quote | None:
    """Return the title where the headline had to cut it, with the words that matched."""
    title = said(numbered_title(item), TITLE)
    if not title or fold(title) in fold(alert.headline):
        return None
    hits: list[tuple[int, int]] = []
    for match in alert.matches:
        for passage in match.passages:
            if passage.field == "title":
                hits += _found_again(
                    passage.text, title, _merged(list(passage.hits)), anywhere=True
                )
    return Quote("", title, tuple(_merged(hits)[:HITS]))


def _facts(alert: Alert, item: Item, dates: list[Fact]) -> tuple[Fact, ...]:
    # What is gone goes no way any more, and has no status.
    is_gone = alert.change is ChangeKind.GONE
    direction = "" if is_gone else DIRECTIONS.get(alert.direction, "")
    told = {field.name for field in alert.fields}
    facts = [
        Fact("Direction", direction),
        Fact("Stage", "" if "stage" in told else _stage(alert, item)),
        Fact("Status", "" if is_gone or "status" in told else said(item.status, VALUE)),
        *dates,
    ]
    # A reply stands below a message that says all the rest.
    known = item.facts[: FACTS * 2] if alert.change is ChangeKind.NEW else ()
    facts += [
        Fact(field_label(name), said(value, VALUE)) for name, value in known if name not in told
    ][:FACTS]
    facts += _twins(alert)
    return tuple(fact for fact in facts if fact.value)


def _stage(alert: Alert, item: Item) -> str:
    """Say how far the matter has come, where its publisher's own word does not say the same."""
    stage = alert.stage.value if alert.stage else ""
    return "" if fold(stage) in fold(item.status) else stage.capitalize()


def _twins(alert: Alert) -> Iterator[Fact]:
    """Name other matters with the same text: a model bill elsewhere, a bill introduced again."""
    for other in alert.related:
        where = label(other.jurisdiction) if other.jurisdiction else ""
        named = said(other.title, SHORT)
        name = "Also filed in" if other.one_paper else "Same text as"
        yield Fact(name, f"{named} ({where})" if where else named)


def dates_of(item: Item, now: datetime | None) -> list[Fact]:
    """Say the dates ahead, the next one first; a date that is over is said only where it is all."""
    left = list(item.hearings)
    facts: list[Fact] = []
    while left and len(facts) < DATES:
        chosen = next_hearing(tuple(left), now)
        if chosen is None:
            break
        left.remove(chosen)
        soon = countdown(chosen, now) if now and not chosen.cancelled else ""
        parts = (
            f"{said(hearing_time(chosen), VALUE)}{f' ({soon})' if soon else ''}",
            said(chosen.place, 150),
        )
        name = HEARINGS.get(chosen.kind) or field_label(chosen.kind)
        value = " · ".join(part for part in parts if part)
        facts.append(Fact(f"{name} cancelled" if chosen.cancelled else name, value))
    return facts


def _published(item: Item) -> tuple[str, ...]:
    """Say when it was published, on the clock of the place; midnight means a day without a time."""
    if item.published is None:
        return ()
    zone = timezone_of(item.jurisdiction)
    there = local(item.published, zone)
    is_day = (there.hour, there.minute) == (0, 0)
    return (f"Published {spoken(item.published, zone, all_day=is_day)}",)


# --------------------------------------------------------------------------------------- quotes


def _quotes(alert: Alert, item: Item) -> tuple[Quote, ...]:
    """Quote the passages that matched, each once; without any, the beginning of the text."""
    found: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for match in alert.matches:
        for passage in match.passages:
            if passage.field != "title":
                found.setdefault((passage.field, passage.text), []).extend(passage.hits)
    made = [_quote(field, text, hits) for (field, text), hits in found.items()]
    quotes = [quote for quote in made if quote.text]
    if quotes or alert.change is not ChangeKind.NEW:
        return tuple(quotes[:QUOTES])
    beginning = said(item.text[: QUOTE * 4], QUOTE)
    return (Quote("", beginning),) if beginning else ()


def quote_of(passage: Passage, limit: int) -> Quote:
    """Quote a passage in at most `limit` characters, around its first hit."""
    return _quote(passage.field, passage.text, list(passage.hits), limit)


def _quote(field: str, text: str, hits: list[tuple[int, int]], limit: int = QUOTE) -> Quote:
    where = "" if field in {"text", "body"} else said(field, 150)
    plain = " ".join(mask_private(clean_text(text)).split())
    inside = _merged([(max(a, 0), min(b, len(text))) for a, b in hits])
    kept = inside if plain == text else _found_again(text, plain, inside)
    return _windowed(where, plain, kept, limit)


def _merged(hits: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Put hits in order and join those that overlap."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(hits):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return merged


def _found_again(
    text: str, plain: str, hits: list[tuple[int, int]], *, anywhere: bool = False
) -> list[tuple[int, int]]:
    """Find the matched words again in a text that cleaning and masking have shifted.

    anywhere: `plain` need not be the same passage.
    """
    found: list[tuple[int, int]] = []
    drift, position = len(text) if anywhere else max(len(text) - len(plain), 0), 0
    for start, end in hits:
        word = " ".join(clean_text(text[start:end]).split())
        at = plain.find(word, max(position, start - drift)) if word else -1
        if at >= 0:
            position = at + len(word)
            found.append((at, position))
    return found


def _windowed(where: str, text: str, hits: list[tuple[int, int]], limit: int) -> Quote:
    """Cut a long passage to the part that holds its first hit."""
    if len(text) <= limit:
        return Quote(where, text, tuple(hits[:HITS]))
    first = max(hits[0][0] - _BEFORE, 0) if hits else 0
    first = text.rfind(" ", 0, first) + 1 if first else 0
    lead = "… " if first else ""
    cut = lead + one_line(text[first:], limit - len(lead))
    shift = len(lead) - first
    end = len(cut.rstrip("…"))
    kept = [(a + shift, b + shift) for a, b in hits if a >= first and b + shift <= end]
    return Quote(where, cut, tuple(kept[:HITS]))


# ------------------------------------------------------------------------------- why, and links


def _why(match: Match) -> str:
    """Name the topic, and the words that were found, as they stand in the text."""
    words = _found_words(match) or [said(term, 60) for term in match.terms]
    terms = [f"“{word}”" for word in dict.fromkeys(words) if word]
    more = f" and {len(terms) - TERMS} more" if len(terms) > TERMS else ""
    title = said(match.title or match.topic, 150)
    return f"{title}: {', '.join(terms[:TERMS])}{more}" if terms else title


def _found_words(match: Match) -> list[str]:
    """Quote what the filter found, once each, the longest first; a part of another is left out."""
    found: dict[str, str] = {}
    for passage in match.passages:
        for start, end in passage.hits:
            word = said(passage.text[start:end], 60)
            found.setdefault(word.casefold(), word)
    kept: dict[str, str] = {}
    for folded in sorted(found, key=len, reverse=True):
        if not any(folded in longer for longer in kept):
            kept[folded] = found[folded]
    return list(kept.values())


def _links(item: Item) -> tuple[Link, ...]:
    """List the item's own page and its first documents; the rest is on that page."""
    page = address_of(item.url)
    links = [Link(f"Open at {host(page)}", page)] if page else []
    documents = [
        Link(_document_name(one.title, address), address)
        for one in item.attachments
        if (address := address_of(one.url)) and address != page
    ]
    links += documents[:DOCUMENTS]
    if len(documents) > DOCUMENTS:
        links.append(Link(f"and {len(documents) - DOCUMENTS} more documents", ""))
    return tuple(links)


def _document_name(title: str, address: str) -> str:
    """Name a document; a title that looks like an address could lie about where it leads."""
    name = said(title, 80)
    if name and not re.search(r"://|www\.|\w\.(?:com|org|gov|net|us)\b", name, re.IGNORECASE):
        return name
    return f"document at {host(address)}"
