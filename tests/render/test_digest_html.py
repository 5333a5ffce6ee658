"""A digest's HTML is valid, says everything in words, stays small, and loads nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.resources import files
from xml.etree import ElementTree as ET

import pytest

from monitor.models import Digest, Section, Subscriber
from monitor.render.charts import COLUMN, LAST, LINE
from monitor.render.digest_fit import MOST_BYTES
from monitor.render.digest_html import render_html
from monitor.render.digest_values import Links
from tests.render.digests import (
    ACT,
    MOVING,
    NEW,
    SPANISH,
    SUBSCRIBER,
    WATCHING,
    flood,
    full_week,
    quiet_week,
)
from tests.render.mail_checks import contrast, faults, parsed, rules

LINKS = Links(
    unsubscribe="https://monitor.example.org/u/abc",
    settings="https://monitor.example.org/s/abc",
    contact="mailto:team@example.org",
    calendar="weekly-2026-W47.ics",
)
BY_MAIL = Links(unsubscribe="mailto:team@example.org?subject=unsubscribe%20abc")
TEMPLATES = files("monitor.render") / "templates"


def words(digest: Digest, subscriber: Subscriber | None = None, links: Links = LINKS) -> str:
    """Read the page as a person does: its text on one line."""
    root, _ = parsed(render_html(digest, subscriber, links).html)
    body = root.find("body")
    assert body is not None
    return " ".join(" ".join(body.itertext()).split())


@pytest.mark.parametrize(
    "digest", [full_week(), quiet_week(), flood(60)], ids=["full", "quiet", "flood"]
)
@pytest.mark.parametrize("subscriber", [None, SUBSCRIBER, SPANISH], ids=["preview", "en", "es"])
@pytest.mark.parametrize("links", [LINKS, BY_MAIL, Links()], ids=["page", "mail", "none"])
def test_the_page_is_valid_and_can_be_read_aloud(
    digest: Digest, subscriber: Subscriber | None, links: Links
) -> None:
    """No error of syntax, headings in order, links and images with words, roles, a language."""
    assert faults(render_html(digest, subscriber, links).html) == []


def test_the_checks_find_faults() -> None:
    """Else the test above would hold of anything."""
    bad = (
        "<!DOCTYPE html><html><body><h1>a</h1><h3>b</h3><table><tr><td>x</table>"
        "<a href='javascript:1'>here</a><img src='https://evil.example/p.gif'><b><i>z</b></i>"
        "<script>1</script><p onclick='1'>"
    )
    found = " ".join(faults(bad))
    for fault in ("level 3", "javascript", "'here'", "evil", "<script>", "onclick", "language"):
        assert fault in found, fault


def test_what_needs_action_comes_first_with_time_place_and_how_to_comment() -> None:
    """The weekday, the zone, the countdown, where it is, and each way to take part."""
    said = words(full_week())
    act = said[said.index("What needs action (2)") : said.index("Won (1)")]
    for expected in (
        "Hearing: Tue, Nov 24, 10:00 am EST (tomorrow), 250 Broadway, Committee Room, 16th Floor",
        "Limits cooperation with ICE",
        "How to take part",
        "Comments due: Fri, Nov 27, 2026, 10:00 am EST (in 4 days)",
        "testimony@council.example.gov",
        "video.example.gov, meeting ID 872 0404 1188",
        "Comments due: Tue, Jan 19, 2027 (in 57 days)",
    ):
        assert expected in act, expected


def test_sections_stand_in_order_with_their_counts() -> None:
    """As the composer's sections are ordered, then the numbers, the plan, and what was checked."""
    root, _ = parsed(render_html(full_week(), None, LINKS).html)
    assert ["".join(one.itertext()) for one in root.iter("h2")] == [
        "What needs action (2)",
        "Won (1)",
        "Lost (1)",
        "Suits and rulings (1)",
        "287(g) agreements (1)",
        "Moving (1)",
        "New (2)",
        "Watching (2)",
        "Week by week",
        "Also planned",
        "What was checked",
    ]


def test_matched_words_are_bold() -> None:
    """And only these, where they stand in the passage."""
    html = render_html(full_week(), None, LINKS).html
    assert "shall not honor a <b>civil immigration detainer</b> unless" in html
    assert len(re.findall("<b>", html)) == sum(
        len(one.passage.hits)
        for one in full_week().matters
        if one.passage and one.section is not Section.AGREEMENTS
    )


def test_what_is_only_watched_is_one_line() -> None:
    """Its title and place; no passage, no sentence."""
    said = words(full_week())
    watching = said[said.index("Watching (2)") : said.index("Week by week")]
    assert "Budget hearing of the Department of Community Safety New York City, NY" in watching
    assert "New meeting" not in watching


