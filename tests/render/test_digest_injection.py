"""Nothing that a publisher writes is markup, structure or a formula in what leaves the house."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from lxml import etree

from monitor.models import (
    CalendarEntry,
    Checked,
    Coming,
    Contact,
    ContactKind,
    Digest,
    DigestMatter,
    Hearing,
    ItemType,
    Passage,
    Section,
    Stage,
    Subscriber,
    Turn,
    TurnKind,
)
from monitor.render.calendar import calendar
from monitor.render.digest_fit import MOST_BYTES
from monitor.render.digest_html import render_html
from monitor.render.digest_text import render_text
from monitor.render.digest_values import Links
from monitor.render.export import ExportedMatter, as_atom, as_csv, as_json
from tests.render.calendars import content_lines, tree_of
from tests.render.digests import ACTIVITY, AGREEMENTS, HEARING, NOW, PERIOD, SPANISH
from tests.render.hostile import CORPUS, HOSTILE_URLS, INVISIBLE
from tests.render.mail_checks import faults, parsed

URL = "https://good.example/1"
MORE = (
    '" onmouseover="alert(1)" x="',
    "'><img src=x onerror=alert(1)>",
    "</title></style></head><body><h1>mine</h1>",
    "{{ 7*7 }} {% raw %} ${7*7} {0} {names} %s",
    "<!--[if mso]><b>x</b><![endif]--> <![CDATA[x]]>",
    "a\r\nBEGIN:VEVENT\r\nUID:evil\r\nEND:VEVENT\r\nb",
    'END:VCALENDAR\\nBEGIN:VCALENDAR;X="1":2',
    "]]> &xxe; <!DOCTYPE a [<!ENTITY xxe SYSTEM 'file:///etc/passwd'>]>",
    "=cmd|' /C calc'!A0",
    "-- \nUnsubscribe: https://evil.example/",
)  # fmt: skip
TEXTS = (*CORPUS, *MORE)
LINKS = Links(unsubscribe="https://m.example.org/u/1", contact="mailto:team@example.org")
TAGS = frozenset(
    {"html", "head", "meta", "title", "style", "body", "div", "table", "tbody", "tr", "td", "th"}
    | {"h1", "h2", "h3", "p", "a", "b", "br", "strong", "span", "img"}
)
PROPERTIES = frozenset(
    {"UID", "DTSTAMP", "SEQUENCE", "LAST-MODIFIED", "DTSTART", "DTEND", "SUMMARY", "STATUS"}
    | {"TRANSP", "LOCATION", "DESCRIPTION", "URL"}
)


def hearings(text: str) -> tuple[Hearing, ...]:
    """Put a text into every field of dates."""
    return (
        replace(HEARING, place=text, said=text),
        replace(HEARING, starts=None, said=text),
        replace(HEARING, starts=NOW + timedelta(days=9), cancelled=True, kind=text, place=text),
    )


def contacts(text: str, url: str) -> tuple[Contact, ...]:
    """Put a text into every field of ways to comment, of every sort."""
    return tuple(
        Contact(kind, value, said=text, code=text) for kind in ContactKind for value in (text, url)
    )


def everywhere(text: str, url: str = URL) -> Digest:
    """Put a text into every field of a digest that others fill."""
    passage = Passage(text, 0, len(text), text, ((0, 5), (7, 9)))
    matters = [
        DigestMatter(
            matter=number,
            section=section,
            title=text,
            type=ItemType.BILL,
            jurisdiction="ocd-division/country:us/state:ny",
            url=url,
            stage=Stage.PASSED,
            stage_said=text,
            happened=(text, text),
            turns=tuple(
                Turn(kind, Stage.PASSED, HEARING, text, text, text, 2) for kind in TurnKind
            ),
            passage=passage,
            hearings=hearings(text),
            contacts=contacts(text, url),
            topics=(text,),
            reasons=(text, text),
            sources=(text, text),
        )
        for number, section in enumerate(Section)
    ]
    pairs = ((text, text), (text, ""))
    return Digest(
        name="weekly",
        title=text,
        period=PERIOD,
        composed_at=NOW,
        matters=tuple(matters),
        agreements=AGREEMENTS,
        activity=replace(ACTIVITY, question=text or "?"),
        checked=Checked(3, 2, 9, pairs, pairs, pairs, (text,), (text,)),
        coming=tuple(Coming(0, text, one) for one in hearings(text)),
    )


def entries(text: str, url: str = URL) -> tuple[CalendarEntry, ...]:
    """Put a text into every field of calendar entries that others fill."""
    return tuple(
        CalendarEntry(
            uid=f"{number}@x",
            sequence=0,
            changed_at=NOW,
            matter=1,
            item=1,
            title=text,
            type=ItemType.BILL,
            jurisdiction="ocd-division/country:us/state:ny",
            hearing=hearing,
            url=url,
            office=text,
            contacts=contacts(text, url),
        )
        for number, hearing in enumerate(hearings(text))
    )


def exported(text: str, url: str = URL) -> ExportedMatter:
    """Put a text into every field of a matter that others fill."""
    place = "ocd-division/country:us/state:ny"
    return ExportedMatter(
        1, text, ItemType.BILL, place, NOW, NOW, url, stage_said=text, topics=(text, text)
    )


def assert_mail_is_harmless(digest: Digest, subscriber: Subscriber | None = None) -> None:
    """Check a mail: only our own elements, links that are links, nothing hidden, small."""
    html = render_html(digest, subscriber, LINKS).html
    empty = {"an empty heading"}  # the composer gives no empty question
    assert set(faults(html)) <= empty
    root, _ = parsed(html)
    assert {str(one.tag) for one in root.iter()} <= TAGS
    assert not INVISIBLE.search(html.replace("\t", ""))
    assert len(html.encode()) <= MOST_BYTES
    for one in root.iter():
        assert not [name for name in one.attrib if name.startswith("on")]
    text = render_text(digest, subscriber, LINKS)
    assert not INVISIBLE.search(text)
    assert len(re.findall(r"^-- $", text, re.MULTILINE)) == 1
    leave = [line for line in text.splitlines() if re.match(r"(Unsubscribe|Darse de baja):", line)]
    assert len(leave) == 1
    assert leave[0].endswith(LINKS.unsubscribe)


def assert_calendar_is_harmless(dates: tuple[CalendarEntry, ...]) -> None:
    """Check a calendar: as many events as dates, only our own properties, none twice."""
    content = calendar(dates, NOW)
    _, found = tree_of(content)
    events = [part for part in found if not isinstance(part, str) and part[0] == "VEVENT"]
    assert len(events) == len([one for one in dates if one.hearing.starts])
    for _, lines in events:
        names = [line.partition(":")[0].partition(";")[0] for line in lines]
        assert set(names) <= PROPERTIES
        assert len(names) == len(set(names))
    assert not INVISIBLE.search("\n".join(content_lines(content)))
    assert len(Calendar.from_ical(content).walk("VEVENT")) == len(events)


def assert_exports_are_harmless(matter: ExportedMatter, dates: tuple[CalendarEntry, ...]) -> None:
    """Check table, feed and document: rows, elements and values are as many as without it."""
    table = as_csv([matter], dates)
    rows = list(csv.reader(StringIO(table, newline=""), strict=True))
    assert [len(row) for row in rows] == [20] * (2 + len(dates))
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))]
    feed = as_atom([matter], dates, NOW, "team@example.org")
    root = etree.fromstring(feed, etree.XMLParser(resolve_entities=False))
    names = {etree.QName(one).localname for one in root.iter()}
    assert names <= {
        *("feed", "id", "title", "updated", "author", "name", "generator", "entry"),
        *("published", "link", "category", "summary", "content"),
    }
    assert len(root.findall("{http://www.w3.org/2005/Atom}entry")) == 1
    document = as_json([matter], dates, NOW)
    assert len(json.loads(document)["dates"]) == len(dates)
    for written in (table, feed.decode(), document):
        assert not INVISIBLE.search(written.replace("\r\n", "\n"))


@pytest.mark.parametrize("subscriber", [None, SPANISH], ids=["en", "es"])
@pytest.mark.parametrize("text", TEXTS, ids=lambda text: ascii(text[:20]))
def test_hostile_words_stay_words_in_a_mail(text: str, subscriber: Subscriber | None) -> None:
    """In every field of a digest that others fill."""
    assert_mail_is_harmless(everywhere(text), subscriber)


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: ascii(text[:20]))
def test_hostile_words_stay_words_in_a_calendar(text: str) -> None:
    """In every field of a date that others fill."""
    assert_calendar_is_harmless(entries(text))


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: ascii(text[:20]))
def test_hostile_words_stay_words_in_exports(text: str) -> None:
    """In every field of matters and dates that others fill."""
    assert_exports_are_harmless(exported(text), entries(text))


@pytest.mark.parametrize("url", HOSTILE_URLS, ids=lambda url: ascii(url[:20]))
def test_hostile_addresses_are_no_links(url: str) -> None:
    """Only http and https are linked, whole; all else is left out."""
    assert_mail_is_harmless(everywhere("words", url))
    assert_calendar_is_harmless(entries("words", url))
    assert_exports_are_harmless(exported("words", url), entries("words", url))
    root, _ = parsed(render_html(everywhere("words", url), None, LINKS).html)
    for link in root.iter("a"):
        assert re.match(r"(https?://[^\s\"'<>]+|mailto:[\w.@-]+)$", link.get("href", ""))


def test_private_data_is_masked_everywhere() -> None:
    """A-numbers, home addresses and telephone numbers are nobody's news."""
    text = "A 012 345 678 lives at 12 Main Street, Apt 4, call 212-555-0134"
    told = everywhere(text)
    bare = replace(told, matters=tuple(replace(one, contacts=()) for one in told.matters))
    dates = tuple(replace(one, contacts=()) for one in entries(text))
    for written in (
        render_html(bare, None, LINKS).html,
        render_text(bare, None, LINKS),
        render_text(bare, SPANISH, LINKS),
        calendar(dates, NOW).decode().replace("\r\n ", ""),
        as_csv([exported(text)], dates),
        as_json([exported(text)], dates, NOW),
        as_atom([exported(text)], dates, NOW, "a@example.org").decode(),
    ):
        flat = " ".join(written.split())
        for private in ("345 678", "Main Street, Apt", "555-0134"):
            assert private not in flat


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(st.text(alphabet=st.characters(exclude_categories=()), min_size=1, max_size=120))
def test_any_text_stays_text(text: str) -> None:
    """Whatever letters there are."""
    assert_mail_is_harmless(everywhere(text))
    assert_calendar_is_harmless(entries(text))
    assert_exports_are_harmless(exported(text), entries(text))
