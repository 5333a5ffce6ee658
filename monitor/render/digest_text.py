"""Shows a digest as plain text that reads well alone: 72 columns, links whole, same order as HTML.

WHAT NEEDS ACTION (1)
Hearings and deadlines ahead, and how to take part.

* HB 12 — Ending 287(g) agreements
  Maryland · Bill · In committee · Limits cooperation with ICE
  Hearing: Tue, Nov 24, 10:00 am EST (in 3 days), Room 240
  Added late to the agenda.
  | … shall not enter into an agreement under 8 U.S.C. 1357(g) …
  How to take part
  - E-mail: clerk@example.gov
  287(g) agreements · Source: Maryland General Assembly
  https://…
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import wrap

from monitor.models import Digest, Subscriber
from monitor.render.digest_fit import View
from monitor.render.digest_matters import ShownDate, ShownMatter
from monitor.render.digest_shown import Footer, ShownDigest, ShownSection
from monitor.render.digest_sides import Chart, Coverage, Planned
from monitor.render.digest_values import NO_LINKS, Links
from monitor.render.tongue import Tongue
from monitor.render.ways import Way

WIDTH = 72
_BAR = 40


def render_text(digest: Digest, subscriber: Subscriber | None, links: Links = NO_LINKS) -> str:
    """Write one reader's copy in lines of at most 72 columns; only addresses may be longer.

    digest: what this subscriber asked for; subscriber: None for a preview in English. It is cut to
    80,000 bytes as the HTML is.
    """
    # A view gives the same matter again, however often it is cut.
    lines: dict[int, tuple[str, ...]] = {}

    def written(shown: ShownDigest) -> str:
        return "\n".join(_without_gaps(_parts(shown, lines))) + "\n"

    return View(digest, subscriber, links).fitted(written)


def _parts(view: ShownDigest, lines: dict[int, tuple[str, ...]]) -> Iterator[str]:
    """Write the parts in reading order; an empty line stands between two groups."""
    yield from _filled(view.title)
    yield view.period
    yield "=" * min(max(len(view.title), len(view.period)), WIDTH)
    yield from _filled(view.lead)
    if view.quiet:
        yield from _heading(view.quiet_heading)
        yield from _filled(f"{view.quiet} {view.coverage.summary}")
    for section in view.sections:
        yield from _section(section, view.tongue, lines)
    if view.activity:
        yield from _heading(view.tongue.say("Week by week"))
        yield from _chart(view.activity)
    yield from _planned(view.planned, view.planned_rest, view.tongue)
    yield from _coverage(view.coverage, view.tongue)
    yield from _footer(view.footer, view.tongue)


def _heading(words: str) -> Iterator[str]:
    yield ""
    yield ""
    yield from _filled(words.upper())
    yield "-" * min(len(words), WIDTH)


def _section(
    section: ShownSection, tongue: Tongue, lines: dict[int, tuple[str, ...]]
) -> Iterator[str]:
    count = f" ({section.count:,})" if section.count else ""
    yield from _heading(f"{section.heading}{count}")
    yield from _filled(section.about)
    if section.counted:
        yield " · ".join(f"{one.number} {one.words}" for one in section.counted)
    if section.trend:
        yield ""
        yield from _chart(section.trend)
    if section.compact:
        yield ""
        for matter in section.matters:
            yield from _filled(_joined((matter.title, matter.note)), "* ", "  ")
            yield from _address(matter.address)
    else:
        for matter in section.matters:
            yield ""
            if id(matter) not in lines:
                lines[id(matter)] = tuple(_matter(matter, tongue))
            yield from lines[id(matter)]
    yield from _address(section.page)
    if section.rest:
        yield ""
        yield from _filled(f"{section.rest.told} {section.rest.where}")
        if not section.rest.address.startswith("mailto:"):
            yield from _filled(section.rest.address)


def _matter(matter: ShownMatter, tongue: Tongue) -> Iterator[str]:
    yield from _filled(matter.title, "* ", "  ")
    yield from _filled(_joined((matter.place, matter.stage, matter.direction)), "  ")
    for date in matter.dates:
        yield from _filled(_date(date), "  ", "    ")
    if matter.happened:
        yield from _filled(f"{'; '.join(matter.happened)}.", "  ")
    if matter.quote:
        where = f"{matter.quote.where}: " if matter.quote.where else ""
        yield from _filled(f"{where}{matter.quote.text}", "  | ")
    if matter.ways:
        yield f"  {tongue.say('How to take part')}"
    for way in matter.ways:
        yield from _way(way)
    yield from _filled(_joined((matter.why, matter.sources)), "  ")
    yield from _address(matter.address)


def _date(date: ShownDate) -> str:
    said = f"{date.label}: {date.when}" if date.when else date.label
    soon = f" ({date.soon})" if date.soon else ""
    return f"{said}{soon}" + (f", {date.place}" if date.place else "")


def _way(way: Way) -> Iterator[str]:
    said = f"{way.label}: {way.value}" if way.value else way.label
    yield from _filled(f"{said} {way.sentence}", "  - ", "    ")
    if way.address:
        yield f"    {way.address}"


def _address(address: str) -> Iterator[str]:
    if address:
        yield f"  {address}"


def _chart(chart: Chart) -> Iterator[str]:
    """Draw the last weeks as bars, or say how a total grew."""
    yield from _filled(chart.heading)
    wide = max((len(bar.label) for bar in chart.bars), default=0)
    for bar in chart.bars:
        filled = "#" * max(round(_BAR * bar.percent / 100), 1 if bar.value else 0)
        yield f"{bar.label:<{wide}}  {filled} {bar.value:,}"
    yield from _filled(chart.summary)


def _planned(dates: tuple[Planned, ...], rest: str, tongue: Tongue) -> Iterator[str]:
    if not dates:
        return
    yield from _heading(tongue.say("Also planned"))
    yield from _filled(tongue.say("Further dates in the next two weeks."))
    for one in dates:
        yield ""
        yield from _filled(_date(one.date), "* ", "  ")
        yield from _filled(one.title, "  ")
    if rest:
        yield ""
        yield from _filled(rest, "  ")


def _coverage(coverage: Coverage, tongue: Tongue) -> Iterator[str]:
    yield from _heading(tongue.say("What was checked"))
    yield from _filled(coverage.summary)
    for trouble in coverage.troubles:
        yield ""
        yield from _filled(f"{trouble.heading}:")
        for line in trouble.lines:
            yield from _filled(line, "- ", "  ")


def _footer(footer: Footer, tongue: Tongue) -> Iterator[str]:
    yield ""
    yield "-- "
    for line in footer.lines:
        yield from _filled(line)
    links = (
        ("Unsubscribe", footer.unsubscribe),
        ("Change what you get", footer.settings),
    )
    for words, address in links:
        if address:
            yield f"{tongue.say(words)}: {address}"
    if footer.contact:
        yield f"{tongue.say('Questions:')} {footer.contact.removeprefix('mailto:')}"


def _joined(parts: Iterable[str]) -> str:
    return " · ".join(part for part in parts if part)


def _filled(text: str, first: str = "", later: str | None = None) -> list[str]:
    """Fill lines of 72 columns; a word that is longer has a line of its own."""
    return wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=first if later is None else later,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _without_gaps(lines: Iterable[str]) -> Iterator[str]:
    """Leave at most two empty lines together, none at the beginning."""
    empty = 2
    for line in lines:
        empty = 0 if line else empty + 1
        if empty <= 2:  # noqa: PLR2004 - lines
            yield line.rstrip() if line != "-- " else line