def test_weak_signs_that_are_not_listed_are_counted() -> None:
    """The composer lists the first fifty."""
    said = words(replace(full_week(), unlisted=31))
    assert "Watching (33)" in said
    assert "31 more do not fit here." in said


def test_agreements_are_counted_with_their_trend() -> None:
    """Also in a week in which none was added."""
    assert "9 added · 2 ended · 1,412 in force" in words(full_week())
    assert "From 1,330 to 1,412 in 10 weeks (+82)." in words(full_week())
    assert "0 added · 0 ended · 1,412 in force" in words(quiet_week())


def test_charts_are_bars_with_numbers_and_a_picture_with_words() -> None:
    """Without images everything is there; the picture's words say what it shows."""
    made = render_html(full_week(), None, LINKS)
    assert "Nov 9" in words(full_week())
    assert re.search(r"Nov 16 (\S* )?48\b", words(full_week()))
    assert {image.cid for image in made.images} == {
        "agreements@monitor.invalid",
        "activity@monitor.invalid",
    }
    for image in made.images:
        assert f'src="cid:{image.cid}"' in made.html
        assert image.data.startswith(b"\x89PNG")
        assert len(image.data) < 4_000
    assert made.images[1].alt == (
        "Chart of 13 weeks, Aug 24 to Nov 16: most 61 (week of Nov 9), least 22 (week of Sep 14), "
        "last 48."
    )


def test_without_numbers_there_is_no_chart() -> None:
    """A monitor in its first week has nothing to compare."""
    bare = replace(
        full_week(), activity=None, agreements=replace(full_week().agreements, trend=None)
    )
    made = render_html(bare, None, LINKS)
    assert made.images == ()
    assert "<img" not in made.html


def test_a_quiet_week_says_so_and_what_was_checked() -> None:
    """At the top, so that nobody takes it for a broken monitor."""
    said = words(quiet_week())
    assert said.index("A quiet week") < said.index("Watching")
    assert "43 of 43 sources were checked (5,301 visits). All of them answered." in said
    assert "but for 1 weak sign, at the end" in said
    daily = replace(quiet_week(), period=replace(quiet_week().period, id="2026-11-22"))
    assert "A quiet day" in words(daily)


def test_what_was_not_checked_is_named() -> None:
    """Failed, silent, with gaps, never visited, and courts whose feeds are partial."""
    said = words(full_week())
    checked = said[said.index("What was checked") :]
    for expected in (
        "41 of 43 sources were checked (5,208 visits).",
        "Harris County Commissioners Court: HTTP 503",
        "Dane County: no entries, expected 5/week",
        "S.D.N.Y. docket feed: more was published",
        "Pima County",
        "D. Mass., W.D. Tex.",
    ):
        assert expected in checked, expected
    assert "All of them answered" not in said


def test_cancelled_dates_are_called_so() -> None:
    """And have no countdown."""
    said = words(full_week())
    assert "Hearing (cancelled): Wed, Dec 2, 7:00 pm EST Detention center" in said


def test_the_reader_can_leave() -> None:
    """By a page, or by mail; without either the line is missing."""
    html = render_html(full_week(), SUBSCRIBER, LINKS).html
    assert '<a href="https://monitor.example.org/u/abc"' in html
    assert "You asked for: 287g, New York." in words(full_week(), SUBSCRIBER)
    by_mail = render_html(full_week(), SUBSCRIBER, BY_MAIL).html
    assert 'href="mailto:team@example.org?subject=unsubscribe%20abc"' in by_mail
    assert "Unsubscribe" not in words(full_week(), None, Links())


# --------------------------------------------------------------------------------------- size


@pytest.mark.parametrize(
    "title", ["", "T" * 3_000, "ñ漢🗽" * 700], ids=["words", "unbroken", "wide"]
)
@pytest.mark.parametrize("subscriber", [None, SPANISH], ids=["en", "es"])
def test_five_hundred_matters_with_long_titles_stay_small(
    title: str, subscriber: Subscriber | None
) -> None:
    """What needs action stays; what is left out is counted, and one is told where to see it."""
    html = render_html(flood(500, title), subscriber, LINKS).html
    assert len(html.encode()) <= MOST_BYTES < 100_000
    assert faults(html) == []
    assert html.count("<h3") > 30
    told = "write to team@example.org" if subscriber is None else "escriba a team@example.org"
    assert told in html
    root, _ = parsed(html)
    headings = ["".join(one.itertext()) for one in root.iter("h2")]
    assert headings[0].endswith("(112)")
    assert len(headings) == 11


def test_the_lowest_sections_are_cut_first() -> None:
    """Each keeps its heading with the whole count; those above are whole."""
    week = flood(200)
    root, _ = parsed(render_html(week, None, LINKS).html)
    shown = [len(part) for part in by_section(root)]
    whole = [len(week.of(section)) for section in Section]
    cut = next(place for place, count in enumerate(shown) if count < whole[place])
    assert cut > 1
    assert shown[:cut] == whole[:cut]
    assert shown[cut + 1 :] == [0] * (7 - cut)
    assert f"{whole[cut] - shown[cut]} more do not fit here." in words(week)
    assert "New (22) Seen for the first time. 22 matters, too many here." in words(week)


def by_section(root: ET.Element) -> list[list[str]]:
    """List the titles of each section's matters."""
    found: list[list[str]] = []
    for one in root.iter():
        if one.tag == "h2":
            found.append([])
        elif one.tag == "h3" and "?" not in "".join(one.itertext()):
            found[-1].append("".join(one.itertext()))
    return found[:8]


def test_a_week_that_fits_is_not_cut() -> None:
    """Nothing is shortened for a mail that is small."""
    assert "do not fit" not in words(full_week())
    assert "too many" not in words(full_week())


def test_a_public_page_is_named_where_there_is_one() -> None:
    """Else whom to ask."""
    html = render_html(flood(), None, replace(LINKS, matters="https://monitor.example.org/m")).html
    assert '<a href="https://monitor.example.org/m"' in html
    assert "All matters at monitor.example.org" in html
    assert "write to" not in html


def test_one_section_too_many_keeps_its_first_matters() -> None:
    """Five hundred hearings: the first ones are shown."""
    many = tuple(replace(ACT, matter=n, title=f"HB {n}") for n in range(600))
    html = render_html(replace(full_week(), matters=many), None, LINKS).html
    assert len(html.encode()) <= MOST_BYTES
    assert html.count("<h3") > 60
    assert "HB 0<" in html
    assert "more do not fit here." in html


# ------------------------------------------------------------------------------------- colours

LIGHT = rules((TEMPLATES / "digest.css").read_text(encoding="utf-8"))
DARK = rules(
    (TEMPLATES / "screens.css").read_text(encoding="utf-8").partition("scheme: dark) {")[2]
)


def of(dark: bool, selector: str, name: str) -> str:
    """Find the colour that holds in a scheme."""
    own = DARK.get(selector, {}).get(name, "") if dark else ""
    return own or LIGHT.get(selector, {}).get(name, "")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_all_words_stand_out_from_their_ground(dark: bool) -> None:
    """By 4.5:1 (WCAG 2.1, 1.4.3), in both schemes."""
    page = of(dark, ".page", "background")
    pairs = [(of(dark, name, "color"), page) for name in (".page", ".meta", "a", ".foot")]
    pairs += [(of(dark, name, "color"), page) for name in (".limits", ".expands")]
    pairs += [(of(dark, ".page", "color"), of(dark, ".date", "background"))]
    pairs += [(LIGHT[".head p"]["color"], of(dark, ".head", "background"))]
    for words_, ground in pairs:
        assert contrast(words_, ground) >= 4.5, (words_, ground)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_charts_stand_out_from_their_ground(dark: bool) -> None:
    """By 3:1 (WCAG 2.1, 1.4.11): bars and pictures, in both schemes."""
    page = of(dark, ".page", "background")
    bars = (LIGHT[".column"]["background"], LIGHT[".last"]["background"])
    for drawn in (COLUMN, LAST, LINE, *bars):
        assert contrast(drawn, page) >= 3, drawn


def test_dark_colours_reach_the_page() -> None:
    """The media query stays in the head, and what it names keeps its class."""
    html = render_html(full_week(), None, LINKS).html
    assert "prefers-color-scheme" in html
    assert '<meta name="color-scheme" content="light dark"' in html
    assert html.index("<meta charset") < 100
    assert "css-inline" not in html
    for name in ("page", "meta", "limits", "date", "quote", "foot"):
        assert re.search(rf'class="[^"]*\b{name}\b', html), name


def test_which_way_it_goes_is_said_and_not_only_coloured() -> None:
    """Some people do not tell red from green."""
    html = render_html(full_week(), None, LINKS).html
    assert re.search(r'class="expands"[^>]*>Expands cooperation with ICE<', html)


def test_each_section_has_matters_of_its_own() -> None:
    """A section without any matter is left out."""
    only = replace(full_week(), matters=(MOVING, NEW, WATCHING))
    said = words(only)
    assert "Won (" not in said
    assert "What needs action" not in said
    assert only.of(Section.MOVING) == (MOVING,)
